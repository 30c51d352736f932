"""Who is calling: what opens a file, and what each check costs of the PIN budgets."""

from dataclasses import replace
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import CapturingLogger

from bridge.store.database import Database, Mode
from bridge.store.errors import StoreDown
from bridge.store.pin_attempts import BudgetExhausted, PinAttempts, PinLimits
from bridge.tagor import Deadline, ProvenFile, TagorError, TagorInvalidResponse, TagorUnreachable
from bridge.tagor.operations.callers import Callers
from voice_flows.answers import Hint, HintedFile, OpenedFile

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.conftest import Inside
    from tests.unit.conversation.services.conftest import Acts

AN = HintedFile("9000000000000000001", "20230118")
AN_PIN, AN_PARTY, AN_PHONE, AN_REFERENCE = "482193", "9000000000000001001", "+32470000001", "7700011"
DIRK_FILE, DIRK_PIN, DIRK_REFERENCE = "9000000000000000008", "390475", "7700088"
DIRK_NUMBER, DIRK_PARTY = "20230728", "9000000000000001008"
WRONG = "000000"


def left(inside: "Inside", file: str = AN.number, *, named: bool = True) -> int:
    """How many more attempts there would be on a file for somebody whose number is withheld."""
    counted, attempts, office = [], inside.books.pin_attempts, inside.branch.office.key
    how: dict[str, Any] = {"caller": None, "named": named, "now": inside.clock.now()}
    while not isinstance(one := attempts.count_attempts(office, [file], **how)[0], BudgetExhausted):
        counted.append(one)
    attempts.settle(given_back=counted)
    return len(counted)


def test_a_number_tagor_knows_suggests_language_and_files(acts: "Acts"):
    """As Tagor has them; somebody unknown suggests nothing."""
    assert acts().identification.by_caller_number(AN_PHONE) == Hint("nl", (AN,))
    assert acts().identification.by_caller_number("+32470999999") is None


def test_a_language_the_office_does_not_speak_is_no_hint(acts: "Acts", inside: "Inside"):
    """The call goes on in the office's own language; the files are tried all the same."""
    office = inside.branch.office.model_copy(update={"languages": ("fr",)})
    elsewhere = acts(office_context=replace(inside.branch, office=office))
    assert elsewhere.identification.by_caller_number(AN_PHONE) == Hint(None, (AN,))


def test_a_right_pin_opens_a_named_file_and_costs_nothing(acts: "Acts", inside: "Inside"):
    """The attempt that was counted before Tagor was asked is given back."""
    service = acts().identification
    assert not service.tagor_asked
    assert service.by_pin(AN.number, AN_PIN, 0) == OpenedFile(AN.id, AN.number, AN_PARTY)
    assert service.tagor_asked
    assert left(inside) == PinLimits().file_day


def test_a_locked_file_is_wrong_and_a_locked_office_is_spent(acts: "Acts", line: "Line"):
    """Tagor is asked about neither."""
    for lost in range(5):
        acts().identification.by_pin(AN.number, WRONG, lost)
    asked = line.asked("PinToFile")
    service = acts().identification
    assert service.by_pin(AN.number, AN_PIN, 0) == "wrong"
    assert not service.tagor_asked
    for other in range(15):
        acts(caller="").identification.by_pin(str(other), WRONG, 0)
    assert acts(caller="").identification.by_pin("5000", AN_PIN, 0) == "spent"
    assert len(line.asked("PinToFile")) == len(asked) + 15


@pytest.mark.parametrize("budget", ["max_failures_hour", "max_failures_day"])
def test_an_office_sets_its_own_budget_and_says_when_it_is_used_up(
    acts: "Acts", inside: "Inside", line: "Line", budget: str
):
    """By the hour or by the day; the caller can hear it before any key, and Tagor is not asked."""
    rules = inside.branch.office.identification.model_copy(update={budget: 1})
    office = inside.branch.office.model_copy(update={"identification": rules})
    few = replace(inside.branch, office=office)
    assert not acts(office_context=few).identification.is_spent()
    assert acts(office_context=few).identification.by_pin(AN.number, WRONG, 0) == "wrong"
    spent = acts(office_context=few).identification
    assert spent.is_spent()
    assert spent.by_pin("5", WRONG, 0) == spent.by_reference("5", WRONG, 0) == "spent"
    assert not spent.tagor_asked
    assert line.asked("GetVoxtronReferentie") == []
    inside.books.pin_attempts.unlock_office(office.key)
    assert acts(office_context=few).identification.by_pin("5", WRONG, 0) == "wrong"


def test_a_used_up_office_budget_is_an_alert_in_the_log(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """It names the office and the budget, and nothing about a caller."""
    monkeypatch.setattr("bridge.conversation.services.identification.log", logged := CapturingLogger())
    rules = inside.branch.office.identification.model_copy(update={"max_failures_hour": 1})
    few = replace(inside.branch, office=inside.branch.office.model_copy(update={"identification": rules}))
    for number in (AN.number, "5"):
        acts(office_context=few).identification.by_pin(number, WRONG, 0)
    [alert] = logged.calls
    assert (alert.method_name, alert.args) == ("error", ("pin_budget_exhausted",))
    assert alert.kwargs == {"office": "demo", "reason": "office_hour"}


def test_a_silent_and_a_named_attempt_of_one_round_are_one(acts: "Acts", inside: "Inside", line: "Line"):
    """The same PIN on the same file: counted once, asked once; the next round counts again."""
    for lost in range(3):
        assert acts().identification.by_hinted_files([AN], WRONG, lost) == []
        assert acts().identification.by_pin(AN.number, WRONG, lost) == "wrong"
        assert left(inside) == PinLimits().file_day - 1 - lost
    assert line.asked("PinToFile") == ["PinToFile"] * 3
    assert left(inside, named=False) == PinLimits().file_day - 3, (
        "what was named is no silent attempt any more"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((AN.number, WRONG, 0), (AN.number, "000001", 0)),
        ((AN.number, WRONG, 0), (AN.number, WRONG, 1)),
    ],
)
def test_another_guess_is_another_attempt(
    acts: "Acts", inside: "Inside", first: tuple[str, str, int], second: tuple[str, str, int]
):
    """Another PIN in the same round, or the same PIN in the next one."""
    for guess in (first, second):
        assert acts().identification.by_pin(*guess) == "wrong"
    assert left(inside) == PinLimits().file_day - 2


def test_the_same_guess_in_another_call_is_another_attempt(acts: "Acts", inside: "Inside"):
    """Or somebody could repeat one guess from call to call for nothing."""
    for call in ("CA1", "CA2"):
        assert acts(call_id=call).identification.by_pin(AN.number, WRONG, 0) == "wrong"
    assert left(inside) == PinLimits().file_day - 2


def test_a_guess_that_crashed_on_its_way_counts_once_and_is_asked_again(
    acts: "Acts", inside: "Inside", line: "Line"
):
    """The worker died between counting and Tagor's answer; the next one finds the attempt counted."""
    attempts, office = inside.books.pin_attempts, inside.branch.office.key
    guess = ("CA1", "0", AN_PIN)
    attempts.count_attempts(
        office, [AN.number], caller=None, named=False, now=inside.clock.now(), guess=guess
    )
    assert left(inside) == PinLimits().file_day - 1
    assert isinstance(acts().identification.by_pin(AN.number, AN_PIN, 0), OpenedFile)
    assert left(inside) == PinLimits().file_day
    assert line.asked("PinToFile") == ["PinToFile"]


def test_a_repeated_guess_without_a_verdict_stays_counted(acts: "Acts", inside: "Inside", tagor: "StandIn"):
    """Of two workers with one guess neither knows what the other hears, so this one gives nothing back."""
    office, now, guess = inside.branch.office.key, inside.clock.now(), ("CA1", "0", AN_PIN)
    inside.books.pin_attempts.count_attempts(
        office, [AN.number], caller=None, named=True, now=now, guess=guess
    )
    tagor.fault("TagorService/PinToFile", fault="reset_before")
    with pytest.raises(TagorError):
        acts().identification.by_pin(AN.number, AN_PIN, 0)
    assert left(inside) == PinLimits().file_day - 1


def test_leading_zeros_make_no_other_file(acts: "Acts", inside: "Inside"):
    """Five attempts in all, however the number is written."""
    for lost, number in enumerate(("20230118", "020230118", "0020230118", "000020230118", "20230118")):
        assert acts().identification.by_pin(number, WRONG, lost) == "wrong"
    locked = acts().identification
    assert locked.by_pin("00020230118", AN_PIN, 5) == "wrong"
    assert not locked.tagor_asked
    assert inside.books.pin_attempts.unlock(inside.branch.office.key, "0020230118") == 5


def test_all_references_of_one_file_share_its_budget(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """The attempt is counted on the file that Tagor finds behind the reference."""
    found = inside.branch.tagor.callers.by_reference(AN_REFERENCE, deadline=Deadline(inside.clock, 5))
    monkeypatch.setattr(inside.branch.tagor.callers, "by_reference", lambda *_, **__: found)
    for lost, reference in enumerate(("7700011", "07700011", "7700012", "7700013", "7700014")):
        assert acts().identification.by_reference(reference, WRONG, lost) == "wrong"
    assert acts().identification.by_reference("7700015", AN_PIN, 5) == "wrong"
    assert left(inside, AN.id) == 0


def test_a_hinted_file_is_tried_silently(acts: "Acts", inside: "Inside"):
    """It uses the silent part of the budget, and leaves the rest to callers who name the file."""
    for lost in range(4):
        assert acts().identification.by_hinted_files([AN], WRONG, lost) == []
    assert left(inside, named=False) == 0
    assert left(inside) == PinLimits().file_day - PinLimits().silent_day


def test_a_right_pin_on_a_hinted_file_starts_its_day_anew(acts: "Acts", inside: "Inside"):
    """And that of no other file."""
    for number in (AN.number, "20230219"):
        acts().identification.by_pin(number, WRONG, 0)
    opened = acts().identification.by_hinted_files([AN], AN_PIN, 0)
    assert opened == [OpenedFile(AN.id, AN.number, AN_PARTY)]
    assert left(inside) == PinLimits().file_day
    assert left(inside, "20230219") == PinLimits().file_day - 1


def test_a_right_pin_without_a_hint_gives_back_its_own_attempt_only(acts: "Acts", inside: "Inside"):
    """Somebody who knows the PIN of one file could otherwise try on without end from any number."""
    assert acts().identification.by_pin(AN.number, WRONG, 0) == "wrong"
    assert isinstance(acts().identification.by_pin(AN.number, AN_PIN, 1), OpenedFile)
    assert left(inside) == PinLimits().file_day - 1


def test_a_hinted_file_that_turns_out_another_one_is_not_opened(acts: "Acts", inside: "Inside"):
    """The number on the letter must lead to the file that Tagor hinted at, and no day begins anew for it."""
    assert acts().identification.by_pin(AN.number, WRONG, 0) == "wrong"
    other = HintedFile("9000000000000000002", AN.number)
    assert acts().identification.by_hinted_files([other], AN_PIN, 1) == []
    assert left(inside) == PinLimits().file_day - 1


SEVERAL = [AN, HintedFile("9000000000000000008", "20230219"), HintedFile("9000000000000000002", "20230304")]


def test_all_hinted_files_are_asked_about_at_the_same_time(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Each question waits until all are under way; counting and settling take one durable write each."""
    together, modes = Barrier(len(SEVERAL), timeout=20), list[str]()
    by_pin, on_cursor = Callers.by_pin, type(inside.database).on_cursor

    def asked(*what: Any, **more: Any) -> ProvenFile | None:  # noqa: ANN401 - as they come
        together.wait()
        return by_pin(*what, **more)

    def watched(database: Database, mode: Mode) -> Any:  # noqa: ANN401 - a transaction
        modes.append(mode)
        return on_cursor(database, mode)

    monkeypatch.setattr(Callers, "by_pin", asked)
    monkeypatch.setattr(Database, "on_cursor", watched)
    assert acts().identification.by_hinted_files(SEVERAL, AN_PIN, 0) == [
        OpenedFile(AN.id, AN.number, AN_PARTY)
    ]
    assert modes == ["durable", "durable"]
    assert [left(inside, file.number) for file in SEVERAL] == [5, 4, 4]


def test_trouble_with_one_hinted_file_forgets_no_verdict_on_another(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """What Tagor said no to stays counted; what it said nothing about is given back."""
    by_pin = Callers.by_pin

    def asked(callers: Callers, number: str, *what: Any, **more: Any) -> ProvenFile | None:  # noqa: ANN401 - as they come
        if number == SEVERAL[1].number:
            raise TagorUnreachable("TagorService/PinToFile", "a test")
        return by_pin(callers, number, *what, **more)

    monkeypatch.setattr(Callers, "by_pin", asked)
    with pytest.raises(TagorUnreachable):
        acts().identification.by_hinted_files(SEVERAL, WRONG, 0)
    assert [left(inside, file.number) for file in SEVERAL] == [4, 5, 4]


def test_a_verdict_and_a_trouble_that_cannot_be_written_down_are_the_trouble(
    acts: "Acts", monkeypatch: pytest.MonkeyPatch
):
    """The caller hears that Tagor is away, and all that was counted stays counted."""

    def asked(_: Callers, number: str, *_what: object, **_more: object) -> None:
        if number == SEVERAL[1].number:
            raise TagorUnreachable("TagorService/PinToFile", "a test")

    def away(*_: object, **_more: object) -> None:
        raise StoreDown("SQLITE_FULL")

    monkeypatch.setattr(Callers, "by_pin", asked)
    monkeypatch.setattr(PinAttempts, "settle", away)
    with pytest.raises(TagorUnreachable):
        acts().identification.by_hinted_files(SEVERAL[:2], WRONG, 0)


@pytest.mark.parametrize("answer", [None, ProvenFile(AN.id, AN_PARTY)])
def test_what_tagor_said_cannot_be_written_down(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch, answer: ProvenFile | None
):
    """A no is a no all the same and is counted; who proved who they are goes to a person."""

    def away(*_: object, **_more: object) -> None:
        raise StoreDown("SQLITE_FULL")

    monkeypatch.setattr(Callers, "by_pin", lambda *_, **_more: answer)
    with monkeypatch.context() as patch:
        patch.setattr(PinAttempts, "settle", away)
        if answer is None:
            assert acts().identification.by_pin(AN.number, WRONG, 0) == "wrong"
        else:
            with pytest.raises(StoreDown):
                acts().identification.by_pin(AN.number, AN_PIN, 0)
    assert left(inside) == PinLimits().file_day - 1


@pytest.mark.parametrize(
    ("check", "named", "proof", "opened"),
    [
        ("by_reference", AN_REFERENCE, AN_PIN, OpenedFile(AN.id, AN.number, AN_PARTY, 1)),
        ("by_reference", DIRK_REFERENCE, DIRK_PIN, OpenedFile(DIRK_FILE, DIRK_NUMBER, DIRK_PARTY, 3)),
        ("by_house_number", AN_REFERENCE, "12", OpenedFile(AN.id, AN.number, None, 1)),
        ("by_house_number", DIRK_REFERENCE, "16", OpenedFile(DIRK_FILE, DIRK_NUMBER, None, 3)),
    ],
)
def test_a_reference_opens_with_its_proof(
    acts: "Acts", check: str, named: str, proof: str, opened: OpenedFile
):
    """It comes with the file's own number; only a PIN names the party."""
    assert getattr(acts().identification, check)(named, proof, 0) == opened


@pytest.mark.parametrize(
    ("check", "named", "proof"),
    [
        ("by_pin", AN.number, WRONG),
        ("by_pin", "99999999", WRONG),
        *(("by_reference", named, WRONG) for named in (AN_REFERENCE, "7705555", "1")),
        *(("by_house_number", *one) for one in ((AN_REFERENCE, "13"), ("7705555", "88"), ("1", "1"))),
    ],
)
def test_a_wrong_proof_costs_one_attempt(acts: "Acts", inside: "Inside", check: str, named: str, proof: str):
    """Whether the file is known, unknown, or one of several; five of them and Tagor is asked no more."""
    checked = []
    for lost in range(6):
        service = acts().identification
        assert getattr(service, check)(named, proof, lost) == "wrong"
        if not checked:
            counted = {AN_REFERENCE: AN.id}.get(named, named)
            assert left(inside, counted) == PinLimits().file_day - 1
        checked.append(service.tagor_asked)
    assert checked == [True] * 5 + [False]


@pytest.mark.parametrize(
    "checked",
    [
        ("TagorService/PinToFile", "by_pin", AN.number, AN_PIN),
        ("TagorService/GetVoxtronReferentie", "by_reference", AN_REFERENCE, AN_PIN),
        ("TagorService/GetVoxtronVerwByPin", "by_reference", AN_REFERENCE, AN_PIN),
        ("TagorService/GetVoxtronVerwByHuisNr", "by_house_number", AN_REFERENCE, "12"),
    ],
    ids=lambda checked: checked[0],
)
@pytest.mark.parametrize(
    "fault", ["server_error", "reset_before", "reset_after", "html", "truncated", "success_absent"]
)
def test_no_verdict_is_no_count(
    acts: "Acts", inside: "Inside", tagor: "StandIn", checked: tuple[str, str, str, str], fault: str
):
    """Whether Tagor is away, fails or answers something else than its contract says."""
    endpoint, check, named, proof = checked
    options = {"fault": "status", "status": 500} if fault == "server_error" else {"fault": fault}
    tagor.fault(endpoint, **options)
    with pytest.raises(TagorError):
        getattr(acts().identification, check)(named, proof, 0)
    tagor.clear_faults()
    assert left(inside, named) == PinLimits().file_day


def test_an_outage_locks_no_office(acts: "Acts", inside: "Inside", tagor: "StandIn"):
    """Twenty callers in five minutes of trouble leave the whole budget to those who come after it."""
    tagor.fault("TagorService/PinToFile", "status", status=500)
    for number in range(25):
        with pytest.raises(TagorError):
            acts(caller="").identification.by_pin(str(number), WRONG, 0)
    tagor.clear_faults()
    inside.clock.sleep(60)
    assert isinstance(acts().identification.by_pin(AN.number, AN_PIN, 0), OpenedFile)


def test_a_file_that_tagor_names_by_no_id_is_no_verdict(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Nothing could be asked about it, so the caller hears that it cannot be looked up now."""
    monkeypatch.setattr(inside.branch.tagor.callers, "by_pin", lambda *_, **__: ProvenFile("x", AN_PARTY))
    with pytest.raises(TagorInvalidResponse):
        acts().identification.by_pin(AN.number, AN_PIN, 0)
    assert left(inside) == PinLimits().file_day


@pytest.mark.parametrize("office", [{"# pin_scheme = true": "pin_scheme = true"}])
def test_where_tagor_guards_access_itself_it_is_asked_as_the_caller(acts: "Acts"):
    """With the file number and the PIN that the caller keyed in."""
    opened = acts().identification.by_pin(AN.number, AN_PIN, 0)
    assert isinstance(opened, OpenedFile)
    assert opened.credential == f"{AN.number}:{AN_PIN}"
    assert AN_PIN not in repr(opened)


def test_what_was_learned_is_not_shown(acts: "Acts"):
    """A report of an error quotes none of it."""
    service = acts(caller="+32470123456").identification
    hint = service.by_caller_number(AN_PHONE)
    shown = repr((hint, *hint.files, service.by_pin(AN.number, AN_PIN, 0), service.scope))
    assert not any(told in shown for told in (AN.number, AN.id, "+32470123456", "language="))
