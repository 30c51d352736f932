"""What holds in every cell, whatever goes wrong: by Tagor's books, the journal and the caller's ears."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from plans_caller import AGREE, READ_BACK, Call, Word

from bridge.simulators.tagor import Plan
from bridge.speech import SAYERS
from bridge.store.decision import DecisionEntry, DecisionState

SECOND, UNCONFIRMED, LOST = "second plans", "unconfirmed plans", "lost decisions"
UNTRUE, UNEQUAL = "untrue words", "unequal repeats"
PROMISES = (SECOND, UNCONFIRMED, LOST, UNTRUE, UNEQUAL)

KEPT_REPLIES = 3
"""Turns after which a repeated webhook hears what is being said now."""

CONFIRMED = {"Confirmation.by_sms": "SMS", "Confirmation.by_mail": "EMAIL", "Confirmation.by_none": ""}
NOTHING = ("Agreement.down", "Agreement.declined", "Agreement.refused")
APOLOGY = "Anytime.trouble"
ANSWERS = (*CONFIRMED, *NOTHING, "Agreement.open", "Agreement.noted", APOLOGY)
"""What somebody who confirmed may hear in the end; after an apology there is a person."""


@dataclass(frozen=True, slots=True)
class World:
    """Tagor's books on one file at a moment of the line's clock, and how often it was asked for changes."""

    at: datetime
    plans: tuple[Plan, ...]
    approvals: int
    media: tuple[str, ...]
    tasks: int
    saves: int
    approves: int


@dataclass(frozen=True, slots=True)
class Story:
    """All that happened in a cell: the call that was cut off, the redial, and how it ended.

    `replies` are those of the first call in order, `repeated` has what each delivery of a webhook brought.
    `looked` is the journal when the first looks were over, and whether it blocked the file then; `entries`
    the journal a quarter of an hour later. `wanted` is how Tagor must have been asked, `mobile` the number on
    the file, `phones` where approvals were to be confirmed to.
    """

    calls: Sequence[Call]
    replies: Sequence[bytes]
    repeated: Sequence[Sequence[bytes]]
    last_words: bytes
    wanted: str
    looked: tuple[Sequence[DecisionEntry], bool]
    entries: Sequence[DecisionEntry]
    end: World
    mobile: str
    phones: Sequence[str]

    @property
    def to_a_person(self) -> int:
        """How many deliveries found their turn held by a dead worker, and led to a person."""
        return sum(body == self.last_words for bodies in self.repeated for body in bodies)


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that was not kept, and how."""

    promise: str
    how: str


def breaches(story: Story) -> list[Breach]:
    """Every promise this story breaks."""
    return [Breach(promise, how) for promise, judge in JUDGES for how in judge(story)]


def _twice(story: Story) -> Iterator[str]:
    end = story.end
    if len(end.plans) > 1:
        yield f"{len(end.plans)} plans were made"
    if end.approvals > 1 or len(end.media) > 1:
        yield f"{end.approvals} approvals and {len(end.media)} messages"
    for kind, sent in (("plan", end.saves), ("approval", end.approves)):
        allowed = sum(entry.kind == kind and entry.sent_at is not None for entry in story.entries)
        if sent > allowed:
            yield f"a {kind} was sent {sent} times, the journal allowed {allowed}"


def _offered_again(story: Story) -> Iterator[str]:
    """Whoever calls again is blocked while a decision is open, told of a plan that runs, or else free."""
    for word in story.calls[-1].words:
        at = word.world.at
        still_open = [
            entry
            for entry in story.entries
            if entry.opened_at <= at and (entry.settled_at is None or entry.settled_at > at)
        ]
        if word.prompt in ("Terms.choose", "Terms.choose_one") and (still_open or word.world.plans):
            yield "a further plan was offered to whoever called again"


def _unconfirmed(story: Story) -> Iterator[str]:
    pressed = [question for call in story.calls for question in call.confirmed]
    for question, sent in ((READ_BACK, story.end.saves), (AGREE, story.end.approves)):
        if sent > pressed.count(question):
            yield f"{question} was confirmed {pressed.count(question)} times, and sent {sent} times"
    if any(not plan.asked.startswith(story.wanted) for plan in story.end.plans):
        yield f"{story.wanted} was confirmed, and another plan was made"
    if any(phone != story.mobile for phone in story.phones):
        yield "an approval was to be confirmed elsewhere than to the number on the file"


def _lost(story: Story) -> Iterator[str]:
    looked, blocked = story.looked
    if any(entry.settled_at is None for entry in looked) and not blocked:
        yield "a decision was open and its file was not blocked"
    for entry in story.entries:
        if entry.settled_at is None:
            yield f"the {entry.kind} was still {entry.state} after a quarter of an hour"
    handed = sum(entry.state is DecisionState.ESCALATED for entry in story.entries)
    if handed != story.end.tasks:
        yield f"{handed} decisions were handed over with {story.end.tasks} tasks"
    for call in story.calls:
        if call.confirmed and not call.heard(*ANSWERS):
            yield "a caller confirmed and was left without an answer"


def _misjudged(story: Story) -> Iterator[str]:
    """What the journal calls done is in Tagor's books, and what it calls refused is not."""
    done = {"plan": len(story.end.plans), "approval": story.end.approvals}
    for kind, times in done.items():
        states = [entry.state for entry in story.entries if entry.kind == kind]
        most = times if DecisionState.ESCALATED in states else states.count(DecisionState.DONE)
        if not states.count(DecisionState.DONE) <= times <= most:
            yield f"the {kind} is {', '.join(states)} in the journal and {times} times in Tagor's books"


def _untrue(story: Story) -> Iterator[str]:
    for place, call in enumerate(story.calls):
        again = any(READ_BACK in later.confirmed for later in story.calls[place + 1 :])
        for word in call.words:
            for lie in LIES.get(word.prompt, _no_lie)(word, story, again):
                yield f"heard {word.prompt}: {lie}"


Lie = Callable[[Word, Story, bool], Iterator[str]]
"""What is untrue about a word of a story, whose caller confirmed a plan in a later call or not."""


def _no_lie(_word: Word, _story: Story, _again: bool) -> Iterator[str]:  # noqa: FBT001 - as `Lie`
    yield from ()


def _confirmed(word: Word, _story: Story, _again: bool) -> Iterator[str]:  # noqa: FBT001 - as `Lie`
    if word.world.approvals != 1:
        yield f"the plan had {word.world.approvals} approvals"
    if (*word.world.media, "")[0] != CONFIRMED[word.prompt]:
        yield f"the confirmation went by {', '.join(word.world.media) or 'nothing'}"


def _nothing(word: Word, story: Story, again: bool) -> Iterator[str]:  # noqa: FBT001 - as `Lie`
    if word.world.plans or (story.end.plans and not again):
        yield "a plan was made"


def _requested(word: Word, _story: Story, _again: bool) -> Iterator[str]:  # noqa: FBT001 - as `Lie`
    """The terms that are read out to be agreed are the plan's own."""
    if not word.world.plans:
        yield "no plan was made"
        return
    plan, no_day = word.world.plans[-1], date.min
    terms = {"agreed_months": ("months", plan.months), "agreed_monthly": ("money", plan.monthly)}
    for name, told in word.told.items():
        kind, value = terms[name]
        if told != (said := SAYERS[kind](str(value), "nl", no_day)):
            yield f"'{told}' in place of '{said}'"


def _open(word: Word, story: Story, _again: bool) -> Iterator[str]:  # noqa: FBT001 - as `Lie`
    if not word.world.plans or story.end.approvals:
        yield f"{len(word.world.plans)} plans were made, and {story.end.approvals} approvals"


def _noted(word: Word, story: Story, _again: bool) -> Iterator[str]:  # noqa: FBT001 - as `Lie`
    if not any(entry.opened_at <= word.world.at for entry in story.entries):
        yield "the journal has no decision"


def _running(word: Word, _story: Story, _again: bool) -> Iterator[str]:  # noqa: FBT001 - as `Lie`
    if not word.world.plans:
        yield "no plan runs"


LIES: dict[str, Lie] = {
    **dict.fromkeys(CONFIRMED, _confirmed),
    **dict.fromkeys(NOTHING, _nothing),
    **dict.fromkeys(("RunningPlan.on_time", "Payments.on_time"), _running),
    **dict.fromkeys(("Agreement.noted", "PaymentPlan.unsettled"), _noted),
    "Agreement.agree": _requested,
    "Agreement.open": _open,
}


def _unequal(story: Story) -> Iterator[str]:
    """Repeated webhooks get equal bytes.

    Excepted are the line's last words, heard by a repeat whose turn a dead worker still held, a repeat that
    comes turns later and hears what is being said now, and one that comes when the call is over and wiped.
    """
    replies = list(story.replies)
    for repeated in story.repeated:
        answers = [body for body in repeated if body != story.last_words and b"<Say" in body]
        place = replies.index(answers[0]) if answers and answers[0] in replies else len(replies)
        said_now = replies[place + KEPT_REPLIES :]
        if any(one != other and other not in said_now for one, other in pairwise(answers)):
            yield f"{len(set(answers))} different replies to the same webhook"


JUDGES: tuple[tuple[str, Callable[[Story], Iterator[str]]], ...] = (
    (SECOND, _twice),
    (SECOND, _offered_again),
    (UNCONFIRMED, _unconfirmed),
    (LOST, _lost),
    (LOST, _misjudged),
    (UNTRUE, _untrue),
    (UNEQUAL, _unequal),
)
