"""How long a provider waits: connection overrides in the URL's fragment."""

import pytest

from bridge.simulators.provider.errors import DocumentRefused
from bridge.simulators.provider.retry_policy import RetryPolicy, apply_overrides

# twilio.com/docs/usage/webhooks/webhooks-connection-overrides


def test_the_defaults_are_the_providers():
    """15 s in all, one retry, and only when no connection could be made."""
    assert apply_overrides(RetryPolicy(), "") == RetryPolicy(5.0, 15.0, 15.0, 1, frozenset({"ct"}))


def test_the_recommended_overrides_are_read():
    """The bridge's own overrides mean two attempts inside 14 seconds, from two edges."""
    retry_policy = apply_overrides(RetryPolicy(), "ct=2000&rt=5000&rc=1&rp=ct,rt,5xx&e=dublin,frankfurt")
    assert retry_policy == RetryPolicy(2.0, 5.0, 15.0, 1, frozenset({"ct", "rt", "5xx"}))


def test_the_total_can_be_shortened_and_everything_retried():
    """`all` stands for the four troubles; sni changes nothing here."""
    retry_policy = apply_overrides(RetryPolicy(), "tt=9000&rc=5&rp=all&sni=n")
    assert retry_policy == RetryPolicy(5.0, 15.0, 9.0, 5, frozenset({"4xx", "5xx", "ct", "rt"}))


@pytest.mark.parametrize(
    "fragment",
    [
        *("ct=99", "ct=10001", "rt=15001", "tt=0", "tt=1e3", "rc=6", "rc=", "sni=yes", "e=Dublin", "ot=2000"),
        "ct",
    ],
)
def test_a_value_out_of_range_is_refused(fragment: str):
    """No override lengthens the 15 s, and SignalWire's `ot` is unknown here."""
    with pytest.raises(DocumentRefused, match="11200: the connection override"):
        apply_overrides(RetryPolicy(), fragment)


def test_a_wrong_retry_policy_has_its_own_code():
    """11243."""
    with pytest.raises(DocumentRefused, match="11243: the connection override rp="):
        apply_overrides(RetryPolicy(), "rp=ct,timeout")
