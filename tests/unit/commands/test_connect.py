"""`bridge connect`: the offices' numbers at the provider, told first and then set."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from shared_line import Line

from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.functions import FunctionHost
from bridge.simulators.provider.profiles import PROFILES, new_account

if TYPE_CHECKING:
    from click.testing import Result

FALLBACK = "https://fallback.example.net/fallback-demo"


@pytest.fixture
def numbers(recordings: RestApi) -> Iterator[RestApi]:
    """The account's numbers, set up anew after the test, and nothing hosted."""
    before = {number: dict(settings) for number, settings in recordings.numbers.items()}
    yield recordings
    recordings.numbers, recordings.functions, recordings.protected = before, FunctionHost(), True


def test_numbers_that_lead_to_the_line_are_left_alone(command: "Callable[..., Result]", line: Line):
    """Nothing is different, and nothing is asked."""
    for options in ([], ["--check"], ["--yes"]):
        result = command("connect", *options, environ=line.environ)
        assert (result.exit_code, result.output) == (
            0,
            "Every number leads to the line: nothing is different.\n",
        )


def test_the_difference_is_told_first(command: "Callable[..., Result]", line: Line, numbers: RestApi):
    """What it is and what it should be; --check only looks, and so does who says no."""
    numbers.numbers[Line.number] |= {"voice_url": "https://old.example.be/voice", "status_callback": ""}
    looked = command("connect", "--check", environ=line.environ)
    assert looked.exit_code == 1
    assert looked.output.splitlines() == [
        f"{Line.number}  voice_url: https://old.example.be/voice  ->  {Line.public}/voice",
        f"{Line.number}  status_callback: not set  ->  {Line.public}/voice/status",
    ]
    refused = command("connect", environ=line.environ, typed="n\n")
    assert (refused.exit_code, "Nothing was changed." in refused.output) == (0, True)
    assert numbers.asked["POST number"] == 0


@pytest.mark.parametrize("how", [{"typed": "y\n"}, {"options": ["--yes"]}])
def test_a_number_is_set_up(
    command: "Callable[..., Result]", line: Line, numbers: RestApi, how: dict[str, list[str]]
):
    """Afterwards nothing is different, and its fallback is a function that the provider hosts."""
    numbers.own(Line.second_number)
    options = how.get("options", [])
    result = command("connect", *options, environ=line.environ, typed=str(how.get("typed", "")))
    assert "It is set. Phone the line." in result.output
    assert numbers.asked["POST number"] == 1
    assert numbers.numbers[Line.second_number]["voice_url"] == f"{Line.public}/voice"
    hosted = numbers.numbers[Line.second_number]["voice_fallback_url"]
    assert hosted.startswith("https://bridge-fallback-")
    assert hosted.endswith(".twil.io/fallback-demo")
    assert command("connect", "--check", environ=line.environ).exit_code == 0


def test_what_only_a_person_can_set_is_told(command: "Callable[..., Result]", line: Line, numbers: RestApi):
    """Recordings that anybody may hear: --check counts them, and nothing else is different."""
    numbers.protected = False
    looked = command("connect", "--check", environ=line.environ)
    assert looked.exit_code == 1
    assert "To do by hand: twilio gives recordings to whoever has their address" in looked.output
    assert command("connect", environ=line.environ).exit_code == 0


def test_what_is_hosted_is_told_first_and_kept_up(
    command: "Callable[..., Result]", line: Line, numbers: RestApi
):
    """A function for each office; one that is no longer that of today is told, and replaced."""
    own = f"{Line.public}/voice/fallback"
    numbers.numbers[Line.number]["voice_fallback_url"] = own
    looked = command("connect", "--check", environ=line.environ)
    assert looked.output.splitlines() == [
        "function /fallback-demo: not hosted  ->  hosted",
        f"{Line.number}  voice_fallback_url: {own}  ->  the function /fallback-demo",
    ]
    assert numbers.asked["POST functions"] == 0
    command("connect", "--yes", environ=line.environ)
    assert numbers.numbers[Line.second_number]["voice_fallback_url"] == FALLBACK
    sheet = line.offices / "demo.toml"
    sheet.write_text(sheet.read_text("utf-8").replace(Line.switchboard, "+3220000019"), encoding="utf-8")
    told = command("connect", "--check", environ=line.environ).output
    assert told == "function /fallback-demo: differs  ->  as bridge doctor --fallback prints it\n"
    command("connect", "--yes", environ=line.environ)
    assert command("connect", "--check", environ=line.environ).exit_code == 0


def test_a_provider_that_builds_no_function_changes_no_number(
    command: "Callable[..., Result]", line: Line, numbers: RestApi
):
    """Callers are led to nothing that does not run."""
    numbers.own(Line.second_number)
    numbers.functions.fails = True
    result = command("connect", "--yes", environ=line.environ)
    assert (result.exit_code, "could not build the function" in result.stderr) == (1, True)
    assert numbers.asked["POST number"] == 0


def test_a_fallback_that_is_hosted_stays_and_another_one_is_set(
    command: "Callable[..., Result]", line: Line, numbers: RestApi
):
    """Nobody's function is taken away; --fallback gives the address of a new one."""
    assert command("connect", "--check", environ=line.environ).exit_code == 0
    command("connect", "--yes", "--fallback", f"{FALLBACK}-2", environ=line.environ)
    assert {one["voice_fallback_url"] for one in numbers.numbers.values()} == {f"{FALLBACK}-2"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda numbers: numbers.pop(Line.number), f"{Line.number} is no number of the account"),
        (lambda numbers: numbers[Line.number].update(trunk_sid="TK1"), "is led by an application or trunk"),
    ],
)
def test_what_cannot_be_set_is_told(
    command: "Callable[..., Result]",
    line: Line,
    numbers: RestApi,
    *,
    change: Callable[[dict[str, dict[str, str]]], object],
    sentence: str,
):
    """A sentence and status 1; no number is changed."""
    change(numbers.numbers)
    result = command("connect", "--yes", environ=line.environ)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert numbers.asked["POST number"] == 0


@pytest.mark.parametrize("provider", ["signalwire", "telnyx", "somleng"])
def test_numbers_at_another_provider_are_set_up(command: "Callable[..., Result]", line: Line, provider: str):
    """What there is of them is told and set; where numbers have a fallback, --fallback gives its address."""
    account = new_account(provider)
    with RestApi(account.account, account.token, profile=PROFILES[provider]) as api:
        api.own(Line.number)
        api.own(Line.second_number)
        environ = line.environ | dict(account.settings) | {"BRIDGE_PROVIDER_API": api.url}
        own = ["--fallback", FALLBACK] if provider != "somleng" else []
        assert command("connect", "--check", *own, environ=environ).exit_code == 1
        assert command("connect", "--yes", *own, environ=environ).exit_code == 0
        assert command("connect", "--check", *own, environ=environ).exit_code == 0
        assert api.numbers[Line.number]["voice_url"] == f"{Line.public}/voice"
        assert api.numbers[Line.number].get("voice_fallback_url", "") == "".join(own[1:])
        assert api.asked["POST number"] + api.asked["PATCH application"] == 2
        refused = command("connect", "--fallback", FALLBACK, environ=environ).stderr
        assert ("Numbers of somleng have no fallback" in refused) == (provider == "somleng")


def test_an_application_that_leads_a_number_of_no_office_is_not_changed(
    command: "Callable[..., Result]", line: Line
):
    """Its callers would be moved to the line too; the offices' own numbers may share one."""
    account = new_account("telnyx")
    with RestApi(account.account, account.token, profile=PROFILES["telnyx"]) as api:
        api.own(Line.number)
        shared = api.numbers[Line.number]["sid"]
        api.own(Line.second_number, connection_id=shared)
        api.own("+3220000077", connection_id=shared)
        environ = line.environ | dict(account.settings) | {"BRIDGE_PROVIDER_API": api.url}
        refused = command("connect", "--yes", environ=environ)
        assert refused.exit_code == 1
        assert "also leads +3220000077, of no office" in refused.stderr
        assert api.asked["PATCH application"] == 0
        del api.numbers["+3220000077"]
        assert command("connect", "--yes", environ=environ).exit_code == 0
        assert command("connect", "--check", environ=environ).exit_code == 0


def test_a_provider_that_refuses_the_account_is_told(command: "Callable[..., Result]", line: Line):
    """With the settings to look at."""
    result = command("connect", "--check", environ=line.environ | {"BRIDGE_TOKENS": "0123456789abcdef" * 2})
    assert (result.exit_code, "check BRIDGE_ACCOUNT and BRIDGE_TOKENS" in result.stderr) == (1, True)
