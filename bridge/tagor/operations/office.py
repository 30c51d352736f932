"""Asks about the office and its Tagor: address and account, opening hours, health, version."""

import re
from typing import Annotated

from pydantic import Field

from bridge.tagor.errors import TagorInvalidResponse
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.models import Generation, OfficeFacts, Ping
from bridge.tagor.schema.answer import NEEDED, AnswerModel, Context, ServiceAnswer, nested
from bridge.tagor.schema.fields import Content, Flag, Text, read_bool
from bridge.tagor.schema.operation import Encoding, Operation, checked_if_given
from bridge.tagor.session import TagorSession

_VERSION = re.compile(r"([0-9]{1,3})\.[0-9A-Za-z.]{1,30}")


class _Contextual(AnswerModel):
    context: Context = Field({}, alias="dsWebContext", json_schema_extra=NEEDED)


def _read_ping(content: Content) -> Ping:
    context = _Contextual.model_validate(content).context
    # A half that Tagor does not name is not known to be up.
    return Ping(api=read_bool(context.get("117", "false")), tagor=read_bool(context.get("102B", "false")))


def _read_generation(content: Content) -> Generation | None:
    context = _Contextual.model_validate(content).context
    version = context.get("APIVersion") or context.get("TagorVersion")
    if not version:
        return None
    if not (parts := _VERSION.fullmatch(version)):
        raise ValueError("a version begins with its generation, as in 1.08.4000B2")
    # Names that exist in 1.08 keep their meaning later, so a newer generation is used like the newest known.
    return Generation.V1_08 if int(parts[1]) < 2 else Generation.V2_00  # noqa: PLR2004 - the 2 in 2.00


class _Office(AnswerModel):
    name: Text = Field("", alias="Naam")
    street: Text = Field("", alias="Straat")
    number: Text = Field("", alias="StraatNr")
    postal_code: Text = Field("", alias="Postcode")
    city: Text = Field("", alias="Plaats")
    phone: Text = Field("", alias="Tel")
    mail: Text = Field("", alias="Mail")
    account: Text = Field("", alias="RekNr")


class _Info(AnswerModel):
    offices: Annotated[list[_Office], nested("dsTDOSPARWeb", "ttTDOSPARWeb")] = Field(
        alias="dsTDOSPARWeb", min_length=1
    )


def _read_office(content: Content) -> OfficeFacts:
    return OfficeFacts(**_Info.model_validate(content).offices[0].model_dump())


class _Open(ServiceAnswer):
    open: Flag = Field(alias="KantoorOpen")


def _read_open(content: Content) -> bool:
    return _Open.granted(content).open


CONFIG_PING = Operation(path="Config/Ping", encoding=Encoding.DATASET, signed=False, read=_read_ping)
CONFIG_VERSION = Operation(
    path="Config/Version", encoding=Encoding.DATASET, signed=False, read=_read_generation
)
# Signed, although anybody may ask: Tagor tells its version only to a caller whose credential it knows.
CONFIG_INFO = Operation(path="Config/Info", encoding=Encoding.DATASET, read=_read_office)
CONFIG_INFO_VERSION = Operation(path="Config/Info", encoding=Encoding.DATASET, read=_read_generation)
KANTOOR_OPEN = Operation(path="TagorService/KantoorOpen", fields=("TDOS_Id",), read=_read_open)


class OfficeInfo:
    """Questions about the office and its Tagor (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def ping(self, *, deadline: Deadline) -> Ping:
        """Ask which halves of Tagor are up; the question writes nothing and shows no credential."""
        return self._session.ask(CONFIG_PING, deadline)

    def generation(self, *, deadline: Deadline) -> Generation:
        """Ask which generation of the interface the office runs."""
        try:
            found = self._session.ask(CONFIG_VERSION, deadline)
        except TagorInvalidResponse:
            found = None  # an office may answer only to `Config/Info`, the one way that 1.08 documents
        found = found or self._session.ask(CONFIG_INFO_VERSION, deadline)
        if found is None:
            raise TagorInvalidResponse(
                CONFIG_INFO.path, "Tagor does not tell its version: check the credential."
            )
        return found

    def facts(self, *, deadline: Deadline) -> OfficeFacts:
        """Ask for the office's name, address and account."""
        return self._session.ask(CONFIG_INFO, deadline)

    def is_open(self, file: str | None = None, *, deadline: Deadline) -> bool:
        """Ask whether an employee is available now, for this kind of file (id) or for the whole office."""
        return self._session.ask(KANTOOR_OPEN, deadline, checked_if_given("the file id", file))
