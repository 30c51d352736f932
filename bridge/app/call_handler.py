"""Handles the calls of all offices: the one implementation of what the provider's side asks for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import structlog

from bridge.app.rendering import renderer_of
from bridge.conversation.phrasing import Phrasing
from bridge.conversation.rate_limit import AdmissionControl
from bridge.conversation.reply import Whisper
from bridge.conversation.turns import Conversation, NoSuchCall
from bridge.flow.inbound import CallEvent, FallbackRequest, Ring
from bridge.office.reading import Offices
from bridge.settings import Settings
from bridge.store.errors import StoreError
from bridge.telephony.call_handler import CallHandler
from bridge.telephony.fallback_documents import FallbackDocuments
from bridge.telephony.phone_numbers import match_number

log = structlog.get_logger()


class OfficeCallHandler(CallHandler):
    """Hands every event of a call to the object that looks after it."""

    def __init__(
        self,
        conversation: Conversation,
        admission: AdmissionControl,
        phrasing: Phrasing,
        fallback_documents: FallbackDocuments,
        *,
        offices: Offices,
        settings: Settings,
        log_name: Callable[[str], str],
    ) -> None:
        self._conversation, self._log_name = conversation, log_name
        self._admission = admission
        self._phrasing = phrasing
        self._numbers = frozenset(offices.by_number)
        self._offices = {office.key: office for office in offices}
        self._renderers = {key: renderer_of(settings, office) for key, office in self._offices.items()}
        self._fallback_documents = fallback_documents

    def admit(self, ring: CallEvent) -> bool:
        """Tell whether an office has the dialled number and takes one more new call now."""
        with self._logged(ring.call):
            ours = self._at_our_number(ring)
            return ours is not None and self._admission.admits(ours)

    def take(self, event: CallEvent) -> bytes:
        """Answer one event of a call, as `Conversation.take` does."""
        rings = isinstance(event.event, Ring)
        with self._logged(event.call, event.turn):
            return self._conversation.take((self._at_our_number(event) if rings else None) or event)

    def fallback(self, request: FallbackRequest) -> bytes:
        """Bring the caller back to the last question; an unknown call begins as any other new call would."""
        ring = request.ring
        with self._logged(ring.call), suppress(NoSuchCall):
            return self._conversation.fallback(request)
        if self.admit(ring):
            return self.take(ring)
        dialled = ring.event.dialled if isinstance(ring.event, Ring) else ""
        return self._fallback_documents.for_number(dialled, request.dial)

    def ended(self, call_id: str) -> None:
        """Leave the call's notes to be written and wipe everything else about it."""
        with self._logged(call_id):
            self._conversation.ended(call_id)

    def recorded(self, call_id: str, status: str) -> None:
        """Let the call's voicemail be fetched without further waiting."""
        with self._logged(call_id):
            self._conversation.recorded(call_id, status)

    def whisper(self, whisper: Whisper) -> bytes:
        """Render what a colleague of the office hears; the last sentence is said again after silence.

        Raises:
            KeyError: no office has this key.
        """
        office = self._offices[whisper.office]
        said = self._phrasing.whisper(whisper, office)
        return self._renderers[whisper.office].whisper(said, said[-1:])

    @contextmanager
    def _logged(self, call_id: str, turn: int | None = None) -> Iterator[None]:
        """Let all lines that are logged here carry the call's name, its turn, and its office once known."""
        bind = structlog.contextvars.bind_contextvars
        before = {} if turn is None else dict(bind(turn=turn))
        with suppress(StoreError):  # its keys are in the database, and whatever is away is told elsewhere
            before |= bind(call=self._log_name(call_id))
        try:
            yield
        finally:
            structlog.contextvars.reset_contextvars(**before)
            structlog.contextvars.unbind_contextvars("office")

    def _at_our_number(self, event: CallEvent) -> CallEvent | None:
        """Write the dialled number of a new call as the office file does; None when no office has it."""
        ring = event.event
        if not isinstance(ring, Ring):
            return event
        number = match_number(ring.dialled, self._numbers)
        if number is None:
            log.warning("unknown_number", dialled=ring.dialled)
            return None
        return replace(event, event=replace(ring, dialled=number))
