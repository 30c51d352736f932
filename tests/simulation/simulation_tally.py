"""What came of stories: figures to add up, and the promises that were broken."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Told:
    """What came of one story: broken promises, figures, the slowest answer (virtual seconds).

    `seen` is a hash of all that was heard and asked.
    """

    broken: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    seen: str = ""


@dataclass
class Tally:
    """What came of many; `broken` names the saved story and the first promise it broke."""

    seed: str
    broken: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    seconds: float = 0.0

    def add(self, told: Told) -> None:
        """Add one story."""
        self.figures.update(told.figures)
        self.slowest = max(self.slowest, told.slowest)

    def __add__(self, other: "Tally") -> "Tally":
        broken, figures = self.broken + other.broken, self.figures + other.figures
        return Tally(self.seed, broken, figures, max(self.slowest, other.slowest))

    def __getitem__(self, name: str) -> int:
        return self.figures[name]

    def __str__(self) -> str:
        head = [
            f"seed {self.seed}: {self['calls']} calls, {len(self.broken)} of their stories broke a promise"
        ]
        if self.seconds:
            head.append(f"{self.seconds:.0f} s, {self['calls'] / self.seconds:.1f} calls a second")
        head.append(f"slowest answer {self.slowest:.2f} s of virtual time")
        return "\n".join([*head, *(f"{value:9} {name}" for name, value in sorted(self.figures.items()))])
