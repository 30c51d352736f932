"""The rehearsal's judge is not blind: each way to break a promise is seen, and nothing else called broken."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from plans_caller import AGREE, READ_BACK, Call, Word, recognised
from plans_verdict import LOST, SECOND, UNCONFIRMED, UNEQUAL, UNTRUE, Story, World, breaches

from bridge.simulators.tagor import Plan
from bridge.store.decision import DecisionEntry, DecisionState

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECONDS = timedelta(seconds=1)
PLAN = Plan(
    Decimal("205.76"), months=6, start=date(2026, 3, 18), asked="months=6 start=2026-03-18", approved=True
)
BEFORE = World(NOON, plans=(), approvals=0, media=(), tasks=0, saves=0, approves=0)
REQUESTED = replace(BEFORE, at=NOON + 2 * SECONDS, plans=(PLAN,), saves=1)
AFTER = replace(REQUESTED, at=NOON + 4 * SECONDS, approvals=1, media=("SMS",), approves=1)
TERMS = {"agreed_months": "6 maanden", "agreed_monthly": "205 euro en 76 cent"}


def done(kind: str, second: int) -> DecisionEntry:
    at = NOON + second * SECONDS
    return DecisionEntry("demo", kind, DecisionState.DONE, at, at, at + SECONDS / 2)  # type: ignore[arg-type]  # one of the two


STORY = Story(
    calls=[
        Call(
            [
                Word("Terms.choose", {}, BEFORE),
                Word(READ_BACK, {}, BEFORE),
                Word(AGREE, TERMS, REQUESTED),
                Word("Confirmation.by_sms", {}, AFTER),
            ],
            [READ_BACK, AGREE],
        ),
        Call([Word("Payments.on_time", {}, AFTER), Word("RunningPlan.on_time", {}, AFTER)], []),
    ],
    replies=[b"<Say>one", b"<Say>two", b"<Say>three", b"<Say>four"],
    repeated=[[b"<Say>two", b"<Say>two"]],
    last_words=b"<Say>sorry",
    wanted="months=6 ",
    looked=([done("plan", 1), done("approval", 3)], False),
    entries=[done("plan", 1), done("approval", 3)],
    end=AFTER,
    mobile="+32471000001",
    phones=["+32471000001"],
)
"""A plan that was made, approved and confirmed, once each."""


def hearing(prompt: str, *, call: int = 0, end: World = AFTER, **told: str) -> Story:
    """One word more at the end of a call."""
    calls = list(STORY.calls)
    calls[call] = replace(calls[call], words=[*calls[call].words, Word(prompt, told, end)])
    return replace(STORY, calls=calls, end=end)


def confirming(*questions: str) -> Story:
    """Only this was confirmed."""
    return replace(STORY, calls=[replace(STORY.calls[0], confirmed=questions), STORY.calls[1]])


def silenced() -> Story:
    """Nothing was heard after the confirmations."""
    return replace(STORY, calls=[replace(STORY.calls[0], words=STORY.calls[0].words[:3]), STORY.calls[1]])


def at_tagor(**changes: object) -> Story:
    """Tagor has other books in the end."""
    return replace(STORY, end=replace(AFTER, **changes))


def in_journal(*entries: DecisionEntry) -> Story:
    """The journal says this in the end."""
    return replace(STORY, entries=entries)


OPEN = replace(done("plan", 1), settled_at=None, state=DecisionState.UNKNOWN)

BROKEN: dict[str, tuple[str, Story]] = {
    "two plans": (SECOND, at_tagor(plans=(PLAN, PLAN))),
    "a plan sent twice": (SECOND, at_tagor(saves=2)),
    "an approval sent that is in no journal": (SECOND, in_journal(done("plan", 1))),
    "two approvals": (SECOND, at_tagor(approvals=2)),
    "two messages": (SECOND, at_tagor(media=("SMS", "SMS"))),
    "a plan offered on redial": (SECOND, hearing("Terms.choose", call=1)),
    "nothing confirmed": (UNCONFIRMED, confirming()),
    "only the approval confirmed": (UNCONFIRMED, confirming(AGREE)),
    "only the plan confirmed": (UNCONFIRMED, confirming(READ_BACK)),
    "another plan confirmed": (UNCONFIRMED, replace(STORY, wanted="months=12 ")),
    "another number": (UNCONFIRMED, replace(STORY, phones=["+32470123456"])),
    "never settled": (LOST, in_journal(OPEN, done("approval", 3))),
    "open and not blocked": (LOST, replace(STORY, looked=([OPEN], False))),
    "a task for nothing": (LOST, at_tagor(tasks=1)),
    "handed over without a task": (LOST, in_journal(replace(done("plan", 1), state=DecisionState.ESCALATED))),
    "no answer": (LOST, silenced()),
    "done and not made": (LOST, at_tagor(plans=())),
    "refused and made": (LOST, in_journal(replace(done("plan", 1), state=DecisionState.REFUSED))),
    "nothing requested": (UNTRUE, hearing("Agreement.down")),
    "not accepted": (UNTRUE, hearing("Agreement.refused")),
    "not confirmed yet": (UNTRUE, hearing("Agreement.open")),
    "confirmed by mail": (UNTRUE, hearing("Confirmation.by_mail")),
    "confirmed and not approved": (UNTRUE, hearing("Confirmation.by_sms", end=replace(AFTER, approvals=0))),
    "noted nowhere": (UNTRUE, replace(hearing("Agreement.noted"), entries=[])),
    "other months": (UNTRUE, hearing(AGREE, agreed_months="7 maanden")),
    "other money": (UNTRUE, hearing(AGREE, agreed_monthly="205 euro")),
    "terms of no plan": (UNTRUE, hearing(AGREE, end=BEFORE)),
    "a plan that runs nowhere": (UNTRUE, hearing("Payments.on_time", end=BEFORE)),
    "two replies": (UNEQUAL, replace(STORY, repeated=[[b"<Say>one", b"<Say>other"]])),
    "a reply of the turn behind": (UNEQUAL, replace(STORY, repeated=[[b"<Say>one", b"<Say>three"]])),
}

HELD: dict[str, Story] = {
    "as it should be": STORY,
    "a turn in dead hands": replace(STORY, repeated=[[STORY.last_words, b"<Say>two"]]),
    "a late repeat": replace(STORY, repeated=[[b"<Say>one", b"<Say>four"]]),
    "a repeat after the end": replace(STORY, repeated=[[b"<Say>two", b"<Hangup/>"]]),
    "open and blocked": replace(STORY, looked=([OPEN], True)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_seen(name: str):
    """Each promise has its own ways to be broken."""
    promise, story = BROKEN[name]
    assert promise in {breach.promise for breach in breaches(story)}


@pytest.mark.parametrize("name", HELD)
def test_a_kept_promise_is_not_called_broken(name: str):
    """Nor is what the line does on purpose."""
    assert breaches(HELD[name]) == []


def test_what_met_a_dead_worker_is_counted():
    """Those hear the last words, and reach a person."""
    assert (STORY.to_a_person, HELD["a turn in dead hands"].to_a_person) == (0, 1)


@pytest.mark.parametrize(
    ("words", "prompt"),
    [
        ("Uw aanvraag is genoteerd: 205 euro en 76 cent per maand, gedurende 6 maanden.", AGREE),
        ("Er is geen plan aangevraagd.", "Agreement.declined"),
        (
            "Uw afbetalingsplan is bevestigd. U krijgt de bevestiging met een sms-bericht.",
            "Confirmation.by_sms",
        ),
    ],
)
def test_words_are_recognised(words: str, prompt: str):
    """What nobody understands could be anything."""
    assert [(one, told if one == AGREE else {}) for one, told in recognised(words)] == [
        (prompt, TERMS if prompt == AGREE else {})
    ]
