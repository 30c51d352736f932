"""Leaves messages for the office's employees, and reads what the office left for a defendant."""

from dataclasses import replace
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import Field

from bridge.tagor.employee_models import NewMessage, OfficeMessage
from bridge.tagor.file_models import DefendantMessage
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.operations.documents import ATTACHED, row_of
from bridge.tagor.schema.answer import NEEDED, AnswerModel, nested, table_reader
from bridge.tagor.schema.fields import Content, MaybeId, Moment, TagorId, Text, Words
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table, checked, checked_if_given
from bridge.tagor.session import TagorSession

_TABLE = "TBERICHTWeb"
_NO_ATTACHMENT = (None,) * len(ATTACHED.fields)
_MESSAGES = nested(f"ds{_TABLE}", f"tt{_TABLE}")

BOXES = ("INBOX", "OUTBOX")
"""Where messages lie for the user that the bridge asks as; the bridge's own may be in either."""


class Stored(NamedTuple):
    """The message Tagor made, and the file it is on, both as ids."""

    id: str
    file: str | None


class _Message(AnswerModel):
    id: TagorId = Field(alias="TBERICHT_Id")
    subject: Text = Field("", alias="TJOB_Onderwerp", json_schema_extra=NEEDED)
    file: MaybeId = Field(None, alias="TDOS_Id")
    status: Text = Field("", alias="TJOB_TQSTATUS_Id")


class _AddedMessages(AnswerModel):
    messages: Annotated[list[_Message], _MESSAGES] = Field(alias=f"ds{_TABLE}", min_length=1, max_length=1)


class _List(AnswerModel):
    messages: Annotated[list[_Message], _MESSAGES] = Field(alias=f"ds{_TABLE}")


def _read_added(content: Content) -> Stored:
    added = _AddedMessages.model_validate(content).messages[0]
    return Stored(added.id, added.file)


def _read_list(content: Content) -> tuple[OfficeMessage, ...]:
    # Whether a message was read is told only by asking for those that were, or for those that were not.
    found = _List.model_validate(content).messages
    return tuple(OfficeMessage(one.id, one.subject, one.file, read=False, status=one.status) for one in found)


ADD = Operation(
    path="Message/Add",
    fields=("TDOS_Id",),
    encoding=Encoding.DATASET,
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
    encoding=Encoding.DATASET,
    read=_read_list,
)


class _ToParty(AnswerModel):
    id: TagorId = Field(alias="TBERICHT_Id")
    subject: Text = Field("", alias="TJOB_Onderwerp")
    text: Words = Field("", alias="TJOB_bericht")
    at: Moment = Field(None, alias="TimeStampBericht")
    file: MaybeId = Field(None, alias="TDOS_Id")
    party: MaybeId = Field(None, alias="TPAR_id_Ontvanger")


_to_party = table_reader(_TABLE, _ToParty)


def _read_to_party(content: Content) -> tuple[tuple[DefendantMessage, str | None], ...]:
    return tuple(
        (DefendantMessage(**row.model_dump(exclude={"party"})), row.party) for row in _to_party(content)
    )


_TO_A_PARTY = "OUTBOX"  # the office's own side: what it sent
GET_FOR_PARTY = Operation(
    path="Message/GetListFilter",
    fields=("box", "TPAR_Id_Ontvanger", "TDOS_Id", "read"),
    encoding=Encoding.DATASET,
    read=_read_to_party,
)
GET_MESSAGE = Operation(
    path="Message/GetMessage", fields=("TBERICHT_Id",), encoding=Encoding.DATASET, read=_read_to_party
)
# It toggles: asked a second time it makes the message unread again.
TOGGLE_READ = Operation(
    path="Message/ToggleRead",
    fields=("TBERICHT_Id",),
    encoding=Encoding.DATASET,
    read=_read_to_party,
    effect=Effect.WRITE,
)


class OfficeMessages:
    """Messages to the office's employees (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def add(self, message: NewMessage, *, deadline: Deadline) -> str:
        """Change Tagor: leave a message with an employee or in a box; returns its id."""
        file = checked_if_given("the file id", message.file)
        values = (
            checked("the receiver", message.receiver),
            checked("the subject", message.subject),
            checked("the text", message.text),
            checked_if_given("the party id", message.party),
        )
        attached = row_of(message.attachment) if message.attachment else _NO_ATTACHMENT
        # Tagor wants a file in the context, even where the message is about no file.
        stored = self._session.ask(ADD, deadline, file or "", *values, file, *attached)
        if stored.file not in (None, file):
            raise ADD.of_another("file")
        return stored.id

    def sent(self, *, since: date, deadline: Deadline) -> tuple[OfficeMessage, ...]:
        """Ask for the messages sent on that day or later, each once, in both boxes."""
        found: dict[str, OfficeMessage] = {}
        # Unread ones first: a message that is read meanwhile is then told as read, and not lost.
        for read in (False, True):
            for box in BOXES:
                # Days of this filter are day/month/year; everywhere else Tagor takes year-month-day.
                values = box, "true" if read else "false", f"{since:%d/%m/%Y}"
                for message in self._session.ask(GET_LIST_FILTER, deadline, *values):
                    found[message.id] = replace(message, read=read)
        return tuple(found.values())

    def unread(self, file: str, party: str, *, deadline: Deadline) -> tuple[DefendantMessage, ...]:
        """Ask what the office wrote about a file (id) to one of its defendants (id), who has not read it.

        A message that Tagor tells of another file or another party is left out: nobody else may hear it.
        """
        values = _TO_A_PARTY, checked("the party id", party), checked("the file id", file), "false"
        found = self._session.ask(GET_FOR_PARTY, deadline, *values)
        return tuple(message for message, whose in found if (message.file, whose) == (file, party))

    def message(self, message: str, *, deadline: Deadline) -> DefendantMessage | None:
        """Ask for one message (id); None if Tagor knows none."""
        found = self._session.ask(GET_MESSAGE, deadline, checked("the message id", message))
        return next((one for one, _ in found if one.id == message), None)

    def mark_read(self, message: str, *, deadline: Deadline) -> None:
        """Change Tagor: make an unread message (id) read; one that was read becomes unread again."""
        found = self._session.ask(TOGGLE_READ, deadline, checked("the message id", message))
        if [one.id for one, _ in found] != [message]:
            raise TOGGLE_READ.of_another("message")
