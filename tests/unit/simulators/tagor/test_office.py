"""The office about itself: name, version, connection, user and opening hours, in both generations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import StandIn

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Answer, Client


def told(reply: Answer):
    return {
        row["ContextKey"]: row["ContextValue"]
        for row in reply.response["dsWebContext"]["dsWebContext"]["ttWebContext"]
    }


def test_versions_differ_by_generation(client: Client, older: Client):
    """Config/Version and Config/Info name the release the office runs."""
    for asked, version in ((client, "2.00.1000B1"), (older, "1.08.4000B2")):
        assert told(asked.ask("Config/Version"))["APIVersion"] == version
        assert told(asked.ask("Config/Info", authorization=""))["APIVersion"] == version


def test_an_unknown_generation_is_refused():
    """There are two."""
    with pytest.raises(ValueError, match=r"'3' is no generation of Tagor: use 1.08 or 2.00"):
        StandIn(generation="3")


@pytest.mark.parametrize("days", [{"x": []}, {"0": [["9"]]}, {"0": [["25:00", "26:00"]]}, [1]])
def test_unreadable_hours_are_refused(client: Client, days: object):
    """A sentence shows how they are written."""
    with pytest.raises(ValueError, match="Weekly hours are written as"):
        client.standin.controls.week(days)
