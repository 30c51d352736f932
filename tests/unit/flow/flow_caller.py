"""Somebody who phones a small flow, and two small flows to phone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bridge.flow.action_context import Outcome
from bridge.flow.call import Call
from bridge.flow.engine import Engine, PendingAction
from bridge.flow.inbound import Event, Keys, Silence
from bridge.flow.turn_output import PromptRef, TurnEnd, TurnOutput

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

HOUSE = """
    hello  = say(then="choose")
    choose = menu({"1": "sub", "2": "hello", "3": "desk"}, silent="bye", wrong="desk")
    sub    = run(Sub, over="choose", desk="desk")
"""
SUB = """
    class Sub(Flow):
        told   = say(then="number")
        number = ask(into="number", digits=(2, 4), heard="thanks", empty="none", silent="desk", wrong="desk")
        thanks = say(then="over")
        none   = say(then="number")
        over   = end()
        desk   = end()
"""
KEYS = '{"0": "desk", "*": AGAIN, "8": SLOWER, "9": "bye"}'
BALANCE = """
    identify = run(Identify, known="look", stranger="desk")
    look     = do(ask_balance, owed="tell", settled="bye", down="sorry")
    tell     = say(then="yes")
    yes      = confirm(yes="sign", no="identify", silent="bye", wrong="desk")
    sign     = decide(agree, done="bye", refused="desk", unclear="noted", down="sorry")
    noted    = say(then="bye")
    sorry    = say(then="desk")
"""
IDENTIFY = """
    class Identify(Flow):
        pin      = ask(into="pin", secret=True, digits=6, heard="try_", silent="stranger", wrong="stranger")
        try_     = do(try_pin, timeout=2, constant_time=True, right="known", wrong="pin", down="stranger")
        known    = end()
        stranger = end()
"""


@dataclass
class Caller:
    """Walks a graph as a caller does; the state goes through JSON before every turn."""

    engine: Engine
    call: Call = field(default_factory=lambda: Call("+32470000001", "+3220000001", "nl"))
    last: TurnOutput | PendingAction | None = None

    def rings(self) -> "Caller":
        return self._goes_on(self.engine.ring(self.call))

    def _goes_on(self, last: TurnOutput | PendingAction) -> "Caller":
        """A turn's prompts are all spoken."""
        if isinstance(last, TurnOutput):
            self.call.record_spoken({line.prompt for line in last.prompts})
        self.last = last
        return self

    def does(self, event: Event, now: datetime = NOW) -> "Caller":
        rules = self.call.rules
        self.call = Call.from_json(self.call.to_json())
        self.call.rules = rules
        return self._goes_on(self.engine.hear(self.call, event, now))

    def gets(self, exit: str, **learned: Any) -> "Caller":  # noqa: A002, ANN401 - as an outcome has them
        """What the call needed comes back with this outcome."""
        return self._goes_on(self.engine.resume(self.call, Outcome(exit, **learned)))

    def lasts(self) -> "Caller":
        """What the call needs takes long."""
        return self._goes_on(self.engine.hold(self.call))

    def breaks(self) -> "Caller":
        return self._goes_on(self.engine.transfer_on_error(self.call))

    def keys(self, *pressed: str) -> "Caller":
        for keys in pressed:
            self.does(Keys(keys))
        return self

    def waits(self, turns: int = 1) -> "Caller":
        for _ in range(turns):
            self.does(Silence())
        return self

    @property
    def heard(self) -> list[str]:
        """The prompts of the last turn: `Flow.step`, with the part unless it is the text."""
        assert isinstance(self.last, TurnOutput), self.last
        return [
            line.prompt if line.part == "text" else f"{line.prompt}.{line.part}" for line in self.last.prompts
        ]

    @property
    def wait(self) -> TurnEnd:
        assert isinstance(self.last, TurnOutput), self.last
        return self.last.then

    @property
    def lines(self) -> tuple[PromptRef, ...]:
        assert isinstance(self.last, TurnOutput), self.last
        return self.last.prompts

    @property
    def needs(self) -> PendingAction:
        assert isinstance(self.last, PendingAction), self.last
        return self.last

    @property
    def place(self) -> str:
        return self.call.place
