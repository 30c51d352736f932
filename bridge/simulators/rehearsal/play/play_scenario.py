"""Plays a scenario: one call after the other, each action with its faults, until everything is settled."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from random import Random

from bridge.simulators.provider.account import TWILIO
from bridge.simulators.provider.document import read
from bridge.simulators.provider.errors import ProviderError
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.script import perform
from bridge.simulators.provider.turn import Utterance, utterances
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
from bridge.simulators.rehearsal.world.offices import NUMBER, PROFILES
from bridge.simulators.rehearsal.world.simulated_deployment import SimulatedDeployment
from bridge.store.retention import JOURNAL_KEPT

EXPECTED_ERRORS = {
    "transfer_on_error StoreDown": {"database"},
    "failed StoreDown": {"database"},
    # A PIN is forgotten two minutes after the last key.
    "transfer_on_error KeyError": {"clock", "other_caller"},
    "transfer_on_error Unspeakable": {"tagor"},
    "failed LostCall": set[str](),
    "failed DecryptionFailed": {"database_rows"},
}
"""Errors that the bridge may log, each with the kinds of fault that explain it (any if empty)."""

PROVIDER_FAULTS = {
    "duplicate",
    "old_webhook",
    "altered_keys",
    "other_caller",
    "status_first",
    "recording_report",
}
"""Faults after which Tagor is asked no more often than without them."""

TAGOR_FAULTS = {"tagor", "tagor_slow", "tagor_down", "employee_plan"}
"""Faults that meet Tagor alone: the bridge still answers as soon as ever."""

LOSE_REPLIES = (
    *("lost", "late", "crash", "restart", "concurrent", "hangup", "status_first"),
    *("database", "database_rows"),
)
"""Faults after which a reply may be made and never heard."""

UNSEEN_ENDS = ("crash", "restart", "database", "database_rows")
"""Faults after which the line may not learn that a call is over, or lose what it wrote down then."""

OTHER_CALLERS = ("other_caller", "meanwhile")
"""Faults by which somebody else phones: in between, or at the same time."""

CONFIRMATIONS = ("Agreement.read_back", "Agreement.agree", "Confirmation.by_sms", "Unconfirmed.tell")

MakeCaller = Callable[[ScenarioCall], SimulatedCaller]
"""Makes the caller of a call: somebody random, whose actions are added to the call, or a replay of it."""


class ScenarioPlayer:
    """Plays one scenario on a deployment.

    With `exact`, somebody who phones in between takes the place of a later call of the scenario, so that
    the scenario has exactly as many calls as it began with.
    """

    def __init__(
        self,
        deployment: SimulatedDeployment,
        recognizer: PromptRecognizer,
        scenario: Scenario,
        make_caller: MakeCaller,
        *,
        exact: bool = False,
    ) -> None:
        self.deployment, self.scenario = deployment, scenario
        self._make_caller, self._exact = make_caller, exact
        start = datetime.fromisoformat(scenario.start)
        deployment.begin(start, scenario.file, Decimal(scenario.balance))
        self.invariants = Invariants(deployment, recognizer, start.date())
        deployment.transport.observer = self.invariants.writes
        self.result = ScenarioResult()
        self._ends_of_faults: list[tuple[int, Callable[[], None]]] = []
        self._actions, self._in_between = 0, False
        self._played = self._meanwhile = 0
        self._replays: list[tuple[ObservedCall, float]] = []

    def play(self) -> ScenarioResult:
        """Play the scenario to its end, and return its figures with every broken promise."""
        while self._played < len(self.scenario.calls):
            self._played += 1
            self.call(self.scenario.calls[self._played - 1])
        while self._meanwhile:
            self.deployment.time.sleep(1.0)
        self.deployment.end()
        self._replay_finished()
        self.deployment.stop_workers()
        struck = {name.removeprefix("fault ") for name in self.result.figures if name.startswith("fault ")}
        self.invariants.settlement.check_settled()
        self.invariants.writes.pins.check_counted(self.deployment.counted_tries())
        self.invariants.check_logs(self.deployment.errors.messages)
        unwiped = self.deployment.unwiped_for_good or (self.deployment.unwiped if not struck else 0)
        if unwiped:
            self.invariants.record.violated("INV7", f"{unwiped} calls are over and were not wiped")
        for failure in self.deployment.time.failures:
            self.invariants.record.violated("thread", f"{type(failure).__name__}: {failure}")
        for error in self.deployment.errors.messages:
            cause = EXPECTED_ERRORS.get(" ".join(error.split()[:2]))
            if cause is None or not (cause & struck or (not cause and struck)):
                self.invariants.record.violated("error", error)
        self._count(explained=bool(struck - PROVIDER_FAULTS))
        return self.result

    def call(self, call: ScenarioCall) -> None:
        """Play one call."""
        seed = f"{self.scenario.seed} {len(self.invariants.record.calls)}"
        delivery = WebhookDelivery(self.deployment, self.invariants, PROFILES[call.profile], seed)
        clock = self.deployment.tagor_now
        phone = delivery.phone = Phone(
            NUMBER,
            call.caller,
            post=delivery.post,
            profile=delivery.profile,
            seed=Random(seed).getrandbits(32),
            clock=lambda: clock().timestamp(),
            elapse=self.deployment.time.sleep,
        )
        observed = self.invariants.call_begins(phone, call.caller)
        try:
            self._lead(observed, delivery, self._make_caller(call))
        except ProviderError as error:
            self.invariants.record.violated("INV4", f"a reply cannot be played: {error}")
        self._judge(observed, delivery)

    def _lead(self, call: ObservedCall, delivery: WebhookDelivery, caller: SimulatedCaller) -> None:
        """Let the caller act at every question until the call is over."""
        phone, time = call.phone, self.deployment.time
        while phone.state != "over":
            question = call.question if phone.state == "listening" else phone.state
            action = caller.next(question) or CallerAction("!")
            self._begin_faults(action, call, delivery)
            time.sleep(action.pause)
            if action.input == "," and phone.listening:
                time.sleep(float(phone.listening["timeout"]))
            call.put_through |= question == "dialling" and action.input == "{answered}"
            self.invariants.caller_presses(call, action.input)
            turns = len(phone.turns)
            if phone.state == "ringing":
                phone.ring()
            elif action.input:
                perform(phone, action.input)
            words = [one for turn in phone.turns[turns:] for one in turn.utterances if one.text]
            self._write_down(action, words)
            self.invariants.caller_hears(call, words)

    def _write_down(self, action: CallerAction, words: list[Utterance]) -> None:
        """Write down which faults struck, what the caller did and what they heard."""
        self.result.heard += [f"! {describe_fault(fault)}" for fault in action.faults]
        self.result.heard += [
            f"> {action.input or '(rings)'}",
            *(f"{one.language}: {one.text}" for one in words),
        ]

    def _begin_faults(self, action: CallerAction, call: ObservedCall, delivery: WebhookDelivery) -> None:
        """Begin the faults of an action, and end those whose time is over."""
        self._actions += 1
        for last, end in [one for one in self._ends_of_faults if one[0] < self._actions]:
            self._ends_of_faults.remove((last, end))
            end()
        for fault in list(action.faults):
            if fault["kind"] in OTHER_CALLERS:
                if not self._has_room_for(fault):
                    action.faults.remove(fault)
                    continue
                if self._exact and not fault["actions"]:
                    self.scenario.calls.pop()
            self.result.figures[f"fault {fault['kind']}"] += 1
            self.invariants.record.faulted = True
            self.invariants.record.undelivered |= fault["kind"] in LOSE_REPLIES
            self.invariants.record.end_unheard |= fault["kind"] in UNSEEN_ENDS
            if fault["kind"] == "employee_plan":
                self.invariants.plans.employee_makes_plan(self.invariants.writes.sent["approval"])
            self.invariants.record.odd_answers.begin(fault)
            self._begin_fault(fault, call, delivery)

    def _begin_fault(self, fault: Fault, call: ObservedCall, delivery: WebhookDelivery) -> None:
        deployment = self.deployment
        if fault["kind"] in DEPLOYMENT_FAULTS:
            end = apply_fault(deployment, fault)
            if end is not None:
                self._ends_of_faults.append((self._actions + fault.get("turns", 1) - 1, end))
            return
        match fault["kind"]:
            case "recording_report":
                delivery.loses_recording_reports = True
            case "clock":
                deployment.jump(fault["seconds"])
                self.invariants.record.clock_jumped = True
            case "restart":
                deployment.restart(delivery.worker, kill=fault["how"] == "kill")
            case "crash":
                deployment.worker(delivery.worker).process.crash_at = fault["at"]
            case "other_caller":
                self._call_in_between(fault)
            case "meanwhile":
                self._call_meanwhile(fault)
            case "replayed":
                self._replays.append((call, fault["after"]))
            case _:
                delivery.pending_faults.append(fault)

    def _has_room_for(self, fault: Fault) -> bool:
        """Tell whether somebody else may phone now; with `exact` they take the place of a later call."""
        if self._in_between:
            return False
        return not self._exact or bool(fault["actions"]) or self._played < len(self.scenario.calls)

    def _call_in_between(self, fault: Fault) -> None:
        """Let somebody else phone about the same file, from beginning to end, before this call goes on."""
        self._in_between = True
        call = ScenarioCall(fault["caller"], [CallerAction(**action) for action in fault["actions"]])
        self.call(call)
        fault["actions"] = [asdict(action) for action in call.actions]
        self._in_between = False

    def _call_meanwhile(self, fault: Fault) -> None:
        """Let somebody else phone about the same file while this call goes on."""
        call = ScenarioCall(fault["caller"], [CallerAction(**action) for action in fault["actions"]])

        def phone_in() -> None:
            self.deployment.time.sleep(fault["after"])
            try:
                self.call(call)
            finally:
                self._meanwhile -= 1
            fault["actions"] = [asdict(action) for action in call.actions]

        self._meanwhile += 1
        self.deployment.time.start_thread(None, phone_in)

    def _replay_finished(self) -> None:
        """Deliver every webhook of a finished call once more, long after it.

        Nobody may hear anything of a file or cause anything by it: whoever holds the recorded requests is a
        stranger to the call.
        """
        for call, after in self._replays:
            self.deployment.let_pass(after)
            self.invariants.record.journal_swept |= after >= JOURNAL_KEPT.total_seconds()
            stranger = self.invariants.call_begins(call.phone)
            for sent in [turn.sent for turn in call.phone.turns if turn.sent.form is not None]:
                status, headers, body = self.deployment.post(0, sent.url, sent.form, sent.headers)
                if status != HTTPStatus.OK:
                    self.invariants.record.violated("INV4", f"a replayed webhook was answered {status}")
                    continue
                verbs = read(body, headers["Content-Type"], TWILIO)
                words = [sound for verb in verbs for sound in utterances([verb, *verb.children])]
                self.invariants.caller_hears(stranger, words)
            self.invariants.record.calls.remove(stranger)

    def _judge(self, call: ObservedCall, delivery: WebhookDelivery) -> None:
        """Add up how the call went, and what it broke."""
        figures = self.result.figures
        healthy = not self.invariants.record.faulted
        struck = {name.removeprefix("fault ") for name in figures if name.startswith("fault ")}
        outcome = assess_call(
            call,
            delivery.delayed,
            left=delivery.left,
            healthy=healthy,
            only_tagor=struck <= TAGOR_FAULTS,
        )
        figures["calls"] += 1
        figures["turns"] += len(call.phone.turns)
        figures[f"end {outcome.end}"] += 1
        self.result.heard.append(f"= {outcome.end}")
        self.result.slowest = max(self.result.slowest, delivery.slowest)
        self.result.silence = max(self.result.silence, outcome.silence)
        died = figures["fault restart"] + figures["fault crash"]
        for promise, what in outcome.broken:
            self.invariants.record.violated("INV6" if died and promise == "INV5" else promise, what)

    def _count(self, *, explained: bool) -> None:
        """Add up what the scenario shows of each kind of end."""
        figures = self.result.figures
        figures["scenarios"] += 1
        for call in self.invariants.record.calls:
            for prompt in CONFIRMATIONS:
                figures[f"heard {prompt}"] += prompt in call.prompts
            figures["confirmed"] += bool(call.confirmed)
        left, heard = self.invariants.settlement.check_records(explained=explained)
        figures["balance records"] += left
        figures["balances heard"] += heard
        self.result.broken = self.invariants.record.broken
        self.result.seen = self._digest()

    def _digest(self) -> str:
        """Return a hash of all that was heard and asked: the same scenario must give the same one."""
        heard = [
            (turn.did, turn.url, turn.status, round(turn.seconds, 6), [one.text for one in turn.utterances])
            for call in self.invariants.record.calls
            for turn in call.phone.turns
        ]
        asked = [(one.operation, one.at, one.effect) for one in self.invariants.record.journal()]
        return hashlib.sha256(repr((heard, asked)).encode()).hexdigest()
