"""Judges one scenario: compares what callers did and heard with what Tagor did."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.turn import Utterance
from bridge.simulators.rehearsal.judging.flow_facts import FLOW_FACTS
from bridge.simulators.rehearsal.judging.given_answers import press_answer
from bridge.simulators.rehearsal.judging.observations import ConfirmedTerms, ObservedCall
from bridge.simulators.rehearsal.judging.opening_hours_check import untrue_opening_hours
from bridge.simulators.rehearsal.judging.plan_judge import PlanJudge
from bridge.simulators.rehearsal.judging.privacy import (
    CREDITORS,
    foreign_numbers,
    is_for_the_office_only,
    judge_logs,
)
from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence, PromptRecognizer
from bridge.simulators.rehearsal.judging.proofs import Proofs
from bridge.simulators.rehearsal.judging.registered_mobiles import confirm_mobile, hear_of_mobile
from bridge.simulators.rehearsal.judging.scenario_record import JudgedDeployment, ScenarioRecord
from bridge.simulators.rehearsal.judging.settlement_judge import SettlementJudge
from bridge.simulators.rehearsal.judging.spoken_facts import SOUND_FAULTS, FileState, SpokenFacts
from bridge.simulators.rehearsal.judging.write_judge import WriteJudge
from bridge.simulators.tagor.lines import line_behind
from bridge.simulators.tagor.records import File

BALANCE_PROMPTS = ("Balance.tell", "Balance.settled", "Balance.credit")


class Invariants:
    """Observes the calls of one scenario and judges what their callers hear.

    `record` is what all judges share; `plans`, `writes` and `settlement` judge what Tagor did.
    """

    def __init__(self, deployment: JudgedDeployment, recognizer: PromptRecognizer, today: date) -> None:
        self.record = ScenarioRecord(deployment, recognizer, today)
        self._proofs = Proofs(deployment.cases, deployment.office)
        self.plans = PlanJudge(self.record)
        self.writes = WriteJudge(self.record, self.plans)
        self.settlement = SettlementJudge(self.record, self.plans, self.writes)
        odd = self.record.odd_answers
        self._facts = SpokenFacts(self._file_states, self._was_answered, lambda: today, odd)

    def call_begins(self, phone: Phone, number: str = "") -> ObservedCall:
        """Begin to observe a call from a number (E.164, or empty when it is withheld)."""
        tagor = self.record.deployment.tagor
        plans = frozenset(row["id"] for row in tagor.table("plans"))
        languages = {case.language for case in self.record.deployment.cases if case.phone == number}
        default = self.record.deployment.office.default_language
        call = ObservedCall(phone, plans, len(self.record.journal()), languages | {default})
        call.files |= self._proofs.of_number(number)
        self.record.calls.append(call)
        return call

    def caller_presses(self, call: ObservedCall, keys: str) -> None:
        """The caller presses keys at the question that was asked last."""
        if proved := self._proofs.of_keys(call, keys):
            call.files.add(proved)
            call.file = ""  # what is told next may be about this file, before its creditor is named
        call.keyed += keys
        press_answer(call, keys)
        if call.question == "Slip.ask_barcode":
            call.barcode = keys.rstrip("#")
        if chosen := FLOW_FACTS.language_of(call.question, keys[:1]):
            # A fault may eat the key, and the last words without a database are in the default language.
            call.languages = call.languages | {chosen} if self.record.faulted or len(keys) > 1 else {chosen}
        if keys[:1] in ("1", "2") and call.phone.listening and call.question == "Dispute.ask":
            call.disputed.add(call.phone.listening["action"])
        call.misses_payment |= keys[:1] in ("1", "2") and call.question == "Paid.choose"
        if keys.startswith("1") and call.phone.listening:
            turn = call.phone.listening["action"]
            if call.question in FLOW_FACTS.confirming:
                call.decided.add(turn)
            confirm_mobile(call, turn)
            if call.question == "Documents.ask":
                call.ordered.add(turn)
                call.last_ordered = turn
            if call.question == "Agreement.read_back":
                chosen_terms, start = call.last["Agreement.chosen"], call.last["Agreement.read_back"]
                call.confirmed[turn] = ConfirmedTerms(chosen_terms.language, chosen_terms.text, start.text)
                call.last_confirmed = call.unanswered = turn
                call.confirmed_at = len(self.record.journal())
            if call.question in ("Agreement.read_back", "Agreement.agree"):
                # Whoever confirms terms agrees to them; only other terms of Tagor's take another yes.
                call.agreed.add(turn)
                call.last_agreed = turn

    def caller_hears(self, call: ObservedCall, utterances: Iterable[Utterance]) -> None:
        """The caller hears words or a sound; what words claim must be true now."""
        if self.record.faulted:
            call.languages.add(self.record.deployment.office.default_language)
        for one in utterances:
            if one.audio:
                continue
            sentence = self.record.recognizer.recognise(one.text, one.language[:2], call.heard)
            if sentence is None:
                self.record.violated("words", f"nobody wrote this sentence: {one.text}")
                continue
            call.heard.append(sentence)
            if sentence.part == "text":
                call.last[sentence.prompt] = sentence
            call.question = sentence.prompt
            self._judge_privacy(call, sentence)
            self._judge_truth(call, sentence)

    def _judge_privacy(self, call: ObservedCall, sentence: HeardSentence) -> None:
        if sentence.private and not call.files:
            self.record.violated("INV3", f"{sentence.prompt} was heard without any proof")
        if is_for_the_office_only(sentence.text):
            self.record.violated("INV3", f"{sentence.prompt} told what only the office may know")
        for number in foreign_numbers(sentence.prompt, sentence.values, call.files):
            self.record.violated("INV3", f"{number} of another party was heard")
        for creditor, file in CREDITORS.items():
            if creditor in sentence.text:
                call.file = file
                if call.unnamed_balance:
                    call.balances.add(file)
                    call.unnamed_balance = False
                if file not in call.files:
                    self.record.violated(
                        "INV3", "a creditor was heard by somebody without a proof of the file"
                    )

    def _judge_truth(self, call: ObservedCall, sentence: HeardSentence) -> None:
        if sentence.prompt in BALANCE_PROMPTS:
            [only, *others] = sorted(call.files) or [""]
            call.unnamed_balance = bool(others) and not call.file
            if not call.unnamed_balance:
                call.balances.add(call.file or only)
        if not self.record.clock_jumped and (
            lie := untrue_opening_hours(self.record.deployment, sentence.prompt)
        ):
            self.record.violated("INV16", lie)
        for lie in self._facts.judge(call, sentence):
            self.record.violated("INV9", lie)
        if sentence.part == "text":
            self._judge_claim(call, sentence)

    def _judge_claim(self, call: ObservedCall, sentence: HeardSentence) -> None:
        """Judge that what is said to have happened has happened, and note what it answers."""
        match sentence.prompt:
            case "Documents.ordered" if not any(map(self.writes.documents, call.files)):
                self.record.violated("INV13", "heard that a document is ordered, and Tagor made none")
            case "Questionnaire.saved" if not self.writes.answers_on(call.files):
                self.record.violated("INV13", "heard that answers are saved, and they are not")
            case "Documents.sorry":
                call.ordered.discard(call.last_ordered)
        self.plans.judge_claim(call, sentence)
        self.plans.note_answer(call, sentence.prompt)
        hear_of_mobile(call, sentence.prompt)

    def check_logs(self, messages: Iterable[str]) -> None:
        """Judge that nothing personal stands in the log."""
        for what in judge_logs(messages):
            self.record.violated("INV7", what)

    def _file_states(self, call: ObservedCall) -> list[FileState]:
        numbers = {call.file} if call.file else call.files
        standin = self.record.deployment.tagor
        with standin.tagor.database.transaction():
            files = [standin.tagor.file(self.record.file_ids[number]) for number in sorted(numbers)]
            named = [self._named(file, call.barcode) for file in files]
        plans = [tuple(standin.records.plans(file.name)) for file in files]
        return [*map(FileState, files, plans, named)]

    def _named(self, file: File, barcode: str) -> tuple[Decimal, ...]:
        """Return the amount of the line that a barcode names, if it names one of this file."""
        lines = self.record.deployment.tagor.tagor.lines.on_file(file) if barcode else []
        return tuple(line.amount for line in lines if line.id == line_behind(barcode))

    def _was_answered(self, call: ObservedCall, operation: str) -> bool:
        asked = [
            entry for entry in self.record.journal()[call.asked_before :] if entry.operation == operation
        ]
        # Only the operations of TagorService say whether they succeeded; nothing is missing from others.
        says_success = operation.startswith("TagorService/")
        sound = SOUND_FAULTS if says_success else (*SOUND_FAULTS, "success_absent")
        return any(entry.fault in sound and entry.status == 200 for entry in asked)  # noqa: PLR2004 - OK
