"""Writes: what certainly had no effect, and which of several new plans is the one that was made."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from conversation_decisions import COMMAND, FILE, PARTY

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.at_most_once.writes import PlanNotLast, had_no_effect, is_visible, write
from bridge.simulators.tagor.solvency import MODEL, QUESTIONNAIRES
from bridge.tagor import AgreedPlan, NotSendable, SavedPlan, TagorError, TagorRefused, TagorUnreachable

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.conftest import Inside

MAIL = WriteCommand("mail", FILE, PARTY, code="SALDO", address="an@example.be;jan@example.be")
APPROVAL = WriteCommand("approval", FILE, PARTY, plan="77", language="nl")
PLANS = "Dossier/GetPaymentPlans"


def shows(monkeypatch: pytest.MonkeyPatch, inside: "Inside", *plans: str) -> None:
    """Let Tagor show these plans (ids), all of the amount that was asked for."""
    shown = tuple(AgreedPlan(plan, Decimal("205.76"), date(2026, 4, 1), None) for plan in plans)
    monkeypatch.setattr(inside.branch.tagor.plans, "on_file", lambda *_, **__: shown)


def test_a_look_that_fails_counts_as_visible(inside: "Inside", tagor: "StandIn"):
    """Nobody can say that the plan is not there, so the request is not called refused."""
    tagor.fault(PLANS, "status", status=500)
    assert is_visible(inside.branch.tagor, COMMAND, inside.clock)
    refused = TagorRefused("TagorService/SavePaymentPlan", "no")
    assert not had_no_effect(inside.branch.tagor, COMMAND, refused, inside.clock)
    tagor.clear_faults()
    assert not is_visible(inside.branch.tagor, COMMAND, inside.clock)
    assert had_no_effect(inside.branch.tagor, COMMAND, refused, inside.clock)


def test_a_document_that_is_there_was_not_refused(inside: "Inside", tagor: "StandIn"):
    """A new one of the ordered name is its effect; one that was there before, or of another name, is not."""
    order, clock = (
        WriteCommand("document", FILE, PARTY, code="9000000000000000852", name="Betaalattest"),
        inside.clock,
    )
    refused = TagorRefused("Document/Generate", "no")
    assert had_no_effect(inside.branch.tagor, order, refused, clock)
    assert write(inside.branch.tagor, order, clock).state == "done"
    assert not had_no_effect(inside.branch.tagor, order, refused, clock)
    [made] = tagor.records.attachments("20230118")
    assert not is_visible(inside.branch.tagor, replace(order, before=(made.id,)), clock)
    assert not is_visible(inside.branch.tagor, replace(order, name="Kopie"), clock)


def test_answers_that_are_there_were_not_refused(inside: "Inside", tagor: "StandIn"):
    """One that Tagor shows is an effect; another answer to the same question is somebody else's."""
    first, second, *_ = QUESTIONNAIRES[MODEL]
    given = WriteCommand("answers", FILE, PARTY, code=MODEL, answers=((first.id, "W1"), (second.id, "true")))
    refused, clock = TagorRefused("SolvencyReport/Save", "no"), inside.clock
    assert had_no_effect(inside.branch.tagor, given, refused, clock)
    with tagor.tagor.database.transaction():
        tagor.tagor.solvency.save(FILE, PARTY or "", first.id, "W2")
    assert not is_visible(inside.branch.tagor, given, clock)
    assert write(inside.branch.tagor, given, clock).state == "done"
    assert not had_no_effect(inside.branch.tagor, given, refused, clock)
    gone = replace(given, answers=(("1", "x"),))
    assert not is_visible(inside.branch.tagor, gone, clock)


@pytest.mark.parametrize(
    ("trouble", "certain"),
    [
        (NotSendable("The mail address cannot be sent to Tagor."), True),
        (TagorUnreachable("Actions/SendMail", "away", sent=False), True),
        (PlanNotLast(replaced=True), True),
        (TagorUnreachable("Actions/SendMail", "no answer"), False),
        (ValueError("an answer that nobody understands"), False),
        (RuntimeError("a mistake of ours"), False),
    ],
)
def test_what_failed_before_sending_certainly_had_no_effect(
    inside: "Inside",
    trouble: Exception,
    certain: bool,  # noqa: FBT001 - a table's column
):
    """Anything else may have been sent."""
    assert had_no_effect(inside.branch.tagor, MAIL, trouble, inside.clock) is certain


def test_an_odd_address_fails_before_sending(inside: "Inside", line: "Line"):
    """Also where an older worker wrote such a command down."""
    with pytest.raises(NotSendable) as told:
        write(inside.branch.tagor, MAIL, inside.clock)
    assert "example" not in str(told.value)
    assert line.asked("SendMail") == []


@pytest.mark.parametrize(("shown", "named"), [(("1", "2"), "2"), (("1", "2", "3"), ""), (("1",), "")])
def test_a_new_plan_is_named_when_it_is_the_only_new_one(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch, shown: tuple[str, ...], named: str
):
    """Of two new plans one is an employee's, and nobody may approve that one."""
    shows(monkeypatch, inside, *shown)
    command = replace(COMMAND, before=("1",))
    assert write(inside.branch.tagor, command, inside.clock).plan == named


def test_a_plan_has_the_months_and_the_amount_that_tagor_made(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """The answer counts, and not what was asked for: a payment may have come in meanwhile."""
    made = SavedPlan(4, Decimal("51.44"))
    monkeypatch.setattr(inside.branch.tagor.plans, "save", lambda *_, **__: made)
    result = write(inside.branch.tagor, COMMAND, inside.clock)
    assert COMMAND.months != made.months
    assert (result.months, result.monthly) == (made.months, made.monthly)


def test_an_approval_is_sent_only_while_its_plan_is_the_last_one(inside: "Inside", line: "Line"):
    """Tagor would approve the last plan, whoever made it."""
    made = write(inside.branch.tagor, COMMAND, inside.clock)
    with pytest.raises(PlanNotLast) as told:
        write(inside.branch.tagor, APPROVAL, inside.clock)
    assert told.value.sent is False
    assert line.asked("ApprovePaymentPlan") == []
    assert write(inside.branch.tagor, replace(APPROVAL, plan=made.plan), inside.clock).state == "done"


def test_an_approval_whose_plan_cannot_be_looked_up_is_not_sent(
    inside: "Inside", tagor: "StandIn", line: "Line"
):
    """The failed look had no effect, whether or not it reached Tagor."""
    tagor.fault("TagorService/GetPaymentPlanCriteria", "reset_after")
    with pytest.raises(TagorError) as told:
        write(inside.branch.tagor, APPROVAL, inside.clock)
    assert told.value.sent is False
    assert line.asked("ApprovePaymentPlan") == []
