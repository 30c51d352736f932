"""What came of stories: figures to add up, and the promises that were broken."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Self


@dataclass
class ScenarioResult:
    """What came of one story: broken promises, figures, the slowest answer and the longest silence (seconds).

    `heard` tells it turn by turn; `seen` is a hash of all that was heard and asked.
    """

    broken: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    silence: float = 0.0
    heard: list[str] = field(default_factory=list)
    seen: str = ""


@dataclass
class Tally:
    """What came of many; `broken` names the saved story and the first promise it broke, `promises` counts."""

    seed: str
    broken: list[str] = field(default_factory=list)
    promises: Counter[str] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    silence: float = 0.0
    seconds: float = 0.0

    def add(self, told: ScenarioResult) -> None:
        """Add one story."""
        self.figures.update(told.figures)
        self.promises.update({why.partition(":")[0] for why in told.broken})
        self.slowest = max(self.slowest, told.slowest)
        self.silence = max(self.silence, told.silence)

    def join(self, other: "Tally") -> Self:
        """Add what was rehearsed elsewhere."""
        self.broken += other.broken
        self.promises.update(other.promises)
        self.figures.update(other.figures)
        self.slowest = max(self.slowest, other.slowest)
        self.silence = max(self.silence, other.silence)
        return self

    def of(self, kind: str) -> dict[str, int]:
        """The figures of one kind (`fault`, `end`, `heard`), the most frequent first."""
        named = {
            name.removeprefix(f"{kind} "): count
            for name, count in self.figures.items()
            if name.startswith(f"{kind} ")
        }
        return dict(sorted(named.items(), key=lambda one: (-one[1], one[0])))

    def __getitem__(self, name: str) -> int:
        return self.figures[name]
