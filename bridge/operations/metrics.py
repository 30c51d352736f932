"""Counts what the line does, for Prometheus: what is logged is counted, and what Tagor answers is timed.

No label ever holds anything of a call: labels are offices, operations of Tagor, and fixed words of ours.
"""

import hmac
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import structlog
from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bridge.operations.events import OUTCOMES, TROUBLE

log = structlog.get_logger(__name__)

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which the processes of one machine find the folder where they count together."""

_SECONDS = (0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 15.0)
_LED_BY_TURN = frozenset({"ring", "turn", "fallback"})
"""The views in which a failure means that a caller hears an apology."""


class StoreMetrics(NamedTuple):
    """What the store holds right now.

    `jobs` and `decisions` are counted by state, `oldest_due` is when the job that waits longest was first
    due, and `locked` are the offices whose budget of failed PINs is used up.
    """

    jobs: Mapping[str, int]
    decisions: Mapping[str, int]
    oldest_due: datetime | None
    locked: Iterable[str]


class Figure(NamedTuple):
    """What a metric is: its name in a query, whether it counts up, its meaning, and its labels."""

    name: str
    kind: str
    meaning: str
    labels: tuple[str, ...]


class Metrics:
    """The metrics of one process; with `FOLDER` in the environment those of all processes of a machine."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        mine = self._registry
        self._turns = Counter(
            "bridge_turns", "Webhooks of calls, by what became of them", ["outcome"], registry=mine
        )
        self._turn_seconds = Histogram(
            "bridge_turn_seconds", "How long a turn took to be led and saved", buckets=_SECONDS, registry=mine
        )
        self._silence = Histogram(
            "bridge_silence_seconds",
            "How long a caller heard nothing: from the webhook's arrival to its answer",
            buckets=_SECONDS,
            registry=mine,
        )
        self._refused = Counter(
            "bridge_refused", "Webhooks that were refused, by reason", ["reason"], registry=mine
        )
        self._shed = Counter(
            "bridge_calls_shed", "New calls sent to the switchboard", ["office"], registry=mine
        )
        self._trouble = Counter(
            "bridge_trouble", "What went wrong, by its name in the log", ["event"], registry=mine
        )
        self._tagor_seconds = Histogram(
            "bridge_tagor_seconds",
            "How long Tagor took to answer an operation",
            ["office", "operation", "outcome"],
            buckets=_SECONDS,
            registry=mine,
        )
        self._breakers = Gauge(
            "bridge_tagor_breaker_open",
            "1 while an operation of Tagor is left alone after failures",
            ["office", "operation"],
            multiprocess_mode="livemax",
            registry=mine,
        )

        for outcome in OUTCOMES.values():
            self._turns.labels(outcome)
        for event in TROUBLE:
            self._trouble.labels(event)

    def begin_at_zero(self, *, reasons: Iterable[str], offices: Iterable[str]) -> None:
        """Show the counts of all these reasons and offices before anything happens, as of all fixed words.

        To Prometheus a count that first appears as 1 has not grown, so the first event would raise no alert.
        """
        for reason in reasons:
            self._refused.labels(reason)
        for office in offices:
            self._shed.labels(office)

    def count(self, event: Mapping[str, object]) -> None:
        """Count an event as it is logged, at whatever level; others than the known ones are none of ours."""
        name = str(event.get("event"))
        if name in TROUBLE:
            self._trouble.labels(name).inc()
        elif outcome := OUTCOMES.get(name):
            if name != "failed" or event.get("view") in _LED_BY_TURN:
                self._turns.labels(outcome).inc()
            self._count_details(name, event)

    def _count_details(self, name: str, event: Mapping[str, object]) -> None:
        took = event.get("duration_ms")
        if name == "turn" and isinstance(took, int | float):
            self._turn_seconds.observe(took / 1000)
        elif name == "refused":
            self._refused.labels(str(event.get("reason"))).inc()
        elif name == "call_shed":
            self._shed.labels(str(event.get("office"))).inc()

    def heard_nothing(self, seconds: float) -> None:
        """Note how long a caller waited for the answer to one webhook."""
        self._silence.observe(seconds)

    def of_tagor(self, office: str) -> "TagorMetrics":
        """Give the object that an office's circuit breakers tell of Tagor's answers."""
        return TagorMetrics(office, self._tagor_seconds, self._breakers)

    def figures(self) -> Iterator[Figure]:
        """Describe every metric of the page."""
        for metric in vars(self).values():
            if isinstance(metric, MetricWrapperBase):
                [family] = metric.describe()
                name = f"{family.name}_total" if family.type == "counter" else family.name
                # The library tells a metric's labels nowhere else.
                yield Figure(name, family.type, family.documentation, metric._labelnames)  # noqa: SLF001
        held = StoreMetrics({"": 0}, {"": 0}, None, [""])
        for family in _StoreCollector(lambda: held, lambda: datetime.now(UTC)).collect():
            yield Figure(family.name, family.type, family.documentation, tuple(family.samples[0].labels))

    def page(self, store: Callable[[], StoreMetrics], clock: Callable[[], datetime]) -> bytes:
        """Write all metrics as Prometheus reads them; while the store is away, its own are left out."""
        registry = self._registry
        if os.environ.get(FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library's
        of_store = CollectorRegistry()
        of_store.register(_StoreCollector(store, clock))
        return generate_latest(registry) + generate_latest(of_store)


class TagorMetrics:
    """Times the answers of one office's Tagor, and shows which of its operations are left alone."""

    def __init__(self, office: str, seconds: Histogram, breakers: Gauge) -> None:
        self._office, self._seconds, self._breakers = office, seconds, breakers

    def asked(self, operation: str, outcome: str, seconds: float) -> None:
        """Note one question: how it ended (`answered` or the name of an error) and how long it took."""
        self._seconds.labels(self._office, operation, outcome).observe(seconds)

    def breaker(self, operation: str, *, is_open: bool) -> None:
        """Note that an operation, or `all`, is left alone from now on, or asked again."""
        self._breakers.labels(self._office, operation).set(1 if is_open else 0)


class _StoreCollector(Collector):
    """Asks the store at the moment of the scrape: its metrics are the same in all processes."""

    def __init__(self, store: Callable[[], StoreMetrics], clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def collect(self) -> Iterator[Metric]:
        try:
            told = self._store()
        except Exception:  # whatever it is, the other metrics are wanted all the more
            log.exception("check_failed", check="store")
            yield GaugeMetricFamily("bridge_store_up", "1 while the store answers", 0)
            return
        yield GaugeMetricFamily("bridge_store_up", "1 while the store answers", 1)
        jobs = GaugeMetricFamily("bridge_outbox_jobs", "Jobs after calls, by state", labels=["state"])
        for state, number in told.jobs.items():
            jobs.add_metric([state], number)
        yield jobs
        open_ones = GaugeMetricFamily("bridge_decisions_open", "Decisions not settled", labels=["state"])
        for state, number in told.decisions.items():
            open_ones.add_metric([state], number)
        yield open_ones
        due = told.oldest_due
        late = max(0.0, (self._clock() - due).total_seconds()) if due else 0.0
        yield GaugeMetricFamily("bridge_outbox_late_seconds", "How long the oldest due job has waited", late)
        locked = GaugeMetricFamily(
            "bridge_office_locked", "1 while an office's budget of failed PINs is used up", labels=["office"]
        )
        for office in told.locked:
            locked.add_metric([office], 1)
        yield locked


def metrics_blueprint(
    metrics: Metrics, token: str, store: Callable[[], StoreMetrics], clock: Callable[[], datetime]
) -> Blueprint:
    """Make the page `/metrics`; whoever asks shows `token` as a bearer, and everybody else finds no page."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def page() -> Response:
        given = request.authorization
        shown = (given.token or "") if given and given.type == "bearer" else ""
        if not hmac.compare_digest(shown.encode(), token.encode()):
            return Response(status=404)
        return Response(metrics.page(store, clock), content_type=CONTENT_TYPE_LATEST)

    return blueprint
