"""The voicemail: it is fetched from the provider, kept in Tagor, and then deleted at the provider."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bridge.after_call.job_context import (
    UPLOAD_SECONDS,
    JobContext,
    details_of,
    first_named,
    map_tagor_errors,
    reference_of,
)
from bridge.after_call.outbox_worker import MarkSending, PermanentFailure, Retry
from bridge.conversation.office_context import OfficeContext
from bridge.office.hours import BRUSSELS
from bridge.operations.propagation import context_left
from bridge.speech import NoteBook
from bridge.store.job import Job, NewJob
from bridge.tagor import Attachment, NewMessage

SOON = timedelta(seconds=30)

MAX_LOOKS = 3
"""How often the provider is asked for a recording before it is plain that nobody spoke."""

HIDDEN = "Tagor may hide this attachment (parameter 192): look on the file, and retry if it is not there"


class RecordingStore(Protocol):
    """Keeps recordings at the provider; `bridge/telephony` has the real one."""

    def of_call(self, call_id: str) -> Sequence[str]:
        """Give the ids of a call's recordings, the newest first."""
        ...

    def fetch(self, recording_id: str) -> bytes:
        """Give the sound."""
        ...

    def delete(self, recording_id: str) -> None:
        """Delete it for good; one that is gone already is no error."""
        ...


class VoicemailHandler:
    """Keeps what a caller said on the file or in the office's box, and then has the recording deleted.

    Args:
        jobs: gives each job its office.
        notes: the office's sentences.
        recordings: the provider's recordings.
        gone: what `recordings` raises, with a sentence, for a recording that Tagor will never have.
    """

    def __init__(
        self,
        jobs: JobContext,
        notes: NoteBook,
        recordings: RecordingStore,
        gone: tuple[type[Exception], ...],
    ) -> None:
        self._jobs, self._notes, self._recordings, self._gone = jobs, notes, recordings, gone

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Tell whether Tagor has the voicemail, as a document or as a message."""
        context, details, deadline = self._jobs.office_of(job), details_of(job), self._jobs.deadline()
        on_file = _is_for_file(context, job)
        if on_file:
            names = [one.name for one in context.tagor.documents.on_file(details["file"], deadline=deadline)]
        else:
            since = datetime.fromisoformat(details["at"]).astimezone(BRUSSELS).date()
            names = [one.subject for one in context.tagor.messages.sent(since=since, deadline=deadline)]
        if any(reference_of(job) in name for name in names):
            return self._deletion(job, details.get("recording") or self._at_provider(details["call"]))
        # The job was sent, and an employee has looked on the file since and had the dead letter tried again.
        if on_file and job.tries > 1:
            raise PermanentFailure(HIDDEN)
        return None

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Fetch the recording and put it into Tagor, on the file or in the office's box."""
        context, details = self._jobs.office_of(job), details_of(job)
        # The provider's callback brings the id. It may be lost, so the call's own list is asked without it.
        recording = details.get("recording") or self._at_provider(details["call"])
        if recording is None:
            # The provider may show a recording late, also of somebody who hung up while speaking.
            if job.tries < MAX_LOOKS:
                raise Retry(SOON)
            return ()
        # Everything that can fail without an effect comes before the mark of sending.
        attachment = self._fetch(context, job, recording)
        message = None if _is_for_file(context, job) else self._message(context, job, attachment)
        sending()
        deadline = self._jobs.deadline(UPLOAD_SECONDS)
        with map_tagor_errors():
            if message is None:
                context.tagor.documents.add(details["file"], attachment, deadline=deadline)
            else:
                context.tagor.messages.add(message, deadline=deadline)
        # Only now: until Tagor has the sound, the provider's copy is the only one.
        return self._deletion(job, recording)

    def _at_provider(self, call_id: str) -> str | None:
        """Ask the provider for the newest recording of a call, None when it has none."""
        try:
            return next(iter(self._recordings.of_call(call_id)), None)
        except Exception as trouble:
            # Whatever it was, it only read: a recording is no reason to give a job up.
            raise Retry from trouble

    def _fetch(self, context: OfficeContext, job: Job, recording: str) -> Attachment:
        try:
            sound = self._recordings.fetch(recording)
        except self._gone as why:
            raise PermanentFailure(str(why)) from None
        except Exception as trouble:
            raise Retry from trouble
        kind = context.office.voicemail.format
        return Attachment(f"voicemail-{reference_of(job)}.{kind}", kind, reference_of(job), sound)

    def _message(self, context: OfficeContext, job: Job, attachment: Attachment) -> NewMessage:
        details, office = details_of(job), context.office
        user = first_named(office.voicemail.box, office.callbacks.user)
        day = datetime.fromisoformat(details["at"]).astimezone(BRUSSELS).date()
        values = {
            "ref": ("text", f"({reference_of(job)})"),
            "caller": ("text", details["caller"] or "-"),
            "day": ("date", day.isoformat()),
            "language": ("text", details["language"]),
        }
        subject = self._notes.write("Task.voicemail", values, office.default_language)
        text = self._notes.write("Task.voicemail_text", values, office.default_language)
        return NewMessage(subject, text, user, details["file"], details["party"], attachment)

    def _deletion(self, job: Job, recording: str | None) -> Sequence[NewJob]:
        if recording is None:
            return ()
        details = json.dumps({"recording": recording, **context_left()}).encode()
        return [NewJob(f"delete {recording}", job.office, "delete_recording", details, job.due)]


def _is_for_file(context: OfficeContext, job: Job) -> bool:
    """Tell whether the voicemail becomes a document of the file; else it is attached to a message."""
    return bool(details_of(job)["file"]) and context.office.voicemail.keep == "attachment"


class DeleteRecordingHandler:
    """Deletes a recording at the provider, as often as it takes: deleting twice does no harm."""

    def __init__(self, recordings: RecordingStore) -> None:
        self._recordings = recordings

    def is_done(self, job: Job) -> Sequence[NewJob] | None:  # noqa: ARG002 - every handler's signature
        """Give None: it is simply deleted again."""
        return None

    def deliver(self, job: Job, _sending: MarkSending) -> Sequence[NewJob]:
        """Delete it."""
        try:
            self._recordings.delete(details_of(job)["recording"])
        except Exception as trouble:
            raise Retry from trouble
        return ()
