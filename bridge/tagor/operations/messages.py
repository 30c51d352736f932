"""Messages to the office's employees, and what has become of them."""

from typing import Annotated, NamedTuple

from pydantic import Field

from bridge.tagor.employee_models import OfficeMessage
from bridge.tagor.http.response import Content
from bridge.tagor.operations.documents import ATTACHED
from bridge.tagor.schema.answer import Answer
from bridge.tagor.schema.context import nested
from bridge.tagor.schema.fields import MaybeId, TagorId, Text
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table

_TABLE = "TBERICHTWeb"
_MESSAGES = nested(f"ds{_TABLE}", f"tt{_TABLE}")

BOXES = ("INBOX", "OUTBOX")
"""Where messages lie, as seen by whom the bridge asks as: its own may be in either."""


class Stored(NamedTuple):
    """The message Tagor made, and the file it is on, both as ids."""

    id: str
    file: str | None


class _Message(Answer):
    id: TagorId = Field(alias="TBERICHT_Id")
    subject: Text = Field("", alias="TJOB_Onderwerp")
    file: MaybeId = Field(None, alias="TDOS_Id")
    status: Text = Field("", alias="TJOB_TQSTATUS_Id")


class _Added(Answer):
    messages: Annotated[list[_Message], _MESSAGES] = Field(alias=f"ds{_TABLE}", min_length=1, max_length=1)


class _List(Answer):
    messages: Annotated[list[_Message], _MESSAGES] = Field(alias=f"ds{_TABLE}")


def _read_added(content: Content) -> Stored:
    added = _Added.model_validate(content).messages[0]
    return Stored(added.id, added.file)


def _read_list(content: Content) -> tuple[OfficeMessage, ...]:
    # Whether a message was read is told only by asking for those that were, or for those that were not.
    found = _List.model_validate(content).messages
    return tuple(OfficeMessage(one.id, one.subject, one.file, read=False, status=one.status) for one in found)


ADD = Operation(
    path="Message/Add",
    fields=("TDOS_Id",),
    dialect=Encoding.DATASET,
    tables=(
        Table(_TABLE, ("Ontvanger", "TJOB_Onderwerp", "TJOB_bericht", "TPAR_id_Verzender", "TDOS_Id")),
        ATTACHED,
    ),
    read=_read_added,
    effect=Effect.WRITE,
)
GET_LIST_FILTER = Operation(
    path="Message/GetListFilter",
    fields=("box", "read", "from"),
    dialect=Encoding.DATASET,
    read=_read_list,
)
