"""Webhooks in an order no call should have: each a row of paths and fields, and what the last one gets."""

from dataclasses import dataclass, field

from bad_input_judge import APOLOGY, ASKED, CONNECTED, LEFT

Step = tuple[str, dict[str, str]]

RING: Step = ("/voice", {})
SILENT: dict[str, str] = {}
OVER: Step = ("/voice/status", {"CallStatus": "completed"})
BACK: Step = ("/voice/fallback", {"ErrorCode": "11200"})
PIN = "the PIN"


def turn(number: int, keys: str = "", tail: str = "", **fields: str) -> Step:
    """A turn with keys, or with what else came."""
    return f"/voice/turn/{number}{tail}", ({"Digits": keys} if keys else {}) | fields


OPENED = [RING, turn(1, "1"), turn(2, PIN)]
"""The balance was told; turn 3 is next."""
CHOSEN = [*OPENED, turn(3, "2"), turn(4, "1"), turn(5, "1")]
"""The plan is read back; key 1 at turn 6 requests it."""


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
    _sequence("a turn without a ring", [turn(1, "1")], APOLOGY),
    _sequence("the last turn of all without a ring", [turn(9999, "1")], APOLOGY),
    _sequence("a redirect without a ring", [turn(1, tail="/on")], APOLOGY),
    _sequence("a fallback without a ring", [BACK], ASKED),
    _sequence("a hang-up without a ring, then a ring", [OVER, RING], ASKED),
    _sequence("a ring twice", [RING, RING], ASKED, 0),
    _sequence("a ring again in mid-call", [RING, turn(1, "1"), RING], ASKED, 0),
    _sequence("a skipped turn", [RING, turn(2, "1")], ASKED, 0),
    _sequence("a turn far ahead", [RING, turn(40, "1")], ASKED, 0),
    _sequence("a PIN before the question", [RING, turn(2, PIN)], ASKED, 0),
    _sequence("a stale turn, with another key", [RING, turn(1, "1"), turn(1, "2")], ASKED, 1),
    _sequence("a stale turn, with nothing", [RING, turn(1, "1"), turn(1)], ASKED, 1),
    _sequence(
        "a turn long gone", [*OPENED, turn(3, "4"), turn(4, "1"), turn(5, PIN), turn(1, "2")], ASKED, 5
    ),
    _sequence("a redirect where a key was asked", [RING, turn(1, tail="/on")], ASKED),
    _sequence("a transfer's end where none was", [RING, turn(1, DialCallStatus="completed")], ASKED),
    _sequence("a missed transfer where none was", [RING, turn(1, DialCallStatus="busy")], ASKED),
    _sequence("a recording where none was", [RING, turn(1, RecordingSid="RE" + "1" * 32)], ASKED),
    _sequence("words where only keys count", [RING, turn(1, "1"), turn(2, SpeechResult="een twee")], ASKED),
    _sequence("keys while it rings", [RING, turn(1, "0"), turn(2, "1")], ASKED | CONNECTED),
    _sequence("words while it rings", [RING, turn(1, "0"), turn(2, SpeechResult="ja")], ASKED | CONNECTED),
    _sequence("the PIN twice", [*OPENED, turn(2, PIN)], ASKED, 2),
    _sequence("another PIN for the same turn", [*OPENED, turn(2, "111111")], ASKED, 2),
    _sequence("a fallback after an answer", [RING, turn(1, "1"), BACK], ASKED, 1),
    _sequence("a fallback twice", [RING, turn(1, "1"), BACK, BACK], ASKED, 1),
    _sequence("a fallback, then the turn", [RING, BACK, turn(1, "1")], ASKED),
    _sequence("a turn after the hang-up", [RING, OVER, turn(1, "1")], LEFT - {"Say"}),
    _sequence("a PIN after the hang-up", [RING, turn(1, "1"), OVER, turn(2, PIN)], LEFT - {"Say"}),
    _sequence("a ring after the hang-up", [RING, OVER, RING], LEFT - {"Say"}),
    _sequence("a fallback after the hang-up", [RING, turn(1, "1"), OVER, BACK], APOLOGY),
    _sequence("a hang-up twice, then a turn", [RING, OVER, OVER, turn(1, "1")], LEFT - {"Say"}),
    _sequence("a turn after goodbye", [RING, turn(1, "9"), turn(2, "1")], LEFT - {"Say"}),
    _sequence("goodbye twice", [RING, turn(1, "9"), turn(1, "9")], LEFT, 1),
    Sequence("a confirmation before the question", [*OPENED, turn(6, "1")], ASKED, 2),
    Sequence("a confirmation of another turn", [*CHOSEN, turn(5, "1")], ASKED, 5),
    Sequence("a confirmation twice", [*CHOSEN, turn(6, "1"), turn(6, "1")], ASKED, 6, plans=1, case=1),
    Sequence(
        "a confirmation, then its denial", [*CHOSEN, turn(6, "1"), turn(6, "2")], ASKED, 6, plans=1, case=2
    ),
    Sequence("a fallback after a confirmation", [*CHOSEN, turn(6, "1"), BACK], ASKED, 6, plans=1, case=3),
    Sequence("another call's turn", [RING, turn(3, "2")], ASKED, 0, other=OPENED),
    Sequence("another call's confirmation", [RING, turn(6, "1")], ASKED, 0, other=CHOSEN),
    Sequence("a confirmation after the hang-up", [*CHOSEN, OVER, turn(6, "1")], LEFT - {"Say"}),
]
