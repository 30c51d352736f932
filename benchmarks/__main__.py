"""Measures, prints the table, and writes JSON and the picture: `make bench`, `make bench QUICK=1`."""

import sys
from pathlib import Path

from benchmarks.figures import figures
from benchmarks.measure import FULL, QUICK, Sizes, measure
from benchmarks.picture import draw
from benchmarks.report import rows, table, write_json

HERE = Path(__file__).parent
PICTURE = HERE.parent / "docs" / "pictures" / "speed.svg"


def main(sizes: Sizes, results: Path, picture: Path) -> None:
    """Measure with these sizes, and tell what comes out."""
    seen = measure(sizes, tell=lambda part: print(f"  {part}", file=sys.stderr, flush=True))  # noqa: T201
    values = figures(seen)
    write_json(seen, values, results)
    draw(rows(seen), picture)
    for line in table(seen, values):
        print(line)  # noqa: T201 - the table


if __name__ == "__main__":
    is_quick = "--quick" in sys.argv
    main(QUICK if is_quick else FULL, HERE / "results" / ("quick.json" if is_quick else "full.json"), PICTURE)
