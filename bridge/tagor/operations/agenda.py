"""What employees are asked to do on a file, and when: a call-back above all."""

from typing import Annotated

from pydantic import Field

from bridge.tagor.employee_models import Appointment
from bridge.tagor.http.response import Content
from bridge.tagor.schema.answer import Answer
from bridge.tagor.schema.context import nested
from bridge.tagor.schema.fields import LooseMoment, Text, Words
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table

_TABLE = "TAGENDAWeb"
_ENTRIES = nested(f"ds{_TABLE}", f"tt{_TABLE}")


class _Entry(Answer):
    subject: Text = Field("", alias="Subject")
    text: Words = Field("", alias="Omschrijving")
    at: LooseMoment = Field(None, alias="TimeStampScheduled")
    status: Text = Field("", alias="TQSTATUS_Id")
    user: Text = Field("", alias="UserName")
    job: Text = Field("", alias="TJOB_Id")


class _Agenda(Answer):
    entries: Annotated[list[_Entry], _ENTRIES] = Field(alias=f"ds{_TABLE}")


class _Created(Answer):
    entries: Annotated[list[_Entry], _ENTRIES] = Field(alias=f"ds{_TABLE}", min_length=1, max_length=1)


def _read_created(content: Content) -> Appointment:
    return Appointment(**_Created.model_validate(content).entries[0].model_dump())


def _read_agenda(content: Content) -> tuple[Appointment, ...]:
    return tuple(Appointment(**entry.model_dump()) for entry in _Agenda.model_validate(content).entries)


CREATE_AGENDA = Operation(
    path="Dossier/CreateAgenda",
    fields=("TDOS_Id",),
    dialect=Encoding.DATASET,
    tables=(Table(_TABLE, ("Subject", "Omschrijving", "TimeStampScheduled", "UserName")),),
    read=_read_created,
    effect=Effect.WRITE,
)
GET_AGENDA = Operation(
    path="Dossier/GetAgenda", fields=("TDOS_Id",), dialect=Encoding.DATASET, read=_read_agenda
)
