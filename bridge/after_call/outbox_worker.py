"""The outbox worker: it does each job of a call once or makes it a dead letter, even if it is killed.

A try that may have had its effect is never repeated blindly. The worker looks for the effect in Tagor, half a
minute later at the earliest, and tries again only when the effect has not come within a quarter of an hour.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.operations.propagation import WorkSpan, logged_as_left, no_span
from bridge.store.background import run_forever
from bridge.store.errors import ClaimLost, StoreDown
from bridge.store.job import MAX_TRIES, Job, JobKind, NewJob
from bridge.store.outbox import Outbox
from bridge.tagor import TagorCircuitOpen

log = structlog.get_logger()

SETTLE = timedelta(seconds=30)
"""How long after it was sent an effect is looked for: it may still come 20 seconds late."""

LATEST = timedelta(minutes=15)
"""How long after it was sent an effect may still come, as with decisions: nothing is sent again before."""

WATCHED = timedelta(days=1)
"""How long a job is watched; then it is forgotten, and watched anew if it is still there."""

AT_A_TIME = 4

MarkSending = Callable[[], bool]
"""Call it right before the effect that must be single. It gives True, or raises `ClaimLost`."""


class Retry(Exception):
    """Surely nothing happened: try again after `later`, or after an ever longer wait."""

    def __init__(self, later: timedelta | None = None) -> None:
        super().__init__("Nothing was sent.")
        self.later = later


class PermanentFailure(Exception):
    """No further try can help, so the job is a dead letter; `reason` says why and names no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _NotYet(Exception):
    """Nothing was tried now, and nobody knows yet what an earlier try did: look again after `later`."""

    def __init__(self, later: timedelta) -> None:
        super().__init__("Not yet.")
        self.later = later


class _Unknown(Exception):
    """Nobody can tell what an earlier try did, or how this kind of job is done."""


class JobHandler(Protocol):
    """Knows how one kind of job is done."""

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Tell whether an earlier try took effect: None if not, else the jobs that follow, maybe none.

        It is called only when `job.sent`. Any error but `PermanentFailure` means that nobody knows: it is
        called again later, and nothing is sent meanwhile.
        """
        ...

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Do the job and return the jobs that follow; call `sending()` right before an effect that is single.

        Raises:
            Retry: surely nothing happened.
            PermanentFailure: it can never be done.
            Exception: anything else after `sending()` is unclear, and looked for before the next try.
        """
        ...


class OutboxWorker:
    """Does the jobs in the outbox; any number may run, on any machine: leases keep them apart.

    The clock of a machine may jump. So that nothing happens twice then, the worker also measures on the
    monotonic clock how long it has been watching for an effect.

    Args:
        outbox: the jobs.
        handlers: how each kind of job is done.
        clock: the time.
        latest: how long after it was sent an effect may still come.
        span: surrounds each try of a job.
    """

    def __init__(
        self,
        outbox: Outbox,
        handlers: Mapping[JobKind, JobHandler],
        *,
        clock: Clock = SYSTEM_CLOCK,
        latest: timedelta = LATEST,
        span: WorkSpan = no_span,
    ) -> None:
        self._outbox, self._handlers = outbox, handlers
        self._clock, self._latest, self._watched = clock, latest, dict[str, float]()
        self._span = span

    def start(self) -> None:
        """Work in the background for as long as the process lives."""
        run_forever("outbox_worker", self.round, clock=self._clock)

    def round(self) -> int:
        """Do the next few jobs that are due; gives how many those were. May raise `StoreDown`.

        Each is claimed only when its turn comes, so that a slow one does not use up the others' leases.
        """
        for seen in range(AT_A_TIME):
            claimed = self._outbox.claim_due(self._clock.now(), limit=1)
            if not claimed:
                return seen
            job = claimed[0]
            with logged_as_left(job.payload, office=job.office):
                self._finish(job)
        return AT_A_TIME

    def _finish(self, job: Job) -> None:
        """Do one job and write down what came of it; after `StoreDown` the job is claimed again later."""
        try:
            with self._span("job", left=job.payload, office=job.office, kind=job.kind):
                follow = self._do(job)
        except StoreDown:
            raise
        except ClaimLost:
            # The lease was over: another worker has the job, and writes down what comes of it.
            log.info("job_overtaken", kind=job.kind, tries=job.tries)
        except PermanentFailure as hopeless:
            self._outbox.dead_letter(job, self._clock.now(), trouble=hopeless.reason)
            log.warning("job_hopeless", kind=job.kind, trouble=hopeless.reason)
        except _NotYet as wait:
            self._outbox.reschedule(job, self._clock.now(), trouble="NotYet", later=wait.later, counts=False)
        except Retry as unsent:
            # `bridge outbox` shows the name of the cause, which tells an operator more than "Retry".
            self._reschedule(job, unsent.__cause__ or unsent, later=unsent.later, unsent=True)
        except Exception as trouble:  # noqa: BLE001 - whatever it is, the job is not lost
            self._reschedule(job, trouble)
        else:
            if self._outbox.complete(job, self._clock.now(), then=follow):
                log.info("job_done", kind=job.kind, tries=job.tries)
            else:
                log.info("job_overtaken", kind=job.kind, tries=job.tries)

    def _do(self, job: Job) -> Sequence[NewJob]:
        """Look for the effect of an earlier try, if there was one, and deliver when there is none."""
        handler = self._handlers.get(job.kind)
        if handler is None:
            raise _Unknown  # a newer bridge beside us wrote it down and can do it
        follow = None if job.sent_at is None else self._look(handler, job, job.sent_at)
        return handler.deliver(job, lambda: self._mark_sending(job)) if follow is None else follow

    def _look(self, handler: JobHandler, job: Job, sent_at: datetime) -> Sequence[NewJob] | None:
        """Look for the effect of an earlier try, once it had time to show; None when it never came."""
        since = self._clock.now() - sent_at
        # A moment in the future comes from a clock that was set back; it is no reason to wait for it.
        if timedelta() <= since < SETTLE:
            raise _NotYet(SETTLE - since)
        try:
            follow = handler.is_done(job)
        except Retry:  # it says nothing about the earlier try, so that one's mark stays
            raise _Unknown from None
        except TagorCircuitOpen:
            raise _NotYet(SETTLE) from None
        watched = self._watch(job)
        # The wall clock alone could have jumped over the time that the effect needs to show.
        waited = min(since, watched) if since >= timedelta() else watched
        if follow is None and timedelta() <= waited < self._latest:
            raise _NotYet(min(2 * SETTLE, self._latest - waited))
        return follow

    def _watch(self, job: Job) -> timedelta:
        """Give how long this process has been watching a job that was sent; begin now if it was not."""
        now, longest = self._clock.monotonic(), WATCHED.total_seconds()
        # What is no longer tried would else be remembered for as long as the process lives.
        self._watched = {one: begun for one, begun in self._watched.items() if now - begun < longest}
        return timedelta(seconds=now - self._watched.setdefault(job.id, now))

    def _mark_sending(self, job: Job) -> bool:
        if not self._outbox.mark_sending(job, self._clock.now()):
            raise ClaimLost
        self._watched.pop(job.id, None)  # it is sent anew, so watching begins anew
        self._watch(job)
        return True

    def _reschedule(
        self, job: Job, trouble: BaseException, *, later: timedelta | None = None, unsent: bool = False
    ) -> None:
        """Have a failed job tried again; the last of `MAX_TRIES` makes a dead letter."""
        name, spared = type(trouble).__name__, isinstance(trouble, TagorCircuitOpen)
        self._outbox.reschedule(
            job,
            self._clock.now(),
            trouble=name,
            later=SETTLE if spared else later,
            unsent=unsent,
            counts=not spared,  # nobody was asked, so it was no try
        )
        if job.tries < MAX_TRIES:
            log.warning("job_delayed", kind=job.kind, trouble=name, tries=job.tries)
        else:
            log.warning("job_hopeless", kind=job.kind, trouble=name)
