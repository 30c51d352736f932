"""The call-back that was promised: put before an employee, and looked at again when its time is over."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bridge.after_call.job_context import JobContext, details, map_tagor_errors, receiver, reference
from bridge.after_call.outbox_worker import MarkSending
from bridge.conversation.office_context import OfficeContext
from bridge.office.hours import BRUSSELS
from bridge.speech import NoteBook
from bridge.store.callbacks import PromisedCallbacks
from bridge.store.job import Job, NewJob
from bridge.tagor import Generation, NewAppointment, NewMessage

UNREAD, READ = "unread", "read"
"""The status of a message that nobody has seen, and of one that somebody has."""


class CallBackHandler:
    """An entry in an employee's agenda where Tagor takes one for the file, else a message.

    Agendas exist in generation 2.00 and are read back by file: everything else goes to the office's box.
    """

    def __init__(self, counter: JobContext, book: NoteBook, promises: PromisedCallbacks) -> None:
        self._counter, self._book, self._promises = counter, book, promises

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Whether an employee has it."""
        told = details(job)
        status = Looking(self._counter).status(job, told, reference(job))
        # what is read by now was left unread, and somebody has seen to it
        return None if status is None else self._noted(job, told, UNREAD if status == READ else status)

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Ask for it."""
        branch, told = self._counter.branch(job), details(job)
        with map_tagor_errors():
            in_agenda = self._in_agenda(branch, told)
        new = self._appointment(branch, job, told) if in_agenda else self._message(branch, job, told)
        sending()
        with map_tagor_errors():
            status = self._leave(branch, new)
        return self._noted(job, told, status)

    def _in_agenda(self, branch: OfficeContext, told: Mapping[str, Any]) -> bool:
        if not (told["file"] and branch.office.callbacks.user):
            return False
        return branch.tagor.office.generation(deadline=self._counter.deadline()) is Generation.V2_00

    def _leave(self, branch: OfficeContext, new: NewAppointment | NewMessage) -> str:
        """Put it before an employee; gives the status in which it now stands there."""
        if isinstance(new, NewAppointment):
            return branch.tagor.agenda.add(new, deadline=self._counter.deadline()).status
        branch.tagor.messages.add(new, deadline=self._counter.deadline())
        return UNREAD

    def _appointment(self, branch: OfficeContext, job: Job, told: Mapping[str, Any]) -> NewAppointment:
        subject, text = self._words(branch, job, told)
        at, user = datetime.fromisoformat(told["starts"]), branch.office.callbacks.user
        return NewAppointment(told["file"], subject, text, at, user)

    def _message(self, branch: OfficeContext, job: Job, told: Mapping[str, Any]) -> NewMessage:
        subject, text = self._words(branch, job, told)
        whose = receiver(branch.office.callbacks.user, branch.office.voicemail.box)
        return NewMessage(subject, text, whose, told["file"], told["party"])

    def _words(self, branch: OfficeContext, job: Job, told: Mapping[str, Any]) -> tuple[str, str]:
        starts, ends = (_here(told[name]) for name in ("starts", "ends"))
        values = {
            "ref": ("text", f"({reference(job)})"),
            "number": ("digits", told["number"]),
            "day": ("date", starts.date().isoformat()),
            "from": ("time", f"{starts:%H:%M}"),
            "until": ("time", f"{ends:%H:%M}"),
            "language": ("text", told["language"]),
        }
        language = branch.office.default_language
        return (
            self._book.write("Task.callback", values, language),
            self._book.write("Task.callback_text", values, language),
        )

    def _noted(self, job: Job, told: Mapping[str, Any], status: str) -> Sequence[NewJob]:
        """The promise is on its way; when its time is over it is seen whether it was kept."""
        self._promises.mark_scheduled(told["promise"], job.office, job.due)
        ends = datetime.fromisoformat(told["ends"])
        later = {**told, "status": status, "reference": reference(job)}
        key = f"check {told['promise']}"
        return [NewJob(key, job.office, "check_callback", json.dumps(later).encode(), ends)]


class Looking:
    """Looks for what a call-back left in Tagor."""

    def __init__(self, counter: JobContext) -> None:
        self._counter = counter

    def status(self, job: Job, told: Mapping[str, Any], ref: str) -> str | None:
        """The status of the message or entry with this reference, None when there is none."""
        tagor = self._counter.branch(job).tagor
        # messages first: a file's agenda shows those about the file too, in a status of its own
        since = datetime.fromisoformat(told["made"]).astimezone(BRUSSELS).date()
        for message in tagor.messages.sent(since=since, deadline=self._counter.deadline()):
            if ref in message.subject:
                return READ if message.read else UNREAD
        entries = (
            tagor.agenda.on_file(told["file"], deadline=self._counter.deadline()) if told["file"] else ()
        )
        return next((entry.status for entry in entries if ref in entry.subject or ref in entry.text), None)


class CallBackCheckHandler:
    """When the promised time is over: kept if an employee has dealt with it, else missed."""

    def __init__(self, counter: JobContext, promises: PromisedCallbacks) -> None:
        self._counter, self._promises = counter, promises

    def is_done(self, job: Job) -> Sequence[NewJob] | None:  # noqa: ARG002 - every delivery's
        """It only looks, so it may look again."""
        return None

    def deliver(self, job: Job, _sending: MarkSending) -> Sequence[NewJob]:
        """See whether it stands there as it was left: then nobody has called."""
        told = details(job)
        with map_tagor_errors():
            status = Looking(self._counter).status(job, told, told["reference"])
        settle = self._promises.mark_missed if status == told["status"] else self._promises.mark_kept
        settle(told["promise"], job.office, job.due)
        return ()


def _here(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(BRUSSELS)
