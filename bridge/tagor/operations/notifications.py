"""Sends texts and mails to a defendant from the office's own templates, and asks where they may go."""

from typing import Annotated

from pydantic import AliasChoices, Field, PlainValidator

from bridge.tagor.http.deadline import Deadline
from bridge.tagor.models import PartyContact
from bridge.tagor.schema.answer import AnswerModel, ServiceAnswer, nested
from bridge.tagor.schema.fields import Content, TagorId, Text, read_bool
from bridge.tagor.schema.operation import Effect, Encoding, Operation, checked, checked_if_given
from bridge.tagor.session import TagorSession


def _values(file: str, party: str | None, to: str | None, code: str) -> tuple[str | None, ...]:
    """Return what a text or a mail is sent by; raises `ValueError` for one that cannot be sent."""
    if party is None and to is None:
        raise ValueError("The message cannot be sent to Tagor: give the defendant, or where it goes.")
    party = checked_if_given("the party id", party)
    return checked("the file id", file), party, to, checked("the template code", code)


def _is_used(value: object) -> bool:
    try:
        return read_bool(value)
    except ValueError:
        return False


class _Contact(AnswerModel):
    id: TagorId
    # Generation 1.08 calls it `value`.
    content: Text = Field(validation_alias=AliasChoices("content", "value"))
    type_id: Text = ""
    # Generation 1.08 does not say whether a contact is in use; one that says it oddly is not used.
    used: Annotated[bool, PlainValidator(_is_used)] = True
    party: TagorId = Field(alias="owning_id")


class _Contacts(AnswerModel):
    contacts: Annotated[list[_Contact], nested("dsTCOMWeb", "ttTCOMWeb", readable=_Contact)] = Field(
        alias="dsTCOMWeb"
    )


def _read_contacts(content: Content) -> tuple[PartyContact, ...]:
    return tuple(PartyContact(**found.model_dump()) for found in _Contacts.model_validate(content).contacts)


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
# Deprecated since 2.00, but some offices of generation 1.08 have only these two.
SEND_SMS_DEPRECATED = Operation(
    path="TagorService/SendSms",
    fields=("TDOS_Id", "TPAR_Id", "TelNr", "CodeSms"),
    read=ServiceAnswer.granted,
    effect=Effect.WRITE,
)
SEND_MAIL_DEPRECATED = Operation(
    path="TagorService/SendMail",
    fields=("TDOS_Id", "TPAR_Id", "Emailadres", "CodeEmail"),
    read=ServiceAnswer.granted,
    effect=Effect.WRITE,
)
GET_CONTACT_DETAILS = Operation(
    path="Party/GetContactDetails", fields=("TPAR_Id",), encoding=Encoding.DATASET, read=_read_contacts
)


class Notifications:
    """Texts and mails to a defendant (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def send_text(
        self,
        file: str,
        party: str | None,
        code: str,
        *,
        mobile: str = "",
        deprecated: bool = False,
        deadline: Deadline,
    ) -> None:
        """Change Tagor: text the office's template `code` about a file (id) to a defendant (id).

        It goes to `mobile`, or in generation 2.00 to the defendant's own number if that is empty.
        `deprecated` uses the operation that some offices of generation 1.08 have instead.
        """
        to = checked_if_given("the mobile number", mobile or None)
        values = _values(file, party, to, code)
        self._session.ask(SEND_SMS_DEPRECATED if deprecated else SEND_SMS, deadline, *values)

    def send_mail(
        self,
        file: str,
        party: str | None,
        code: str,
        *,
        address: str = "",
        deprecated: bool = False,
        deadline: Deadline,
    ) -> None:
        """Change Tagor: mail the office's template `code` about a file (id) to a defendant (id).

        It goes to the defendant's own address, and to `address` only where no defendant is given;
        `deprecated` as for a text.
        """
        to = checked_if_given("the mail address", address or None)
        values = _values(file, party, to, code)
        self._session.ask(SEND_MAIL_DEPRECATED if deprecated else SEND_MAIL, deadline, *values)

    def contacts(self, party: str, *, deadline: Deadline) -> tuple[PartyContact, ...]:
        """Ask which phone numbers and mail addresses there are for a party (id)."""
        found = self._session.ask(GET_CONTACT_DETAILS, deadline, checked("the party id", party))
        if any(contact.party != party for contact in found):
            raise GET_CONTACT_DETAILS.of_another("party")
        return found
