"""The parts of a bridge that a rehearsal replaces, such as its database, its threads, its way to Tagor."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import Flask

from bridge.after_call.voicemail import RecordingStore
from bridge.conversation.constant_time import ConstantTime
from bridge.conversation.reply import AnswerRenderer
from bridge.office.reading import Offices
from bridge.speech import Catalogue, NoteBook
from bridge.store.database import Database
from bridge.tagor import Adapters
from bridge.telephony.fallback_documents import FallbackDocuments


class Speech(NamedTuple):
    """All the line can say and all it writes down, proved against the flows."""

    words: Catalogue
    notes: NoteBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What a rehearsal brings along; None stands for the bridge's own part.

    Attributes:
        speech: the words, where they have been read and proved before.
        offices: the offices, where their files have been read before.
        renderers: what makes the documents of each office, by its key, where others have used it before.
        fallback_documents: what is spoken when nothing else can be, where it has been rendered before.
        flask: is called as `Flask` is, and gives an application without routes.
        database: is called as `Database` is, and gives one.
        constant_time: is called as `ConstantTime` is, and gives one.
        executor: makes an executor of so many threads, which have that name.
        promise: makes the future that threads wait for while one of them logs in to Tagor.
        adapters: makes what carries requests to Tagor (see `bridge.tagor.Adapters`).
        recordings: where callers' recordings are.
        start_logging: is called with the level, and decides where records go.
    """

    speech: Speech | None = None
    offices: Offices | None = None
    renderers: Mapping[str, AnswerRenderer] = field(default_factory=dict)
    fallback_documents: FallbackDocuments | None = None
    flask: Callable[..., Flask] = Flask
    database: Callable[..., Database] | None = None
    constant_time: Callable[..., ConstantTime] | None = None
    executor: Callable[[int, str], Executor] | None = None
    promise: Callable[[], Future[Any]] = Future
    adapters: Adapters | None = None
    recordings: RecordingStore | None = None
    start_logging: Callable[[str], None] | None = None


NO_OVERRIDES = Overrides()
"""Every part is the bridge's own."""
