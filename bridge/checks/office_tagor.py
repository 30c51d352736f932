"""Asks an office's Tagor whether it has what the office file relies on; no question leaves a trace."""

from collections.abc import Iterator
from contextlib import closing

from bridge.app.tagor import office_tagor
from bridge.checks import clocks, tagor_names, tagor_operations
from bridge.checks.check import Findings
from bridge.clock import SYSTEM_CLOCK
from bridge.office.hours import BRUSSELS, is_open
from bridge.office.model import Office
from bridge.settings import Settings, SettingsError
from bridge.tagor import Deadline, Generation, Tagor, TagorError, TagorRefused

SECONDS = 5.0
"""How long one question may take; no caller waits for it."""


def examine(office: Office, settings: Settings, found: Findings) -> None:
    """Ask whether Tagor is up, its generation, and all that the office file names; note it in `found`."""
    access = office.tagor
    # Without circuit breakers: a doctor who is told "left alone for some seconds" has found out nothing.
    try:
        with closing(office_tagor(office, demo=settings.demo, threads=1)) as tagor:
            found.problems += _complaints_of(tagor, office.key)
            generation = tagor.office.generation(deadline=deadline())
            found.warnings += _slips_without_amount(office, generation)
            found.warnings += _other_hours(office, tagor.office.is_open(deadline=deadline()))
            found.warnings += _unknown_users(office, tagor.employees.logins(deadline=deadline()))
            tagor_names.examine(office, tagor, found, deadline)
            tagor_operations.examine(office, tagor, found, deadline)
    except TagorRefused as error:
        found.problems.append(
            f"{office.key}: Tagor does not accept the credential: check [tagor] in the office's file "
            f"and the variables it names ({error})"
        )
    except (TagorError, SettingsError, ValueError) as error:
        found.problems.append(f"{office.key}: {error}")
    else:
        found.notes.append(f"{office.key}: Tagor {generation.value} answers and accepts the credential.")
        ca_file = str(access.ca_file) if access.ca_file else None
        found.warnings += clocks.mistakes(f"{office.key}'s Tagor", access.url, ca_file)


def deadline() -> Deadline:
    """Give one question its time."""
    return Deadline(SYSTEM_CLOCK, SECONDS)


def _complaints_of(tagor: Tagor, office: str) -> Iterator[str]:
    up = tagor.office.ping(deadline=deadline())
    if not up.api:
        yield f"{office}: Tagor's interface says that it is down: ask whoever runs it."
    if not up.tagor:
        yield f"{office}: the Tagor behind the interface is down: ask whoever runs it."


def _other_hours(office: Office, in_tagor: bool) -> Iterator[str]:  # noqa: FBT001 - Tagor's answer
    """Compare whether people are there now: callers hear the file's hours, and are put through by Tagor's."""
    in_file = is_open(office.hours, SYSTEM_CLOCK.now().astimezone(BRUSSELS))
    if in_file != in_tagor:
        words = {True: "open", False: "closed"}
        yield (
            f"{office.key}: at this moment Tagor says {words[in_tagor]} and [hours] of the office file "
            f"{words[in_file]}: make them the same, or callers hear hours at which nobody answers."
        )


def _unknown_users(office: Office, logins: frozenset[str]) -> Iterator[str]:
    """Tell which logins of the office file nobody has who may see files; Tagor lists no others."""
    named = {"transfer.screen_user": office.transfer.screen_user, "callbacks.user": office.callbacks.user}
    for entry, login in named.items():
        if logins and login and login.lower() not in logins:
            yield (
                f"{office.key}: {entry} is {login}, which is no login of those who may see files in Tagor: "
                "check it."
            )


def _slips_without_amount(office: Office, generation: Generation) -> Iterator[str]:
    """Tell that this Tagor names no line of a file, so that nobody hears what a payment slip asks for."""
    if office.letters.slips and generation is Generation.V1_08:
        yield (
            f"{office.key}: letters.slips is on, and Tagor {generation.value} gives the lines of a file no "
            "ids: callers hear account and file of a payment slip, and its amount only from 2.00 on. Leave "
            "slips out until then."
        )
