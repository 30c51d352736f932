"""The telephony providers that can carry the line, one file each."""

from collections.abc import Mapping

from bridge.telephony.provider import Provider
from bridge.telephony.providers.signalwire import SIGNALWIRE
from bridge.telephony.providers.somleng import SOMLENG
from bridge.telephony.providers.telnyx import TELNYX
from bridge.telephony.providers.twilio import TWILIO

PROVIDERS: Mapping[str, Provider] = {one.name: one for one in (TWILIO, SIGNALWIRE, TELNYX, SOMLENG)}
"""By the name that BRIDGE_PROVIDER may have."""

__all__ = ["PROVIDERS", "SIGNALWIRE", "SOMLENG", "TELNYX", "TWILIO"]
