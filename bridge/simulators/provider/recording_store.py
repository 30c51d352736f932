"""Keeps what callers recorded until somebody deletes it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """One voicemail: its id and its call's, its length in seconds, its sound as WAV."""

    id: str
    call: str
    seconds: int
    sound: bytes = field(repr=False)


StoreRecording = Callable[[StoredRecording], None]
"""Takes a recording in."""


def discard_recording(_recording: StoredRecording) -> None:
    """Throw a recording away."""


class ProviderRecordings:
    """Holds an account's recordings, oldest first; any thread may use it."""

    def __init__(self) -> None:
        """Begin empty."""
        # Phones put recordings in while the API's threads hand them out.
        self._lock = threading.Lock()
        self._recordings: dict[str, StoredRecording] = {}

    def put(self, recording: StoredRecording) -> None:
        """Store a recording; the same again changes nothing."""
        with self._lock:
            self._recordings[recording.id] = recording

    def get(self, name: str) -> StoredRecording | None:
        """Return the recording with this id, None when there is none."""
        with self._lock:
            return self._recordings.get(name)

    def remove(self, name: str) -> bool:
        """Delete a recording; return False when there is none."""
        with self._lock:
            return self._recordings.pop(name, None) is not None

    def of_call(self, call: str) -> list[StoredRecording]:
        """Return what was recorded in one call."""
        return [one for one in self.all if one.call == call]

    @property
    def all(self) -> list[StoredRecording]:
        """Return all recordings."""
        with self._lock:
            return list(self._recordings.values())
