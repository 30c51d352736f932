"""Sends a link that opens a file, and asks what such a link opens."""

from datetime import date

from pydantic import Field

from bridge.tagor.file_models import FileLink
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.schema.answer import ServiceAnswer
from bridge.tagor.schema.fields import Content, Language, MaybeId, Moment, TagorId
from bridge.tagor.schema.operation import Effect, Operation, checked, checked_if_given
from bridge.tagor.session import TagorSession


class _Link(ServiceAnswer):
    file: TagorId = Field(alias="TDOS_Id")
    party: MaybeId = Field(None, alias="TPAR_Id")
    language: Language = Field(None, alias="Taal")
    until: Moment = Field(None, alias="GeldigTot")


def _read_link(content: Content) -> FileLink | None:
    link = _Link.unless_no(content)
    return FileLink(link.file, link.party, link.language, link.until) if link else None


FILE_TO_HASH = Operation(
    path="TagorService/FileToHash",
    fields=("Dossiernaam", "Geboortedatum", "BTWnr", "CodeSms", "CodeEmail"),
    read=ServiceAnswer.granted,
    effect=Effect.WRITE,
)
HASH_TO_FILE = Operation(path="TagorService/HashToFile", fields=("Dossierhash",), read=_read_link)


class FileLinks:
    """Links that open a file (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def send(
        self,
        name: str,
        *,
        born: date | None = None,
        vat: str | None = None,
        text_code: str | None = None,
        mail_code: str | None = None,
        deadline: Deadline,
    ) -> None:
        """Change Tagor: send a link for a file (by name) to the defendant with that birth date or VAT number.

        It goes to the number or address that Tagor has, by the office's template for a text or for a mail.
        """
        if (born is None) == (vat is None) or not (text_code or mail_code):
            raise ValueError(
                "The link cannot be sent to Tagor: give a birth date or a VAT number, and a template code."
            )
        values = (
            checked("the file name", name),
            None if born is None else f"{born:%Y-%m-%d}",
            checked_if_given("the VAT number", vat),
            checked_if_given("the template code", text_code),
            checked_if_given("the template code", mail_code),
        )
        self._session.ask(FILE_TO_HASH, deadline, *values)

    def open(self, link: str, *, deadline: Deadline) -> FileLink | None:
        """Ask what a link opens, by the part that Tagor made; None says only that it opens nothing."""
        return self._session.ask(HASH_TO_FILE, deadline, checked("the link", link))
