"""How a party can be reached: the numbers and addresses that stand on it."""

from dataclasses import dataclass

from bridge.simulators.tagor.database import Database
from bridge.simulators.tagor.notifications import is_belgian_mobile
from bridge.simulators.tagor.wire_format import Id

LANDLINE = Id("9000000000000000501")
MOBILE = Id("9000000000000000502")
EMAIL = Id("9000000000000000503")

# A party's own numbers and address, then what was added; each kind counts its ids from a number of its own.
_OF_PARTY = """
    SELECT 9000000000500000000 + rowid AS id, written AS content, 1 AS used FROM phones WHERE party_id = ?1
    UNION ALL SELECT 9000000000600000000 + rowid, email, 1 FROM parties WHERE id = ?1 AND email <> ''
    UNION ALL SELECT 9000000000700000000 + rowid, content, used FROM contacts WHERE party_id = ?1
    ORDER BY 1"""


@dataclass(frozen=True)
class Contact:
    """A number or an address; one that is not `used` any more is kept all the same."""

    id: Id
    content: str
    used: bool

    @property
    def type_id(self) -> Id:
        """The id of what it is: a mail address, a mobile or a landline."""
        if "@" in self.content:
            return EMAIL
        return MOBILE if is_belgian_mobile(self.content) else LANDLINE


def contacts_of(database: Database, party_id: str) -> list[Contact]:
    """Everything that stands on a party."""
    rows = database.all(_OF_PARTY, party_id)
    return [Contact(Id(row["id"]), row["content"], bool(row["used"])) for row in rows]


def add_contact(database: Database, party_id: str, content: str, *, used: bool) -> None:
    """Put one more number or address on a party, inside a transaction."""
    database.write("contact", "INSERT INTO contacts VALUES (?, ?, ?)", party_id, content, used)
