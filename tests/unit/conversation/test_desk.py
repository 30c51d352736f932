"""The desk: what opens a file, what it costs in tries, and what it tells of it."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bridge.conversation.decisions.sender import DecisionSender
from bridge.conversation.services.identification import ActionScope, HintedFile, OfficeServices, Proven
from bridge.conversation.services.plans import PlanService
from bridge.flow.identity import IdentifiedFile
from bridge.store.pin_attempts import BudgetExhausted, PinAttempts, PinLimits
from bridge.tagor import Deadline, TagorError, TagorUnreachable

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.conftest import Inside

AN = HintedFile("9000000000000000001", "20230118")
AN_PIN, AN_PARTY, AN_PHONE, AN_REFERENCE = "482193", "9000000000000001001", "+32470000001", "7700011"
DIRK_FILE, DIRK_PIN, DIRK_REFERENCE = "9000000000000000008", "390475", "7700088"
WRONG = "000000"

Sits = "Callable[..., PlanDesk]"


@pytest.fixture
def seated(inside: "Inside") -> Sits:
    """Sit down at the desk, as a caller's errand does."""

    def sit(**changes: Any) -> PlanService:  # noqa: ANN401 - a seat's
        clock, books = inside.clock, inside.books
        seat: dict[str, Any] = {
            "branch": inside.branch,
            "tries": books.tries,
            "decider": DecisionSender(books.decisions, now=clock.now, ticks=clock.ticks, sleep=clock.sleep),
            "confirmation": "CA1 1",
            "caller": AN_PHONE,
            "file": None,
            "now": clock.now(),
            "deadline": Deadline(clock.ticks, 20),
        }
        return PlanService(ActionScope(**seat | changes))

    return sit


@pytest.fixture
def tries(inside: "Inside") -> PinAttempts:
    return inside.books.tries


def left(tries: PinAttempts, inside: "Inside", file: str = AN.number, *, named: bool = True) -> int:
    """How many more tries there would be on a file for somebody whose number is withheld."""
    taken = []
    while not isinstance(one := tries.count_attempt(inside.branch.office.key, file, caller=None, named=named,
                                            now=inside.clock.now()), BudgetExhausted):  # fmt: skip
        taken.append(one)
    for one in taken:
        tries.give_back(one)
    return len(taken)


def an(**changes: Any) -> IdentifiedFile:  # noqa: ANN401 - a file's
    return IdentifiedFile(**{"id": AN.id, "number": AN.number, "party": AN_PARTY, "proof": "pin"} | changes)


def test_a_number_tagor_knows_suggests_language_and_files(seated: Sits):
    """As Tagor has them; somebody unknown suggests nothing."""
    hint = seated().who_calls(AN_PHONE)
    assert (hint.language, hint.files) == ("nl", (AN,))
    assert seated().who_calls("+32470999999") is None
    assert AN.number not in repr(hint)


def test_a_right_pin_opens_a_named_file_and_costs_no_try(seated: Sits, tries: PinAttempts, inside: "Inside"):
    """The try that was counted before Tagor was asked is given back."""
    desk = seated()
    assert not desk.checked
    assert desk.open_named(AN.number, AN_PIN) == Proven(AN.id, AN.number, AN_PARTY)
    assert desk.checked
    assert left(tries, inside) == PinLimits().file_day


def test_a_wrong_pin_costs_a_try(seated: Sits, tries: PinAttempts, inside: "Inside"):
    """Whether the file is known or not."""
    for number in (AN.number, "99999999"):
        assert seated().open_named(number, WRONG) == "wrong"
        assert left(tries, inside, number) == PinLimits().file_day - 1


def test_a_locked_file_is_wrong_and_a_locked_office_is_spent(seated: Sits, line: "Line"):
    """Tagor is asked about neither."""
    for _ in range(5):
        seated().open_named(AN.number, WRONG)
    asked = line.asked("PinToFile")
    desk = seated()
    assert desk.open_named(AN.number, AN_PIN) == "wrong"
    assert not desk.checked
    for other in range(15):
        seated(caller="").open_named(str(other), WRONG)
    assert seated(caller="").open_named("5000", AN_PIN) == "spent"
    assert len(line.asked("PinToFile")) == len(asked) + 15


def test_a_file_the_number_suggests_is_tried_silently(seated: Sits, tries: PinAttempts, inside: "Inside"):
    """It uses the silent part of the budget, and a right PIN starts the file's day anew."""
    for _ in range(4):
        assert seated().open_hinted([AN], WRONG) == []
    assert left(tries, inside, named=False) == 0
    assert left(tries, inside) == PinLimits().file_day - PinLimits().silent_day
    seated().open_named(AN.number, WRONG)
    assert left(tries, inside) == 1


def test_a_right_pin_on_a_suggested_file_forgives_its_day(seated: Sits, tries: PinAttempts, inside: "Inside"):
    """And that of no other file."""
    for number in (AN.number, "20230219"):
        seated().open_named(number, WRONG)
    assert seated().open_hinted([AN], AN_PIN) == [Proven(AN.id, AN.number, AN_PARTY)]
    assert left(tries, inside) == PinLimits().file_day
    assert left(tries, inside, "20230219") == PinLimits().file_day - 1


def test_a_suggested_file_that_turns_out_another_one_is_not_opened(seated: Sits):
    """The number on the letter must lead to the file that Tagor suggested."""
    assert seated().open_hinted([HintedFile("9000000000000000002", AN.number)], AN_PIN) == []


def test_a_reference_opens_with_its_pin(seated: Sits, tries: PinAttempts, inside: "Inside"):
    """The proof names no party, and tells how many defendants there are."""
    assert seated().open_reference(AN_REFERENCE, AN_PIN) == Proven(AN.id, AN_REFERENCE, None, 1)
    assert seated().open_reference(DIRK_REFERENCE, DIRK_PIN) == Proven(DIRK_FILE, DIRK_REFERENCE, None, 3)
    for reference in (AN_REFERENCE, "7705555", "1"):
        assert seated().open_reference(reference, WRONG) == "wrong"
        assert left(tries, inside, reference) == PinLimits().file_day - 1


@pytest.mark.parametrize("way", ["open_named", "open_reference", "open_house"])
def test_what_a_caller_names_has_the_whole_budget(seated: Sits, way: str):
    """Five tries; the silent ones are fewer."""
    checked = []
    for _ in range(6):
        desk = seated()
        getattr(desk, way)(DIRK_REFERENCE, "999")
        checked.append(desk.checked)
    assert checked == [True] * 5 + [False]


@pytest.mark.parametrize("limits", [PinLimits(office_day=1), PinLimits(office_hour=1)])
def test_when_the_office_has_no_tries_left_that_is_said(seated: Sits, inside: "Inside", limits: PinLimits):
    """By the hour or by the day: another PIN would not help."""
    few = PinAttempts(inside.database, inside.books.tries._seal, limits)
    assert seated(tries=few).open_named(AN.number, WRONG) == "wrong"
    assert seated(tries=few).open_named("5", WRONG) == "spent"


def test_a_house_number_opens_where_somebody_lives(seated: Sits, tries: PinAttempts, inside: "Inside"):
    """Any of the defendants on the file, and nobody else."""
    assert seated().open_house(AN_REFERENCE, "12") == Proven(AN.id, AN_REFERENCE, None, 1)
    assert seated().open_house(DIRK_REFERENCE, "16") == Proven(DIRK_FILE, DIRK_REFERENCE, None, 3)
    for reference, house in ((AN_REFERENCE, "13"), ("7705555", "88"), ("1", "1")):
        assert seated().open_house(reference, house) == "wrong"
        assert left(tries, inside, reference) == PinLimits().file_day - 1
    assert seated().lives_at(DIRK_FILE, "14")
    assert not seated().lives_at(DIRK_FILE, "15")


def test_a_try_that_never_left_is_given_back(
    seated: Sits, tries: PinAttempts, inside: "Inside", tagor: "StandIn"
):
    """A Tagor that is away costs nobody a try; one that was asked and says nothing does."""
    tagor.fault("TagorService/PinToFile", "reset_after", times=1)
    with pytest.raises(TagorUnreachable):
        seated().open_named(AN.number, AN_PIN)
    assert left(tries, inside) == PinLimits().file_day - 1
    tagor.stop()
    with pytest.raises(TagorUnreachable):
        seated().open_named(AN.number, AN_PIN)
    assert left(tries, inside) == PinLimits().file_day - 1


def test_what_is_known_of_a_file(seated: Sits):
    """Balance, creditor, last payment and plan, as Tagor has them."""
    assert seated().balance(an()) == Decimal("1234.56")
    facts = seated().facts(an())
    assert facts.creditor == "Stad Gent"
    assert (facts.last_payment.amount, facts.last_payment.date) == (Decimal("50.00"), date(2025, 3, 14))
    assert seated().plan(an()) is None
    nele = an(id="9000000000000000013", number="20231202", party="9000000000000001013")
    assert seated().plan(nele).monthly == Decimal("80.00")


def test_the_desk_tells_how_its_office_works(seated: Sits):
    """Its way of proof and its languages."""
    desk: OfficeServices = seated()
    assert (desk.way, tuple(desk.languages)) == ("pin", ("nl", "fr", "de", "en"))
    assert not desk.checked


@pytest.mark.parametrize("office", [{"# pin_scheme = true": "pin_scheme = true"}])
def test_where_tagor_guards_access_itself_it_is_asked_as_the_caller(seated: Sits):
    """With the file number and the PIN that the caller keyed in."""
    proven = seated().open_named(AN.number, AN_PIN)
    assert isinstance(proven, Proven)
    assert proven.credential == f"{AN.number}:{AN_PIN}"
    assert AN_PIN not in repr(proven)
    assert seated().balance(an(credential=proven.credential)) == Decimal("1234.56")
    with pytest.raises(TagorError):
        seated().balance(an(credential=f"{AN.number}:{WRONG}"))


def test_a_file_has_one_defendant_unless_tagor_tells_of_more():
    """As most have."""
    assert Proven("9", AN.number, None).defendants == 1


@pytest.mark.parametrize("what", ["hint", "file", "proven", "seat"])
def test_what_lies_on_the_desk_is_not_shown(seated: Sits, what: str):
    """A report of an error quotes none of it."""
    desk = seated(caller="+32470123456")
    shown = {
        "hint": desk.who_calls(AN_PHONE),
        "file": desk.who_calls(AN_PHONE).files[0],
        "proven": desk.open_named(AN.number, AN_PIN),
        "seat": desk._seat,
    }
    assert not any(told in repr(shown[what]) for told in (AN.number, AN.id, "+32470123456", "language="))


@pytest.mark.parametrize(
    ("proof", "strong"),
    [("pin", True), ("reference_pin", True), ("house_number", False), ("caller_number", False)],
)
def test_only_a_pin_is_a_strong_proof(proof: str, strong: bool):  # noqa: FBT001 - a table's column
    """Strong enough to decide with."""
    assert an(proof=proof).strong is strong
    assert "secret" not in repr(an(credential="secret"))
