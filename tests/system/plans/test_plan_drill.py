"""A plan is never made twice, whoever dies: a part of `make rehearsal-plans`, and its choice of cells.

What `make test` plays of it with real servers is `tests/system/independent`.
"""

from collections import Counter
from itertools import product

import pytest

from bridge.simulators.rehearsal.live.plan_cells import ALL, BOUNDARIES, TAGOR_FAULTS, PlanCell, sample
from bridge.simulators.rehearsal.live.plan_drill import PlanDrill, PlayedCell
from bridge.simulators.rehearsal.live.plan_drill_run import tally, told

SEED = 7
SAVED = PlanCell("turn: saved", "done", copies=2, delay=0, workers=1)
ANSWERED = PlanCell("approval: answered", "none", copies=1, delay=0, workers=2)


@pytest.mark.rehearsal
@pytest.mark.timeout(600)  # a machine that is busy otherwise takes its time
def test_two_cells_say_what_callers_hear():
    """Real servers, really killed: with the reply saved and not sent, and with an approval that was lost.

    The one caller heard that the plan is confirmed and hears of it again; the other one is told that the
    office has yet to confirm it.
    """
    drill = PlanDrill(SEED, lines=1, hurry=True)
    list(drill.play([SAVED, ANSWERED]))
    assert [list(told(one, SEED)) for one in drill.played if one.broken] == []
    heard = {one.cell: one.heard for one in drill.played}
    assert "Confirmation.by_sms" in heard[SAVED][0]
    assert "RunningPlan.on_time" in heard[SAVED][1]
    assert "PaymentPlan.unsettled" in heard[ANSWERED][1]


@pytest.mark.rehearsal
@pytest.mark.timeout(2 * 3600)
def test_a_cell_of_every_boundary_holds():
    drill = PlanDrill(SEED, lines=2)
    list(drill.play(sample(SEED)))
    assert [list(told(one, SEED)) for one in drill.played if one.broken] == []


def test_there_are_504_cells():
    """Every boundary, effect, number of copies, delay and number of workers, each with each."""
    assert len(ALL) == len(set(ALL)) == 14 * 2 * 3 * 3 * 2 == 504
    assert [PlanCell.named(str(cell)) for cell in ALL] == list(ALL)
    with pytest.raises(ValueError, match="is no cell: they look like plan-confirmed"):
        PlanCell.named("plan-forgotten")


@pytest.mark.parametrize("seed", range(5))
def test_a_part_touches_everything(seed: int):
    """Whatever the seed: each boundary once, both effects alike, all copies and workers, no long delay."""
    cells = sample(seed)
    assert [cell.boundary for cell in cells] == list(BOUNDARIES)
    assert Counter(cell.effect for cell in cells) == {"done": 7, "none": 7}
    assert {cell.copies for cell in cells} == {0, 1, 2}
    assert {cell.workers for cell in cells} == {1, 2}
    assert {cell.delay for cell in cells} == {0, 5}


def test_every_fault_of_tagor_meets_every_boundary():
    """All ways of losing a reply take turns; while one is awaited there is only one."""
    for boundary, effect in product(BOUNDARIES, ("done", "none")):
        cells = [cell for cell in ALL if (cell.boundary, cell.effect) == (boundary, effect)]
        planted = {str(sorted(cell.tagor_fault(seed=5).items())) for cell in cells}
        assert len(planted) == (1 if cells[0].in_flight else len(TAGOR_FAULTS[effect]))


def test_the_tally_counts_cells_and_not_what_broke_in_them():
    """A cell that breaks a promise twice is one; one that was never played did not hold."""
    cells = ALL[:4]
    played = [
        PlayedCell(cells[0], []),
        PlayedCell(cells[1], ["INV1: two", "INV1: three", "lost: one"]),
        PlayedCell(cells[2], ["not played: TimeoutError: "]),
    ]
    assert tally(played[:1], cells[:1], 7) == "1 cells, seed 7: no promise broken, 1 held"
    assert tally(played, cells, 7) == (
        "4 cells, seed 7: 1 broke INV1, 1 broke lost, 2 broke not played, 1 held"
    )
