"""One turn of one call, also when workers meet at it or break under it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal
from unittest.mock import Mock

import pytest

from bridge.conversation.action_runner import ActionRunner
from bridge.conversation.decisions.sender import Pending
from bridge.conversation.latency import NO_PATIENCE
from bridge.conversation.phrasing import Phrased, Phrasing
from bridge.conversation.reply import Answer
from bridge.conversation.turn import TURN_SECONDS, Turn
from bridge.conversation.turns import SLOW_TRANSACTION_SECONDS, LostCall, NoSuchCall, NoSuchOffice
from bridge.flow import ActionContext, Flow, IdentifiedFile, confirm, decide, hangup, transfer
from bridge.flow.call import Call
from bridge.flow.engine import Engine
from bridge.flow.graph import FlowGraph
from bridge.flow.inbound import CallEvent, FallbackRequest, Keys, RedirectReturned, Ring, Silence
from bridge.flow.turn_output import Redirect, TurnOutput
from bridge.store.calls import Calls
from bridge.store.claim import Claimed, LockedElsewhere
from bridge.store.errors import ClaimLost, StoreDown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.conversation.conftest import Inside

CALL = "CA" + "7" * 32


def agree(_context: ActionContext, _file: IdentifiedFile) -> Literal["done", "refused", "unclear"]:
    return "done"


RING = CallEvent(CALL, 0, Ring("", "+3220000001"))


def test_whoever_comes_second_gets_what_the_first_one_answers(inside: "Inside"):
    """Two workers at one turn: the second waits a little, and sends the same bytes."""
    inside.conversation.take(RING)
    taken = inside.calls.claim(CALL, 1, inside.clock.now())
    assert isinstance(taken, Claimed)

    def answer() -> None:
        if len(inside.waits) == 3:
            inside.calls.save_reply(
                CALL, taken, 1, state=taken.state, reply=b"<first/>", next_turn=2, now=inside.clock.now()
            )

    inside.meanwhile = answer
    assert inside.conversation.take(CallEvent(CALL, 1, Keys("1"))) == b"<first/>"
    assert inside.waits == [0.05] * 3


def test_a_worker_that_never_answers_is_not_waited_for_long(inside: "Inside"):
    """Before three seconds are over there are the fixed words; the provider's own patience is longer."""
    inside.conversation.take(RING)
    inside.calls.claim(CALL, 1, inside.clock.now())
    with pytest.raises(LostCall):
        inside.conversation.take(CallEvent(CALL, 1, Keys("1")))
    assert 2.5 < sum(inside.waits) < 3


def test_who_waited_for_another_worker_has_less_time_left(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """The caller hears nothing from the first second on: a turn is over in time, whoever answers it."""
    inside.conversation.take(RING)
    taken, led = inside.calls.claim(CALL, 1, inside.clock.now()), list[float]()
    assert isinstance(taken, Claimed)
    inside.meanwhile = lambda: inside.calls.release(CALL, taken) if len(inside.waits) == 40 else None

    def turn(*what: Any) -> Turn:  # noqa: ANN401 - as they come
        led.append(Turn(*what).deadline.left())
        return Turn(*what)

    monkeypatch.setattr("bridge.conversation.turns.Turn", turn)
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 1, Keys("1")))
    assert led[0] <= TURN_SECONDS - 40 * 0.05


def test_a_worker_that_died_is_taken_over_from(inside: "Inside"):
    """Its lease runs out, and the turn is led by whoever is asked next."""
    inside.conversation.take(RING)
    inside.calls.claim(CALL, 1, inside.clock.now())
    inside.clock.move(seconds=6)
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 1, Keys("1")))


def test_a_worker_that_was_overtaken_sends_what_is_stored(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """Its own reply is thrown away: the caller hears one of two, and only one counts."""
    inside.conversation.take(RING)
    answer = Calls.save_reply

    def overtaken(calls: Calls, *arguments: object, **options: object) -> None:
        monkeypatch.setattr(Calls, "save_reply", answer)
        answer(calls, *arguments, **(options | {"reply": b"<faster/>"}))
        raise ClaimLost

    monkeypatch.setattr(Calls, "save_reply", overtaken)
    assert inside.conversation.take(CallEvent(CALL, 1, Keys("1"))) == b"<faster/>"


@pytest.mark.usefixtures("real_patience")
def test_a_database_too_slow_for_a_turn_is_as_good_as_away(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """The fixed words come in time; when it is quick again the same turn is led."""
    inside.conversation.take(RING)
    take = Calls.claim

    def slowly(*what: object, **more: object) -> object:
        inside.clock.sleep(SLOW_TRANSACTION_SECONDS + 0.05)
        return take(*what, **more)  # type: ignore[arg-type]  # as they came

    with monkeypatch.context() as patch:
        patch.setattr(Calls, "claim", slowly)
        with pytest.raises(StoreDown, match="slow"):
            inside.conversation.take(CallEvent(CALL, 1, Keys("1")))
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 1, Keys("1")))


@pytest.mark.usefixtures("real_patience")
def test_nobody_waits_for_a_turn_in_a_database_that_is_too_slow(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Another worker is at it, and asking took so long already: the fixed words come at once."""
    inside.conversation.take(RING)
    monkeypatch.setattr(
        Calls, "claim", lambda *_: inside.clock.sleep(SLOW_TRANSACTION_SECONDS + 0.05) or LockedElsewhere()
    )
    with pytest.raises(StoreDown, match="slow"):
        inside.conversation.take(CallEvent(CALL, 1, Keys("1")))
    assert inside.waits == []


def test_a_turn_that_breaks_is_free_for_the_next_try(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """A provider tries again: the second time it is led as if nothing had been."""
    inside.conversation.take(RING)
    with monkeypatch.context() as patch:
        patch.setattr(Calls, "save_reply", _fails)
        with pytest.raises(OSError, match="disk"):
            inside.conversation.take(CallEvent(CALL, 1, Keys("1")))
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 1, Keys("1")))
    assert inside.waits == []


def _fails(*_arguments: object, **_options: object) -> None:
    raise OSError("disk full")


def test_a_rescue_that_breaks_too_is_left_to_the_fixed_words(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """What cannot even be apologised for is raised: the provider's side has last words."""
    inside.conversation.take(RING)
    broken = replace(inside.branch, renderer=Mock(render=_fails))
    monkeypatch.setattr(inside.conversation, "_office_contexts", lambda _dialled: broken)
    with pytest.raises(OSError, match="disk"):
        inside.conversation.take(CallEvent(CALL, 1, Keys("1")))


def test_a_call_is_rescued_once(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """What breaks again after a rescue is not rescued again: that could go on for ever."""
    hear: Callable[..., object] = Engine.hear
    inside.conversation.take(RING)
    monkeypatch.setattr(Engine, "hear", _fails)
    assert b"<Dial" in inside.conversation.take(CallEvent(CALL, 1, Keys("1")))
    with pytest.raises(OSError, match="disk"):
        inside.conversation.take(CallEvent(CALL, 2, Silence()))
    monkeypatch.setattr(Engine, "hear", hear)
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 2, Silence()))


def test_a_call_begins_with_a_ring(inside: "Inside"):
    """Keys of a call that never rang lead nowhere; it may still ring afterwards."""
    with pytest.raises(LostCall):
        inside.conversation.take(CallEvent(CALL, 0, Keys("1")))
    assert b"<Gather" in inside.conversation.take(RING)


def test_a_number_of_no_office_is_nobodys_call(inside: "Inside"):
    """No office file has it."""
    with pytest.raises(NoSuchOffice):
        inside.conversation.take(CallEvent(CALL, 0, Ring("", "+3220009999")))


def test_a_nudge_at_a_question_asks_it_again(inside: "Inside"):
    """A redirect after mere words is no silence; where a question stands it is simply asked."""
    first = inside.conversation.take(RING)
    nudged = inside.conversation.take(CallEvent(CALL, 1, RedirectReturned()))
    assert b"<Gather" in first
    assert b"<Gather" in nudged


def test_a_fallback_of_a_call_whose_ring_was_lost_may_begin_it(inside: "Inside"):
    """The worker died over the first webhook: whoever admits calls decides whether this one begins."""
    with pytest.raises(NoSuchCall):
        inside.conversation.fallback(FallbackRequest(RING, "11200"))


def test_a_fallback_of_a_call_that_is_over_has_nothing_to_come_back_to(inside: "Inside"):
    """The fixed words must do."""
    inside.conversation.take(RING)
    inside.conversation.ended(CALL)
    with pytest.raises(LostCall):
        inside.conversation.fallback(FallbackRequest(RING, "11200"))


def test_a_call_without_a_branch_of_its_number_is_lost_in_the_middle(inside: "Inside"):
    """An office that moved to another number while somebody was on the line."""
    inside.conversation.take(RING)
    inside.conversation._office_contexts = lambda _dialled: None
    with pytest.raises(NoSuchOffice):
        inside.conversation.take(CallEvent(CALL, 1, Keys("1")))


def test_the_end_of_a_call_that_nobody_knows_is_no_trouble(inside: "Inside"):
    """A report that comes twice, or of a call before the database was new: nothing is left to be done."""
    inside.conversation.ended(CALL)
    inside.conversation.recorded(CALL, "completed")
    assert not any(inside.books.outbox.counts().values())


def test_a_call_that_left_nothing_leaves_nothing_to_be_done(inside: "Inside"):
    """A stranger who hung up: no note, no message, and a recording told of later changes nothing."""
    inside.conversation.take(RING)
    inside.conversation.ended(CALL)
    inside.conversation.recorded(CALL, "completed")
    assert not any(inside.books.outbox.counts().values())


def test_a_fallback_at_a_question_that_confirms_nothing_asks_it_again(inside: "Inside"):
    """Nothing was confirmed, so nothing is taken for heard."""
    first = inside.conversation.take(RING)
    assert inside.conversation.fallback(FallbackRequest(RING, "11200")) == first


def test_a_fallback_takes_the_turn_from_the_worker_that_holds_it(inside: "Inside"):
    """The provider has given that worker up, so the caller's next key need not wait for it either."""
    first = inside.conversation.take(RING)
    inside.calls.claim(CALL, 1, inside.clock.now())
    assert inside.conversation.fallback(FallbackRequest(RING, "11200")) == first
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 1, Keys("1")))
    assert inside.waits == []


def test_a_lost_confirmation_is_looked_for_under_the_name_it_was_written_with(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Key 1 had moved the call on before the decision was named, and that move was never saved."""
    inside.conversation.take(RING)
    snapshot, names = inside.calls.snapshot(CALL), list[str]()
    assert snapshot is not None
    moves = Call.from_json(snapshot.state).moves
    monkeypatch.setattr(Engine, "confirms", lambda *_: True)
    monkeypatch.setattr(ActionRunner, "begun", lambda _runner, _context, name: names.append(name))
    inside.conversation.fallback(FallbackRequest(RING, "11200"))
    assert names == [f"{CALL} {moves + 1}"]


def test_a_caller_whose_confirmation_was_lost_is_not_kept_waiting_again(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """They have waited for the lost reply already: what is not known at once is asked for a moment."""
    inside.conversation.take(RING)
    monkeypatch.setattr(Engine, "confirms", lambda *_: True)
    monkeypatch.setattr(ActionRunner, "begun", lambda *_: True)
    left = list[float]()

    def turn(*what: Any) -> Turn:  # noqa: ANN401 - as they come
        left.append(Turn(*what).deadline.left())
        return Turn(*what)

    monkeypatch.setattr("bridge.conversation.turns.Turn", turn)
    inside.conversation.fallback(FallbackRequest(RING, "11200"))
    assert left[0] <= NO_PATIENCE


def test_a_hang_up_that_a_turn_overtakes_is_tried_again(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """The turn that was saved meanwhile may have left more to be written; nothing of the call stays."""
    inside.conversation.take(RING)
    wipe, tries = Calls.wipe, iter([ClaimLost(), None])

    def overtaken(calls: Calls, *what: Any, **more: Any) -> None:  # noqa: ANN401 - as they come
        if (lost := next(tries)) is not None:
            raise lost
        wipe(calls, *what, **more)

    monkeypatch.setattr(Calls, "wipe", overtaken)
    inside.conversation.ended(CALL)
    assert next(tries, "both used") == "both used"
    assert inside.calls.snapshot(CALL) is None


class Signing(Flow, anytime={"0": "desk"}):
    """A confirmation, what it decides, and a person."""

    yes  = confirm(yes="sign", no="bye", silent="bye", wrong="bye")  # fmt: skip
    sign = decide(agree, done="bye", refused="bye", unclear="desk", down="bye")
    desk = transfer(answered="bye", unanswered="bye")
    bye  = hangup()  # fmt: skip


def test_a_decision_is_waited_for_four_times_and_then_unclear(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Some twenty seconds of moments; then the caller is told that a colleague will confirm it."""
    ends = list[str]()

    def phrase(_phrasing: Phrasing, output: TurnOutput, *_: object, turn: int, **_more: object) -> Phrased:
        ends.append(type(output.then).__name__)
        return Phrased(Answer((), Redirect(), turn), frozenset())

    monkeypatch.setattr(inside.conversation, "_engine", Engine(FlowGraph(Signing)))
    monkeypatch.setattr(ActionRunner, "run", Mock(side_effect=Pending))
    monkeypatch.setattr(Phrasing, "phrase", phrase)
    inside.conversation.take(RING)
    inside.conversation.take(CallEvent(CALL, 1, Keys("1")))
    for turn in range(2, 6):
        inside.conversation.take(CallEvent(CALL, turn, RedirectReturned()))
    assert ends == ["Gather", *["Redirect"] * 4, "Dial"]


def test_a_call_of_an_office_that_is_gone_ends_without_a_note(inside: "Inside"):
    """There is nobody any more to read one."""
    inside.conversation.take(RING)
    inside.conversation._office_contexts = lambda _dialled: None
    inside.conversation.ended(CALL)
    assert not any(inside.books.outbox.counts().values())
