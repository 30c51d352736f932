"""Writes that must never happen twice: durable before they are sent, sent once, looked up when unclear.

The webhook only reads the journal. Whoever marks a decision as sent, and nobody else, sends it, without any
retry; a clear yes or no settles it, and everything else is looked up in Tagor later, never sent again.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog

from bridge.conversation.branch import Branch
from bridge.conversation.wishes import Decided, Wish
from bridge.store.decisions import Blocked, Decision, Decisions, NewDecision
from bridge.store.errors import StoreDown
from bridge.tagor import Deadline, Medium, TagorError, TagorRefused, TagorUnreachable

log = structlog.get_logger()

SEND_SECONDS = 6.0
LOOK_SECONDS = 3.0
POLL = 0.05
GIVE_UP = timedelta(minutes=15)

MEDIA: Mapping[Medium, str] = {Medium.SMS: "sms", Medium.EMAIL: "mail", Medium.NONE: "none"}
TASK = {
    "nl": "Telefoonlijn: aanvraag van de verweerder ({wish}) zonder duidelijk antwoord van Tagor. Gelieve na te kijken en te bevestigen.",
    "fr": "Ligne téléphonique : demande du défendeur ({wish}) sans réponse claire de Tagor. Merci de vérifier et de confirmer.",
    "de": "Telefonleitung: Antrag des Schuldners ({wish}) ohne klare Antwort von Tagor. Bitte prüfen und bestätigen.",
    "en": "Phone line: request by the defendant ({wish}) without a clear answer from Tagor. Please check and confirm.",
}

Boundary = Callable[[str], None]
"""Called with the name of each step of the protocol as it is passed; a rehearsal kills the process there."""


class StillGoing(Exception):
    """The decision is being made: say one moment, and ask again."""


class Decider:
    """Makes decisions, and settles what was left unclear by anybody."""

    def __init__(
        self,
        journal: Decisions,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
        ticks: Callable[[], float] = time.monotonic,
        boundary: Boundary = lambda _name: None,
    ) -> None:
        self._journal, self._now, self._sleep, self._ticks = journal, now, sleep, ticks
        self._passed = boundary
        self._senders = ThreadPoolExecutor(4, thread_name_prefix="decision")

    def blocked(self, office: str, file: str) -> bool:
        """Whether a decision on this file is still open, whoever's it is."""
        return self._journal.blocked(office, file)

    def found(self, branch: Branch, call: str, wish: Wish) -> Decided | None:
        """What came of this wish if this call made it before, or None if it never did."""
        decision = self._journal.look(self._key(branch, call, wish))
        return _decided(decision) if decision else None

    def decide(self, branch: Branch, call: str, wish: Wish, *, patience: float) -> Decided:
        """Make a decision, or find what came of it.

        Raises:
            StillGoing: it is not settled within `patience` seconds; ask again.
            StoreDown: it could not be written down, so it was not sent either.
        """
        new = self._key(branch, call, wish)
        self._passed(f"{wish.kind}: before it is written")
        opened = self._journal.open(new, self._now())
        if isinstance(opened, Blocked):
            return Decided("unclear")
        self._passed(f"{wish.kind}: written")
        if opened.state == "READY":
            self._senders.submit(self._send, branch, opened)
        return self._settled(opened.id, patience)

    def _settled(self, decision: str, patience: float) -> Decided:
        until = self._ticks() + patience
        while True:
            known = self._journal.look(decision)
            if known is not None and known.state not in ("READY", "SENT"):
                return _decided(known)
            if self._ticks() >= until:
                raise StillGoing
            self._sleep(POLL)
