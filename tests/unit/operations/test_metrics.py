"""What /metrics shows: every event that matters is counted once, and nothing of a call is a label."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from flask import Flask

from bridge.operations.logs import start_logging
from bridge.operations.metrics import Metrics, StoreMetrics, metrics_blueprint

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
TOKEN = "a token for the figures"
NOTHING = StoreMetrics({}, {}, None, [])


def page(metrics: Metrics, store: StoreMetrics = NOTHING) -> str:
    return metrics.page(lambda: store, lambda: NOW).decode()


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ({"event": "turn", "duration_ms": 120}, 'bridge_turns_total{outcome="answered"} 1.0'),
        ({"event": "turn", "duration_ms": 120}, 'bridge_turn_seconds_bucket{le="0.25"} 1.0'),
        ({"event": "turn", "duration_ms": 120}, 'bridge_turn_seconds_bucket{le="0.1"} 0.0'),
        ({"event": "turn"}, "bridge_turn_seconds_count 0.0"),
        ({"event": "failed", "view": "turn"}, 'bridge_turns_total{outcome="apologised"} 1.0'),
        ({"event": "refused", "reason": "signature"}, 'bridge_turns_total{outcome="refused"} 1.0'),
        ({"event": "refused", "reason": "signature"}, 'bridge_refused_total{reason="signature"} 1.0'),
        ({"event": "call_shed", "office": "claes"}, 'bridge_calls_shed_total{office="claes"} 1.0'),
        ({"event": "tagor_down", "action": "x"}, 'bridge_trouble_total{event="tagor_down"} 1.0'),
    ],
    ids=str,
)
def test_what_is_logged_is_counted(event: dict[str, object], line: str) -> None:
    """Under a fixed word, and by the seconds it took."""
    metrics = Metrics()
    metrics.count(event)
    assert line in page(metrics).splitlines()


@pytest.mark.parametrize("event", [{"event": "job_done"}, {"event": "failed", "view": "status"}, {}], ids=str)
def test_what_no_caller_notices_is_no_turn(event: dict[str, object]) -> None:
    """Nor is any other event a label: names of events are written by us, and only known ones are counted."""
    metrics = Metrics()
    metrics.count(event)
    turns = [line for line in page(metrics).splitlines() if line.startswith("bridge_turns_total{")]
    assert turns
    assert all(line.endswith(" 0.0") for line in turns)
    assert "job_done" not in page(metrics)


def test_counts_begin_at_zero() -> None:
    """To Prometheus one that appears with its first event has not grown: no alert would tell of it."""
    metrics = Metrics()
    metrics.begin_at_zero(reasons=["signature"], offices=["claes"])
    for line in (
        'bridge_turns_total{outcome="apologised"} 0.0',
        'bridge_trouble_total{event="action_broke"} 0.0',
        'bridge_refused_total{reason="signature"} 0.0',
        'bridge_calls_shed_total{office="claes"} 0.0',
    ):
        assert line in page(metrics).splitlines()


@pytest.mark.parametrize("level", ["DEBUG", "ERROR"])
def test_events_count_at_whatever_level_is_logged(level: str) -> None:
    """Who logs errors only still sees how many turns were answered."""
    metrics, stream = Metrics(), io.StringIO()
    try:
        start_logging(level, stream, observers=[metrics.count])
        structlog.get_logger("bridge.test").info("turn", turn=1, duration_ms=3)
    finally:
        structlog.reset_defaults()
    assert 'bridge_turns_total{outcome="answered"} 1.0' in page(metrics)
    assert bool(stream.getvalue()) == (level == "DEBUG")


def test_tagors_answers_are_timed_by_operation() -> None:
    """With how they ended, and which operations are left alone at present."""
    metrics = Metrics()
    claes = metrics.of_tagor("claes")
    claes.asked("TagorService/GetSaldo", "answered", 0.2)
    claes.breaker("all", is_open=True)
    claes.breaker("Dossier/Get", is_open=True)
    claes.breaker("Dossier/Get", is_open=False)
    shown = page(metrics).splitlines()
    named = 'office="claes",operation="TagorService/GetSaldo",outcome="answered"'
    assert f"bridge_tagor_seconds_count{{{named}}} 1.0" in shown
    assert 'bridge_tagor_breaker_open{office="claes",operation="all"} 1.0' in shown
    assert 'bridge_tagor_breaker_open{office="claes",operation="Dossier/Get"} 0.0' in shown


def test_silence_is_measured() -> None:
    """From the webhook's arrival to its answer."""
    metrics = Metrics()
    metrics.heard_nothing(0.6)
    assert 'bridge_silence_seconds_bucket{le="0.75"} 1.0' in page(metrics).splitlines()


def test_the_store_is_asked_at_the_moment_of_the_scrape() -> None:
    """Jobs and decisions by state, how late the oldest job is, and which offices are locked."""
    figures = StoreMetrics({"DEAD": 2}, {"UNKNOWN": 1}, NOW - timedelta(minutes=3), ["claes"])
    shown = page(Metrics(), figures).splitlines()
    for line in (
        "bridge_store_up 1.0",
        'bridge_outbox_jobs{state="DEAD"} 2.0',
        'bridge_decisions_open{state="UNKNOWN"} 1.0',
        "bridge_outbox_late_seconds 180.0",
        'bridge_office_locked{office="claes"} 1.0',
    ):
        assert line in shown
    assert "bridge_outbox_late_seconds 0.0" in page(Metrics())


def test_a_store_that_is_away_hides_no_other_figure() -> None:
    """It shows as being away, and says nothing else."""

    def away() -> StoreMetrics:
        raise OSError

    metrics = Metrics()
    metrics.count({"event": "turn", "duration_ms": 1})
    shown = metrics.page(away, lambda: NOW).decode().splitlines()
    assert "bridge_store_up 0.0" in shown
    assert 'bridge_turns_total{outcome="answered"} 1.0' in shown
    assert not [line for line in shown if line.startswith("bridge_outbox")]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": f"Bearer {TOKEN}"}, 200),
        ({"Authorization": f"Bearer {TOKEN}x"}, 404),
        ({"Authorization": "Basic dTpw"}, 404),
        ({"Authorization": "Bearer"}, 404),
        ({}, 404),
    ],
    ids=str,
)
def test_only_who_has_the_token_reads_them(headers: dict[str, str], status: int) -> None:
    """To everybody else there is no such page."""
    app = Flask("line")
    app.register_blueprint(metrics_blueprint(Metrics(), TOKEN, lambda: NOTHING, lambda: NOW))
    reply = app.test_client().get("/metrics", headers=headers)
    assert reply.status_code == status
    assert (b"bridge_turn" in reply.data) == (status == 200)
