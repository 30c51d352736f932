"""Plays a story: one call after the other, each deed with the faults that befall it, until all is settled."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from random import Random

from bridge.simulators.provider.errors import ProviderError
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.script import perform
from bridge.simulators.provider.turn import Utterance
from bridge.simulators.rehearsal.judging.call_outcome import judge
from bridge.simulators.rehearsal.judging.invariants import Witness
from bridge.simulators.rehearsal.judging.observations import Call
from bridge.simulators.rehearsal.judging.prompt_recognition import Ears
from bridge.simulators.rehearsal.judging.tally import Result
from bridge.simulators.rehearsal.play.callers import Caller
from bridge.simulators.rehearsal.play.fault_application import LINE, befall
from bridge.simulators.rehearsal.play.fault_generator import in_words
from bridge.simulators.rehearsal.play.scenario import CallerAction, CallScript, Fault, Script
from bridge.simulators.rehearsal.play.webhook_delivery import WebhookDelivery
from bridge.simulators.rehearsal.world.offices import NUMBER
from bridge.simulators.rehearsal.world.simulated_deployment import Simulated

EXPECTED = {
    "rescued StoreDown": {"store"},
    "failed StoreDown": {"store"},
    "rescued KeyError": {"clock", "other"},  # a PIN is forgotten two minutes after the last key
    "rescued Unspeakable": {"tagor"},
    "failed LostCall": set[str](),
    "failed DecryptionFailed": {"books"},
}
"""Errors that the bridge may log, and the kinds of fault one of which must have struck (any if empty)."""

Meet = Callable[[CallScript], Caller]
"""Who makes a call: somebody made up, whose deeds are written into the script, or a reader of it."""


class Story:
    """One script being played on a line."""

    def __init__(self, line: Simulated, ears: Ears, script: Script, meet: Meet) -> None:
        self.line, self.script, self._meet = line, script, meet
        start = datetime.fromisoformat(script.start)
        line.begin(start, script.file, Decimal(script.balance))
        self.witness = line.way.watch = Witness(line, ears, start.date())
        self.told = Result()
        self._over: list[tuple[int, Callable[[], None]]] = []
        self._deeds, self._aside = 0, False

    def play(self) -> Result:
        """Play it to its end, and tell what was broken."""
        for script in self.script.calls:
            self.call(script)
        self.line.end()
        self.witness.closes()
        for entry in self.line.tagor.journal():
            if entry["unexpected"]:
                self.witness.breaks("INV11", f"{entry['operation']} was asked with {entry['unexpected']}")
        for broke in self.line.stage.broken:
            self.witness.breaks("thread", f"{type(broke).__name__}: {broke}")
        struck = {name.removeprefix("fault ") for name in self.told.figures if name.startswith("fault ")}
        for error in self.line.errors.kept:
            cause = EXPECTED.get(" ".join(error.split()[:2]))
            if cause is None or not (cause & struck or (not cause and struck)):
                self.witness.breaks("error", error)
        self._count()
        return self.told

    def call(self, script: CallScript) -> None:
        """Play one call."""
        stage = self.line.stage
        seed = f"{self.script.seed} {len(self.witness.calls)}"
        delivery = WebhookDelivery(self.line, self.witness, seed)
        clock = self.line.tagor_now
        phone = delivery.phone = Phone(
            NUMBER,
            script.caller,
            post=delivery.post,
            seed=Random(seed).getrandbits(32),
            clock=lambda: clock().timestamp(),
            elapse=stage.sleep,
        )
        call = self.witness.begins(phone)
        caller = self._meet(script)
        try:
            self._lead(call, delivery, caller)
        except ProviderError as error:
            self.witness.breaks("INV4", f"a reply cannot be played: {error}")
        self._judge(call, delivery)

    def _lead(self, call: Call, delivery: WebhookDelivery, caller: Caller) -> None:
        phone = call.phone
        while phone.state != "over":
            question = call.question if phone.state == "listening" else phone.state
            deed = caller.next(question) or CallerAction("!")
            self._befall(deed, delivery)
            self.line.stage.sleep(deed.pause)
            if deed.does == "," and phone.listening:
                self.line.stage.sleep(float(phone.listening["timeout"]))
            call.put_through |= question == "dialling" and deed.does == "{answered}"
            self.witness.presses(call, deed.does)
            heard = len(phone.turns)
            if phone.state == "ringing":
                phone.ring()
            elif deed.does:
                perform(phone, deed.does)
            words = [one for turn in phone.turns[heard:] for one in turn.utterances]
            self._tell(deed, words)
            self.witness.hears(call, words)

    def _tell(self, deed: CallerAction, words: list[Utterance]) -> None:
        """Write down what befell the caller, what they did and what they heard."""
        self.told.heard += [f"! {in_words(fault)}" for fault in deed.faults]
        self.told.heard += [f"> {deed.does or '(rings)'}", *(f"{one.language}: {one.text}" for one in words)]

    def _befall(self, deed: CallerAction, delivery: WebhookDelivery) -> None:
        """Let the faults of a deed begin, and those end whose time is over."""
        self._deeds += 1
        for last, end in [one for one in self._over if one[0] < self._deeds]:
            self._over.remove((last, end))
            end()
        for fault in deed.faults:
            self.told.figures[f"fault {fault['kind']}"] += 1
            self._strike(fault, delivery)

    def _strike(self, fault: Fault, delivery: WebhookDelivery) -> None:
        line = self.line
        if fault["kind"] in LINE:
            end = befall(line, fault)
            if end is not None:
                self._over.append((self._deeds + fault.get("turns", 1) - 1, end))
            return
        match fault["kind"]:
            case "reports":
                delivery.deaf = True
            case "clock":
                line.jump(fault["seconds"])
                self.witness.jumped = True
            case "restart":
                line.restart(delivery.worker, kill=fault["how"] == "kill")
            case "doom":
                line.worker(delivery.worker).process.doomed = fault["at"]
            case "other":
                self._other(fault)
            case _:
                delivery.fates.append(fault)

    def _other(self, fault: Fault) -> None:
        """Somebody else phones about the same file in between, from beginning to end."""
        if not self._aside:
            self._aside = True
            script = CallScript(fault["caller"], [CallerAction(**deed) for deed in fault["deeds"]])
            self.call(script)
            fault["deeds"] = [asdict(deed) for deed in script.deeds]
            self._aside = False

    def _judge(self, call: Call, delivery: WebhookDelivery) -> None:
        """Add up how the call went, and what it broke."""
        verdict, figures = judge(call, delivery.delayed, left=delivery.left), self.told.figures
        figures["calls"] += 1
        figures["turns"] += len(call.phone.turns)
        figures[f"end {verdict.end}"] += 1
        self.told.heard.append(f"= {verdict.end}")
        self.told.slowest = max(self.told.slowest, delivery.slowest)
        self.told.silence = max(self.told.silence, verdict.silence)
        died = self.told.figures["fault restart"] + self.told.figures["fault doom"]
        for promise, what in verdict.broken:
            self.witness.breaks("INV6" if died and promise == "INV5" else promise, what)

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
        self.told.seen = self._seen()

    def _seen(self) -> str:
        heard = [
            (turn.did, turn.url, turn.status, round(turn.seconds, 6), [one.text for one in turn.utterances])
            for call in self.witness.calls
            for turn in call.phone.turns
        ]
        asked = [(entry["operation"], entry["at"], entry["effect"]) for entry in self.line.tagor.journal()]
        return hashlib.sha256(repr((heard, asked)).encode()).hexdigest()
