"""The office's questions about a debtor's situation: what can be asked by phone, and answers saved once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.services.action_scope import ActionScope
from bridge.flow.action_context import IdentifiedFile
from bridge.tagor import AnswerKind, SolvencyQuestion, is_sendable
from voice_flows.answers import PhoneQuestion, WriteResult
from voice_flows.services import OfficeQuestions

MAX_QUESTIONS = 15
"""Questions that a caller may be asked: some five minutes. A longer questionnaire is for paper."""
MAX_CHOICES = 4
"""Choices of one question: as many as a menu has keys."""
LONGEST_QUESTION, LONGEST_CHOICE = 150, 40
"""Characters that a caller can keep in mind: ten seconds of words, and three."""

_KINDS: Mapping[AnswerKind, Literal["choice", "yes_no", "amount", "number"]] = {
    AnswerKind.CHOICE: "choice",
    AnswerKind.YES_NO: "yes_no",
    AnswerKind.AMOUNT: "amount",
    AnswerKind.NUMBER: "number",
}


@dataclass(frozen=True, slots=True, repr=False)
class QuestionnaireService(OfficeQuestions):
    """Reads questions and saves answers; every method with a file raises `TagorError` when Tagor fails.

    Whoever did not prove the very party is asked nothing.
    """

    scope: ActionScope

    def may_answer(self, file: IdentifiedFile, language: str) -> bool:
        """Tell whether this caller is asked: it takes a proof that is good enough to decide."""
        return bool(self.named(language)) and self.scope.office.pin_decides and file.names_party

    def named(self, language: str) -> str:
        """Give the questionnaire (id) that the office has in this language, "" where it has none."""
        return self.scope.office.situation.questions.in_language(language)

    def unanswered(self, file: IdentifiedFile, questionnaire: str) -> tuple[PhoneQuestion, ...]:
        """Give the questions without an answer on the file, in the office's order; none of too many."""
        if not self._may_ask(file, questionnaire):
            return ()
        asked = {one.id: (one, question) for one, question in self._askable(file, questionnaire)}
        if len(asked) > MAX_QUESTIONS:
            return ()
        return tuple(one for one, question in asked.values() if not question.answer)

    def save(self, file: IdentifiedFile, questionnaire: str, answers: Mapping[str, str]) -> WriteResult:
        """Save answers once; raises as `ActionScope.write_once` does."""
        return self.scope.write_once(partial(self._command, file, questionnaire, answers))

    def _command(
        self, file: IdentifiedFile, questionnaire: str, answers: Mapping[str, str]
    ) -> WriteCommand | None:
        if not self._may_ask(file, questionnaire):
            return None
        # Looked up again: what an employee has noted meanwhile is not overwritten.
        missing = {one.id for one in self._questions(file, questionnaire) if not one.answer}
        new = tuple((question, answer) for question, answer in answers.items() if question in missing)
        if not new:
            return None
        return WriteCommand("answers", file.id, file.party, code=questionnaire, answers=new)

    def _may_ask(self, file: IdentifiedFile, questionnaire: str) -> bool:
        return any(
            self.may_answer(file, language) and self.named(language) == questionnaire
            for language in self.scope.office.languages
        )

    def _questions(self, file: IdentifiedFile, questionnaire: str) -> tuple[SolvencyQuestion, ...]:
        ask, deadline = self.scope.tagor.questionnaires.questions, self.scope.deadline
        return ask(questionnaire, file.id, file.party or "", deadline=deadline)

    def _askable(
        self, file: IdentifiedFile, questionnaire: str
    ) -> Iterator[tuple[PhoneQuestion, SolvencyQuestion]]:
        for question in self._questions(file, questionnaire):
            if (one := by_phone(question)) is not None:
                yield one, question


def by_phone(question: SolvencyQuestion) -> PhoneQuestion | None:
    """Give a question as it is asked by phone, None where no keys answer it or nobody keeps it in mind."""
    kind = _KINDS.get(question.kind)
    if kind is None or not 0 < len(question.text) <= LONGEST_QUESTION:
        return None
    if kind == "choice" and not _can_be_chosen(question.choices):
        return None
    return PhoneQuestion(question.id, _with_pause(question.text), kind, question.choices)


def _can_be_chosen(choices: tuple[tuple[str, str], ...]) -> bool:
    """Tell whether each choice has a key, a code that Tagor takes back, and words of its own."""
    words = {words for _, words in choices if 0 < len(words) <= LONGEST_CHOICE}
    codes = {code for code, _ in choices if is_sendable("the answer", code)}
    return 1 < len(choices) <= MAX_CHOICES and len(words) == len(codes) == len(choices)


def _with_pause(text: str) -> str:
    """Give a question with a pause behind it, also where its writer left the question mark out."""
    return text if text[-1] in ".?!:;" else f"{text}."
