"""The statements of a turn, on the driver's own cursor: SQLAlchemy compiles each once and runs none of them.

SQLAlchemy takes several times as long for a statement as the database does. What every turn executes is built
from the same tables as everything else, but goes to the driver as the text that was compiled.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table, text
from sqlalchemy.dialects import postgresql, sqlite

_Convert = Callable[[Any], Any]

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:word, 0))")


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction under way on a connection of the driver; `Database.on_cursor` opens one.

    `dialect` is the one by which statements are compiled.
    """

    connection: Any
    dialect: Dialect

    @classmethod
    def of(cls, connection: Connection) -> "Transaction":
        """Wrap the open transaction of a SQLAlchemy connection; neither begins nor commits."""
        return cls(connection.connection.dbapi_connection, connection.dialect)

    def lock(self, word: str) -> None:
        """Wait until no other transaction holds this word, and hold it until this transaction ends."""
        # On SQLite a transaction that writes keeps every other writer out already.
        if self.dialect.name == "postgresql":
            _LOCKING.execute(self, word=word)


class Statement:
    """One statement for both engines.

    Args:
        made: the statement, or what makes it for the name of a dialect.
        columns: the columns that an INSERT or UPDATE sets, beside those that the statement itself names.
    """

    def __init__(
        self,
        made: Any,  # noqa: ANN401 - any statement
        columns: Sequence[str] = (),
    ) -> None:
        self._made, self._columns = made, columns
        self._compiled: dict[str, _Compiled] = {}

    def execute(self, transaction: Transaction, **values: Any) -> Any:  # noqa: ANN401 - columns and cursors differ
        """Execute it, and give the driver's cursor.

        Its `rowcount` is how many rows were touched. It yields rows as the driver has them, with moments as
        numbers.
        """
        compiled = self._compiled.get(transaction.dialect.name)
        if compiled is None:
            dialect = transaction.dialect
            made = self._made(dialect.name) if callable(self._made) else self._made
            compiled = self._compiled[dialect.name] = _Compiled(made, self._columns, dialect)
        for name, convert in compiled.convert_value:
            if values[name] is not None:
                values[name] = convert(values[name])
        given = {**compiled.given, **values} if compiled.given else values
        ordered = given if compiled.order is None else [given[name] for name in compiled.order]
        return transaction.connection.execute(compiled.sql, ordered)

    def rows(self, transaction: Transaction, **values: Any) -> list[Any]:  # noqa: ANN401 - as above
        """Execute it, and give its rows as named tuples."""
        rows = [list(row) for row in self.execute(transaction, **values)]
        compiled = self._compiled[transaction.dialect.name]
        for row in rows:
            for position, convert in compiled.convert_row:
                if row[position] is not None:
                    row[position] = convert(row[position])
        return [compiled.row(*row) for row in rows]


class _Compiled:
    """What one dialect makes of a statement: its text, and how values go in and come out."""

    def __init__(self, made: Any, columns: Sequence[str], dialect: Dialect) -> None:  # noqa: ANN401 - as above
        compiled = made.compile(dialect=dialect, column_keys=list(columns) or None)
        self.sql = str(compiled)
        self.order = compiled.positiontup
        binds = compiled.binds
        self.given = {name: bind.effective_value for name, bind in binds.items() if not bind.required}
        kinds = {name: bind.type.dialect_impl(dialect) for name, bind in binds.items() if bind.required}
        into = {name: kind.bind_processor(dialect) for name, kind in kinds.items()}
        self.convert_value = [(name, convert) for name, convert in into.items() if convert]
        shown: Iterable[Any] = getattr(made, "exported_columns", ())
        out = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in shown]
        self.convert_row = [(position, convert) for position, convert in enumerate(out) if convert]
        self.row = namedtuple("Row", [column.key for column in shown])  # type: ignore[misc]  # noqa: PYI024 - its names are known at run time only


def absent_insert(table: Table) -> Callable[[str], Insert]:
    """Make what inserts a row unless its key is there already, for the name of a dialect."""

    def made(dialect: str) -> Insert:
        inserting = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
        return inserting.on_conflict_do_nothing()

    return made


_LOCKING = Statement(_LOCK)
