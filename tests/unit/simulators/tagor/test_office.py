"""The office about itself: name, version, connection, user and opening hours, in both generations."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bridge.simulators.tagor import StandIn
from bridge.simulators.tagor.hours import belgian_now

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Answer, Client, FakeClock

JUDICIAL = "9000000000000000102"


def told(reply: Answer):
    return {
        row["ContextKey"]: row["ContextValue"]
        for row in reply.response["dsWebContext"]["dsWebContext"]["ttWebContext"]
    }


def is_open(client: Client, file_id: str = ""):
    return client.ask("TagorService/KantoorOpen", {"TDOS_Id": file_id}).response.get("KantoorOpen")


def test_versions_differ_by_generation(client: Client, older: Client):
    """Config/Version and Config/Info name the release the office runs."""
    for asked, version in ((client, "2.00.1000B1"), (older, "1.08.4000B2")):
        assert told(asked.ask("Config/Version"))["APIVersion"] == version
        assert told(asked.ask("Config/Info", authorization=""))["APIVersion"] == version


def test_an_unknown_generation_is_refused():
    """There are two."""
    with pytest.raises(ValueError, match=r"'3' is no generation of Tagor: use 1.08 or 2.00"):
        StandIn(generation="3")


def test_the_office_introduces_itself(client: Client, older: Client):
    """Name and address; the older generation sends phone and company number as JSON numbers."""
    rows = [
        asked.ask("Config/Info").response["dsTDOSPARWeb"]["dsTDOSPARWeb"]["ttTDOSPARWeb"][0]
        for asked in (client, older)
    ]
    assert rows[0]["Naam"] == rows[1]["Naam"] == "Gerechtsdeurwaarders De Brug"
    assert (rows[0]["Tel"], rows[1]["Tel"]) == ("3292233445", 3292233445)
    assert (rows[0]["KBOnr"], rows[1]["KBOnr"]) == ("441759675", 441759675)
    assert "Sequence_Id" in rows[1]


def test_ping_writes_nothing(client: Client):
    """The health check answers for both halves of Tagor and leaves no trace in the books."""
    before = client.standin.state()
    assert told(client.ask("Config/Ping", authorization="")) == {"102B": "true", "117": "true"}
    assert client.standin.state() == before


def test_only_the_newer_generation_is_pinged_by_get(client: Client, older: Client):
    """GET arrived with 2.00."""
    assert told(client.send("GET", "/v1/web/Config/Ping?x=1", Accept="application/json"))["117"] == "true"
    assert older.send("GET", "/v1/web/Config/Ping").status == 405


def test_the_user_is_the_interfaces_own_or_the_one_impersonated(client: Client):
    """The context key user-login lets a key act as another user."""
    for fields, name in (
        ({}, "Telefoonlijn"),
        ({"dsWebContext": {"dsWebContext": {}}}, "Telefoonlijn"),
        (
            {
                "dsWebContext": {
                    "dsWebContext": {
                        "ttWebContext": [{"ContextKey": "USER-LOGIN", "ContextValue": "an.verbeke"}]
                    }
                }
            },
            "An Verbeke",
        ),
    ):
        reply = client.ask("Config/User", fields).response
        assert reply["dsTDOSPARWeb"]["dsTDOSPARWeb"]["ttTDOSPARWeb"][0]["Naam"] == name


def test_an_unknown_user_cannot_be_impersonated(client: Client):
    """A login nobody has is an error, not the interface's own user."""
    context = {"ttWebContext": [{"ContextKey": "user-login", "ContextValue": "nobody"}]}
    assert client.ask("Config/User", {"dsWebContext": {"dsWebContext": context}}).status == 400


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ((2025, 3, 5, 9, 0), True),
        ((2025, 3, 5, 11, 59), True),
        ((2025, 3, 5, 12, 0), False),
        ((2025, 3, 5, 8, 59), False),
        ((2025, 3, 7, 14, 0), False),
        ((2025, 3, 8, 10, 0), False),
    ],
)
def test_hours_follow_the_week_in_belgian_time(
    client: Client, clock: FakeClock, moment: tuple[int, ...], *, expected: bool
):
    """Monday to Thursday 9-12 and 13-17, Friday 9-12."""
    clock.now = datetime(*moment, tzinfo=ZoneInfo("Europe/Brussels")).astimezone(ZoneInfo("Asia/Tokyo"))
    assert is_open(client) is expected


def test_hours_can_be_forced_for_the_office_and_for_a_kind_of_file(client: Client):
    """A kind of file goes its own way; `unknown` leaves the answer out, as some versions did."""
    client.standin.controls.hours("closed")
    client.standin.controls.hours("open", JUDICIAL)
    assert (is_open(client), is_open(client, "9000000000000000012")) == (False, True)
    client.standin.controls.hours("unknown")
    assert client.ask("TagorService/KantoorOpen").response == {"Success": True, "Error": ""}
    client.standin.controls.hours("clock")
    assert is_open(client) is True


def test_weekly_hours_can_be_changed(client: Client):
    """For the office and for one kind of file; the day that is left out is a closed one."""
    assert is_open(client) is True
    client.standin.controls.week({"2": [("14:00", "15:00")]})
    client.standin.controls.week({"2": [("10:00", "10:30")]}, JUDICIAL)
    assert (is_open(client), is_open(client, "9000000000000000012")) == (False, True)


@pytest.mark.parametrize("days", [{"x": []}, {"0": [["9"]]}, {"0": [["25:00", "26:00"]]}, [1]])
def test_unreadable_hours_are_refused(client: Client, days: object):
    """A sentence shows how they are written."""
    with pytest.raises(ValueError, match="Weekly hours are written as"):
        client.standin.controls.week(days)


def test_the_clock_is_belgian():
    """Without another clock the office lives in Belgium."""
    assert str(belgian_now().tzinfo) == "Europe/Brussels"
