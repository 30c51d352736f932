"""A task on the file: what a call leaves for an employee to do, besides its note."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from bridge.after_call.info_line import find_line, write_line
from bridge.after_call.job_context import JobContext, details_of, reference_of
from bridge.after_call.outbox_worker import MarkSending, Retry
from bridge.speech import NoteBook
from bridge.store.job import Job, NewJob

LOOK_AGAIN = timedelta(minutes=10)
"""How long a task waits for a plan of which Tagor has not shown yet whether it was made."""


class RequestedPlans(Protocol):
    """Knows the plans that calls requested, of an office (key)."""

    def is_unapproved(self, office: str, plan: str) -> bool:
        """Tell whether a call requested this plan (id), and no call is known to have approved it."""

    def left_unapproved(self, office: str, confirmation: str) -> bool | None:
        """Tell the same of the plan that a confirmation made; None while nobody knows whether it did."""


class TaskHandler:
    """Writes an info line that asks for something; a line with the job's reference shows that it is there.

    Args:
        jobs: gives the office of a job.
        notes: the sentences of tasks.
        plans: tells whether the plan that a task is about still waits for approval.
    """

    def __init__(self, jobs: JobContext, notes: NoteBook, plans: RequestedPlans) -> None:
        self._jobs, self._notes, self._plans = jobs, notes, plans

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Tell whether the file has this task."""
        return find_line(self._jobs, job)

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Write the task, in the office's language and with the codes that the office has for tasks."""
        office, values = self._jobs.office_of(job).office, {"ref": ("text", f"({reference_of(job)})")}
        details = details_of(job)
        if details["task"] == "unapproved" and not self._is_left(job.office, details):
            return ()
        text = self._notes.write(f"Task.{details['task']}", values, office.default_language)
        codes = office.plans
        return write_line(
            self._jobs, job, text, sending, kind=codes.info_kind, definition=codes.info_definition
        )

    def _is_left(self, office: str, details: Mapping[str, str]) -> bool:
        """Tell whether the plan still waits for approval; one without an id cannot be approved by phone."""
        if "confirmation" not in details:
            return not details.get("plan") or self._plans.is_unapproved(office, details["plan"])
        left = self._plans.left_unapproved(office, details["confirmation"])
        if left is None:
            raise Retry(LOOK_AGAIN)
        return left
