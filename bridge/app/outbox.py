"""Puts together what happens after a call: the outbox worker, and the handler of each kind of job."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bridge.after_call.answers import AnswersHandler
from bridge.after_call.call_back import CallBackCheckHandler, CallBackHandler
from bridge.after_call.job_context import JobContext
from bridge.after_call.line_note import LineNoteHandler
from bridge.after_call.note import NoteHandler
from bridge.after_call.outbox_worker import JobHandler, OutboxWorker
from bridge.after_call.read_message import ReadMessageHandler
from bridge.after_call.task import TaskHandler
from bridge.after_call.voicemail import DeleteRecordingHandler, RecordingStore, VoicemailHandler
from bridge.clock import Clock
from bridge.conversation.office_context import OfficeContext
from bridge.operations.propagation import WorkSpan, no_span
from bridge.settings import Settings
from bridge.speech import NoteBook
from bridge.store.repositories import Repositories
from bridge.telephony.provider import Provider
from bridge.telephony.providers import PROVIDERS
from bridge.telephony.recordings import Gone, RecordingError, Recordings, TooLarge

if TYPE_CHECKING:
    from bridge.store.job import JobKind


def outbox_worker(
    settings: Settings,
    provider: Provider,
    clock: Clock,
    repositories: Repositories,
    *,
    contexts: Mapping[str, OfficeContext],
    notes: NoteBook,
    recordings: RecordingStore | None = None,
    span: WorkSpan = no_span,
) -> OutboxWorker:
    """Make the worker that delivers what calls left to be done, for the offices in `contexts` (by key).

    `recordings` replaces the provider as the place where callers' recordings are; `span` surrounds each job.
    """
    jobs = JobContext(contexts, clock)
    recordings = recordings or _recordings(settings, provider)
    handlers: dict[JobKind, JobHandler] = {
        "note": NoteHandler(jobs, notes),
        "task": TaskHandler(jobs, notes, repositories.decisions),
        "line_note": LineNoteHandler(jobs, notes),
        "voicemail": VoicemailHandler(jobs, notes, recordings, (Gone, TooLarge)),
        "delete_recording": DeleteRecordingHandler(recordings),
        "callback": CallBackHandler(jobs, notes, repositories.callbacks),
        "check_callback": CallBackCheckHandler(jobs, repositories.callbacks),
        "read_message": ReadMessageHandler(jobs),
        "answers": AnswersHandler(jobs, repositories.decisions),
    }
    return OutboxWorker(repositories.outbox, handlers, clock=clock, span=span)


def voicemail_sounds(settings: Settings) -> Callable[[bytes], bytes | None]:
    """Make what gives the sound of a voicemail by the payload of its job, None when it cannot be had now."""
    recordings = _recordings(settings, PROVIDERS[settings.provider])

    def sound(payload: bytes) -> bytes | None:
        details = json.loads(payload)
        try:
            kept = [details["recording"]] if "recording" in details else recordings.of_call(details["call"])
            return recordings.fetch(kept[0]) if kept else None
        except RecordingError:
            return None

    return sound


def _recordings(settings: Settings, provider: Provider) -> Recordings:
    return Recordings(
        settings.provider_api or provider.recordings.address,
        settings.account,
        settings.tokens[0].get_secret_value(),  # the current one; the other is on its way in or out
        provider=provider,
        ca_file=settings.provider_ca_file,
    )
