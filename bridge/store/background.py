"""The one loop of the background workers: reconciler and outbox worker go on, whatever becomes of a round."""

import threading
from collections.abc import Callable

import structlog

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.store.errors import StoreDown

log = structlog.get_logger()

IDLE_SECONDS = 0.5
"""Seconds from a round that found nothing to the next round."""


def run_forever(name: str, work: Callable[[], int], *, clock: Clock = SYSTEM_CLOCK) -> None:
    """Work round after round for as long as the process lives, in a thread of that name.

    `work` gives how much it did. A round that did nothing, or failed, is followed by a rest.
    """

    def rounds() -> None:
        while True:
            done = 0
            try:
                done = work()
            except StoreDown:
                log.warning("background_waits", action=name, trouble="StoreDown")
            except Exception as trouble:  # a round that fails must not be the last
                log.exception("background_failed", action=name, trouble=type(trouble).__name__)
            # A round that found work is followed at once by the next: there may be more.
            if not done:
                clock.sleep(IDLE_SECONDS)

    threading.Thread(target=rounds, name=name, daemon=True).start()
