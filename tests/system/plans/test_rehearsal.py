"""A plan is never made twice, whoever dies: a sample of `make rehearsal-plans`, and its choice of cells."""

from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from plans_cells import ALL, BOUNDARIES, TROUBLES, Cell, some
from plans_rehearsal import Played
from plans_rehearse import Theatre, tally, told
from plans_verdict import LOST, SECOND, Breach

SEED = 7
SAMPLE = (
    Cell("turn: saved", "done", copies=2, delay=0, workers=1),
    Cell("approval: answered", "none", copies=1, delay=0, workers=2),
)
"""Killed with the reply saved and not sent, and with an approval that was sent and did not happen."""


def test_a_sample_holds(tmp_path: Path):
    """Real servers, really killed: one plan each, approved only where its caller was told so."""
    theatre = Theatre(tmp_path, SEED, lines=1, hurry=True)
    list(theatre.play(SAMPLE))
    assert [list(told(one, SEED)) for one in theatre.played if one.breaches] == []
    stories = {one.cell: one.story for one in theatre.played if one.story}
    saved, answered = (stories[cell] for cell in SAMPLE)
    assert (len(saved.end.plans), saved.end.approvals) == (1, 1)
    assert saved.calls[0].heard("Confirmation.by_sms")
    assert saved.calls[1].heard("RunningPlan.on_time")
    assert (len(answered.end.plans), answered.end.approvals, answered.end.tasks) == (1, 0, 1)
    assert answered.calls[1].heard("PaymentPlan.unsettled")


def test_there_are_504_cells():
    """Every boundary, effect, number of copies, delay and number of workers, each with each."""
    assert len(ALL) == len(set(ALL)) == 14 * 2 * 3 * 3 * 2 == 504
    assert [Cell.named(str(cell)) for cell in ALL] == list(ALL)
    with pytest.raises(ValueError, match="is no cell: they look like plan-confirmed"):
        Cell.named("plan-forgotten")


@pytest.mark.parametrize("seed", range(20))
def test_a_part_touches_everything(seed: int):
    """Whatever the seed: each boundary once, both effects alike, all copies and workers, no long delay."""
    cells = some(seed)
    assert [cell.boundary for cell in cells] == list(BOUNDARIES)
    assert Counter(cell.effect for cell in cells) == {"done": 7, "none": 7}
    assert {cell.copies for cell in cells} == {0, 1, 2}
    assert {cell.workers for cell in cells} == {1, 2}
    assert {cell.delay for cell in cells} == {0, 5}
    assert some(seed) == cells


def test_every_trouble_meets_every_boundary():
    """All ways of losing a reply take turns; while one is awaited there is only one."""
    for boundary, effect in product(BOUNDARIES, ("done", "none")):
        cells = [cell for cell in ALL if (cell.boundary, cell.effect) == (boundary, effect)]
        planted = {tuple(sorted(cell.trouble(seed=5).items())) for cell in cells}
        assert len(planted) == (1 if cells[0].in_flight else len(TROUBLES[effect]))


def test_the_tally_counts_cells_and_not_breaches():
    """A cell that breaks a promise twice is one; one that was never played did not hold."""
    cells = ALL[:4]
    played = [
        Played(cells[0], []),
        Played(cells[1], [Breach(SECOND, "two"), Breach(SECOND, "three"), Breach(LOST, "one")]),
        Played(cells[2], [Breach("not played", "TimeoutError: ")]),
    ]
    assert tally(played[:1], cells[:1], 7) == (
        "1 cells, seed 7: 0 second plans, 0 unconfirmed plans, 0 lost decisions, 0 untrue words,"
        " 0 unequal repeats, 1 held"
    )
    assert tally(played, cells, 7) == (
        "4 cells, seed 7: 1 second plans, 0 unconfirmed plans, 1 lost decisions, 0 untrue words,"
        " 0 unequal repeats, 2 not played, 1 held"
    )
