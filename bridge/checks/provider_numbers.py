"""Compares how the provider leads the offices' numbers with how it should, and tells the difference."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bridge.app.create import offices_of
from bridge.checks.fallback_hosting import FallbackHosting, hosted_functions
from bridge.office.model import Office
from bridge.settings import Settings
from bridge.telephony.application_numbers import ApplicationNumbers
from bridge.telephony.incoming_numbers import IncomingNumbers
from bridge.telephony.number_setup import NumberRest, NumberSetup, NumberSetups
from bridge.telephony.providers import PROVIDERS

SECONDS = 5.0
"""How long one question to the provider may take."""


class CannotConnect(Exception):
    """Numbers cannot be set up so; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting of a number: what it is at the provider, and what it should be; "" is not set."""

    number: str
    name: str
    found: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.number}  {self.name}: {self.found or 'not set'}  ->  {self.wanted}"


def setups(settings: Settings, *, seconds: float = SECONDS) -> NumberSetups:
    """Open the provider's API for numbers."""
    provider = PROVIDERS[settings.provider]
    kind = ApplicationNumbers if provider.numbers.applications else IncomingNumbers
    rest = NumberRest(
        settings.provider_api or provider.recordings.address,
        settings.account,
        settings.tokens[0].get_secret_value(),
        provider=provider,
        seconds=seconds,
        ca_file=settings.provider_ca_file,
    )
    return kind(rest)


def has_fallbacks(settings: Settings) -> bool:
    """Tell whether a number of this provider has an address that is asked when the first one fails."""
    return PROVIDERS[settings.provider].numbers.fallback


def has_own_fallback(settings: Settings, found: NumberSetup) -> bool:
    """Tell whether somebody gave a number a fallback that is not the bridge itself."""
    fallback = found.urls.get("voice_fallback_url", "")
    return bool(fallback) and not fallback.startswith(settings.public_url)


def wanted(settings: Settings, found: NumberSetup, fallback: str = "") -> dict[str, str]:
    """Tell how a number should be set up; a fallback that somebody has set stays, unless another is given."""
    base = settings.public_url
    kept = found.urls.get("voice_fallback_url")
    should = {
        "voice_url": f"{base}/voice",
        "voice_method": "POST",
        "voice_fallback_url": fallback or kept or f"{base}/voice/fallback",
        "voice_fallback_method": "POST",
        "status_callback": f"{base}/voice/status",
        "status_callback_method": "POST",
    }
    return {name: value for name, value in should.items() if name in found.urls}


def differences(number: str, found: NumberSetup, should: Mapping[str, str]) -> list[Difference]:
    """List the settings of a number that are not as they should be."""
    return [
        Difference(number, name, found.urls[name], value)
        for name, value in should.items()
        if found.urls[name] != value
    ]


class _Number(NamedTuple):
    office: Office
    number: str
    found: NumberSetup


class Connection:
    """All that leads the offices' numbers to the line at the provider, and what of it is different.

    `fallback` is the address that serves callers without the bridge; without one the provider hosts a
    function for each office, unless somebody gave the office's numbers a fallback of their own.

    Raises:
        CannotConnect: a number is none of the account's, is led by something else, or shares its
            application with a number of no office, which a change would move too.
        NumberError, HostingError: the provider cannot be asked.
    """

    def __init__(self, settings: Settings, environ: Mapping[str, str], fallback: str = "") -> None:
        api = setups(settings)
        if fallback and not has_fallbacks(settings):
            raise CannotConnect(f"Numbers of {settings.provider} have no fallback: leave out --fallback.")
        self._settings, self._api, self._fallback = settings, api, fallback
        offices = list(offices_of(settings, environ))
        self._numbers = [
            _Number(office, number, _usable(settings, api, office, number))
            for office in offices
            for number in telephone_numbers(office)
        ]
        ours = {one.number for one in self._numbers}
        for one in self._numbers:
            if shared := _why_shared(one.office, one.number, api.led_with(one.found), ours):
                raise CannotConnect(shared)
        self._hosting = None if fallback else self._hosting_for(offices)

    def differences(self) -> list[str]:
        """Tell, a line for each, what is not as it should be."""
        hosted = self._hosting.differences() if self._hosting else []
        return hosted + [str(one) for number in self._numbers for one in self._of_number(number)]

    def carry_out(self) -> None:
        """Set everything as it should be: first what serves callers without the bridge, then the numbers.

        Raises:
            NumberError, HostingError: nobody knows how far it came; the same command goes on.
        """
        if self._hosting:
            self._hosting.carry_out()
        for number in self._numbers:
            if changes := self._of_number(number):
                self._api.change(number.found, {one.name: one.wanted for one in changes})

    def _of_number(self, one: _Number) -> list[Difference]:
        return differences(one.number, one.found, wanted(self._settings, one.found, self._fallback_of(one)))

    def _fallback_of(self, one: _Number) -> str:
        if self._hosting is None or self._keeps_its_own(one, self._hosting):
            return self._fallback
        return self._hosting.address(one.office)

    def _keeps_its_own(self, one: _Number, hosting: FallbackHosting) -> bool:
        fallback = one.found.urls.get("voice_fallback_url", "")
        return has_own_fallback(self._settings, one.found) and not hosting.is_ours(fallback, one.office)

    def _hosting_for(self, offices: list[Office]) -> FallbackHosting | None:
        """Compare what the provider hosts for the offices; None where it hosts nothing for any of them."""
        api = hosted_functions(self._settings, seconds=SECONDS)
        if api is None:
            return None
        hosting = FallbackHosting(api, self._settings, offices)
        if all(self._keeps_its_own(one, hosting) for one in self._numbers):
            return None
        return hosting


def _usable(settings: Settings, api: NumberSetups, office: Office, number: str) -> NumberSetup:
    found = api.find(number)
    if found is None or found.led_by:
        raise CannotConnect(_why_unusable(settings, office, number, found))
    return found


def telephone_numbers(office: Office) -> list[str]:
    """Return the numbers of an office that are telephone numbers (E.164), without its users of SIP."""
    return [number for number in office.numbers if number.startswith("+")]


def _why_unusable(settings: Settings, office: Office, number: str, found: NumberSetup | None) -> str:
    """Say why a number's own addresses cannot lead callers to the line."""
    if found is None:
        return f"{office.key}: {number} is no number of the account at the provider: buy it, or correct it."
    if PROVIDERS[settings.provider].numbers.applications:
        return (
            f"{office.key}: no TeXML application leads {number} at the provider: give it to one there first."
        )
    return (
        f"{office.key}: {number} is led by an application or trunk at the provider, so that its own "
        "addresses count for nothing: take it out there first."
    )


def _why_shared(office: Office, number: str, led: Collection[str], ours: Collection[str]) -> str:
    """Say which numbers of no office are moved together with one of an office, "" if there are none."""
    strangers = sorted(set(led) - set(ours))
    if not strangers:
        return ""
    return (
        f"{office.key}: the application of {number} at the provider also leads {', '.join(strangers)}, of no "
        "office: what is set for one counts for all, so bridge connect sets nothing. Give one of them "
        "another application there, or write the number into an office file."
    )


def account_mistakes(api: NumberSetups) -> Iterator[str]:
    """Yield what the account's own state keeps from working.

    Raises:
        NumberError: the provider cannot be asked.
    """
    status, kind = api.account_state()
    if status not in {"", "active"}:
        yield f"The provider's account is {status}: no call comes in. Ask the provider what it waits for."
    if kind == "Trial":
        yield (
            "The provider's account is a trial: it speaks a notice before every call and rings only verified "
            "numbers. Upgrade it before the line is announced."
        )


def mistakes(
    settings: Settings, office: Office, api: NumberSetups, ours: Collection[str]
) -> Iterator[tuple[bool, str]]:
    """Yield what is wrong with an office's numbers there: whether it must be mended, and a sentence.

    `ours` are the telephone numbers of all offices.

    Raises:
        NumberError: the provider cannot be asked.
    """
    for number in telephone_numbers(office):
        yield from _of_line(settings, office, number, api, ours)
    for number in sorted(office.may_dial):
        setup = api.find(number)
        if setup and setup.urls.get("voice_url", "").startswith(settings.public_url):
            yield (
                True,
                (
                    f"{office.key}: {number}, which the line dials, leads to the line itself at the "
                    "provider, so that a transfer would ring it: write another."
                ),
            )
    yield from _of_caller_id(settings, office, api)


def _of_caller_id(settings: Settings, office: Office, api: NumberSetups) -> Iterator[tuple[bool, str]]:
    shown = office.caller_id
    verified = True if api.find(shown) else api.is_verified(shown)
    if verified is None:
        yield (
            False,
            (
                f"{office.key}: caller_id {shown} is no number of the account, and {settings.provider} does "
                "not tell which others it has verified: look there, or every transfer may fail."
            ),
        )
    elif not verified:
        yield (
            True,
            (
                f"{office.key}: caller_id {shown} is neither a number of the account nor verified "
                "there: every transfer would fail. Verify it at the provider, or show another."
            ),
        )


def _of_line(
    settings: Settings, office: Office, number: str, api: NumberSetups, ours: Collection[str]
) -> Iterator[tuple[bool, str]]:
    found = api.find(number)
    if found is None or found.led_by:
        yield True, _why_unusable(settings, office, number, found)
        return
    if found.mute:
        yield (
            True,
            f"{office.key}: {number} takes no calls at the provider: switch it on, or get one for calls.",
        )
    if shared := _why_shared(office, number, api.led_with(found), ours):
        yield False, shared
    for one in differences(number, found, wanted(settings, found)):
        name = one.name.replace("_", " ")
        yield (
            True,
            (
                f"{office.key}: {number} has the {name} {one.found or '(not set)'} at the provider, and not "
                f"{one.wanted}: bridge connect sets it."
            ),
        )
    if has_fallbacks(settings) and not has_own_fallback(settings, found):
        provider = PROVIDERS[settings.provider]
        better = (
            "bridge connect lets the provider host one"
            if provider.functions
            else f"make a {provider.bin} of what bridge doctor --fallback prints, and give its address to "
            "bridge connect --fallback"
        )
        yield (
            False,
            (
                f"{office.key}: the fallback of {number} is the bridge itself, of no use while it is "
                f"away: {better}."
            ),
        )
