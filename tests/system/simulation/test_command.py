"""`bridge rehearse` and `bridge call --replay`, as an operator types them."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from bridge.commands.main import main
from bridge.commands.rehearse import INTERRUPTED
from bridge.simulators.rehearsal import rehearsal as rehearsal_module
from bridge.simulators.rehearsal.judging.promises import PROMISES
from bridge.simulators.rehearsal.judging.tally import RehearsalTally
from bridge.simulators.rehearsal.play.scenario import CallerAction, Scenario, ScenarioCall
from bridge.simulators.rehearsal.rehearsal import Rehearsal, scenario_sizes

START = "2026-03-04T10:00:00+01:00"
FAULT = {"kind": "tagor", "endpoint": "TagorService/GetSaldo", "fault": "status", "status": 503}


def test_a_rehearsal_ends_with_its_table(tmp_path: Path):
    """Calls, how they ended, silence and answer, and every promise by its name."""
    done = CliRunner().invoke(main, ["rehearse", "--calls", "3", "--seed", "table", "--saved", str(tmp_path)])
    assert "seed table" in done.output
    rows = {line.split()[0]: line for line in done.output.splitlines() if line.strip()}
    assert rows["calls"].split()[-1] == "3"
    assert float(rows["CPU"].split()[-1]) > 0
    assert {*PROMISES} <= {*rows}
    assert "Silence: the time without a word" in done.output
    assert done.exit_code == ("BROKEN" in done.output)


def test_a_rehearsal_without_a_terminal_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch):
    """A line of text now and then, so that nobody takes a long run for one that hangs."""

    def played(
        seed: str, calls: int, *_: object, watch: Callable[[int], object], **__: object
    ) -> RehearsalTally:
        watch(calls // 2)
        return RehearsalTally(seed)

    monkeypatch.setattr(rehearsal_module, "rehearse", played)
    monkeypatch.setattr("bridge.commands.rehearse.TELL_SECONDS", 0.0)
    done = CliRunner().invoke(main, ["rehearse", "--calls", "600", "--seed", "told"])
    assert "300 of 600 calls" in done.stderr


def test_an_interrupted_rehearsal_tells_what_was_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C ends it at once, with the table of the calls played by then and a status of its own."""
    played: list[int] = []

    def interrupt(more: int) -> None:
        played.append(more)
        raise KeyboardInterrupt

    tally = rehearsal_module.rehearse("interrupted", 600, tmp_path, watch=interrupt)
    assert tally.interrupted
    assert tally["calls"] == sum(played) < 600
    monkeypatch.setattr(rehearsal_module, "rehearse", lambda *_, **__: tally)
    done = CliRunner().invoke(main, ["rehearse", "--calls", "600", "--saved", str(tmp_path)])
    assert done.exit_code == INTERRUPTED
    assert {*PROMISES} <= {line.split()[0] for line in done.output.splitlines() if line.strip()}


@pytest.mark.parametrize("calls", [1, 2, 600])
def test_exactly_as_many_calls_are_played_as_were_asked_for(calls: int, rng: Random):
    """Also where somebody phones again: the last story is as long as is left."""
    assert sum(size for _, size in scenario_sizes(str(rng.random()), calls)) == calls


def test_a_saved_story_is_told_turn_by_turn(tmp_path: Path):
    """What was said, what was pressed, which fault struck, and how it ended."""
    call = ScenarioCall(
        "+32470000001",
        [
            *(CallerAction(), CallerAction("1"), CallerAction("482193", [FAULT])),
            *(CallerAction("1"), CallerAction("{answered}")),
        ],
    )
    path = Scenario("told", "plain", "20230118", "1234.56", START, [call]).save(tmp_path)
    done = CliRunner().invoke(main, ["call", "--replay", str(path)])
    told = done.output.splitlines()
    assert done.exit_code == 0
    assert told[0] == "> (rings)"
    struck = told.index("! tagor endpoint=TagorService/GetSaldo fault=status status=503")
    assert told[struck + 1] == "> 482193"
    assert any(line.startswith("nl-BE: ") for line in told)
    assert told[-1] == "= person"


def test_a_file_that_is_no_story_is_refused_with_a_sentence(tmp_path: Path):
    (tmp_path / "other.json").write_text("[]")
    done = CliRunner().invoke(main, ["call", "--replay", str(tmp_path / "other.json")])
    assert done.exit_code == 1
    assert "holds no story: give a file that `bridge rehearse` has saved." in done.output


@pytest.mark.parametrize("name", ["a:b/c d", "HTTP refused Login/Token"])
def test_a_story_is_kept_under_a_name_that_fits_a_folder(tmp_path: Path, name: str, rehearsal: Rehearsal):
    """And can be played from there."""
    folder = tmp_path / "new" / "folder"
    path = Scenario(name, "plain", "20230118", "1.00", START, [ScenarioCall("", [CallerAction()])]).save(
        folder
    )
    assert path.parent == folder
    assert rehearsal.replay(Scenario.load(path)).broken == []
