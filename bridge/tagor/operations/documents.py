"""Puts documents on a file, lists those there are, orders one of the office's, tells what makes up a debt."""

from base64 import b64encode
from typing import Annotated

from pydantic import Field

from bridge.tagor.employee_models import Attachment, FileDocument
from bridge.tagor.file_models import DocumentKind
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.schema.answer import (
    NEEDED,
    AnswerModel,
    context_value,
    nested,
    refuse_unless_done,
    table_reader,
)
from bridge.tagor.schema.fields import Content, Day, TagorId, Text, read_lines
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table, checked
from bridge.tagor.session import TagorSession

MAX_BYTES = 10 << 20
"""Bytes of one attachment."""

ATTACHED = Table("AttachmentWeb", ("ttFileName", "FileType", "ttComment", "FileContent"))

# A multiple of 3, so that only the last piece can end in padding; in pieces, so that the turns of other
# calls are taken in between.
_PIECE = 3 << 14


def row_of(attachment: Attachment) -> tuple[str, ...]:
    """Return the values of `ATTACHED`; raises `ValueError` for a document that cannot be sent."""
    if not 1 <= len(attachment.content) <= MAX_BYTES:
        raise ValueError(f"The attachment cannot be sent to Tagor: it has 1 to {MAX_BYTES} bytes.")
    content = attachment.content
    pieces = (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
    return (
        checked("the attachment's name", attachment.name),
        checked("the attachment's kind", attachment.kind),
        checked("the attachment's comment", attachment.comment),
        b"".join(map(b64encode, pieces)).decode(),
    )


class _AddedDocument(AnswerModel):
    id: TagorId = Field(alias="TDOC_Id")


class _AddedDocuments(AnswerModel):
    documents: Annotated[list[_AddedDocument], nested("dsAttachmentWeb", "ttAttachmentWeb")] = Field(
        alias="dsAttachmentWeb", min_length=1, max_length=1
    )


def _read_added(content: Content) -> str:
    return _AddedDocuments.model_validate(content).documents[0].id


class _Document(_AddedDocument):
    name: Text = Field("", alias="Naam", json_schema_extra=NEEDED)
    kind: Text = Field("", alias="DISFLMN_Extensie")
    day: Day = Field(None, alias="DatumDocument")


class _Documents(AnswerModel):
    documents: Annotated[list[_Document], nested("dsTDOCWeb", "ttTDOCWeb")] = Field(alias="dsTDOCWeb")


def _read_documents(content: Content) -> tuple[FileDocument, ...]:
    return tuple(FileDocument(**found.model_dump()) for found in _Documents.model_validate(content).documents)


class _DocumentKind(AnswerModel):
    id: TagorId = Field(alias="TDOCM_Id")
    name: Text = Field("", alias="omschrijving")
    code: Text = Field("", alias="Id")


_kinds = table_reader("Documents", _DocumentKind, outer="CodetabelIDs")


def _read_kinds(content: Content) -> tuple[DocumentKind, ...]:
    return tuple(DocumentKind(**kind.model_dump()) for kind in _kinds(content))


def _read_details(content: Content) -> tuple[str, ...]:
    return read_lines(context_value(content, "Output"))


ADD_ATTACHMENT = Operation(
    path="Dossier/AddAttachment",
    fields=("TDOS_Id",),
    encoding=Encoding.DATASET,
    tables=(ATTACHED,),
    read=_read_added,
    effect=Effect.WRITE,
)
DOCUMENT_GET = Operation(
    path="Document/Get", fields=("TDOS_Id",), encoding=Encoding.DATASET, read=_read_documents
)

GET_REQUESTABLE_DOCUMENTS = Operation(
    path="Config/GetRequestableDocuments", encoding=Encoding.DATASET, read=_read_kinds
)
DOCUMENT_GENERATE = Operation(
    path="Document/Generate",
    fields=("TDOS_Id", "TPAR_Id", "TDOCM_Id"),
    encoding=Encoding.DATASET,
    read=refuse_unless_done,
    effect=Effect.WRITE,
)
# Only this mergefield: others hold what no caller may hear, such as the PIN itself (`M_0077`).
GET_MERGEFIELD = Operation(
    path="Document/GetMergefield",
    fields=("TDOS_Id", "Mergefield"),
    encoding=Encoding.DATASET,
    read=_read_details,
)
_DEBT = "M_1000"


class FileDocuments:
    """Documents on a file (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def on_file(self, file: str, *, deadline: Deadline) -> tuple[FileDocument, ...]:
        """Ask which documents are on a file (id); by parameter 192 an office shows only those in PDF."""
        return self._session.ask(DOCUMENT_GET, deadline, checked("the file id", file))

    def add(self, file: str, attachment: Attachment, *, deadline: Deadline) -> str:
        """Change Tagor: put a document on a file (id); returns the document's id."""
        values = checked("the file id", file), *row_of(attachment)
        return self._session.ask(ADD_ATTACHMENT, deadline, *values)

    def requestable(self, *, deadline: Deadline) -> tuple[DocumentKind, ...]:
        """Ask which documents the office lets the bridge order."""
        return self._session.ask(GET_REQUESTABLE_DOCUMENTS, deadline)

    def order(self, file: str, party: str, kind: str, *, deadline: Deadline) -> None:
        """Change Tagor: have a document of a kind (id) made about a file (id) for a defendant (id)."""
        values = (
            checked("the file id", file),
            checked("the party id", party),
            checked("the document kind", kind),
        )
        self._session.ask(DOCUMENT_GENERATE, deadline, *values)

    def debt(self, file: str, *, deadline: Deadline) -> tuple[str, ...]:
        """Ask what makes up the debt on a file (id), as lines of text; empty where Tagor does not say."""
        return self._session.ask(GET_MERGEFIELD, deadline, checked("the file id", file), _DEBT)
