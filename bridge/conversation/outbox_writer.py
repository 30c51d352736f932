"""Writes into the outbox what a turn leaves to be done: a note on the file, a voicemail, answers."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

from bridge.clock import Clock
from bridge.conversation.office_context import OfficeContext
from bridge.conversation.turn import Turn
from bridge.flow.action_context import Task
from bridge.flow.call import Call
from bridge.flow.inbound import Event, Recorded
from bridge.flow.turn_output import HangUp, Record, TurnEnd
from bridge.office.hours import BRUSSELS
from bridge.operations.propagation import context_left
from bridge.store.callbacks import NewCallback
from bridge.store.calls import ABANDONED
from bridge.store.job import JobKind, NewJob
from bridge.store.repositories import Repositories
from bridge.store.statement import Transaction
from voice_flows.answers import GIVEN_ANSWERS, GivenAnswers

RECORDING_SHOWS = timedelta(minutes=2)
"""How long after a voicemail could have ended its recording is looked for at the provider."""

TASK_WAITS: Mapping[str, timedelta] = {"unapproved": ABANDONED}
"""How long a task waits, by its kind: only after the call it shows whether a plan is left unapproved."""

InTransaction = Callable[[Transaction], None]


class OutboxWriter:
    """Writes jobs in the transaction that saves the turn: both happen, or neither does."""

    def __init__(self, books: Repositories, offices: Collection[str], clock: Clock) -> None:
        """`offices` are the keys of all offices."""
        self._outbox, self._promises, self._clock = books.outbox, books.callbacks, clock
        self._offices = offices

    def of_turn(self, turn: Turn, event: Event, wait: TurnEnd) -> InTransaction | None:
        """Give what this turn leaves, None when it is nothing."""
        changed = turn.call.notes_changed
        call_id, call, office_context = turn.call_id, turn.call, turn.office_context
        recorded = isinstance(event, Recorded) or isinstance(wait, Record)
        if not (changed or recorded or turn.tasks or isinstance(wait, HangUp)):
            return None
        jobs = [*self._voicemails(turn, event, wait)] if recorded else []
        if changed or (isinstance(wait, HangUp) and call.case_notes):
            jobs += self._notes(call_id, call, office_context, "goodbye" if isinstance(wait, HangUp) else "")
        ended = isinstance(wait, HangUp)
        if ended or any(task.kind == "answers" for task in turn.tasks):
            jobs += self._answers(call_id, call, office_context, ended=ended)
        jobs += [self._job_of(turn, task) for task in turn.tasks if task.kind not in ("callback", "answers")]
        jobs += self._line_notes(turn) if turn.tasks else ()
        promised = [
            self._promised(call_id, call, office_context, task.details)
            for task in turn.tasks
            if task.kind == "callback"
        ]
        return partial(self._write, jobs, promised) if jobs or promised else None

    def of_hanging_up(
        self, call_id: str, call: Call, office_context: OfficeContext, confirmation: str = ""
    ) -> InTransaction | None:
        """Give the notes of a call that ended without a goodbye.

        Nobody heard what came of a `confirmation` under way: an employee hears of a plan that it made.
        """
        jobs = [*self._notes(call_id, call, office_context, "hung_up")]
        jobs += self._answers(call_id, call, office_context, ended=True)
        if confirmation:
            task = Task("unapproved", {"confirmation": confirmation})
            jobs.append(self._task(f"task {confirmation}", call, office_context, task))
        return partial(self._write, jobs, ()) if jobs else None

    def _write(
        self,
        jobs: Sequence[NewJob],
        promised: Sequence[tuple[NewCallback, NewJob]],
        transaction: Transaction,
    ) -> None:
        for promise, _ in promised:
            self._promises.add(transaction, promise)
        for job in (*jobs, *(job for _, job in promised)):
            self._outbox.put(transaction, job)

    def hurry(self, call_id: str, turn: int) -> None:
        """Let the voicemail of this turn be fetched now, whichever office waits for it."""
        # The webhook about a recording does not name the office, and the call may be wiped by now.
        for office in self._offices:
            self._outbox.hurry(f"voicemail {call_id} {turn}", office, due=self._clock.now())

    def _notes(
        self, call_id: str, call: Call, office_context: OfficeContext, ending: str
    ) -> Iterator[NewJob]:
        """Make one job for each file; it waits for the end of the call, or until two hours pass."""
        now = self._clock.now()
        for file, page in call.case_notes.items() if office_context.office.notes.on else ():
            details = {
                "file": file,
                "day": now.astimezone(BRUSSELS).date().isoformat(),
                "entries": [asdict(entry) for entry in page],
                "ending": ending or "lost",
            }
            # A call that nobody ever ends is noted too, once its state is given up.
            due = now if ending else now + ABANDONED
            yield _job(f"note {call_id} {file}", "note", office_context, details, due)

    def _answers(
        self, call_id: str, call: Call, office_context: OfficeContext, *, ended: bool
    ) -> Iterator[NewJob]:
        """Make the job of what was answered and nobody saved; it waits as notes do, and is none after that.

        A caller may save or drop the answers yet, so one that waits may come to hold none.
        """
        given, now = GivenAnswers.from_note(call.notes.get(GIVEN_ANSWERS)), self._clock.now()
        if given is not None and (given.answers or not ended):
            key = f"answers {call_id} {given.file} {given.questionnaire}"
            yield _job(key, "answers", office_context, asdict(given), now if ended else now + ABANDONED)

    def _voicemails(self, turn: Turn, event: Event, wait: TurnEnd) -> Iterator[NewJob]:
        """Make a job for a recording, also before the tone: who hangs up while speaking is heard too."""
        now = self._clock.now()
        if isinstance(event, Recorded):
            yield _voicemail(turn, turn.number, now, now, recording=event.recording)
        if isinstance(wait, Record):
            due = now + timedelta(seconds=wait.longest) + RECORDING_SHOWS
            yield _voicemail(turn, turn.number + 1, now, due)

    def _job_of(self, turn: Turn, task: Task) -> NewJob:
        """Make the job of a message to mark as read, or of what an employee is asked to do about the file.

        A later task about the same plan takes the place of one that still waits.
        """
        now = self._clock.now()
        if task.kind == "read_message":
            details = {**_whose(turn.call), **task.details}
            # Named by the message and not by the call: whichever call heard it, it is marked once.
            return _job(f"read {task.details['message']}", "read_message", turn.office_context, details, now)
        key = f"task {turn.call_id} {task.details.get('plan') or turn.number}"
        return self._task(key, turn.call, turn.office_context, task)

    def _task(self, key: str, call: Call, office_context: OfficeContext, task: Task) -> NewJob:
        """Make the job of what an employee is asked to do about the file."""
        now = self._clock.now()
        day = now.astimezone(BRUSSELS).date().isoformat()
        details = {**_whose(call), **task.details, "task": task.kind, "day": day}
        return _job(key, "task", office_context, details, now + TASK_WAITS.get(task.kind, timedelta()))

    def _line_notes(self, turn: Turn) -> Iterator[NewJob]:
        """Make the job of a note at the last payment of a file whose caller misses one."""
        now, office_context = self._clock.now(), turn.office_context
        if any(task.kind == "paid" for task in turn.tasks) and office_context.office.payments.natures:
            details = {**_whose(turn.call), "day": now.astimezone(BRUSSELS).date().isoformat()}
            yield _job(f"line {turn.call_id} {turn.number}", "line_note", office_context, details, now)

    def _promised(
        self, call_id: str, call: Call, office_context: OfficeContext, details: Mapping[str, str]
    ) -> tuple[NewCallback, NewJob]:
        """Make a promised call-back: a row of the office's report, and a job for an employee's agenda."""
        now, key = self._clock.now(), f"callback {call_id} {details['number']} {details['starts']}"
        told = {
            **details,
            **_whose(call),
            "language": call.language,
            "topic": call.topic,
            "promise": key,
            "made": now.isoformat(),
        }
        starts, ends = (datetime.fromisoformat(details[name]) for name in ("starts", "ends"))
        promise = NewCallback(
            key=key, office=office_context.office.key, starts=starts, ends=ends, payload=b"", promised_at=now
        )
        return promise, _job(key, "callback", office_context, told, now)


def _whose(call: Call) -> dict[str, str | None]:
    """Give the file and party of a message left in this call; None when nobody proved who they are."""
    file = call.proven
    return {"file": file.id if file else None, "party": file.party if file else None}


def _voicemail(turn: Turn, number: int, at: datetime, due: datetime, **more: str) -> NewJob:
    call = turn.call
    who = {"call": turn.call_id, "caller": call.caller, "language": call.language, "at": at.isoformat()}
    details = {**who, **_whose(call), **more}
    return _job(f"voicemail {turn.call_id} {number}", "voicemail", turn.office_context, details, due)


def _job(
    key: str, kind: JobKind, office_context: OfficeContext, details: Mapping[str, object], due: datetime
) -> NewJob:
    payload = json.dumps({**details, **context_left()}).encode()
    return NewJob(key=key, office=office_context.office.key, kind=kind, payload=payload, due=due)
