"""Tells what may stand in an office file and is unwise there, or has no effect."""

from collections.abc import Iterator

from bridge.office.holidays import holidays
from bridge.office.model import SAFE_PIN, WEAK, Office
from bridge.office.office_file import OfficeFile
from bridge.problem import Problem


def warnings(file: OfficeFile, office: Office) -> Iterator[Problem]:
    """Yield what an office's people should look at again, in the order of the file's parts."""
    yield from _transfers(file, office)
    for name in ("morning", "afternoon"):
        part = getattr(office.callbacks, name)
        if not any(part.overlap(period) for day in office.hours.week for period in day):
            sentence = (
                f"callbacks.{name} is outside the hours of every day: move it, or nobody is offered it."
            )
            yield file.problem(("callbacks", name), sentence)
    for day in sorted(office.hours.open_on):
        if day not in holidays(day.year) or not office.hours.holidays:
            sentence = (
                f"hours.open_on holds {day}, which is no holiday on which you close: take it out, or correct "
                "the day."
            )
            yield file.problem(("hours", "open_on"), sentence)
    if office.letters.slips and not (office.tagor.pin_scheme and office.identification.way == "pin"):
        yield file.problem(
            ("letters", "slips"),
            "letters.slips is true, but Tagor reads a slip only to the caller's own PIN: write pin_scheme = "
            'true in [tagor], and way = "pin" in [identification].',
        )
    yield from _questions(file, office)
    yield from _identification(file, office)


def _transfers(file: OfficeFile, office: Office) -> Iterator[Problem]:
    written = file.data.get("transfer", {})
    if written.get("manager") is True and not office.employees:
        yield file.problem(
            ("transfer", "manager"),
            "transfer.manager is true, but employees holds no number, so only the switchboard is ever rung: "
            "write the managers' numbers there.",
        )
    if not office.transfer.whisper:
        yield file.problem(
            ("transfer", "whisper"),
            "transfer.whisper is false: whoever picks up takes the caller, a mailbox too. Write true, unless "
            "a person always picks up.",
        )


def _questions(file: OfficeFile, office: Office) -> Iterator[Problem]:
    for language in file.data.get("situation", {}).get("questions", {}):
        if language not in office.languages:
            yield file.problem(
                ("situation", "questions"),
                f"situation.questions has one in {language}, which is none of languages: nobody is asked it.",
            )


def _identification(file: OfficeFile, office: Office) -> Iterator[Problem]:
    proof = office.identification
    if proof.way in WEAK:
        says = f"{proof.way} is weak: whoever knows it hears a balance"
        accepted = f"accepted by {proof.accepted_by} on {proof.accepted_on}"
        yield file.problem(("identification", "way"), f"identification.way {says} ({accepted}).")
    others = office.other_files
    if others.open:
        says = "one PIN opens every file of a party"
        accepted = f"accepted by {others.accepted_by} on {others.accepted_on}"
        yield file.problem(("other_files", "open"), f"other_files.open is weak: {says} ({accepted}).")
    if proof.pin_digits < SAFE_PIN:
        path = ("identification", "pin_digits")
        yield file.problem(
            path,
            "identification.pin_digits is under 6: too few to agree on a plan by phone. Write 6 where Tagor "
            "gives longer PINs.",
        )
    if proof.max_failures_day < proof.max_failures_hour:
        yield file.problem(
            ("identification", "max_failures_day"),
            "identification.max_failures_day is less than max_failures_hour, which then counts for nothing: "
            "write the smaller number for the hour.",
        )
