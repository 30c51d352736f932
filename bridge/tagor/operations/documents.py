"""Puts documents on a file, such as what a caller said after the tone, and lists those there are."""

from base64 import b64encode
from typing import Annotated

from pydantic import Field

from bridge.tagor.employee_models import Attachment, Document
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.http.response import Content
from bridge.tagor.schema.answer import NEEDED, Answer
from bridge.tagor.schema.context import nested
from bridge.tagor.schema.fields import Day, TagorId, Text
from bridge.tagor.schema.operation import Effect, Encoding, Operation, Table
from bridge.tagor.schema.request_validation import checked
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
    return (
        checked("the attachment's name", attachment.name),
        checked("the attachment's kind", attachment.kind),
        checked("the attachment's comment", attachment.comment),
        _in_base64(attachment.content),
    )


def _in_base64(content: bytes) -> str:
    pieces = (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
    return b"".join(map(b64encode, pieces)).decode()


class _Added(Answer):
    id: TagorId = Field(alias="TDOC_Id")


class _AllAdded(Answer):
    documents: Annotated[list[_Added], nested("dsAttachmentWeb", "ttAttachmentWeb")] = Field(
        alias="dsAttachmentWeb", min_length=1, max_length=1
    )


def _read_added(content: Content) -> str:
    return _AllAdded.model_validate(content).documents[0].id


class _Document(_Added):
    name: Text = Field("", alias="Naam", json_schema_extra=NEEDED)
    kind: Text = Field("", alias="DISFLMN_Extensie")
    day: Day = Field(None, alias="DatumDocument")


class _Documents(Answer):
    documents: Annotated[list[_Document], nested("dsTDOCWeb", "ttTDOCWeb")] = Field(alias="dsTDOCWeb")


def _read_documents(content: Content) -> tuple[Document, ...]:
    return tuple(Document(**found.model_dump()) for found in _Documents.model_validate(content).documents)


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


class Documents:
    """Documents on a file (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def on_file(self, file: str, *, deadline: Deadline) -> tuple[Document, ...]:
        """Ask which documents are on a file (id); by parameter 192 an office shows only those in PDF."""
        return self._session.ask(DOCUMENT_GET, deadline, checked("the file id", file))

    def add(self, file: str, attachment: Attachment, *, deadline: Deadline) -> str:
        """Change Tagor: put a document on a file (id); returns the document's id."""
        values = checked("the file id", file), *row_of(attachment)
        return self._session.ask(ADD_ATTACHMENT, deadline, *values)
