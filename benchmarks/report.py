"""Writes what was measured: a table for the terminal, and JSON with keys in words."""

import json
import os
import platform
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.figures import GOALS, SAMPLE
from benchmarks.load import Window, percentile
from benchmarks.measure import Measured

Row = Mapping[str, float | str]


def rows(seen: Measured) -> list[Row]:
    """Return one row for each kind of turn of each server: medians over the rounds."""
    sample = seen.turns[SAMPLE]
    return [
        {
            "server": server,
            "turn": turn or "constant",
            "turns_per_second": median(one.turns_per_second for one in windows),
            "turns_vs_signed_sample": _against(windows, sample),
            "cpu_ms": median(one.cpu for one in windows),
            "p50_ms": 1000 * _percentile(windows, 0.5),
            "p99_ms": 1000 * _percentile(windows, 0.99),
        }
        for (server, turn), windows in seen.turns.items()
    ]


def _against(windows: list[Window], sample: list[Window]) -> float:
    pairs = zip(windows, sample, strict=True)
    return median(one.turns_per_second / other.turns_per_second for one, other in pairs)


def _percentile(windows: list[Window], part: float) -> float:
    return percentile([one for window in windows for one in window.latencies], part)


def table(seen: Measured, values: Mapping[str, float]) -> Iterator[str]:
    """Give the lines of the table: every kind of turn, then every figure beside its goal."""
    yield f"{'':32}{'turns/s':>9}{'to sample':>11}{'CPU ms':>9}{'p50 ms':>9}{'p99 ms':>9}"
    for row in rows(seen):
        name = f"{row['server']}, {row['turn']}"
        yield (
            f"{name:32}{row['turns_per_second']:9.0f}{row['turns_vs_signed_sample']:11.2f}"
            f"{row['cpu_ms']:9.2f}{row['p50_ms']:9.1f}{row['p99_ms']:9.1f}"
        )
    yield ""
    for goal in GOALS:
        if goal.figure not in values:
            yield f"{goal.says:62}         - (nothing to compare with)"
            continue
        value = values[goal.figure]
        verdict = "holds" if goal.holds(value) else "falls short"
        yield f"{goal.says:62}{value:10.3f}   {goal.which} {goal.bound:g}: {verdict}"
    yield ""
    yield f"menu keys a second against bare WSGI: {values['turn_vs_bare_wsgi']:.3f}"
    yield (
        f"held with Tagor at 300 ms: {values['held_calls_per_second']:.1f} calls a second,"
        f" {values['held_turns_per_second']:.0f} turns a second"
    )
    yield (
        f"first answer after {values['first_answer_s']:.2f} s; two workers hold"
        f" {values['two_workers_pss_mb']:.0f} MB, {values['two_workers_pss_mb_after_load']:.0f} MB after load"
    )
    yield from _silences(seen, values)


def _silences(seen: Measured, values: Mapping[str, float]) -> Iterator[str]:
    """Give a line for each answer time of Tagor: what callers heard of it, here and from the naive app."""
    for name in seen.sizes.waits:
        ours, naive = (
            f"{values[f'{app}silence_{name}_s']:.2f} s of silence,"
            f" {values[f'{app}longest_silence_{name}_s']:.2f} s at once,"
            f" {values[f'{app}calls_lost_{name}']:.0f} calls lost"
            for app in ("", "naive_")
        )
        yield f"Tagor at {name}: {ours}; the naive app {naive}"


def write_json(seen: Measured, values: Mapping[str, float], file: Path) -> None:
    """Write every figure under its name, and what it was made of."""
    written = {
        **{name: round(value, 4) for name, value in values.items()},
        "goals": {goal.figure: goal.holds(values[goal.figure]) for goal in GOALS if goal.figure in values},
        "turns": rows(seen),
        "held": [
            {
                "calls_per_second": one.calls_per_second,
                "turns_per_second": one.turns_per_second,
                "apologies": one.apologies,
                "p99_s": one.p99,
            }
            for one in [*seen.held, *([seen.at_goal] if seen.at_goal else [])]
        ],
        "rounds": seen.sizes.rounds,
        "rows_when_grown": seen.sizes.many_rows,
        "measured_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", "utf-8")
