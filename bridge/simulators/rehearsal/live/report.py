"""Renders what a rehearsal on real machines came to, as a table to print."""

from dataclasses import dataclass, field

MAX_SHOWN = 20


@dataclass
class LiveReport:
    """Holds figures in order, part by part, and every broken promise."""

    seed: str
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        """Tell whether every promise was kept."""
        return not self.broken

    def add(self, part: str, *figures: tuple[str, object]) -> None:
        """Add a part's figures, as pairs of what was measured and how much it was."""
        self.rows += [(part, name, str(value)) for name, value in figures]

    def __str__(self) -> str:
        wide = [max((len(row[at]) for row in self.rows), default=0) for at in (0, 1)]
        lines, last = [f"Rehearsed on real machines, seed {self.seed}."], ""
        for part, name, value in self.rows:
            lines.append(f"{'' if part == last else part:{wide[0]}}  {name:{wide[1]}}  {value}")
            last = part
        kept = "Every promise was kept." if self.is_kept else f"{len(self.broken)} promises were broken:"
        more = len(self.broken) - MAX_SHOWN
        shown = [*self.broken[:MAX_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        return "\n".join([*lines, kept, *shown])
