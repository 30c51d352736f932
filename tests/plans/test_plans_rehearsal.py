"""A plan is never made twice, whoever dies: a sample of `make rehearsal-plans`, judged by no blind judge."""

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from plans_caller import AGREE, Caller, Word, recognised
from plans_cells import ALL, BOUNDARIES, TROUBLES, Cell, some
from plans_provider import Repeated
from plans_rehearsal import Played
from plans_rehearse import tally, told
from plans_verdict import LOST, SECOND, UNCONFIRMED, UNEQUAL, UNTRUE, Breach, Story, breaches

CONFIRMED = Cell("turn: saved", "done", copies=2, delay=0, workers=1)


@pytest.fixture
def story(played: dict[Cell, Played]) -> Story:
    """One that held and ended with a plan that was made, approved and confirmed by text message."""
    held = played[CONFIRMED]
    assert held.story
    assert not held.breaches
    assert "Confirmation.by_sms" in held.story.calls[0].prompts
    return held.story


def hearing(story: Story, prompt: str, call: int = 0, **told_of_it: str) -> Story:
    """The same story, with one word more at the end of a call."""
    caller = copy.copy(story.calls[call])
    caller.words = [*caller.words, Word(prompt, told_of_it, story.end)]
    calls = list(story.calls)
    calls[call] = caller
    return replace(story, calls=calls)


def confirming(story: Story, *questions: str) -> Story:
    """The same story, whose caller confirmed only this."""
    caller: Caller = copy.copy(story.calls[0])
    caller.confirmed = list(questions)
    return replace(story, calls=[caller, story.calls[1]])


def silenced(story: Story) -> Story:
    """The same story, in which nothing was heard after the confirmations."""
    caller: Caller = copy.copy(story.calls[0])
    caller.words = [word for word in caller.words if not word.prompt.startswith("Confirmation")]
    return replace(story, calls=[caller, story.calls[1]])


def still_open(story: Story) -> Story:
    """The same story, with a journal in which nothing ever settles."""
    return replace(story, entries=[replace(entry, settled_at=None) for entry in story.entries])


def unblocked(story: Story) -> Story:
    """The same story, in which an open decision did not block its file."""
    return replace(story, looked=(still_open(story).entries, False))


def at_tagor(story: Story, **changes: object) -> Story:
    """The same story, with other books at Tagor in the end."""
    return replace(story, end=replace(story.end, **changes))


TAMPERED: dict[str, tuple[str, Callable[[Story], Story]]] = {
    "two plans": (SECOND, lambda story: at_tagor(story, plans=story.end.plans * 2)),
    "a plan sent twice": (SECOND, lambda story: at_tagor(story, saves=2)),
    "two approvals": (SECOND, lambda story: at_tagor(story, approvals=2)),
    "two messages": (SECOND, lambda story: at_tagor(story, media=("SMS", "SMS"))),
    "a plan offered on redial": (SECOND, lambda story: hearing(story, "Terms.choose", call=1)),
    "nothing confirmed": (UNCONFIRMED, confirming),
    "only the approval confirmed": (UNCONFIRMED, lambda story: confirming(story, AGREE)),
    "another plan confirmed": (UNCONFIRMED, lambda story: replace(story, wanted="months=13 ")),
    "another number": (UNCONFIRMED, lambda story: replace(story, phones=["+32470123456"])),
    "never settled": (LOST, still_open),
    "open and not blocked": (LOST, unblocked),
    "a task for nothing": (LOST, lambda story: at_tagor(story, tasks=1)),
    "no answer": (LOST, silenced),
    "done and not made": (LOST, lambda story: at_tagor(story, plans=())),
    "nothing requested": (UNTRUE, lambda story: hearing(story, "Agreement.down")),
    "not confirmed yet": (UNTRUE, lambda story: hearing(story, "Agreement.open")),
    "confirmed by mail": (UNTRUE, lambda story: hearing(story, "Confirmation.by_mail")),
    "noted nowhere": (UNTRUE, lambda story: hearing(replace(story, entries=[]), "Agreement.noted")),
    "other terms": (UNTRUE, lambda story: hearing(story, "Agreement.agree", agreed_months="7 maanden")),
    "a plan that runs": (UNTRUE, lambda story: hearing(at_tagor(story, plans=()), "Payments.on_time")),
    "two replies": (
        UNEQUAL,
        lambda story: replace(story, repeated=[Repeated((200, {}, b"one"), [(200, {}, b"two")])]),
    ),
}


def test_the_sample_holds(played: dict[Cell, Played]):
    """Killed with the answer saved but not sent, and with an approval sent but not answered."""
    assert [tuple(told(one, 1)) for one in played.values() if one.breaches] == []
    assert len(played) == 2


def test_somebody_confirmed_and_somebody_was_told_the_truth_of_not_knowing(played: dict[Cell, Played]):
    """The sample plays both ends: a plan that is confirmed, and an approval nobody can be sure of."""
    stories = [one.story for one in played.values() if one.story]
    assert [len(story.end.plans) for story in stories] == [1, 1]
    assert sorted(story.end.approvals for story in stories) == [0, 1]
    assert all(story.entries for story in stories)


@pytest.mark.parametrize("name", TAMPERED)
def test_the_judge_sees_it(story: Story, name: str):
    """A story that breaks a promise is never held: each promise has its ways to be broken."""
    promise, tamper = TAMPERED[name]
    assert promise in {breach.promise for breach in breaches(tamper(story))}


def test_a_repeat_may_find_its_turn_in_dead_hands_and_hears_the_last_words(story: Story):
    """Those are no reply of the call's, and whoever hears them reaches a person."""
    repeated = [Repeated(None, [(200, {}, story.last_words), (200, {}, b"the reply")])]
    other = replace(story, repeated=repeated)
    assert breaches(other) == []
    assert other.to_a_person == 1


def test_a_late_repeat_may_hear_what_is_said_now(story: Story):
    """Three turns later a reply is wiped: the newest one is repeated in its place."""
    bodies = [turn.body for turn in story.calls[0].phone.turns]
    assert breaches(replace(story, repeated=[Repeated((200, {}, bodies[0]), [(200, {}, bodies[3])])])) == []
    assert breaches(replace(story, repeated=[Repeated((200, {}, bodies[0]), [(200, {}, bodies[2])])])) != []


def test_there_are_504_cells():
    """Every boundary, effect, number of copies, delay and number of workers, each with each."""
    assert len(ALL) == len(set(ALL)) == 14 * 2 * 3 * 3 * 2 == 504
    assert [Cell.named(str(cell)) for cell in ALL] == list(ALL)
    with pytest.raises(ValueError, match="is no cell: they look like plan-confirmed"):
        Cell.named("plan-forgotten")


@pytest.mark.parametrize("seed", range(20))
def test_a_part_touches_everything(seed: int):
    """Whatever the seed: each boundary once, both effects alike, all copies, delays and workers."""
    cells = some(seed)
    assert [cell.boundary for cell in cells] == list(BOUNDARIES)
    assert Counter(cell.effect for cell in cells) == {"done": 7, "none": 7}
    assert {cell.workers for cell in cells} == {1, 2}
    assert some(seed) == cells


def test_every_trouble_meets_every_boundary():
    """All ways of losing a reply take turns; while one is awaited there is only one."""
    for boundary, effect in product(BOUNDARIES, ("done", "none")):
        cells = [cell for cell in ALL if (cell.boundary, cell.effect) == (boundary, effect)]
        planted = {tuple(sorted(cell.trouble(seed=5).items())) for cell in cells}
        assert len(planted) == (1 if cells[0].in_flight else len(TROUBLES[effect]))


def test_the_tally_counts_cells_and_not_breaches(story: Story):
    """A cell that breaks a promise twice is one; one that was never played did not hold."""
    cells = ALL[:4]
    played = [
        Played(cells[0], [], story),
        Played(cells[1], [Breach(SECOND, "two"), Breach(SECOND, "three"), Breach(LOST, "one")], story),
        Played(cells[2], [Breach("not played", "TimeoutError: ")]),
    ]
    assert tally(played[:1], cells[:1], 7) == (
        "1 cells, seed 7: 0 second plans, 0 unconfirmed plans, 0 lost decisions, 0 untrue words,"
        " 0 unequal repeats, 1 held"
    )
    assert tally(played, cells, 7) == (
        "4 cells, seed 7: 1 second plans, 0 unconfirmed plans, 1 lost decisions, 0 untrue words,"
        " 0 unequal repeats, 2 not played, 1 held"
    )


def test_every_word_of_a_call_is_recognised(story: Story):
    """What nobody understands could be anything."""
    heard = [one.text for call in story.calls for one in call.phone.heard]
    assert [text for text in heard if not list(recognised(text)) and "English" not in text] == []


def test_time_goes_on_between_the_calls_and_the_end(story: Story):
    """The journal is read again a quarter of an hour later, when everything must be settled."""
    assert story.end.at - story.calls[1].words[-1].world.at > timedelta(minutes=15)
