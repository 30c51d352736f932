"""What every delivery needs: the job's office, and a clear word on whether anything was sent."""

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
    """Where jobs are handed in: the offices there are, by their keys, and the clock of their Tagors."""

    def __init__(self, branches: Mapping[str, OfficeContext], clock: Clock) -> None:
        self._branches, self._clock = branches, clock

    def branch(self, job: Job) -> OfficeContext:
        """The office of a job; raises `PermanentFailure` where there is no such office any more."""
        if job.office not in self._branches:
            raise PermanentFailure(
                "the office of this job has no office file any more: put it back and retry"
            )
        return self._branches[job.office]

    def deadline(self, seconds: float = SECONDS) -> Deadline:
        """From now."""
        return Deadline(self._clock, seconds)


def details(job: Job) -> dict[str, Any]:
    """What the call wrote down for this job."""
    found: dict[str, Any] = json.loads(job.payload)
    return found


def receiver(*names: str) -> str:
    """The first of these that the office file gives; raises `PermanentFailure` where it names nobody."""
    if named := next(filter(None, names), ""):
        return named
    raise PermanentFailure(
        "nobody in Tagor gets this: fill in box in [voicemail] of the office file, then retry"
    )


def reference(job: Job) -> str:
    """A short name that stands in whatever a job leaves in Tagor, so that it can be found again there."""
    return job.id[:10].upper()


@contextmanager
def map_tagor_errors() -> Iterator[None]:
    """Tell apart what surely had no effect (`Retry`) from what nobody knows, which passes as it is.

    What can never be sent is `PermanentFailure`.
    """
    try:
        yield
    except TagorError as trouble:
        if isinstance(trouble, TagorRefused) or not trouble.sent:
            raise Retry from trouble
        raise
    except ValueError as unfit:
        raise PermanentFailure(str(unfit)) from None  # names what is wrong with it, never its value
