"""Stores the agenda: what an employee has to do, when, and whether it is done."""

import sqlite3
from dataclasses import dataclass, replace

from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.wire_format import Id

INTERNAL = "Intern", "Enkel voor het kantoor"
"""Subject and text of what the office has planned: no defendant may ever hear them."""
# Each kind of record counts from a number of its own, so that no id can be taken for one of another kind.
FIRST = 9000000000400000001


@dataclass(frozen=True)
class AgendaEntry:
    """One task in a user's agenda; `at` is local time in ISO form, `file_id` is empty when it has no file.

    `kind` is the id of what is to be done (table `TJOBM`), empty where the entry does not say it.
    """

    login: str
    at: str
    subject: str
    text: str
    file_id: str = ""
    kind: str = ""
    manual: bool = False
    blocked: bool = False
    done: bool = False
    job: Id = Id()  # noqa: RUF009 - a text, and immutable

    @classmethod
    def of(cls, row: sqlite3.Row) -> "AgendaEntry":
        """Return the task a row of the table `appointments` describes."""
        return cls(
            *(row["login"], row["at"], row["subject"], row["text"], row["file_id"], row["kind"]),
            *(bool(row["manual"]), bool(row["blocked"]), bool(row["done"])),
            job=Id(row["id"]),
        )


class AgendaStore:
    """Reads and writes tasks inside the database's current transaction."""

    def __init__(self, database: OfficeDatabase) -> None:
        self._database = database

    def add(self, new: AgendaEntry) -> AgendaEntry:
        """Put a task into its user's agenda; returns it with the id it got."""
        self._database.write(
            "appointment",
            "INSERT INTO appointments (id, file_id, subject, text, at, login, kind, manual, blocked)"
            " SELECT coalesce(max(id) + 1, ?), ?, ?, ?, ?, ?, ?, ?, ? FROM appointments",
            *(
                FIRST,
                new.file_id,
                new.subject,
                new.text,
                new.at,
                new.login,
                new.kind,
                new.manual,
                new.blocked,
            ),
        )
        row = self._database.one("SELECT max(id) AS last FROM appointments")
        return replace(new, job=Id(row["last"] if row else ""))

    def on_file(self, file_id: str) -> list[AgendaEntry]:
        """Return the tasks on a file, oldest first."""
        rows = self._database.all("SELECT * FROM appointments WHERE file_id = ? ORDER BY id", file_id)
        return [AgendaEntry.of(row) for row in rows]

    def finish(self, job: str) -> bool:
        """Mark a task as done; says whether there is such a task."""
        statement = "UPDATE appointments SET done = 1 WHERE id = ?"
        return self._database.write("appointment done", statement, job) == 1
