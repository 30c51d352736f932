"""Who is calling, rule by rule: how often somebody may try, on how many files, and what a proof is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from flows_services import answering

from bridge.flow.action_context import Outcome
from bridge.flow.actions import Function, action_of
from bridge.flow.facts import Note
from voice_flows.answers import Checked, Hint, HintedFile, OpenedFile
from voice_flows.identify import (
    MAX_FILES,
    MAX_FILES_NAMED,
    MAX_ROUNDS,
    choose_defendant,
    try_hinted,
    try_house,
    try_named,
    try_number,
    try_reference,
)

SECRET = "20230118:482193"


OPENED = OpenedFile("9", "20230118", "18", credential=SECRET)
ONE_FILE = HintedFile("9", "20230118")


@dataclass
class Office:
    """An office that answers every check alike, and remembers what it was asked."""

    checked: Checked = "wrong"
    files: tuple[HintedFile, ...] = ()
    at_home: str = "12"
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def by_caller_number(self, _number: str) -> Hint:
        return Hint(None, self.files)

    def by_hinted_files(self, files: Sequence[HintedFile], pin: str, _round: int) -> Sequence[OpenedFile]:
        self.asked.append((pin, *(file.number for file in files)))
        return [self.checked] if isinstance(self.checked, OpenedFile) else []

    def by_pin(self, number: str, proof: str, _round: int) -> Checked:
        self.asked.append((number, proof))
        return self.checked

    by_reference = by_house_number = by_pin

    def by_residence(self, opened: OpenedFile, house_number: str) -> OpenedFile | None:
        self.asked.append((opened.id, house_number))
        return opened if house_number == self.at_home else None


class Trying:
    """One caller who tries, again and again."""

    def __init__(self, office: Office, **notes: Note) -> None:
        self.office, self.notes = office, dict[str, Note](notes)

    def does(self, action: Function, **heard: str) -> Outcome:
        """The action's outcome; its notes stay for the later ones."""
        context = answering(identification=self.office, notes=self.notes)
        outcome = action_of(action).perform(context, None, heard)
        self.notes |= outcome.notes
        return outcome

    def names(self, number: str) -> str:
        """Try a PIN on the file with this number."""
        return self.does(try_named, pin="000000", file_number=number).exit


WAYS = [
    (try_named, {"pin": "482193", "file_number": "20230118"}, "pin"),
    (try_reference, {"pin": "482193", "reference": "20230118"}, "reference_pin"),
    (try_house, {"reference": "20230118", "house_number": "12"}, "house_number"),
]
ways = pytest.mark.parametrize(("way", "heard", "proof"), WAYS, ids=[way[2] for way in WAYS])


@ways
def test_what_proves_it_is_kept_with_the_file(way: Function, heard: dict[str, str], proof: str):
    """How it was proved, for what a weaker proof may not open, and what Tagor wants to see again."""
    told = Trying(Office(OPENED)).does(way, **heard)
    assert told.exit == "right"
    assert told.file is not None
    assert (told.file.id, told.file.number, told.file.party) == ("9", "20230118", "18")
    assert (told.file.proof, told.file.credential) == (proof, SECRET)


@ways
def test_three_rounds_and_then_a_person(way: Function, heard: dict[str, str], proof: str):  # noqa: ARG001
    """The third wrong one is the last, and a fourth is not even asked for."""
    caller = Trying(Office("wrong"))
    assert [caller.does(way, **heard).exit for _ in range(4)] == ["wrong", "wrong", "spent", "spent"]
    assert len(caller.office.asked) == MAX_ROUNDS == 3


@ways
def test_a_spent_budget_ends_it_at_once(way: Function, heard: dict[str, str], proof: str):  # noqa: ARG001
    """In the first round too."""
    assert Trying(Office("spent")).does(way, **heard).exit == "spent"


def test_three_different_files_and_no_more():
    """Whoever walks along file numbers meets a person, whatever rounds are left."""
    assert MAX_FILES_NAMED == 3
    caller = Trying(Office("wrong"), named=["1", "2"])
    assert [caller.names("3"), caller.names("2"), caller.names("4")] == ["wrong", "wrong", "spent"]
    assert caller.notes["named"] == ["1", "2", "3", "4"]
    assert [number for number, _ in caller.office.asked] == ["3", "2"]
    caller = Trying(Office("wrong"), named=["1", "2", "3"])
    assert caller.names("4") == "spent"
    assert caller.office.asked == []


def test_a_proof_gives_all_tries_back():
    """Whoever has proved one file may go on to the next."""
    caller = Trying(Office("wrong"))
    assert [caller.names("1"), caller.names("2")] == ["wrong", "wrong"]
    caller.office.checked = OPENED
    assert caller.names("20230118") == "right"
    assert (caller.notes["rounds"], caller.notes["named"]) == (0, [])


@pytest.mark.parametrize(("many", "asked"), [(1, True), (MAX_FILES, True), (MAX_FILES + 1, False)])
def test_a_pin_is_tried_on_a_few_hinted_files_only(many: int, asked: bool):  # noqa: FBT001
    """A number with more files than that is no hint."""
    caller = Trying(Office(OPENED, files=tuple(HintedFile("9", str(number)) for number in range(many))))
    told = caller.does(try_hinted, pin="482193")
    assert told.exit == ("right" if asked else "none")
    assert bool(told.file and told.file.proof == "pin") is asked
    assert (MAX_FILES, len(caller.office.asked)) == (3, int(asked))


def test_a_pin_that_opens_two_hinted_files_opens_neither():
    """The caller says which file it is about; the first one is no better than the second."""
    office = Office(files=(ONE_FILE, HintedFile("10", "20230119")))
    opened = [OPENED, replace(OPENED, id="10", number="20230119")]
    office.by_hinted_files = lambda _files, _pin, _round: opened  # type: ignore[method-assign]
    told = Trying(office).does(try_hinted, pin="482193")
    assert (told.exit, told.file) == ("none", None)


def test_of_several_defendants_the_right_one_keeps_the_proof():
    """The PIN has opened the file; the house number only tells which of them it is."""
    caller = Trying(Office(replace(OPENED, defendants=2)))
    told = caller.does(try_reference, pin="482193", reference="7700118")
    assert (told.exit, told.file) == ("several", None)
    assert caller.does(choose_defendant, house_number="99").exit == "none"
    told = caller.does(choose_defendant, house_number="12")
    assert told.file is not None
    assert (told.exit, told.file.id, told.file.number, told.file.party) == ("right", "9", "20230118", "18")
    assert (told.file.proof, told.file.credential) == ("reference_pin", SECRET)


def test_where_tagor_wants_to_see_nothing_again_nothing_is_kept():
    """What is not known of the file comes out as none."""
    caller = Trying(Office(replace(OPENED, defendants=2, credential=None, party=None)))
    caller.does(try_reference, pin="482193", reference="7700118")
    assert caller.notes["opened"] == ["9", "20230118", "", ""]
    told = caller.does(choose_defendant, house_number="12")
    assert told.file is not None
    assert (told.file.credential, told.file.party) == (None, None)


def test_a_house_number_without_a_pin_chooses_nobody():
    """There is no file yet for it to choose on."""
    caller = Trying(Office(OPENED))
    assert caller.does(choose_defendant, house_number="12").exit == "none"
    assert caller.office.asked == []


@pytest.mark.parametrize("many", [0, 1, 2])
def test_a_number_proves_only_its_one_file(many: int):
    """Where an office accepts that; of none or of two files it proves nothing."""
    told = Trying(Office(files=(ONE_FILE,) * many)).does(try_number)
    assert told.exit == ("right" if many == 1 else "none")
    assert (told.file.proof if told.file else None) == ("caller_number" if many == 1 else None)
