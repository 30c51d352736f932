"""An info line on a file: how notes and tasks are written into Tagor, and how each is found again there."""

from collections.abc import Sequence
from datetime import date

from bridge.after_call.job_context import JobContext, details_of, map_tagor_errors, reference_of
from bridge.after_call.outbox_worker import MarkSending
from bridge.store.job import Job, NewJob


def find_line(jobs: JobContext, job: Job) -> Sequence[NewJob] | None:
    """Tell whether a line on the job's file holds its reference; None when there is none."""
    tagor = jobs.office_of(job).tagor
    lines = tagor.notes.on_file(details_of(job)["file"], deadline=jobs.deadline())
    return () if any(reference_of(job) in line.text for line in lines) else None


def write_line(
    jobs: JobContext, job: Job, text: str, sending: MarkSending, *, kind: str, definition: str
) -> Sequence[NewJob]:
    """Write one line onto the job's file, with the office's codes for such lines; nothing follows from it.

    `text` is finished before: what cannot be written must not count as sent.
    """
    details = details_of(job)
    sending()
    with map_tagor_errors():
        jobs.office_of(job).tagor.notes.create(
            details["file"],
            text,
            date.fromisoformat(details["day"]),
            kind=kind,
            definition=definition,
            deadline=jobs.deadline(),
        )
    return ()
