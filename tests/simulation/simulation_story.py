"""Plays a story: one call after the other, each deed with the faults that befall it, until all is settled."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random

from bridge.carrier.errors import ProviderError
from bridge.carrier.phone import Phone
from bridge.carrier.script import perform
from simulation_caller import Caller
from simulation_delivery import Delivery
from simulation_ears import Ears
from simulation_line import NUMBER, SWITCHBOARD, Simulated
from simulation_script import CallScript, Deed, Fault, Script
from simulation_truth import Call, Witness

ENDS = ("caller", "hangup")
EXPECTED = ("rescued StoreDown", "failed StoreDown", "failed LostCall")
"""Errors that the bridge may log when fate has struck."""

Meet = Callable[[CallScript], Caller]
"""Who makes a call: somebody made up, whose deeds are written into the script, or a reader of it."""


@dataclass
class Told:
    """What came of stories: broken promises, and figures to add up."""

    broken: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


class Story:
    """One script being played on a line."""

    def __init__(self, line: Simulated, ears: Ears, script: Script, meet: Meet) -> None:
        self.line, self.script, self._meet = line, script, meet
        start = datetime.fromisoformat(script.start)
        line.begin(start, script.file, Decimal(script.balance))
        self.witness = line.way.watch = Witness(line, ears, start.date())
        self.told = Told()
        self._over: list[tuple[int, Callable[[], None]]] = []
        self._deeds = 0

    def play(self) -> Told:
        """Play it to its end, and tell what was broken."""
        for number, script in enumerate(self.script.calls):
            self.call(script, f"{self.script.seed} {number}")
        self.line.end()
        self.witness.closes()
        for error in self.line.stage.broken:
            self.witness.breaks("thread", f"{type(error).__name__}: {error}")
        for error in self.line.errors.kept:
            if not error.startswith(EXPECTED):
                self.witness.breaks("error", error)
        self._count()
        return self.told

    def call(self, script: CallScript, seed: str) -> None:
        """Play one call."""
        stage = self.line.stage
        delivery = Delivery(self.line, self.witness)
        number = Random(seed).getrandbits(32)
        clock = self.line.tagor_now
        phone = delivery.phone = Phone(
            NUMBER,
            script.caller,
            post=delivery.post,
            seed=number,
            clock=lambda: clock().timestamp(),
            elapse=stage.sleep,
        )
        call = Call(phone)
        self.witness.calls.append(call)
        caller = self._meet(script)
        try:
            self._lead(call, delivery, caller)
        except ProviderError as error:
            self.witness.breaks("INV4", f"a reply cannot be played: {error}")
        self._judge(call, delivery)

    def _lead(self, call: Call, delivery: Delivery, caller: Caller) -> None:
        phone = call.phone
        while phone.state != "over":
            question = phone.state if phone.state in ("ringing", "dialling") else call.question
            deed = caller.next(question) or Deed("!")
            self._befall(deed, delivery)
            self.line.stage.sleep(deed.pause)
            if deed.does == "," and phone.listening:
                self.line.stage.sleep(float(phone.listening["timeout"]))
            self.witness.presses(call, deed.does)
            heard = len(phone.turns)
            if deed.does:
                perform(phone, deed.does)
            elif phone.state == "ringing":
                phone.ring()
            self.witness.hears(call, [one for turn in phone.turns[heard:] for one in turn.utterances])

    def _befall(self, deed: Deed, delivery: Delivery) -> None:
        """Let the faults of a deed begin, and those end whose time is over."""
        self._deeds += 1
        for last, end in [one for one in self._over if one[0] < self._deeds]:
            self._over.remove((last, end))
            end()
        for fault in deed.faults:
            self.told.figures[f"fault {fault['kind']}"] += 1
            self._strike(fault, delivery)

    def _strike(self, fault: Fault, delivery: Delivery) -> None:
        line = self.line
        match fault["kind"]:
            case "tagor":
                line.tagor.fault(**{name: value for name, value in fault.items() if name != "kind"})
            case "tagor_down":
                line.way.down = True
                self._for(fault["turns"], line.way, down=False)
            case "tagor_slow":
                line.way.slow = fault["seconds"]
                self._for(fault["turns"], line.way, slow=0.0)
            case "store":
                line.trouble.now = fault["what"]
                self._for(fault["turns"], line.trouble, now="")
            case "clock":
                line.jump(fault["seconds"])
            case "restart":
                line.restart(delivery.worker, kill=fault["how"] == "kill")
            case "doom":
                line.worker(delivery.worker).process.doomed = fault["at"]
            case "other":
                self.call(CallScript(fault["caller"], fault["deeds"]), f"{self.script.seed} {self._deeds}")
            case _:
                delivery.fates.append(fault)

    def _for(self, turns: int, what: object, **after: object) -> None:
        """Have this trouble end after so many deeds."""

        def end() -> None:
            for name, value in after.items():
                setattr(what, name, value)

        self._over.append((self._deeds + turns - 1, end))

    def _judge(self, call: Call, delivery: Delivery) -> None:
        """A call ends in words and hang-up, after a transfer or not, or because the caller hung up."""
        phone, figures = call.phone, self.told.figures
        figures["calls"] += 1
        figures["turns"] += len(phone.turns)
        figures[f"end {phone.ended_by or 'none'}"] += 1
        self.told.slowest = max(self.told.slowest, delivery.slowest)
        if phone.ended_by not in ENDS or (phone.ended_by == "hangup" and not phone.last):
            self.witness.breaks("INV5", f"a call ended by {phone.ended_by or 'nobody'}")
        if set(phone.dialled) - {SWITCHBOARD}:
            self.witness.breaks("INV5", "a number was rung that no office file names")

    def _count(self) -> None:
        """Add up what the story shows of each kind of end."""
        figures = self.told.figures
        for call in self.witness.calls:
            heard = {sentence.place for sentence in call.heard}
            for place in ("Agreement.read_back", "Agreement.agree", "Confirmation.by_sms", "Agreement.noted"):
                figures[f"heard {place}"] += place in heard
            figures["confirmed"] += bool(call.confirmed)
        left, should = self.witness.records()
        figures["balance records"] += left
        figures["balances heard"] += should
        if not self.script.faults and left != should:
            self.witness.breaks("INV12", f"{should} balances left {left} records")
        self.told.broken = self.witness.broken
