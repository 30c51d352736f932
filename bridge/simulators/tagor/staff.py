"""Stores the office's employees: which files they may see, and what is put on their screens."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.wire_format import Id


@dataclass(frozen=True)
class StaffMember:
    """A person with a login. Old files still name one who is `gone`, but no search finds them."""

    id: Id
    login: str
    name: str
    landline: str = ""
    cellphone: str = ""
    email: str = ""
    gone: bool = False

    @classmethod
    def of(cls, row: sqlite3.Row) -> "StaffMember":
        """Return the user a row of the table `users` describes."""
        texts = {name: row[name] for name in ("login", "name", "landline", "cellphone", "email")}
        return cls(id=Id(row["id"]), gone=bool(row["gone"]), **texts)


@dataclass(frozen=True)
class Screen:
    """A shortcut on a user's screen: the file (empty when none is known) and the number of who calls."""

    login: str
    file_id: str
    number: str
    direction: str


class Staff:
    """Reads and writes users inside the database's current transaction."""

    def __init__(self, database: OfficeDatabase) -> None:
        self._database = database

    def save(self, user: StaffMember) -> None:
        """Store a user, or replace the one with the same id."""
        self._database.write(
            "user",
            "INSERT OR REPLACE INTO users VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(user.id, user.login, user.name, user.landline, user.cellphone, user.email, user.gone),
        )

    def permit(self, user_id: str, kind: str, asset: str) -> None:
        """Let a user see what belongs to an asset: a file type, a party, or a party of a type (`id|id`)."""
        self._database.write(
            "permission", "INSERT OR IGNORE INTO permissions VALUES (?, ?, ?)", user_id, kind, asset
        )

    def find(self, named: str) -> StaffMember | None:
        """Return the user with a login or name, in any letter case; never one who is gone."""
        query = "SELECT * FROM users WHERE NOT gone AND ? COLLATE NOCASE IN (login, name)"
        return self._told(query, named)

    def by_id(self, user_id: str) -> StaffMember | None:
        """Return the user with an id; never one who is gone."""
        return self._told("SELECT * FROM users WHERE NOT gone AND id = ?", user_id)

    def meant(self, named: str, user_id: str) -> StaffMember | None:
        """Return the user with a login or name; where none is given, the one with the id."""
        return self.find(named) if named else self.by_id(user_id)

    def _told(self, query: str, of: str) -> StaffMember | None:
        row = self._database.one(query, of)
        return StaffMember.of(row) if row else None

    def login(self, user_id: str) -> str:
        """Return the login of whoever has or had that id, empty for nobody."""
        row = self._database.one("SELECT login FROM users WHERE id = ?", user_id)
        return str(row["login"]) if row else ""

    def who_may_see(self, assets: Mapping[str, str]) -> list[StaffMember]:
        """Return the users who may see every one of these assets, by kind."""
        query = "SELECT 1 FROM permissions WHERE user_id = ? AND type = ? AND asset = ?"
        rows = self._database.all("SELECT * FROM users WHERE NOT gone ORDER BY id")
        return [
            user
            for user in map(StaffMember.of, rows)
            if all(self._database.one(query, user.id, kind, asset) for kind, asset in assets.items())
        ]

    def show(self, screen: Screen) -> None:
        """Put a shortcut on a user's screen."""
        self._database.write(
            "screen",
            "INSERT INTO screens (login, file_id, number, direction) VALUES (?, ?, ?, ?)",
            *(screen.login, screen.file_id, screen.number, screen.direction),
        )
