"""Spans tell what the log tells and no more, and belong to what the log's context says."""

import io
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import structlog
from shared_collector import Collected, Collector

from bridge.app.tracing import start_tracing
from bridge.conversation.bulkhead import BoundedExecutor
from bridge.operations.propagation import context_left, no_span
from bridge.operations.tracing import Tracing, takes_spans
from bridge.settings import SettingsError

GIVEN = f"00-{'ab' * 16}-{'12' * 8}-01"
ERROR = 2


class Refused(Exception):
    """What Tagor says no by."""

    answered = True


class Traced:
    """Traces into a collector; `spans` ends tracing and gives all that was sent."""

    def __init__(self, collector: Collector) -> None:
        self.collector, self.tracing = collector, Tracing(collector.url)

    def spans(self) -> list[Collected]:
        self.tracing.shutdown()
        return self.collector.spans()


@pytest.fixture
def traced() -> Iterator[Traced]:
    with Collector().running() as collector:
        yield Traced(collector)


def test_a_turn_tells_what_its_line_tells(traced: Traced):
    """By the same names; what a line may not tell is not told here either."""
    with traced.tracing.webhook(
        "turn", "", call="0a1b2c3d" * 2, turn=3, provider="twilio", outcome="repeated"
    ):
        structlog.contextvars.bind_contextvars(office="demo")
        line = {
            "event": "turn",
            "kind": "keys",
            "place": "Balance.tell",
            "digits": "482193",
            "duration_ms": 3,
        }
        traced.tracing.note(line | {"language": "An Peeters 0470123456"})
        traced.tracing.note({"event": "patience_over", "place": "Balance.look"})
        traced.tracing.note({"event": "job_done"})
        structlog.contextvars.unbind_contextvars("office")
    [span] = traced.spans()
    assert span.told == {
        "bridge.call": "0a1b2c3d" * 2,
        "bridge.turn": 3,
        "bridge.provider": "twilio",
        "bridge.office": "demo",
        "bridge.kind": "keys",
        "bridge.place": "Balance.tell",
        "bridge.language": "[removed]",
        "bridge.outcome": "answered",
    }
    assert span.events == ("patience_over",)


def test_outside_a_span_nothing_is_noted(traced: Traced):
    """A line of another thread, or of nobody, belongs to no span."""
    traced.tracing.note({"event": "turn", "kind": "keys"})
    with traced.tracing.work("job", kind="note"):
        ThreadPoolExecutor(1).submit(traced.tracing.note, {"event": "tagor_down"}).result()
    [span] = traced.spans()
    assert (span.told, span.events) == ({"bridge.kind": "note", "bridge.outcome": "done"}, ())


def test_an_error_is_told_by_its_type_alone(traced: Traced):
    """A caller who hears an apology is one; a no of Tagor's is an answer; no text is taken along."""
    secret = "An Peeters 482193"
    for surround, error in (
        (traced.tracing.webhook("turn", ""), ValueError(secret)),
        (traced.tracing.question("Dossier/Get"), TimeoutError(secret)),
        (traced.tracing.question("PinToFile"), Refused(secret)),
        (traced.tracing.work("job"), KeyError(secret)),
    ):
        with pytest.raises(type(error)), surround:
            raise error
    told = [(span.name, span.told["bridge.outcome"], span.status, span.events) for span in traced.spans()]
    assert told == [
        ("turn", "apologised", ERROR, ()),
        ("Dossier/Get", "TimeoutError", ERROR, ()),
        ("PinToFile", "Refused", 0, ()),
        ("job", "KeyError", ERROR, ()),
    ]
    assert secret.encode() not in b"".join(traced.collector.bodies)


def test_a_question_finds_its_turn_from_another_thread(traced: Traced):
    """The log's context goes along with work, and the span's names stand in it."""
    executor = BoundedExecutor(1, "office")

    def ask() -> str:
        with traced.tracing.question("Dossier/Get", office="demo") as headers:
            return headers["traceparent"]

    with traced.tracing.webhook("turn", GIVEN):
        sent = executor.submit(ask).result()
    question, turn = traced.spans()
    assert (turn.trace, turn.parent) == ("ab" * 16, "12" * 8)
    assert (question.trace, question.parent) == (turn.trace, turn.id)
    assert sent.rpartition("-")[0] == f"00-{question.trace}-{question.id}"
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "rubbish",
        GIVEN.replace("-01", "-zz"),
        f"00-{'0' * 32}-{'12' * 8}-01",
        f"ff-{'ab' * 16}-{'12' * 8}-01",
    ],
)
def test_a_header_that_makes_no_sense_begins_a_trace(traced: Traced, header: str):
    """As if there were none."""
    with traced.tracing.webhook("turn", header):
        pass
    [span] = traced.spans()
    assert span.parent == ""


@pytest.mark.parametrize("flags", ["03", "0a", "ff"])
def test_flags_that_nobody_knows_yet_cost_no_turn(traced: Traced, flags: str):
    """The turn is led, whatever becomes of its span."""
    with traced.tracing.webhook("turn", GIVEN.replace("-01", f"-{flags}")):
        led = True
    assert led


def test_a_job_links_to_the_turn_that_left_it(traced: Traced):
    """It is done in a thread, process or machine of its own, after the call."""
    with traced.tracing.webhook("turn", ""):
        left = json.dumps({"file": "1", **context_left()}).encode()
    with traced.tracing.work("job", left=left, kind="note"):
        pass
    for nothing in (b"", b"{}", b"no JSON", b"[]", b'{"trace": "rubbish"}', b'{"trace": 7}'):
        with traced.tracing.work("job", left=nothing):
            pass
    turn, job, *others = traced.spans()
    assert job.links == ((turn.trace, turn.id),)
    assert job.trace != turn.trace
    assert [other.links for other in others] == [()] * 6


def test_where_nobody_traces_nothing_is_left():
    """Work is surrounded with nothing, and jobs are written down as ever."""
    with no_span("job", left=b"{}", kind="note"):
        assert context_left() == {}


def test_the_environment_names_the_service(monkeypatch: pytest.MonkeyPatch):
    """Else it has our own name."""
    monkeypatch.setenv("OTEL_SERVICE_NAME", "lijn-gent")
    with Collector().running() as collector:
        traced = Traced(collector)
        with traced.tracing.work("job"):
            pass
        assert [span.service for span in traced.spans()] == ["lijn-gent"]


def test_a_collector_says_who_asks_for_a_key(monkeypatch: pytest.MonkeyPatch):
    """Its key is the standard setting's."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a-key-of-the-collector")
    with Collector().running() as collector:
        assert takes_spans(collector.url, 5)
        assert collector.headers[0]["x-key"] == "a-key-of-the-collector"


def test_switched_off_by_its_own_setting_it_traces_nothing(monkeypatch: pytest.MonkeyPatch, traced: Traced):
    """The library's standard way to be off; nothing is sent along to Tagor then."""
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    off = Traced(traced.collector)
    with off.tracing.webhook("turn", ""), off.tracing.question("Dossier/Get") as headers:
        assert headers == {}
        assert context_left() == {}
    assert off.spans() == []


def test_the_log_says_once_that_the_collector_is_away_and_once_that_it_is_back(log_stream: io.StringIO):
    """A line a second would hide everything else."""
    with Collector().running() as collector:
        collector.status = 400
        traced = Traced(collector)
        exporter = traced.tracing._collector
        for status in (400, 400, 200, 200):
            collector.status = status
            exporter.export([])
        traced.spans()
    events = [json.loads(line)["event"] for line in log_stream.getvalue().splitlines()]
    assert [event for event in events if event.startswith("collector_")] == [
        "collector_away",
        "collector_back",
    ]
    assert len(events) == 2, events


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "many-4829", "another setting that begins with OTEL_"),
        ("", "", "install tagor-bridge[otel]"),
    ],
)
def test_what_the_library_cannot_use_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, sentence: str
):
    """With what to do, and without the value."""
    if setting:
        monkeypatch.setenv(setting, value)
    else:
        monkeypatch.setitem(sys.modules, "bridge.operations.tracing", None)
    with pytest.raises(SettingsError) as wrong:
        start_tracing("http://127.0.0.1:4318")
    assert sentence in str(wrong.value)
    assert "4829" not in str(wrong.value)
