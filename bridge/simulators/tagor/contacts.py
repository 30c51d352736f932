"""Stores how a party can be reached: its telephone numbers and mail addresses."""

from dataclasses import dataclass

from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.notifications import is_belgian_mobile
from bridge.simulators.tagor.wire_format import Id

LANDLINE = Id("9000000000000000501")
MOBILE = Id("9000000000000000502")
EMAIL = Id("9000000000000000503")

# A party's own numbers and address, then what was added; each kind counts its ids from a number of its own.
_OF_PARTY = """
    SELECT 9000000000500000000 + rowid AS id, written AS content, 1 AS used, '' AS comment, '' AS type_id
        FROM phones WHERE party_id = ?1
    UNION ALL SELECT 9000000000600000000 + rowid, email, 1, '', '' FROM parties WHERE id = ?1 AND email <> ''
    UNION ALL SELECT 9000000000700000000 + rowid, content, used, comment, type_id
        FROM contacts WHERE party_id = ?1
    ORDER BY 1"""
# How a number or an address is taken away, by the number its kind counts from.
_DELETED = {
    9000000000500000000: "DELETE FROM phones WHERE rowid = ?",
    9000000000600000000: "UPDATE parties SET email = '' WHERE rowid = ? AND email <> ''",
    9000000000700000000: "DELETE FROM contacts WHERE rowid = ?",
}


@dataclass(frozen=True)
class ContactDetail:
    """A number or an address; one that is not `used` any more is kept all the same."""

    id: Id
    content: str
    used: bool
    comment: str = ""
    written_type: str = ""

    @property
    def type_id(self) -> Id:
        """The id of what it is: as it was written, else a mail address, a mobile or a landline."""
        if self.written_type:
            return Id(self.written_type)
        if "@" in self.content:
            return EMAIL
        return MOBILE if is_belgian_mobile(self.content) else LANDLINE


def contacts_of(database: OfficeDatabase, party_id: str) -> list[ContactDetail]:
    """Return every number and address of a party."""
    rows = database.all(_OF_PARTY, party_id)
    return [
        ContactDetail(Id(row["id"]), row["content"], bool(row["used"]), row["comment"], row["type_id"])
        for row in rows
    ]


def add_contact(
    database: OfficeDatabase, party_id: str, content: str, *, used: bool, comment: str = "", type_id: str = ""
) -> ContactDetail:
    """Put one more number or address on a party, inside a transaction; returns it with its id."""
    statement = "INSERT INTO contacts VALUES (?, ?, ?, ?, ?)"
    database.write("contact", statement, party_id, content, used, comment, type_id)
    return contacts_of(database, party_id)[-1]


def delete_contact(database: OfficeDatabase, contact_id: str) -> bool:
    """Take a number or an address away, inside a transaction; says whether there was one."""
    number = int(contact_id) if contact_id.isascii() and contact_id.isdigit() else 0
    first = number - number % 100_000_000
    if first not in _DELETED:
        return False
    return database.write("contact deleted", _DELETED[first], number - first) == 1
