"""Voicemails that Tagor does not have yet: who may hear them, and what is written down of it."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from web_visitor import Visitor

from bridge.store.repositories import Repositories

if TYPE_CHECKING:
    from tests.shared_line import Line

As = Callable[[str], Visitor]
CALLER = "+32470000001"


@pytest.fixture
def call(line: "Line") -> str:
    """A caller has left a message after closing time; nobody has carried it to Tagor yet."""
    line.tagor.controls.hours("closed")
    phone = line.phone(CALLER).ring().press("0").press("2")
    phone.leave_message(3)
    phone.hang_up()
    return phone.call_id


def address_of_sound(visitor: Visitor) -> str:
    found = re.search(r'src="/console(/work/[0-9a-f]+/sound)', visitor.get("/work").text)
    assert found
    return found[1]


def test_a_voicemail_is_heard(logged_in: As, line: "Line", store: Repositories, call: str):
    """The very sound that the provider keeps; who heard it is written down, and no page tells whose it is."""
    otto = logged_in("otto")
    answer = otto.get(address_of_sound(otto))
    assert line.api
    [kept] = line.api.recordings.of_call(call)
    assert answer.data == kept.sound
    assert answer.mimetype == "audio/wav"
    assert answer.headers["Cache-Control"] == "no-store"
    assert store.audit.newest(1)[0].what == "heard a voicemail"
    shown = otto.get("/work").text + str(answer.headers)
    secrets = (CALLER, call, line.token, line.account, kept.id)
    assert not [secret for secret in secrets if secret in shown]


def test_a_voicemail_is_its_offices_own(logged_in: As, call: str, store: Repositories):
    """Neither heard by who may only see, nor by people of another office."""
    assert call
    address = address_of_sound(logged_in("otto"))
    assert logged_in("sara").get(address).status_code == 403
    assert "/sound" not in logged_in("sara").get("/work").text
    assert logged_in("hugo").get(address).status_code == 404
    assert "heard a voicemail" not in {entry.what for entry in store.audit.newest(9)}


def test_a_voicemail_that_cannot_be_had_is_told(logged_in: As, line: "Line", call: str):
    """In words, where the provider has deleted it."""
    otto = logged_in("otto")
    address = address_of_sound(otto)
    assert line.api
    for kept in line.api.recordings.of_call(call):
        line.api.recordings.remove(kept.id)
    assert otto.get(address).status_code == 404


def test_a_voicemail_that_tagor_has_is_not_shown(logged_in: As, line: "Line", call: str):
    """It is heard there, and the provider's copy is gone."""
    assert call
    line.after(hours=1)
    assert "/sound" not in logged_in("otto").get("/work").text
