"""Knows what each user may do: toggles, lists of what they may see, and acting as another user."""

from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.envelope import Request
from bridge.simulators.tagor.wire import Rejected
from bridge.simulators.tagor.wire_format import Id

API, IMPERSONATE = "API", "API-IMPERSONATE"
TOGGLES = (API, IMPERSONATE, "MESSAGE", "DOCUMENT", "PAY", "CONTACT", "SOLVENCY", "STOP", "LINE", "USERS")
_TOGGLES = 9_000_000_000_000_000_911

# The toggle that an operation needs; those that are not named here need none but `API`.
NEEDED = {
    "Message/Add": "MESSAGE",
    "Document/Generate": "DOCUMENT",
    "Pay/Start": "PAY",
    "Party/AddContactDetail": "CONTACT",
    "Party/DeleteContactDetail": "CONTACT",
    "SolvencyReport/Save": "SOLVENCY",
    "Dossier/Stop": "STOP",
    "Dossier/CreateLine": "LINE",
    "User/Add": "USERS",
    "User/SavePermissions": "USERS",
    "User/SavePermissionsList": "USERS",
}


class Permissions:
    """Reads and writes permissions inside the database's current transaction.

    A toggle that nobody saved is on, but for the one to act as somebody else. A user without a list for a
    kind of asset may see all of it.
    """

    def __init__(self, database: OfficeDatabase) -> None:
        self._database = database

    def toggle(self, user_id: str, code: str) -> bool:
        """Return whether a user has a toggle on."""
        row = self._database.one("SELECT value FROM toggles WHERE user_id = ? AND code = ?", user_id, code)
        return row["value"] == "true" if row else code != IMPERSONATE

    def toggles(self, user_id: str) -> list[dict[str, object]]:
        """Return every toggle of a user as Tagor tells it."""
        return [
            {
                "data": "true" if self.toggle(user_id, code) else "false",
                "type_id": Id(_TOGGLES + number),
                "type_code": code,
            }
            for number, code in enumerate(TOGGLES)
        ]

    def set_toggle(self, user_id: str, code: str, value: str) -> None:
        """Save a toggle of a user."""
        statement = "INSERT OR REPLACE INTO toggles VALUES (?, ?, ?)"
        self._database.write("toggle", statement, user_id, code, value.lower())

    def assets(self, user_id: str, kind: str) -> list[str]:
        """Return the ids of a kind of asset that a user may see; none means that there is no list."""
        query = "SELECT asset FROM permissions WHERE user_id = ? AND type = ? ORDER BY rowid"
        return [str(row["asset"]) for row in self._database.all(query, user_id, kind)]

    def set_assets(self, user_id: str, kind: str, assets: list[str]) -> None:
        """Replace the list of a kind of asset."""
        self._database.write(
            "permissions", "DELETE FROM permissions WHERE user_id = ? AND type = ?", user_id, kind
        )
        for asset in assets:
            statement = "INSERT OR IGNORE INTO permissions VALUES (?, ?, ?)"
            self._database.write("permission", statement, user_id, kind, asset)

    def may_see(self, user_id: str, kind: str, asset: str) -> bool:
        """Return whether a user may see an asset."""
        return asset in (self.assets(user_id, kind) or (asset,))

    def acting_user(self, operation: str, asked: Request, own_login: str) -> str:
        """Return the id of the user that an office's credential acts as, where that user may do this.

        Raises Rejected: 403 for a user or a file out of reach, 400 for a user that does not exist.
        """
        user_id = self._id_of(own_login)
        if named := asked.context.get("user-login", ""):
            if not self.toggle(user_id, IMPERSONATE):
                raise Rejected(403, "This key may not act as another user.")
            user_id = self._id_of(named)
        for code in (API, NEEDED.get(operation, API)):
            if not self.toggle(user_id, code):
                raise Rejected(403, f"This user has no permission {code}.")
        for file_id in filter(
            None, (asked.text("TDOS_Id"), asked.text("DosId"), asked.context.get("tdos_id"))
        ):
            row = self._database.one("SELECT type_id FROM files WHERE id = ?", file_id)
            if row and not self.may_see(user_id, "TQDOSSOORT", row["type_id"]):
                raise Rejected(403, "This user may not see files of this kind.")
        return user_id

    def _id_of(self, login: str) -> str:
        row = self._database.one("SELECT id FROM users WHERE login = ? COLLATE NOCASE AND NOT gone", login)
        if row is None:
            raise Rejected(400, "There is no such user.")
        return str(row["id"])
