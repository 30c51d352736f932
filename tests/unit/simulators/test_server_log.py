"""The log of the demo's server: turns are told, troubles pass, everything else is dropped."""

import io
import json

from bridge.simulators.server_log import TurnLine, follow

TURN = {
    "event": "turn",
    "level": "info",
    "timestamp": "2026-03-04T09:00:01.5Z",
    "call": "a1b2" + "0" * 12,
    "language": "fr",
    "place": "Defendant.main",
    "kind": "keys",
    "duration_ms": 12,
}


def read(*lines: object) -> tuple[list[TurnLine], str]:
    """What is told of these lines, and what is left for standard error."""
    told: list[TurnLine] = []
    out = io.StringIO()
    follow([f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines], told.append, out)
    return told, out.getvalue()


def test_a_turn_is_told_in_one_line():
    """The call by the beginning of its name, so that two calls on one screen can be told apart."""
    [turn], rest = read(TURN)
    assert rest == ""
    assert str(turn).endswith("  A1B2  fr  keys       Defendant.main")
    assert turn.milliseconds == 12


def test_troubles_stay_what_they_are():
    """Warnings, and whatever is no log line, such as a traceback of Python itself."""
    warning = {"event": "tagor_down", "level": "warning"}
    told, rest = read(warning, "Traceback", '"text"', {"event": "call_over", "level": "info"})
    assert told == []
    assert rest == json.dumps(warning) + '\nTraceback\n"text"\n'


def test_a_turn_without_what_it_needs_is_no_turn():
    """An older server tells less; its line costs nothing but itself."""
    del (older := dict(TURN))["call"]
    assert read(older, TURN | {"timestamp": "today"}) == ([], "")
