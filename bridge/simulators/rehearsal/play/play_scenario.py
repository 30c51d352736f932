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
from bridge.simulators.rehearsal.judging.call_outcome import assess_call
from bridge.simulators.rehearsal.judging.invariants import Invariants
from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.rehearsal.judging.prompt_recognition import PromptRecognizer
from bridge.simulators.rehearsal.judging.tally import ScenarioResult
from bridge.simulators.rehearsal.play.callers import SimulatedCaller
from bridge.simulators.rehearsal.play.fault_application import DEPLOYMENT_FAULTS, apply_fault
from bridge.simulators.rehearsal.play.fault_generator import describe_fault
from bridge.simulators.rehearsal.play.scenario import CallerAction, Fault, Scenario, ScenarioCall
from bridge.simulators.rehearsal.play.webhook_delivery import WebhookDelivery
from bridge.simulators.rehearsal.world.offices import NUMBER
from bridge.simulators.rehearsal.world.simulated_deployment import SimulatedDeployment

EXPECTED_ERRORS = {
    "rescued StoreDown": {"database"},
    "failed StoreDown": {"database"},
    "rescued KeyError": {"clock", "other_caller"},  # a PIN is forgotten two minutes after the last key
    "rescued Unspeakable": {"tagor"},
    "failed LostCall": set[str](),
    "failed DecryptionFailed": {"database_rows"},
}
"""Errors that the bridge may log, and the kinds of fault one of which must have struck (any if empty)."""

MakeCaller = Callable[[ScenarioCall], SimulatedCaller]
"""Who makes a call: somebody made up, whose deeds are written into the script, or a reader of it."""


class ScenarioPlayer:
    """One script being played on a line."""

    def __init__(
        self,
        deployment: SimulatedDeployment,
        recognizer: PromptRecognizer,
        script: Scenario,
        meet: MakeCaller,
    ) -> None:
        self.deployment, self.script, self._meet = deployment, script, meet
        start = datetime.fromisoformat(script.start)
        deployment.begin(start, script.file, Decimal(script.balance))
        self.invariants = deployment.transport.watch = Invariants(deployment, recognizer, start.date())
        self.result = ScenarioResult()
        self._over: list[tuple[int, Callable[[], None]]] = []
        self._deeds, self._aside = 0, False

    def play(self) -> ScenarioResult:
        """Play it to its end, and tell what was broken."""
        for script in self.script.calls:
            self.call(script)
        self.deployment.end()
        self.invariants.check_settled()
        for entry in self.deployment.tagor.journal():
            if entry["unexpected"]:
                self.invariants.violated(
                    "INV11", f"{entry['operation']} was asked with {entry['unexpected']}"
                )
        for broke in self.deployment.time.broken:
            self.invariants.violated("thread", f"{type(broke).__name__}: {broke}")
        struck = {name.removeprefix("fault ") for name in self.result.figures if name.startswith("fault ")}
        for error in self.deployment.errors.messages:
            cause = EXPECTED_ERRORS.get(" ".join(error.split()[:2]))
            if cause is None or not (cause & struck or (not cause and struck)):
                self.invariants.violated("error", error)
        self._count()
        return self.result

    def call(self, script: ScenarioCall) -> None:
        """Play one call."""
        time = self.deployment.time
        seed = f"{self.script.seed} {len(self.invariants.calls)}"
        delivery = WebhookDelivery(self.deployment, self.invariants, seed)
        clock = self.deployment.tagor_now
        phone = delivery.phone = Phone(
            NUMBER,
            script.caller,
            post=delivery.post,
            seed=Random(seed).getrandbits(32),
            clock=lambda: clock().timestamp(),
            elapse=time.sleep,
        )
        call = self.invariants.call_begins(phone)
        caller = self._meet(script)
        try:
            self._lead(call, delivery, caller)
        except ProviderError as error:
            self.invariants.violated("INV4", f"a reply cannot be played: {error}")
        self._judge(call, delivery)

    def _lead(self, call: ObservedCall, delivery: WebhookDelivery, caller: SimulatedCaller) -> None:
        phone = call.phone
        while phone.state != "over":
            question = call.question if phone.state == "listening" else phone.state
            action = caller.next(question) or CallerAction("!")
            self._befall(action, delivery)
            self.deployment.time.sleep(action.pause)
            if action.input == "," and phone.listening:
                self.deployment.time.sleep(float(phone.listening["timeout"]))
            call.put_through |= question == "dialling" and action.input == "{answered}"
            self.invariants.caller_presses(call, action.input)
            heard = len(phone.turns)
            if phone.state == "ringing":
                phone.ring()
            elif action.input:
                perform(phone, action.input)
            words = [one for turn in phone.turns[heard:] for one in turn.utterances]
            self._tell(action, words)
            self.invariants.caller_hears(call, words)

    def _tell(self, action: CallerAction, words: list[Utterance]) -> None:
        """Write down what befell the caller, what they did and what they heard."""
        self.result.heard += [f"! {describe_fault(fault)}" for fault in action.faults]
        self.result.heard += [
            f"> {action.input or '(rings)'}",
            *(f"{one.language}: {one.text}" for one in words),
        ]

    def _befall(self, action: CallerAction, delivery: WebhookDelivery) -> None:
        """Let the faults of a deed begin, and those end whose time is over."""
        self._deeds += 1
        for last, end in [one for one in self._over if one[0] < self._deeds]:
            self._over.remove((last, end))
            end()
        for fault in action.faults:
            self.result.figures[f"fault {fault['kind']}"] += 1
            self._strike(fault, delivery)

    def _strike(self, fault: Fault, delivery: WebhookDelivery) -> None:
        deployment = self.deployment
        if fault["kind"] in DEPLOYMENT_FAULTS:
            end = apply_fault(deployment, fault)
            if end is not None:
                self._over.append((self._deeds + fault.get("turns", 1) - 1, end))
            return
        match fault["kind"]:
            case "recording_report":
                delivery.deaf = True
            case "clock":
                deployment.jump(fault["seconds"])
                self.invariants.clock_jumped = True
            case "restart":
                deployment.restart(delivery.worker, kill=fault["how"] == "kill")
            case "crash":
                deployment.worker(delivery.worker).process.crash_at = fault["at"]
            case "other_caller":
                self._other(fault)
            case _:
                delivery.pending_faults.append(fault)

    def _other(self, fault: Fault) -> None:
        """Somebody else phones about the same file in between, from beginning to end."""
        if not self._aside:
            self._aside = True
            script = ScenarioCall(fault["caller"], [CallerAction(**action) for action in fault["actions"]])
            self.call(script)
            fault["actions"] = [asdict(action) for action in script.actions]
            self._aside = False

    def _judge(self, call: ObservedCall, delivery: WebhookDelivery) -> None:
        """Add up how the call went, and what it broke."""
        verdict, figures = assess_call(call, delivery.delayed, left=delivery.left), self.result.figures
        figures["calls"] += 1
        figures["turns"] += len(call.phone.turns)
        figures[f"end {verdict.end}"] += 1
        self.result.heard.append(f"= {verdict.end}")
        self.result.slowest = max(self.result.slowest, delivery.slowest)
        self.result.silence = max(self.result.silence, verdict.silence)
        died = self.result.figures["fault restart"] + self.result.figures["fault doom"]
        for promise, what in verdict.broken:
            self.invariants.violated("INV6" if died and promise == "INV5" else promise, what)

    def _count(self) -> None:
        """Add up what the story shows of each kind of end."""
        figures = self.result.figures
        for call in self.invariants.calls:
            heard = {sentence.place for sentence in call.heard}
            for place in ("Agreement.read_back", "Agreement.agree", "Confirmation.by_sms", "Agreement.noted"):
                figures[f"heard {place}"] += place in heard
            figures["confirmed"] += bool(call.confirmed)
        left, should = self.invariants.records()
        figures["balance records"] += left
        figures["balances heard"] += should
        if not self.script.faults and left != should:
            self.invariants.violated("INV12", f"{should} balances left {left} records")
        self.result.broken = self.invariants.broken
        self.result.seen = self._seen()

    def _seen(self) -> str:
        heard = [
            (turn.did, turn.url, turn.status, round(turn.seconds, 6), [one.text for one in turn.utterances])
            for call in self.invariants.calls
            for turn in call.phone.turns
        ]
        asked = [
            (entry["operation"], entry["at"], entry["effect"]) for entry in self.deployment.tagor.journal()
        ]
        return hashlib.sha256(repr((heard, asked)).encode()).hexdigest()
