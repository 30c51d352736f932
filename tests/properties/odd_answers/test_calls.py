"""One odd value in one field of one answer of Tagor's: calls go on, and nothing untrue is heard or noted."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from odd_stories import (
    BARCODE,
    EFFECTS,
    HOUSE,
    IDENTIFIED,
    NEEDED,
    NOTED,
    NOTED_BY,
    PIN,
    READ_OUT,
    REFERENCE,
    STORIES,
    TOLD_FROM,
    WHOLE,
    Story,
)

from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence, PromptRecognizer
from bridge.simulators.tagor import CASES, Case, FurtherFile
from bridge.simulators.tagor.lines import FILES
from bridge.simulators.tagor.odd_values import ABSENT, ODD_VALUES
from bridge.simulators.tagor.records import Plan
from bridge.tagor_contract import contract_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from random import Random

    from bridge.simulators.provider.phone import Phone
    from tests.shared_line import Line

    Sample = Callable[..., Collection[Any]]

TODAY = date(2026, 3, 4)
RECOGNIZER = PromptRecognizer()
TEMPLATE = replace(CASES[0], before=(), further=(), plan=None)
FURTHER = FurtherFile("", "", "", "314159", Decimal("64.20"), "Parking Oost")
ENDED = {"Colleague.connect", "Colleague.closed_until", "Colleague.nobody"}
"""What leads a caller to a person, or says when there will be one."""
NAMED_BY = 259
"""The parameter by which an office decides how its files name their manager."""


PAST = {
    *('"2025-03-14T00:00:00"', '"2025-03-14 10:20:30"', '"2025-03-14T10:20:30.123"'),
    *('"2025-03-14T10:20:30.123456"', '"2025-03-14T23:30:00Z"', '"2025-03-13T23:30:00Z"'),
    *('"2025-03-14T10:20:30+01:00"', '"2025-03-14T10:20:30.000+01:00"', '"2025-03-14T00:30:00-02:00"'),
    *('"2025-03-30T02:30:00"', '"2025-10-26T02:30:00"'),
}
"""The odd moments of a hearing after which no other one is planned; any other odd one says nothing."""


@pytest.fixture
def generation(story: str) -> str:
    """The generation of Tagor that the story is about."""
    return STORIES[story].generation


@pytest.fixture
def line(open_line: "Callable[..., Line]", monkeypatch: pytest.MonkeyPatch, story: str) -> "Line":
    """The demo's office, as the story wants it."""
    monkeypatch.setenv("TAGOR_CLIENT_ID", "bridge")
    monkeypatch.setenv("TAGOR_CLIENT_SECRET", "stand-in-login")
    return open_line(office=STORIES[story].office)


def endpoint(operation: str) -> str:
    """The contract's name of an operation that this line asks."""
    if "/" in operation:
        return operation
    contract = contract_of("2.00")
    families = ("TagorService", "Dossier", "Actions", "Config", "Code", "Agenda", "Party")
    order = families if not operation.startswith("Send") else families[::-1]
    return next(f"{family}/{operation}" for family in order if f"{family}/{operation}" in contract)


def cells(story: str, rng: "Random") -> "Iterator[tuple[str, str, str, str]]":
    """A story with every odd value in the answers of each of its own operations.

    A field that is told, or that a balance needs, meets every value. Of the others, each value meets one,
    drawn anew in every run: `unit/tagor/test_odd_values.py` proves how each field reads each value.
    """
    contract = contract_of(STORIES[story].generation)
    common = () if story in WHOLE else IDENTIFIED
    told = STORIES[story].read_out.union(*TOLD_FROM.values())
    for operation in (one for one in STORIES[story].asks if one not in common):
        costly = told | NEEDED.get(operation, set())
        fields = contract[endpoint(operation)].response_leaves
        yield from product([story], [operation], [one for one in fields if one in costly], ODD_VALUES)
        if others := [one for one in fields if one not in costly]:
            yield from ((story, operation, rng.choice(others), value) for value in ODD_VALUES)


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
    if story == "other files":
        other = replace(
            FURTHER,
            file=f"64{number:06}",
            file_id=f"{FILES + 64 * 10**6 + number}",
            reference=f"65{number:06}",
        )
        case = replace(case, further=(other,))
    line.tagor.controls.add_case(case)
    line.tagor.controls.parameter(NAMED_BY, "id")
    hearing = {"TimeStampVerschijning": "2031-05-06T09:00:00.000", "Plaats": "Gent"}
    line.tagor.controls.add_row("TDOSVERSCHIJNINGWeb", case.file_id, hearing)
    line.tagor.controls.add_row("TDOSTITELWeb", case.file_id, {"TimeStampTitel": "2024-05-06T00:00:00.000"})
    line.tagor.controls.schedule(case.file_id, "BEZOEK", "2031-05-07T10:00:00")
    return case


def play(line: "Line", case: Case, story: Story) -> "Phone":
    """Ring, prove who calls, go the story's way as long as the line asks, and hang up."""
    story.before(line, case)
    typed = {PIN: case.pin, REFERENCE: f"{case.reference}#", HOUSE: f"{case.house_number}#"}
    typed |= {BARCODE: f"{case.barcode}#"}
    phone = line.phone(case.phone or "").ring().press("1")
    for proof in story.proof:
        phone.press(typed[proof])
    if any(one.prompt == "ByPin.ask_file" for one in sentences(phone, story, last=True)):
        phone.press(f"{case.file}#")
    for key in story.keys:
        listen(phone, story)
        if phone.state == "listening":
            phone.press(typed.get(key, key))
    if phone.state == "recording":
        phone.leave_message(12)
    if phone.state == "recording":
        phone.wait()
    listen(phone, story)
    return phone


def listen(phone: "Phone", story: Story) -> None:
    """Wait for decisions and slow answers, for as long as the line asks for that."""
    for _ in range(12):
        heard = sentences(phone, story, last=True)
        holds = any(one.audio for one in phone.last) or any(one.holds for one in heard)
        if phone.state == "listening" and holds:
            phone.wait()


def sentences(phone: "Phone", story: Story, *, last: bool = False) -> list[HeardSentence]:
    """What words were heard; fails on words that nobody wrote, unless the story has some read out."""
    found = []
    for one in phone.last if last else phone.heard:
        if one.audio:  # the chime, and sounds that fill waits
            continue
        sentence = RECOGNIZER.recognise(one.text, one.language[:2])
        assert sentence is not None or story.read_out, f"nobody wrote this sentence: {one.text}"
        found.append(sentence or HeardSentence(READ_OUT, "text", one.language[:2], one.text))
    return found


def amount(value: str) -> Decimal | None:
    """What a careful reader takes an odd value for, where it stands for an amount; None for no amount."""
    plain = "" if value == ABSENT else str(json.loads(value)).strip()
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
    story = STORIES[name]
    heard = sentences(phone, story)
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
    assert story.goal in prompts or prompts & ENDED or phone.state == "listening", "lost"
    today = line.clock.now().date()
    letter = {"letter_3": "Betaalattest", "letter_3_on": today}
    usual = usual | {RECOGNIZER.say("SentLetters.letter_3", "nl", today, **letter)}
    for one in heard:
        told_from = story.read_out if one.prompt == READ_OUT else TOLD_FROM.get(one.prompt, {field})
        odd = one.part != "text" or field in told_from
        assert odd or one.text in usual, f"untrue: {one.prompt}"
    assert "Court.none" not in prompts or (field == "TimeStampVerschijning" and value in PAST)
    done = {kind: times for (kind, _), times in line.tagor.records.effects(case.file).items()}
    assert all(times == 1 for times in done.values()), f"twice: {done}"
    for prompt, kinds in EFFECTS.items():
        assert prompt not in prompts or set(kinds) & set(done), f"{prompt} was heard, and nothing was done"
    contacts = [row["party_id"] for row in line.tagor.state()["contacts"]].count(case.party_id)
    assert contacts <= 1
    assert contacts or "Contact.done" not in prompts, "a mobile was said to be registered, and is not"
    made = [one.kind for one in line.tagor.records.attachments(case.file)].count("pdf")
    assert made <= 1
    assert made or "Documents.ordered" not in prompts, "a document was said to be ordered, and is not"
    answers = [row["party_id"] for row in line.tagor.state()["solvency"]].count(case.party_id)
    assert answers or "Questionnaire.saved" not in prompts, "answers were said to be saved, and are not"
    if phone.state != "over":
        phone.hang_up()
    line.after(minutes=5)
    notes = " ".join(record.text for record in line.tagor.records.info_lines(case.file))
    read = any(one.read for one in line.tagor.records.messages_to_defendants(case.file))
    assert not read or prompts & {"Messages.part_1", READ_OUT}, "a message was marked that nobody heard"
    for words, said in NOTED.items():
        assert words not in notes or said & prompts, f"noted and not heard: {words}"


def strays(line: "Line", phone: "Phone", story: Story) -> set[str]:
    """Where a story without an odd value leaves its way: a goal not heard, operations asked and not named."""
    if phone.state != "over":
        phone.hang_up()
    line.after(minutes=5)
    asks = {one.rpartition("/")[2] for one in (*story.asks, *(NOTED_BY if story.noted else ()))}
    return {story.goal} - {one.prompt for one in sentences(phone, story)} | (asks ^ set(line.asked()))


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("story", STORIES)
def test_an_odd_value_costs_its_field_and_nothing_else(
    line: "Line", sample: "Sample", rng: "Random", story: str
):
    """Each story meets each odd value in each answer; only what a balance needs may cost the balance."""
    line.tagor.clear_faults()
    every = list(cells(story, rng))
    assert len(every) >= len(ODD_VALUES) >= 200
    undisturbed = play(line, person(line, 0, story), STORIES[story])
    usual = {one.text for one in sentences(undisturbed, STORIES[story])}
    assert strays(line, undisturbed, STORIES[story]) == set()
    for number, cell in enumerate(sample(every, 3), 1):
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
