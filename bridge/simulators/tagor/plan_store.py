"""Stores the payment plans: a new one ends all earlier ones of its file."""

from dataclasses import replace
from decimal import Decimal

from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.plans import Limits
from bridge.simulators.tagor.records import Plan
from bridge.simulators.tagor.wire_format import Id

FIRST = 9000000000000007001


class PlanStore:
    """Reads and writes plans inside the database's current transaction; ids are never given twice."""

    def __init__(self, database: OfficeDatabase) -> None:
        self._database = database

    def limits(self, type_id: str) -> Limits:
        """Return what is configured for a kind of file; an unknown kind has no plans."""
        row = self._database.one("SELECT * FROM file_types WHERE id = ?", type_id)
        if row is None:
            return Limits()
        terms = tuple(months for months in (row["term_1"], row["term_2"]) if months)
        return Limits(terms, row["longest"], Decimal(row["lowest"]))

    def all(self, file_id: str) -> list[Plan]:
        """Return every plan the file ever had, oldest first."""
        rows = self._database.all("SELECT * FROM plans WHERE file_id = ? ORDER BY rowid", file_id)
        return [Plan.of(row) for row in rows]

    def last(self, file_id: str) -> Plan | None:
        """Return the file's last plan, None if it was ended; no other plan can be active."""
        active = [plan for plan in self.all(file_id) if plan.active]
        return active[-1] if active else None

    def end(self, file_id: str) -> None:
        """Make the file's plans inactive."""
        if self.last(file_id):
            statement = "UPDATE plans SET active = 0 WHERE file_id = ? AND active = 1"
            self._database.write("plan ended", statement, file_id)

    def add(self, file_id: str, plan: Plan) -> Plan:
        """Make this the file's plan, with an id of its own, and end every earlier one."""
        self.end(file_id)
        # Counted over all files, and no plan is ever deleted: so an id is never given a second time.
        row = self._database.one("SELECT count(*) AS known FROM plans")
        new = replace(plan, id=Id(FIRST + (row["known"] if row else 0)))
        start = new.start.isoformat() if new.start else None
        self._database.write(
            "plan saved",
            "INSERT INTO plans"
            " (id, file_id, party_id, monthly, months, start, arrears, source, asked, approved)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(new.id, file_id, new.party_id, str(new.monthly), new.months, start, str(new.arrears)),
            *(new.source, new.asked, new.approved),
        )
        return new

    def approve(self, plan: Plan) -> None:
        """Approve a plan once more; how often is counted."""
        statement = "UPDATE plans SET approved = 1, approvals = approvals + 1 WHERE id = ?"
        self._database.write("plan approved", statement, plan.id)
