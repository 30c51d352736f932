"""The fault matrix: every fault at every place it can strike ends in an answer, a person or a word left."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bridge.simulators.rehearsal.fault_matrix import CELLS, PLAN_CELLS, Cell, cells
from bridge.simulators.rehearsal.fault_tables import (
    HIDDEN_PAYMENT,
    LOST_NOTE,
    NOTE_AT_LINE,
    NOTES_AT_LINE,
    OF_CORRESPONDENCE,
    OF_LINES,
)
from bridge.simulators.rehearsal.judging.tally import RehearsalTally
from bridge.simulators.rehearsal.play.scenario import Fault
from bridge.simulators.rehearsal.play.scripted_caller import LANGUAGES
from bridge.simulators.rehearsal.rehearsal import Rehearsal, rehearse_matrix
from bridge.simulators.rehearsal.table import table

SAVED = Path(__file__).parent / "saved"
SAMPLE = 20
PARTS = {
    "HTTP": 2128,
    "Tagor": 384,
    "database": 512,
    "disk": 64,
    "provider": 768,
    "time": 140,
    "replay": 96,
    "second plan": 104,
    "odd value": 150,
    "death": 360,
    "letters": 680,
    "dispute": 152,
    "reference": 336,
    "slip": 224,
    "questions": 344,
    "lines": 600,
}


def kept(tally: RehearsalTally, replay: int) -> None:
    print("\n".join(table(tally)))  # noqa: T201 - shown with a failure, and by the rehearsal
    assert tally.broken == []
    assert tally["calls"] >= replay


def test_the_matrix_has_every_cell_once():
    """7,546 with the 504 of `make rehearsal-plans`, part by part."""
    every = list(cells())
    assert Counter(cell.part for cell in every) == PARTS
    assert len({str(cell) for cell in every}) == CELLS == 7546 - PLAN_CELLS


@pytest.mark.timeout(600)  # a machine that is busy otherwise takes its time
def test_some_cells_of_every_part_end_well(rehearsal: Rehearsal, rng: Random):
    """Drawn from the run's own seed, every part of the matrix among them."""
    every = list(cells())
    firsts = [rng.choice([cell for cell in every if cell.part == part]) for part in PARTS]
    kept(rehearsal.play_cells([*firsts, *rng.sample(every, SAMPLE - len(firsts))], SAVED), SAMPLE)


@pytest.mark.rehearsal
@pytest.mark.timeout(4 * 3600)
def test_every_cell_ends_well():
    """All of them, on two processors."""
    kept(rehearse_matrix(SAVED, processes=2), CELLS)


@pytest.mark.parametrize(
    ("route", "faults", "operations", "told"),
    [
        ("balance", (HIDDEN_PAYMENT,), OF_LINES, ""),
        ("missing payment", (LOST_NOTE,), (NOTE_AT_LINE, NOTES_AT_LINE), ""),
        ("sent letters", (), (OF_CORRESPONDENCE,), "Webbericht"),
    ],
)
def test_every_caller_of_lines_reaches_what_their_faults_are_for(
    rehearsal: Rehearsal, route: str, faults: tuple[Fault, ...], operations: tuple[str, ...], told: str
):
    """The operations are asked in each of these calls, so that no cell passes by missing its target."""
    for language in LANGUAGES:
        cell = Cell("lines", "none", route, language, office="lines", faults=faults)
        _, played = rehearsal.play_cell(cell)
        assert played.broken == []
        assert told in " ".join(played.heard)
        asked = {entry["operation"] for entry in rehearsal._deployment("lines").tagor.journal()}
        assert {*operations} <= asked, language


def test_a_cell_that_is_never_reached_is_no_proof(rehearsal: Rehearsal):
    """A fault that nobody meets is told as a broken promise."""
    [cell] = [cell for cell in cells() if str(cell) == "disk no space plan nl"]
    _, told = rehearsal.play_cell(replace(cell, route="hours"))
    assert told.broken == ["INV5: the fault never struck"]
