"""Judges how PINs are counted: within a file's budget, and each round with a verdict of Tagor's once."""

import json
import zlib
from collections import Counter, defaultdict
from contextlib import suppress

from bridge.simulators.rehearsal.judging.privacy import TRIES_A_DAY
from bridge.simulators.rehearsal.judging.scenario_record import ScenarioRecord

GZIP, LONGEST = b"\x1f\x8b", 64 * 1024
"""How a packed answer begins, and how much of one is unpacked: some are bombs."""


class PinJudge:
    """Watches every question whether a PIN opens a file, and compares the answers with what was counted."""

    def __init__(self, record: ScenarioRecord) -> None:
        self._record = record
        self._wrong_pins: defaultdict[str, set[str]] = defaultdict(set)
        self._refused: Counter[tuple[str, str]] = Counter()

    def tagor_answers(self, asked: bytes, answered: bytes, *, sound: bool) -> None:
        """Judge an answer, which is `sound` where no fault of Tagor's struck it.

        A file's budget is about different PINs: one is tried silently and then by the file's number in one
        round, and that is one try. A right one makes the budget new.
        """
        told = json.loads(asked)["request"]
        file, pin = told["Dossier"].lstrip("0"), told["Pin"]
        verdict = _verdict(answered)
        if verdict == "false":
            self._refused[file, pin] += 1
        wrong = self._wrong_pins[file]
        if sound and verdict == "true":
            wrong.clear()
        elif sound:
            wrong.add(pin)
        if len(wrong) > TRIES_A_DAY:
            self._record.violated("INV8", f"{len(wrong)} PINs were tried on one file")

    def check_counted(self, counted: int) -> None:
        """Compare the attempts that stay counted, once everything is over, with the verdicts of Tagor.

        An attempt of which nobody knows what became of it stays counted, so nothing is judged where a worker,
        the database or a reply was lost. By a reference another question gives the verdict.
        """
        if self._record.undelivered or self._record.deployment.office.identification.way != "pin":
            return
        if counted > (most := sum(map(self._rounds, self._refused))):
            self._record.violated("INV8", f"{counted} tries stay counted, and Tagor refused {most} of them")
        if not self._record.faulted and counted < len(self._refused):
            self._record.violated(
                "INV8", f"Tagor refused {len(self._refused)} PINs, and {counted} tries are counted"
            )

    def _rounds(self, refused: tuple[str, str]) -> int:
        """Return in how many rounds at most a PIN was refused for a file: as often as it was keyed in."""
        keyed = sum(call.keyed.count(refused[1]) for call in self._record.calls)
        return min(self._refused[refused], keyed)


def _verdict(answered: bytes) -> str:
    """Return what an answer says about its success, in small letters; empty where it says nothing."""
    packed = answered.startswith(GZIP)
    body = zlib.decompressobj(31).decompress(answered, LONGEST) if packed else answered
    with suppress(ValueError, KeyError, AttributeError):
        told = {name.lower(): value for name, value in json.loads(body)["response"].items()}
        return str(told["success"]).lower()
    return ""
