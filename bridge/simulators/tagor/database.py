"""Holds everything the office knows: one SQLite database, one transaction per request."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# A file's own person, the one its case is about, is its last defendant: that is what the view `owners` says.
# The view `effects` counts, for each decision, how often it was carried out.
TABLES = """
CREATE TABLE IF NOT EXISTS parties (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, language TEXT NOT NULL,
    house_number TEXT NOT NULL, email TEXT NOT NULL, mobile TEXT NOT NULL, wire_format TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS phones (
    party_id TEXT NOT NULL REFERENCES parties, number TEXT NOT NULL, written TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS contacts (
    party_id TEXT NOT NULL REFERENCES parties, content TEXT NOT NULL, used INTEGER NOT NULL,
    comment TEXT NOT NULL DEFAULT '', type_id TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, reference TEXT NOT NULL, type_id TEXT NOT NULL,
    manager_id TEXT NOT NULL REFERENCES users,
    creditor TEXT NOT NULL, balance TEXT NOT NULL, summons INTEGER NOT NULL,
    last_payment TEXT, last_amount TEXT NOT NULL, wire_format TEXT NOT NULL,
    last_contact TEXT NOT NULL DEFAULT '', manager_told TEXT, stopped TEXT);
CREATE TABLE IF NOT EXISTS file_types (
    id TEXT PRIMARY KEY, term_1 INTEGER NOT NULL, term_2 INTEGER NOT NULL, longest INTEGER NOT NULL,
    lowest TEXT NOT NULL, self_service INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS defendants (
    file_id TEXT NOT NULL REFERENCES files, position INTEGER NOT NULL,
    party_id TEXT NOT NULL REFERENCES parties, pin TEXT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (file_id, position));
CREATE TABLE IF NOT EXISTS dataset_rows (
    dataset TEXT NOT NULL, file_id TEXT NOT NULL REFERENCES files, row TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS plans (
    id TEXT PRIMARY KEY, file_id TEXT NOT NULL REFERENCES files, party_id TEXT NOT NULL,
    monthly TEXT NOT NULL, months INTEGER NOT NULL, start TEXT, arrears TEXT NOT NULL,
    source TEXT NOT NULL, asked TEXT NOT NULL, approved INTEGER NOT NULL,
    approvals INTEGER NOT NULL DEFAULT 0, active INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, file_id TEXT NOT NULL, party_id TEXT NOT NULL, plan_id TEXT NOT NULL,
    medium TEXT NOT NULL, address TEXT NOT NULL, language TEXT NOT NULL,
    template TEXT NOT NULL, day TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS info_records (
    id INTEGER PRIMARY KEY, file_id TEXT NOT NULL REFERENCES files, code TEXT NOT NULL,
    definition TEXT NOT NULL, text TEXT NOT NULL, day TEXT NOT NULL, automatic INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, landline TEXT NOT NULL,
    cellphone TEXT NOT NULL, email TEXT NOT NULL, gone INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS permissions (
    user_id TEXT NOT NULL REFERENCES users, type TEXT NOT NULL, asset TEXT NOT NULL,
    PRIMARY KEY (user_id, type, asset));
CREATE TABLE IF NOT EXISTS screens (
    id INTEGER PRIMARY KEY, login TEXT NOT NULL, file_id TEXT NOT NULL, number TEXT NOT NULL,
    direction TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS templates (
    code TEXT NOT NULL, medium TEXT NOT NULL, PRIMARY KEY (code, medium));
CREATE TABLE IF NOT EXISTS office_messages (
    id INTEGER PRIMARY KEY, file_id TEXT NOT NULL, sender TEXT NOT NULL, sender_party TEXT NOT NULL,
    receiver TEXT NOT NULL, receiver_party TEXT NOT NULL DEFAULT '', subject TEXT NOT NULL,
    text TEXT NOT NULL, at TEXT NOT NULL,
    read INTEGER NOT NULL DEFAULT 0, since TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS attachments (
    id INTEGER PRIMARY KEY, file_id TEXT NOT NULL, message_id INTEGER REFERENCES office_messages,
    name TEXT NOT NULL, kind TEXT NOT NULL, comment TEXT NOT NULL, group_id TEXT NOT NULL,
    content BLOB NOT NULL, day TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS appointments (
    id INTEGER PRIMARY KEY, file_id TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
    at TEXT NOT NULL, login TEXT NOT NULL, manual INTEGER NOT NULL, blocked INTEGER NOT NULL,
    kind TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS lines (
    id INTEGER PRIMARY KEY, file_id TEXT NOT NULL REFERENCES files, nature TEXT NOT NULL,
    amount TEXT NOT NULL, day TEXT NOT NULL, text TEXT NOT NULL, remark TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS line_infos (
    id INTEGER PRIMARY KEY, line_id TEXT NOT NULL, type_id TEXT NOT NULL, text TEXT NOT NULL,
    day TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS payments (
    reference TEXT PRIMARY KEY, file_id TEXT NOT NULL REFERENCES files, amount TEXT NOT NULL,
    paid INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS solvency (
    file_id TEXT NOT NULL, party_id TEXT NOT NULL, question_id TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (file_id, party_id, question_id));
CREATE TABLE IF NOT EXISTS toggles (
    user_id TEXT NOT NULL REFERENCES users, code TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (user_id, code));
CREATE TABLE IF NOT EXISTS hashes (
    token TEXT PRIMARY KEY, file_id TEXT NOT NULL, party_id TEXT NOT NULL, until TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS parameters (number INTEGER PRIMARY KEY, value TEXT NOT NULL);
CREATE VIEW IF NOT EXISTS owners AS
    SELECT file_id, party_id, rowid FROM defendants d
    WHERE position = (SELECT max(position) FROM defendants WHERE file_id = d.file_id);
CREATE VIEW IF NOT EXISTS effects AS
    SELECT 'plan' AS kind, file_id, asked AS decision, count(*) AS times
        FROM plans WHERE asked <> '' GROUP BY file_id, asked
    UNION ALL SELECT 'approval', file_id, id, approvals FROM plans WHERE approvals > 0
    UNION ALL SELECT 'message', file_id, plan_id, count(*)
        FROM messages WHERE plan_id <> '' GROUP BY file_id, plan_id
    UNION ALL SELECT CASE medium WHEN 'SMS' THEN 'text' ELSE 'mail' END, file_id, template || ' ' || address,
        count(*) FROM messages WHERE plan_id = '' GROUP BY file_id, medium, template, address
    UNION ALL SELECT 'office message', file_id, subject, count(*)
        FROM office_messages WHERE receiver_party = '' GROUP BY file_id, subject
    UNION ALL SELECT 'attachment', file_id, name, count(*)
        FROM attachments WHERE message_id IS NULL GROUP BY file_id, name
    UNION ALL SELECT 'appointment', file_id, subject, count(*) FROM appointments GROUP BY file_id, subject
    UNION ALL SELECT 'info line', file_id, text, count(*)
        FROM info_records WHERE automatic = 0 GROUP BY file_id, text;
CREATE INDEX IF NOT EXISTS lines_by_file ON lines (file_id);
CREATE INDEX IF NOT EXISTS line_infos_by_line ON line_infos (line_id);
CREATE INDEX IF NOT EXISTS rows_by_file ON dataset_rows (dataset, file_id);
CREATE INDEX IF NOT EXISTS plans_by_file ON plans (file_id);
CREATE INDEX IF NOT EXISTS attachments_by_message ON attachments (message_id);
CREATE INDEX IF NOT EXISTS phones_by_number ON phones (number);
CREATE INDEX IF NOT EXISTS files_by_reference ON files (reference);
CREATE INDEX IF NOT EXISTS defendants_by_party ON defendants (party_id);
"""


class OfficeDatabase:
    """One connection, shared by all threads; `:memory:` or a file's path.

    A file survives the process: it is filled with the cases only when it is new.
    """

    def __init__(self, path: str) -> None:
        # One connection for all threads, because each connection to `:memory:` has a database of its own.
        # Without isolation level the module begins no transactions itself: only `transaction` does.
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._lock = threading.RLock()
        self._effects: list[str] = []
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(TABLES)

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[list[str]]:
        """Run the block alone; its effects, named in the list, are kept or all undone.

        Raises whatever the block raises, with every effect undone.
        """
        with self._lock:
            self._connection.execute("BEGIN")
            self._effects = []
            try:
                yield self._effects
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT" if keep else "ROLLBACK")

    def one(self, query: str, *values: object) -> sqlite3.Row | None:
        """Return the first row of the answer, if any."""
        row: sqlite3.Row | None = self._connection.execute(query, values).fetchone()
        return row

    def all(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Return every row of the answer."""
        return self._connection.execute(query, values).fetchall()

    def write(self, effect: str, statement: str, *values: object) -> int:
        """Run a statement inside a transaction, and note its effect by name; returns the rows it touched."""
        touched = self._connection.execute(statement, values).rowcount
        self._effects.append(effect)
        return touched

    def close(self) -> None:
        """Close the database; one in memory loses its content."""
        with self._lock:
            self._connection.close()
