"""What scenarios came to: figures to add up, and the promises that were broken."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Self


@dataclass
class ScenarioResult:
    """What one scenario came to.

    `slowest` is the slowest answer and `silence` the longest silence, both in seconds. `heard` tells the
    scenario turn by turn; `seen` is a hash of all that was heard and asked.
    """

    broken: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    silence: float = 0.0
    heard: list[str] = field(default_factory=list)
    seen: str = ""


@dataclass
class RehearsalTally:
    """What many scenarios came to.

    `broken` names each saved scenario and the first promise it broke, `promises` counts them. `seconds` is
    what all of it took, `cpu` what its processes computed, both in seconds; `interrupted` says that not
    everything was played.
    """

    seed: str
    broken: list[str] = field(default_factory=list)
    promises: Counter[str] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    silence: float = 0.0
    seconds: float = 0.0
    cpu: float = 0.0
    interrupted: bool = False

    def add(self, result: ScenarioResult) -> None:
        """Add one scenario."""
        self.figures.update(result.figures)
        self.promises.update({broken.partition(":")[0] for broken in result.broken})
        self.slowest = max(self.slowest, result.slowest)
        self.silence = max(self.silence, result.silence)

    def join(self, other: "RehearsalTally") -> Self:
        """Add what another process has played."""
        self.broken += other.broken
        self.promises.update(other.promises)
        self.figures.update(other.figures)
        self.slowest = max(self.slowest, other.slowest)
        self.silence = max(self.silence, other.silence)
        self.cpu += other.cpu
        return self

    def of(self, kind: str) -> dict[str, int]:
        """Return the figures of one kind (`fault`, `end`, `heard`), the most frequent first."""
        named = {
            name.removeprefix(f"{kind} "): count
            for name, count in self.figures.items()
            if name.startswith(f"{kind} ")
        }
        return dict(sorted(named.items(), key=lambda one: (-one[1], one[0])))

    def __getitem__(self, name: str) -> int:
        return self.figures[name]
