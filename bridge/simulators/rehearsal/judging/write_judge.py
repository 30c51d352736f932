"""Judges every write that reaches Tagor: it was marked before, is done once, and only what was confirmed."""

from collections import Counter
from collections.abc import Iterable

from bridge.simulators.rehearsal.judging.given_answers import SAVE as SAVE_ANSWERS
from bridge.simulators.rehearsal.judging.given_answers import judge_answers, judge_once
from bridge.simulators.rehearsal.judging.pin_judge import PinJudge
from bridge.simulators.rehearsal.judging.plan_judge import APPROVE, SAVE, PlanJudge
from bridge.simulators.rehearsal.judging.privacy import PIN_TO_FILE
from bridge.simulators.rehearsal.judging.registered_mobiles import ADD, judge_mobiles
from bridge.simulators.rehearsal.judging.scenario_record import ScenarioRecord
from bridge.simulators.tagor.journal import Entry

KINDS = {SAVE: "plan", APPROVE: "approval"}
GENERATE, TOGGLE = "Document/Generate", "Message/ToggleRead"
MESSAGES = {"Actions/SendSms": "text", "Actions/SendMail": "mail"}
WRITES = KINDS | MESSAGES | {ADD: "contact", GENERATE: "document"}
"""The operations that need a decision of their own, with its kind."""
DOCUMENT = "pdf"


class WriteJudge:
    """Watches what reaches Tagor; `sent` counts the writes that arrived, by their decision's kind.

    `pins` judges the PINs that are tried.
    """

    def __init__(self, record: ScenarioRecord, plans: PlanJudge) -> None:
        self._record, self._plans = record, plans
        self.sent: Counter[str] = Counter()
        self.pins = PinJudge(record)

    def request_arrives(self, operation: str) -> None:
        """Judge a request that reaches Tagor: a write needs a decision that was marked as sent before."""
        if operation == SAVE_ANSWERS and not self._are_marked():
            self._record.violated("INV2", "answers were sent that no decision and no job was marked for")
        if kind := WRITES.get(operation):
            self.sent[kind] += 1
            if (
                self._record.deployment.decisions(f"kind = '{kind}' AND sent_at IS NOT NULL")
                < self.sent[kind]
            ):
                self._record.violated("INV2", f"a {kind} was sent that no decision was marked for")

    def request_handled(self, asked: bytes = b"", answered: bytes = b"") -> None:
        """Judge a request that Tagor has handled, by its body and the answer: effects need a confirmation."""
        entry = self._record.journal()[-1]
        if entry.operation in KINDS and entry.effect:
            self._plans.judge_plans(self._record.file_numbers[str(entry.fields["TDOS_Id"])])
        if entry.operation == ADD and entry.effect:
            self.judge_mobiles()
        if entry.operation == SAVE_ANSWERS and entry.effect:
            self.judge_answers()
        if entry.operation == TOGGLE and entry.effect:
            self._judge_read(entry)
        if entry.operation == PIN_TO_FILE and asked:
            self.pins.tagor_answers(asked, answered, sound=entry.fault is None)

    def judge_mobiles(self) -> None:
        """Compare the mobiles that are registered as contacts with what callers confirmed and heard."""
        for promise, what in judge_mobiles(self._record.contacts(), self._record.calls):
            self._record.violated(promise, what)

    def _are_marked(self) -> bool:
        """Tell whether a decision or a job of a broken questionnaire is marked as sending answers."""
        deployment = self._record.deployment
        return bool(
            deployment.decisions("kind = 'answers' AND state IN ('sent', 'unknown')")
            or deployment.jobs("kind = 'answers' AND state = 'ready' AND sent_at IS NOT NULL")
        )

    def judge_answers(self) -> None:
        """Compare the answers in Tagor with what callers pressed; each is saved once."""
        record = self._record
        for promise, what in judge_answers(record.answers(), record.calls, record.file_numbers):
            record.violated(promise, what)
        for what in judge_once(record.journal(), record.calls):
            record.violated("INV1", what)

    def answers_on(self, files: Iterable[str]) -> int:
        """Count the answers on files, given by their numbers."""
        numbers = self._record.file_numbers
        return sum(numbers[row["file_id"]] in {*files} for row in self._record.answers())

    def _judge_read(self, entry: Entry) -> None:
        """A message is marked as read once, and only after somebody with its file's PIN has heard one."""
        written = self._record.deployment.tagor.records.messages_to_defendants()
        [message] = [one for one in written if one.id in str(entry.fields)]
        if not message.read:
            self._record.violated("INV1", "a message that was read was made unread again")
        file = self._record.file_numbers[message.file_id]
        heard = any(file in call.files and "Messages.part_1" in call.prompts for call in self._record.calls)
        if not heard and not self._record.undelivered:
            self._record.violated("INV2", "a message was marked as read that nobody heard")

    def documents(self, file: str) -> int:
        """Count the documents that Tagor made about a file."""
        return sum(one.kind == DOCUMENT for one in self._record.deployment.tagor.records.attachments(file))

    def judge_documents(self, file: str) -> None:
        """Compare the documents that were made about a file with the orders of its callers."""
        made = self.documents(file)
        ordered = sum(len(call.ordered) for call in self._record.about(file))
        if made > ordered:
            promise = "INV1" if ordered else "INV2"
            self._record.violated(promise, f"{made} documents were made, and {ordered} ordered")
