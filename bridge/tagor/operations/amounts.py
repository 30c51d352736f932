"""Asks how a file's balance is made up, and notes something at one of its lines."""

from datetime import date

from pydantic import Field

from bridge.tagor.file_models import BalancePart, FileLine
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.schema.answer import AnswerModel, has_table, table_reader
from bridge.tagor.schema.fields import Content, Day, MaybeId, MaybeMoney, TagorId, Text, Words
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table, checked
from bridge.tagor.session import TagorSession

_INFO = "TDOSLIJNINFOWeb"


class _Balance(AnswerModel):
    code_id: TagorId = Field(alias="TQSALDO_Id")
    amount: MaybeMoney = Field(None, alias="Bedrag")


class _AccountLine(AnswerModel):
    id: MaybeId = Field(None, alias="TDOSLIJN_Id")
    text: Text = Field("", alias="Omschrijving")
    day: Day = Field(None, alias="DatumBoeking")
    amount: MaybeMoney = Field(None, alias="Bedrag")
    nature_id: Text = Field("", alias="TQAARD_Id")
    booking_id: Text = Field("", alias="TQBOEKING_Id")
    state: Text = Field("", alias="State")


class _LineNote(AnswerModel):
    text: Words = Field("", alias="description")


class _Noted(AnswerModel):
    line: TagorId = Field(alias="financial_line_id")


_balances = table_reader("TDOSSALDOWeb", _Balance)
_lines = table_reader("TDOSLIJNWeb", _AccountLine)
_line_notes = table_reader(_INFO, _LineNote)
_noted = table_reader(_INFO, _Noted, every_row=True)
# Generation 1.08 answers under the name of the info lines of a file.
_noted_earlier = table_reader("TDOSINFOWeb", _Noted, every_row=True)


def _read_balances(content: Content) -> tuple[BalancePart, ...]:
    return tuple(BalancePart(**row.model_dump()) for row in _balances(content))


def _read_lines(content: Content) -> tuple[FileLine, ...]:
    return tuple(FileLine(**row.model_dump()) for row in _lines(content))


def _read_line_notes(content: Content) -> tuple[str, ...]:
    return tuple(note.text for note in _line_notes(content))


def _read_noted(content: Content) -> str:
    rows = _noted(content) if has_table(content, _INFO) else _noted_earlier(content)
    if len(rows) != 1:
        raise ValueError("one row was sent")
    return rows[0].line


GET_BALANCES = Operation(
    path="Dossier/GetBalances", fields=("TDOS_Id",), encoding=Encoding.DATASET, read=_read_balances
)
GET_LINES = Operation(
    path="Dossier/GetLines",
    fields=("TDOS_Id", "is-defendant", "evolution-only"),
    encoding=Encoding.DATASET,
    read=_read_lines,
)
GET_LINE_INFO = Operation(
    path="Dossierlijn/GetInfo", fields=("TDOSLIJN_Id",), encoding=Encoding.DATASET, read=_read_line_notes
)
CREATE_LINE_INFO = Operation(
    path="Dossierlijn/CreateInfoLine",
    encoding=Encoding.DATASET,
    tables=(Table(_INFO, ("financial_line_id", "type_id", "description", "date")),),
    read=_read_noted,
    effect=Effect.WRITE,
)


class Amounts:
    """Questions about what makes up a balance (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def balances(self, file: str, *, deadline: Deadline) -> tuple[BalancePart, ...]:
        """Ask for the balances of a file (id) by code; `VRW` is the code of what the defendants owe."""
        return self._session.ask(GET_BALANCES, deadline, checked("the file id", file))

    def lines(self, file: str, *, evolution_only: bool = False, deadline: Deadline) -> tuple[FileLine, ...]:
        """Ask for the lines of a file (id) as a defendant sees them, perhaps only those that matter most."""
        values = checked("the file id", file), "true", "true" if evolution_only else None
        return self._session.ask(GET_LINES, deadline, *values)

    def notes_on_line(self, line: str, *, deadline: Deadline) -> tuple[str, ...]:
        """Ask for the texts at a line (id)."""
        return self._session.ask(GET_LINE_INFO, deadline, checked("the line id", line))

    def note_on_line(self, line: str, text: str, day: date, *, kind: str = "", deadline: Deadline) -> None:
        """Change Tagor: write a text at a line (id), dated `day`; `kind` is the office's code for it (id)."""
        values = (
            checked("the line id", line),
            checked("the code id", kind),
            checked("the text", text),
            f"{day:%Y-%m-%d}",
        )
        if self._session.ask(CREATE_LINE_INFO, deadline, *values) != line:
            raise CREATE_LINE_INFO.of_another("line")
