"""What people of an office change while the line runs: its announcement, and options that are off for now."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from bridge.store.database import Database, insert_if_absent
from bridge.store.encryption import Sealer
from bridge.store.errors import DecryptionFailed
from bridge.store.retention import delete_some, sweep_rows
from bridge.store.tables import announcements, switched_off

_SWEEP = delete_some(announcements, announcements.c.until <= bindparam("now"))


@dataclass(frozen=True, slots=True)
class Announcement:
    """What every caller of an office hears once, by language, until a moment."""

    words: Mapping[str, str]
    until: datetime


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """What was changed at one office; `switched_off` are options beyond those that its file switches off."""

    announcement: Announcement | None = None
    switched_off: frozenset[str] = frozenset()


NOTHING_CHANGED = OfficeSettings()


class LiveSettings:
    """Keeps the changes; what a method wrote is on the disk when it returns. May raise `StoreDown`.

    Announcements are sealed: whoever can write into the database cannot make the line say anything.
    """

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database, self._sealer = database, sealer

    def read(self) -> Mapping[str, OfficeSettings]:
        """Give the changes of each office that has any, also an announcement whose time is over."""
        with self._database.reading() as connection:
            announced = connection.execute(select(announcements)).all()
            switches = connection.execute(select(switched_off.c.office, switched_off.c.service)).all()
        off = defaultdict[str, set[str]](set)
        for office, service in switches:
            off[office].add(service)
        told = {row.office: self._opened(row.office, row.words, row.until) for row in announced}
        return {
            office: OfficeSettings(told.get(office), frozenset(off.get(office, ())))
            for office in {*told, *off}
        }

    def announce(self, office: str, announcement: Announcement) -> None:
        """Put an announcement up, in place of the former one."""
        sealed = self._sealer.seal(json.dumps(dict(announcement.words)).encode(), "announcements", office)
        values = {"words": sealed, "until": announcement.until}
        with self._database.writing() as connection:
            if not insert_if_absent(connection, announcements, office=office, **values):
                this = update(announcements).where(announcements.c.office == office)
                connection.execute(this.values(values))

    def take_down(self, office: str) -> None:
        """Take the announcement down; nothing happens where there is none."""
        with self._database.writing() as connection:
            connection.execute(delete(announcements).where(announcements.c.office == office))

    def switch(self, office: str, service: str, *, on: bool) -> None:
        """Switch one option of an office off, or on again; nothing happens where it is so already."""
        this = (switched_off.c.office == office) & (switched_off.c.service == service)
        with self._database.writing() as connection:
            if on:
                connection.execute(delete(switched_off).where(this))
            else:
                insert_if_absent(connection, switched_off, office=office, service=service)

    def sweep(self, now: datetime) -> int:
        """Delete announcements whose time is over; gives how many."""
        return sweep_rows(self._database, _SWEEP, now=now)

    def _opened(self, office: str, sealed: bytes, until: datetime) -> Announcement | None:
        """Give an announcement; one that no configured secret opens is none."""
        try:
            return Announcement(json.loads(self._sealer.open(sealed, "announcements", office)), until)
        except DecryptionFailed:
            return None
