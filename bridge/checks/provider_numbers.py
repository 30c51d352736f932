"""Compares how the provider leads the offices' numbers with how it should, and tells the difference."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bridge.app.create import offices_of
from bridge.office.model import Office
from bridge.settings import Settings
from bridge.telephony.number_setup import NumberSetup, NumberSetups
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


def setups(settings: Settings, *, seconds: float = SECONDS) -> NumberSetups | None:
    """Open the provider's API for numbers; None where this provider has none that the bridge knows."""
    provider = PROVIDERS[settings.provider]
    if not provider.sets_numbers:
        return None
    return NumberSetups(
        settings.provider_api or provider.recordings.address,
        settings.account,
        settings.tokens[0].get_secret_value(),
        provider=provider,
        seconds=seconds,
    )


def wanted(settings: Settings, found: NumberSetup, fallback: str = "") -> dict[str, str]:
    """Tell how a number should be set up; a fallback that somebody has set stays, unless another is given."""
    base = settings.public_url
    return {
        "voice_url": f"{base}/voice",
        "voice_method": "POST",
        "voice_fallback_url": fallback or found.urls["voice_fallback_url"] or f"{base}/voice/fallback",
        "voice_fallback_method": "POST",
        "status_callback": f"{base}/voice/status",
        "status_callback_method": "POST",
    }


def differences(number: str, found: NumberSetup, should: Mapping[str, str]) -> list[Difference]:
    """List the settings of a number that are not as they should be."""
    return [
        Difference(number, name, found.urls[name], value)
        for name, value in should.items()
        if found.urls[name] != value
    ]


def plan(
    settings: Settings, environ: Mapping[str, str], fallback: str = ""
) -> Iterator[tuple[NumberSetups, NumberSetup, list[Difference]]]:
    """Give, for each number of each office, what must be changed at the provider.

    Raises:
        CannotConnect: the provider has no such API, or a number is none of the account's.
        NumberError: the provider cannot be asked.
    """
    api = setups(settings)
    if api is None:
        raise CannotConnect(
            f"Numbers of {settings.provider} are set up in its portal: see docs/providers.md."
        )
    for office in offices_of(settings, environ):
        for number in telephone_numbers(office):
            found = api.find(number)
            if found is None or found.led_by:
                raise CannotConnect(_why_unusable(office, number, found))
            yield api, found, differences(number, found, wanted(settings, found, fallback))


def telephone_numbers(office: Office) -> list[str]:
    """Return the numbers of an office that are telephone numbers (E.164), without its users of SIP."""
    return [number for number in office.numbers if number.startswith("+")]


def _why_unusable(office: Office, number: str, found: NumberSetup | None) -> str:
    """Say why a number's own addresses cannot lead callers to the line."""
    if found is None:
        return f"{office.key}: {number} is no number of the account at the provider."
    return (
        f"{office.key}: {number} is led by an application or trunk at the provider, so that its own "
        "addresses count for nothing: take it out there first."
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


def mistakes(settings: Settings, office: Office, api: NumberSetups) -> Iterator[tuple[bool, str]]:
    """Yield what is wrong with an office's numbers there: whether it must be mended, and a sentence.

    Raises:
        NumberError: the provider cannot be asked.
    """
    for number in telephone_numbers(office):
        yield from _of_line(settings, office, number, api)
    for number in sorted(office.may_dial):
        setup = api.find(number)
        if setup and setup.urls["voice_url"].startswith(settings.public_url):
            yield (
                True,
                (
                    f"{office.key}: {number}, which the line dials, leads to the line itself at the "
                    "provider: a transfer would ring the line."
                ),
            )
    if not (api.find(office.caller_id) or api.is_verified(office.caller_id)):
        yield (
            True,
            (
                f"{office.key}: caller_id {office.caller_id} is neither a number of the account nor verified "
                "there: every transfer would fail. Verify it at the provider, or show another."
            ),
        )


def _of_line(
    settings: Settings, office: Office, number: str, api: NumberSetups
) -> Iterator[tuple[bool, str]]:
    found = api.find(number)
    if found is None or found.led_by:
        yield True, _why_unusable(office, number, found)
        return
    if found.mute:
        yield (
            True,
            f"{office.key}: {number} takes no calls at the provider, only texts or fax: get another there.",
        )
    for one in differences(number, found, wanted(settings, found)):
        name = one.name.replace("_", " ")
        yield (
            True,
            (
                f"{office.key}: {number} has the {name} {one.found or '(not set)'} at the provider, and not "
                f"{one.wanted}: bridge connect sets it."
            ),
        )
    if found.urls["voice_fallback_url"].startswith(settings.public_url):
        yield (
            False,
            (
                f"{office.key}: the fallback of {number} is the bridge itself, of no use while it is "
                "away: host what bridge doctor --fallback prints, and give its address by bridge connect."
            ),
        )
