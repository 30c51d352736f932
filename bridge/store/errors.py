"""What can go wrong with the store; each class is what the call does next.

StoreError
├── StoreDown        the database cannot be used now: fixed words, no PIN check, a person
├── DecryptionFailed       stored bytes cannot be opened with our secrets: as above
├── Overtaken        another worker was faster: take a turn again and send what is stored, leave a job
├── WrongSchema      the bridge does not start: `bridge migrate`
└── BadDatabaseUrl   the bridge does not start: DATABASE_URL

No exception of SQLAlchemy or of a driver leaves this room, and no text here carries a value.
"""


class StoreError(Exception):
    """Anything the store may raise; catching it means: go on without the store."""


class StoreDown(StoreError):
    """The database is away, locked, full or read-only; `code` is the engine's own short name for it."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"The database cannot be used ({code}): see that it runs, has space and may be written."
        )
        self.code = code


class DecryptionFailed(StoreError):
    """The bytes were not sealed with any of the configured secrets, or were changed since."""

    def __init__(self) -> None:
        super().__init__(
            "Stored bytes cannot be opened: give the secret they were sealed with as a further one."
        )


class ClaimLost(StoreError):
    """The turn or job is no longer ours: done or taken over by another worker, or the call has ended."""

    def __init__(self) -> None:
        super().__init__("Another worker has this: take the turn again and send what is stored, or drop it.")


class WrongSchema(StoreError):
    """The database's tables are not the ones this version of the bridge was written for."""

    def __init__(self, found: str | None, needed: str) -> None:
        super().__init__(
            f"The database's schema is {found or 'empty'}, this bridge needs {needed}: "
            "run `bridge migrate`, or start the newer bridge that made the database."
        )


class BadDatabaseUrl(StoreError):
    """DATABASE_URL names neither an SQLite file nor a PostgreSQL server."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL must be sqlite:///path/to/file.db or postgresql://user:password@host/name."
        )
