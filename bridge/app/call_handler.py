"""Handles the calls of all offices: the one implementation of what the provider's side asks for."""

from bridge.app.rendering import renderer_of
from bridge.conversation.phrasing import Phrasing
from bridge.conversation.rate_limit import AdmissionControl
from bridge.conversation.reply import Whisper
from bridge.conversation.turns import Conversation
from bridge.flow.inbound import CallEvent
from bridge.office.reading import Offices
from bridge.settings import Settings
from bridge.telephony.call_handler import CallHandler


class OfficeCallHandler(CallHandler):
    """Hands every event of a call to the object that looks after it."""

    def __init__(
        self,
        conversation: Conversation,
        admission: AdmissionControl,
        phrasing: Phrasing,
        offices: Offices,
        settings: Settings,
    ) -> None:
        self._conversation = conversation
        self._admission = admission
        self._phrasing = phrasing
        self._offices = {office.key: office for office in offices}
        self._renderers = {key: renderer_of(settings, office) for key, office in self._offices.items()}

    def admit(self, ring: CallEvent) -> bool:
        """Tell whether the dialled office takes one more new call now."""
        return self._admission.admits(ring)

    def take(self, event: CallEvent) -> bytes:
        """Answer one event of a call, as `Conversation.take` does."""
        return self._conversation.take(event)

    def fallback(self, ring: CallEvent, error_code: str) -> bytes:
        """Bring the caller back to the last question, as `Conversation.fallback` does."""
        return self._conversation.fallback(ring, error_code)

    def ended(self, call_id: str) -> None:
        """Leave the call's notes to be written and wipe everything else about it."""
        self._conversation.ended(call_id)

    def recorded(self, call_id: str, status: str) -> None:
        """Let the call's voicemail be fetched without further waiting."""
        self._conversation.recorded(call_id, status)

    def whisper(self, whisper: Whisper) -> bytes:
        """Render what a colleague of the office hears; the last sentence is said again after silence.

        Raises:
            KeyError: no office has this key.
        """
        office = self._offices[whisper.office]
        said = self._phrasing.whisper(whisper, office)
        return self._renderers[whisper.office].whisper(said, said[-1:])
