"""Whoever traces surrounds each question to Tagor, and says what its request carries besides."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from tagor_questions import FILE, PIN
from tagor_server import ScriptedTagor, http, says

from bridge.tagor import ClientLogin, Deadline, FilePin, Tagor, TagorError, TagorUnreachable

OPENS, LOGIN = "TagorService/GetVoxtronVerwByPin", "Login/Token"
TOKEN = says({"token_type": "Tgr", "expires_in": 3600, "token": "token-1", "error": ""})


class Trace:
    """What was surrounded, in order."""

    def __init__(self) -> None:
        self.told: list[str] = []

    @contextmanager
    def question(self, operation: str) -> Iterator[Mapping[str, str]]:
        self.told.append(f"{operation} begins")
        try:
            yield {"traceparent": f"of {operation}"}
        except TagorError as error:
            self.told.append(f"{operation}: {type(error).__name__}")
            raise
        self.told.append(f"{operation} ends")


@pytest.fixture
def trace() -> Trace:
    return Trace()


def carried(server: ScriptedTagor) -> list[tuple[str, str | None]]:
    """Which operation was asked with which header."""
    return [(asked.path, asked.headers.get("traceparent")) for asked in server.asked]


def test_a_question_carries_what_the_trace_gives(
    server: ScriptedTagor, connect: Callable[..., Tagor], trace: Trace, by: Deadline
):
    """Also for whoever asks as somebody else; without a trace it carries nothing more."""
    tagor = connect(server.url, traced=trace.question)
    tagor.callers.pin_opens(FILE, PIN, deadline=by)
    tagor.acting_as(FilePin(FILE, PIN)).callers.pin_opens(FILE, PIN, deadline=by)
    connect(server.url).callers.pin_opens(FILE, PIN, deadline=by)
    assert [header for _, header in carried(server)] == [f"of {OPENS}"] * 2 + [None]
    assert trace.told == [f"{OPENS} begins", f"{OPENS} ends"] * 2


def test_a_question_that_fails_is_surrounded_too(
    server: ScriptedTagor, connect: Callable[..., Tagor], trace: Trace, by: Deadline
):
    """Whoever traces sees the error pass."""
    server.always_plays(http(500))
    with pytest.raises(TagorError):
        connect(server.url, traced=trace.question).callers.pin_opens(FILE, PIN, deadline=by)
    assert trace.told == [f"{OPENS} begins", f"{OPENS}: TagorInvalidResponse"]


def test_the_login_belongs_to_the_question_that_needs_it(
    server: ScriptedTagor, connect: Callable[..., Tagor], trace: Trace, by: Deadline
):
    """It is surrounded inside the question, and carries a header of its own."""
    server.plays(LOGIN, TOKEN)
    tagor = connect(server.url, ClientLogin("bridge", "a secret"), traced=trace.question)
    tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert carried(server) == [(LOGIN, f"of {LOGIN}"), (OPENS, f"of {OPENS}")]
    assert trace.told == [f"{OPENS} begins", f"{LOGIN} begins", f"{LOGIN} ends", f"{OPENS} ends"]


def test_a_question_that_is_not_asked_is_seen(
    server: ScriptedTagor, connect: Callable[..., Tagor], trace: Trace, by: Deadline
):
    """Nothing leaves the bridge, and the trace tells so."""
    tagor = connect(server.url, traced=trace.question)
    server.stop_listening()
    with pytest.raises(TagorUnreachable):
        tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert trace.told == [f"{OPENS} begins", f"{OPENS}: TagorUnreachable"]
