"""A process at the journal of decisions, to be killed: says a line for every step it has passed.

`go URL STEP` walks the protocol up to that step; `send URL` sends until killed; `compete URL` lets 16 threads
decide the same; `fill URL LOG` runs out of disk between a decision and the leave to send it.
"""

import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.store.database import Database
from bridge.store.decision import NewDecision, Opened
from bridge.store.decisions import Decisions
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 3, 29, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PLAN = NewDecision("CA1", "gent", "700412345", "plan", b"9 x 125.50 for Verstraeten-Dupont")


def journal(url: str) -> Decisions:
    return Decisions(Database(url), Sealer(["a secret of the tests"]))


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def opened(decisions: Decisions, new: NewDecision = PLAN) -> str:
    one = decisions.open(new, NOW)
    assert isinstance(one, Opened)
    return one.id


def go_until(url: str, last: str) -> None:
    """Walk through the protocol and stop, still alive, after the last step."""
    decisions = journal(url)
    one = opened(decisions)
    steps: dict[str, Callable[[], object]] = {
        "ready": lambda: None,
        "sent": lambda: decisions.mark_sent(one, NOW),
        "unclear": lambda: decisions.mark_unclear(one, NOW),
        "taken": lambda: decisions.claim_due(NOW + SECOND),
    }
    for step in list(steps)[: list(steps).index(last) + 1]:
        steps[step]()
        say(step)
    sys.stdin.readline()


def send_on(url: str) -> None:
    """Send one after the other and say each that may be sent, until killed."""
    decisions = journal(url)
    for number in range(1_000_000):
        one = opened(decisions, replace(PLAN, confirmation=str(number), file=str(number)))
        decisions.mark_sent(one, NOW)
        say(one)


def compete(url: str) -> None:
    """Let 16 threads decide the same 4 things, and say how often one of them may send."""
    decisions = journal(url)

    def leaves(_: int) -> int:
        ids = [opened(decisions, replace(PLAN, confirmation=str(file), file=str(file))) for file in range(4)]
        return sum(decisions.mark_sent(one, NOW) for one in ids)

    with ThreadPoolExecutor(16) as threads:
        say("ready")
        sys.stdin.readline()
        say(sum(threads.map(leaves, range(16))))


def fill_up(url: str, log: str) -> None:
    """Open a decision, let no file grow any more, and ask for leave to send."""
    decisions = journal(url)
    one = opened(decisions)
    resource.setrlimit(resource.RLIMIT_FSIZE, (Path(log).stat().st_size, resource.RLIM_INFINITY))
    try:
        say(decisions.mark_sent(one, NOW))
    except StoreDown:
        say("StoreDown")


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        {"go": go_until, "send": send_on, "compete": compete, "fill": fill_up}[sys.argv[1]](*sys.argv[2:])
