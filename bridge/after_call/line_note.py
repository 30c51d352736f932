"""A note at the line of a payment: its caller said that it, or a later one, is missing."""

from collections.abc import Sequence
from datetime import date

from bridge.after_call.job_context import JobContext, details_of, map_tagor_errors, reference_of
from bridge.after_call.outbox_worker import MarkSending
from bridge.conversation.payment_lines import payment_lines
from bridge.speech import NoteBook
from bridge.store.job import Job, NewJob


class LineNoteHandler:
    """Writes a note at the last payment of a file; a note with the job's reference shows that it is there.

    Generation 1.08 tells no ids of lines, so nothing is noted there; the file has its task all the same.
    """

    def __init__(self, jobs: JobContext, notes: NoteBook) -> None:
        self._jobs, self._notes = jobs, notes

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Tell whether a payment of the file has this note: another one may have come in since."""
        amounts = self._jobs.office_of(job).tagor.amounts
        for line in self._lines(job):
            texts = amounts.notes_on_line(line, deadline=self._jobs.deadline())
            if any(reference_of(job) in text for text in texts):
                return ()
        return None

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Write the note, unless there is no payment on the file."""
        context = self._jobs.office_of(job)
        with map_tagor_errors():
            lines = self._lines(job)
        if not lines:
            return ()
        values = {"ref": ("text", f"({reference_of(job)})")}
        text = self._notes.write("Task.paid_line", values, context.office.default_language)
        sending()
        with map_tagor_errors():
            context.tagor.amounts.note_on_line(
                lines[-1],
                text,
                date.fromisoformat(details_of(job)["day"]),
                kind=context.office.payments.note_kind,
                deadline=self._jobs.deadline(),
            )
        return ()

    def _lines(self, job: Job) -> list[str]:
        """Give the ids of the payments on the file, oldest first."""
        context, file = self._jobs.office_of(job), details_of(job)["file"]
        natures = context.office.payments.natures
        return [
            line.id
            for line in payment_lines(context.tagor, natures, file, self._jobs.deadline())
            if line.id is not None
        ]
