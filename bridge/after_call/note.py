"""The note on the file: what was asked in a call, what was agreed, how it ended; exactly one for each."""

from collections.abc import Mapping, Sequence
from datetime import date
from textwrap import shorten
from typing import Any

from bridge.after_call.job_context import JobContext, details, map_tagor_errors, reference
from bridge.after_call.outbox_worker import MarkSending
from bridge.speech import NoteBook
from bridge.store.job import Job, NewJob

LONGEST = 1000
"""The characters Tagor takes for one line on a file."""


class NoteHandler:
    """Writes an info line onto the file; a line with the job's reference is the proof that it is there."""

    def __init__(self, counter: JobContext, book: NoteBook) -> None:
        self._counter, self._book = counter, book

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Whether the file has this note."""
        tagor = self._counter.branch(job).tagor
        lines = tagor.notes.on_file(details(job)["file"], deadline=self._counter.deadline())
        return () if any(reference(job) in line.text for line in lines) else None

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Write it."""
        branch, told = self._counter.branch(job), details(job)
        notes, language = branch.office.notes, branch.office.default_language
        text = self._words(told, language, reference(job))
        sending()
        with map_tagor_errors():
            branch.tagor.notes.create(
                told["file"],
                text,
                date.fromisoformat(told["day"]),
                kind=notes.info_kind,
                definition=notes.info_definition,
                deadline=self._counter.deadline(),
            )
        return ()

    def _words(self, told: Mapping[str, Any], language: str, ref: str) -> str:
        """All of it as far as one line takes it: how the call ended and the reference are always there."""
        sentences = [self._book.write("Note.begin", {}, language)]
        for entry in told["entries"]:
            values = {name: (fact["kind"], fact["value"]) for name, fact in entry["facts"].items()}
            sentences.append(self._book.write(entry["mark"], values, language))
        ending = self._book.write(f"Note.{told['ending']}", {}, language)
        end = f"{ending} ({ref})"
        room = LONGEST - len(end) - 1
        return f"{shorten(' '.join(sentences), room, placeholder=' ...')} {end}"
