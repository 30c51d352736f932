"""Judges what is left when all calls of a scenario are over: decisions, tasks, notes and records."""

from collections.abc import Iterable

from bridge.office.model import WEAK
from bridge.simulators.rehearsal.judging.file_notes import (
    CONTACT_TASKS,
    is_note,
    is_task,
    is_task_about_a_plan,
    is_task_for_a_plan,
    judge_contacts,
    judge_disputes,
    judge_notes,
)
from bridge.simulators.rehearsal.judging.plan_judge import PlanJudge
from bridge.simulators.rehearsal.judging.privacy import judge_ids
from bridge.simulators.rehearsal.judging.registered_mobiles import unsettled_mobiles
from bridge.simulators.rehearsal.judging.scenario_record import ScenarioRecord
from bridge.simulators.rehearsal.judging.write_judge import WriteJudge
from bridge.simulators.tagor.lines import LineInfo
from bridge.store.decision import DecisionState

ESCALATED = f"state = '{DecisionState.ESCALATED}'"
"""Which decisions were handed to an employee, in the words of the database."""


class SettlementJudge:
    """Judges that nothing was lost, nothing was done twice, and nothing denied has happened."""

    def __init__(self, record: ScenarioRecord, plans: PlanJudge, writes: WriteJudge) -> None:
        self._record, self._plans, self._writes = record, plans, writes

    def check_settled(self) -> None:
        """Judge the deployment once all calls are over and everything is settled."""
        if still_open := self._record.deployment.decisions("settled_at IS NULL"):
            self._record.violated("lost", f"{still_open} decisions are still open")
        if self._is_weak and self._record.deployment.decisions("kind != ''"):
            self._record.violated("INV2", "something was decided by a proof that is too weak for it")
        files = {file for call in self._record.calls for file in call.files}
        for file in sorted(files):
            self._plans.judge_plans(file)
            self._writes.judge_documents(file)
            self._judge_notes(file)
        self._judge_tasks()
        self._writes.judge_mobiles()
        self._writes.judge_answers()
        for call in self._record.calls:
            if unsettled_mobiles(self._record.contacts(), call) > self._tasks(call.files):
                self._record.violated("lost", "heard that a mobile is noted, and no employee has a task")
            if call.noted and not (self._tasks(call.files) or self._plans.has_effect(call)):
                self._record.violated(
                    "lost", f"heard that a {call.noted} is noted, and no employee has a task"
                )
        for what in judge_ids(self._record.journal(), self._record.file_numbers):
            self._record.violated("INV10", what)
        for entry in self._record.journal():
            if entry.unexpected:
                self._record.violated("INV11", f"{entry.operation} was asked with {entry.unexpected}")

    def _notes_at_lines(self, file: str) -> list[LineInfo]:
        """Return what stands at the lines of a file, given by its number."""
        tagor = self._record.deployment.tagor.tagor
        with tagor.database.transaction():
            lines = tagor.lines.on_file(tagor.file(self._record.file_ids[file]))
            return [info for line in lines for info in tagor.lines.infos(line.id)]

    @property
    def _is_weak(self) -> bool:
        """Whether the office identifies in a way that proves too little to decide or to note anything."""
        return self._record.deployment.office.identification.way in WEAK

    def check_records(self, *, explained: bool) -> tuple[int, int]:
        """Compare the records of told balances with the balances that callers heard, and return both numbers.

        `explained`: a fault struck after which Tagor may have been asked once more.
        """
        records = self._record.deployment.tagor.table("info_records")
        rows = [row["file_id"] for row in records if row["code"] == "OPSV"]
        heard_of = {file for call in self._record.calls for file in call.balances if file}
        left = sum(self._record.file_numbers[file_id] in heard_of for file_id in rows)
        heard = sum(len(call.balances) for call in self._record.calls)
        if left < heard or (left > heard and not explained):
            self._record.violated("INV12", f"{heard} balances left {left} records")
        return left, heard

    def _judge_notes(self, file: str) -> None:
        """Compare what calls left on a file with what their callers heard."""
        about = self._record.about(file)
        records = self._record.deployment.tagor.records.info_records(file)
        notes = [record.text for record in records if is_note(record)]
        if self._is_weak:
            tasks = [record for record in records if any(one(record) for one in CONTACT_TASKS.values())]
            if notes or tasks or any(map(is_task, records)):
                self._record.violated("INV2", "something was noted by a proof that is too weak for it")
            return
        all_delivered = not self._record.undelivered
        for what in judge_notes(
            notes, about, file, at_most=self._record.clock_jumped, all_delivered=all_delivered
        ):
            self._record.violated("note", what)
        for what in judge_disputes(records, about):
            self._record.violated("INV2", what)
        if (noted := len(self._notes_at_lines(file))) > sum(call.misses_payment for call in about):
            self._record.violated("INV2", f"a missing payment was noted {noted} times at the lines of a file")
        # Of a call about several files nobody knows on which of them its task must be.
        alone = [call for call in about if call.files == {file}] if all_delivered else []
        for what in judge_contacts(records, alone):
            self._record.violated("lost", what)
        waiting = [call for call in about if call.files == {file} and self._plans.left_waiting(call)]
        if waiting and not self._record.end_unheard and not any(map(is_task_for_a_plan, records)):
            self._record.violated("lost", "a plan was made and not approved, and no employee has a task")
        if any(map(self._plans.left_unapproved, alone)) and not any(map(is_task_about_a_plan, records)):
            self._record.violated("lost", "a plan was requested and not approved, and no employee has a task")

    def _judge_tasks(self) -> None:
        """Every decision that was handed over is one employee's task."""
        handed = self._record.deployment.decisions(ESCALATED)
        tasks = self._tasks(self._record.file_ids)
        if tasks < handed or (
            tasks > handed and not self._record.clock_jumped and not self._record.journal_swept
        ):
            self._record.violated("lost", f"{handed} decisions were handed over, and there are {tasks} tasks")

    def _tasks(self, files: Iterable[str]) -> int:
        tagor = self._record.deployment.tagor
        return sum(is_task(record) for file in files for record in tagor.records.info_records(file))
