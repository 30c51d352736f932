"""Records what the stand-in was asked and what it did, request by request."""

import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

LENGTH = 200_000
# Whoever tests may print a journal or put it into a report.
SECRETS = {"Pin", "client_secret", "FileContent"}


@dataclass
class Entry:
    """One request: its fields without secrets, the effects that were kept, the fault played, the status sent.

    `status` is None when no reply left; `seconds` is how long the caller waited for it, with the delay of a
    fault; `unexpected` names fields that the contract of this generation does not have, or that a phone line
    must never send.
    """

    operation: str
    at: str
    scheme: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    effect: list[str] = field(default_factory=list)
    fault: str | None = None
    status: int | None = None
    seconds: float = 0.0
    seq: int = 0


class Journal:
    """Entries in the order they were finished; numbers go on counting, the oldest of 200,000 are dropped."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LENGTH)
        self._lock = threading.Lock()
        self._count = 0

    def add(self, entry: Entry) -> None:
        """Number the entry and keep it."""
        with self._lock:
            self._count += 1
            entry.seq = self._count
            self._entries.append(entry)

    def entries(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the entries numbered above `since`, oldest first."""
        with self._lock:
            kept = [entry for entry in self._entries if entry.seq > since]
        return [asdict(entry) for entry in kept]

    def clear(self) -> None:
        """Forget every entry; the numbers go on."""
        with self._lock:
            self._entries.clear()


def without_secrets(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with `***` for every PIN, login secret and document content, at any depth."""
    return {name: "***" if name in SECRETS else _without_secrets(value) for name, value in fields.items()}


def _without_secrets(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    return without_secrets(value) if isinstance(value, dict) else value
