"""Stores the documents of files and messages: their names and contents."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import date

from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.wire_format import Id

FIRST = 9000000000300000001
# A recording has megabytes, and no list of Tagor's shows what is in a document.
_WITHOUT_CONTENT = (
    "SELECT id, file_id, message_id, name, kind, comment, group_id, day, x'' AS content FROM attachments "
)


@dataclass(frozen=True)
class StoredDocument:
    """A document on a file, at a message, or both: an id that is not known is "". `kind` is the extension."""

    name: str
    kind: str
    content: bytes
    day: date
    comment: str = ""
    group_id: str = ""
    file_id: str = ""
    message_id: str = ""
    id: Id = Id()  # noqa: RUF009 - a text, and immutable

    @classmethod
    def of(cls, row: sqlite3.Row) -> "StoredDocument":
        """Return the document a row of the table `attachments` describes."""
        texts = {name: row[name] for name in ("name", "kind", "comment", "group_id", "file_id")}
        message = str(row["message_id"] or "")
        day = date.fromisoformat(row["day"])
        return cls(**texts, content=row["content"], day=day, message_id=message, id=Id(row["id"]))


class DocumentStore:
    """Reads and writes documents inside the database's current transaction."""

    def __init__(self, database: OfficeDatabase) -> None:
        self._database = database

    def add(self, attachment: StoredDocument) -> StoredDocument:
        """Keep a document; returns it with the id it got."""
        self._database.write(
            "attachment",
            "INSERT INTO attachments (id, file_id, message_id, name, kind, comment, group_id, content, day)"
            " SELECT coalesce(max(id) + 1, ?), ?, ?, ?, ?, ?, ?, ?, ? FROM attachments",
            *(FIRST, attachment.file_id, attachment.message_id or None, attachment.name, attachment.kind),
            *(attachment.comment, attachment.group_id, attachment.content, attachment.day.isoformat()),
        )
        row = self._database.one("SELECT max(id) AS last FROM attachments")
        return replace(attachment, id=Id(row["last"] if row else ""))

    def on_file(self, file_id: str) -> list[StoredDocument]:
        """Return the documents on a file without contents, oldest first, also those of its messages."""
        return self._told(_WITHOUT_CONTENT + "WHERE file_id = ? ORDER BY id", file_id)

    def find(self, document_id: str) -> StoredDocument | None:
        """Return the document with that id and its content."""
        found = self._told("SELECT * FROM attachments WHERE id = ?", document_id)
        return found[0] if found else None

    def of_message(self, message_id: str) -> list[StoredDocument]:
        """Return the documents at a message without their contents."""
        return self._told(_WITHOUT_CONTENT + "WHERE message_id = ? ORDER BY id", message_id)

    def _told(self, query: str, of: str) -> list[StoredDocument]:
        return [StoredDocument.of(row) for row in self._database.all(query, of)]
