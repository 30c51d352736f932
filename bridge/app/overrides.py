"""What a line is made of that a rehearsal brings along itself: its books, its threads, its way to Tagor."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any, NamedTuple

from bridge.after_call.voicemail import RecordingStore
from bridge.conversation.constant_time import ConstantTime
from bridge.speech import Catalogue, NoteBook
from bridge.store.database import Database
from bridge.tagor import Adapters


class Speech(NamedTuple):
    """All the line can say, and all it writes down, proved against the flows."""

    words: Catalogue
    notes: NoteBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """Makers of single parts; None is the bridge's own.

    - `script`: the words, where they have been read and proved before.
    - `database`: called as `Database` is.
    - `even`: called as `ConstantTime` is.
    - `executor`: takes how many threads, and what they are called.
    - `promise`: makes what threads wait for that share one login.
    - `adapters`: what carries requests to Tagor (see `bridge.tagor.Adapters`).
    - `tapes`: where callers' recordings are.
    - `logging`: takes the level; whoever brings it says where records go.
    """

    script: Speech | None = None
    database: Callable[..., Database] | None = None
    even: Callable[..., ConstantTime] | None = None
    executor: Callable[[int, str], Executor] | None = None
    promise: Callable[[], Future[Any]] = Future
    adapters: Adapters | None = None
    tapes: RecordingStore | None = None
    logging: Callable[[str], None] | None = None


NO_OVERRIDES = Overrides()
"""Nothing brought along."""
