"""One odd value in one field of one answer of Tagor's: calls go on, and nothing untrue is heard or noted."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence, PromptRecognizer
from bridge.simulators.tagor import CASES, Case
from bridge.simulators.tagor.lines import FILES
from bridge.simulators.tagor.odd_values import ODD_VALUES
from bridge.simulators.tagor.records import Plan
from bridge.tagor_contract import contract_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from bridge.simulators.provider.phone import Phone
    from tests.shared_line import Line

    Sample = Callable[..., Collection[Any]]

CONTRACT = contract_of("2.00")

TODAY = date(2026, 3, 4)
RECOGNIZER = PromptRecognizer()
TEMPLATE = replace(CASES[0], before=(), further=(), plan=None)
ENDED = {"Colleague.connect", "Colleague.closed_until", "Colleague.nobody"}
"""What leads a caller to a person, or says when there will be one."""
BARCODE = "BARCODE"
"""Stands for the number under the barcode of the caller's letter."""
SLIPS = {"# pin_scheme = true": "pin_scheme = true", "# slips = true": "slips = true"}
NAMED_BY = 259
"""The parameter by which an office decides how its files name their manager."""


@dataclass(frozen=True)
class Story:
    """What a caller keys in after the PIN, what they hear in the end, and the operations asked on the way."""

    keys: "Sequence[str]"
    goal: str
    asks: tuple[str, ...]


IDENTIFIED = (
    *("ClipToFile", "KantoorOpen", "PinToFile", "GetDosInfo", "GetSaldo", "PaymentInfo"),
    "Message/GetListFilter",
)
NOTED_BY = ("CreateInfoLine",)
"""What is asked after every call; the story of the balance meets its odd answers."""
STORIES = {
    "balance": Story("", "Balance.tell", (*IDENTIFIED, *NOTED_BY)),
    "plan": Story(
        "2111",
        "Confirmation.by_sms",
        (*IDENTIFIED, "GetPaymentPlanCriteria", "GetPaymentPlans", "SavePaymentPlan", "ApprovePaymentPlan"),
    ),
    "text": Story("1111", "Post.sent", (*IDENTIFIED, "Version", "SendSms")),
    "mail": Story("1121", "Post.sent", (*IDENTIFIED, "Version", "SendMail")),
    "person": Story("0", "Colleague.connect", (*IDENTIFIED, "User/Get", "SetUserDossier")),
    "running": Story("2", "RunningPlan.on_time", (*IDENTIFIED, "GetPaymentPlans")),
    "paid": Story("13", "Paid.days", IDENTIFIED),
    "details": Story(
        "31",
        "Details.manager",
        (
            *(*IDENTIFIED, "GetBalances", "GetDescription", "GetAppearance", "GetTitle", "User/Get"),
            *(
                "Dossier/GetAgenda",
                "Code/GetList",
                "Document/GetMergefield",
                "Config/GetRequestableDocuments",
            ),
        ),
    ),
    "copy": Story(
        "32141",
        "Post.sent",
        (
            *(*IDENTIFIED, "Config/GetRequestableDocuments", "GetDescription"),
            *("SelfServiceAllowed", "Version", "SendMail"),
        ),
    ),
    "call back": Story("333211", "CallBack.told", (*IDENTIFIED, "GetAddresses", "Version", "CreateAgenda")),
    "mobile": Story(
        ("3", "3", "2", "0471234567#", "1"),
        "Contact.done",
        (*IDENTIFIED, "GetAddresses", "GetContactDetails", "Version", "AddContactDetail"),
    ),
    "slip": Story(("1", "4", BARCODE), "Slip.amount", (*IDENTIFIED, "ScanBarcode", "GetLines")),
}
NEEDED = {"PinToFile": {"Success", "TDOS_Id", "Error"}, "GetSaldo": {"Success", "Saldo", "Error"}}
"""The fields without which no balance can be told; every other one may cost itself only."""
EFFECTS = {
    "Agreement.agree": ("plan",),
    "Confirmation.by_sms": ("approval",),
    "Confirmation.by_mail": ("approval",),
    "Confirmation.by_none": ("approval",),
    "Post.sent": ("text", "mail"),
}
"""What Tagor must have done when these words are heard."""
NOTED = {
    "Saldo meegedeeld": {"Balance.tell", "Balance.settled", "Balance.credit"},
    "plan aangevraagd: ": {"Agreement.agree"},
    "plan goedgekeurd": {"Confirmation.by_sms", "Confirmation.by_mail", "Confirmation.by_none"},
    "verstuurd": {"Post.sent"},
}
"""What a note may say, by the words one of which the caller must have heard."""
TOLD_FROM = {
    "Received.paid": {"DatumLtstBet", "BedragLtstBet"},
    "Received.expected": {"DatumLtstOnbvBet", "BedragLtstOnbvBet"},
    "Received.never": set(),
    "Payments.running": {"Datum1stePeriode"},
    "Payments.on_time": {"Maandbedrag", "Achterstand"},
    "Payments.behind": {"Maandbedrag", "Achterstand"},
    "RunningPlan.on_time": {"Maandbedrag", "Achterstand"},
    "RunningPlan.behind": {"Maandbedrag", "Achterstand"},
    "Details.parts": {"Bedrag"},
    "Details.charges": {"Bedrag"},
    "Details.status": {"StatusId", "Omschrijving"},
    "Details.reached": {"StadiumId", "StatusId", "Omschrijving"},
    "Court.hearing": {"TimeStampVerschijning", "Plaats", "TQRB_Id", "TQKAMER_Id", "Omschrijving"},
    "Court.day_only": {"TimeStampVerschijning", "Plaats", "TQRB_Id", "Omschrijving"},
    "Court.judgment": {"TimeStampTitel", "TQRB_Id", "TQKAMER_Id", "Omschrijving"},
    "Court.judged": {"TimeStampTitel", "TQRB_Id", "Omschrijving"},
    "Planned.timed": {"TimeStampScheduled", "Omschrijving"},
    "Planned.some_day": {"TimeStampScheduled", "Omschrijving"},
    "Details.manager": {"name"},
    "Slip.amount": {"Bedrag"},
}
"""What is told as it stands in Tagor, and the odd fields that may make it another sentence than usual."""
PAST = {'"2025-03-14T00:00:00"', '"2025-03-14T23:30:00Z"', '"2025-03-14 10:20:30"'}
"""The odd moments of a hearing after which no other one is planned; any other odd one says nothing."""


@pytest.fixture
def line(open_line: "Callable[..., Line]", story: str) -> "Line":
    """The demo's office; where slips are asked for, it reads them out."""
    return open_line(office=SLIPS if story == "slip" else None)


def endpoint(operation: str) -> str:
    """The contract's name of an operation that this line asks."""
    if "/" in operation:
        return operation
    families = ("TagorService", "Dossier", "Actions", "Config", "Code", "Agenda", "Party")
    order = families if not operation.startswith("Send") else families[::-1]
    return next(f"{family}/{operation}" for family in order if f"{family}/{operation}" in CONTRACT)


def cells(story: str) -> "Iterator[tuple[str, str, str, str]]":
    """A story with every response field of its operations and every odd value."""
    for operation in STORIES[story].asks:
        fields = CONTRACT[endpoint(operation)].response_leaves
        yield from product([story], [operation], fields, ODD_VALUES)


def person(line: "Line", number: int, story: str) -> Case:
    """A defendant of this cell's own, whom no other cell has told anything about."""
    running = Plan(Decimal("80.00"), months=40, start=date(2024, 9, 5))
    case = replace(
        TEMPLATE,
        plan=running if story == "running" else None,
        phone=f"+3247{2000000 + number}",
        file=f"61{number:06}",
        file_id=f"{FILES + 61 * 10**6 + number}",
        party_id=f"{62 * 10**10 + number}",
        reference=f"63{number:06}",
        email=f"p{number}@example.be",
    )
    line.tagor.controls.add_case(case)
    line.tagor.controls.parameter(NAMED_BY, "id")
    hearing = {"TimeStampVerschijning": "2031-05-06T09:00:00.000", "Plaats": "Gent"}
    line.tagor.controls.add_row("TDOSVERSCHIJNINGWeb", case.file_id, hearing)
    line.tagor.controls.add_row("TDOSTITELWeb", case.file_id, {"TimeStampTitel": "2024-05-06T00:00:00.000"})
    line.tagor.controls.schedule(case.file_id, "BEZOEK", "2031-05-07T10:00:00")
    return case


def play(line: "Line", case: Case, story: Story) -> "Phone":
    """Ring, prove who calls, go the story's way as long as the line asks, and hang up."""
    phone = line.phone(case.phone or "").ring().press("1").press(case.pin)
    if any(one.prompt == "ByPin.ask_file" for one in sentences(phone, last=True)):
        phone.press(f"{case.file}#")
    for key in story.keys:
        if phone.state == "listening":
            phone.press(f"{case.barcode}#" if key == BARCODE else key)
    for _ in range(12):  # decisions and slow answers are waited for
        holds = any(one.audio for one in phone.last) or any(one.holds for one in sentences(phone, last=True))
        if phone.state == "listening" and holds:
            phone.wait()
    return phone


def sentences(phone: "Phone", *, last: bool = False) -> list[HeardSentence]:
    """What words were heard; fails on words that nobody wrote."""
    found = []
    for one in phone.last if last else phone.heard:
        if one.audio:  # the chime, and sounds that fill waits
            continue
        sentence = RECOGNIZER.recognise(one.text, one.language[:2])
        assert sentence is not None, f"nobody wrote this sentence: {one.text}"
        found.append(sentence)
    return found


def amount(value: str) -> Decimal | None:
    """What a careful reader takes an odd value for, where it stands for an amount; None for no amount."""
    plain = value.strip('"').strip()
    try:
        read = Decimal(plain.replace(",", ".") if plain.count(",") + plain.count(".") == 1 else plain)
    except ArithmeticError:
        return None
    return read.quantize(Decimal("0.01")) if read.is_finite() and abs(read) < 10**8 else None


def judge(line: "Line", case: Case, phone: "Phone", cell: tuple[str, str, str, str], usual: set[str]) -> None:
    """Check that the call was carried as far as it could be, and that all it said and left is true.

    `usual` are the sentences of the same story without any odd value.
    """
    name, operation, field, value = cell
    heard = sentences(phone)
    prompts = {one.prompt for one in heard if one.part == "text"}
    assert phone.faults == []
    if field not in NEEDED.get(operation, set()):
        told = [one for one in heard if one.prompt == "Balance.tell" and one.part == "text"]
        assert told, "the balance was lost"
        balance = RECOGNIZER.say("Balance.tell", told[0].language, TODAY, owed=case.balance)
        assert {one.text for one in told} == {balance}, "another balance was told than Tagor's"
    elif field == "Saldo" and "Balance.tell" in prompts:
        read = amount(value)
        assert read is not None, "what is no amount was told"
        languages = {one.language for one in heard if one.prompt == "Balance.tell"}
        spoken = {RECOGNIZER.say("Balance.tell", one, TODAY, owed=abs(read)) for one in languages}
        assert {one.text for one in heard if one.prompt == "Balance.tell"} == spoken
    assert STORIES[name].goal in prompts or prompts & ENDED or phone.state == "listening", "lost"
    for one in heard:
        odd = one.part != "text" or field in TOLD_FROM.get(one.prompt, {field})
        assert odd or one.text in usual, f"untrue: {one.prompt}"
    assert "Court.none" not in prompts or (field == "TimeStampVerschijning" and value in PAST)
    done = {kind: times for (kind, _), times in line.tagor.records.effects(case.file).items()}
    assert all(times == 1 for times in done.values()), f"twice: {done}"
    for prompt, kinds in EFFECTS.items():
        assert prompt not in prompts or set(kinds) & set(done), f"{prompt} was heard, and nothing was done"
    contacts = [row["party_id"] for row in line.tagor.state()["contacts"]].count(case.party_id)
    assert contacts <= 1
    assert contacts or "Contact.done" not in prompts, "a mobile was said to be registered, and is not"
    if phone.state != "over":
        phone.hang_up()
    line.after(minutes=5)
    notes = " ".join(record.text for record in line.tagor.records.info_lines(case.file))
    for words, said in NOTED.items():
        assert words not in notes or said & prompts, f"noted and not heard: {words}"


def reaches_its_goal(line: "Line", phone: "Phone", story: Story) -> bool:
    """Tell whether a story without an odd value goes its way, and asks nothing whose answers stay even."""
    if phone.state != "over":
        phone.hang_up()
    line.after(minutes=5)
    asks = {one.rpartition("/")[2] for one in (*story.asks, *NOTED_BY)}
    return story.goal in {one.prompt for one in sentences(phone)} and asks == set(line.asked())


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("story", STORIES)
def test_an_odd_value_costs_its_field_and_nothing_else(line: "Line", sample: "Sample", story: str):
    """Each story meets each odd value in each field; only what a balance needs may cost the balance."""
    line.tagor.clear_faults()
    every = list(cells(story))
    assert len(every) > 2_000
    undisturbed = play(line, person(line, 0, story), STORIES[story])
    usual = {one.text for one in sentences(undisturbed)}
    assert reaches_its_goal(line, undisturbed, STORIES[story])
    for number, cell in enumerate(sample(every, 4), 1):
        _, operation, field, value = cell
        case = person(line, number, story)
        line.tagor.fault(endpoint(operation), "replace_fields", names=[field], value=value)
        try:
            judge(line, case, play(line, case, STORIES[story]), cell, usual)
        except Exception as failure:
            failure.add_note(f"{story}: {operation}.{field} = {value}")
            raise
        line.tagor.clear_faults()
        line.clock.move(hours=25)
