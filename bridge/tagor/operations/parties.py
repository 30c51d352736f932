"""Asks about parties: their files, who is on a file, where they live; writes how they can be reached."""

from pydantic import AliasChoices, Field

from bridge.tagor.file_models import Address, PartyFile, PartyOnFile
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.models import FileName
from bridge.tagor.schema.answer import AnswerModel, table_reader
from bridge.tagor.schema.fields import Content, Flag, MaybeId, MaybeMoney, Name, TagorId, Text
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table, checked
from bridge.tagor.session import TagorSession

_CONTACT = "TCOMWeb"


class _PartyFile(AnswerModel):
    id: TagorId
    name: Name = Field(alias="file_name")
    creditor: Text = ""
    balance: MaybeMoney = Field(None, alias="balance_defendant")
    status_id: Text = ""


class _Sub(AnswerModel):
    id: TagorId = Field(alias="TDOS_Id_Sub")
    name: Name = Field(alias="Dossiernaam")


class _Party(AnswerModel):
    id: MaybeId = Field(None, alias="TPAR_Id")
    name: Text = Field("", alias="Naam")
    kind_id: Text = Field("", alias="TQPARSOORT_Id")


class _Address(AnswerModel):
    street: Text = ""
    number: Text = ""
    box: Text = Field("", alias="mailbox")
    postal_code: Text = ""
    city: Text = ""
    current: Flag = Field(default=False, alias="current_address")


class _Added(AnswerModel):
    id: TagorId
    party: TagorId = Field(alias="owning_id")
    content: Text = Field("", validation_alias=AliasChoices("content", "value"))


_files = table_reader("TDOSDefendantWeb", _PartyFile, outer="TDOSWeb")
_subs = table_reader("TDOSDOSWeb", _Sub)
# No row is left out, because a reference names a defendant by its place among them.
_parties = table_reader("TDOSPARWeb", _Party, every_row=True)
_addresses = table_reader("TPARADWeb", _Address)
_added = table_reader(_CONTACT, _Added, every_row=True)


def _read_files(content: Content) -> tuple[PartyFile, ...]:
    return tuple(PartyFile(**row.model_dump()) for row in _files(content))


def _read_subs(content: Content) -> tuple[FileName, ...]:
    return tuple(FileName(row.id, row.name) for row in _subs(content))


def _read_parties(content: Content) -> tuple[PartyOnFile, ...]:
    return tuple(PartyOnFile(**row.model_dump()) for row in _parties(content))


def _read_addresses(content: Content) -> tuple[Address, ...]:
    return tuple(Address(**row.model_dump()) for row in _addresses(content))


def _read_added(content: Content) -> tuple[str, str]:
    [row] = _added(content)
    return row.id, row.party


GET_BY_DEFENDANT = Operation(
    path="Dossier/GetByDefendant", fields=("TPAR_Id",), encoding=Encoding.DATASET, read=_read_files
)
GET_SUB = Operation(path="Dossier/GetSub", fields=("TDOS_Id",), encoding=Encoding.DATASET, read=_read_subs)
GET_PARTIES = Operation(
    path="Dossier/GetParties", fields=("TDOS_Id",), encoding=Encoding.DATASET, read=_read_parties
)
GET_ADDRESSES = Operation(
    path="Party/GetAddresses", fields=("TPAR_Id",), encoding=Encoding.DATASET, read=_read_addresses
)
ADD_CONTACT_DETAIL = Operation(
    path="Party/AddContactDetail",
    encoding=Encoding.DATASET,
    tables=(Table(_CONTACT, ("content", "owning_entity", "owning_id", "type_id", "comment")),),
    read=_read_added,
    effect=Effect.WRITE,
)
# Generation 1.08 calls the content a value, and takes no comment.
ADD_CONTACT_DETAIL_EARLIER = Operation(
    path="Party/AddContactDetail",
    encoding=Encoding.DATASET,
    tables=(Table(_CONTACT, ("value", "owning_entity", "owning_id", "type_id")),),
    read=_read_added,
    effect=Effect.WRITE,
)


class PartyInfo:
    """Questions and changes about parties (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def files(self, party: str, *, deadline: Deadline) -> tuple[PartyFile, ...]:
        """Ask for every file on which a party (id) is a defendant."""
        return self._session.ask(GET_BY_DEFENDANT, deadline, checked("the party id", party))

    def files_below(self, file: str, *, deadline: Deadline) -> tuple[FileName, ...]:
        """Ask which files belong to a file (id)."""
        return self._session.ask(GET_SUB, deadline, checked("the file id", file))

    def on_file(self, file: str, *, deadline: Deadline) -> tuple[PartyOnFile, ...]:
        """Ask who is on a file (id), defendants and others, in Tagor's order."""
        return self._session.ask(GET_PARTIES, deadline, checked("the file id", file))

    def addresses(self, party: str, *, deadline: Deadline) -> tuple[Address, ...]:
        """Ask for the addresses of a party (id)."""
        return self._session.ask(GET_ADDRESSES, deadline, checked("the party id", party))

    def add_contact(
        self,
        party: str,
        content: str,
        *,
        kind: str = "",
        comment: str = "",
        earlier: bool = False,
        deadline: Deadline,
    ) -> str:
        """Change Tagor: register a mobile number or a mail address of a party (id); returns the contact's id.

        `kind` is the office's code for what it is (id); `earlier` sends it as generation 1.08 takes it.
        """
        checked("the party id", party)
        checked("the mail address" if "@" in content else "the mobile number", content)
        values = content, "TPAR", party, checked("the code id", kind)
        if earlier:
            told = self._session.ask(ADD_CONTACT_DETAIL_EARLIER, deadline, *values)
        else:
            note = checked("the comment", comment)
            told = self._session.ask(ADD_CONTACT_DETAIL, deadline, *values, note)
        added, whose = told
        if whose != party:
            raise ADD_CONTACT_DETAIL.of_another("party")
        return added
