"""Nothing of a caller, and no secret, is ever in a log line: 40 canaries, planted wherever values get in."""

import base64
import hashlib
import io
import json
import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
import structlog

from bridge.operations.logs import catch_uncaught, start_logging
from bridge.operations.redaction import REMOVED, bare_exception, clean, redact

PAIR = base64.b64encode(b"2041706:483920").decode()
CANARIES = [
    "Annelies Vandersteen",
    "annelies.vandersteen@example.be",
    "Kerkstraat 14",
    "+32470918273",
    "0470 91 82 73",
    "0470/91.82.73",
    "0032470918273",
    "+32 (0)470-91-82-73",
    "%2B32470918273",
    "%30%34%37%30%39%31%38%32%37%33",
    "٠٤٧٠٩١٨٢٧٣",
    "266696687",
    "483920",
    "4839",
    "4 8 3 9 2 0",
    "9000000000000001706",
    "2041706",
    "TDOS_2041706",
    "2041706|2",
    PAIR,
    base64.b64encode(b"000:0000").decode(),
    "Pin abc",
    "Tgr k3y",
    "Bearer t0k",
    "Basic dTpw",
    "5d8a0e3b7c914f26a1b0c9d8e7f60512",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0",
    hashlib.sha256(b"+32470918273").hexdigest(),
    hashlib.md5(b"2041706", usedforsecurity=False).hexdigest(),
    "twelfhonderd vierendertig euro",
    "mille deux cents euros",
    "1.234,56",
    "1234.56",
    "12,50",
    "BE68539007547034",
    "BE68 5390 0754 7034",
    "+++090/9337/55493+++",
    "090933755493",
    "1984-02-29",
    quote("Annelies Vandersteen"),
]


@dataclass
class Party:
    """A value object as it might be handed to a logger by mistake."""

    name: str


def raise_chained(canary: str) -> None:
    try:
        {}[canary]
    except KeyError as cause:
        hidden = canary  # a local variable that a generous traceback would print
        error = ValueError(f"cannot read {hidden!r}")
        error.add_note(canary)
        raise error from cause


def in_a_traceback(canary: str) -> None:
    try:
        raise_chained(canary)
    except ValueError:
        structlog.get_logger("bridge.test").exception("went_wrong")
        logging.getLogger("library").exception("went wrong with %s", canary)
        logging.getLogger("library").debug("stack", stack_info=True, exc_info=True)


def in_a_group(canary: str) -> None:
    def fail() -> None:
        raise ExceptionGroup(canary, [ValueError(canary), KeyError(canary)])

    try:
        fail()
    except ExceptionGroup:
        structlog.get_logger("bridge.test").exception("went_wrong")


def in_an_uncaught_thread(canary: str) -> None:
    catch_uncaught()
    thread = threading.Thread(target=raise_chained, args=(canary,))
    thread.start()
    thread.join()


def at_the_end_of_the_process(canary: str) -> None:
    catch_uncaught()
    try:
        raise_chained(canary)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def under_keys_of_their_own(canary: str) -> None:
    log = structlog.get_logger("bridge.test")
    log.info(
        "turn", **{"pii.name": canary, "digits": canary, "From": canary, "token": canary, "note": canary}
    )
    log.bind(caller=canary).debug("turn")
    structlog.contextvars.bind_contextvars(speech_result=canary)
    log.warning("turn")
    structlog.contextvars.clear_contextvars()


def in_nested_values(canary: str) -> None:
    log = structlog.get_logger("bridge.test")
    log.info("turn", reason={"state": {"file": canary, canary: 1}, "type": [{"name": canary}, {canary}]})
    log.info(
        "turn", reason=Party(canary), error=ValueError(canary), source=Path(canary), state=canary.encode()
    )
    deep: Any = {"file": canary}
    for _ in range(40):
        deep = {"state": deep}
    log.info("turn", state=deep)


def in_library_records(canary: str) -> None:
    library = logging.getLogger("urllib3.connectionpool")
    library.setLevel(logging.DEBUG)
    library.debug('%s "%s %s HTTP/1.1" %s', "https://tagor", "POST", f"/v1/web/File?pin={canary}", 200)
    library.warning("Retrying after %r", ValueError(canary), extra={"url": canary})
    library.error(ValueError(canary))
    library.error("one place too many %s %s", canary)
    logging.getLogger("twilio.http_client").warning("Query Params: %s", {"From": canary})


PLANTS: list[Callable[[str], None]] = [
    *(in_a_traceback, in_a_group, in_an_uncaught_thread, at_the_end_of_the_process, under_keys_of_their_own),
    *(in_nested_values, in_library_records),
]


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize("canary", CANARIES)
def test_no_canary_gets_out(
    plant: Callable[[str], None], canary: str, log_stream: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever carries it, at DEBUG: the log has lines, and the canary is in none of them."""
    plant(canary)
    out, err = capfd.readouterr()
    lines = log_stream.getvalue()
    assert lines
    for form in (canary, json.dumps(canary)[1:-1], quote(canary), repr(canary)[1:-1]):
        assert form not in lines + out + err


SHAPED = [canary for canary in CANARIES if not canary.startswith(("Annelies V", "Kerk", "twelf", "mille"))]


@pytest.mark.parametrize("canary", SHAPED)
@pytest.mark.parametrize("key", ["reason", "event", "step", "call", "timestamp", "turn", "port"])
def test_a_known_key_does_not_let_everything_through(canary: str, key: str) -> None:
    """Under a key that may be logged, what looks like a number, an address or a credential is taken out."""
    assert canary not in str(redact({key: f"before {canary} after"}))
    assert canary not in str(redact({key: canary}))


@pytest.mark.parametrize("key", ["reason", "state", "step"])
@pytest.mark.parametrize("value", [483920, 4839, 1234.56, -470918273])
def test_numbers_are_no_way_round(key: str, value: float) -> None:
    """A PIN handed over as a number is still a PIN."""
    assert redact({key: value}) == {key: clean(str(value))}
    assert REMOVED in str(redact({key: value}))


@pytest.mark.parametrize("value", [Decimal("1234.56"), date(1984, 2, 29), b"483920", Party("x"), object()])
def test_of_other_things_only_the_type_is_told(value: object) -> None:
    """How a value object prints itself is not ours to know."""
    assert redact({"reason": value}) == {"reason": f"[{type(value).__name__}]"}


def test_what_operators_need_is_left_alone() -> None:
    """Counts, names of steps, the calls' hashed names and the time of day come through as they are."""
    entry = {
        "event": "turn_answered",
        "timestamp": "2026-11-22T14:51:42.189137Z",
        "call": "0123456789abcdef",
        "step": "Balance.say_amount",
        "port": 65535,
        "turn": 12345,
        "ms": 1234.5,
        "error": None,
        "state": True,
        "source": "bridge/conversation/turns.py",
    }
    assert redact(entry) == entry


@pytest.mark.parametrize("call", ["9b2f1c3e-0a4d-4e5f-8a6b-7c8d9e0f1a2b", "v3:" + "aB3_-" * 11])
def test_a_calls_own_id_is_no_word_of_the_log(call: str):
    """Only its keyed hash stands there, so nobody goes from the log to the provider's list."""
    assert redact({"call": call}) != {"call": call}


def test_a_circle_of_causes_ends() -> None:
    """It must not hang the line."""
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert [link["type"] for link in bare_exception(first)] == ["ValueError", "KeyError"]


def test_every_line_is_one_json_object_with_a_fixed_name(log_stream: io.StringIO) -> None:
    """Own and foreign records alike: name, level, logger, time."""
    structlog.get_logger("bridge.test").info("turn_answered", turn=3)
    logging.getLogger("library").warning("pool of %s is full", "483920")
    own, foreign = (json.loads(line) for line in log_stream.getvalue().splitlines())
    assert (own["event"], own["turn"], own["level"], own["logger"]) == (
        "turn_answered",
        3,
        "info",
        "bridge.test",
    )
    assert (foreign["event"], foreign["level"]) == ("pool of %s is full", "warning")
    assert set(own) == {"logger", "level", "event", "turn", "timestamp"}
    assert (foreign["logger"], set(foreign)) == ("library", {"logger", "level", "event", "timestamp"})
    assert own["timestamp"].endswith("Z")
    assert foreign["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("message", "values", "told"),
    [
        ("Booting worker with pid: %s", (48213,), {"event": "Booting worker with pid: <pid>", "pid": 48213}),
        ("Handling signal: %s", ("term",), {"event": "Handling signal: term"}),
        ("Using worker: %s", ("gthread",), {"event": "Using worker: gthread"}),
        (
            "Listening at: %s (%s)",
            ("http://0.0.0.0:8000", 4711),
            {"event": "Listening at: <port> (<pid>)", "port": 8000, "pid": 4711},
        ),
        (
            "Worker (pid:%s) exited with code %s.",
            (4711, 3),
            {"event": "Worker (pid:<pid>) exited with code 3.", "pid": 4711},
        ),
        ("%s, %s", (300, 299), {"event": "<pid>, 299", "pid": 300}),
        ("Starting gunicorn %s", ("3.0.1",), {"event": "Starting gunicorn 3.0.1"}),
        ("Starting gunicorn %s", ("9",), {"event": "Starting gunicorn 9"}),
        ("Key %s, %s", ("482", "1.482193"), {"event": "Key <str>, <str>"}),
        ("Worker (pid:%(pid)s)", ({"pid": 4711},), {"event": "Worker (pid:%(pid)s)"}),
        ("Invalid request: %s", ("GET /?pin=482193&name=Jan HTTP/1.1",), {"event": "Invalid request: <str>"}),
        ("Exception: %s", (ValueError("Jan"),), {"event": "Exception: <ValueError>"}),
        ("one place too many %s %s", (3,), {"event": "one place too many %s %s"}),
    ],
)
def test_the_servers_own_words_keep_their_values(
    log_stream: io.StringIO, message: str, values: tuple[object, ...], told: dict[str, object]
) -> None:
    """Which process began or ended and why; never anything that may have stood in a request."""
    logging.getLogger("gunicorn.error").warning(message, *values)
    line = json.loads(log_stream.getvalue())
    assert {name: line[name] for name in line if name in {"event", "pid", "port"}} == told


def test_facts_bound_to_a_turn_stand_on_each_of_its_lines(log_stream: io.StringIO) -> None:
    """Which office and which turn: bound once, told everywhere."""
    structlog.contextvars.bind_contextvars(office="demo", turn=4)
    structlog.get_logger("bridge.test").info("asked")
    entry = json.loads(log_stream.getvalue())
    assert (entry["office"], entry["turn"]) == ("demo", 4)


def test_starting_twice_does_not_double_the_lines(log_stream: io.StringIO) -> None:
    """A server and its workers may both start the log."""
    start_logging("DEBUG", log_stream)
    structlog.get_logger("bridge.test").info("once")
    assert log_stream.getvalue().count("\n") == 1


@pytest.mark.usefixtures("log_stream")
def test_no_line_looks_for_the_thread_that_wrote_it() -> None:
    """Nobody reads it, and every line would pay for it."""
    record = logging.getLogger("any").makeRecord("any", logging.INFO, "", 0, "event", (), None)
    assert (record.thread, record.process, record.processName) == (None, None, None)


def test_a_real_request_at_debug_shows_neither_path_nor_query(log_stream: io.StringIO) -> None:
    """urllib3's own records of a request that is refused, on a real socket."""
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    with pytest.raises(requests.ConnectionError):
        requests.get("http://127.0.0.1:1/File/2041706", params={"pin": "483920"}, timeout=2)
    assert "urllib3.connectionpool" in log_stream.getvalue()
    assert "2041706" not in log_stream.getvalue()
    assert "483920" not in log_stream.getvalue()
