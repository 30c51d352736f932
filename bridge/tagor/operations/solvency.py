"""Asks the office's questionnaires about a debtor's situation, and saves the answers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainValidator

from bridge.tagor.file_models import AnswerKind, ListedQuestionnaire, SolvencyQuestion
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.schema.answer import AnswerModel, refuse_unless_done, table_reader
from bridge.tagor.schema.fields import Content, TagorId, Text, Words, read_text
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table, checked, checked_if_given
from bridge.tagor.session import TagorSession

_TABLE = "SolvencyReport"
_UNREADABLE = "?"
# Tagor's words for what an answer is; anything else is a text.
_KINDS = {
    "combo": AnswerKind.CHOICE,
    "logical": AnswerKind.YES_NO,
    "boolean": AnswerKind.YES_NO,
    "decimal": AnswerKind.AMOUNT,
    "integer": AnswerKind.NUMBER,
}


class _Model(AnswerModel):
    id: TagorId = Field(alias="Id")
    name: Text = Field("", alias="Omschrijving")


def _read_kind(value: object) -> AnswerKind:
    return _KINDS.get(read_text(value).lower(), AnswerKind.TEXT)


def _read_answer(value: object) -> str:
    """Return an answer as it is saved; one that cannot be read is no answer that is still missing."""
    if isinstance(value, bool | Decimal):
        return str(value).lower()
    try:
        return read_text(value)
    except ValueError:
        return _UNREADABLE


class _Question(AnswerModel):
    id: TagorId
    text: Text = Field("", alias="name")
    description: Words = ""
    kind: Annotated[AnswerKind, PlainValidator(_read_kind)] = Field(AnswerKind.TEXT, alias="type")
    answer: Annotated[str, PlainValidator(_read_answer)] = Field("", alias="val")


_models = table_reader("CodetabelIDs", _Model)
_questions = table_reader(_TABLE, _Question)


def _read_models(content: Content) -> tuple[ListedQuestionnaire, ...]:
    return tuple(ListedQuestionnaire(row.id, row.name) for row in _models(content))


def _read_questions(content: Content) -> tuple[SolvencyQuestion, ...]:
    return tuple(
        SolvencyQuestion(row.id, row.text, row.kind, _choices(row), row.answer) for row in _questions(content)
    )


def _choices(question: _Question) -> tuple[tuple[str, str], ...]:
    """Return the choices of a question, which Tagor writes as `code=words,code=words`."""
    if question.kind is not AnswerKind.CHOICE:
        return ()
    pairs = (part.strip().partition("=") for part in question.description.split(","))
    return tuple((code.strip(), words.strip()) for code, sign, words in pairs if sign and code.strip())


GET_LIST = Operation(
    path="SolvencyReport/GetList", fields=("TQDOSSOORT_Id",), encoding=Encoding.DATASET, read=_read_models
)
GET = Operation(
    path="SolvencyReport/Get",
    fields=("TCFGSOLVRAPMOD_Id", "TDOS_Id", "TPAR_Id"),
    encoding=Encoding.DATASET,
    read=_read_questions,
)
SAVE = Operation(
    path="SolvencyReport/Save",
    fields=("TCFGSOLVRAPMOD_Id", "TDOS_Id", "TPAR_Id"),
    encoding=Encoding.DATASET,
    tables=(Table(_TABLE, ("id", "val"), many=True),),
    read=refuse_unless_done,
    effect=Effect.WRITE,
)


class Questionnaires:
    """Questions about a debtor's situation (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def known(self, kind: str | None = None, *, deadline: Deadline) -> tuple[ListedQuestionnaire, ...]:
        """Ask which questionnaires the office has, for a kind of file (id) if one is given."""
        return self._session.ask(GET_LIST, deadline, checked_if_given("the kind of file", kind))

    def questions(
        self, questionnaire: str, file: str, party: str, *, deadline: Deadline
    ) -> tuple[SolvencyQuestion, ...]:
        """Ask for the questions of a questionnaire (id), with what a party (id) answered on a file (id)."""
        return self._session.ask(GET, deadline, *_answered_by(questionnaire, file, party))

    def save(
        self, questionnaire: str, file: str, party: str, answers: Mapping[str, str], *, deadline: Deadline
    ) -> None:
        """Change Tagor: keep answers by the ids of their questions.

        A choice is its code, a yes or no `true` or `false`, an amount euro with a dot, a number its digits.
        """
        rows = tuple(
            (checked("the question id", question), checked("the answer", answer))
            for question, answer in answers.items()
        )
        self._session.ask(SAVE, deadline, *_answered_by(questionnaire, file, party), rows)


def _answered_by(questionnaire: str, file: str, party: str) -> tuple[str, str, str]:
    """Return the ids of one party's answers on a file, each checked."""
    return (
        checked("the questionnaire id", questionnaire),
        checked("the file id", file),
        checked("the party id", party),
    )
