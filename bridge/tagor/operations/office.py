"""The office and its Tagor: address and account, opening hours, health, version, login."""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from bridge.tagor.http.auth import LOGIN, TokenResponse
from bridge.tagor.http.response import Content
from bridge.tagor.models import Generation, OfficeFacts, Ping
from bridge.tagor.schema.answer import Answer, ServiceAnswer
from bridge.tagor.schema.context import Context, nested
from bridge.tagor.schema.fields import Count, LooseBool, Name, Text, read_bool
from bridge.tagor.schema.operation import Encoding, Operation, SaidNoError

_VERSION = re.compile(r"([0-9]{1,3})\.[0-9A-Za-z.]{1,30}")


class _Contextual(Answer):
    context: Context = Field({}, alias="dsWebContext")


def _read_ping(content: Content) -> Ping:
    up = _Contextual.model_validate(content).context
    return Ping(api=read_bool(up.get("117", "false")), tagor=read_bool(up.get("102B", "false")))


def _read_generation(content: Content) -> Generation | None:
    known = _Contextual.model_validate(content).context
    version = known.get("APIVersion") or known.get("TagorVersion")
    if not version:
        return None
    if not (parts := _VERSION.fullmatch(version)):
        raise ValueError("a version begins with its generation, as in 1.08.4000B2")
    # Names that exist in 1.08 keep their meaning later, so a newer generation is used like the newest known.
    return Generation.V1_08 if int(parts[1]) < 2 else Generation.V2_00  # noqa: PLR2004 - the 2 in 2.00


class _Office(Answer):
    name: Name = Field(alias="Naam")
    street: Text = Field("", alias="Straat")
    number: Text = Field("", alias="StraatNr")
    postal_code: Text = Field("", alias="Postcode")
    city: Text = Field("", alias="Plaats")
    phone: Text = Field("", alias="Tel")
    mail: Text = Field("", alias="Mail")
    account: Text = Field("", alias="RekNr")


class _Info(Answer):
    offices: Annotated[list[_Office], nested("dsTDOSPARWeb", "ttTDOSPARWeb")] = Field(
        alias="dsTDOSPARWeb", min_length=1
    )


def _read_office(content: Content) -> OfficeFacts:
    return OfficeFacts(**_Info.model_validate(content).offices[0].model_dump())


class _Open(ServiceAnswer):
    open: LooseBool = Field(alias="KantoorOpen")


def _read_open(content: Content) -> bool:
    return _Open.granted(content).open


class _Token(Answer):
    token: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,4096}\z", strict=True)] = Field(
        repr=False
    )
    seconds: Annotated[Count, Field(ge=1)] = Field(alias="expires_in")


def _read_token(content: Content) -> TokenResponse:
    if content.get("error") and not content.get("token"):
        raise SaidNoError
    told = _Token.model_validate(content)
    return TokenResponse(told.token, told.seconds)


CONFIG_PING = Operation(path="Config/Ping", dialect=Encoding.DATASET, signed=False, read=_read_ping)
CONFIG_VERSION = Operation(
    path="Config/Version", dialect=Encoding.DATASET, signed=False, read=_read_generation
)
# Signed, although anybody may ask: Tagor tells its version only to whom it knows.
CONFIG_INFO = Operation(path="Config/Info", dialect=Encoding.DATASET, read=_read_office)
CONFIG_INFO_VERSION = Operation(path="Config/Info", dialect=Encoding.DATASET, read=_read_generation)
KANTOOR_OPEN = Operation(path="TagorService/KantoorOpen", fields=("TDOS_Id",), read=_read_open)
LOGIN_TOKEN = Operation(
    path=LOGIN,
    fields=("grant_type", "client_id", "client_secret"),
    dialect=Encoding.FORM,
    signed=False,
    read=_read_token,
    refused_by=(400, 401, 403),
)
