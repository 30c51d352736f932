"""What stands on a file for the office's employees: notes, and what was written to and fro."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from bridge.tagor.employee_models import InfoLine
from bridge.tagor.http.response import Content
from bridge.tagor.schema.answer import Answer
from bridge.tagor.schema.context import nested, rows_of
from bridge.tagor.schema.fields import LooseDate, TagorId, Words
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table

_TABLE = "TDOSINFOWeb"
_LETTERS = "TDOSCorrespondenceWeb"


class _Written(Answer):
    file: TagorId = Field(alias="TDOS_Id")


class _Line(Answer):
    text: Words = Field("", alias="Omschrijving")
    day: LooseDate = Field(None, alias="DatumInfo")


def _rows(value: object) -> object:
    """Correspondence has tables of its own in generation 2.00 only."""
    own = isinstance(value, dict) and f"ds{_LETTERS}" in value
    table = _LETTERS if own else _TABLE
    return rows_of(value, f"ds{table}", f"tt{table}")


class _WrittenLines(Answer):
    lines: Annotated[list[_Written], nested(f"ds{_TABLE}", f"tt{_TABLE}")] = Field(
        alias=f"ds{_TABLE}", min_length=1, max_length=1
    )


class _Lines(Answer):
    lines: Annotated[list[_Line], BeforeValidator(_rows)] = Field(alias=f"ds{_TABLE}")


def _read_file(content: Content) -> str:
    return _WrittenLines.model_validate(content).lines[0].file


def _read_lines(content: Content) -> tuple[InfoLine, ...]:
    return tuple(InfoLine(line.text, line.day) for line in _Lines.model_validate(content).lines)


CREATE_INFO_LINE = Operation(
    path="Dossier/CreateInfoLine",
    dialect=Encoding.DATASET,
    tables=(Table(_TABLE, ("TDOS_Id", "TQINFO_Id", "TQINFODEF_Id", "Omschrijving", "DatumInfo")),),
    read=_read_file,
    effect=Effect.WRITE,
)
GET_INFO = Operation(path="Dossier/GetInfo", fields=("TDOS_Id",), dialect=Encoding.DATASET, read=_read_lines)
GET_CORRESPONDENCE = Operation(
    path="Dossier/GetCorrespondence", fields=("TDOS_Id",), dialect=Encoding.DATASET, read=_read_lines
)
