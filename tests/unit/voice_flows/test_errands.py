"""Who is calling, rule by rule: how often somebody may try, on how many files, and what a proof is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bridge.flow.action_context import ActionContext, Outcome
from bridge.flow.actions import Function, action_of
from bridge.flow.facts import Note
from voice_flows.answers import Checked
from voice_flows.hints import MAX_FILES
from voice_flows.identify import (
    FILES_NAMED,
    ROUNDS,
    choose_defendant,
    try_hinted,
    try_house,
    try_named,
    try_number,
    try_reference,
)

SECRET = "20230118:482193"


@dataclass(frozen=True)
class OneFile:
    """A file that may be the caller's."""

    id: str = "9"
    number: str = "20230118"


@dataclass(frozen=True)
class Opened(OneFile):
    """A file that a proof has opened."""

    party: str | None = "18"
    defendants: int = 1
    credential: str | None = SECRET


@dataclass(frozen=True)
class Hinted:
    """What the caller's number suggests."""

    files: Sequence[OneFile]
    language: str | None = None


@dataclass
class Desk:
    """An office that checks whatever it is asked, and remembers what that was."""

    checked: Checked = "wrong"
    files: Sequence[OneFile] = ()
    at_home: str = "12"
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def who_calls(self, _number: str) -> Hinted:
        return Hinted(self.files)

    def open_hinted(self, files: Sequence[OneFile], pin: str) -> Sequence[OneFile]:
        self.asked.append((pin, *(file.number for file in files)))
        return [self.checked] if isinstance(self.checked, Opened) else []

    def open_named(self, number: str, proof: str) -> Checked:
        self.asked.append((number, proof))
        return self.checked

    open_reference = open_house = open_named

    def lives_at(self, file: str, house_number: str) -> bool:
        self.asked.append((file, house_number))
        return house_number == self.at_home


class Trying:
    """One caller who tries, again and again."""

    def __init__(self, desk: Desk, **notes: Note) -> None:
        self.desk, self.notes = desk, dict[str, Note](notes)

    def does(self, action: Function, **heard: str) -> Outcome:
        """The errand's outcome; its notes stay for the later ones."""
        context = ActionContext(self.desk, caller="+32470000001", notes=self.notes, kinds={})
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
    told = Trying(Desk(Opened())).does(way, **heard)
    assert told.exit == "right"
    assert told.file is not None
    assert (told.file.id, told.file.number, told.file.party) == ("9", "20230118", "18")
    assert (told.file.proof, told.file.credential) == (proof, SECRET)


@ways
def test_three_rounds_and_then_a_person(way: Function, heard: dict[str, str], proof: str):  # noqa: ARG001
    """The third wrong one is the last, and a fourth is not even asked for."""
    caller = Trying(Desk("wrong"))
    assert [caller.does(way, **heard).exit for _ in range(4)] == ["wrong", "wrong", "spent", "spent"]
    assert len(caller.desk.asked) == ROUNDS == 3


@ways
def test_a_spent_budget_ends_it_at_once(way: Function, heard: dict[str, str], proof: str):  # noqa: ARG001
    """In the first round too."""
    assert Trying(Desk("spent")).does(way, **heard).exit == "spent"


def test_three_different_files_and_no_more():
    """Whoever walks along file numbers meets a person, whatever rounds are left."""
    assert FILES_NAMED == 3
    caller = Trying(Desk("wrong"), named=["1", "2"])
    assert [caller.names("3"), caller.names("2"), caller.names("4")] == ["wrong", "wrong", "spent"]
    assert caller.notes["named"] == ["1", "2", "3", "4"]
    assert [number for number, _ in caller.desk.asked] == ["3", "2"]
    caller = Trying(Desk("wrong"), named=["1", "2", "3"])
    assert caller.names("4") == "spent"
    assert caller.desk.asked == []


def test_a_proof_gives_all_tries_back():
    """Whoever has proved one file may go on to the next."""
    caller = Trying(Desk("wrong"))
    assert [caller.names("1"), caller.names("2")] == ["wrong", "wrong"]
    caller.desk.checked = Opened()
    assert caller.names("20230118") == "right"
    assert (caller.notes["rounds"], caller.notes["named"]) == (0, [])


@pytest.mark.parametrize(("many", "asked"), [(1, True), (MAX_FILES, True), (MAX_FILES + 1, False)])
def test_a_pin_is_tried_on_a_few_hinted_files_only(many: int, asked: bool):  # noqa: FBT001
    """A number with more files than that is no hint."""
    caller = Trying(Desk(Opened(), files=[OneFile(number=str(number)) for number in range(many)]))
    told = caller.does(try_hinted, pin="482193")
    assert told.exit == ("right" if asked else "none")
    assert bool(told.file and told.file.proof == "pin") is asked
    assert (MAX_FILES, len(caller.desk.asked)) == (3, int(asked))


def test_of_several_defendants_the_right_one_keeps_the_proof():
    """The PIN has opened the file; the house number only tells which of them it is."""
    caller = Trying(Desk(Opened(defendants=2)))
    told = caller.does(try_reference, pin="482193", reference="7700118")
    assert (told.exit, told.file) == ("several", None)
    assert caller.does(choose_defendant, house_number="99").exit == "none"
    told = caller.does(choose_defendant, house_number="12")
    assert told.file is not None
    assert (told.exit, told.file.id, told.file.number, told.file.party) == ("right", "9", "20230118", None)
    assert (told.file.proof, told.file.credential) == ("reference_pin", SECRET)


def test_where_tagor_wants_to_see_nothing_again_nothing_is_kept():
    """No credential comes out as none."""
    caller = Trying(Desk(Opened(defendants=2, credential=None)))
    caller.does(try_reference, pin="482193", reference="7700118")
    assert caller.notes["opened"] == ["9", "20230118", ""]
    told = caller.does(choose_defendant, house_number="12")
    assert told.file is not None
    assert told.file.credential is None


def test_a_house_number_without_a_pin_chooses_nobody():
    """There is no file yet for it to choose on."""
    caller = Trying(Desk(Opened()))
    assert caller.does(choose_defendant, house_number="12").exit == "none"
    assert caller.desk.asked == []


@pytest.mark.parametrize("many", [0, 1, 2])
def test_a_number_proves_only_its_one_file(many: int):
    """Where an office accepts that; of none or of two files it proves nothing."""
    told = Trying(Desk(files=[OneFile()] * many)).does(try_number)
    assert told.exit == ("right" if many == 1 else "none")
    assert (told.file.proof if told.file else None) == ("caller_number" if many == 1 else None)
