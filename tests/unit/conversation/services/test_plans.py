"""Payment plans: who may have one, when it begins, and that it is asked for once."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Event, current_thread
from typing import TYPE_CHECKING, Any

import pytest
from conversation_decisions import Kept

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.at_most_once.sender import Pending
from bridge.conversation.services.plans import next_day, until_after
from bridge.flow.action_context import IdentifiedFile
from bridge.tagor import AgreedPlan, Deadline, TagorUnreachable
from voice_flows.answers import PlanSchedule, WriteResult

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.conftest import Inside
    from tests.unit.conversation.services.conftest import Acts

AN = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")
HANS = IdentifiedFile("9000000000000000012", "20231101", "9000000000000001012", "pin")
NELE = IdentifiedFile("9000000000000000013", "20231202", "9000000000000001013", "pin")


def changed(file: IdentifiedFile, **changes: Any) -> IdentifiedFile:  # noqa: ANN401 - a file's
    parts = {name: getattr(file, name) for name in ("id", "number", "party", "proof")}
    return IdentifiedFile(**parts | changes)


def test_whose_pin_is_right_may_have_a_plan(acts: "Acts"):
    """With a strong proof that names them, on a file that may have one."""
    assert acts().plans.permission(AN) == "free"
    assert acts().plans.permission(changed(AN, proof="house_number")) == "person"
    assert acts().plans.permission(changed(AN, party=None)) == "person"


def test_a_summons_is_a_persons_business(acts: "Acts"):
    """The office says which files are."""
    assert acts().plans.permission(HANS) == "person"


@pytest.mark.parametrize(
    ("office", "standing"),
    [
        ({'stop_statuses = ["DAGV"]': "stop_statuses = []"}, "free"),
        ({'# self_service = "PLAN"': 'self_service = "PLAN"'}, "person"),
    ],
)
def test_the_offices_rules_are_kept(acts: "Acts", standing: str):
    """A file with a summons, where the office stops none, and where Tagor must allow it."""
    assert acts().plans.permission(HANS) == standing


@pytest.mark.parametrize("field", ["status", "stage", "stop_status", "alarm_status"])
@pytest.mark.parametrize("code", ["DAGV", "dagv", "Dagv", None])
def test_a_stop_status_stops_wherever_tagor_tells_it(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch, field: str, code: str | None
):
    """In any of four fields and any case of letters; one that Tagor does not say may be one as well."""
    facts = acts().files.facts(AN)
    monkeypatch.setattr(inside.branch.tagor.files, "facts", lambda *_, **__: replace(facts, **{field: code}))
    assert acts().plans.permission(AN) == "person"


def test_while_a_decision_is_open_there_is_no_other(acts: "Acts", tagor: "StandIn"):
    """Until it is known what came of the first; the caller hears one moment meanwhile."""
    tagor.fault("TagorService/SavePaymentPlan", "reset_after", effect="later", later=600, times=1)
    with pytest.raises(Pending):
        acts().plans.request(AN, months=6, monthly=Decimal("205.76"), start=date(2026, 4, 1))
    assert acts(call_id="CA2").plans.permission(AN) == "unsettled"


def test_the_payments_of_a_plan_are_asked_ahead_with_it(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """On a thread of the office, while the balance is asked and spoken; nobody asks for them again."""
    threads, asked, on_file = list[str](), Event(), inside.branch.tagor.plans.on_file

    def watched(*what: Any, **more: Any) -> Any:  # noqa: ANN401 - as they come
        threads.append(current_thread().name)
        asked.set()
        return on_file(*what, **more)

    monkeypatch.setattr(inside.branch.tagor.plans, "on_file", watched)
    services = acts()
    services.files.prefetch(NELE)
    assert asked.wait(20)
    assert services.plans.schedule(NELE) is not None
    assert [name.startswith("tagor-") for name in threads] == [True]


def test_a_running_plan_tells_its_next_payment(acts: "Acts"):
    """On the same day of each month as its first, the fifth; it began in September 2024."""
    assert acts(now=datetime(2026, 3, 4, 10, tzinfo=UTC)).plans.schedule(NELE) == PlanSchedule(
        Decimal("80.00"), Decimal("0.00"), date(2026, 3, 5), until=date(2027, 12, 5)
    )
    assert acts(now=datetime(2026, 3, 5, 10, tzinfo=UTC)).plans.schedule(NELE).next_due == date(2026, 3, 5)
    assert acts(now=datetime(2026, 3, 6, 10, tzinfo=UTC)).plans.schedule(NELE).next_due == date(2026, 4, 5)
    assert acts(now=datetime(2024, 8, 1, 10, tzinfo=UTC)).plans.schedule(NELE).next_due == date(2024, 9, 5)
    assert "80" not in re.sub("0x[0-9a-f]+", "", repr(acts().plans.schedule(NELE)))


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (date(2026, 3, 4), date(2026, 3, 4)),
        (date(2026, 3, 3), None),
        (date(9999, 12, 30), None),
        (date(2066, 4, 2), date(2066, 4, 2)),  # forty years ahead
        (date(2066, 4, 3), None),
        (None, None),
    ],
)
def test_the_end_of_a_plan_is_a_day_ahead(until: date | None, told: date | None):
    """One that is over, or Tagor's greatest day, is none."""
    assert until_after(until, date(2026, 3, 4)) == told


def test_the_day_is_the_one_in_brussels(acts: "Acts"):
    """Half past eleven at night in London is tomorrow there."""
    assert acts(now=datetime(2026, 3, 5, 23, 30, tzinfo=UTC)).plans.schedule(NELE).next_due == date(
        2026, 4, 5
    )
    assert acts(now=datetime(2026, 3, 5, 23, 30, tzinfo=UTC)).plans.first_payment() == date(2026, 3, 20)


def test_where_no_plan_runs_none_is_told(acts: "Acts"):
    """Nobody hears of a plan then."""
    assert acts().plans.schedule(AN) is None


def test_a_plan_is_confirmed_once_its_approval_is_done(acts: "Acts"):
    """From the request to the approval nobody has confirmed it; its first payment is still ahead."""
    start = date(2026, 4, 1)
    requested = acts().plans.request(AN, months=6, monthly=Decimal("205.76"), start=start)
    ends = date(2026, 9, 1)
    expected = PlanSchedule(Decimal("205.76"), Decimal(0), start, confirmed=False, begun=False, until=ends)
    assert acts().plans.schedule(AN) == expected
    acts(moves=2).plans.approve(AN, requested.plan, "nl")
    assert acts().plans.schedule(AN) == replace(expected, confirmed=True)


def test_while_a_decision_is_open_no_plan_is_told(acts: "Acts"):
    """It may make another plan, or approve this one."""
    first = acts().plans.request(AN, months=6, monthly=Decimal("205.76"), start=date(2026, 4, 1))
    with pytest.raises(Pending):
        acts(moves=2, senders=Kept()).plans.approve(AN, first.plan, "nl")
    assert acts().plans.schedule(AN) is None


def test_a_decision_that_nobody_waits_for_any_more_is_not_begun(acts: "Acts", inside: "Inside"):
    """Its caller may have been told by now that nothing was sent."""
    scope = acts(deadline=Deadline(inside.clock, 0)).plans.scope  # type: ignore[attr-defined]  # the real service
    with pytest.raises(TagorUnreachable, match="in time"):
        scope.write_once(lambda: WriteCommand("plan", AN.id, AN.party))
    assert not inside.books.decisions.is_blocked("demo", AN.id)


def test_a_payment_was_due_once_its_first_day_is_over(acts: "Acts"):
    """On the day itself nobody is late, and nobody has kept up with anything."""
    begun = [acts(now=datetime(2024, 9, day, 10, tzinfo=UTC)).plans.schedule(NELE).begun for day in (4, 5, 6)]
    assert begun == [False, False, True]


class Shelf:
    """The plans that Tagor shows, those that run and those that ended."""

    def __init__(self, running: tuple[AgreedPlan, ...], ended: tuple[AgreedPlan, ...] = ()) -> None:
        self._running, self._ended = running, ended
        self.asked: list[bool] = []

    def plans(self, _file: str, *, active_only: bool, deadline: Deadline) -> tuple[AgreedPlan, ...]:
        """In the order in which they were made."""
        assert deadline
        self.asked.append(active_only)
        return self._running if active_only else (*self._running, *self._ended)


def agreed(plan: str, first: date | None) -> AgreedPlan:
    return AgreedPlan(plan, Decimal("80.00"), first, None)


def test_of_plans_that_run_the_last_one_tells_the_day(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Those that ended tell nothing."""
    first, last = agreed("1", date(2024, 9, 5)), agreed("2", date(2024, 9, 17))
    shelf = Shelf((first, last), ended=(agreed("4", date(2024, 9, 9)),))
    monkeypatch.setattr(inside.branch.tagor.plans, "on_file", shelf.plans)
    for now, due in (((2026, 3, 4), date(2026, 3, 17)), ((2024, 9, 1), date(2024, 9, 17))):
        assert acts(now=datetime(*now, 10, tzinfo=UTC)).plans.schedule(NELE).next_due == due
    assert shelf.asked == [True, True]


@pytest.mark.parametrize("file", [AN, NELE])
def test_a_plan_is_told_when_both_of_tagors_answers_show_one(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch, file: IdentifiedFile
):
    """The amount comes from one of them, the day from the other."""
    shown = (agreed("1", date(2024, 9, 5)),) if file is AN else ()
    monkeypatch.setattr(inside.branch.tagor.plans, "on_file", Shelf(shown).plans)
    assert acts().plans.schedule(file) is None


def test_a_plan_without_a_day_has_no_next_payment_and_was_never_due(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Tagor does not say when it began, so nobody is told that they keep up with it."""
    monkeypatch.setattr(inside.branch.tagor.plans, "on_file", Shelf((agreed("1", None),)).plans)
    assert acts().plans.schedule(NELE) == PlanSchedule(Decimal(80), Decimal(0), None, begun=False)


def test_a_plan_begins_two_weeks_from_now_or_on_a_day_after_that(acts: "Acts"):
    """As the office says."""
    service = acts(now=datetime(2026, 3, 4, 10, tzinfo=UTC))
    assert service.plans.first_payment() == date(2026, 3, 18)
    assert [service.plans.first_payment(day) for day in (18, 17, 31)] == [
        date(2026, 3, 18), date(2026, 4, 17), date(2026, 3, 31),
    ]  # fmt: skip


def test_what_the_office_allows_is_tagors_word(acts: "Acts"):
    """Two terms, and the limits: a twenty-fourth of what is owed is the least."""
    criteria = acts().plans.criteria(AN)
    assert [term.months for term in criteria.terms] == [6, 12]
    assert (criteria.longest, criteria.lowest) == (24, Decimal("51.44"))


@pytest.mark.parametrize("months", [6, None])
def test_a_plan_is_asked_for_once_however_often_it_is_confirmed(
    acts: "Acts", line: "Line", months: int | None
):
    """By months or by amount; the second time what came of it is told."""
    start = date(2026, 4, 1)
    came = acts().plans.request(AN, months=months, monthly=Decimal("205.76"), start=start)
    assert (came.state, came.months, came.monthly) == ("done", 6, Decimal("205.76"))
    assert acts().plans.request(AN, months=months, monthly=Decimal("205.76"), start=start) == came
    assert line.asked("SavePaymentPlan") == ["SavePaymentPlan"]
    assert acts().plans.may_replace


def test_a_plan_is_approved_once(acts: "Acts", line: "Line"):
    """The confirmation goes to the mobile on the file; the second time what came of it is told."""
    start = date(2026, 4, 1)
    requested = acts().plans.request(AN, months=6, monthly=Decimal("205.76"), start=start)
    came = acts(moves=3).plans.approve(AN, requested.plan, "nl")
    assert (came.state, came.medium) == ("done", "sms")
    assert acts(moves=3).plans.approve(AN, "", "nl") == came
    assert line.asked("ApprovePaymentPlan") == ["ApprovePaymentPlan"]


@pytest.mark.parametrize("whose", ["an employee's", "another caller's"])
def test_a_plan_made_before_the_approval_leaves_is_not_approved(
    acts: "Acts", inside: "Inside", line: "Line", whose: str
):
    """The approval waits for its sender meanwhile; nothing is sent, and the caller is told."""
    first = acts().plans.request(AN, months=6, monthly=Decimal("205.76"), start=date(2026, 4, 1))
    waiting = Kept()
    if whose == "another caller's":
        acts(call_id="CA2").plans.request(AN, months=12, monthly=Decimal("102.88"), start=date(2026, 4, 1))
    with pytest.raises(Pending):
        acts(moves=2, senders=waiting).plans.approve(AN, first.plan, "nl")
    if whose == "an employee's":
        inside.branch.tagor.plans.save(AN.id, AN.party, months=3, deadline=Deadline(inside.clock, 3))
    waiting.send()
    assert acts(moves=2).plans.approve(AN, first.plan, "nl") == WriteResult("refused", replaced=True)
    assert line.asked("ApprovePaymentPlan") == []


def test_while_an_approval_is_under_way_no_other_call_makes_a_plan(acts: "Acts", line: "Line"):
    """So what the approval has looked at stays the last plan until it is sent."""
    first = acts().plans.request(AN, months=6, monthly=Decimal("205.76"), start=date(2026, 4, 1))
    waiting = Kept()
    with pytest.raises(Pending):
        acts(moves=2, senders=waiting).plans.approve(AN, first.plan, "nl")
    second = acts(call_id="CA2").plans
    assert second.request(AN, months=12, monthly=Decimal("102.88"), start=date(2026, 4, 1)).state == "refused"
    waiting.send()
    assert acts(moves=2).plans.approve(AN, first.plan, "nl").state == "done"
    assert line.asked("SavePaymentPlan") == ["SavePaymentPlan"]


def wish_of(inside: "Inside") -> WriteCommand:
    """What was confirmed and waits to be sent."""
    [waiting] = inside.books.decisions.claim_due(inside.clock.now() + timedelta(minutes=2))
    assert waiting.payload is not None
    return WriteCommand.from_json(waiting.payload)


def test_a_request_knows_every_plan_there_was(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Also those that ended, or one of them might be taken for the new one."""
    shelf = Shelf((agreed("1", None),), ended=(agreed("2", None),))
    monkeypatch.setattr(inside.branch.tagor.plans, "on_file", shelf.plans)
    with pytest.raises(Pending):
        acts(senders=Kept()).plans.request(AN, months=6, monthly=Decimal(9), start=date(2026, 4, 1))
    assert wish_of(inside).before == ("1", "2")


def test_an_approval_names_its_plan(acts: "Acts", inside: "Inside"):
    """Where none was made there is nothing to approve, not even under no name at all."""
    assert acts(senders=Kept()).plans.approve(AN, "", "nl") == WriteResult("refused")
    acts().plans.request(AN, months=6, monthly=Decimal("205.76"), start=date(2026, 4, 1))
    plan = acts().plans.criteria(AN).plan
    with pytest.raises(Pending):
        acts(moves=2, senders=Kept()).plans.approve(AN, plan, "nl")
    wish = wish_of(inside)
    assert (wish.kind, wish.plan, wish.language) == ("approval", plan, "nl")


@pytest.mark.parametrize(
    ("soonest", "day", "found"),
    [
        (date(2026, 1, 31), 31, date(2026, 1, 31)),
        (date(2026, 2, 1), 31, date(2026, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2026, 12, 31), 31, date(2026, 12, 31)),
        (date(2026, 11, 15), 14, date(2026, 12, 14)),
        (date(2024, 2, 29), 30, date(2024, 2, 29)),
        (date(2026, 1, 31), 30, date(2026, 2, 28)),
        (date(2026, 12, 31), 30, date(2027, 1, 30)),
    ],
)
def test_the_next_such_day(soonest: date, day: int, found: date):
    """Of this month or the next; a short month has its last day instead."""
    assert next_day(soonest, day) == found


def test_a_day_that_no_month_has_is_refused():
    """Nobody asked for it with one or two keys."""
    with pytest.raises(ValueError, match="day is out of range"):
        next_day(date(2026, 1, 15), 0)
