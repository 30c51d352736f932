"""Plays a Record: how a voicemail is left and what it posts (twilio.com/docs/voice/twiml/record)."""

from collections.abc import Generator
from zlib import crc32

from bridge.simulators.provider.caller_actions import (
    CallerInput,
    KeyPresses,
    NoInput,
    PostedParameters,
    RecordWait,
    SpokenWords,
)
from bridge.simulators.provider.markup import Verb
from bridge.simulators.provider.recording_store import StoredRecording
from bridge.simulators.provider.sound import wav_tone
from bridge.simulators.provider.turn import Utterance


class RecordedMessage:
    """Takes a voicemail: its `seconds` so far, and the `key` that ended it (`hangup`, empty for silence)."""

    def __init__(self, record: Verb, recording_id: str) -> None:
        """Begin at the tone; the message will have this id."""
        self.id = recording_id
        self._record = record
        self._finish = record.get("finishOnKey", "1234567890*#")
        self._max_seconds = float(record.get("maxLength", "3600"))
        self.seconds = 0.0
        self.key = ""

    def take(self) -> Generator[RecordWait, CallerInput, None]:
        """Record until a finishing key, silence or the length limit ends it; words make it longer."""
        while self.seconds < self._max_seconds and not self.key:
            match (yield RecordWait(self._record)):
                case SpokenWords() as words:
                    lasting = words.lasting or Utterance(words.text).seconds
                    self.seconds = min(self.seconds + lasting, self._max_seconds)
                case KeyPresses(keys):
                    self.key = next((key for key in keys if key in self._finish), "")
                case NoInput():
                    return

    @property
    def length(self) -> int:
        """Return its whole seconds; a spoken word is one second at least."""
        return max(round(self.seconds), 1) if self.seconds else 0

    def facts(self, account_url: str) -> PostedParameters:
        """Return where the recording lies under `account_url`, its id and its length."""
        return (
            ("RecordingUrl", f"{account_url}/Recordings/{self.id}"),
            ("RecordingSid", self.id),
            ("RecordingDuration", str(self.length)),
        )

    def report(self, account_url: str, started: str) -> PostedParameters:
        """Return what the recording's callback is told: it is there, or nothing was said (`absent`)."""
        return (
            *self.facts(account_url),
            ("RecordingStatus", "completed" if self.seconds else "absent"),
            ("RecordingStartTime", started),
            ("RecordingSource", "RecordVerb"),
            ("RecordingChannels", "1"),
            ("ErrorCode", "0"),
        )

    def reported(self) -> bool:
        """Tell whether the document asked for a report of how this recording ended."""
        event = "completed" if self.seconds else "absent"
        return event in self._record.get("recordingStatusCallbackEvent", "completed").split()

    def kept(self, call: str) -> StoredRecording:
        """Return the recording as the provider stores it."""
        # The pitch comes from the id: a recording in Tagor shows by its sound which one it is.
        return StoredRecording(self.id, call, self.length, wav_tone(self.seconds, crc32(self.id.encode())))
