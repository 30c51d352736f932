"""A Record at work: a voicemail being left, what ends it, and what it then posts (telephony.md §1 and §5)."""

from collections.abc import Generator
from random import Random
from zlib import crc32

from bridge.simulators.provider.account import sid
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
    """A voicemail: `seconds` so far, and the `key` that ended it (empty for silence, `hangup` for that)."""

    def __init__(self, record: Verb, random: Random) -> None:
        """Begin at the beep."""
        self.id = sid("RE", random)
        self._record = record
        self._finish = record.get("finishOnKey", "1234567890*#")
        self._max_seconds = float(record.get("maxLength", "3600"))
        self.seconds = 0.0
        self.key = ""

    def take(self) -> Generator[RecordWait, CallerInput, None]:
        """Words make it longer; a finishing key, silence or the length limit ends it."""
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
        """Its whole seconds; a word is one at least."""
        return max(round(self.seconds), 1) if self.seconds else 0

    def facts(self, account_url: str) -> PostedParameters:
        """Where the recording lies under `account_url`, its id and its length."""
        return (
            ("RecordingUrl", f"{account_url}/Recordings/{self.id}"),
            ("RecordingSid", self.id),
            ("RecordingDuration", str(self.length)),
        )

    def report(self, account_url: str, started: str) -> PostedParameters:
        """What the recording's own callback is told: the file is there, or nothing was said (`absent`)."""
        return (
            *self.facts(account_url),
            ("RecordingStatus", "completed" if self.seconds else "absent"),
            ("RecordingStartTime", started),
            ("RecordingSource", "RecordVerb"),
            ("RecordingChannels", "1"),
            ("ErrorCode", "0"),
        )

    def reported(self) -> bool:
        """Whether somebody wants to be told how this recording ended."""
        event = "completed" if self.seconds else "absent"
        return event in self._record.get("recordingStatusCallbackEvent", "completed").split()

    def kept(self, call: str) -> StoredRecording:
        """The recording as the provider stores it."""
        return StoredRecording(self.id, call, self.length, wav_tone(self.seconds, crc32(self.id.encode())))
