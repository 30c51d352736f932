"""Writes and reads what stands on a file for the office's employees: notes and correspondence."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from bridge.tagor.employee_models import InfoLine
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.schema.answer import NEEDED, AnswerModel, nested, rows_of
from bridge.tagor.schema.fields import Content, Day, TagorId, Words
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table, checked
from bridge.tagor.session import TagorSession

_TABLE = "TDOSINFOWeb"
_LETTERS = "TDOSCorrespondenceWeb"


class _Written(AnswerModel):
    file: TagorId = Field(alias="TDOS_Id")


class _Line(AnswerModel):
    text: Words = Field("", alias="Omschrijving", json_schema_extra=NEEDED)
    day: Day = Field(None, alias="DatumInfo")


def _rows(value: object) -> object:
    """Find the rows of lines or of correspondence, which has tables of its own in generation 2.00 only."""
    own = isinstance(value, dict) and f"ds{_LETTERS}".lower() in map(str.lower, value)
    table = _LETTERS if own else _TABLE
    return rows_of(value, f"ds{table}", f"tt{table}")


class _WrittenLines(AnswerModel):
    lines: Annotated[list[_Written], nested(f"ds{_TABLE}", f"tt{_TABLE}")] = Field(
        alias=f"ds{_TABLE}", min_length=1, max_length=1
    )


class _Lines(AnswerModel):
    lines: Annotated[list[_Line], BeforeValidator(_rows)] = Field(alias=f"ds{_TABLE}")


def _read_file(content: Content) -> str:
    return _WrittenLines.model_validate(content).lines[0].file


def _read_lines(content: Content) -> tuple[InfoLine, ...]:
    return tuple(InfoLine(line.text, line.day) for line in _Lines.model_validate(content).lines)


CREATE_INFO_LINE = Operation(
    path="Dossier/CreateInfoLine",
    encoding=Encoding.DATASET,
    tables=(Table(_TABLE, ("TDOS_Id", "TQINFO_Id", "TQINFODEF_Id", "Omschrijving", "DatumInfo")),),
    read=_read_file,
    effect=Effect.WRITE,
)
GET_INFO = Operation(path="Dossier/GetInfo", fields=("TDOS_Id",), encoding=Encoding.DATASET, read=_read_lines)
GET_CORRESPONDENCE = Operation(
    path="Dossier/GetCorrespondence", fields=("TDOS_Id",), encoding=Encoding.DATASET, read=_read_lines
)


class Notes:
    """Lines on a file for the office's employees (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def create(
        self, file: str, text: str, day: date, *, kind: str = "", definition: str = "", deadline: Deadline
    ) -> None:
        """Change Tagor: write a line onto a file (id), dated `day`.

        `kind` and `definition` are the office's own codes for it (ids), empty where it has set none.
        """
        values = (
            checked("the file id", file),
            checked("the code id", kind),
            checked("the code id", definition),
            checked("the text", text),
            f"{day:%Y-%m-%d}",
        )
        # Tagor answers with the row that it wrote, so a line on the wrong file is found out at once.
        if self._session.ask(CREATE_INFO_LINE, deadline, *values) != file:
            raise CREATE_INFO_LINE.of_another("file")

    def on_file(self, file: str, *, deadline: Deadline) -> tuple[InfoLine, ...]:
        """Ask for the lines on a file (id), the bridge's own among them."""
        return self._session.ask(GET_INFO, deadline, checked("the file id", file))

    def correspondence(self, file: str, *, deadline: Deadline) -> tuple[InfoLine, ...]:
        """Ask which messages there are about a file (id), each by its first words."""
        return self._session.ask(GET_CORRESPONDENCE, deadline, checked("the file id", file))
