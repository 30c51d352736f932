"""Webhooks in an order no call should have: each a row of paths and fields, and what the last one gets."""

from dataclasses import dataclass, field

from bad_input_judge import APOLOGY, ASKED, CHIME, CONNECTED, LEFT

Step = tuple[str, dict[str, str]]

RING: Step = ("/voice", {})
CHIMED: Step = ("/voice/turn/1/on", {})
OVER: Step = ("/voice/status", {"CallStatus": "completed"})
BACK: Step = ("/voice/fallback", {"ErrorCode": "11200"})
PIN = "the PIN"


def turn(number: int, keys: str = "", tail: str = "", **fields: str) -> Step:
    """A turn with keys, or with what else came."""
    return f"/voice/turn/{number}{tail}", ({"Digits": keys} if keys else {}) | fields


RUNG = [RING, CHIMED]
"""The welcome was spoken; turn 2 is next."""

OPENED = [*RUNG, turn(2, "1"), turn(3, PIN)]
"""The balance was told; turn 4 is next."""
CHOSEN = [*OPENED, turn(4, "2"), turn(5, "1"), turn(6, "1")]
"""The plan is read back; key 1 at turn 7 requests it."""


@dataclass(frozen=True)
class Sequence:
    """Steps in their order; the last one gets these verbs, and the bytes of the step `same` if there is one.

    `plans` is how many plans are made on the way; `other` steps are of another call. `PIN` stands for the one
    of the documented case `case`, who phones.
    """

    name: str
    steps: list[Step]
    gets: frozenset[str]
    same: int | None = None
    plans: int = 0
    other: list[Step] = field(default_factory=list)
    case: int = 0


def _sequence(name: str, steps: list[Step], gets: frozenset[str], same: int | None = None) -> Sequence:
    return Sequence(name, steps, gets, same)


SEQUENCES = [
    _sequence("a turn without a ring", [turn(2, "1")], APOLOGY),
    _sequence("the last turn of all without a ring", [turn(9999, "1")], APOLOGY),
    _sequence("a redirect without a ring", [turn(2, tail="/on")], APOLOGY),
    _sequence("a fallback without a ring", [BACK], CHIME),
    _sequence("a hang-up without a ring, then a ring", [OVER, RING], CHIME),
    _sequence("a ring twice", [RING, RING], CHIME, 0),
    _sequence("a ring again in mid-call", [*RUNG, turn(2, "1"), RING], CHIME, 0),
    _sequence("a key while the chime sounds", [RING, turn(1, "1")], ASKED),
    _sequence("a skipped turn", [*RUNG, turn(3, "1")], ASKED, 1),
    _sequence("a turn far ahead", [*RUNG, turn(40, "1")], ASKED, 1),
    _sequence("a PIN before the question", [*RUNG, turn(3, PIN)], ASKED, 1),
    _sequence("a stale turn, with another key", [*RUNG, turn(2, "1"), turn(2, "2")], ASKED, 2),
    _sequence("a stale turn, with nothing", [*RUNG, turn(2, "1"), turn(2)], ASKED, 2),
    _sequence(
        "a turn long gone", [*OPENED, turn(4, "4"), turn(5, "1"), turn(6, PIN), turn(2, "2")], ASKED, 6
    ),
    _sequence("a redirect where a key was asked", [*RUNG, turn(2, tail="/on")], ASKED),
    _sequence("a transfer's end where none was", [*RUNG, turn(2, DialCallStatus="completed")], ASKED),
    _sequence("a missed transfer where none was", [*RUNG, turn(2, DialCallStatus="busy")], ASKED),
    _sequence("a recording where none was", [*RUNG, turn(2, RecordingSid="RE" + "1" * 32)], ASKED),
    _sequence("words where only keys count", [*RUNG, turn(2, "1"), turn(3, SpeechResult="een twee")], ASKED),
    _sequence("keys while it rings", [*RUNG, turn(2, "0"), turn(3, "1")], ASKED | CONNECTED),
    _sequence("words while it rings", [*RUNG, turn(2, "0"), turn(3, SpeechResult="ja")], ASKED | CONNECTED),
    _sequence("the PIN twice", [*OPENED, turn(3, PIN)], ASKED, 3),
    _sequence("another PIN for the same turn", [*OPENED, turn(3, "111111")], ASKED, 3),
    _sequence("a fallback after an answer", [*RUNG, turn(2, "1"), BACK], ASKED, 2),
    _sequence("a fallback twice", [*RUNG, turn(2, "1"), BACK, BACK], ASKED, 2),
    _sequence("a fallback, then the turn", [*RUNG, BACK, turn(2, "1")], ASKED),
    _sequence("a turn after the hang-up", [*RUNG, OVER, turn(2, "1")], LEFT - {"Say"}),
    _sequence("a PIN after the hang-up", [*RUNG, turn(2, "1"), OVER, turn(3, PIN)], LEFT - {"Say"}),
    _sequence("a ring after the hang-up", [*RUNG, OVER, RING], LEFT - {"Say"}),
    _sequence("a fallback after the hang-up", [*RUNG, turn(2, "1"), OVER, BACK], APOLOGY),
    _sequence("a hang-up twice, then a turn", [*RUNG, OVER, OVER, turn(2, "1")], LEFT - {"Say"}),
    _sequence("a turn after goodbye", [*RUNG, turn(2, "9"), turn(3, "1")], LEFT - {"Say"}),
    _sequence("goodbye twice", [*RUNG, turn(2, "9"), turn(2, "9")], LEFT, 2),
    Sequence("a confirmation before the question", [*OPENED, turn(7, "1")], ASKED, 3),
    Sequence("a confirmation of another turn", [*CHOSEN, turn(6, "1")], ASKED, 6),
    Sequence("a confirmation twice", [*CHOSEN, turn(7, "1"), turn(7, "1")], ASKED, 7, plans=1, case=1),
    Sequence(
        "a confirmation, then its denial", [*CHOSEN, turn(7, "1"), turn(7, "2")], ASKED, 7, plans=1, case=2
    ),
    Sequence("a fallback after a confirmation", [*CHOSEN, turn(7, "1"), BACK], ASKED, 7, plans=1, case=3),
    Sequence("another call's turn", [*RUNG, turn(4, "2")], ASKED, 1, other=OPENED),
    Sequence("another call's confirmation", [*RUNG, turn(7, "1")], ASKED, 1, other=CHOSEN),
    Sequence("a confirmation after the hang-up", [*CHOSEN, OVER, turn(7, "1")], LEFT - {"Say"}),
]
