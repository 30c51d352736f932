"""Changes what the simulated office has: hours, parameters, users, templates, contacts, files, balances."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bridge.simulators.tagor import contacts, seed
from bridge.simulators.tagor.agenda import INTERNAL, AgendaEntry
from bridge.simulators.tagor.case import Case, FurtherFile
from bridge.simulators.tagor.change import change_file
from bridge.simulators.tagor.codes import id_of
from bridge.simulators.tagor.hours import read_week
from bridge.simulators.tagor.lines import INFORMATIVE, AccountLine
from bridge.simulators.tagor.message_store import StoredMessage
from bridge.simulators.tagor.notifications import EMAIL, SMS
from bridge.simulators.tagor.plans import Limits
from bridge.simulators.tagor.staff import StaffMember
from bridge.simulators.tagor.tagor import SimulatedTagor


class Controls:
    """Changes one office's data and settings; every method may be called while requests are served."""

    def __init__(self, tagor: SimulatedTagor) -> None:
        self._tagor = tagor

    def hours(self, state: str, file_type: str = "") -> dict[str, str]:
        """Force the office, or one kind of file, `open`, `closed` or `unknown`; `clock` ends it."""
        self._tagor.hours.force(state, file_type)
        return self._tagor.hours.states()

    def week(self, days: Mapping[str, Iterable[tuple[str, str]]], file_type: str = "") -> None:
        """Give the office, or one kind of file, weekly hours: {"0": [("09:00", "12:00")]}, Monday is 0.

        Raises ValueError with a sentence.
        """
        self._tagor.hours.set_week(read_week(days), file_type)

    def parameter(self, number: int, value: str) -> None:
        """Set a parameter of Tagor's configuration screen, such as 568 to "true"."""
        database = self._tagor.database
        with database.transaction():
            database.write("parameter", "INSERT OR REPLACE INTO parameters VALUES (?, ?)", number, value)

    def file_type(self, file_type: str, limits: Limits, *, self_service: bool = True) -> None:
        """Configure a kind of file: the plans it allows, and whether a defendant may ask for a copy."""
        with self._tagor.database.transaction():
            seed.set_file_type(self._tagor.database, file_type, limits, self_service=self_service)

    def user(self, whose: str, **changes: Any) -> None:  # noqa: ANN401 - see `User`
        """Change who has that login, such as `landline="+3292233448"` or `gone=True`; raises ValueError."""
        unknown = set(changes) - {"login", "name", "landline", "cellphone", "email", "gone"}
        if unknown:
            raise ValueError(f"A user has no '{min(unknown)}' to change.")
        database = self._tagor.database
        with database.transaction():
            row = database.one("SELECT * FROM users WHERE login = ?", whose)
            if row is None:
                raise ValueError("There is no user with that login.")
            self._tagor.staff.save(replace(StaffMember.of(row), **changes))

    def add_user(self, user: StaffMember, *, file_types: Iterable[str] = ()) -> None:
        """Add a user who may see these kinds of file."""
        with self._tagor.database.transaction():
            self._tagor.staff.save(user)
            for file_type in file_types:
                self._tagor.staff.permit(user.id, "TQDOSSOORT", file_type)

    def permission(self, whose: str, code: str, *, on: bool) -> None:
        """Turn a permission of who has that login on or off; raises ValueError."""
        with self._tagor.database.transaction():
            self._tagor.permissions.set_toggle(self._id_of(whose), code, str(on))

    def may_see_only(self, whose: str, *file_types: str) -> None:
        """Let who has that login see these kinds of file only; raises ValueError."""
        with self._tagor.database.transaction():
            self._tagor.permissions.set_assets(self._id_of(whose), "TQDOSSOORT", list(file_types))

    def _id_of(self, login: str) -> str:
        user = self._tagor.staff.find(login)
        if user is None:
            raise ValueError("There is no user with that login.")
        return user.id

    def template(self, code: str, medium: str) -> None:
        """Have the office know a text (SMS) or a mail (EMAIL) by a code; raises ValueError."""
        if medium not in (SMS, EMAIL):
            raise ValueError("A template is for SMS or EMAIL.")
        with self._tagor.database.transaction():
            seed.set_template(self._tagor.database, code, medium)

    def contact(self, party_id: str, content: str, *, used: bool = True) -> None:
        """Put one more number or mail address on a party; raises ValueError."""
        with self._tagor.database.transaction():
            if self._tagor.database.one("SELECT 1 FROM parties WHERE id = ?", party_id) is None:
                raise ValueError("There is no party with that id.")
            contacts.add_contact(self._tagor.database, party_id, content, used=used)

    def schedule(self, file_id: str, kind: str, at: str, *, blocked: bool = False) -> str:
        """Put a task of a kind (code of `TJOBM`) on a file (id), at a local moment; returns the task's id."""
        login = "an.verbeke"
        task = AgendaEntry(*(login, at, *INTERNAL, file_id), kind=id_of("TJOBM", kind), blocked=blocked)
        with self._tagor.database.transaction():
            return str(self._tagor.agenda.add(task).job)

    def finish(self, job: str) -> None:
        """Have a task of the agenda done; raises ValueError."""
        with self._tagor.database.transaction():
            if not self._tagor.agenda.finish(job):
                raise ValueError("There is no task with that id.")

    def revoke_tokens(self) -> None:
        """Make every login token worthless, as a restart of Tagor does."""
        self._tagor.tokens.revoke()

    def add_case(self, case: Case) -> None:
        """Add a case: one more defendant with a file."""
        with self._tagor.database.transaction():
            seed.add_case(self._tagor.database, case)

    def add_file(self, case: Case, file: FurtherFile) -> None:
        """Add one more file of a case's own defendant."""
        with self._tagor.database.transaction():
            seed.add_file(self._tagor.database, case, file)

    def add_row(self, dataset: str, file_id: str, row: Mapping[str, object]) -> None:
        """Put a row of a dataset without a table of its own onto a file (id), in the contract's fields."""
        with self._tagor.database.transaction():
            seed.add_row(self._tagor.database, dataset, file_id, json.dumps(row))

    def change(self, file: str, **changes: object) -> None:
        """Change a file by its name, such as `balance=Decimal("10.00")`; raises ValueError."""
        with self._tagor.database.transaction():
            change_file(self._tagor.database, file, changes)

    def leave_message(self, file_id: str, party_id: str, subject: str, text: str) -> str:
        """Let the office write to a defendant (id) about a file (id); returns the message's id."""
        message = StoredMessage(
            *("", subject, text, self._tagor.moment, file_id), sender="an.verbeke", receiver_party=party_id
        )
        with self._tagor.database.transaction():
            return str(self._tagor.messages.add(message).id)

    def announce_payment(self, file_id: str, amount: Decimal) -> None:
        """Let a payment in euro be on its way to a file (id) since today."""
        with self._tagor.database.transaction():
            line = AccountLine(file_id, INFORMATIVE, -amount, self._tagor.today, "Online betaling")
            self._tagor.lines.add(line)

    def set_balance(self, file: str, balance: Decimal) -> None:
        """Set what is owed on a file, in euro."""
        self.change(file, balance=balance)
