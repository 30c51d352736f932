"""The note on the file: what was asked in a call, what was agreed, how it ended; exactly one a call."""

from collections.abc import Sequence
from textwrap import shorten

from bridge.after_call.info_line import find_line, write_line
from bridge.after_call.job_context import JobContext, details_of, reference_of
from bridge.after_call.outbox_worker import MarkSending
from bridge.speech import NoteBook
from bridge.store.job import Job, NewJob

LONGEST = 1000
"""The characters Tagor takes for one line on a file."""


class NoteHandler:
    """Writes an info line onto the file; a line with the job's reference proves that it is there."""

    def __init__(self, jobs: JobContext, notes: NoteBook) -> None:
        self._jobs, self._notes = jobs, notes

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Tell whether the file has this note."""
        return find_line(self._jobs, job)

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Write the note."""
        office = self._jobs.office_of(job).office
        text, codes = self._text(job, office.default_language), office.notes
        return write_line(
            self._jobs, job, text, sending, kind=codes.info_kind, definition=codes.info_definition
        )

    def _text(self, job: Job, language: str) -> str:
        """Write as much as one line takes; how the call ended and the reference are always there."""
        details = details_of(job)
        sentences = [self._notes.write("Note.begin", {}, language)]
        for entry in details["entries"]:
            values = {name: (fact["kind"], fact["value"]) for name, fact in entry["facts"].items()}
            sentences.append(self._notes.write(entry["mark"], values, language))
        ending = self._notes.write(f"Note.{details['ending']}", {}, language)
        end = f"{ending} ({reference_of(job)})"
        # Tagor cuts a longer line, and with its end the reference by which it is found again.
        room = LONGEST - len(end) - 1
        return f"{shorten(' '.join(sentences), room, placeholder=' ...')} {end}"
