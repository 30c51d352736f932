"""A number that an application leads: how it is set up, what may be shown, and how it is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telephony_sounds import provider, saying

from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.profiles import PROFILES
from bridge.telephony.application_numbers import ApplicationNumbers
from bridge.telephony.number_setup import NumberError, NumberRest, NumberSetup
from bridge.telephony.providers import TELNYX

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT, TOKEN = "01234567-89ab-cdef-0123-456789abcdef", "a key of the test account"
NUMBER, OTHER = "+3225550101", "+3225550102"
VOICE = "https://bridge.example.be/voice"


@pytest.fixture
def api() -> Iterator[RestApi]:
    """An account with a number of its own, and one that it may show."""
    with RestApi(ACCOUNT, TOKEN, profile=PROFILES["telnyx"]) as running:
        running.own(NUMBER, voice_url="https://old.example.be", voice_method="get")
        running.verified.add(OTHER)
        yield running


def ours(url: str, token: str = TOKEN) -> ApplicationNumbers:
    return ApplicationNumbers(NumberRest(url, ACCOUNT, token, provider=TELNYX))


def test_a_number_is_found_with_the_addresses_of_its_application(api: RestApi):
    """By the names that Twilio has for them; there is no method of the fallback. Another is none of ours."""
    found = ours(api.url).find(NUMBER)
    assert found is not None
    assert dict(found.urls) == {
        "voice_url": "https://old.example.be",
        "voice_method": "GET",
        "voice_fallback_url": "",
        "status_callback": "",
        "status_callback_method": "POST",
    }
    assert (found.led_by, found.mute) == ("", False)
    assert ours(api.url).find(OTHER) is None
    assert ours(api.url).find(NUMBER[:-1]) is None


def test_an_application_that_is_switched_off_is_mute(api: RestApi):
    """Its numbers take no calls."""
    api.numbers[NUMBER]["active"] = False
    found = ours(api.url).find(NUMBER)
    assert found is not None
    assert found.mute


@pytest.mark.parametrize(("connection", "led_by"), [("77", "77"), ("", "nothing"), ("../7", "../7")])
def test_a_number_that_no_application_leads_is_told(api: RestApi, connection: str, led_by: str):
    """A SIP connection leads it, or nothing; an id of another shape is not asked about."""
    api.numbers[NUMBER]["connection_id"] = connection
    found = ours(api.url).find(NUMBER)
    assert found == NumberSetup("", {}, led_by)


def test_only_what_is_told_is_changed(api: RestApi):
    """The application's name and its other settings stay as they are."""
    mine = ours(api.url)
    api.numbers[NUMBER]["friendly_name"] = "the office"
    found = mine.find(NUMBER)
    assert found is not None
    mine.change(found, {"status_callback": f"{VOICE}/status", "voice_method": "POST"})
    changed = mine.find(NUMBER)
    assert changed is not None
    assert dict(changed.urls) == dict(found.urls) | {
        "status_callback": f"{VOICE}/status",
        "voice_method": "POST",
    }
    assert api.numbers[NUMBER]["friendly_name"] == "the office"


def test_all_that_an_application_leads_is_listed(api: RestApi):
    """Over every page; not what another application leads, nor a number that was given back."""
    mine, shared = ours(api.url), api.numbers[NUMBER]["sid"]
    more = {f"+3225551{count:03d}" for count in range(250)}
    for number in more:
        api.own(number, connection_id=shared)
    api.own(OTHER)
    api.own("+3225552000", connection_id=shared, status="ported-out")
    found = mine.find(NUMBER)
    assert found is not None
    assert mine.led_with(found) == more | {NUMBER}


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"data": 1, "meta": {"total_pages": 1}}',
        b'{"data": []}',
        b'{"data": [], "meta": []}',
        b'{"data": [], "meta": {}}',
    ],
)
def test_a_list_whose_pages_nobody_tells_is_not_believed(body: bytes):
    """Whoever believes that there is no further number would move its callers."""
    with provider(saying("200 OK", body)) as (url, _), pytest.raises(NumberError, match="cannot be read"):
        ours(url).led_with(NumberSetup("77", {}))


def test_a_filter_that_was_not_heeded_makes_no_strangers():
    """Each number is looked at once more."""
    body = b'{"data": [{"phone_number": "+3225550101", "connection_id": "78"}], "meta": {"total_pages": 1}}'
    with provider(saying("200 OK", body)) as (url, _):
        assert ours(url).led_with(NumberSetup("77", {})) == frozenset()


def test_an_application_that_is_gone_is_told(api: RestApi):
    """Nothing is set."""
    with pytest.raises(NumberError, match="no such application"):
        ours(api.url).change(NumberSetup("77", {}), {"voice_url": VOICE})


def test_a_change_that_may_have_failed_says_so():
    """Nobody knows whether it is set."""
    with (
        provider(saying("200 OK", b'{"data": {"voice_url": ""}}'), saying("404 Not Found", b"")) as (url, _),
        pytest.raises(NumberError, match="with status 404"),
    ):
        ours(url).change(NumberSetup("77", {}), {"voice_url": VOICE})


def test_a_verified_number_may_be_shown(api: RestApi):
    """Though it is none of the account's."""
    assert ours(api.url).is_verified(OTHER)
    assert not ours(api.url).is_verified(NUMBER)


def test_an_account_tells_nothing_of_itself(api: RestApi):
    """There is no such question, so none is asked."""
    assert ours(api.url).account_state() == ("", "")
    assert not api.asked


def test_a_wrong_key_is_told_without_it(api: RestApi):
    """With the settings to look at."""
    with pytest.raises(NumberError, match="BRIDGE_ACCOUNT and BRIDGE_TOKENS") as caught:
        ours(api.url, "another secret").find(NUMBER)
    assert "another secret" not in str(caught.value)


@pytest.mark.parametrize("body", [b"no JSON", b"[]", b"{}", b'{"data": 1}'])
def test_an_answer_that_is_none_is_no_empty_list(body: bytes):
    """Whoever believes that there is no number would mend what is not broken."""
    with provider(saying("200 OK", body)) as (url, _), pytest.raises(NumberError, match="cannot be read"):
        ours(url).find(NUMBER)


@pytest.mark.parametrize("number", ["", "0470000001", "+3225550101&x=1"])
def test_what_is_no_number_is_not_asked_for(number: str):
    """Not one request is made."""
    with provider(saying("200 OK", b"{}")) as (url, asked):
        with pytest.raises(ValueError, match="a number is asked for as"):
            ours(url).is_verified(number)
        assert asked == []
