"""Marks a message of the office as read, once its defendant has heard it."""

from collections.abc import Sequence

from bridge.after_call.job_context import JobContext, details_of, map_tagor_errors
from bridge.after_call.outbox_worker import MarkSending
from bridge.store.job import Job, NewJob


class StillUnread(Exception):
    """The message is unread after it was marked: somebody marked it at the same moment, or Tagor is late."""


class ReadMessageHandler:
    """Marks a message as read while it is unread: Tagor toggles, and would make a read one unread again."""

    def __init__(self, jobs: JobContext) -> None:
        self._jobs = jobs

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Tell whether the message is read, whoever read it."""
        return None if self._is_unread(job) else ()

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Mark the message as read, unless it is read already, and look whether it is then.

        Raises:
            StillUnread: it is not; it is looked for again later, and marked once more only after long.
        """
        with map_tagor_errors():
            unread = self._is_unread(job)
        if not unread:
            return ()
        sending()
        with map_tagor_errors():
            self._jobs.office_of(job).tagor.messages.mark_read(
                details_of(job)["message"], deadline=self._jobs.deadline()
            )
        if self._is_unread(job):
            raise StillUnread
        return ()

    def _is_unread(self, job: Job) -> bool:
        details, tagor = details_of(job), self._jobs.office_of(job).tagor
        unread = tagor.messages.unread(details["file"], details["party"], deadline=self._jobs.deadline())
        return details["message"] in [message.id for message in unread]
