"""Texts and mails to a defendant, made from the office's own templates, and where they may go."""

from typing import Annotated

from pydantic import AliasChoices, Field

from bridge.tagor.http.response import Content
from bridge.tagor.models import Contact
from bridge.tagor.schema.answer import Answer, ServiceAnswer
from bridge.tagor.schema.context import nested
from bridge.tagor.schema.fields import LooseBool, TagorId, Text
from bridge.tagor.schema.operation import Effect, Encoding, Operation
from bridge.tagor.schema.request_validation import checked, checked_if_given


def values_of(file: str, party: str | None, to: str | None, code: str) -> tuple[str | None, ...]:
    """Return what a text or a mail is sent by; raises `ValueError` for one that cannot be sent."""
    if party is None and to is None:
        raise ValueError("The message cannot be sent to Tagor: give the defendant, or where it goes.")
    party = checked_if_given("the party id", party)
    return checked("the file id", file), party, to, checked("the template code", code)


class _Contact(Answer):
    """What does not say that it is out of use, as in generation 1.08, is in use."""

    id: TagorId
    content: Text = Field(validation_alias=AliasChoices("content", "value"))
    type_id: Text = ""
    used: LooseBool = True
    party: TagorId = Field(alias="owning_id")


class _Contacts(Answer):
    contacts: Annotated[list[_Contact], nested("dsTCOMWeb", "ttTCOMWeb")] = Field(alias="dsTCOMWeb")


def _read_contacts(content: Content) -> tuple[Contact, ...]:
    return tuple(Contact(**found.model_dump()) for found in _Contacts.model_validate(content).contacts)


SEND_SMS = Operation(
    path="Actions/SendSms",
    fields=("TDOS_Id", "TPAR_Id", "Gsmnr", "CodeSms"),
    read=ServiceAnswer.granted,
    effect=Effect.WRITE,
)
SEND_MAIL = Operation(
    path="Actions/SendMail",
    fields=("TDOS_Id", "TPAR_Id", "Emailadres", "CodeEmail"),
    read=ServiceAnswer.granted,
    effect=Effect.WRITE,
)
# The twins of both, deprecated since; some offices of generation 1.08 have only these.
SEND_SMS_TWIN = Operation(
    path="TagorService/SendSms",
    fields=("TDOS_Id", "TPAR_Id", "TelNr", "CodeSms"),
    read=ServiceAnswer.granted,
    effect=Effect.WRITE,
)
SEND_MAIL_TWIN = Operation(
    path="TagorService/SendMail",
    fields=("TDOS_Id", "TPAR_Id", "Emailadres", "CodeEmail"),
    read=ServiceAnswer.granted,
    effect=Effect.WRITE,
)
GET_CONTACT_DETAILS = Operation(
    path="Party/GetContactDetails", fields=("TPAR_Id",), dialect=Encoding.DATASET, read=_read_contacts
)
