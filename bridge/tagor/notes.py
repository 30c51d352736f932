"""What the bridge writes onto a file for the office's employees."""

from typing import Annotated

from pydantic import Field

from bridge.tagor.answer import Answer
from bridge.tagor.context import nested
from bridge.tagor.fields import TagorId
from bridge.tagor.operation import Dialect, Effect, Operation
from bridge.tagor.reply import Content

_TABLE = "TDOSINFOWeb"


class _Line(Answer):
    file: TagorId = Field(alias="TDOS_Id")


class _Lines(Answer):
    lines: Annotated[list[_Line], nested(f"ds{_TABLE}", f"tt{_TABLE}")] = Field(
        alias=f"ds{_TABLE}", min_length=1, max_length=1
    )


def _read_file(content: Content) -> str:
    return _Lines.model_validate(content).lines[0].file


CREATE_INFO_LINE = Operation(
    path="Dossier/CreateInfoLine",
    fields=("TDOS_Id", "TQINFO_Id", "TQINFODEF_Id", "Omschrijving", "DatumInfo"),
    dialect=Dialect.DATASET,
    table=_TABLE,
    read=_read_file,
    effect=Effect.CHANGE,
)
