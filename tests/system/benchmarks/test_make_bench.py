"""`make bench` measures everything it promises: each figure has its name and is a number, whatever it is."""

import json
import math
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.console_load import too_dear_under_load
from benchmarks.figures import GOALS
from benchmarks.journal import too_dear
from benchmarks.measure import Sizes
from benchmarks.pages import too_slow

TINY = Sizes(
    rounds=1,
    requests=20,
    calls=2,
    warming_requests=20,
    warming_calls=2,
    few_rows=10,
    many_rows=20,
    held_seconds=0.5,
    most_held=4.0,
    listening=1,
    starts=1,
    waits={"50ms": 0.01, "300ms": 0.02, "2s": 0.03, "8s": 0.04, "20s": 0.05},
    pace=0.0,
)


@pytest.mark.rehearsal
@pytest.mark.timeout(600)  # it starts twelve servers, on a machine that may be busy otherwise
def test_every_figure_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """With real servers and hardly any calls: the table judges every goal, JSON and picture are written."""
    main(TINY, tmp_path / "figures.json", tmp_path / "speed.svg")
    told = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    names = [goal.figure for goal in GOALS] + ["turn_vs_bare_wsgi", "naive_silence_20s_s"]
    assert [name for name in names if not math.isfinite(told[name])] == []
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.endswith((": holds", ": falls short"))]) == len(GOALS)
    assert [line for line in lines if line.startswith("Tagor at 20s:")]
    assert {row["server"] for row in told["turns"]} >= {"bare", "signed_sample", "sqlite", "postgresql"}
    assert (tmp_path / "speed.svg").read_text("utf-8").count("<svg") == 1


def test_what_takes_too_long_fails():
    """A page on the clock, a call with the journal, and a turn of which hardly a pair tells otherwise."""
    assert too_slow({"/console/": {"clock": 300.0, "processor": 301.0}}) == []
    assert too_slow({"/console/": {"clock": 300.1, "processor": 9.0}, "/flows": {"clock": 2.0}}) == [
        "/console/ takes 300.1 ms, more than 300"
    ]
    assert too_dear({"call": {"ratio": 1.05}, "ring": {"ratio": 1.2}}) == []
    assert len(too_dear({"call": {"ratio": 1.06}})) == 1
    assert too_dear_under_load({"SQLite": {"processor low": 1.0, "processor ratio": 1.1}}) == []
    assert len(too_dear_under_load({"SQLite": {"processor low": 1.06, "processor ratio": 1.1}})) == 1
