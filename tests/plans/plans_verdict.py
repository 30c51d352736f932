"""What must hold in every cell, whatever went wrong: judged by Tagor's books, the journal and the caller's ears."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from plans_caller import AGREE, OWN_AMOUNT, READ_BACK, Caller, Word
from plans_provider import Repeated

from bridge.speech import SAYERS
from bridge.standin import Plan
from bridge.store.decision import Entry, State

SECOND, UNCONFIRMED, LOST = "second plans", "unconfirmed plans", "lost decisions"
UNTRUE, UNEQUAL = "untrue words", "unequal repeats"
PROMISES = (SECOND, UNCONFIRMED, LOST, UNTRUE, UNEQUAL)

KEPT_REPLIES = 3
"""Turns after which a repeated webhook hears what is being said now."""

SAVE, APPROVE = "TagorService/SavePaymentPlan", "TagorService/ApprovePaymentPlan"
CONFIRMED = {"Confirmation.by_sms": "SMS", "Confirmation.by_mail": "EMAIL", "Confirmation.by_none": ""}
NOTHING = ("Agreement.down", "Agreement.declined", "Agreement.refused")
APOLOGY = "Anytime.trouble"
ANSWERS = (*CONFIRMED, *NOTHING, "Agreement.open", "Agreement.noted", APOLOGY)


@dataclass(frozen=True, slots=True)
class World:
    """Tagor's books on one file at one moment, and the moment as the line has it."""

    at: datetime
    plans: tuple[Plan, ...]
    approvals: int
    media: tuple[str, ...]
    tasks: int
    saves: int
    approves: int


@dataclass(slots=True)
class Story:
    """All that happened in a cell: the call that was cut off, the redial, and how it ended.

    `looked` is the journal when the first looks were over, and whether the file was blocked then; `entries`
    the journal after a quarter of an hour.
    """

    calls: list[Caller]
    repeated: list[Repeated]
    last_words: bytes
    by_amount: bool
    looked: tuple[list[Entry], bool]
    entries: list[Entry]
    end: World
    mobile: str
    phones: list[str]


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that was not kept, and how."""

    promise: str
    how: str


def breaches(story: Story) -> list[Breach]:
    """Every promise this story breaks; none, as it should be."""
    judges = (_twice, _unasked, _lost, _untrue, _redialled, _unequal)
    return [Breach(promise, how) for judge in judges for promise, how in judge(story)]


def _of(entries: Sequence[Entry], kind: str) -> list[Entry]:
    return [entry for entry in entries if entry.kind == kind]


def _twice(story: Story) -> Iterator[tuple[str, str]]:
    end = story.end
    if len(end.plans) > 1:
        yield SECOND, f"{len(end.plans)} plans were made"
    if end.approvals > 1 or len(end.media) > 1:
        yield SECOND, f"{end.approvals} approvals and {len(end.media)} messages"
    for kind, sent in (("plan", end.saves), ("approval", end.approves)):
        allowed = sum(entry.sent_at is not None for entry in _of(story.entries, kind))
        if sent > allowed:
            yield SECOND, f"a {kind} was sent {sent} times, the journal allowed {allowed}"


def _unasked(story: Story) -> Iterator[tuple[str, str]]:
    pressed = [question for call in story.calls for question in call.confirmed]
    for question, done in ((READ_BACK, story.end.saves), (AGREE, story.end.approves)):
        if done > pressed.count(question):
            yield UNCONFIRMED, f"sent {done} times, confirmed {pressed.count(question)} times: {question}"
    wanted = f"monthly={Decimal(OWN_AMOUNT):.2f} " if story.by_amount else "months=6 "
    for plan in story.end.plans:
        if not plan.asked.startswith(wanted):
            yield UNCONFIRMED, f"a plan was asked as {plan.asked}, confirmed was {wanted}"
    if any(phone != story.mobile for phone in story.phones):
        yield UNCONFIRMED, "the confirmation was sent elsewhere than to the number on the file"


def _lost(story: Story) -> Iterator[tuple[str, str]]:
    looked, blocked = story.looked
    if any(entry.settled_at is None for entry in looked) and not blocked:
        yield LOST, "a decision was open and its file was not blocked"
    for entry in story.entries:
        if entry.settled_at is None:
            yield LOST, f"the {entry.kind} was still {entry.state} after a quarter of an hour"
    handed = sum(entry.state is State.HANDED for entry in story.entries)
    if handed != story.end.tasks:
        yield LOST, f"{handed} decisions were handed over with {story.end.tasks} tasks"
    done = {"plan": len(story.end.plans), "approval": story.end.approvals}
    for entry in story.entries:
        if entry.state in (State.DONE, State.REFUSED) and done[entry.kind] != (entry.state is State.DONE):
            yield LOST, f"the journal says the {entry.kind} is {entry.state}, Tagor has {done[entry.kind]}"
    for call in story.calls:
        if call.confirmed and not call.heard(*ANSWERS) and not call.phone.faults:
            yield LOST, "a caller confirmed and was left without an answer"


def _untrue(story: Story) -> Iterator[tuple[str, str]]:
    for call, after in ((story.calls[0], story.calls[1:]), (story.calls[-1], [])):
        for word in call.words:
            yield from ((UNTRUE, f"heard {word.prompt}: {how}") for how in _lies(word, story, after))


def _lies(word: Word, story: Story, after: Sequence[Caller]) -> Iterator[str]:
    world = word.world
    match word.prompt:
        case prompt if prompt in CONFIRMED:
            if world.approvals != 1:
                yield f"the plan had {world.approvals} approvals"
            if (*world.media, "")[0] != CONFIRMED[prompt]:
                yield f"the confirmation went by {world.media or 'nothing'}"
        case prompt if prompt in NOTHING:
            requested_later = any(READ_BACK in call.confirmed for call in after)
            if world.plans or (story.end.plans and not requested_later):
                yield "a plan was made"
        case "Agreement.agree" if "agreed_months" in word.told:
            yield from _misquoted(word)
        case "Agreement.open":
            if not world.plans or story.end.approvals:
                yield f"there are {len(world.plans)} plans with {story.end.approvals} approvals"
        case "Agreement.noted":
            if not any(entry.opened_at <= world.at for entry in story.entries):
                yield "no decision is in the journal"
        case "RunningPlan.on_time" | "Payments.on_time":
            if not world.plans:
                yield "no plan runs"


def _misquoted(word: Word) -> Iterator[str]:
    if not word.world.plans:
        yield "no plan was made"
        return
    plan, today = word.world.plans[-1], date.today()  # noqa: DTZ011 - no date is spoken
    terms = {"agreed_months": ("months", plan.months), "agreed_monthly": ("money", plan.monthly)}
    for name, (kind, value) in terms.items():
        if word.told[name] != (said := SAYERS[kind](str(value), "nl", today)):
            yield f"'{word.told[name]}' in place of '{said}'"


def _redialled(story: Story) -> Iterator[tuple[str, str]]:
    """Whoever calls again is blocked while a decision is open, is told of a plan that runs, or is free."""
    for word in story.calls[-1].words:
        opened = [entry for entry in story.entries if entry.opened_at <= word.world.at]
        open_then = [entry for entry in opened if not entry.settled_at or entry.settled_at > word.world.at]
        if word.prompt in ("Terms.choose", "Terms.choose_one") and (open_then or word.world.plans):
            yield SECOND, "a further plan was offered on redial"
        if word.prompt == "PaymentPlan.unsettled" and not opened:
            yield UNTRUE, "heard PaymentPlan.unsettled: no decision is in the journal"


def _unequal(story: Story) -> Iterator[tuple[str, str]]:
    """Repeated webhooks got equal bytes.

    Excepted are the line's last words, which a repeat hears whose turn a dead worker still held, and a repeat
    that comes turns later: it hears what is being said now.
    """
    bodies = [turn.body for turn in story.calls[0].phone.turns]
    for repeated in story.repeated:
        answers = [body for body in repeated.bodies if body != story.last_words]
        place = bodies.index(answers[0]) if answers and answers[0] in bodies else len(bodies)
        now = bodies[place + KEPT_REPLIES :]
        if any(one != other and other not in now for one, other in pairwise(answers)):
            yield UNEQUAL, f"{len(set(answers))} different replies to the same webhook"
