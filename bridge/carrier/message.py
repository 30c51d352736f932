"""A Record at work: a voicemail being left, what ends it, and what it then posts (telephony.md §1 and §5)."""

from collections.abc import Generator
from random import Random

from bridge.carrier.account import sid
from bridge.carrier.deeds import Deed, Keys, Recording, Result, Silence, Words
from bridge.carrier.markup import Verb
from bridge.carrier.turn import Utterance

KEPT: Result = (
    ("RecordingStatus", "completed"),
    ("RecordingSource", "RecordVerb"),
    ("RecordingChannels", "1"),
)
"""What the recording's own callback adds once the file exists."""


class Message:
    """A voicemail: `seconds` so far, and the `key` that ended it (empty for silence, `hangup` for that)."""

    def __init__(self, record: Verb) -> None:
        """Begin at the beep."""
        self._record = record
        self._finish = record.get("finishOnKey", "1234567890*#")
        self._most = float(record.get("maxLength", "3600"))
        self.seconds = 0.0
        self.key = ""

    def take(self) -> Generator[Recording, Deed, None]:
        """Words make it longer; a finishing key, silence or the length limit ends it."""
        while self.seconds < self._most and not self.key:
            match (yield Recording(self._record)):
                case Words(text):
                    self.seconds = min(self.seconds + Utterance(text).seconds, self._most)
                case Keys(keys):
                    self.key = next((key for key in keys if key in self._finish), "")
                case Silence():
                    return

    def facts(self, account_url: str, random: Random) -> Result:
        """Where the recording lies under `account_url`, its id and its length."""
        name = sid("RE", random)
        return (
            ("RecordingUrl", f"{account_url}/Recordings/{name}"),
            ("RecordingSid", name),
            ("RecordingDuration", str(round(self.seconds))),
        )
