"""A story as it is kept: whose file it is, when it begins, and call by call what the caller and fate did."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

UNFIT = re.compile(r"[^A-Za-z0-9]+")
"""What a file name must not hold."""
Fault = dict[str, Any]
"""One fault, by its `kind`; `KINDS` in `fault_generator.py` tells what else it holds."""


class NotAScenario(ValueError):
    """A file is no saved story; the text says what to give."""


@dataclass
class CallerAction:
    """What a caller does at one question, after `pause` seconds, and the faults its webhook meets.

    `input` is written as the carrier's scripts are: keys, `,` for silence, `!` to hang up, `{busy}` and the
    like for how a transfer ends, `"words"`; empty to begin the call.
    """

    input: str = ""
    faults: list[Fault] = field(default_factory=list)
    pause: float = 2.0


@dataclass
class ScenarioCall:
    """One call from one number, deed by deed; who has no deed left hangs up."""

    caller: str
    actions: list[CallerAction] = field(default_factory=list)


@dataclass
class Scenario:
    """One story: calls about the file with this name, at an office of this kind, from this moment on.

    `balance` is what is owed on it (euro, as text); `seed` tells where the story came from, `broken` what it
    broke.
    """

    seed: str
    office: str
    file: str
    balance: str
    start: str
    calls: list[ScenarioCall] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def save(self, folder: Path) -> Path:
        """Write the story down, to be played for ever."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{UNFIT.sub('-', self.seed)}.json"
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: Path) -> "Scenario":
        """Read a story that `save` wrote; raises NoStory when it is none."""
        try:
            return cls.of(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError, KeyError):
            raise NotAScenario(
                f"{path} holds no story: give a file that `bridge rehearse` has saved."
            ) from None

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Scenario":
        """The story as JSON tells it."""
        calls = [
            ScenarioCall(call["caller"], [CallerAction(**action) for action in call["actions"]])
            for call in told["calls"]
        ]
        return cls(**told | {"calls": calls})

    def copy(self) -> "Scenario":
        """The same story, to be changed."""
        return self.of(json.loads(json.dumps(asdict(self))))

    @property
    def faults(self) -> list[Fault]:
        """Every fault in it."""
        return [fault for call in self.calls for action in call.actions for fault in action.faults]


Place = tuple[int, ...]
"""A call, a deed of it, or a fault of that: numbers from 0."""


def places(script: Scenario) -> Iterator[Place]:
    """Everything that can be left out of a story, last things first, so that earlier places stay the same."""
    for call, told in reversed([*enumerate(script.calls)]):
        yield (call,)
        for action, done in reversed([*enumerate(told.actions)]):
            yield from ((call, action, fault) for fault in reversed(range(len(done.faults))))
            yield (call, action)


def leave_out(script: Scenario, place: Place) -> bool:
    """Leave a call, a deed or a fault out; False if it is gone already."""
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
