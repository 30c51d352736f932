"""A task on the file: what a call leaves for an employee to do, besides its note."""

from collections.abc import Callable, Sequence

from bridge.after_call.info_line import find_line, write_line
from bridge.after_call.job_context import JobContext, details_of, reference_of
from bridge.after_call.outbox_worker import MarkSending
from bridge.speech import NoteBook
from bridge.store.job import Job, NewJob


class TaskHandler:
    """Writes an info line that asks for something; a line with the job's reference shows that it is there.

    Args:
        jobs: gives the office of a job.
        notes: the sentences of tasks.
        is_unapproved: tells, of an office (key) and a plan (id), whether the plan still waits for approval.
    """

    def __init__(self, jobs: JobContext, notes: NoteBook, is_unapproved: Callable[[str, str], bool]) -> None:
        self._jobs, self._notes, self._is_unapproved = jobs, notes, is_unapproved

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Tell whether the file has this task."""
        return find_line(self._jobs, job)

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Write the task, in the office's language and with the codes that the office has for tasks."""
        office, values = self._jobs.office_of(job).office, {"ref": ("text", f"({reference_of(job)})")}
        details = details_of(job)
        # A plan without an id could not be approved by phone.
        plan = details.get("plan")
        if details["task"] == "unapproved" and plan and not self._is_unapproved(job.office, plan):
            return ()
        text = self._notes.write(f"Task.{details['task']}", values, office.default_language)
        codes = office.plans
        return write_line(
            self._jobs, job, text, sending, kind=codes.info_kind, definition=codes.info_definition
        )
