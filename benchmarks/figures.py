"""Makes figures of what was measured: ratios within one run, each beside the goal that it must reach."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from benchmarks.load import Window, percentile
from benchmarks.measure import GROWN, HELD_GOAL, POSTGRESQL, SQLITE, Measured
from benchmarks.turns import BALANCE, MENU, REPEAT, RING

SAMPLE, BARE = ("signed_sample", ""), ("bare", "")


@dataclass(frozen=True, slots=True)
class Goal:
    """The bound of one figure, and what the figure is."""

    figure: str
    which: Literal["at least", "at most"]
    bound: float
    says: str

    def holds(self, value: float) -> bool:
        """Tell whether a value reaches the goal."""
        return value >= self.bound if self.which == "at least" else value <= self.bound


GOALS = (
    Goal("turn_vs_signed_sample", "at least", 0.9, "menu keys a second against the signed sample"),
    Goal("repeat_vs_signed_sample", "at least", 1.3, "repeated webhooks a second against the sample"),
    Goal("ring_vs_signed_sample", "at least", 0.5, "rings a second against the sample"),
    Goal("pin_and_balance_cpu_vs_signed_sample", "at most", 5.0, "CPU of PIN and balance in sample turns"),
    Goal("p99_vs_p50_under_load", "at most", 10.0, "p99 of a menu key against its p50, under full load"),
    Goal("postgresql_vs_sqlite", "at least", 0.9, "menu keys a second on PostgreSQL against SQLite"),
    Goal("turn_at_10e6_vs_10e3_rows", "at most", 1.1, "CPU of a menu key with many rows against few"),
    Goal("longest_sweep_batch_ms", "at most", 20, "longest batch of a sweep over many rows (ms)"),
    Goal("held_vs_bare_wsgi", "at least", HELD_GOAL, "turns a second held with Tagor at 300 ms against bare"),
    Goal("apologies_at_held_goal", "at most", 0, "callers not served when so many come, Tagor at 300 ms"),
    Goal("silence_vs_naive_50ms", "at most", 0.9, "silence against the naive app, Tagor at 50 ms"),
    Goal("silence_vs_naive_300ms", "at most", 0.6, "the same, Tagor at 300 ms"),
    Goal("silence_vs_naive_2s", "at most", 0.15, "the same, Tagor at 2 s"),
    Goal("longest_silence_s", "at most", 0.8, "longest single silence of any call (seconds)"),
    Goal("first_answer_vs_sample", "at most", 2.0, "first answer after exec against the sample's"),
    Goal("two_workers_pss_mb", "at most", 150, "memory of two workers (MB)"),
    Goal("bridge_help_s", "at most", 0.5, "bridge --help (seconds)"),
)
"""The goals of the project for the line's speed."""


def figures(seen: Measured) -> dict[str, float]:
    """Return every figure by its name; those of `GOALS` are among them."""
    return dict([*_turns(seen), *_held(seen), *_silences(seen), *_starts(seen)])


def _turns(seen: Measured) -> Iterator[tuple[str, float]]:
    def rate(kind: tuple[str, str], to: tuple[str, str]) -> float:
        return _ratio(seen.turns[kind], seen.turns[to], lambda one: one.turns_per_second)

    def cpu(kind: tuple[str, str], to: tuple[str, str]) -> float:
        return _ratio(seen.turns[kind], seen.turns[to], lambda one: one.cpu)

    menu = (SQLITE, MENU)
    yield "turn_vs_signed_sample", rate(menu, SAMPLE)
    yield "repeat_vs_signed_sample", rate((SQLITE, REPEAT), SAMPLE)
    yield "ring_vs_signed_sample", rate((SQLITE, RING), SAMPLE)
    yield "turn_cpu_vs_signed_sample", cpu(menu, SAMPLE)
    yield "pin_and_balance_cpu_vs_signed_sample", cpu((SQLITE, BALANCE), SAMPLE)
    yield "turn_vs_bare_wsgi", rate(menu, BARE)
    yield "signed_sample_vs_bare_wsgi", rate(SAMPLE, BARE)
    yield "postgresql_vs_sqlite", rate((POSTGRESQL, MENU), menu)
    latencies = [one for window in seen.turns[menu] for one in window.latencies]
    yield "p99_vs_p50_under_load", percentile(latencies, 0.99) / percentile(latencies, 0.5)
    bridge = [window for server, turn in seen.turns for window in seen.turns[server, turn] if turn]
    yield "apologies_under_full_load", sum(one.apologies for one in bridge)
    yield "turn_at_10e6_vs_10e3_rows", cpu((GROWN, MENU), menu)
    yield "longest_sweep_batch_ms", 1000 * seen.longest_sweep


def _ratio(one: Sequence[Window], other: Sequence[Window], value: Callable[[Window], float]) -> float:
    """Return the median of the rounds' ratios: a machine that slows down slows both within a round."""
    return median(value(a) / max(value(b), 1e-9) for a, b in zip(one, other, strict=True))


def _held(seen: Measured) -> Iterator[tuple[str, float]]:
    held = [one for one in seen.held if one.is_held(seen.sizes.waits["300ms"])]
    most = max((one.turns_per_second for one in held), default=0.0)
    yield "held_turns_per_second", most
    yield "held_calls_per_second", max((one.calls_per_second for one in held), default=0.0)
    yield "held_vs_bare_wsgi", most / median(one.turns_per_second for one in seen.turns[BARE])
    yield "apologies_at_held_goal", float(seen.at_goal.apologies) if seen.at_goal else 0.0


def _silences(seen: Measured) -> Iterator[tuple[str, float]]:
    for name, wait in seen.sizes.waits.items():
        ours, naive = seen.heard["bridge"][wait], seen.heard["naive"][wait]
        for app, heard in ("", ours), ("naive_", naive):
            yield f"{app}silence_{name}_s", heard.silence
            yield f"{app}longest_silence_{name}_s", heard.longest
            yield f"{app}calls_lost_{name}", float(heard.lost)
        if naive.silence:
            yield f"silence_vs_naive_{name}", ours.silence / naive.silence
    yield "longest_silence_s", max(one.longest for one in seen.heard["bridge"].values())


def _starts(seen: Measured) -> Iterator[tuple[str, float]]:
    ours, sample = seen.starts["bridge"], seen.starts["signed_sample"]
    yield "first_answer_s", ours.first_answer
    yield "first_answer_vs_sample", ours.first_answer / sample.first_answer
    yield "two_workers_pss_mb", ours.megabytes
    yield "sample_two_workers_pss_mb", sample.megabytes
    yield "two_workers_pss_mb_after_load", seen.megabytes_after_load
    yield "bridge_help_s", seen.help_seconds
