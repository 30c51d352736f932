"""One turn of one call, also when workers meet at it or break under it."""

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal
from unittest.mock import Mock

import pytest
import structlog
from structlog.testing import capture_logs

from bridge.conversation.action_runner import ActionRunner
from bridge.conversation.at_most_once.sender import Pending
from bridge.conversation.phrasing import Phrased, Phrasing
from bridge.conversation.reply import Answer
from bridge.conversation.turn import NO_PATIENCE, PATIENCE, Turn
from bridge.conversation.turns import POLL, SLOW_TRANSACTION_SECONDS, LostCall, NoSuchCall, NoSuchOffice
from bridge.flow import ActionContext, Flow, IdentifiedFile, confirm, decide, hangup, transfer
from bridge.flow.call import Call
from bridge.flow.engine import Engine
from bridge.flow.graph import FlowGraph
from bridge.flow.inbound import CallEvent, FallbackRequest, Keys, RedirectReturned, Ring, Silence
from bridge.flow.turn_output import Redirect, TurnOutput
from bridge.operations.redaction import redact
from bridge.store.calls import Calls
from bridge.store.claim import LockedElsewhere, OpenTurn
from bridge.store.database import Database, Mode
from bridge.store.errors import ClaimLost, StoreDown
from bridge.store.server_restart import ServerRestart
from bridge.store.time_limits import TRANSACTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bridge.store.statement import Transaction
    from tests.unit.conversation.conftest import Inside

CALL = "CA" + "7" * 32


def agree(_context: ActionContext, _file: IdentifiedFile) -> Literal["done", "refused", "unclear"]:
    return "done"


RING = CallEvent(CALL, 0, Ring("", "+3220000001"))


def rung(inside: "Inside") -> bytes:
    """A call has rung, the chime has sounded, and the caller hears the welcome: turn 2 is next."""
    inside.conversation.take(RING)
    return inside.conversation.take(CallEvent(CALL, 1, RedirectReturned()))


def claimed(inside: "Inside", turn: int = 2) -> OpenTurn:
    """Another worker has the turn, as while it asks Tagor."""
    read = inside.calls.read(CALL, turn, inside.clock.now())
    assert isinstance(read, OpenTurn)
    return inside.calls.claim(read, inside.clock.now())


def test_whoever_comes_second_gets_what_the_first_one_answers(inside: "Inside"):
    """Two workers at one turn: the second waits a little, and sends the same bytes."""
    rung(inside)
    taken = claimed(inside)

    def answer() -> None:
        if len(inside.waits) == 3:
            inside.calls.save_reply(
                taken, 2, state=taken.state, reply=b"<first/>", next_turn=3, now=inside.clock.now()
            )

    inside.meanwhile = answer
    assert inside.conversation.take(CallEvent(CALL, 2, Keys("1"))) == b"<first/>"
    assert inside.waits == [0.05] * 3


def test_a_turn_is_told_in_one_line(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """Where the call stands, in which language, how long the turn took, and how its actions ended."""
    monkeypatch.setattr("bridge.conversation.turns.log", structlog.get_logger())
    monkeypatch.setattr("bridge.conversation.action_runner.log", structlog.get_logger())
    with capture_logs() as logged:
        rung(inside)
    lines = [redact(entry) for entry in logged if entry["log_level"] == "info"]
    assert {(line["event"], line["language"]) for line in lines} == {("turn", "nl")}
    assert [(line["turn"], line["place"], line["kind"]) for line in lines] == [
        (0, "Defendant.chime", "ring"),
        (1, "Defendant.main", "wait"),
    ]
    actions = [action for line in lines for action in line["actions"]]
    assert [action["place"] for action in actions] == ["Defendant.recognise", "Defendant.ahead"]
    assert {action["outcome"] for action in actions} <= {"seen", "looked", "down"}
    line = lines[-1]
    assert line["duration_ms"] >= sum(action["ms"] for action in line["actions"])


def test_a_worker_that_never_answers_is_not_waited_for_long(inside: "Inside"):
    """Before three seconds are over there are the fixed words; the provider's own patience is longer."""
    rung(inside)
    claimed(inside)
    begun = inside.clock.monotonic()
    with pytest.raises(LostCall):
        inside.conversation.take(CallEvent(CALL, 2, Keys("1")))
    # A machine that stalls between two looks waits less often, but not less long.
    assert inside.clock.monotonic() - begun > 2
    assert 0 < sum(inside.waits) < 3


@pytest.mark.usefixtures("real_patience")
def test_who_waited_for_another_worker_has_less_time_left(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """The caller hears nothing from the first second on: a turn is over in time, whoever answers it."""
    rung(inside)
    taken, led = claimed(inside), list[float]()
    inside.meanwhile = lambda: inside.calls.release(taken) if len(inside.waits) == 40 else None

    def turn(*what: Any, **more: Any) -> Turn:  # noqa: ANN401 - as they come
        led.append(Turn(*what, **more).deadline.left())
        return Turn(*what, **more)

    monkeypatch.setattr("bridge.conversation.turns.Turn", turn)
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 2, Keys("1")))
    assert led[0] <= max(0.0, PATIENCE - 40 * 0.05)


@pytest.mark.usefixtures("real_patience")
@pytest.mark.parametrize("slow", ["read", "claim"])
def test_a_turn_keeps_the_time_that_its_slowest_transaction_took(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch, slow: str
):
    """Saving it takes as long again, and the caller hears nothing meanwhile."""
    rung(inside)
    seen, transaction = list[Turn](), getattr(Calls, slow)

    def slowly(*what: Any, **more: Any) -> Any:  # noqa: ANN401 - as they come
        inside.clock.sleep(0.2)
        return transaction(*what, **more)

    monkeypatch.setattr(Calls, slow, slowly)
    runs = inside.conversation._runner.run
    monkeypatch.setattr(
        inside.conversation._runner,
        "run",
        lambda need, turn, claim: (seen.append(turn), runs(need, turn, claim))[1],
    )
    inside.conversation.take(CallEvent(CALL, 2, Keys("1")))
    inside.conversation.take(CallEvent(CALL, 3, Keys("482193")))
    assert seen[-1].slowest >= 0.2
    assert seen[-1].left() <= PATIENCE - 2 * 0.2


def test_a_worker_that_died_is_taken_over_from(inside: "Inside"):
    """Its lease runs out, and the turn is led by whoever is asked next."""
    rung(inside)
    claimed(inside)
    inside.clock.move(seconds=6)
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 2, Keys("1")))


def test_a_worker_that_was_overtaken_sends_what_is_stored(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """Its own reply is thrown away: the caller hears one of two, and only one counts."""
    rung(inside)
    answer = Calls.save_reply

    def overtaken(calls: Calls, *arguments: object, **options: object) -> None:
        monkeypatch.setattr(Calls, "save_reply", answer)
        answer(calls, *arguments, **(options | {"reply": b"<faster/>"}))
        raise ClaimLost

    monkeypatch.setattr(Calls, "save_reply", overtaken)
    assert inside.conversation.take(CallEvent(CALL, 2, Keys("1"))) == b"<faster/>"


@pytest.mark.usefixtures("real_patience")
def test_whoever_was_overtaken_asks_nothing_ahead(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """Tagor is asked for the caller's number once the chime is saved, by the worker that saved it."""
    answer, asked = Calls.save_reply, list[str]()
    submit = inside.branch.executor.submit

    def counted(job: "Callable[..., object]", *arguments: object, **options: object) -> object:
        asked.append(job.__name__)
        return submit(job, *arguments, **options)

    def overtaken(calls: Calls, *arguments: object, **options: object) -> None:
        assert asked == []
        monkeypatch.setattr(Calls, "save_reply", answer)
        answer(calls, *arguments, **options)
        raise ClaimLost

    monkeypatch.setattr(inside.branch.executor, "submit", counted)
    monkeypatch.setattr(Calls, "save_reply", overtaken)
    inside.conversation.take(RING)
    assert asked == []
    inside.conversation.take(CallEvent("CA" + "8" * 32, 0, Ring("+32470000001", "+3220000001")))
    assert asked == ["_store_deferred"]


@pytest.mark.usefixtures("real_patience")
def test_a_database_too_slow_for_a_turn_is_as_good_as_away(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """The fixed words come in time; when it is quick again the same turn is led."""
    rung(inside)
    take = Calls.read

    def slowly(*what: object, **more: object) -> object:
        inside.clock.sleep(SLOW_TRANSACTION_SECONDS + 0.05)
        return take(*what, **more)  # type: ignore[arg-type]  # as they came

    with monkeypatch.context() as patch:
        patch.setattr(Calls, "read", slowly)
        with pytest.raises(StoreDown, match="slow"):
            inside.conversation.take(CallEvent(CALL, 2, Keys("1")))
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 2, Keys("1")))


@pytest.mark.usefixtures("real_patience")
@pytest.mark.parametrize("meets_it", ["read", "claim", "save_reply"])
def test_a_turn_waits_for_a_database_that_restarts(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch, meets_it: str
):
    """That is no slow database: once it is back, the rest of the turn takes no longer than ever."""
    rung(inside)
    transaction = getattr(Calls, meets_it)

    def waits(*what: object, **more: object) -> object:
        connect = Mock(side_effect=[*[OSError] * 9, None])
        before = TRANSACTION.set((inside.clock.monotonic() + 5, inside.clock))
        ServerRestart(inside.clock).reached(connect, (OSError,))
        TRANSACTION.reset(before)
        return transaction(*what, **more)

    inside.conversation.take(CallEvent(CALL, 2, Keys("1")))
    monkeypatch.setattr(Calls, meets_it, waits)
    begun = inside.clock.monotonic()
    assert b"<Dial" not in inside.conversation.take(CallEvent(CALL, 3, Keys("482193")))
    assert inside.clock.monotonic() - begun > SLOW_TRANSACTION_SECONDS


@pytest.mark.parametrize(
    ("ended", "cut"),
    [("read", "before commit"), ("read", "at commit"), ("turn", "before commit"), ("turn", "at commit")],
)
def test_a_turn_that_a_restart_of_the_database_ends_is_answered_once(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch, ended: str, cut: Literal["before commit", "at commit"]
):
    """Nobody knows what became of a COMMIT: if it was saved, what was saved is sent."""
    rung(inside)
    on_cursor, ends = Database.on_cursor, [ended]

    @contextmanager
    def ended_once(database: Database, mode: Mode) -> "Iterator[Transaction]":
        now = mode in ends
        with on_cursor(database, mode) as transaction:
            yield transaction
            if now and cut == "before commit":
                ends.remove(mode)
                raise StoreDown("57P01", cut)
        if now:
            ends.remove(mode)
            raise StoreDown("57P01", cut)

    monkeypatch.setattr(Database, "on_cursor", ended_once)
    reply = inside.conversation.take(CallEvent(CALL, 2, Keys("1")))
    assert not ends
    assert inside.conversation.take(CallEvent(CALL, 2, Keys("1"))) == reply
    assert b"<Gather" in reply


@pytest.mark.parametrize("broken", ["read", "save_reply"])
def test_a_turn_that_the_database_refuses_is_not_tried_again(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch, broken: str
):
    """A full disk stays full: the fixed words come at once."""
    rung(inside)
    refuse = Mock(side_effect=StoreDown("SQLITE_FULL"))
    monkeypatch.setattr(Calls, broken, refuse)
    with pytest.raises(StoreDown, match="SQLITE_FULL"):
        inside.conversation.take(CallEvent(CALL, 2, Keys("1")))
    refuse.assert_called_once()


@pytest.mark.usefixtures("real_patience")
def test_nobody_waits_for_a_turn_in_a_database_that_is_too_slow(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Another worker is at it, and asking took so long already: the fixed words come at once."""
    rung(inside)
    monkeypatch.setattr(
        Calls, "read", lambda *_: inside.clock.sleep(SLOW_TRANSACTION_SECONDS + 0.05) or LockedElsewhere()
    )
    with pytest.raises(StoreDown, match="slow"):
        inside.conversation.take(CallEvent(CALL, 2, Keys("1")))
    assert inside.waits == []


def test_a_turn_that_breaks_is_free_for_the_next_try(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """A provider tries again: the second time it is led as if nothing had been."""
    rung(inside)
    # The key needs no claim, and the PIN does: Tagor is asked about it.
    for number, keys in ((2, "1"), (3, "482193")):
        with monkeypatch.context() as patch:
            patch.setattr(Calls, "save_reply", _fails)
            with pytest.raises(OSError, match="disk"):
                inside.conversation.take(CallEvent(CALL, number, Keys(keys)))
        assert b"<Say" in inside.conversation.take(CallEvent(CALL, number, Keys(keys)))
    assert POLL not in inside.waits


def _fails(*_arguments: object, **_options: object) -> None:
    raise OSError("disk full")


def test_a_rescue_that_breaks_too_is_left_to_the_fixed_words(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """What cannot even be apologised for is raised: the provider's side has last words."""
    rung(inside)
    broken = replace(inside.branch, renderer=Mock(render=_fails))
    monkeypatch.setattr(inside.conversation, "_office_contexts", lambda _dialled: broken)
    with pytest.raises(OSError, match="disk"):
        inside.conversation.take(CallEvent(CALL, 2, Keys("1")))


def test_a_call_is_rescued_once(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """What breaks again after a rescue is not rescued again: that could go on for ever."""
    hear: Callable[..., object] = Engine.hear
    rung(inside)
    monkeypatch.setattr(Engine, "hear", _fails)
    assert b"<Dial" in inside.conversation.take(CallEvent(CALL, 2, Keys("1")))
    with pytest.raises(OSError, match="disk"):
        inside.conversation.take(CallEvent(CALL, 3, Silence()))
    monkeypatch.setattr(Engine, "hear", hear)
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 3, Silence()))


def test_a_call_begins_with_a_ring(inside: "Inside"):
    """Keys of a call that never rang lead nowhere; it may still ring afterwards."""
    with pytest.raises(LostCall):
        inside.conversation.take(CallEvent(CALL, 0, Keys("1")))
    assert b"<Gather" in rung(inside)


def test_a_number_of_no_office_is_nobodys_call(inside: "Inside"):
    """No office file has it."""
    with pytest.raises(NoSuchOffice):
        inside.conversation.take(CallEvent(CALL, 0, Ring("", "+3220009999")))


def test_a_nudge_at_a_question_asks_it_again(inside: "Inside"):
    """A redirect after mere words is no silence; where a question stands it is simply asked."""
    first = rung(inside)
    nudged = inside.conversation.take(CallEvent(CALL, 2, RedirectReturned()))
    assert b"<Gather" in first
    assert b"<Gather" in nudged


def test_a_fallback_of_a_call_whose_ring_was_lost_may_begin_it(inside: "Inside"):
    """The worker died over the first webhook: whoever admits calls decides whether this one begins."""
    with pytest.raises(NoSuchCall):
        inside.conversation.fallback(FallbackRequest(RING, "11200"))


def test_a_fallback_of_a_call_that_is_over_has_nothing_to_come_back_to(inside: "Inside"):
    """The fixed words must do."""
    rung(inside)
    inside.conversation.ended(CALL)
    with pytest.raises(LostCall):
        inside.conversation.fallback(FallbackRequest(RING, "11200"))


def test_a_call_without_a_branch_of_its_number_is_lost_in_the_middle(inside: "Inside"):
    """An office that moved to another number while somebody was on the line."""
    rung(inside)
    inside.conversation._office_contexts = lambda _dialled: None
    with pytest.raises(NoSuchOffice):
        inside.conversation.take(CallEvent(CALL, 2, Keys("1")))


def test_the_end_of_a_call_that_nobody_knows_is_no_trouble(inside: "Inside"):
    """A report that comes twice, or of a call before the database was new: nothing is left to be done."""
    inside.conversation.ended(CALL)
    inside.conversation.recorded(CALL, "completed")
    assert not any(inside.books.outbox.counts().values())


def test_a_call_that_left_nothing_leaves_nothing_to_be_done(inside: "Inside"):
    """A stranger who hung up: no note, no message, and a recording told of later changes nothing."""
    rung(inside)
    inside.conversation.ended(CALL)
    inside.conversation.recorded(CALL, "completed")
    assert not any(inside.books.outbox.counts().values())


def test_a_fallback_at_a_question_that_confirms_nothing_asks_it_again(inside: "Inside"):
    """Nothing was confirmed, so nothing is taken for heard."""
    first = rung(inside)
    assert inside.conversation.fallback(FallbackRequest(RING, "11200")) == first


def test_a_fallback_takes_the_turn_from_the_worker_that_holds_it(inside: "Inside"):
    """The provider has given that worker up, so the caller's next key need not wait for it either."""
    first = rung(inside)
    claimed(inside)
    assert inside.conversation.fallback(FallbackRequest(RING, "11200")) == first
    assert b"<Gather" in inside.conversation.take(CallEvent(CALL, 2, Keys("1")))
    assert inside.waits == []


def test_a_lost_confirmation_is_looked_for_under_the_name_it_was_written_with(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Key 1 had moved the call on before the decision was named, and that move was never saved."""
    rung(inside)
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
    rung(inside)
    monkeypatch.setattr(Engine, "confirms", lambda *_: True)
    monkeypatch.setattr(ActionRunner, "begun", lambda *_: True)
    left = list[float]()

    def turn(*what: Any, **more: Any) -> Turn:  # noqa: ANN401 - as they come
        left.append(Turn(*what, **more).deadline.left())
        return Turn(*what, **more)

    monkeypatch.setattr("bridge.conversation.turns.Turn", turn)
    inside.conversation.fallback(FallbackRequest(RING, "11200"))
    assert left[0] <= NO_PATIENCE


def test_a_hang_up_that_a_turn_overtakes_is_tried_again(inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """The turn that was saved meanwhile may have left more to be written; nothing of the call stays."""
    rung(inside)
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


@pytest.mark.parametrize(("written", "end"), [(True, "Dial"), (False, "HangUp")])
def test_a_decision_is_waited_for_ten_times_and_is_then_unclear_or_was_never_made(
    inside: "Inside", monkeypatch: pytest.MonkeyPatch, written: object, end: str
):
    """After twenty seconds a colleague confirms what was written down; else nothing was sent."""
    ends = list[str]()

    def phrase(_phrasing: Phrasing, output: TurnOutput, *_: object, turn: int, **_more: object) -> Phrased:
        ends.append(type(output.then).__name__)
        return Phrased(Answer((), Redirect(), turn), frozenset())

    monkeypatch.setattr(inside.conversation, "_engine", Engine(FlowGraph(Signing)))
    monkeypatch.setattr(ActionRunner, "run", Mock(side_effect=Pending))
    monkeypatch.setattr(ActionRunner, "begun", lambda *_: written)
    monkeypatch.setattr(Phrasing, "phrase", phrase)
    inside.conversation.take(RING)
    inside.conversation.take(CallEvent(CALL, 1, Keys("1")))
    for turn in range(2, 12):
        inside.conversation.take(CallEvent(CALL, turn, RedirectReturned()))
    assert ends == ["Gather", *["Redirect"] * 10, end]


def test_a_call_of_an_office_that_is_gone_ends_without_a_note(inside: "Inside"):
    """There is nobody any more to read one."""
    rung(inside)
    inside.conversation._office_contexts = lambda _dialled: None
    inside.conversation.ended(CALL)
    assert not any(inside.books.outbox.counts().values())
