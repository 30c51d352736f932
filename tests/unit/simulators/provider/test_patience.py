"""How long a provider waits: connection overrides in the URL's fragment."""

import pytest

from bridge.simulators.provider.errors import Refused
from bridge.simulators.provider.retry_policy import Patience, overridden

# twilio.com/docs/usage/webhooks/webhooks-connection-overrides


def test_the_defaults_are_the_providers():
    """15 s in all, one retry, and only when no connection could be made."""
    assert overridden(Patience(), "") == Patience(5.0, 15.0, 15.0, 1, frozenset({"ct"}))


def test_the_recommended_overrides_are_read():
    """telephony.md §3: two attempts inside 14 s, from two edges."""
    patience = overridden(Patience(), "ct=2000&rt=5000&rc=1&rp=ct,rt,5xx&e=dublin,frankfurt")
    assert patience == Patience(2.0, 5.0, 15.0, 1, frozenset({"ct", "rt", "5xx"}))


def test_the_total_can_be_shortened_and_everything_retried():
    """`all` stands for the four troubles; sni changes nothing here."""
    patience = overridden(Patience(), "tt=9000&rc=5&rp=all&sni=n")
    assert patience == Patience(5.0, 15.0, 9.0, 5, frozenset({"4xx", "5xx", "ct", "rt"}))


@pytest.mark.parametrize(
    "fragment",
    [
        "ct=99",
        "ct=10001",
        "rt=15001",
        "tt=0",
        "tt=1e3",
        "rc=6",
        "rc=",
        "sni=yes",
        "e=Dublin",
        "ot=2000",
        "ct",
    ],
)
def test_a_value_out_of_range_is_refused(fragment: str):
    """No override lengthens the 15 s, and SignalWire's `ot` is unknown here."""
    with pytest.raises(Refused, match="11200: the connection override"):
        overridden(Patience(), fragment)


def test_a_wrong_retry_policy_has_its_own_code():
    """11243."""
    with pytest.raises(Refused, match="11243: the connection override rp="):
        overridden(Patience(), "rp=ct,timeout")
