"""Holds a scenario: whose file it is about, when it begins, and call by call what happened."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

UNFIT = re.compile(r"[^A-Za-z0-9]+")
"""Characters that a file name must not hold."""
Fault = dict[str, Any]
"""One fault, by its `kind`; the other entries depend on it (see `fault_generator.py`)."""


class NotAScenario(ValueError):
    """A file holds no saved scenario; the text says what to give."""


@dataclass
class CallerAction:
    """What a caller does at one question, after `pause` seconds, and the faults its webhook meets.

    `input` is written as in scripts of the simulated provider: keys, `,` for silence, `!` to hang up,
    `{busy}` and the like for how a transfer ends, `"words"`; it is empty to begin the call.
    """

    input: str = ""
    faults: list[Fault] = field(default_factory=list)
    pause: float = 2.0


@dataclass
class ScenarioCall:
    """Holds one call from one number, action by action; after the last one the caller hangs up.

    `profile` is the number of the provider's profile (`PROFILES`) under which it arrives.
    """

    caller: str
    actions: list[CallerAction] = field(default_factory=list)
    profile: int = 0


@dataclass
class Scenario:
    """Holds one scenario: calls about the file with this name, at an office of this kind, from a moment on.

    `balance` is what is owed on it (euro, as text); `seed` tells where the scenario came from, and `broken`
    what it broke.
    """

    seed: str
    office: str
    file: str
    balance: str
    start: str
    calls: list[ScenarioCall] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def save(self, folder: Path) -> Path:
        """Save the scenario as JSON, and return the path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{UNFIT.sub('-', self.seed)}.json"
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: Path) -> "Scenario":
        """Read a scenario that `save` wrote; raises NotAScenario when the file holds none."""
        try:
            return cls.of(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError, KeyError):
            raise NotAScenario(
                f"{path} holds no story: give a file that `bridge rehearse` has saved."
            ) from None

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Scenario":
        """Return the scenario that parsed JSON describes."""
        calls = [
            ScenarioCall(**call | {"actions": [CallerAction(**action) for action in call["actions"]]})
            for call in told["calls"]
        ]
        return cls(**told | {"calls": calls})

    def copy(self) -> "Scenario":
        """Return a copy that may be changed."""
        return self.of(json.loads(json.dumps(asdict(self))))

    @property
    def faults(self) -> list[Fault]:
        """Return every fault in it."""
        return [fault for call in self.calls for action in call.actions for fault in action.faults]


Place = tuple[int, ...]
"""A call, an action of it, or a fault of that action: numbers from 0."""


def places(script: Scenario) -> Iterator[Place]:
    """Yield everything that can be left out, last things first, so that earlier places stay the same."""
    for call, told in reversed([*enumerate(script.calls)]):
        yield (call,)
        for action, done in reversed([*enumerate(told.actions)]):
            yield from ((call, action, fault) for fault in reversed(range(len(done.faults))))
            yield (call, action)


def leave_out(script: Scenario, place: Place) -> bool:
    """Leave a call, an action or a fault out; return False if it is gone already."""
    held: list[Any] = script.calls
    *way, last = place
    for number, step in enumerate(way):
        if step >= len(held):
            return False
        held = held[step].faults if number else held[step].actions
    if last >= len(held):
        return False
    del held[last]
    return True
