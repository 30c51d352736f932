"""Judges who learns what: nothing before its proof, nothing personal in logs, no id that is not one."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping

from bridge.simulators.rehearsal.world.offices import CANARIES
from bridge.simulators.tagor import CASES, Case
from bridge.simulators.tagor.agenda import INTERNAL
from bridge.simulators.tagor.journal import Entry
from bridge.speech.numbers import say_digits

PIN_TO_FILE = "TagorService/PinToFile"
TRIES_A_DAY = 5
"""How often a file's PIN may be wrong in a day."""
CREDITORS = {creditor: file for file, creditor in CANARIES.items()}


def openings(cases: Iterable[Case]) -> Iterator[tuple[str, str, str]]:
    """Yield every PIN, the number of the file that it opens, and that file's id."""
    for case in cases:
        yield case.pin, case.file, case.file_id
        for defendant in case.before:
            yield defendant.pin, case.file, case.file_id
        for further in case.further:
            yield further.pin, further.file, further.file_id


FAMILIES = [frozenset({case.file, *(further.file for further in case.further)}) for case in CASES]
"""The numbers of the files that one party has."""


OFFICE_ONLY = (*INTERNAL, "Dossier nazien", "Revoir le dossier", "Akte prüfen", "Review the file")
"""What stands in an agenda for the office alone, and what that is called in each language."""


def is_for_the_office_only(text: str) -> bool:
    """Tell whether a sentence holds what no defendant may hear of an agenda."""
    return any(words in text for words in OFFICE_ONLY)


def foreign_numbers(prompt: str, values: Mapping[str, str], opened: Collection[str]) -> Iterator[str]:
    """Yield which numbers of files are told that no party has whose file was `opened` in this call."""
    if prompt == "OtherFiles.choose":
        own = {number for family in FAMILIES if family & {*opened} for number in family}
        yield from (name for name, spoken in values.items() if spoken not in {say_digits(one) for one in own})


PERSONAL = frozenset(
    [
        *(pin for pin, _, _ in openings(CASES)),
        *CREDITORS,
        *(case.name for case in CASES),
        *(case.phone.removeprefix("+") for case in CASES if case.phone),
    ]
)
"""What must never stand in a log: PINs, creditors, names and telephone numbers."""


def judge_logs(messages: Iterable[str]) -> Iterator[str]:
    """Yield which kind of line of the log holds something personal."""
    for message in messages:
        if any(secret in message for secret in PERSONAL):
            yield f"something personal is logged by {message.split()[0]}"


def judge_ids(journal: Iterable[Entry], known: Container[str]) -> Iterator[str]:
    """Yield which operations were asked about a file id that is not `known` to Tagor."""
    for entry in journal:
        asked = entry.fields.get("TDOS_Id")
        if asked and (not isinstance(asked, str) or asked not in known):
            yield f"{entry.operation} was asked about an id that no file has"
