"""The client and the stand-in, each written from the vendor's facts alone, over real HTTP: they agree."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import requests

from bridge.clock import SYSTEM_CLOCK
from bridge.simulators.tagor import StandIn
from bridge.tagor import (
    ApiKey,
    Attachment,
    Deadline,
    Generation,
    NewAppointment,
    NewMessage,
    Tagor,
    TagorInvalidResponse,
    TagorRefused,
)

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))  # a Wednesday
FILE, PARTY, STRANGER = "9000000000000000001", "9000000000000001001", "9000000000000001002"
AN, MANAGER = "9000000000000000901", 259
WORDS = Attachment("K7.wav", "wav", "Voicemail of 12 seconds.", bytes(range(256)) * 401)

By = Callable[[], Deadline]
Ask = Callable[[StandIn], Tagor]


@pytest.fixture
def by() -> By:
    return lambda: Deadline(SYSTEM_CLOCK, 30)


@pytest.fixture(params=["1.08", "2.00"])
def office(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    """A Tagor of either generation."""
    with StandIn(generation=request.param, clock=lambda: NOW) as standin:
        yield standin


@pytest.fixture
def newer() -> Iterator[StandIn]:
    with StandIn(generation="2.00", clock=lambda: NOW) as standin:
        yield standin


@pytest.fixture
def ask(connect: Callable[..., Tagor]) -> Ask:
    """Make a client of a Tagor."""
    return lambda standin: connect(standin.url, ApiKey(standin.key), clock=SYSTEM_CLOCK)


def toggle_read(standin: StandIn, message: str) -> None:
    """Read a message, as an employee does."""
    pair = {"ContextKey": "TBERICHT_Id", "ContextValue": message}
    requests.post(
        f"{standin.url}/Message/ToggleRead",
        json={"request": {"dsWebContext": {"dsWebContext": {"ttWebContext": [pair]}}}},
        headers={"Authorization": f"Tgr {standin.key}", "Accept": "application/json"},
        timeout=30,
    ).raise_for_status()


def rows(standin: StandIn, table: str, *names: str) -> list[tuple[object, ...]]:
    """What stands in a table of the office's books, by column."""
    return [tuple(row[name] for name in names) for row in standin.state()[table]]


@pytest.mark.parametrize(("form", "named"), [("id", True), ("user", True), ("file", False)])
def test_a_manager_is_found_by_each_form_of_their_name(
    form: str, *, named: bool, office: StandIn, ask: Ask, by: By
):
    """By id and by login somebody is told, by the name of the file nobody is."""
    office.controls.parameter(MANAGER, form)
    tagor = ask(office)
    facts = tagor.files.facts(FILE, PARTY, deadline=by())
    manager = tagor.employees.manager(facts, PARTY, deadline=by())
    assert (manager.id, manager.login) == (AN, "an.verbeke") if manager else not named
    if manager:
        assert manager.landline.lstrip("+") == "3220000011"


def test_a_manager_who_is_gone_is_nobody(office: StandIn, ask: Ask, by: By):
    """Their name may stay on old files."""
    tagor = ask(office)
    for form in ("id", "user"):
        office.controls.parameter(MANAGER, form)
        facts = tagor.files.facts("9000000000000000016", "9000000000000001016", deadline=by())
        assert tagor.employees.manager(facts, "9000000000000001016", deadline=by()) is None


def test_a_screen_shows_who_calls(office: StandIn, ask: Ask, by: By):
    """With the file, or with the number alone; nobody's screen is a clear no."""
    tagor = ask(office)
    tagor.employees.show_file("an.verbeke", caller="+32470000001", file=FILE, deadline=by())
    tagor.employees.show_file("balie", caller="+32470000001", file=None, deadline=by())
    with pytest.raises(TagorRefused):
        tagor.employees.show_file("nobody", caller="+32470000001", file=FILE, deadline=by())
    assert rows(office, "screens", "login", "file_id", "number", "direction") == [
        ("an.verbeke", FILE, "+32470000001", "IN"),
        ("balie", "", "+32470000001", "IN"),
    ]


@pytest.mark.parametrize("twin", [False, True])
def test_texts_and_mails_reach_the_defendant_and_nobody_else(
    office: StandIn, ask: Ask, by: By, *, twin: bool
):
    """By either way, once each; a party of another file and a code nobody wrote are a clear no."""
    tagor = ask(office)
    tagor.notifications.send_text(FILE, PARTY, "SALDO", mobile="+32470000001", deprecated=twin, deadline=by())
    tagor.notifications.send_mail(FILE, PARTY, "FAQ", deprecated=twin, deadline=by())
    for party, code in ((STRANGER, "SALDO"), (PARTY, "UNWRITTEN")):
        with pytest.raises(TagorRefused):
            tagor.notifications.send_text(
                FILE, party, code, mobile="+32470000001", deprecated=twin, deadline=by()
            )
        with pytest.raises(TagorRefused):
            tagor.notifications.send_mail(FILE, party, code, deprecated=twin, deadline=by())
    sent = rows(office, "messages", "file_id", "party_id", "medium", "template")
    assert sent == [(FILE, PARTY, "SMS", "SALDO"), (FILE, PARTY, "EMAIL", "FAQ")]


def test_contacts_are_told_with_those_that_are_used_no_more(newer: StandIn, ask: Ask, by: By):
    """Numbers as Tagor has them, addresses too."""
    newer.controls.contact(PARTY, "old@example.be", used=False)
    found = ask(newer).notifications.contacts(PARTY, deadline=by())
    assert [contact.content for contact in found if not contact.used] == ["old@example.be"]
    assert {contact.party for contact in found} == {PARTY}
    assert len(found) > 1


def test_contacts_of_the_older_generation_are_in_use(ask: Ask, by: By):
    """It does not say so, but who it tells of is reachable."""
    with StandIn(generation="1.08") as older:
        assert all(contact.used for contact in ask(older).notifications.contacts(PARTY, deadline=by()))


def test_a_note_is_found_among_the_lines_of_its_file(office: StandIn, ask: Ask, by: By):
    """Its words and its day; another file has none of it."""
    tagor = ask(office)
    tagor.notes.create(FILE, "Phone line K7: balance heard.", NOW.date(), deadline=by())
    lines = [(line.text, line.day) for line in tagor.notes.on_file(FILE, deadline=by())]
    assert lines.count(("Phone line K7: balance heard.", NOW.date())) == 1
    assert not [
        line for line in tagor.notes.on_file("9000000000000000002", deadline=by()) if "K7" in line.text
    ]


def test_a_voicemail_is_found_among_the_documents_of_its_file(office: StandIn, ask: Ask, by: By):
    """Byte for byte, under the id that was told."""
    tagor = ask(office)
    stored = tagor.documents.add(FILE, WORDS, deadline=by())
    assert [(one.id, one.name, one.kind) for one in tagor.documents.on_file(FILE, deadline=by())] == [
        (stored, "K7.wav", "wav")
    ]
    (kept,) = office.records.attachments(FILE)
    assert (kept.content, kept.comment) == (WORDS.content, WORDS.comment)


@pytest.mark.parametrize("party", [PARTY, None])
def test_a_message_is_found_unread_and_then_read(party: str | None, *, office: StandIn, ask: Ask, by: By):
    """In whichever box it lies, with its file and what is attached; from the day it was sent on."""
    tagor = ask(office)
    new = NewMessage("Voicemail K7", "Somebody left word.", "telefoonberichten", FILE, party, WORDS)
    stored = tagor.messages.add(new, deadline=by())
    (found,) = tagor.messages.sent(since=NOW.date(), deadline=by())
    assert (found.id, found.subject, found.file, found.read) == (stored, "Voicemail K7", FILE, False)
    toggle_read(office, stored)
    (found,) = tagor.messages.sent(since=NOW.date(), deadline=by())
    assert found.read
    assert tagor.messages.sent(since=NOW.date() + timedelta(days=1), deadline=by()) == ()
    assert [line.text for line in tagor.notes.correspondence(FILE, deadline=by())] == [
        "Webbericht: Somebody left word."
    ]
    (kept,) = office.records.attachments(FILE)
    assert kept.content == WORDS.content


def test_a_message_about_no_file_lies_in_its_box(office: StandIn, ask: Ask, by: By):
    """A caller nobody knows leaves word too."""
    tagor = ask(office)
    new = NewMessage("Voicemail K8", "Somebody left word.", "telefoonberichten", attachment=WORDS)
    tagor.messages.add(new, deadline=by())
    (found,) = tagor.messages.sent(since=NOW.date(), deadline=by())
    assert (found.file, found.subject) == (None, "Voicemail K8")


def test_an_appointment_is_found_in_the_agenda_of_its_file(newer: StandIn, ask: Ask, by: By):
    """At the same moment, by the id that was told."""
    tagor = ask(newer)
    at = NOW + timedelta(days=1, hours=4)
    made = tagor.agenda.add(
        NewAppointment(FILE, "Call back K7", "Please call +32470000001.", at, "an.verbeke"), deadline=by()
    )
    assert (made.at, made.subject, made.text) == (at, "Call back K7", "Please call +32470000001.")
    assert tagor.agenda.on_file(FILE, deadline=by()) == (made,)
    newer.controls.finish(made.job)
    (done,) = tagor.agenda.on_file(FILE, deadline=by())
    assert done == dataclasses.replace(made, status=done.status)
    assert done.status != made.status


def test_the_older_generation_makes_no_appointments(ask: Ask, by: By):
    """Whoever asks learns that it did not happen; a message takes its place."""
    with StandIn(generation="1.08") as older:
        tagor = ask(older)
        assert tagor.office.generation(deadline=by()) is Generation.V1_08
        new = NewAppointment(FILE, "Call back K7", "Please call.", NOW, "an.verbeke")
        with pytest.raises(TagorInvalidResponse, match="404"):
            tagor.agenda.add(new, deadline=by())
        assert tagor.agenda.on_file(FILE, deadline=by()) == ()
