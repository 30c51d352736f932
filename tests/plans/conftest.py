"""Two cells of the rehearsal, played once on real lines: small enough for every run of the tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from plans_cells import Cell
from plans_rehearsal import Played
from plans_rehearse import Theatre

SEED = 7
SAMPLE = (
    Cell("turn: saved", "done", copies=2, delay=0, workers=1),
    Cell("approval: answered", "none", copies=1, delay=0, workers=2),
)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[Cell, Played]:
    """How the sample went."""
    theatre = Theatre(tmp_path_factory.mktemp("theatre"), SEED, lines=1, hurry=True)
    list(theatre.play(SAMPLE))
    return {one.cell: one for one in theatre.played}
