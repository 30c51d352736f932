"""Changes what the office knows about a file, also while a call is going on."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.plan_store import PlanStore
from bridge.simulators.tagor.records import Plan
from bridge.simulators.tagor.wire_format import WIRE_FORMATS


class Change(NamedTuple):
    """How one thing about a file is changed: the statement, and how the value given is read."""

    statement: str
    read: Callable[[object], object]


def _amount(value: object) -> str:
    # A float is not exactly the euro that a tester has in mind.
    if isinstance(value, float):
        raise TypeError("an amount is given as text or Decimal")
    return f"{Decimal(str(value)):.2f}"


def _day(value: object) -> str | None:
    return None if value is None else date.fromisoformat(str(value)).isoformat()


def _told(value: object) -> str | None:
    return None if value is None else str(value)


def _wire_format(value: object) -> str:
    if value not in WIRE_FORMATS:
        raise ValueError(f"'{value}' is no wire format")
    return str(value)


CHANGES = {
    "balance": Change("UPDATE files SET balance = ? WHERE id = ?", _amount),
    "creditor": Change("UPDATE files SET creditor = ? WHERE id = ?", str),
    "reference": Change("UPDATE files SET reference = ? WHERE id = ?", str),
    "manager": Change("UPDATE files SET manager_id = ? WHERE id = ?", str),
    "manager_told": Change("UPDATE files SET manager_told = ? WHERE id = ?", _told),
    "summons": Change("UPDATE files SET summons = ? WHERE id = ?", bool),
    "last_payment": Change("UPDATE files SET last_payment = ? WHERE id = ?", _day),
    "last_amount": Change("UPDATE files SET last_amount = ? WHERE id = ?", _amount),
    "wire_format": Change("UPDATE files SET wire_format = ? WHERE id = ?", _wire_format),
    "pin": Change(
        "UPDATE defendants SET pin = ? WHERE rowid = (SELECT rowid FROM owners WHERE file_id = ?)", str
    ),
    "name": Change(
        "UPDATE parties SET name = ? WHERE id = (SELECT party_id FROM owners WHERE file_id = ?)", str
    ),
    "tagor_language": Change(
        "UPDATE parties SET language = ? WHERE id = (SELECT party_id FROM owners WHERE file_id = ?)", str
    ),
    "email": Change(
        "UPDATE parties SET email = ? WHERE id = (SELECT party_id FROM owners WHERE file_id = ?)", str
    ),
    "house_number": Change(
        "UPDATE parties SET house_number = ? WHERE id = (SELECT party_id FROM owners WHERE file_id = ?)", str
    ),
}


def change_file(database: OfficeDatabase, name: str, changes: dict[str, object]) -> None:
    """Change a file, or its own person, inside a transaction.

    `plan` takes {"monthly", "arrears", "months", "start"} or None. Raises ValueError with a sentence.
    """
    file = database.one("SELECT id FROM files WHERE name = ?", name)
    if file is None:
        raise ValueError("There is no file of that name.")
    for what, value in changes.items():
        if what == "plan" and isinstance(value, dict):
            PlanStore(database).add(file["id"], _plan(value))
        elif what == "plan":
            PlanStore(database).end(file["id"])
        elif what in CHANGES:
            statement, read = CHANGES[what]
            database.write(f"{what} changed", statement, _read(what, read, value), file["id"])
        else:
            raise ValueError(f"'{what}' cannot be changed: use {', '.join(sorted(CHANGES))} or plan.")


def _read(what: str, read: Callable[[object], object], value: object) -> object:
    try:
        return read(value)
    except (ValueError, TypeError, InvalidOperation):
        raise ValueError(f"The value given for {what} cannot be read.") from None


def _plan(told: dict[str, object]) -> Plan:
    try:
        return Plan(
            Decimal(_amount(told.get("monthly", 0))),
            Decimal(_amount(told.get("arrears", 0))),
            int(str(told.get("months", 1))),
            date.fromisoformat(str(told["start"])) if told.get("start") else None,
        )
    except (ValueError, TypeError, InvalidOperation):
        raise ValueError("The value given for plan cannot be read.") from None
