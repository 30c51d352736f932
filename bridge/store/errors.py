"""The errors of the store; each class says what the caller of the store does next.

StoreError
├── StoreDown         the database cannot be used now: say the fixed words, check no PIN, connect a person
├── DecryptionFailed  stored bytes cannot be opened with the configured secrets: do as for `StoreDown`
├── ClaimLost         another worker was faster: read the turn again, or leave the job to that worker
├── WrongSecret       the bridge does not start: give the former secret as a further one
├── WrongSchema       the bridge does not start: run `bridge migrate`
└── BadDatabaseUrl    the bridge does not start: correct DATABASE_URL

No exception of SQLAlchemy or of a database driver leaves this room, and no text here carries a stored value.
"""

from typing import Literal

Cut = Literal["before commit", "at commit"]
"""When a server that restarts has ended a transaction."""


class StoreError(Exception):
    """Anything the store may raise; whoever catches it goes on without the store."""


class StoreDown(StoreError):
    """The database is away, frozen, locked, full or read-only; `code` is the engine's short name for it.

    `cut` tells when a server that restarts has ended the transaction: `before commit`, so that nothing of it
    was written and it may be done again, or `at commit`, so that nobody knows; None when none has.
    """

    def __init__(self, code: str, cut: Cut | None = None) -> None:
        super().__init__(
            f"The database cannot be used ({code}): see that it runs, has space and may be written."
        )
        self.code, self.cut = code, cut


class DecryptionFailed(StoreError):
    """None of the configured secrets sealed these bytes, or somebody changed them since."""

    def __init__(self) -> None:
        super().__init__(
            "Stored bytes cannot be opened: give the secret they were sealed with as a further one."
        )


class ClaimLost(StoreError):
    """The turn or job is no longer claimed by this worker: another one has it, or the call has ended."""

    def __init__(self) -> None:
        super().__init__("Another worker has this: read the turn again and send what is stored, or drop it.")


class WrongSecret(StoreError):
    """None of the configured secrets opens the keys of this database."""

    def __init__(self) -> None:
        super().__init__(
            "This database was sealed with another secret: give the former secret as a further one, after "
            "the new one, and start again. Once the bridge has started so, locked files and finished calls "
            "need the former secret no longer; open decisions need it for a quarter of an hour, jobs that "
            "wait for Tagor for four days at most. `bridge doctor` names what still needs it."
        )


class WrongSchema(StoreError):
    """The database's tables are older than this version of the bridge, or there are none."""

    def __init__(self, found: str | None, needed: str) -> None:
        super().__init__(
            f"The database's schema is {found or 'empty'}, this bridge needs {needed}: run `bridge migrate`."
        )


class BadDatabaseUrl(StoreError):
    """DATABASE_URL names neither an SQLite file nor a PostgreSQL server."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL must be sqlite:///path/to/file.db or postgresql://user:password@host/name."
        )
