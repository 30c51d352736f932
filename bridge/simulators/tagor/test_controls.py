"""Everything a tester may do to the stand-in: plant faults, force hours, change data, read what happened."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from bridge.simulators.tagor import contacts, seed
from bridge.simulators.tagor.case import Case
from bridge.simulators.tagor.cases import cases
from bridge.simulators.tagor.change import change_file
from bridge.simulators.tagor.faults import FaultBook
from bridge.simulators.tagor.hours import read_week
from bridge.simulators.tagor.inspection import Ledger
from bridge.simulators.tagor.operations import OPERATIONS
from bridge.simulators.tagor.plans import Limits
from bridge.simulators.tagor.post import EMAIL, SMS
from bridge.simulators.tagor.request_handler import RequestHandler
from bridge.simulators.tagor.staff import User
from bridge.simulators.tagor.tagor import Tagor

TABLES = {
    "info_records": "SELECT * FROM info_records ORDER BY id",
    "phones": "SELECT * FROM phones ORDER BY rowid",
    "contacts": "SELECT * FROM contacts ORDER BY rowid",
    "plans": "SELECT * FROM plans ORDER BY rowid",
    "messages": "SELECT * FROM messages ORDER BY id",
    "screens": "SELECT * FROM screens ORDER BY id",
    "office_messages": "SELECT * FROM office_messages ORDER BY id",
    "attachments": "SELECT id, file_id, message_id, name, kind, comment, group_id, day,"
    " length(content) AS bytes FROM attachments ORDER BY id",
    "appointments": "SELECT * FROM appointments ORDER BY id",
    "effects": "SELECT * FROM effects",
    "files": "SELECT * FROM files ORDER BY rowid",
    "parties": "SELECT * FROM parties ORDER BY rowid",
    "defendants": "SELECT * FROM defendants ORDER BY rowid",
    "file_types": "SELECT * FROM file_types ORDER BY id",
    "users": "SELECT * FROM users ORDER BY id",
    "permissions": "SELECT * FROM permissions ORDER BY rowid",
    "templates": "SELECT * FROM templates ORDER BY rowid",
    "parameters": "SELECT * FROM parameters ORDER BY number",
}


class Steering(Ledger):
    """The tester's hand on one Tagor; every method may be called while requests are served."""

    def __init__(self, tagor: Tagor, base: str) -> None:
        super().__init__(tagor)
        self.desk = RequestHandler(tagor, base)
        self.fault_book = FaultBook(frozenset(OPERATIONS))
        self.elsewhere = ""

    def fault(self, endpoint: str, fault: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - see `Fault`
        """Plant a fault on an operation (`*` for all) with the options of `Fault`; raises ValueError.

        A redirect without a location leads to this stand-in under another host name, where it is journalled.
        """
        if fault == "redirect":
            options.setdefault("location", self.elsewhere)
        return asdict(self.fault_book.plant({"endpoint": endpoint, "fault": fault, **options}))

    def faults(self) -> list[dict[str, Any]]:
        """The faults still waiting."""
        return self.fault_book.planted()

    def clear_faults(self) -> None:
        """Take every fault away."""
        self.fault_book.clear()

    def settle(self) -> None:
        """Let effects that a fault postponed (`effect="later"`) happen now."""
        self.desk.afterwards.settle()

    def journal(self, since: int = 0) -> list[dict[str, Any]]:
        """What was asked and done, oldest first, from the entry after number `since`."""
        return self.desk.journal.entries(since)

    def clear_journal(self) -> None:
        """Forget what was asked."""
        self.desk.journal.clear()

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Every table of the office's books, row by row."""
        database = self.tagor.database
        with database.transaction():
            return {name: [dict(row) for row in database.all(query)] for name, query in TABLES.items()}

    def cases(self) -> list[dict[str, object]]:
        """The documented cases."""
        return cases()

    def hours(self, state: str, file_type: str = "") -> dict[str, str]:
        """Force the office, or one kind of file, `open`, `closed` or `unknown`; `clock` ends it."""
        self.tagor.hours.force(state, file_type)
        return self.tagor.hours.states()

    def week(self, days: Mapping[str, Iterable[tuple[str, str]]], file_type: str = "") -> None:
        """Give the office, or one kind of file, weekly hours: {"0": [("09:00", "12:00")]}, Monday is 0.

        Raises ValueError with a sentence.
        """
        self.tagor.hours.set_week(read_week(days), file_type)

    def parameter(self, number: int, value: str) -> None:
        """Set a parameter of Tagor's configuration screen, such as 568 to "true"."""
        database = self.tagor.database
        with database.transaction():
            database.write("parameter", "INSERT OR REPLACE INTO parameters VALUES (?, ?)", number, value)

    def file_type(self, file_type: str, limits: Limits, *, self_service: bool = True) -> None:
        """Configure a kind of file: the plans it allows, and whether a defendant may ask for a copy."""
        with self.tagor.database.transaction():
            seed.set_file_type(self.tagor.database, file_type, limits, self_service=self_service)

    def user(self, whose: str, **changes: Any) -> None:  # noqa: ANN401 - see `User`
        """Change who has that login, such as `landline="+3292233448"` or `gone=True`; raises ValueError."""
        unknown = set(changes) - {"login", "name", "landline", "cellphone", "email", "gone"}
        if unknown:
            raise ValueError(f"A user has no '{min(unknown)}' to change.")
        database = self.tagor.database
        with database.transaction():
            row = database.one("SELECT * FROM users WHERE login = ?", whose)
            if row is None:
                raise ValueError("There is no user with that login.")
            self.tagor.staff.save(replace(User.of(row), **changes))

    def add_user(self, user: User, *, file_types: Iterable[str] = ()) -> None:
        """Take somebody on, who may see these kinds of file."""
        with self.tagor.database.transaction():
            self.tagor.staff.save(user)
            for file_type in file_types:
                self.tagor.staff.permit(user.id, "TQDOSSOORT", file_type)

    def template(self, code: str, medium: str) -> None:
        """Have the office know a text (SMS) or a mail (EMAIL) by a code; raises ValueError."""
        if medium not in (SMS, EMAIL):
            raise ValueError("A template is for SMS or EMAIL.")
        with self.tagor.database.transaction():
            seed.set_template(self.tagor.database, code, medium)

    def contact(self, party_id: str, content: str, *, used: bool = True) -> None:
        """Put one more number or mail address on a party; raises ValueError."""
        with self.tagor.database.transaction():
            if self.tagor.database.one("SELECT 1 FROM parties WHERE id = ?", party_id) is None:
                raise ValueError("There is no party with that id.")
            contacts.add_contact(self.tagor.database, party_id, content, used=used)

    def finish(self, job: str) -> None:
        """Have a task of the agenda done; raises ValueError."""
        with self.tagor.database.transaction():
            if not self.tagor.agenda.finish(job):
                raise ValueError("There is no task with that id.")

    def revoke_tokens(self) -> None:
        """Make every login token worthless, as a restart of Tagor does."""
        self.tagor.tokens.revoke()

    def add_case(self, case: Case) -> None:
        """Put one more defendant with a file into the books."""
        with self.tagor.database.transaction():
            seed.add_case(self.tagor.database, case)

    def change(self, file: str, **changes: object) -> None:
        """Change a file by its name, such as `balance=Decimal("10.00")`; raises ValueError."""
        with self.tagor.database.transaction():
            change_file(self.tagor.database, file, changes)

    def set_balance(self, file: str, balance: Decimal) -> None:
        """Set what is owed on a file, in euro."""
        self.change(file, balance=balance)
