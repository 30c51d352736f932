"""What calls left open: looked for in Tagor, found, or handed to an employee; never sent again."""

from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from conversation_decisions import COMMAND, FILE, PARTY, SAVE, AtOnce, Kept, Makes, states
from shared_spans import Spans
from structlog.testing import CapturingLogger

from bridge.clock import Clock
from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.at_most_once.reconciler import AT_A_TIME, CHECK_SECONDS, SWEEP_EVERY, Reconciler
from bridge.conversation.at_most_once.sender import DecisionSender, Pending
from bridge.store.decision import CHECK_SCHEDULE, RESULT_KEPT, DecisionState
from bridge.tagor import AgreedPlan, Deadline
from bridge.tagor.employee_models import FileDocument
from bridge.tagor.file_models import AnswerKind, SolvencyQuestion
from voice_flows.answers import WriteResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.conftest import Inside


def test_what_was_never_sent_is_handed_over_at_once(
    makes: Makes, inside: "Inside", reconciler: Reconciler, line: "Line"
):
    """A crash between writing down and sending: nobody looks for what cannot be there, nor sends it now."""
    kept = Kept()
    with pytest.raises(Pending):
        makes(kept).decide(inside.branch, "CA1 1", COMMAND, 0)
    inside.clock.sleep(59)
    assert reconciler.round() == 0
    inside.clock.sleep(2)
    assert reconciler.round() == 1
    assert states(inside) == [DecisionState.ESCALATED]
    kept.send()
    assert line.asked("SavePaymentPlan") == []
    assert line.asked("GetPaymentPlans") == []


def test_a_plan_that_was_there_before_is_not_taken_for_the_new_one(
    makes: Makes, inside: "Inside", tagor: "StandIn", reconciler: Reconciler
):
    """It fits, and it is not what was asked for."""
    first = makes().decide(inside.branch, "CA1 1", COMMAND, 2)
    tagor.fault(SAVE, "reset_after", effect="none", times=1)
    with pytest.raises(Pending):
        makes().decide(inside.branch, "CA1 2", replace(COMMAND, before=(first.plan,)), 0)
    inside.clock.sleep(60)
    reconciler.round()
    assert states(inside)[-1] is DecisionState.UNKNOWN


def test_four_are_looked_after_at_a_time(makes: Makes, inside: "Inside", reconciler: Reconciler):
    """All of them within their lease, however slow Tagor is."""
    for number in range(5):
        command = WriteCommand("text", FILE, PARTY, code=str(number), address="+32470000001")
        with pytest.raises(Pending):
            makes(Kept()).decide(inside.branch, f"CA1 {number}", command, 0)
    inside.clock.sleep(60)
    assert [reconciler.round() for _ in range(3)] == [4, 1, 0]
    assert (AT_A_TIME, CHECK_SECONDS) == (4, 3.0)


def test_results_are_wiped_once_a_minute(makes: Makes, inside: "Inside", reconciler: Reconciler):
    """When no call needs them any more."""
    makes().decide(inside.branch, "CA1 1", COMMAND, 2)
    inside.clock.sleep(RESULT_KEPT.total_seconds())
    reconciler.sweep()
    assert makes().result(inside.branch, "CA1 1", 0) == WriteResult("unclear")


def test_a_minute_is_a_minute(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """Counted from the last time, and from the start for the first."""
    swept, seconds = list[float](), 100.0
    monkeypatch.setattr(inside.books, "sweep_in_turn", lambda _now: swept.append(seconds))
    reconciler = Reconciler(inside.books, {}, clock=Clock(inside.clock.now, lambda: seconds))
    for seconds in (100.0, 159.9, 160.0, 160.1, 219.9, 221.0, 280.9, 281.0):  # noqa: B007
        reconciler.sweep()
    assert swept == [160.0, 221.0, 281.0]
    assert SWEEP_EVERY == 60.0


def test_no_plan_is_looked_for_where_a_text_was_sent(
    makes: Makes, inside: "Inside", reconciler: Reconciler, tagor: "StandIn", line: "Line"
):
    """Tagor does not show what it has sent: an employee asks the caller."""
    tagor.fault("Actions/SendSms", "reset_after", times=1)
    command = WriteCommand("text", FILE, PARTY, code="SALDO", address="+32470000001")
    with pytest.raises(Pending):
        makes().decide(inside.branch, "CA1 1", command, 0)
    inside.clock.sleep(60)
    assert reconciler.round() == 1
    assert states(inside) == [DecisionState.UNKNOWN]
    assert line.asked("GetPaymentPlans") == []


def test_it_is_all_done_in_the_background(
    makes: Makes, inside: "Inside", reconciler: Reconciler, monkeypatch: pytest.MonkeyPatch
):
    """In a thread of that name; each round settles, wipes, and is followed by a rest."""
    began: list[tuple[str, Callable[[], int]]] = []
    monkeypatch.setattr(
        "bridge.conversation.at_most_once.reconciler.run_forever",
        lambda name, work: began.append((name, work)),
    )
    reconciler.start()
    [(name, work)] = began
    text = WriteCommand("text", FILE, PARTY, code="SALDO", address="+32470000001")
    assert makes().decide(inside.branch, "CA2 1", text, 2).state == "done"
    with pytest.raises(Pending):
        makes(Kept()).decide(inside.branch, "CA1 1", COMMAND, 0)
    inside.clock.sleep(RESULT_KEPT.total_seconds())
    assert (name, work()) == ("reconciler", 0)
    assert DecisionState.ESCALATED in states(inside)
    assert makes().result(inside.branch, "CA2 1", 0) == WriteResult("unclear")


def lost(
    makes: Makes, inside: "Inside", tagor: "StandIn", command: WriteCommand = COMMAND, effect: str = "done"
) -> None:
    """A decision whose answer did not come back, and that may have had its effect."""
    tagor.fault(SAVE, "reset_after", effect=effect, times=1)
    with pytest.raises(Pending):
        makes().decide(inside.branch, f"CA1 {command.months}", command, 0)


def test_a_plan_by_amount_that_is_found_tells_its_amount_alone(
    makes: Makes, inside: "Inside", tagor: "StandIn", reconciler: Reconciler
):
    """Tagor's list of plans does not tell how many months; nobody has approved what is found."""
    lost(makes, inside, tagor, replace(COMMAND, months=None, monthly=Decimal("205.76")))
    inside.clock.sleep(CHECK_SCHEDULE[0].total_seconds())
    reconciler.round()
    came = makes().result(inside.branch, "CA1 None", 0)
    assert (came.state, came.months, came.monthly, came.start) == (
        "done",
        0,
        Decimal("205.76"),
        COMMAND.start,
    )
    assert inside.books.decisions.is_unapproved("demo", came.plan)


def test_of_two_new_plans_that_fit_none_is_taken(
    makes: Makes, inside: "Inside", tagor: "StandIn", reconciler: Reconciler
):
    """One of them is an employee's, and nobody can tell which."""
    lost(makes, inside, tagor)
    shown = tuple(AgreedPlan(plan, Decimal("205.76"), None, None) for plan in ("1", "2"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inside.branch.tagor.plans, "on_file", lambda *_, **__: shown)
        inside.clock.sleep(60)
        reconciler.round()
    assert states(inside) == [DecisionState.UNKNOWN]


def test_a_new_plan_of_another_amount_is_somebody_elses(
    makes: Makes, inside: "Inside", tagor: "StandIn", reconciler: Reconciler
):
    """An employee may have makes one in the meantime."""
    lost(makes, inside, tagor, effect="none")
    inside.branch.tagor.plans.save(FILE, PARTY, months=3, deadline=Deadline(inside.clock, 3))
    inside.clock.sleep(60)
    reconciler.round()
    assert states(inside) == [DecisionState.UNKNOWN]


@pytest.mark.parametrize("shown", [0, 1, 2])
def test_an_ordered_document_is_found_if_it_is_the_only_new_one(
    makes: Makes, inside: "Inside", tagor: "StandIn", reconciler: Reconciler, shown: int
):
    """Of two of its name one is an employee's, and nobody can tell which."""
    command = WriteCommand("document", FILE, PARTY, code="9000000000000000852", name="Betaalattest")
    tagor.fault("Document/Generate", "reset_after", effect="none", times=1)
    with pytest.raises(Pending):
        makes().decide(inside.branch, "CA1 1", command, 0)
    found = [FileDocument(str(number), "Betaalattest", "", None) for number in range(shown)]
    inside.clock.sleep(60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inside.branch.tagor.documents, "on_file", lambda *_, **__: found)
        reconciler.round()
    assert states(inside) == [DecisionState.DONE if shown == 1 else DecisionState.UNKNOWN]


@pytest.mark.parametrize("shown", ["W1", "W2"])
def test_answers_are_found_if_tagor_shows_every_one(
    makes: Makes, inside: "Inside", tagor: "StandIn", reconciler: Reconciler, shown: str
):
    """What Tagor shows of another answer proves nothing."""
    command = WriteCommand("answers", FILE, PARTY, code="861", answers=(("1", "W1"),))
    tagor.fault("SolvencyReport/Save", "reset_after", effect="none", times=1)
    with pytest.raises(Pending):
        makes().decide(inside.branch, "CA1 1", command, 0)
    asked = [SolvencyQuestion("1", "Woning", AnswerKind.CHOICE, (("W1", "huur"), ("W2", "eigendom")), shown)]
    inside.clock.sleep(60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inside.branch.tagor.questionnaires, "questions", lambda *_, **__: asked)
        reconciler.round()
    assert states(inside) == [DecisionState.DONE if shown == "W1" else DecisionState.UNKNOWN]


def test_looks_follow_each_other_as_planned(
    makes: Makes, inside: "Inside", tagor: "StandIn", reconciler: Reconciler
):
    """After half a second and after two; in between nobody asks Tagor."""
    lost(makes, inside, tagor, effect="none")
    inside.clock.sleep(CHECK_SCHEDULE[0].total_seconds())
    assert [reconciler.round() for _ in range(2)] == [1, 0]
    inside.clock.sleep((CHECK_SCHEDULE[1] - CHECK_SCHEDULE[0]).total_seconds())
    assert [reconciler.round() for _ in range(2)] == [1, 0]


def test_while_tagor_is_away_a_decision_stays_unclear(
    makes: Makes, inside: "Inside", tagor: "StandIn", reconciler: Reconciler
):
    """Whoever looks in vain does not break off the round for the others."""
    lost(makes, inside, tagor)
    tagor.stop()
    inside.clock.sleep(60)
    assert reconciler.round() == 1
    assert states(inside) == [DecisionState.UNKNOWN]


def test_who_was_too_slow_settles_nothing(
    makes: Makes, inside: "Inside", tagor: "StandIn", reconciler: Reconciler
):
    """Once the lease is over the decision is another's, on whichever machine."""
    lost(makes, inside, tagor)
    inside.clock.sleep(CHECK_SCHEDULE[0].total_seconds())
    [mine] = inside.books.decisions.claim_due(inside.clock.now())
    inside.clock.sleep(31)
    [theirs] = inside.books.decisions.claim_due(inside.clock.now())
    reconciler._reconcile(inside.branch, mine, COMMAND)
    assert states(inside) == [DecisionState.UNKNOWN]
    reconciler._reconcile(inside.branch, theirs, COMMAND)
    assert states(inside) == [DecisionState.DONE]


def test_a_decision_of_an_office_that_left_stays_open(makes: Makes, inside: "Inside", tagor: "StandIn"):
    """Nobody knows its Tagor any more; the report goes on showing it."""
    lost(makes, inside, tagor)
    inside.clock.sleep(60)
    assert Reconciler(inside.books, {}, clock=inside.clock).round() == 1
    assert states(inside) == [DecisionState.UNKNOWN]


CODES = {
    '# info_kind = "9000000000000000001" ': 'info_kind = "71" ',
    '# info_definition = "9000000000000000002"': 'info_definition = "72"',
}


@pytest.mark.parametrize("office", [CODES])
def test_a_task_is_dated_in_belgium_and_bears_the_offices_codes(
    makes: Makes, inside: "Inside", tagor: "StandIn"
):
    """Shortly after midnight it is the new day, though not yet in Greenwich."""
    lost(makes, inside, tagor, effect="none")
    night = inside.clock.now().replace(day=5, hour=0, minute=30).astimezone(UTC)
    inside.clock.sleep((night - inside.clock.now()).total_seconds())
    contexts, midnight = (
        {inside.branch.office.key: inside.branch},
        Clock(lambda: night, inside.clock.monotonic),
    )
    at_night = Reconciler(inside.books, contexts, clock=midnight)
    at_night.round()
    [task] = [row for row in tagor.state()["info_records"] if not row["automatic"]]
    assert (task["day"], task["code"], task["definition"]) == ("2026-03-05", "71", "72")


def test_what_is_settled_and_what_could_not_be_written_is_in_the_log(
    makes: Makes, inside: "Inside", tagor: "StandIn", reconciler: Reconciler, monkeypatch: pytest.MonkeyPatch
):
    """With its kind and state, and with the kind of trouble; nothing of the file."""
    monkeypatch.setattr("bridge.conversation.at_most_once.reconciler.log", logged := CapturingLogger())
    lost(makes, inside, tagor, effect="none")
    tagor.fault("Dossier/CreateInfoLine", "refuse", times=1)
    inside.clock.sleep(CHECK_SCHEDULE[-1].total_seconds())
    reconciler.round()
    inside.clock.sleep(60)
    reconciler.round()
    refused, settled = logged.calls
    assert (refused.method_name, refused.args) == ("warning", ("task_not_written",))
    assert refused.kwargs == {"trouble": "TagorUnreachable"}
    assert (settled.method_name, settled.args) == ("info", ("decision_settled",))
    assert settled.kwargs == {"kind": "plan", "state": "escalated"}


def test_a_look_is_traced_under_the_name_of_its_sending(inside: "Inside", tagor: "StandIn"):
    """By it whoever reads traces comes from the look to the call."""
    spans = Spans()
    tagor.fault(SAVE, "reset_after", times=1)
    sender = DecisionSender(inside.books.decisions, clock=inside.clock, senders=AtOnce(), span=spans)
    with pytest.raises(Pending):
        sender.decide(inside.branch, "CA1 1", COMMAND, 0)
    inside.clock.sleep(CHECK_SCHEDULE[0].total_seconds())
    branches = {inside.branch.office.key: inside.branch}
    assert Reconciler(inside.books, branches, clock=inside.clock, span=spans).round() == 1
    sending, look = spans.made
    told = {"name": "reconcile", "office": "demo", "kind": "plan", "decision": sending["decision"]}
    known = {"office": "demo", "decision": sending["decision"]}
    assert look == told | {"left": b"", "log": known}
