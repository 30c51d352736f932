"""Judges one scenario: compares what callers did and heard with what Tagor did."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from bridge.office.model import Office
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.turn import Utterance
from bridge.simulators.rehearsal.judging.file_notes import (
    is_note,
    is_task,
    is_task_about_a_plan,
    judge_contacts,
    judge_notes,
)
from bridge.simulators.rehearsal.judging.flow_facts import FLOW_FACTS
from bridge.simulators.rehearsal.judging.observations import ConfirmedTerms, ObservedCall
from bridge.simulators.rehearsal.judging.opening_hours_check import untrue_opening_hours
from bridge.simulators.rehearsal.judging.privacy import (
    CREDITORS,
    PIN_TO_FILE,
    TRIES_A_DAY,
    foreign_numbers,
    judge_ids,
    judge_logs,
    openings,
)
from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence, PromptRecognizer
from bridge.simulators.rehearsal.judging.registered_mobiles import (
    ADD,
    confirm_mobile,
    hear_of_mobile,
    judge_mobiles,
    unsettled_mobiles,
)
from bridge.simulators.rehearsal.judging.spoken_facts import SOUND_FAULTS, FileState, SpokenFacts
from bridge.simulators.tagor import Case, StandIn
from bridge.simulators.tagor.journal import Entry
from bridge.simulators.tagor.records import Plan
from bridge.store.decision import DecisionState

SAVE, APPROVE = "TagorService/SavePaymentPlan", "TagorService/ApprovePaymentPlan"
KINDS = {SAVE: "plan", APPROVE: "approval"}
GENERATE, TOGGLE = "Document/Generate", "Message/ToggleRead"
WRITES = KINDS | {ADD: "contact", GENERATE: "document"}
"""The operations that need a decision of their own, with its kind."""
DOCUMENT = "pdf"
PIN_PROMPTS = ("ByPin.ask_pin", "OtherFile.ask_pin")
BALANCE_PROMPTS = ("Balance.tell", "Balance.settled", "Balance.credit")
CONFIRMATION_MEDIA = {
    "Confirmation.by_sms": "SMS",
    "Confirmation.by_mail": "EMAIL",
    "Confirmation.by_none": "",
}
"""The prompts that confirm a plan, and by which medium Tagor then sent a confirmation."""
ESCALATED = f"state = '{DecisionState.ESCALATED}'"
"""Which decisions were handed to an employee, in the words of the database."""


class JudgedDeployment(Protocol):
    """What is judged: a simulated deployment, or a real one."""

    tagor: StandIn
    cases: tuple[Case, ...]
    office: Office

    def tagor_now(self) -> datetime:
        """Return the time as Tagor has it."""

    def decisions(self, which: str) -> int:
        """Return how many decisions there are for which this SQL condition holds."""


class Invariants:
    """Observes one scenario; `broken` holds each broken promise as a sentence that begins with its name.

    `clock_jumped` and `faulted` say that the bridge's clock was set, and that any fault has struck: some
    things can then not be told apart from what is allowed. `undelivered`: a reply may have got lost.
    `approval_overtaken`: an employee made a plan after an approval was sent and before Tagor carried it out.
    `journal_swept`: so much time passed that settled decisions were deleted, while their tasks stay.
    """

    def __init__(self, deployment: JudgedDeployment, recognizer: PromptRecognizer, today: date) -> None:
        self.deployment, self._recognizer, self._today = deployment, recognizer, today
        files = [*openings(deployment.cases)]
        self._opened_by = {pin: file for pin, file, _ in files}
        self._file_numbers = {file_id: file for _, file, file_id in files}
        self._file_ids = {file: file_id for _, file, file_id in files}
        self._facts = SpokenFacts(self._file_states, self._was_answered, lambda: self._today)
        self.calls: list[ObservedCall] = []
        self.broken: list[str] = []
        self.clock_jumped = self.faulted = self.undelivered = False
        self.journal_swept = self.approval_overtaken = False
        self.sent: Counter[str] = Counter()
        self._wrong_pins: defaultdict[str, set[str]] = defaultdict(set)

    def violated(self, promise: str, what: str) -> None:
        """Note a broken promise, once."""
        if (sentence := f"{promise}: {what}") not in self.broken:
            self.broken.append(sentence)

    # What the caller does and hears

    def call_begins(self, phone: Phone, number: str = "") -> ObservedCall:
        """Begin to observe a call from a number (E.164, or empty when it is withheld)."""
        tagor = self.deployment.tagor
        plans = frozenset(row["id"] for row in tagor.state()["plans"])
        languages = {case.language for case in self.deployment.cases if case.phone == number}
        default = self.deployment.office.default_language
        call = ObservedCall(phone, plans, len(self._journal()), languages | {default})
        self.calls.append(call)
        return call

    def caller_presses(self, call: ObservedCall, keys: str) -> None:
        """The caller presses keys at the question that was asked last."""
        if call.question in PIN_PROMPTS and keys in self._opened_by:
            call.files.add(self._opened_by[keys])
            call.file = ""  # what is told next may be about this file, before its creditor is named
        if chosen := FLOW_FACTS.language_of(call.question, keys[:1]):
            # A fault may eat the key, and the last words without a database are in the default language.
            call.languages = call.languages | {chosen} if self.faulted or len(keys) > 1 else {chosen}
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
                call.confirmed_at = len(self._journal())
            if call.question in ("Agreement.read_back", "Agreement.agree"):
                # Whoever confirms terms agrees to them; only other terms of Tagor's take another yes.
                call.agreed.add(turn)
                call.last_agreed = turn

    def caller_hears(self, call: ObservedCall, utterances: Iterable[Utterance]) -> None:
        """The caller hears words or a sound; what words claim must be true now."""
        if self.faulted:
            call.languages.add(self.deployment.office.default_language)
        for one in utterances:
            if one.audio:
                continue
            sentence = self._recognizer.recognise(one.text, one.language[:2])
            if sentence is None:
                self.violated("words", f"nobody wrote this sentence: {one.text}")
                continue
            call.heard.append(sentence)
            if sentence.part == "text":
                call.last[sentence.prompt] = sentence
            call.question = sentence.prompt
            self._judge_privacy(call, sentence)
            self._judge_truth(call, sentence)

    def _judge_privacy(self, call: ObservedCall, sentence: HeardSentence) -> None:
        if sentence.private and not call.files:
            self.violated("INV3", f"{sentence.prompt} was heard without any PIN")
        for number in foreign_numbers(sentence.prompt, sentence.values, call.files):
            self.violated("INV3", f"{number} of another party was heard")
        for creditor, file in CREDITORS.items():
            if creditor in sentence.text:
                call.file = file
                if call.unnamed_balance:
                    call.balances.add(file)
                    call.unnamed_balance = False
                if file not in call.files:
                    self.violated("INV3", "a creditor was heard by somebody without the file's PIN")

    def _judge_truth(self, call: ObservedCall, sentence: HeardSentence) -> None:
        if sentence.prompt in BALANCE_PROMPTS:
            [only, *others] = sorted(call.files) or [""]
            call.unnamed_balance = bool(others) and not call.file
            if not call.unnamed_balance:
                call.balances.add(call.file or only)
        if not self.clock_jumped and (lie := untrue_opening_hours(self.deployment, sentence.prompt)):
            self.violated("INV16", lie)
        for lie in self._facts.judge(call, sentence):
            self.violated("INV9", lie)
        if sentence.part == "text":
            self._judge_claim(call, sentence)
            self._note_answer(call, sentence.prompt)
            hear_of_mobile(call, sentence.prompt)

    def _judge_claim(self, call: ObservedCall, sentence: HeardSentence) -> None:
        """What is said to have happened must have happened."""
        match sentence.prompt:
            case "Agreement.agree":
                if sentence.text not in [
                    self._agreed_words(plan, sentence.language) for plan in self._made(call)
                ]:
                    self.violated("INV13", "heard that a plan is noted, and Tagor has none like it")
            case "NotApproved.open" | "NotApproved.replaced":
                call.agreed.discard(call.last_agreed)
                there = len(self._made(call))
                if there < (2 if sentence.prompt == "NotApproved.replaced" else 1):
                    self.violated("INV13", "heard that a request or another plan is there, and it is not")
            case "Documents.ordered" if not any(map(self._documents, call.files)):
                self.violated("INV13", "heard that a document is ordered, and Tagor made none")
            case prompt if prompt in CONFIRMATION_MEDIA:
                self._judge_confirmation(call, CONFIRMATION_MEDIA[prompt])

    def _note_answer(self, call: ObservedCall, prompt: str) -> None:
        """Note what the caller takes for the answer to their last confirmation."""
        match prompt:
            case "Agreement.agree":
                call.agreed.discard(call.last_agreed)
                call.last_agreed = call.unanswered = ""
            case "Agreement.refused" | "Agreement.down":
                call.denied.add(call.last_confirmed)
                call.agreed.discard(call.last_agreed)
                call.unanswered = ""
            case "Agreement.declined":
                call.denied |= {call.unanswered} - {""}
                call.agreed.discard(call.unanswered)
            case prompt if prompt in CONFIRMATION_MEDIA or prompt.startswith("NotApproved."):
                call.unanswered = ""
            case "Documents.sorry":
                call.ordered.discard(call.last_ordered)
            case "Unconfirmed.tell":
                call.noted, call.unanswered = "approval" if self._approval_was_sent(call) else "plan", ""

    def _judge_confirmation(self, call: ObservedCall, medium: str) -> None:
        made = {str(plan.id) for plan in self._made(call) if self._is_confirmed(plan, [call])}
        if not made & self._approved(call):
            self.violated("INV13", "heard that a plan is confirmed, and none is approved")
        messages = [
            message for file in call.files for message in self.deployment.tagor.records.messages(file)
        ]
        if medium and medium not in {message.medium for message in messages if message.plan_id in made}:
            self.violated("INV13", f"heard of a confirmation by {medium}, and Tagor sent none")

    # What Tagor and its employees do

    def employee_makes_plan(self) -> None:
        """An employee makes a plan now; an approval that Tagor carries out later will be of this one."""
        records, files = self.deployment.tagor.records, {case.file for case in self.deployment.cases}
        effects = [kind for file in files for kind, _ in records.effects(file)]
        self.approval_overtaken |= self.sent["approval"] > effects.count("approval")

    def request_arrives(self, operation: str) -> None:
        """A request reaches Tagor: a write needs a decision of its own that was marked as sent before."""
        if kind := WRITES.get(operation):
            self.sent[kind] += 1
            if self.deployment.decisions(f"kind = '{kind}' AND sent_at IS NOT NULL") < self.sent[kind]:
                self.violated("INV2", f"a {kind} was sent that no decision was marked for")

    def request_handled(self, asked: bytes = b"", answered: bytes = b"") -> None:
        """Tagor has handled a request, given by its body and the answer's: effects need a confirmation."""
        entry = self._journal()[-1]
        if entry.operation in KINDS and entry.effect:
            self.judge_plans(self._file_numbers[str(entry.fields["TDOS_Id"])])
        if entry.operation == ADD and entry.effect:
            self._judge_mobiles()
        if entry.operation == TOGGLE and entry.effect:
            self._judge_read(entry)
        if entry.operation == PIN_TO_FILE and entry.fault is None:
            self._count_try(json.loads(asked)["request"], json.loads(answered)["response"])

    def _count_try(self, asked: dict[str, str], answered: dict[str, object]) -> None:
        """Count the different wrong PINs of a file; a right one makes its budget new.

        A PIN is tried silently and then by the file's number in one round: that is one try.
        """
        wrong = self._wrong_pins[asked["Dossier"].lstrip("0")]
        if str(answered["Success"]).lower() == "true":
            wrong.clear()
        else:
            wrong.add(asked["Pin"])
        if len(wrong) > TRIES_A_DAY:
            self.violated("INV8", f"{len(wrong)} PINs were tried on one file")

    def _judge_mobiles(self) -> None:
        for promise, what in judge_mobiles(self._contacts(), self.calls):
            self.violated(promise, what)

    def _contacts(self) -> list[dict[str, str]]:
        contacts: list[dict[str, str]] = self.deployment.tagor.state()["contacts"]
        return contacts

    def _judge_read(self, entry: Entry) -> None:
        """A message is marked as read once, and only after somebody with its file's PIN has heard one."""
        written = self.deployment.tagor.records.messages_to_defendants()
        [message] = [one for one in written if one.id in str(entry.fields)]
        if not message.read:
            self.violated("INV1", "a message that was read was made unread again")
        file = self._file_numbers[message.file_id]
        heard = any(file in call.files and "Messages.part_1" in call.prompts for call in self.calls)
        if not heard and not self.undelivered:
            self.violated("INV2", "a message was marked as read that nobody heard")

    def _documents(self, file: str) -> int:
        return sum(one.kind == DOCUMENT for one in self.deployment.tagor.records.attachments(file))

    def judge_documents(self, file: str) -> None:
        """Compare the documents that were made about a file with the orders of its callers."""
        made = self._documents(file)
        ordered = sum(len(call.ordered) for call in self.calls if file in call.files)
        if made > ordered:
            promise = "INV1" if ordered else "INV2"
            self.violated(promise, f"{made} documents were made, and {ordered} ordered")

    def judge_plans(self, file: str) -> None:
        """Compare the plans and approvals on a file with what its callers confirmed."""
        about = [call for call in self.calls if file in call.files]
        plans = [plan for plan in self.deployment.tagor.records.plans(file) if plan.asked]
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
        self._judge_approvals(file, about)

    def _judge_approvals(self, file: str, about: Sequence[ObservedCall]) -> None:
        """Every approval is one caller's own: of a plan with the terms that they agreed to."""
        agreed = sum(len(call.agreed) for call in about)
        effects = self.deployment.tagor.records.effects(file)
        for (kind, _), times in effects.items():
            if kind in ("approval", "message") and times > 1:
                self.violated("INV1", f"one {kind} happened {times} times")
        approved = [kind for kind, _ in effects].count("approval")
        if approved > agreed:
            self.violated("INV2", f"{approved} plans were approved, and {agreed} agreed to")
        agreeing = [call for call in about if call.agreed]
        for plan in self.deployment.tagor.records.plans(file):
            foreign = ("approval", str(plan.id)) in effects and not self._is_confirmed(plan, agreeing)
            # Only an employee's plan, which nobody asked for by telephone, can come between.
            if foreign and (plan.asked or not self.approval_overtaken):
                self.violated("INV2", "a plan was approved with terms that nobody agreed to")

    def _is_confirmed(self, plan: Plan, calls: Iterable[ObservedCall]) -> bool:
        return any(self._fits(plan, terms) for call in calls for terms in call.confirmed.values())

    # When everything is over

    def check_settled(self) -> None:
        """All calls are over and everything is settled: nothing is lost, nothing denied has happened."""
        if still_open := self.deployment.decisions("settled_at IS NULL"):
            self.violated("lost", f"{still_open} decisions are still open")
        files = {file for call in self.calls for file in call.files}
        for file in sorted(files):
            self.judge_plans(file)
            self.judge_documents(file)
            self._judge_notes(file)
        self._judge_tasks()
        self._judge_mobiles()
        for call in self.calls:
            if unsettled_mobiles(self._contacts(), call) > self._tasks(call.files):
                self.violated("lost", "heard that a mobile is noted, and no employee has a task")
            if call.noted and not (self._tasks(call.files) or self._has_effect(call)):
                self.violated("lost", f"heard that a {call.noted} is noted, and no employee has a task")
        for what in judge_ids(self._journal(), self._file_numbers):
            self.violated("INV10", what)
        for entry in self._journal():
            if entry.unexpected:
                self.violated("INV11", f"{entry.operation} was asked with {entry.unexpected}")

    def check_logs(self, messages: Iterable[str]) -> None:
        """Nothing personal may stand in the log."""
        for what in judge_logs(messages):
            self.violated("INV7", what)

    def check_records(self, *, explained: bool) -> tuple[int, int]:
        """Compare the records of told balances with the balances that callers heard, and return both numbers.

        `explained`: a fault struck after which Tagor may have been asked once more.
        """
        rows = [r["file_id"] for r in self.deployment.tagor.state()["info_records"] if r["code"] == "OPSV"]
        heard_of = {file for call in self.calls for file in call.balances if file}
        left = sum(self._file_numbers[file_id] in heard_of for file_id in rows)
        heard = sum(len(call.balances) for call in self.calls)
        if left < heard or (left > heard and not explained):
            self.violated("INV12", f"{heard} balances left {left} records")
        return left, heard

    def _judge_notes(self, file: str) -> None:
        """Compare what calls left on a file with what their callers heard."""
        about = [call for call in self.calls if file in call.files]
        records = self.deployment.tagor.records.info_records(file)
        notes = [record.text for record in records if is_note(record)]
        all_delivered = not self.undelivered
        for what in judge_notes(notes, about, file, at_most=self.clock_jumped, all_delivered=all_delivered):
            self.violated("note", what)
        # Of a call about several files nobody knows on which of them its task must be.
        alone = [call for call in about if call.files == {file}] if all_delivered else []
        for what in judge_contacts(records, alone):
            self.violated("lost", what)
        if any(map(self._left_unapproved, alone)) and not any(map(is_task_about_a_plan, records)):
            self.violated("lost", "a plan was requested and not approved, and no employee has a task")

    def _judge_tasks(self) -> None:
        """Every decision that was handed over is one employee's task."""
        handed = self.deployment.decisions(ESCALATED)
        tasks = self._tasks(self._file_ids)
        if tasks < handed or (tasks > handed and not self.clock_jumped and not self.journal_swept):
            self.violated("lost", f"{handed} decisions were handed over, and there are {tasks} tasks")

    def _tasks(self, files: Iterable[str]) -> int:
        tagor = self.deployment.tagor
        return sum(is_task(record) for file in files for record in tagor.records.info_records(file))

    def _has_effect(self, call: ObservedCall) -> bool:
        """Whether what was noted has happened by itself: a plan is there, or it is approved."""
        made = self._made(call)
        if call.noted == "approval":
            return bool({str(plan.id) for plan in made} & self._approved(call))
        return any(self._is_confirmed(plan, [call]) for plan in made)

    def _left_unapproved(self, call: ObservedCall) -> bool:
        """Whether a caller was asked to accept the plan that Tagor made, and none was approved for them."""
        made = {str(plan.id) for plan in self._made(call)}
        return "Agreement.agree" in call.prompts and not made & self._approved(call)

    def _approved(self, call: ObservedCall) -> set[str]:
        effects = [effect for file in call.files for effect in self.deployment.tagor.records.effects(file)]
        return {what for kind, what in effects if kind == "approval"}

    def _made(self, call: ObservedCall) -> list[Plan]:
        """Return the plans that came onto the caller's files since the call began."""
        plans = [plan for file in sorted(call.files) for plan in self.deployment.tagor.records.plans(file)]
        return [plan for plan in plans if plan.id not in call.before]

    def _approval_was_sent(self, call: ObservedCall) -> bool:
        """Whether Tagor was asked for an approval on the caller's files since they confirmed terms."""
        ids = {self._file_ids[file] for file in call.files}
        asked = [entry for entry in self._journal()[call.confirmed_at :] if entry.operation == APPROVE]
        # A request that was turned away unread has no fields: it may be about any file.
        return any("TDOS_Id" not in entry.fields or str(entry.fields["TDOS_Id"]) in ids for entry in asked)

    def _agreed_words(self, plan: Plan, language: str) -> str:
        values = {
            "agreed_months": plan.months,
            "agreed_monthly": plan.monthly,
            "agreed_start": plan.start,
        }
        return self._recognizer.say("Agreement.agree", language, self._today, **values)

    def _fits(self, plan: Plan, terms: ConfirmedTerms) -> bool:
        values = {"months": plan.months, "monthly": plan.monthly}
        chosen = self._recognizer.say("Agreement.chosen", terms.language, self._today, **values)
        start = self._recognizer.say("Agreement.read_back", terms.language, self._today, start=plan.start)
        return (chosen, start) == (terms.plan, terms.start)

    def _file_states(self, call: ObservedCall) -> list[FileState]:
        numbers = {call.file} if call.file else call.files
        standin = self.deployment.tagor
        with standin.tagor.database.transaction():
            files = [standin.tagor.file(self._file_ids[number]) for number in sorted(numbers)]
        return [FileState(file, tuple(standin.records.plans(file.name))) for file in files]

    def _was_answered(self, call: ObservedCall, operation: str) -> bool:
        asked = [entry for entry in self._journal()[call.asked_before :] if entry.operation == operation]
        # Only the operations of TagorService say whether they succeeded; nothing is missing from others.
        says_success = operation.startswith("TagorService/")
        sound = SOUND_FAULTS if says_success else (*SOUND_FAULTS, "success_absent")
        return any(entry.fault in sound and entry.status == 200 for entry in asked)  # noqa: PLR2004 - OK

    def _journal(self) -> list[Entry]:
        # The stand-in's public form copies every entry into a dict, for every single request.
        return list(self.deployment.tagor.handler.journal._entries)  # noqa: SLF001 - as the comment says
