"""What every job handler needs: the office of a job, its details, and whether anything was sent."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bridge.after_call.outbox_worker import PermanentFailure, Retry
from bridge.clock import Clock
from bridge.conversation.office_context import OfficeContext
from bridge.store.job import Job
from bridge.tagor import Deadline, TagorError, TagorRefused

SECONDS, UPLOAD_SECONDS = 6.0, 30.0
"""How long Tagor has for one question or write, and for a recording: well within a job's lease."""


class JobContext:
    """Gives a job its office and its deadlines.

    Args:
        offices: all offices there are, by their keys.
        clock: what measures the deadlines.
    """

    def __init__(self, offices: Mapping[str, OfficeContext], clock: Clock) -> None:
        self._offices, self._clock = offices, clock

    def office_of(self, job: Job) -> OfficeContext:
        """Give the office of a job.

        Raises:
            PermanentFailure: there is no such office any more.
        """
        if job.office not in self._offices:
            raise PermanentFailure(
                "the office of this job has no office file any more: put it back and retry"
            )
        return self._offices[job.office]

    def deadline(self, seconds: float = SECONDS) -> Deadline:
        """Give a deadline so many seconds from now."""
        return Deadline(self._clock, seconds)


def details_of(job: Job) -> dict[str, Any]:
    """Read what the call wrote down for this job."""
    details: dict[str, Any] = json.loads(job.payload)
    return details


def reference_of(job: Job) -> str:
    """Give the short name that stands in whatever a job leaves in Tagor, so that it is found again there."""
    return job.id[:10].upper()


def first_named(*users: str) -> str:
    """Give the first of the users that the office file names.

    Raises:
        PermanentFailure: it names nobody.
    """
    if named := next(filter(None, users), ""):
        return named
    raise PermanentFailure(
        "nobody in Tagor gets this: fill in box in [voicemail] of the office file, then retry"
    )


@contextmanager
def map_tagor_errors() -> Iterator[None]:
    """Turn an error without any effect into `Retry`, and a value that cannot be sent into `PermanentFailure`.

    An error after which there may be an effect passes as it is: the worker then looks for the effect before
    the next try.
    """
    try:
        yield
    except TagorError as trouble:
        if isinstance(trouble, TagorRefused) or not trouble.sent:
            raise Retry from trouble
        raise
    except ValueError as unfit:
        raise PermanentFailure(str(unfit)) from None  # it names what is wrong, never the value
