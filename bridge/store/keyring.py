"""The keyring: hash keys that stay the same when a secret is changed, sealed in the database itself.

A locked file, an open decision and a finished call are found by keyed hashes. Were their keys made anew from
each new secret, a changed secret would forget every lock and let a second plan be sent. So the keys are made
from the secrets once, when a database is first used, and are only sealed anew afterwards.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from bridge.store.database import Database, advisory_lock
from bridge.store.encryption import Sealer
from bridge.store.errors import DecryptionFailed, WrongSecret
from bridge.store.statement import Statement, Transaction
from bridge.store.tables import keyring

_IN_ORDER = Statement(select(keyring).order_by(keyring.c.position))


class Keyring:
    """Keeps the hash keys of one database; a `Sealer` reads them once in the life of a process."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database, self._sealer = database, sealer

    def keys(self) -> Sequence[bytes]:
        """Give the hash keys, the current one first; make them when this database never had any.

        Raises:
            WrongSecret: none of the configured secrets opens them.
            StoreDown: they cannot be read now; the next call reads them again.
        """
        with self._database.on_cursor("read") as transaction:
            keys, foreign = self._opened(transaction)
        # A former secret can only be dropped once nothing in the keyring needs it.
        if foreign:
            self._seal_anew()
        return keys or self._make()

    def _opened(self, transaction: Transaction) -> tuple[tuple[bytes, ...], bool]:
        """Open what is stored, and tell whether any of it is sealed by another than the first secret."""
        rows = _IN_ORDER.rows(transaction)
        try:
            keys = tuple(self._sealer.open(row.hash_key, "keyring", row.position) for row in rows)
        except DecryptionFailed:
            raise WrongSecret from None
        return keys, any(row.sealed_by != self._sealer.key_id for row in rows)

    def _make(self) -> tuple[bytes, ...]:
        with self._database.writing() as connection:
            # Two processes that begin at once must not keep two different orders of the same secrets.
            advisory_lock(connection, "keyring")
            keys, _ = self._opened(Transaction.of(connection))
            for position, key in enumerate(() if keys else self._sealer.derived_hash_keys):
                row: dict[str, Any] = {"position": position, "sealed_by": self._sealer.key_id}
                row["hash_key"] = self._sealer.seal(key, "keyring", position)
                connection.execute(insert(keyring).values(row))
        return keys or self._sealer.derived_hash_keys

    def _seal_anew(self) -> None:
        """Seal the keys with the first secret, so that the former one can be dropped."""
        with self._database.writing() as connection:
            advisory_lock(connection, "keyring")
            for position, key in enumerate(self._opened(Transaction.of(connection))[0]):
                sealed = self._sealer.seal(key, "keyring", position)
                this = update(keyring).where(keyring.c.position == position)
                connection.execute(this.values(sealed_by=self._sealer.key_id, hash_key=sealed))
