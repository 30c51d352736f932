"""Asks employees to do something on a file at a moment, such as a call-back, and lists what is to be done."""

from typing import Annotated

from pydantic import Field

from bridge.tagor.employee_models import Appointment, NewAppointment
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.schema.answer import NEEDED, AnswerModel, nested
from bridge.tagor.schema.fields import Content, MaybeFlag, Moment, Text, Words, write_moment
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table, checked, checked_if_given
from bridge.tagor.session import TagorSession

_TABLE = "TAGENDAWeb"
_ENTRIES = nested(f"ds{_TABLE}", f"tt{_TABLE}")


class _Entry(AnswerModel):
    subject: Text = Field("", alias="Subject", json_schema_extra=NEEDED)
    text: Words = Field("", alias="Omschrijving", json_schema_extra=NEEDED)
    at: Moment = Field(None, alias="TimeStampScheduled")
    status: Text = Field("", alias="TQSTATUS_Id")
    user: Text = Field("", alias="UserName")
    job: Text = Field("", alias="TJOB_Id")
    kind: Text = Field("", alias="TJOBM_Omschr")
    kind_id: Text = Field("", alias="TJOBM_Id")
    blocked: MaybeFlag = Field(None, alias="IsGeblokkeerd")


class _Agenda(AnswerModel):
    entries: Annotated[list[_Entry], _ENTRIES] = Field(alias=f"ds{_TABLE}")


class _Created(AnswerModel):
    # One row was sent: an answer with none or with two of them is not the answer to it.
    entries: Annotated[list[_Entry], _ENTRIES] = Field(alias=f"ds{_TABLE}", min_length=1, max_length=1)


def _read_created(content: Content) -> Appointment:
    return Appointment(**_Created.model_validate(content).entries[0].model_dump())


def _read_agenda(content: Content) -> tuple[Appointment, ...]:
    return tuple(Appointment(**entry.model_dump()) for entry in _Agenda.model_validate(content).entries)


CREATE_AGENDA = Operation(
    path="Dossier/CreateAgenda",
    fields=("TDOS_Id",),
    encoding=Encoding.DATASET,
    tables=(Table(_TABLE, ("Subject", "Omschrijving", "TimeStampScheduled", "UserName")),),
    read=_read_created,
    effect=Effect.WRITE,
)
GET_AGENDA = Operation(
    path="Dossier/GetAgenda", fields=("TDOS_Id",), encoding=Encoding.DATASET, read=_read_agenda
)


class Agenda:
    """What the office's employees have to do (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def add(self, new: NewAppointment, *, deadline: Deadline) -> Appointment:
        """Change Tagor: ask an employee to do something at a moment; generation 2.00 only."""
        values = (
            checked_if_given("the file id", new.file),
            checked("the subject", new.subject),
            checked("the text", new.text),
            write_moment(new.at),
            checked("the login", new.user),
        )
        return self._session.ask(CREATE_AGENDA, deadline, *values)

    def on_file(self, file: str, *, deadline: Deadline) -> tuple[Appointment, ...]:
        """Ask what is to be done on a file (id), and what was done."""
        return self._session.ask(GET_AGENDA, deadline, checked("the file id", file))
