"""The bridge's public address: given to the provider, never taken from a request."""

import pytest

from bridge.telephony.address import PublicUrl


@pytest.mark.parametrize(
    "text",
    [
        *("https://a", "http://a", "https://a.b-c.example", "https://a:1", "http://localhost:65535"),
        *("https://a/b", "https://a:8443/b.c/_d-e", "https://a/" + "b" * 500, "http://127.0.0.1:8080"),
    ],
)
def test_an_address_is_kept_as_it_was_written(text: str):
    """Every part of it is signed; a slash at the end is none."""
    assert str(PublicUrl.parse(text)) == text
    assert str(PublicUrl.parse(text + "/")) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "a",
            "bridge.example.be",
            "ftp://a",
            "https://",
            "https:///b",
            "https://user@a",
            "https://[::1]:443",
        ),
        *("https://A", "https://my_bridge.example.be", "https://.a", "https://a..b", "https://a\n"),
        *("https://a:abc", "https://a:0", "https://a:01", "https://a:65536", "https://a:123456"),
        *("https://a/a?b=c", "https://a/#ct=2000", "https://a//", "https://a//b", "https://a/b//c"),
        *("https://a/.b", "https://a/../b", "https://a/é"),
    ],
)
def test_an_address_that_providers_sign_in_several_ways_is_refused(text: str):
    """A start with an address nobody can verify would refuse every call, so there is no such start."""
    with pytest.raises(ValueError, match="public_url must look like"):
        PublicUrl.parse(text)


def test_each_address_begins_with_the_configured_one():
    """What an operator configures is what the provider calls back, path prefix included."""
    public = PublicUrl.parse("https://a/p")
    assert public.turns == "https://a/p/voice/turn/"
    assert public.whisper("/w") == "https://a/p/w"
    assert public.acceptance == "https://a/p/voice/whisper/accept"
    assert public.recording == "https://a/p/voice/recording"


@pytest.mark.parametrize(
    ("base", "other"),
    [
        ("https://a", "https://a:443/p"),
        ("http://a", "http://a:80/p"),
        ("https://a:8443", "https://a:8443/p"),
    ],
)
def test_both_spellings_of_the_port_may_have_been_signed(base: str, other: str):
    """Without it, and with ours or the scheme's own; a prefix that a proxy strips was signed as well."""
    scheme = base.partition(":")[0]
    assert PublicUrl.parse(base + "/p").signed_bases == (f"{scheme}://a/p", other)
