"""Work on the books that goes on in the background, whatever becomes of a single round."""

import threading
from collections.abc import Callable

import structlog

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.store.errors import StoreDown

log = structlog.get_logger()

EVERY = 0.5
"""Seconds from a round that found nothing to the next."""


def run_forever(name: str, work: Callable[[], int], *, clock: Clock = SYSTEM_CLOCK) -> None:
    """Work round after round for as long as the process lives, in a thread of that name.

    `work` tells how much it did; a round that did nothing, or failed, is followed by a rest.
    """
    threading.Thread(target=_forever, args=(name, work, clock), name=name, daemon=True).start()


def _forever(name: str, work: Callable[[], int], clock: Clock) -> None:
    while True:
        done = 0
        try:
            done = work()
        except StoreDown:
            log.warning("background_waits", action=name, trouble="StoreDown")
        except Exception as trouble:  # a round that fails must not be the last
            log.exception("background_failed", action=name, trouble=type(trouble).__name__)
        if not done:
            clock.sleep(EVERY)
