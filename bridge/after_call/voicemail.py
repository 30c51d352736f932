"""The voicemail: fetched from the provider, kept in Tagor, and then deleted at the provider."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bridge.after_call.job_context import (
    UPLOAD_SECONDS,
    JobContext,
    details,
    map_tagor_errors,
    receiver,
    reference,
)
from bridge.after_call.outbox_worker import MarkSending, PermanentFailure, Retry
from bridge.conversation.office_context import OfficeContext
from bridge.office.hours import BRUSSELS
from bridge.speech import NoteBook
from bridge.store.job import Job, NewJob
from bridge.tagor import Attachment, NewMessage

SOON = timedelta(seconds=30)
MAX_LOOKS = 3
"""How often the provider is asked for a recording before it is plain that nobody spoke."""

HIDDEN = "Tagor may hide this attachment (parameter 192): look on the file, and retry if it is not there"


class RecordingStore(Protocol):
    """Where the provider keeps recordings; `bridge/telephony` has the real one."""

    def of_call(self, call_id: str) -> Sequence[str]:
        """The ids of a call's recordings, the newest first."""
        ...

    def fetch(self, recording_id: str) -> bytes:
        """The sound."""
        ...

    def delete(self, recording_id: str) -> None:
        """Delete it for good; one that is gone already is no error."""
        ...


class VoicemailHandler:
    """Keeps what a caller said, on the file or in the office's box, and has the recording deleted then."""

    def __init__(
        self, counter: JobContext, book: NoteBook, tapes: RecordingStore, gone: tuple[type[Exception], ...]
    ) -> None:
        """`gone` is what `tapes` raises, with a sentence, for a recording that Tagor will never have."""
        self._counter, self._book, self._tapes, self._gone = counter, book, tapes, gone

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Whether Tagor has it."""
        branch, told = self._counter.branch(job), details(job)
        deadline = self._counter.deadline()
        if _on_the_file(branch, told):
            shown = [one.name for one in branch.tagor.documents.on_file(told["file"], deadline=deadline)]
        else:
            since = datetime.fromisoformat(told["at"]).astimezone(BRUSSELS).date()
            shown = [one.subject for one in branch.tagor.messages.sent(since=since, deadline=deadline)]
        if any(reference(job) in text for text in shown):
            return self._delete(job, told)
        # sent, and yet at its first try: somebody has looked on the file and had the letter tried again
        if _on_the_file(branch, told) and job.tries > 1:
            raise PermanentFailure(HIDDEN)
        return None

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Fetch it and keep it."""
        branch, told = self._counter.branch(job), details(job)
        recording = self._recording(job, told)
        if recording is None:
            return ()
        attachment = self._fetched(branch, job, recording)
        message = None if _on_the_file(branch, told) else self._message(branch, job, told, attachment)
        sending()
        deadline = self._counter.deadline(UPLOAD_SECONDS)
        with map_tagor_errors():
            if message is None:
                branch.tagor.documents.add(told["file"], attachment, deadline=deadline)
            else:
                branch.tagor.messages.add(message, deadline=deadline)
        return self._delete(job, {**told, "recording": recording})

    def _recording(self, job: Job, told: Mapping[str, Any]) -> str | None:
        """The recording's id; None when nobody spoke. Who hung up while speaking left it at the provider."""
        known: str | None = told.get("recording")
        if known:
            return known
        found = self._at_provider(told["call"])
        if not found and job.tries < MAX_LOOKS:
            raise Retry(SOON)
        return found

    def _at_provider(self, call_id: str) -> str | None:
        try:
            return next(iter(self._tapes.of_call(call_id)), None)
        except Exception as trouble:
            raise Retry from trouble

    def _fetched(self, branch: OfficeContext, job: Job, recording: str) -> Attachment:
        try:
            sound = self._tapes.fetch(recording)
        except self._gone as why:
            raise PermanentFailure(str(why)) from None
        except Exception as trouble:
            raise Retry from trouble
        kind = branch.office.voicemail.format
        return Attachment(f"voicemail-{reference(job)}.{kind}", kind, reference(job), sound)

    def _message(
        self, branch: OfficeContext, job: Job, told: Mapping[str, Any], attachment: Attachment
    ) -> NewMessage:
        whose = receiver(branch.office.voicemail.box, branch.office.callbacks.user)
        day = datetime.fromisoformat(told["at"]).astimezone(BRUSSELS).date()
        values = {
            "ref": ("text", f"({reference(job)})"),
            "caller": ("text", told["caller"] or "-"),
            "day": ("date", day.isoformat()),
            "language": ("text", told["language"]),
        }
        language = branch.office.default_language
        subject = self._book.write("Task.voicemail", values, language)
        text = self._book.write("Task.voicemail_text", values, language)
        return NewMessage(subject, text, whose, told["file"], told["party"], attachment)

    def _delete(self, job: Job, told: Mapping[str, Any]) -> Sequence[NewJob]:
        recording = told.get("recording") or self._at_provider(told["call"])
        if recording is None:
            return ()
        gone = json.dumps({"recording": recording}).encode()
        return [NewJob(f"delete {recording}", job.office, "delete_recording", gone, job.due)]


def _on_the_file(branch: OfficeContext, told: Mapping[str, Any]) -> bool:
    """Whether it is laid among the file's documents, else it is a message's attachment."""
    return bool(told["file"]) and branch.office.voicemail.keep == "attachment"


class DeleteRecordingHandler:
    """Deletes a recording at the provider: as often as it takes, for twice deleted is deleted."""

    def __init__(self, tapes: RecordingStore) -> None:
        self._tapes = tapes

    def is_done(self, job: Job) -> Sequence[NewJob] | None:  # noqa: ARG002 - every delivery's
        """Deleting again does no harm."""
        return None

    def deliver(self, job: Job, _sending: MarkSending) -> Sequence[NewJob]:
        """Delete it."""
        try:
            self._tapes.delete(details(job)["recording"])
        except Exception as trouble:
            raise Retry from trouble
        return ()
