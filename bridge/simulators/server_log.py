"""Reads the log of the demo's server: its turns in one line each, its troubles as they are."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from bridge.store.step_journal import short_name

_TROUBLES = frozenset({"warning", "error", "critical"})


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One turn of a call: when, which call, its language, the step it is at now, and what kind was heard.

    `kind` is `ring`, `keys`, `words`, `silence`, `transfer`, `voicemail` or `wait`; `place` is `Flow.step`.
    """

    at: datetime
    call: str
    language: str
    place: str
    kind: str
    milliseconds: int

    @property
    def name(self) -> str:
        """The call's short name, by which the console finds it."""
        return short_name(self.call)

    def __str__(self) -> str:
        moment = self.at.astimezone().strftime("%H:%M:%S")
        return f"{moment}  {self.name}  {self.language}  {self.kind:<9}  {self.place}"


def follow(lines: Iterable[str], tell: Callable[[TurnLine], None], out: TextIO) -> None:
    """Read a log until it ends: every turn is told, troubles and whatever is no log line go to `out`."""
    for line in lines:
        entry = _entry(line)
        if (turn := _turn(entry)) is not None:
            tell(turn)
        elif not entry or entry.get("level") in _TROUBLES:
            out.write(line)
            out.flush()


def _entry(line: str) -> dict[str, object]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _turn(entry: dict[str, object]) -> TurnLine | None:
    if entry.get("event") != "turn":
        return None
    try:
        return TurnLine(
            datetime.fromisoformat(str(entry["timestamp"])),
            str(entry["call"]),
            str(entry["language"]),
            str(entry["place"]),
            str(entry["kind"]),
            int(str(entry["duration_ms"])),
        )
    except (KeyError, ValueError):
        return None
