"""Puts together what happens after a call: the courier, and how each kind of job is delivered."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bridge.after_call.call_back import CallBackCheckHandler, CallBackHandler
from bridge.after_call.job_context import JobContext
from bridge.after_call.note import NoteHandler
from bridge.after_call.outbox_worker import JobHandler, OutboxWorker
from bridge.after_call.voicemail import DeleteRecordingHandler, RecordingStore, VoicemailHandler
from bridge.clock import Clock
from bridge.conversation.office_context import OfficeContext
from bridge.settings import Settings
from bridge.speech import NoteBook
from bridge.store.repositories import Repositories
from bridge.telephony.provider import Provider
from bridge.telephony.recordings import Gone, Recordings, TooLarge

if TYPE_CHECKING:
    from bridge.store.job import Kind


def outbox_worker(
    settings: Settings,
    provider: Provider,
    clocks: Clock,
    books: Repositories,
    *,
    branches: Mapping[str, OfficeContext],
    notes: NoteBook,
    tapes: RecordingStore | None = None,
) -> OutboxWorker:
    """The courier of this bridge, for the offices it answers for (by key).

    `tapes` are where recordings lie, if not at the provider.
    """
    counter = JobContext(branches, clocks.ticks)
    tapes = tapes or Recordings(
        settings.provider_api or provider.api,
        settings.account,
        settings.tokens[0].get_secret_value(),
        provider=provider,
    )
    deliveries: dict[Kind, JobHandler] = {
        "note": NoteHandler(counter, notes),
        "voicemail": VoicemailHandler(counter, notes, tapes, (Gone, TooLarge)),
        "delete_recording": DeleteRecordingHandler(tapes),
        "callback": CallBackHandler(counter, notes, books.promises),
        "check_callback": CallBackCheckHandler(counter, books.promises),
    }
    return OutboxWorker(books.outbox, deliveries, now=clocks.now, ticks=clocks.ticks)
