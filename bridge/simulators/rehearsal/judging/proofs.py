"""Knows which files a caller has proved to be theirs, by each way in which an office identifies callers."""

from collections import Counter
from collections.abc import Iterable, Mapping

from bridge.office.model import Office
from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.rehearsal.judging.privacy import FAMILIES, openings
from bridge.simulators.tagor import Case
from bridge.speech.numbers import say_digits

PIN_PROMPTS = ("ByPin.ask_pin", "ByReference.ask_pin", "OtherFile.ask_pin")
HOUSE_PROMPTS = ("ByHouseNumber.ask_reference", "ByHouseNumber.ask_house")
"""Where an office that identifies by house number asks for the reference, and for the house number."""
OTHER_FILES = "OtherFiles.choose"
"""Where a caller chooses another one of their files, whose number stands in the words of its key."""


class Proofs:
    """Tells what a call proves at an office, from its cases alone: nothing that the line says counts."""

    def __init__(self, cases: Iterable[Case], office: Office) -> None:
        cases = [*cases]
        self._way, self._one_opens_all = office.identification.way, office.other_files.open
        self._by_pin = {pin: file for pin, file, _ in openings(cases)}
        self._by_house, self._by_number = _house_numbers(cases), _numbers(cases)

    def of_number(self, number: str) -> set[str]:
        """Return the file that a caller's number (E.164) proves by itself; mostly none."""
        return (
            {self._by_number[number]} if self._way == "caller_number" and number in self._by_number else set()
        )

    def of_keys(self, call: ObservedCall, keys: str) -> str:
        """Return the file that keys at the question asked last prove, by its number; empty if none."""
        if call.question in PIN_PROMPTS:
            return self._by_pin.get(keys, "")
        if call.question == OTHER_FILES and self._one_opens_all:
            return _chosen_file(call, keys[:1])
        if call.question in HOUSE_PROMPTS and self._way == "house_number":
            typed = keys.rstrip("#")
            if call.question == HOUSE_PROMPTS[1]:
                return self._by_house.get((call.reference, typed), "")
            call.reference = typed
        return ""


def _house_numbers(cases: Iterable[Case]) -> Mapping[tuple[str, str], str]:
    """Return the file that a reference and a defendant's house number open, where only one file has it."""
    homes = [
        ((reference, house), file)
        for case in cases
        for reference, file, others in (
            (case.reference, case.file, case.before),
            *((further.reference, further.file, ()) for further in case.further),
        )
        for house in (case.house_number, *(other.house_number for other in others))
    ]
    times = Counter(proof for proof, _ in homes)
    return {proof: file for proof, file in homes if times[proof] == 1}


def _numbers(cases: Iterable[Case]) -> Mapping[str, str]:
    """Return the file of each number that is one party's alone, or the first party's, with only one file."""
    first: dict[str, Case] = {}
    for case in cases:
        if case.phone:
            first.setdefault(case.phone, case)
    return {number: case.file for number, case in first.items() if not case.further}


def _chosen_file(call: ObservedCall, key: str) -> str:
    """Return the number of the file that a key chooses, if it is of a party that was proved in this call."""
    told = [one for one in call.heard if one.prompt == OTHER_FILES and one.part == key and one.values]
    own = {number for family in FAMILIES if family & call.files for number in family}
    spoken = {*told[-1].values.values()} if told else set()
    return next((number for number in sorted(own) if say_digits(number) in spoken), "")
