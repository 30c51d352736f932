"""What is done after a call is logged under the call's name and the turn that left it."""

import io
import json

import pytest
import structlog

from bridge.operations.propagation import context_left, logged_as_left

CALL = "0a1b2c3d4e5f6071"


def logged(stream: io.StringIO) -> dict[str, object]:
    line = json.loads(stream.getvalue().splitlines()[-1])
    return {key: line[key] for key in ("call", "turn", "office") if key in line}


def test_work_is_logged_as_the_turn_that_left_it(log_stream: io.StringIO):
    """Its office besides, and nothing of it stays for the next piece of work."""
    with structlog.contextvars.bound_contextvars(call=CALL, turn=3, office="gent", view="turn"):
        left = json.dumps({"file": "1", **context_left()}).encode()
    assert json.loads(left)["log"] == {"call": CALL, "turn": 3}
    log = structlog.get_logger()
    with logged_as_left(left, office="gent"):
        assert context_left() == {"log": {"call": CALL, "turn": 3}}  # what follows from it is logged alike
        log.info("job_done")
    assert logged(log_stream) == {"call": CALL, "turn": 3, "office": "gent"}
    log.info("job_done")
    assert logged(log_stream) == {}


@pytest.mark.parametrize("left", [b"", b"{}", b"no JSON", b"[]", b'{"log": 7}', b'{"log": "call"}', b"\xff"])
def test_what_tells_no_names_is_logged_under_its_office(log_stream: io.StringIO, left: bytes):
    """As what an earlier version wrote down."""
    assert context_left() == {}
    with logged_as_left(left, office="gent"):
        structlog.get_logger().info("job_done")
    assert logged(log_stream) == {"office": "gent"}


def test_no_value_gets_into_the_log_that_is_no_name(log_stream: io.StringIO):
    """Whatever stood in a payload under these names: a number or a word is removed."""
    with logged_as_left(b'{"log": {"call": "+32470000001", "turn": "482193", "caller": "An"}}'):
        structlog.get_logger().info("job_done")
    assert logged(log_stream) == {"call": "[removed]", "turn": "[removed]"}
