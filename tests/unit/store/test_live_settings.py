"""What people change while the line runs: an announcement until a moment, and options that are off."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from store_engines import on_every_engine

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.live_settings import Announcement, LiveSettings, OfficeSettings
from bridge.store.tables import announcements

HOUR = timedelta(hours=1)
CLOSED = {"nl": "Vandaag gesloten.", "fr": "Fermé aujourd'hui."}


@pytest.fixture
def live(database: Database, seal: Sealer) -> LiveSettings:
    return LiveSettings(database, seal)


@on_every_engine
def test_changes_are_read_by_office(live: LiveSettings, now: datetime):
    """The announcement that was put up last, and all that is off; the other office has nothing of it."""
    assert live.read() == {}
    live.announce("gent", Announcement({"nl": "Even geduld."}, now))
    live.announce("gent", Announcement(CLOSED, now + HOUR))
    for service in ("post", "post", "voicemail"):
        live.switch("gent", service, on=False)
    live.switch("aalst", "post", on=False)
    both = frozenset({"post", "voicemail"})
    assert live.read() == {
        "gent": OfficeSettings(Announcement(CLOSED, now + HOUR), both),
        "aalst": OfficeSettings(None, frozenset({"post"})),
    }


@on_every_engine
def test_changes_are_taken_back(live: LiveSettings, now: datetime):
    """Once, and once more without any harm."""
    live.announce("gent", Announcement(CLOSED, now))
    live.switch("gent", "post", on=False)
    for _ in range(2):
        live.take_down("gent")
        live.switch("gent", "post", on=True)
    assert live.read() == {}


def test_an_announcement_is_deleted_when_its_time_is_over(live: LiveSettings, now: datetime):
    """Not a moment earlier; what is off stays off."""
    live.announce("gent", Announcement(CLOSED, now))
    live.switch("gent", "post", on=False)
    assert live.sweep(now - timedelta(microseconds=1)) == 0
    assert live.sweep(now) == 1
    assert live.read() == {"gent": OfficeSettings(None, frozenset({"post"}))}


def test_words_that_were_put_into_the_database_are_none(
    live: LiveSettings, database: Database, now: datetime
):
    """Neither what another office announced, nor what nobody sealed."""
    live.announce("gent", Announcement(CLOSED, now))
    with database.reading() as connection:
        sealed = connection.scalar(select(announcements.c.words))
    with database.writing() as connection:
        connection.execute(announcements.insert().values(office="aalst", words=sealed, until=now))
        connection.execute(update(announcements).where(announcements.c.office == "gent").values(words=b"x"))
    assert {office: one.announcement for office, one in live.read().items()} == {"gent": None, "aalst": None}
