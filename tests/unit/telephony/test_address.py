"""The public address: configured once, signed by the provider, never taken from a request."""

import pytest

from bridge.telephony.address import PublicUrl


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        ("https://bridge.example.be", "https://bridge.example.be/voice/turn/7"),
        ("https://bridge.example.be/", "https://bridge.example.be/voice/turn/7"),
        ("https://bridge.example.be:8443", "https://bridge.example.be:8443/voice/turn/7"),
        ("https://example.be/phone/line_1", "https://example.be/phone/line_1/voice/turn/7"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/voice/turn/7"),
        ("http://localhost:65535", "http://localhost:65535/voice/turn/7"),
    ],
)
def test_addresses_given_to_the_provider_start_with_the_configured_one(text: str, turn: str):
    """What an operator configures is what the provider calls back, path prefix included."""
    assert PublicUrl.parse(text).turn(7) == turn
    assert PublicUrl.parse(text).on(7) == turn + "/on"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bridge.example.be",
        "ftp://bridge.example.be",
        "https://",
        "https://user@bridge.example.be",
        "https://[::1]:443",
        "https://Bridge.example.be",
        "https://my_bridge.example.be",
        "https://bridge.example.be:abc",
        "https://bridge.example.be:0",
        "https://bridge.example.be:65536",
        "https://bridge.example.be/a?b=c",
        "https://bridge.example.be/#ct=2000",
        "https://bridge.example.be//a",
        "https://bridge.example.be/../a",
        "https://bridge.example.be/é",
        "https://bridge.example.be\n",
    ],
)
def test_an_address_that_providers_sign_in_several_ways_is_refused(text: str):
    """A start with an address nobody can verify would refuse every call, so there is no such start."""
    with pytest.raises(ValueError, match="public_url must look like"):
        PublicUrl.parse(text)


def test_a_stripped_prefix_is_part_of_what_was_signed():
    """A proxy that strips a path prefix does not make its webhooks unverifiable."""
    assert PublicUrl.parse("https://example.be/phone").signed_as("/voice") == (
        "https://example.be/phone/voice",
        "https://example.be:443/phone/voice",
    )
