"""A number at the provider: how it is set up, what may be shown, and how it is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telephony_sounds import provider, saying

from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.profiles import PROFILES
from bridge.telephony.incoming_numbers import IncomingNumbers
from bridge.telephony.number_setup import URLS, NumberError, NumberRest, NumberSetup
from bridge.telephony.providers import SIGNALWIRE, SOMLENG, TWILIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.telephony.provider import Provider

ACCOUNT, TOKEN = "AC" + "0a" * 16, "a token of the test account"
NUMBER, OTHER = "+3225550101", "+3225550102"
VOICE = "https://bridge.example.be/voice"


@pytest.fixture
def api() -> Iterator[RestApi]:
    """An account with a number of its own, and one that it may show."""
    with RestApi(ACCOUNT, TOKEN) as running:
        running.own(NUMBER, voice_url="https://old.example.be", voice_method="GET")
        running.verified.add(OTHER)
        yield running


def ours(url: str, token: str = TOKEN) -> IncomingNumbers:
    return IncomingNumbers(NumberRest(url, ACCOUNT, token, provider=TWILIO))


def test_a_number_is_found_as_it_is_set_up(api: RestApi):
    """Each address and method by its name, "" where there is none; another number is none of ours."""
    found = ours(api.url).find(NUMBER)
    assert found is not None
    assert (found.urls["voice_url"], found.urls["voice_method"]) == ("https://old.example.be", "GET")
    assert {name for name, value in found.urls.items() if not value} == set(URLS) - {
        "voice_url",
        "voice_method",
    }
    assert found.led_by == ""
    assert ours(api.url).find(OTHER) is None


@pytest.mark.parametrize("name", ["voice_application_sid", "trunk_sid"])
def test_what_leads_a_number_elsewhere_is_told(api: RestApi, name: str):
    """Then its own addresses count for nothing."""
    api.numbers[NUMBER][name] = "XX1"
    found = ours(api.url).find(NUMBER)
    assert found is not None
    assert found.led_by == "XX1"


@pytest.mark.parametrize(
    ("told", "mute"),
    [
        ({}, False),
        ({"capabilities": {"voice": True}}, False),
        ({"capabilities": {"sms": True}}, False),
        ({"capabilities": {"voice": False}}, True),
        ({"voice_receive_mode": "fax"}, True),
    ],
)
def test_a_number_without_voice_is_mute(api: RestApi, told: dict[str, object], *, mute: bool):
    """It is for texts or fax; one of which nothing is told takes calls."""
    api.numbers[NUMBER].update(told)
    found = ours(api.url).find(NUMBER)
    assert found is not None
    assert found.mute is mute


def test_a_number_is_changed_alone(api: RestApi):
    """Its addresses are its own, so nothing has to be asked."""
    found = ours(api.url).find(NUMBER)
    assert found is not None
    api.asked.clear()
    assert ours(api.url).led_with(found) == frozenset()
    assert not api.asked


def test_the_accounts_own_state_is_told(api: RestApi):
    """Whether it is in use, and of what kind it is."""
    assert ours(api.url).account_state() == ("active", "Full")
    api.state = {"status": "suspended", "type": "Trial"}
    assert ours(api.url).account_state() == ("suspended", "Trial")


@pytest.mark.parametrize("body", [b"no JSON", b"[]", b"{}"])
def test_an_account_that_tells_nothing_of_itself(body: bytes):
    """It may be well: nothing is made up."""
    with provider(saying("200 OK", body)) as (url, _):
        assert ours(url).account_state() == ("", "")


def test_only_what_is_told_is_changed(api: RestApi):
    """The other settings of the number stay as they are."""
    mine = ours(api.url)
    found = mine.find(NUMBER)
    assert found is not None
    mine.change(found, {"voice_url": VOICE, "status_callback_method": "POST"})
    changed = mine.find(NUMBER)
    assert changed is not None
    assert dict(changed.urls) == dict(found.urls) | {"voice_url": VOICE, "status_callback_method": "POST"}


def test_a_verified_number_may_be_shown(api: RestApi):
    """Though it is none of the account's."""
    assert ours(api.url).is_verified(OTHER)
    assert not ours(api.url).is_verified(NUMBER)


@pytest.mark.parametrize("provider", [SIGNALWIRE, SOMLENG], ids=lambda one: one.name)
def test_a_number_elsewhere_is_found_and_changed(provider: Provider):
    """Its id is a UUID; a fallback that the provider lacks is not told, nor are verified numbers."""
    account = "01234567-89ab-cdef-0123-456789abcdef"
    with RestApi(account, TOKEN, profile=PROFILES[provider.name]) as running:
        running.own(NUMBER, voice_url="https://old.example.be")
        mine = IncomingNumbers(NumberRest(running.url, account, TOKEN, provider=provider))
        found = mine.find(NUMBER)
        assert found is not None
        assert set(URLS) - set(found.urls) == (
            {"voice_fallback_url", "voice_fallback_method"} if provider is SOMLENG else set()
        )
        mine.change(found, {"voice_url": VOICE})
        changed = mine.find(NUMBER)
        assert changed is not None
        assert changed.urls["voice_url"] == VOICE
        assert mine.is_verified(OTHER) is None
        assert running.asked["GET verified"] == 0


def test_a_wrong_token_is_told_without_it(api: RestApi):
    """With the settings to look at."""
    with pytest.raises(NumberError, match="BRIDGE_ACCOUNT and BRIDGE_TOKENS") as caught:
        ours(api.url, "another secret").find(NUMBER)
    assert "another secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        ("500 Internal Server Error", b"", "with status 500"),
        ("302 Found", b"", "with status 302"),
        ("200 OK", b"no JSON", "cannot be read"),
        ("200 OK", b"[]", "cannot be read"),
        ("200 OK", b"{}", "cannot be read"),
        ("200 OK", b'{"incoming_phone_numbers": 1}', "cannot be read"),
        ("200 OK", b"[" * 99_999, "cannot be read"),
    ],
)
def test_an_answer_that_is_none_is_no_empty_list(status: str, body: bytes, sentence: str):
    """Whoever believes that there is no number would mend what is not broken."""
    with provider(saying(status, body)) as (url, _), pytest.raises(NumberError, match=sentence):
        ours(url).find(NUMBER)


@pytest.mark.parametrize(
    "rows",
    [
        b"[]",
        b"[1]",
        b'[{"phone_number": "+3225550199", "sid": "PN00000000000000000000000000000000"}]',
        b'[{"phone_number": "+3225550101", "sid": "PN1/../../Accounts"}]',
        b'[{"phone_number": "+3225550101"}]',
    ],
)
def test_a_row_of_another_shape_is_none_of_ours(rows: bytes):
    """An id becomes part of an address, so it has its shape or does not count."""
    with provider(saying("200 OK", b'{"incoming_phone_numbers": %s}' % rows)) as (url, _):
        assert ours(url).find(NUMBER) is None


def test_a_provider_that_is_away_is_told():
    """By what went wrong, without an address."""
    with pytest.raises(NumberError, match="ConnectionRefusedError"):
        ours("http://127.0.0.1:1").find(NUMBER)


def test_a_change_that_may_have_failed_says_so(api: RestApi):
    """Nobody has such a number any more."""
    with pytest.raises(NumberError, match="with status 404"):
        ours(api.url).change(NumberSetup("PN" + "f" * 32, {}), {"voice_url": VOICE})


@pytest.mark.parametrize("number", ["", "0470000001", "+32 470", "+3225550101&x=1", "+٣٢٢٥٥٥٠١٠١"])
def test_what_is_no_number_is_not_asked_for(number: str):
    """Not one request is made."""
    with provider(saying("200 OK", b"{}")) as (url, asked):
        with pytest.raises(ValueError, match="a number is asked for as"):
            ours(url).find(number)
        assert asked == []


def test_an_address_that_cannot_be_the_providers_is_refused():
    """Encrypted, or this machine."""
    with pytest.raises(ValueError, match="must look like https"):
        ours("http://api.twilio.com")
