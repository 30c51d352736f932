"""What the office writes to the caller: messages nobody has read, letters, documents that can be ordered."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from textwrap import shorten

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.office_context import DOCUMENTS_PART, LETTERS_PART
from bridge.conversation.prefetch import TagorQuestion
from bridge.conversation.services.action_scope import ActionScope
from bridge.flow.action_context import IdentifiedFile
from bridge.tagor import DefendantMessage, DocumentKind, TagorError
from voice_flows.answers import SentLetter, WriteResult
from voice_flows.services import Correspondence

LONGEST_NAME = 60
"""Characters of a name that a caller may be told."""
LETTER = "pdf"
"""The kind of a document that is a letter; recordings and pictures of others lie on the file as well."""


@dataclass(frozen=True, slots=True, repr=False)
class CorrespondenceService(Correspondence):
    """Reads what the office wrote; every method raises `TagorError` without a usable answer in time."""

    scope: ActionScope

    def unread(self, file: IdentifiedFile) -> tuple[str, ...]:
        """Give the ids of the messages about the file that its defendant has not read, oldest first."""
        question = self._unread(file)
        if question is None:
            return ()
        found = self.scope.office_context.prefetcher.answer(question, self.scope.deadline)
        return tuple(message.id for message in found)

    def message(self, file: IdentifiedFile, message: str) -> DefendantMessage | None:
        """Give a message (id) that the defendant has not read, None when it is no such message any more."""
        if message not in self.unread(file):
            return None
        found = self.scope.tagor.messages.message(message, deadline=self.scope.deadline)
        return found if found is not None and found.file == file.id else None

    def prefetch(self, file: IdentifiedFile) -> None:
        """Begin to ask for the unread messages; it never waits and never raises."""
        if question := self._unread(file):
            self.scope.office_context.prefetcher.start(question)

    def orderable(self, file: IdentifiedFile, language: str) -> tuple[DocumentKind, ...]:
        """Give the documents that this caller may order, named in a language as far as Tagor has words."""
        found = self._requestable(file)
        words: dict[str, str] = {}
        with suppress(TagorError):  # the office's own name is better than no document
            ids = [kind.id for kind in found]
            words = self.scope.tagor.codes.words("TDOCM", ids, language, deadline=self.scope.deadline)
        return tuple(replace(kind, name=words.get(kind.id) or kind.name) for kind in found)

    def statement(self, file: IdentifiedFile, language: str) -> DocumentKind | None:
        """Give the document that states the debt as the office names it, if this caller may order it."""
        code = self.scope.office.letters.statement.lower()
        found = self.orderable(file, language) if code else ()
        return next((kind for kind in found if kind.code.lower() == code), None)

    def order(self, file: IdentifiedFile, document: str) -> WriteResult:
        """Order a document (id) once; raises as `ActionScope.write_once` does."""
        return self.scope.write_once(partial(self._order, file, document))

    @property
    def tells_letters(self) -> bool:
        """Whether the office tells letters: its file has it so, and nobody has switched that off."""
        return LETTERS_PART not in self.scope.office_context.rules.off

    @property
    def offers_documents(self) -> bool:
        """Whether the office offers documents: its file has it so, and nobody has switched that off."""
        return DOCUMENTS_PART not in self.scope.office_context.rules.off

    def sent(self, file: IdentifiedFile) -> tuple[SentLetter, ...]:
        """Give the letters on the file with a name and a day, newest first.

        Where the office has it so, what Tagor lists as correspondence is among them, by its first words.
        """
        if not self.scope.office.letters.sent or not file.strong:
            return ()
        found = self.scope.tagor.documents.on_file(file.id, deadline=self.scope.deadline)
        letters = [
            SentLetter(one.name, one.day)
            for one in found
            if one.day and one.kind.lower() == LETTER and 0 < len(one.name) <= LONGEST_NAME
        ]
        return tuple(sorted([*letters, *self._correspondence(file)], key=_day, reverse=True))

    def _correspondence(self, file: IdentifiedFile) -> Iterator[SentLetter]:
        if self.scope.office.letters.correspondence:
            for one in self.scope.tagor.notes.correspondence(file.id, deadline=self.scope.deadline):
                # Tagor cuts a message short wherever it likes; it is told up to its last whole word.
                name = shorten(one.text, LONGEST_NAME, placeholder="")
                if one.day and name:
                    yield SentLetter(name, one.day)

    def _order(self, file: IdentifiedFile, document: str) -> WriteCommand | None:
        kind = next((kind for kind in self._requestable(file) if kind.id == document), None)
        if kind is None:
            return None
        there = self.scope.tagor.documents.on_file(file.id, deadline=self.scope.deadline)
        return WriteCommand(
            "document",
            file.id,
            file.party,
            code=kind.id,
            name=kind.name,
            before=tuple(one.id for one in there),
        )

    def _requestable(self, file: IdentifiedFile) -> tuple[DocumentKind, ...]:
        # A neighbour who knows the house number must not make the office write to the defendant.
        if not (self.scope.office.letters.orders and file.strong and file.party is not None):
            return ()
        found = self.scope.tagor.documents.requestable(deadline=self.scope.deadline)
        return tuple(kind for kind in found if 0 < len(kind.name) <= LONGEST_NAME)

    def _unread(self, file: IdentifiedFile) -> TagorQuestion[tuple[DefendantMessage, ...]] | None:
        """Give the question for the unread messages, None where this office or this caller hears of none."""
        # A message is for one defendant: a weak proof names nobody, and some strong ones do not either.
        if not self.scope.office.letters.messages or not file.strong or file.party is None:
            return None
        ask, deadline = self.scope.tagor.messages.unread, self.scope.deadline
        # The call is part of the key: no call may be told what was asked with another call's proof.
        key = ("unread", self.scope.call_id, file.id, file.party)
        return TagorQuestion(key, partial(ask, file.id, file.party, deadline=deadline))


def _day(letter: SentLetter) -> date:
    return letter.day
