"""Finds out whether whoever learns a recording's address can hear it, where the provider can be asked."""

from bridge.settings import Settings
from bridge.telephony.providers import PROVIDERS
from bridge.telephony.recordings import RecordingError, Recordings

SECONDS = 5.0
"""How long one question to the provider may take."""


def recordings_of(settings: Settings) -> Recordings:
    """Open the provider's API for recordings.

    Raises:
        ValueError: address, account or token cannot be the provider's.
    """
    provider = PROVIDERS[settings.provider]
    return Recordings(
        settings.provider_api or provider.recordings.address,
        settings.account,
        settings.tokens[0].get_secret_value(),
        provider=provider,
        seconds=SECONDS,
        ca_file=settings.provider_ca_file,
    )


def mistakes(settings: Settings) -> list[str]:
    """Say where to protect recordings, if the provider can do so and does not.

    It is asked, without credentials, for the sound of a recording that does not exist.
    """
    provider = PROVIDERS[settings.provider]
    if not provider.recordings.protected_in:
        return []
    try:
        if recordings_of(settings).are_protected():
            return []
    except (RecordingError, ValueError) as error:
        return [f"{provider.name} cannot be asked whether recordings need credentials: {error}."]
    switch = provider.recordings.protected_in
    return [
        f"{provider.name} gives recordings to whoever has their address, it seems: switch on {switch} there."
    ]
