"""The witness of a story: hears what callers hear, knows what Tagor did, and says where the two part."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import voice_flows
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.turn import Utterance
from bridge.simulators.rehearsal.judging.observations import ConfirmedTerms, ObservedCall
from bridge.simulators.rehearsal.judging.opening_hours_check import untrue_opening_hours
from bridge.simulators.rehearsal.judging.prompt_recognition import LANGUAGES, HeardSentence, PromptRecognizer
from bridge.simulators.rehearsal.world.offices import CANARIES
from bridge.simulators.rehearsal.world.simulated_deployment import SimulatedDeployment
from bridge.simulators.tagor import CASES
from bridge.simulators.tagor.records import Plan
from bridge.speech import NoteBook

SAVE, APPROVE = "TagorService/SavePaymentPlan", "TagorService/ApprovePaymentPlan"
KINDS = {SAVE: "plan", APPROVE: "approval"}
BALANCE = ("Balance.tell", "Balance.settled", "Balance.credit")
CONFIRMATION = {"Confirmation.by_sms": "SMS", "Confirmation.by_mail": "EMAIL", "Confirmation.by_none": ""}
"""What is heard of a confirmation, and as what Tagor sent it."""
NOTES = tuple(NoteBook.load(voice_flows.NOTES).write("Note.begin", {}, name) for name in LANGUAGES)
CREDITORS = {creditor: file for file, creditor in CANARIES.items()}


def _opened() -> Iterator[tuple[str, str, str]]:
    """Every PIN, the number of the file it opens, and that file's id."""
    for case in CASES:
        yield case.pin, case.file, case.file_id
        for who in case.before:
            yield who.pin, case.file, case.file_id
        for further in case.further:
            yield further.pin, further.file, further.file_id


OPENED_BY = {pin: file for pin, file, _ in _opened()}
NUMBERS = {file_id: file for _, file, file_id in _opened()}


class Invariants:
    """Sees one story; `broken` are the promises that were, each as a sentence that begins with its name."""

    def __init__(self, deployment: SimulatedDeployment, recognizer: PromptRecognizer, today: date) -> None:
        self.deployment, self._recognizer, self._today = deployment, recognizer, today
        self.calls: list[ObservedCall] = []
        self.broken: list[str] = []
        self.clock_jumped = False
        self.sent: Counter[str] = Counter()

    def violated(self, promise: str, what: str) -> None:
        """Note a broken promise, once."""
        if (told := f"{promise}: {what}") not in self.broken:
            self.broken.append(told)

    # What the caller does and hears

    def call_begins(self, phone: Phone) -> ObservedCall:
        """Somebody phones."""
        known = frozenset(row["id"] for row in self.deployment.tagor.state()["plans"])
        self.calls.append(ObservedCall(phone, known))
        return self.calls[-1]

    def caller_presses(self, call: ObservedCall, keys: str) -> None:
        """The caller presses keys at the question that was asked last."""
        if call.question == "ByPin.ask_pin" and keys in OPENED_BY:
            call.files.add(OPENED_BY[keys])
        if keys.startswith("1") and call.phone.listening:
            turn = call.phone.listening["action"]
            if call.question == "Agreement.read_back":
                chosen, start = call.last["Agreement.chosen"], call.last["Agreement.read_back"]
                call.confirmed[turn] = ConfirmedTerms(chosen.language, chosen.text, start.text)
                call.last_confirmed = call.unanswered = turn
            if call.question == "Agreement.agree":
                call.agreed.add(turn)
                call.last_agreed = turn

    def caller_hears(self, call: ObservedCall, utterances: list[Utterance]) -> None:
        """The caller hears words; what they claim must be true now."""
        for one in utterances:
            sentence = self._recognizer.recognise(one.text, one.language[:2])
            if sentence is None:
                self.violated("words", f"nobody wrote this sentence: {one.text}")
                continue
            call.heard.append(sentence)
            if sentence.part == "text":
                call.last[sentence.place] = sentence
            call.question = sentence.place
            self._private(call, sentence)
            self._true(call, sentence)

    def _private(self, call: ObservedCall, sentence: HeardSentence) -> None:
        if sentence.private and not call.files:
            self.violated("INV3", f"{sentence.place} was heard without any PIN")
        for creditor, file in CREDITORS.items():
            if creditor in sentence.text:
                call.file = file
                if file not in call.files:
                    self.violated("INV3", "a creditor was heard by somebody without the file's PIN")

    def _true(self, call: ObservedCall, sentence: HeardSentence) -> None:
        if sentence.place in BALANCE:
            call.balances.add(call.file)
        if not self.clock_jumped and (lie := untrue_opening_hours(self.deployment, sentence.place)):
            self.violated("INV16", lie)
        if sentence.part == "text":
            self._claimed(call, sentence)
            self._answered(call, sentence.place)

    def _claimed(self, call: ObservedCall, sentence: HeardSentence) -> None:
        """What is said to have happened has happened."""
        match sentence.place:
            case "Agreement.agree":
                if sentence.text not in [self._agreed(plan, sentence.language) for plan in self._made(call)]:
                    self.violated("INV13", "heard that a plan is noted, and Tagor has none like it")
            case "Agreement.open":
                call.agreed.discard(call.last_agreed)
                if not self._made(call):
                    self.violated("INV13", "heard that a request is noted, and there is none")
            case place if place in CONFIRMATION:
                self._approved(call, CONFIRMATION[place])

    def _answered(self, call: ObservedCall, place: str) -> None:
        """What the caller takes for the answer to their last confirmation."""
        match place:
            case "Agreement.agree":
                call.last_agreed = call.unanswered = ""
            case "Agreement.refused" | "Agreement.down":
                call.denied.add(call.last_confirmed)
                call.unanswered = ""
            case "Agreement.declined":
                call.denied |= {call.unanswered} - {""}
            case "Agreement.noted":
                call.noted, call.unanswered = True, ""

    def _approved(self, call: ObservedCall, medium: str) -> None:
        made = {str(plan.id) for plan in self._made(call)}
        effects = [effect for file in call.files for effect in self.deployment.tagor.effects(file)]
        if not made & {what for kind, what in effects if kind == "approval"}:
            self.violated("INV13", "heard that a plan is confirmed, and none is approved")
        messages = [message for file in call.files for message in self.deployment.tagor.messages(file)]
        if medium and medium not in {message.medium for message in messages if message.plan_id in made}:
            self.violated("INV13", f"heard of a confirmation by {medium}, and Tagor sent none")

    # What Tagor does

    def request_arrives(self, operation: str) -> None:
        """A request reaches Tagor: a write needs a decision of its own that was marked as sent before."""
        if kind := KINDS.get(operation):
            self.sent[kind] += 1
            if self.deployment.decisions(f"kind = '{kind}' AND sent_at IS NOT NULL") < self.sent[kind]:
                self.violated("INV2", f"a {kind} was sent that no decision was marked for")

    def request_handled(self) -> None:
        """Tagor has done something: each effect needs a confirmation of its own that came before."""
        entry = self.deployment.tagor.desk.journal._entries[-1]  # noqa: SLF001 - its public form copies all of them
        if entry.operation in KINDS and entry.effect:
            self._judge(NUMBERS[str(entry.fields["TDOS_Id"])])

    def _judge(self, file: str) -> None:
        about = [call for call in self.calls if file in call.files]
        plans = [plan for plan in self.deployment.tagor.plans(file) if plan.asked]
        for plan in plans:
            made = [plan.asked == other.asked and plan.months == other.months for other in plans].count(True)
            denied = [
                turn in call.denied
                for call in about
                for turn, terms in call.confirmed.items()
                if self._fits(plan, terms)
            ]
            if made > len(denied):
                promise = "INV1" if denied else "INV2"
                self.violated(promise, f"a plan was made {made} times, and confirmed {len(denied)} times")
            elif made > denied.count(False):
                self.violated("INV13", "heard that a plan was not requested, and it was")
        self._judge_approvals(file, sum(len(call.agreed) for call in about))

    def _judge_approvals(self, file: str, agreed: int) -> None:
        effects = self.deployment.tagor.effects(file)
        for (kind, _), times in effects.items():
            if kind in ("approval", "message") and times > 1:
                self.violated("INV1", f"one {kind} happened {times} times")
        approved = [kind for kind, _ in effects].count("approval")
        if approved > agreed:
            self.violated("INV2", f"{approved} plans were approved, and {agreed} agreed to")

    # When everything is over

    def check_settled(self) -> None:
        """All calls are over and everything is settled: nothing is lost, nothing denied has happened."""
        if left := self.deployment.decisions("settled_at IS NULL"):
            self.violated("lost", f"{left} decisions are still open")
        for file in {file for call in self.calls for file in call.files}:
            self._judge(file)
        for file in {file for call in self.calls for file in call.files}:
            self._judge_notes(file)
        for call in self.calls:
            if call.noted and not (self._tasks(call) or self._confirmed(call)):
                self.violated("lost", "heard that a request is noted, and nobody will ever see it")

    def _judge_notes(self, file: str) -> None:
        """Whoever heard a balance left one note on the file, and nobody two."""
        records = [record.text for record in self.deployment.tagor.info_records(file)]
        notes = [text for text in records if text.startswith(NOTES)]
        fewest = sum(file in call.balances for call in self.calls)
        most = sum(file in call.files for call in self.calls)
        if self.clock_jumped:  # an hour that never passed makes a late effect look like none
            notes = notes[:most]
        if not fewest <= len(notes) <= most or len(set(notes)) < len(notes):
            self.violated("note", f"{len(notes)} notes on a file, and {fewest} to {most} calls about it")

    def records(self) -> tuple[int, int]:
        """Of files that callers heard the balance of: how many records there are, and should be."""
        rows = [
            row["file_id"] for row in self.deployment.tagor.state()["info_records"] if row["code"] == "OPSV"
        ]
        told = {file for call in self.calls for file in call.balances if file}
        should = sum(len(call.balances) for call in self.calls)
        return sum(NUMBERS[file_id] in told for file_id in rows), should

    def _made(self, call: ObservedCall) -> list[Plan]:
        """The plans that came onto the caller's files since the call began."""
        plans = [plan for file in sorted(call.files) for plan in self.deployment.tagor.plans(file)]
        return [plan for plan in plans if plan.id not in call.before]

    def _confirmed(self, call: ObservedCall) -> bool:
        return any(self._fits(plan, terms) for plan in self._made(call) for terms in call.confirmed.values())

    def _tasks(self, call: ObservedCall) -> bool:
        records = [record for file in call.files for record in self.deployment.tagor.info_records(file)]
        return not all(record.automatic for record in records)

    def _agreed(self, plan: Plan, language: str) -> str:
        told = {"agreed_months": plan.months, "agreed_monthly": plan.monthly}
        return self._recognizer.say("Agreement.agree", language, self._today, **told)

    def _fits(self, plan: Plan, terms: ConfirmedTerms) -> bool:
        told = {"months": plan.months, "monthly": plan.monthly}
        chosen = self._recognizer.say("Agreement.chosen", terms.language, self._today, **told)
        start = self._recognizer.say("Agreement.read_back", terms.language, self._today, start=plan.start)
        return (chosen, start) == (terms.plan, terms.start)
