"""What employees find on a file, among messages and in their agenda: all of it, once, and as it was sent."""

import base64
import dataclasses
import json
import random
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from tagor_questions import FILE, LINE, PARTY, context, dataset
from tagor_server import Play, ScriptedTagor, http, says
from tagor_staff_questions import (
    APPOINTMENT,
    BRUSSELS,
    DOCUMENT,
    ENTRY_ROW,
    LISTED_ROW,
    MESSAGE,
    WORDS,
    WORDS_ROW,
)

from bridge.tagor import Attachment, Deadline, InfoLine, NewMessage, Tagor, TagorInvalidResponse
from bridge.tagor.operations import documents

INFO, LETTERS, DOCUMENTS = "Dossier/GetInfo", "Dossier/GetCorrespondence", "Document/Get"
ATTACH, ADD, LIST = "Dossier/AddAttachment", "Message/Add", "Message/GetListFilter"
CREATE, AGENDA = "Dossier/CreateAgenda", "Dossier/GetAgenda"
SINCE = date(2026, 11, 21)
SEED = 20261122


def lines(*rows: dict[str, Any]) -> dict[str, Any]:
    return dataset("dsTDOSINFOWeb", "ttTDOSINFOWeb", *rows)


def listed(*rows: dict[str, Any]) -> dict[str, Any]:
    return dataset("dsTBERICHTWeb", "ttTBERICHTWeb", *rows)


def entries(*rows: dict[str, Any]) -> dict[str, Any]:
    return dataset("dsTAGENDAWeb", "ttTAGENDAWeb", *rows)


def attached(*rows: dict[str, Any]) -> dict[str, Any]:
    return dataset("dsAttachmentWeb", "ttAttachmentWeb", *rows)


# Lines on a file


def test_a_note_is_found_again_however_long(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """All that was written can be looked for, line breaks as spaces."""
    text = " ".join(["word"] * 200)
    server.plays(INFO, says(lines(LINE | {"Omschrijving": text + "\r\nmore"})))
    assert tagor.notes.on_file(FILE, deadline=by)[0].text == text + " more"


def test_correspondence_has_the_table_of_either_generation(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """1.08 uses the table of the notes, 2.00 one of its own; none of either is nothing written."""
    row = {"TDOS_Id": FILE, "Omschrijving": "Webbericht: Hi!", "DatumInfo": "2026-11-22"}
    server.plays(LETTERS, says(lines(row), envelope="request"), says(lines()), says({"dsTDOSINFOWeb": None}))
    assert tagor.notes.correspondence(FILE, deadline=by) == (InfoLine("Webbericht: Hi!", date(2026, 11, 22)),)
    assert (
        tagor.notes.correspondence(FILE, deadline=by) == tagor.notes.correspondence(FILE, deadline=by) == ()
    )


# Attachments


def sized(size: int) -> Attachment:
    return dataclasses.replace(WORDS, content=random.Random(SEED + size).randbytes(size))


def test_an_attachment_arrives_byte_for_byte_whatever_its_length():
    """Also where the pieces it is encoded in meet."""
    for size in (*range(1, 5), *(seam + beside for seam in (3 << 14, 6 << 14) for beside in range(-4, 5))):
        *_, text = documents.row_of(sized(size))
        assert text == base64.standard_b64encode(sized(size).content).decode(), f"seed {SEED + size}"


def test_the_largest_attachment_arrives_whether_tagor_repeats_it_or_not(
    server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Ten megabytes, on a file and with a message; the second answer holds them all again."""
    words = sized(documents.MAX_BYTES)
    content = base64.b64encode(words.content).decode()
    server.plays(ATTACH, says(attached({"TDOC_Id": DOCUMENT})))
    server.plays(ADD, answered(listed(LISTED_ROW) | attached(WORDS_ROW | {"FileContent": content})))
    assert tagor.documents.add(FILE, words, deadline=by) == DOCUMENT
    assert tagor.messages.add(message(attachment=words), deadline=by) == MESSAGE
    for asked in server.asked:
        (row,) = asked.request["dsAttachmentWeb"]["dsAttachmentWeb"]["ttAttachmentWeb"]
        assert base64.b64decode(row["FileContent"], validate=True) == words.content


def answered(content: dict[str, Any]) -> Play:
    """An answer that escapes each solidus, as some servers do; base64 is full of them."""
    return http(200, json.dumps({"response": content}).replace("/", "\\/").encode())


@pytest.mark.parametrize("size", [0, documents.MAX_BYTES + 1])
def test_nothing_and_too_much_are_not_sent(server: ScriptedTagor, tagor: Tagor, by: Deadline, size: int):
    """One byte more than ten megabytes is too much."""
    odd = dataclasses.replace(WORDS, content=bytes(size))
    with pytest.raises(
        ValueError, match="The attachment cannot be sent to Tagor: it has 1 to 10485760 bytes"
    ):
        tagor.documents.add(FILE, odd, deadline=by)
    with pytest.raises(ValueError, match="The attachment cannot be sent"):
        tagor.messages.add(message(attachment=odd), deadline=by)
    assert server.connections == 0


# Messages


def message(**changes: Any) -> NewMessage:  # noqa: ANN401 - whatever a message holds
    told = NewMessage("Voicemail K7", "Somebody left word.", "Telefoon", FILE, PARTY)
    return dataclasses.replace(told, **changes)


def test_a_message_about_no_file_names_none(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """It goes to the office's general box, from nobody known and with nothing attached."""
    server.plays(ADD, says(listed(LISTED_ROW | {"TDOS_Id": "0"})))
    assert tagor.messages.add(message(file=None, party=None), deadline=by) == MESSAGE
    row = {"Ontvanger": "Telefoon", "TJOB_Onderwerp": "Voicemail K7", "TJOB_bericht": "Somebody left word."}
    assert server.asked[0].request == context(TDOS_Id="") | listed(row)


@pytest.mark.parametrize("told", ["", None, 0, int(FILE)])
def test_a_message_may_come_back_without_its_file(
    told: object, *, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Not to say is not to say otherwise."""
    server.plays(ADD, says(listed(LISTED_ROW | {"TDOS_Id": told})))
    assert tagor.messages.add(message(), deadline=by) == MESSAGE


def test_a_message_was_read_if_it_is_among_those_that_were(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Tagor's own status is an id of the office; the question it was found by tells."""
    ours, theirs = LISTED_ROW, LISTED_ROW | {"TBERICHT_Id": 12, "TDOS_Id": "", "TJOB_Onderwerp": None}
    server.plays(LIST, says(listed()), says(listed(ours)), says(listed(theirs)), says({"dsTBERICHTWeb": {}}))
    found = tagor.messages.sent(since=SINCE, deadline=by)
    assert [(one.id, one.read, one.file, one.subject) for one in found] == [
        (MESSAGE, False, FILE, "Voicemail K7"),
        ("12", True, None, ""),
    ]


def test_a_message_that_is_read_meanwhile_is_told_once_as_read(
    server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Those not read are asked for first, so that it is in one of the lists at least."""
    server.plays(LIST, says(listed(LISTED_ROW)), says(listed()), says(listed(LISTED_ROW)), says(listed()))
    (found,) = tagor.messages.sent(since=SINCE, deadline=by)
    assert found.read


def test_a_list_that_fails_halfway_is_no_list(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Half of the messages would be a lie."""
    for good in range(4):
        plays = [says(listed(LISTED_ROW))] * good
        server.plays(LIST, *plays, http(500))
        with pytest.raises(TagorInvalidResponse):
            tagor.messages.sent(since=SINCE, deadline=by)


# The agenda


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=BRUSSELS), "2026-11-23T09:00:00.000"),
        (datetime(2026, 11, 23, 8, 30, tzinfo=UTC), "2026-11-23T09:30:00.000"),
        (datetime(2026, 7, 1, 8, 30, 5, 999, tzinfo=UTC), "2026-07-01T10:30:05.000"),
        (datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=-5))), "2026-11-23T15:00:00.000"),
    ],
)
def test_an_appointment_is_made_on_the_clocks_of_the_office(
    at: datetime, written: str, *, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Summer and winter, wherever the bridge runs."""
    tagor.agenda.add(dataclasses.replace(APPOINTMENT, at=at, file=None), deadline=by)
    request = server.asked[0].request
    assert request == context() | entries(ENTRY_ROW | {"TimeStampScheduled": written})


# All of them
