"""Fills a store as two offices leave it: the journal of many calls, and work that waits for somebody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert, select

from bridge.store.callbacks import NewCallback
from bridge.store.claim import OpenTurn
from bridge.store.database import Database
from bridge.store.decision import NewDecision
from bridge.store.job import NewJob
from bridge.store.repositories import Repositories
from bridge.store.step_journal import NAME_DIGITS, TurnSteps
from bridge.store.tables import steps

DAYS, OFFICES = 90, ("office0", "office1")
CALLER = "+32470000001"
"""Who began the newest call."""
WAITING = 50
"""How many dead letters, voicemails, decisions and call-backs each office has, if nothing else is said."""
_ROWS_AT_ONCE = 20_000
_BEGUN = ("recognise seen", "chime then", "ahead looked")
_KNOWN = (*_BEGUN, "main 1", "ByPin.ask_pin heard", "ByPin.try_hinted right", "Balance.look owed")
_AGREED = ("Balance.choose 2", "Terms.look two", "Agreement.agree 1", "Agreement.request as_confirmed")
_PERSON = ("Colleague.look open", "Colleague.find found", "Colleague.connect answered", "goodbye goodbye")
PATHS = (
    (*_KNOWN, "Balance.payments told", *_AGREED, "Balance.choose key 9", "goodbye goodbye"),
    (*_KNOWN, "Balance.payments told", "Balance.choose hung up"),
    (*_BEGUN, "main 3", "Office.look open", "Office.choose 1", *_PERSON),
    (*_BEGUN, "main silent, once more", "main hung up"),
)
"""What callers do, as (step exit); a step without a flow is the first flow's."""


@dataclass(frozen=True, slots=True)
class NewestCall:
    """The newest call in the journal, as somebody looks for it."""

    office: str
    name: str
    caller: str
    began: datetime


def fill(
    database: Database, store: Repositories, calls: int, now: datetime, *, waiting: int = WAITING
) -> NewestCall:
    """Write so many calls into the journal, and beside them what waits for somebody; give the newest call.

    `waiting` is how many of each kind of work each office has.
    """
    taken = _steps(calls, now)
    while rows := list(islice(taken, _ROWS_AT_ONCE)):
        with database.writing() as connection:
            connection.execute(insert(steps), rows)
    _leave_work(database, store, now, waiting)
    office = _newest(store, now)
    with database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
        name = connection.scalar(select(steps.c.call).order_by(steps.c.id.desc()).limit(1))
    return NewestCall(office, str(name)[:NAME_DIGITS], CALLER, now)


def _steps(calls: int, now: datetime) -> Iterator[dict[str, Any]]:
    """Write the steps of calls over 90 days, half of them at each office, each with its caller."""
    rng = Random(calls)
    for number in range(calls):
        call = {
            "call": f"{rng.getrandbits(256):064x}",
            "office": OFFICES[number % len(OFFICES)],
            "language": rng.choice(("nl", "nl", "nl", "fr", "de", "en")),
        }
        began = now - timedelta(days=DAYS) * (1 - number / calls)
        for position, taken in enumerate(rng.choice(PATHS)):
            place, way = taken.split(" ", 1)
            yield call | {
                "step": place if "." in place else f"Defendant.{place}",
                "exit": way,
                "at": began + timedelta(seconds=5 * position),
                "milliseconds": rng.randint(2, 400),
                # Only the first step of a call has its caller: number and minute, as a keyed hash.
                "caller": None if position else f"{rng.getrandbits(256):064x}",
            }


def _newest(store: Repositories, now: datetime) -> str:
    """Write one more call as the line itself does, so that its caller finds it; give its office."""
    opened = store.calls.read("the newest call", 0, now)
    assert isinstance(opened, OpenTurn)  # noqa: S101 - it is new
    taken = TurnSteps(OFFICES[0], "nl", [("Defendant.main", "1")], 20, caller=CALLER)
    store.calls.save_reply(
        opened, 0, state=b"-", reply=b"-", next_turn=1, now=now, office=OFFICES[0], steps=taken
    )
    return OFFICES[0]


def _leave_work(database: Database, store: Repositories, now: datetime, waiting: int) -> None:
    """Leave call-backs, voicemails, open decisions and dead letters at each office."""
    hour = timedelta(hours=1)
    for office in OFFICES:
        with database.on_cursor("durable") as transaction:
            for number in range(waiting):
                starts = now + number * hour
                new = NewCallback(f"{number}", office, starts, starts + hour, b"-", now - hour)
                store.callbacks.add(transaction, new)
                store.outbox.put(transaction, NewJob(f"note {number}", office, "note", b"-", now - hour))
        for number in range(waiting):
            store.decisions.open(NewDecision(f"{number}", office, f"{number}", "plan", b"-"), now)
    while due := store.outbox.claim_due(now, limit=100):
        for job in due:
            store.outbox.dead_letter(job, now, trouble="TagorRefused")
    with database.on_cursor("durable") as transaction:
        for office in OFFICES:
            for number in range(waiting):
                left = NewJob(f"voicemail {number}", office, "voicemail", b"-", now + hour)
                store.outbox.put(transaction, left)
