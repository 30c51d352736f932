"""The promised call-back: it is put before an employee, and checked again when its time is over."""

import json
from collections.abc import Sequence
from datetime import datetime

from bridge.after_call.job_context import (
    JobContext,
    details_of,
    first_named,
    map_tagor_errors,
    reference_of,
)
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
    """Puts a call-back into an employee's agenda, or into the office's box where Tagor has no such agenda.

    Agendas exist in generation 2.00 only, and are read back by file.
    """

    def __init__(self, jobs: JobContext, notes: NoteBook, callbacks: PromisedCallbacks) -> None:
        self._jobs, self._notes, self._callbacks = jobs, notes, callbacks

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Tell whether the call-back stands in Tagor, in an agenda or as a message."""
        status = status_in_tagor(self._jobs, job, reference_of(job))
        # A message is left unread. The check compares with that, also if somebody has read it by now.
        return None if status is None else self._scheduled(job, UNREAD if status == READ else status)

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Put the call-back into an employee's agenda, else into a box as a message."""
        context, details = self._jobs.office_of(job), details_of(job)
        user, in_agenda = context.office.callbacks.user, False
        # Everything that can fail without an effect comes before the mark of sending.
        if details["file"] and user:
            with map_tagor_errors():
                generation = context.tagor.office.generation(deadline=self._jobs.deadline())
            in_agenda = generation is Generation.V2_00
        if not in_agenda:
            message = self._message(context, job)
            sending()
            with map_tagor_errors():
                context.tagor.messages.add(message, deadline=self._jobs.deadline())
            return self._scheduled(job, UNREAD)
        starts = datetime.fromisoformat(details["starts"])
        new = NewAppointment(details["file"], *self._texts(context, job), starts, user)
        sending()
        with map_tagor_errors():
            status = context.tagor.agenda.add(new, deadline=self._jobs.deadline()).status
        return self._scheduled(job, status)

    def _message(self, context: OfficeContext, job: Job) -> NewMessage:
        details = details_of(job)
        user = first_named(context.office.callbacks.user, context.office.voicemail.box)
        return NewMessage(*self._texts(context, job), user, details["file"], details["party"])

    def _texts(self, context: OfficeContext, job: Job) -> tuple[str, str]:
        """Write the subject and the text, in the office's language."""
        details = details_of(job)
        moments = (datetime.fromisoformat(details[name]) for name in ("starts", "ends"))
        starts, ends = (moment.astimezone(BRUSSELS) for moment in moments)
        values = {
            "ref": ("text", f"({reference_of(job)})"),
            "number": ("digits", details["number"]),
            "day": ("date", starts.date().isoformat()),
            "from": ("time", f"{starts:%H:%M}"),
            "until": ("time", f"{ends:%H:%M}"),
            "language": ("text", details["language"]),
        }
        language = context.office.default_language
        return (
            self._notes.write("Task.callback", values, language),
            self._notes.write("Task.callback_text", values, language),
        )

    def _scheduled(self, job: Job, status: str) -> Sequence[NewJob]:
        """Record that an employee has the call-back, and plan a check for when its hours are over."""
        details = details_of(job)
        self._callbacks.mark_scheduled(details["promise"], job.office, job.due)
        checked = {**details, "status": status, "reference": reference_of(job)}
        key, ends = f"check {details['promise']}", datetime.fromisoformat(details["ends"])
        return [NewJob(key, job.office, "check_callback", json.dumps(checked).encode(), ends)]


class CallBackCheckHandler:
    """Settles a call-back whose time is over: it was kept if an employee has dealt with it, else missed."""

    def __init__(self, jobs: JobContext, callbacks: PromisedCallbacks) -> None:
        self._jobs, self._callbacks = jobs, callbacks

    def is_done(self, job: Job) -> Sequence[NewJob] | None:  # noqa: ARG002 - every handler's signature
        """Give None: a check only reads, so it may be done again."""
        return None

    def deliver(self, job: Job, _sending: MarkSending) -> Sequence[NewJob]:
        """Record the call-back as missed if its entry in Tagor is as the bridge left it, else as kept."""
        details = details_of(job)
        with map_tagor_errors():
            status = status_in_tagor(self._jobs, job, details["reference"])
        # An entry that somebody ticked off, read or took away has been dealt with.
        untouched = status == details["status"]
        settle = self._callbacks.mark_missed if untouched else self._callbacks.mark_kept
        settle(details["promise"], job.office, job.due)
        return ()


def status_in_tagor(jobs: JobContext, job: Job, reference: str) -> str | None:
    """Give the status of the message or agenda entry with this reference, None when there is none."""
    tagor, details = jobs.office_of(job).tagor, details_of(job)
    # Messages come first: a file's agenda shows those about the file too, in a status of its own.
    since = datetime.fromisoformat(details["made"]).astimezone(BRUSSELS).date()
    for message in tagor.messages.sent(since=since, deadline=jobs.deadline()):
        if reference in message.subject:
            return READ if message.read else UNREAD
    file = details["file"]
    entries = tagor.agenda.on_file(file, deadline=jobs.deadline()) if file else ()
    return next((one.status for one in entries if reference in one.subject or reference in one.text), None)
