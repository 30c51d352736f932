"""Makes stories up from a seed, plays them, and shrinks one that breaks a promise to what it takes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Self
from unittest.mock import patch
from zoneinfo import ZoneInfo

import bridge.tagor.wire
from bridge.standin import CASES, Case
from simulation_caller import Person, Reader
from simulation_ears import Ears
from simulation_fate import LIKELY
from simulation_line import OFFICES, Errors, Simulated
from simulation_script import CallScript, Deed, Script
from simulation_stage import Stage
from simulation_story import Meet, Story, Told
from simulation_tagor import InProcess

BRUSSELS = ZoneInfo("Europe/Brussels")
REDIALS, MOST_CALLS = 0.3, 4
HEALTHY = 0.1
NEW_YEAR = datetime(2026, 1, 1, 8, tzinfo=BRUSSELS)


class Written:
    """Writes down what somebody made up does."""

    def __init__(self, person: Person, script: CallScript) -> None:
        self._person, self._script = person, script

    def next(self, question: str) -> Deed | None:
        """What they do, written down."""
        deed = self._person.next(question)
        if deed is not None:
            self._script.deeds.append(deed)
        return deed


class Rehearsal:
    """Plays stories on lines of its own, whose files go into `folder`; to be used in a `with`."""

    def __init__(self, folder: Path) -> None:
        self._ears, errors = Ears(), Errors()
        self._lines = {office: Simulated(Stage(), folder, office, errors) for office in OFFICES}
        self._line = self._lines["plain"]
        self._unsocketed = patch.object(bridge.tagor.wire, "_Adapter", lambda *_: InProcess(self._line.way))

    def __enter__(self) -> Self:
        self._unsocketed.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._unsocketed.stop()
        for line in self._lines.values():
            line.close()

    def made_up(self, seed: str) -> tuple[Script, Told]:
        """Make a story up while it is played; the script holds everything that was drawn."""
        rng = Random(seed)
        case = rng.choice(CASES)
        start = NEW_YEAR + timedelta(days=rng.randrange(360), seconds=rng.randrange(13 * 3600))
        script = Script(seed, rng.choice([*OFFICES]), case.file, _balance(rng, case), start.isoformat())
        struck = 0.0 if rng.random() < HEALTHY else LIKELY
        while not script.calls or (rng.random() < REDIALS and len(script.calls) < MOST_CALLS):
            script.calls.append(CallScript(_number(rng, case)))
        told = self._play(script, lambda call: Written(Person.of(rng, case, struck=struck), call))
        script.why = told.broken
        return script, told

    def played(self, script: Script) -> Told:
        """Play a story that is written down."""
        return self._play(script.copy(), Reader)

    def _play(self, script: Script, meet: Meet) -> Told:
        self._line = self._lines[script.office]
        return Story(self._line, self._ears, script, meet).play()

    def shrunk(self, script: Script) -> Script:
        """The least of a story that still breaks the same promises."""
        promises = {why.partition(":")[0] for why in script.why}

        def fails(shorter: Script) -> bool:
            shorter.why = self.played(shorter).broken
            return bool(promises & {why.partition(":")[0] for why in shorter.why})

        found = True
        while found:
            found = False
            for shorter in _shorter(script):
                if fails(shorter):
                    script, found = shorter, True
                    break
        return script


def _shorter(script: Script) -> Iterator[Script]:
    """Every story that is one thing shorter: a call, a fault, a deed."""
    for call in range(len(script.calls)):
        one = script.copy()
        del one.calls[call]
        yield one
    for call, deeds in enumerate(one.deeds for one in script.calls):
        for deed, done in enumerate(deeds):
            for fault in range(len(done.faults)):
                one = script.copy()
                del one.calls[call].deeds[deed].faults[fault]
                yield one
    for call, deeds in enumerate(one.deeds for one in script.calls):
        for deed in reversed(range(len(deeds))):
            one = script.copy()
            del one.calls[call].deeds[deed]
            yield one


def _balance(rng: Random, case: Case) -> str:
    how = rng.random()
    if how < 0.4:
        return str(case.balance)
    if how < 0.45:
        return rng.choice(("0.00", "-5.50", "0.01"))
    return str(Decimal(rng.randint(100, 500_000)).scaleb(-2))


def _number(rng: Random, case: Case) -> str:
    how = rng.random()
    if how < 0.85 and case.phone:
        return case.phone
    return "anonymous" if how < 0.95 else (rng.choice(CASES).phone or "anonymous")
