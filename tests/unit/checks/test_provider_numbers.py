"""What doctor asks of the numbers at providers beside Twilio."""

from collections.abc import Callable, Mapping

import pytest
from shared_line import Line

from bridge.app.create import offices_of
from bridge.checks import provider_numbers
from bridge.settings import Settings
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.profiles import PROFILES, new_account

Told = Callable[..., list[tuple[bool, str]]]
"""(a provider's name, a number that the account has too) -> what is wrong, and whether it must be mended.

`shared` are further numbers, each with the number whose application leads it as well.
"""


@pytest.fixture
def told(line: Line) -> Told:
    """Ask about the numbers of an office whose provider leads them to the bridge, and nobody else."""

    def ask(provider: str, also: str, shared: Mapping[str, str] | None = None) -> list[tuple[bool, str]]:
        account = new_account(provider)
        with RestApi(account.account, account.token, profile=PROFILES[provider]) as running:
            environ = line.environ | dict(account.settings) | {"BRIDGE_PROVIDER_API": running.url}
            settings = Settings.read(environ)
            [office] = offices_of(settings, environ)
            api = provider_numbers.setups(settings)
            assert api is not None
            for number in (*office.numbers, also):
                running.own(number)
                if (found := api.find(number)) and number != also:
                    api.change(found, provider_numbers.wanted(settings, found))
            for number, other in (shared or {}).items():
                running.own(number, connection_id=running.numbers[other]["sid"])
            return list(provider_numbers.mistakes(settings, office, api, office.numbers))

    return ask


def test_a_number_without_a_bin_is_warned_of(told: Told):
    """With what to make of it, and where its address goes; each of the office's numbers is told."""
    both = told("signalwire", Line.switchboard)
    assert [must_be_mended for must_be_mended, _ in both] == [False, False]
    assert all("make a LaML bin of what bridge doctor --fallback prints" in sentence for _, sentence in both)


def test_a_provider_without_fallbacks_is_not_blamed_for_it(told: Told):
    """Nothing can be done about it there; docs/providers.md tells what that means."""
    assert told("somleng", Line.switchboard) == []


def test_a_caller_id_of_others_is_for_the_operator_to_look_at(told: Told):
    """The provider has verified it, perhaps: it does not tell."""
    [(must_be_mended, sentence)] = told("somleng", "+3220000099")
    assert not must_be_mended
    assert "somleng does not tell which others it has verified" in sentence


def test_a_number_of_no_office_in_an_offices_application_is_named(told: Told):
    """Its callers reach the line as well; the office's own second number does not count as one."""
    both = told("telnyx", Line.switchboard, shared={"+3220000077": Line.number})
    [(must_be_mended, sentence)] = [one for one in both if "application of" in one[1]]
    assert not must_be_mended
    assert f"the application of {Line.number} at the provider also leads +3220000077" in sentence
