"""One odd value in one field of an answer costs that field, or is a `TagorError`: never a wrong fact."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tagor_operations import OPERATIONS, sample_answer
from tagor_questions import Question

from bridge.clock import SYSTEM_CLOCK
from bridge.simulators.tagor import StandIn, corrupted_replies, wire
from bridge.simulators.tagor.odd_values import ABSENT, ODD_VALUES
from bridge.tagor import (
    ActivePlan,
    ApiKey,
    Deadline,
    LookupMiss,
    Medium,
    ProvenFile,
    Tagor,
    TagorError,
    TagorInvalidResponse,
)
from bridge.tagor.operations.callers import CLIP_TO_FILE, PIN_TO_FILE
from bridge.tagor.operations.files import GET_DOS_INFO, GET_SALDO, PAYMENT_INFO
from bridge.tagor.operations.plans import APPROVE_PAYMENT_PLAN, GET_PAYMENT_PLAN_CRITERIA, SAVE_PAYMENT_PLAN
from bridge.tagor.schema.answer import Reply
from bridge.tagor.schema.fields import OFFICE_TIME
from bridge.tagor.schema.operation import Operation
from bridge.tagor_contract import contract_of

CONTRACT = contract_of("2.00")

FILE, PARTY = "9000000000000000001", "9000000000000001001"
MARK = "@odd@"
# What a careful reader takes these values for; any other odd value is no amount, no day and no moment.
AMOUNTS = {
    written: amount
    for amount, spellings in {
        "0": ("0", "0.0", "-0.0", "1e-7", "0.001", '"0"', '"0,00"', '"0.00"', '"-0,00"', '"-0"'),
        "0.01": ("0.005",),
        "1": ("1", "0.1e1", '"1"'),
        "-1": ("-1",),
        "2.68": ("2.675",),
        "12.35": ("12.345", '"12.3456"'),
        "-18.75": ('"-18.75"',),
        "83.33": ("83.33333", '"83.33333"'),
        "100": ("1e2", "1E+2"),
        "318": ("318", '"318"'),
        "318.07": (
            *("318.07", "318.07000000000005", "318.06999999999994", '"318.07"', '" 318.07"', '"318.07\\n"'),
            *('"\\t318,07"', '"\\u00a0318.07"', '"318,07"', '"318.070"', '"318,070"', '"0318.07"'),
            *('"000318,07"', '"318.07000000000005"'),
        ),
        "-318.07": ("-318.07", '"-318,07"'),
        "318.7": ("318.7", '"318.7"', '"318,7"'),
        "1234.56": ('"1234.56"', '"1234,56"'),
        "1234.57": ('"1234,567"',),
        "1318.5": ('"1318.500"',),
        "2025": ('"2025"',),
        "45730": ("45730",),
        "45730.5": ("45730.5",),
        "1234567.89": ("1234567.89",),
        "10000000": ("10000000", '"10000000"'),
    }.items()
    for written in spellings
}
THE_14TH = date(2025, 3, 14)
MORNING = datetime(2025, 3, 14, 10, 20, 30, tzinfo=OFFICE_TIME)
MOMENTS = {
    '"2025-03-14T00:00:00"': datetime(2025, 3, 14, tzinfo=OFFICE_TIME),
    '"2025-03-14 10:20:30"': MORNING,
    '"2025-03-14T10:20:30+01:00"': MORNING,
    '"2025-03-14T10:20:30.000+01:00"': MORNING,
    '"2025-03-14T10:20:30.123"': MORNING.replace(microsecond=123000),
    '"2025-03-14T10:20:30.123456"': MORNING.replace(microsecond=123456),
    '"2025-03-14T23:30:00Z"': datetime(2025, 3, 15, 0, 30, tzinfo=OFFICE_TIME),
    '"2025-03-13T23:30:00Z"': datetime(2025, 3, 14, 0, 30, tzinfo=OFFICE_TIME),
    '"2025-03-14T00:30:00-02:00"': datetime(2025, 3, 14, 3, 30, tzinfo=OFFICE_TIME),
    '"2025-03-30T02:30:00"': datetime(2025, 3, 30, 2, 30, tzinfo=OFFICE_TIME),
    '"2025-10-26T02:30:00"': datetime(2025, 10, 26, 2, 30, tzinfo=OFFICE_TIME),
}
DAYS = {written: moment.date() for written, moment in MOMENTS.items()} | {
    '"2025-03-14"': THE_14TH,
    '" 2025-03-14 "': THE_14TH,
    '"2025-03-14T10:20"': THE_14TH,
    '"2024-02-29"': date(2024, 2, 29),
    '"2000-01-01"': date(2000, 1, 1),
    '"2099-12-31"': date(2099, 12, 31),
}


def reply(operation: Operation[Any], content: object, odd: str = "") -> Reply:
    """An answer with the odd value, as JSON text, at the marked place."""
    text = json.dumps({"response": content})
    return Reply(operation.path, 200, text.replace(json.dumps(MARK), odd).encode(errors="surrogatepass"))


def oddly(content: Any, name: str, odd: str) -> Any:  # noqa: ANN401 - JSON is anything
    """The same content with the field marked, or taken out."""
    if isinstance(content, list):
        return [oddly(inner, name, odd) for inner in content]
    if not isinstance(content, dict):
        return content
    told = {key: MARK if key == name else oddly(inner, name, odd) for key, inner in content.items()}
    return {key: inner for key, inner in told.items() if not (odd == ABSENT and inner == MARK)}


def facts_in(told: object) -> Iterator[object]:
    """Every amount and every day in what the client tells."""
    if isinstance(told, tuple):
        for one in told:
            yield from facts_in(one)
    elif is_dataclass(told):
        for field in fields(told):
            yield from facts_in(getattr(told, field.name))
    elif isinstance(told, (Decimal, datetime, date)):
        yield told


def changed(told: object, plain: object) -> list[str]:
    """The fields in which what the client tells differs, where it still tells the same kind of thing."""
    if isinstance(told, tuple) and isinstance(plain, tuple):
        return [name for one, other in zip(told, plain, strict=False) for name in changed(one, other)]
    if not is_dataclass(told) or type(told) is not type(plain):
        return []
    return [one.name for one in fields(told) if getattr(told, one.name) != getattr(plain, one.name)]


def test_there_are_two_hundred_odd_values():
    """Each once, and every one that is read as an amount, a day or a moment is among them."""
    assert len(ODD_VALUES) == len({*ODD_VALUES}) >= 200
    assert {*AMOUNTS, *DAYS, *MOMENTS} <= {*ODD_VALUES}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.path)
def test_an_odd_value_costs_one_field_at_most(operation: Operation[Any]):
    """Every field of every answer x every odd value: no other error, no untrue amount or day.

    No other field suffers. An amount of 0 is what a lowest amount is where Tagor names none.
    """
    content = sample_answer(operation)
    plain = operation.answer(reply(operation, content))
    for name in CONTRACT[operation.path].response_leaves:
        for odd in ODD_VALUES:
            try:
                told = operation.answer(reply(operation, oddly(content, name, odd), odd))
            except TagorError:
                continue
            known = {
                *facts_in(plain),
                Decimal(0),
                Decimal(AMOUNTS.get(odd, "0")),
                DAYS.get(odd),
                MOMENTS.get(odd),
            }
            assert not [fact for fact in facts_in(told) if fact not in known], (name, odd)
            assert len(changed(told, plain)) <= 1, (name, odd, changed(told, plain))


def answered(operation: Operation[Any], **odd: object) -> Any:  # noqa: ANN401 - as the operation reads it
    """The answer to an operation with some fields replaced by these values, or taken out."""
    content = sample_answer(operation) | odd
    return operation.answer(reply(operation, {name: v for name, v in content.items() if v != ABSENT}))


@pytest.mark.parametrize("creditor", ["", None, 1.5, []])
def test_a_file_without_a_creditor_still_tells_its_payments(creditor: object):
    """B1: an empty, missing or odd name of the creditor costs that name only."""
    told = answered(GET_DOS_INFO, Aanlegger=creditor)
    assert (told.creditor, told.last_payment.amount) == ("", Decimal(12))


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1899-12-30", "9999-12-31", "14/03/2025", "2025-02-30", "", None, 20250314]
)
def test_a_day_that_is_none_costs_its_payment_only(day: object):
    """B2: a placeholder, an ambiguous or an impossible day; the rest of the file is told."""
    told = answered(GET_DOS_INFO, DatumLtstBet=day)
    assert (told.last_payment, told.creditor) == (None, "1")
    assert told.unconfirmed_payment.date == date(2026, 1, 31)


@pytest.mark.parametrize("amount", [0, "0.00", -12, None, "1.234"])
def test_nothing_paid_is_no_payment(amount: object):
    """B2: a day without an amount, with an amount of nothing, or with an ambiguous one."""
    assert answered(GET_DOS_INFO, BedragLtstBet=amount).last_payment is None


@pytest.mark.parametrize("written", ["1.234", "1.500", "1.234,56", "1,234.56", 318.075, "", None, True])
def test_an_ambiguous_balance_is_no_balance(written: object):
    """B5: what may be thousands is never told, and nothing else decides what is owed."""
    with pytest.raises(TagorInvalidResponse) as caught:
        answered(GET_SALDO, Saldo=written)
    assert caught.value.answered


@pytest.mark.parametrize("party", [None, "", "0", "x", [], ABSENT])
def test_a_pin_that_opens_a_file_identifies_without_a_party_too(party: object):
    """B7: no party is no refusal, and never taken for one."""
    content = sample_answer(PIN_TO_FILE) | {"TPAR_Id": party, "Success": True, "TDOS_Id": f" {FILE} "}
    if party == ABSENT:
        del content["TPAR_Id"]
    assert PIN_TO_FILE.answer(reply(PIN_TO_FILE, content)) == ProvenFile(FILE, None)


@pytest.mark.parametrize("kind", ["v", " V "])
def test_a_hint_needs_no_party(kind: str):
    """B5: the kind of party in another letter case, and one of two files that cannot be read."""
    rows = [{"TDOS_ID": "1", "Dossiernaam": "20230118"}, {"TDOS_ID": None, "Dossiernaam": "20230219"}]
    tables = {"dsClipToFileDossiers": {"ttClipToFileDossiers": rows}}
    told = answered(CLIP_TO_FILE, Partijtype=kind, TPAR_Id="0", Taal="FRN", dsClipToFileDossiers=tables)
    assert (told.party, told.language, [file.name for file in told.files]) == (None, "fr", ["20230118"])


def test_a_plan_that_runs_is_told_to_run_whatever_its_terms():
    """B5, B6: a monthly amount that is a quotient is rounded; a plan of nothing a month is no plan."""
    assert answered(PAYMENT_INFO, Maandbedrag=83.33333, Achterstand=0) == ActivePlan(
        Decimal("83.33"), Decimal(0)
    )
    for odd in ("1.234", None, -5):
        assert answered(PAYMENT_INFO, Maandbedrag=odd).monthly is None
    for nothing in (0, "0", " 0,00 ", 0.001):
        assert answered(PAYMENT_INFO, Maandbedrag=nothing) is None


def test_criteria_without_a_limit_still_offer_their_terms():
    """B5: `BedragMax` absent, one term that cannot be read; the other one is offered."""
    content = sample_answer(GET_PAYMENT_PLAN_CRITERIA) | {"Termijn1": "x", "Termijn2": 6, "Bedrag2": 83.33333}
    del content["BedragMax"]
    told = GET_PAYMENT_PLAN_CRITERIA.answer(reply(GET_PAYMENT_PLAN_CRITERIA, content))
    assert [(term.months, term.monthly) for term in told.terms] == [(6, Decimal("83.33"))]
    assert (told.longest, told.lowest) == (12, 0)


def test_a_plan_is_saved_as_tagor_says_or_nobody_knows():
    """An instalment is rounded; terms that cannot be read leave the write unclear, never done."""
    assert answered(SAVE_PAYMENT_PLAN, Bedrag="83.33333", Periodes="12").monthly == Decimal("83.33")
    with pytest.raises(TagorInvalidResponse):
        answered(SAVE_PAYMENT_PLAN, Bedrag="1.234")


@pytest.mark.parametrize(("written", "meant"), [("sms", Medium.SMS), (" EMAIL", Medium.EMAIL), ("FAX", None)])
def test_an_approval_stands_however_it_is_confirmed(written: str, meant: Medium | None):
    """How Tagor confirms a plan is a field of its own: an unknown one takes nothing back."""
    assert answered(APPROVE_PAYMENT_PLAN, Medium=written) is meant


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def asked(standin: StandIn) -> Iterator[Tagor]:
    """A client of the simulated Tagor, whose faults are gone after the test."""
    tagor = Tagor(standin.url, ApiKey(standin.key), allow_http=True, clock=SYSTEM_CLOCK)
    yield tagor
    standin.clear_faults()
    tagor.close()


@pytest.mark.parametrize("fault", ["gzip", "rows_unwrapped", "names_in_lower_case"])
def test_a_whole_answer_in_another_form_says_the_same(standin: StandIn, asked: Tagor, fault: str):
    """B5: packed although nobody asked, one row without its array, names in another letter case."""

    def everything() -> list[object]:
        by = Deadline(SYSTEM_CLOCK, 20)
        return [
            asked.callers.by_number("+32470000001", deadline=by),
            asked.callers.by_pin("20230118", "482193", deadline=by),
            asked.files.facts(FILE, PARTY, deadline=by),
            asked.files.balance(FILE, deadline=by),
            asked.plans.criteria(FILE, PARTY, deadline=by),
            asked.plans.on_file(FILE, active_only=False, deadline=by),
            asked.notifications.contacts(PARTY, deadline=by),
            asked.office.facts(deadline=by),
        ]

    plain = everything()
    standin.fault("*", fault)
    assert everything() == plain
    assert LookupMiss.NOT_FOUND not in plain


@pytest.mark.parametrize(("odd", "meant"), [('" 318.070 "', "318.07"), ("318.07000000000005", "318.07")])
def test_the_simulated_tagor_puts_odd_values_into_one_field(
    standin: StandIn, asked: Tagor, odd: str, meant: str
):
    """The fault that rehearsals use changes the field it names, on the wire, and no other."""
    standin.fault("TagorService/GetSaldo", "replace_fields", names=["Saldo"], value=odd)
    assert asked.files.balance(FILE, deadline=Deadline(SYSTEM_CLOCK, 20)) == Decimal(meant)
    standin.fault("TagorService/GetDosInfo", "replace_fields", names=["Aanlegger"], value=ABSENT)
    facts = asked.files.facts(FILE, PARTY, deadline=Deadline(SYSTEM_CLOCK, 20))
    assert (facts.creditor, facts.name) == ("", "20230118")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("br", b"{}"), ("gzip", b"no gzip"), ("gzip", gzip.compress(b'{"response": {}}', mtime=0)[:-9])],
    ids=("unknown", "unpacked", "cut"),
)
def test_a_body_that_cannot_be_unpacked_is_no_answer(
    standin: StandIn, asked: Tagor, monkeypatch: pytest.MonkeyPatch, encoding: str, body: bytes
):
    """Packed another way, no packed body at all, or one that breaks off."""
    odd = wire.HttpResponse(body=body, headers={"Content-Encoding": encoding})
    monkeypatch.setitem(corrupted_replies.SPOILED, "gzip", lambda *_: odd)
    standin.fault("TagorService/GetSaldo", "gzip")
    with pytest.raises(TagorInvalidResponse):
        asked.files.balance(FILE, deadline=Deadline(SYSTEM_CLOCK, 20))


def test_a_field_that_decides_the_meaning_is_never_guessed(question: Question):
    """Each needed field in turn is left out, or is what it cannot be: no success, and no empty list."""
    [operation] = [one for one in OPERATIONS if one.path == question.path][:1]
    for name in (*(["Success"] if question.is_service else []), *question.required):
        for wrong in (None, [], {}, [{}], "?", ABSENT):
            content = {key: value for key, value in question.content.items() if key != name}
            if wrong != ABSENT:
                content[name] = wrong
            with pytest.raises(TagorInvalidResponse):
                operation.answer(reply(operation, content))


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("StatusId", "status"),
        ("StadiumId", "stage"),
        ("StopstatusId", "stop_status"),
        ("AlarmstatusId", "alarm_status"),
    ],
)
def test_a_state_that_is_not_said_is_not_taken_for_none(state: str, name: str):
    """It may be one that stops a plan; Tagor writes no state as an empty text or as null."""
    told = [getattr(answered(GET_DOS_INFO, **{state: odd}), name) for odd in (ABSENT, [], "", None)]
    assert told == [None, None, "", ""]


@pytest.mark.parametrize(
    ("day", "amount", "never"),
    [
        ("", 0, True),
        (None, "0", True),
        ("0000-00-00", "0,00", True),
        ("1899-12-30", "", False),
        (None, None, False),
        (ABSENT, 0, False),
        ("", ABSENT, False),
        ("", 75.5, False),
        ("14/03/2025", 0, False),
        ("2025-03-14", 75.5, False),
        ("", "1.234", False),
    ],
)
def test_only_an_empty_day_and_no_euro_say_that_nothing_was_ever_paid(
    day: object, amount: object, *, never: bool
):
    """An answer that is empty altogether says nothing: who paid would hear that nothing came in."""
    assert answered(GET_DOS_INFO, DatumLtstBet=day, BedragLtstBet=amount).never_paid is never
