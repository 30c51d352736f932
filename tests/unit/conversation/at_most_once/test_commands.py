"""Wishes: what was confirmed comes out of the journal as it went in, and blocks what it must block."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import structlog

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.at_most_once.reconciler import CENT, fits
from bridge.store.decision import CHECK_SCHEDULE, Decision, DecisionState, next_check_at
from bridge.tagor import AgreedPlan
from voice_flows.answers import WriteResult

PLAN_SENT = datetime(2026, 3, 4, 10, tzinfo=UTC)
PLAN = WriteCommand(
    "plan",
    "17",
    "18",
    months=6,
    monthly=Decimal("205.76"),
    expected=Decimal("205.75"),
    start=date(2026, 4, 1),
    before=("1", "2"),
    phone="+32470000001",
)
TEXT = WriteCommand(
    "text", "17", None, code="SALDO", address="+32470000001", twin=True, language="fr", plan="9"
)

ANSWERS = WriteCommand("answers", "17", "18", code="861", answers=(("1", "W1"), ("2", "0.00")))


@pytest.mark.parametrize(
    "command",
    [
        PLAN,
        TEXT,
        ANSWERS,
        WriteCommand("mail", "17", "18"),
        replace(PLAN, months=None, before=()),
    ],
)
def test_a_wish_survives_the_journal(command: WriteCommand):
    """With every part it has, and of the same kind."""
    assert WriteCommand.from_json(command.to_json()) == command


def test_a_wish_of_a_newer_version_is_read():
    """After a roll-back: what only that version knows is left out, and the wish is reconciled as ever."""
    told = json.loads(PLAN.to_json()) | {"tomorrow": "new"}
    assert WriteCommand.from_json(json.dumps(told).encode()) == PLAN


def test_a_wish_of_an_older_version_is_read():
    """What it did not know yet is as empty as in a wish that has none of it."""
    told = json.loads(PLAN.to_json())
    del told["answers"], told["name"], told["twin"]
    assert WriteCommand.from_json(json.dumps(told).encode()) == PLAN


def test_a_wish_keeps_the_names_of_its_call_for_the_log():
    """Whoever settles it hours later logs under the call that it came from."""
    with structlog.contextvars.bound_contextvars(call="0a1b2c3d4e5f6071", turn=3):
        written = PLAN.to_json()
    assert json.loads(written)["log"] == {"call": "0a1b2c3d4e5f6071", "turn": 3}


@pytest.mark.parametrize(
    "came",
    [
        WriteResult("done", 6, Decimal("205.76"), "sms", "8801"),
        WriteResult("refused"),
        WriteResult("unclear", medium="mail"),
    ],
)
def test_what_came_of_it_survives_the_journal(came: WriteResult):
    """And is told as it was."""
    assert WriteResult.from_json(came.to_json()) == came


def test_nothing_is_told_of_what_did_not_come():
    """No months, no amount, no text, no plan."""
    assert WriteResult("refused") == WriteResult("refused", 0, Decimal(0), "none", "")


def test_nothing_is_sent_of_what_was_not_wished():
    """No plan, no language, no number, no template, no name, no address."""
    bare = WriteCommand("plan", "17", None)
    assert (bare.plan, bare.language, bare.phone, bare.code, bare.name, bare.address) == ("",) * 6
    assert not bare.twin


def test_a_plan_blocks_its_whole_file_and_a_text_its_own_like():
    """Two plans on a file end each other; two different texts do not."""
    assert [replace(PLAN, kind=kind).subject for kind in ("plan", "approval")] == ["17", "17"]
    assert ANSWERS.subject != replace(ANSWERS, party="19").subject
    assert (TEXT.subject, replace(TEXT, kind="mail").subject) == ("17 text SALDO", "17 mail SALDO")


def test_a_contact_blocks_the_partys_very_number_whichever_file_the_call_is_about():
    """So that two calls about two files register a mobile once."""
    contact = replace(TEXT, kind="contact", party="18")
    assert contact.subject == replace(contact, file="19").subject == "18 contact +32470000001"


def test_a_wish_is_not_shown():
    """A report of an error quotes none of it."""
    assert "205" not in repr(PLAN)


@pytest.mark.parametrize(
    ("told", "expected", "fitting"),
    [
        ("205.75", "205.75", True),
        ("205.76", "205.75", True),
        ("205.74", "205.75", True),
        ("205.77", "205.75", False),
        ("205.73", "205.75", False),
    ],
)
def test_a_plan_fits_but_for_tagors_rounding(told: str, expected: str, fitting: bool):  # noqa: FBT001
    """One cent either way."""
    plan = AgreedPlan("1", Decimal(told), None, None)
    assert fits(plan, replace(PLAN, expected=Decimal(expected))) is fitting
    assert not fits(plan, replace(PLAN, expected=None))
    assert not fits(replace(plan, monthly=None), replace(PLAN, expected=Decimal(expected)))
    assert Decimal("0.01") == CENT


def test_looking_is_dense_at_first_and_goes_on_for_a_quarter_of_an_hour():
    """Three looks within five seconds, then one a minute."""
    seconds = [look.total_seconds() for look in CHECK_SCHEDULE]
    assert seconds[:4] == [0.5, 2, 5, 60]
    assert seconds[4:] == [60 * minute for minute in range(2, 16)]


def test_each_look_has_its_moment():
    """Counted from the sending; after the last there is none."""
    sent = PLAN_SENT
    assert [next_check_at(sent, checks) for checks in (0, 1, len(CHECK_SCHEDULE) - 1)] == [
        sent + CHECK_SCHEDULE[0], sent + CHECK_SCHEDULE[1], sent + CHECK_SCHEDULE[-1],
    ]  # fmt: skip
    assert next_check_at(sent, len(CHECK_SCHEDULE)) is None


def decision(**changes: object) -> Decision:
    parts: dict[str, object] = {
        "office": "gent",
        "kind": "plan",
        "state": DecisionState.UNKNOWN,
        "opened_at": PLAN_SENT,
        "sent_at": PLAN_SENT,
        "settled_at": None,
        "id": "1",
        "checks": 0,
        "claim": None,
        "payload": b"secret payload",
        "result": b"secret result",
    }
    return Decision(**parts | changes)  # type: ignore[arg-type]


def test_an_employee_has_it_when_looking_is_over():
    """To the microsecond; at once for what was never sent."""
    assert decision().is_late(PLAN_SENT + CHECK_SCHEDULE[-1])
    assert not decision().is_late(PLAN_SENT + CHECK_SCHEDULE[-1] - CHECK_SCHEDULE[0])
    assert decision(sent_at=None).is_late(PLAN_SENT)
    assert "secret" not in repr(decision())
