"""Where the provider keeps what callers recorded, until somebody deletes it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Recording:
    """One voicemail: its id and its call's, its length in seconds, its sound as WAV."""

    id: str
    call: str
    seconds: int
    sound: bytes = field(repr=False)


Keep = Callable[[Recording], None]
"""Takes a recording in."""


def forget(_recording: Recording) -> None:
    """Keep nothing."""


class Shelf:
    """An account's recordings, oldest first; any thread may come."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = threading.Lock()
        self._recordings: dict[str, Recording] = {}

    def put(self, recording: Recording) -> None:
        """Take a recording in; the same again changes nothing."""
        with self._lock:
            self._recordings[recording.id] = recording

    def get(self, name: str) -> Recording | None:
        """The recording with this id, if it is there."""
        with self._lock:
            return self._recordings.get(name)

    def remove(self, name: str) -> bool:
        """Throw a recording away; False when there is none."""
        with self._lock:
            return self._recordings.pop(name, None) is not None

    def of_call(self, call: str) -> list[Recording]:
        """What was recorded in one call."""
        return [one for one in self.all if one.call == call]

    @property
    def all(self) -> list[Recording]:
        """Everything that is there."""
        with self._lock:
            return list(self._recordings.values())
