"""Messages to the office's people: sent, listed, read, and the documents that come with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES, OfficeMessage

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Answer, Client, FakeClock

ADD, LIST, READ = "Message/Add", "Message/GetListFilter", "Message/ToggleRead"
AN, MARIE = CASES[0], CASES[1]
VOICE = {"ttFileName": "voice.wav", "FileType": "wav", "FileContent": "UklGRg=="}


def add(client: Client, *, file: str = AN.file_id, attached: dict[str, Any] | None = None, **message: object):
    told = {"Ontvanger": "balie", "TJOB_Onderwerp": "Gebeld", "TJOB_bericht": "Hallo"} | message
    datasets = [("TBERICHTWeb", told), *([("AttachmentWeb", attached)] if attached else [])]
    return client.look(ADD, {"TDOS_Id": file}, *datasets)


def subjects(client: Client, *filters: tuple[str, dict[str, Any]], **context: str) -> list[str]:
    return [row["TJOB_Onderwerp"] for row in client.look(LIST, context, *filters).rows("TBERICHTWeb")]


def only(reply: Answer) -> dict[str, Any]:
    (row,) = reply.rows("TBERICHTWeb")
    return row


def test_a_message_is_left_with_somebody(client: Client):
    """On a file, from the interface itself, unread; the answer says what it became."""
    row = only(add(client))
    assert client.standin.records.office_messages(AN.file) == [
        OfficeMessage(
            *("balie", "Gebeld", "Hallo", "2025-03-05T10:00:00.000", AN.file_id, "bridge"),
            since="2025-03-05T10:00:00.000",
            id=row["TBERICHT_Id"],
        )
    ]
    assert (row["Ontvanger"], row["TPAR_id_Ontvanger"]) == ("Balie", "9000000000000000905")
    assert (row["TDOS_Id"], row["TQDOSSOORT_Id"]) == (AN.file_id, "9000000000000000101")
    assert row["TJOB_Id"] != row["TBERICHT_Id"]
    assert client.standin.journal()[-1]["effect"] == ["office message"]


def test_the_same_message_twice_is_two(client: Client):
    """Tagor knows no repeats."""
    ids = {only(add(client))["TBERICHT_Id"] for _ in range(2)}
    assert len(ids) == len(client.standin.records.office_messages()) == 2
    assert client.standin.records.effects(AN.file) == {("office message", "Gebeld"): 2}


@pytest.mark.parametrize(
    ("named", "login"),
    [
        ({"Ontvanger": "an.VERBEKE"}, "an.verbeke"),
        ({"Ontvanger": "Telefoonberichten"}, "telefoonberichten"),
        ({"Ontvanger": "", "TPAR_id_Ontvanger": "9000000000000000902"}, "tom.hendrickx"),
        ({"Ontvanger": ""}, "an.verbeke"),
    ],
)
def test_the_receiver_is_named_or_manages_the_file(client: Client, named: dict[str, str], login: str):
    """By login, name or party; otherwise it is the file's own manager."""
    assert add(client, **named).status == 200
    assert [message.receiver for message in client.standin.records.office_messages()] == [login]


def test_a_message_may_belong_to_no_file(client: Client):
    """The context has to name the file all the same: with an empty id."""
    assert add(client, file="", TDOS_Id="").status == 200
    assert client.standin.records.office_messages()[0].file_id == ""
    assert only(client.look(LIST, {}))["TDOS_Id"] == ""
    without = client.look(ADD, {}, ("TBERICHTWeb", {"Ontvanger": "balie", "TJOB_bericht": "x"}))
    assert without.status == 400


@pytest.mark.parametrize(
    "message",
    [
        {"Ontvanger": "nobody"},
        {"Ontvanger": "jos.dewit"},
        {"file": "", "Ontvanger": ""},
        {"file": "1"},
        {"TDOS_Id": MARIE.file_id},
        {"TPAR_id_Verzender": "1"},
        {"TJOB_Onderwerp": "", "TJOB_bericht": ""},
    ],
)
def test_a_message_that_cannot_be_is_refused(client: Client, message: dict[str, Any]):
    """An unknown receiver, file or sender, two files, or no words: nothing is kept."""
    assert add(client, **message).status == 400
    assert client.standin.records.office_messages() == []


def test_a_message_is_sent_alone(client: Client):
    """None at all, and two at once, are refused."""
    told = {"TJOB_bericht": "x", "Ontvanger": "balie"}
    two = {"dsTBERICHTWeb": {"dsTBERICHTWeb": {"ttTBERICHTWeb": [told, told]}}}
    context = {
        "dsWebContext": {
            "dsWebContext": {"ttWebContext": [{"ContextKey": "TDOS_Id", "ContextValue": AN.file_id}]}
        }
    }
    assert client.ask(ADD, context).status == client.ask(ADD, context | two).status == 400


def test_a_voicemail_comes_with_its_message(client: Client):
    """One document at the message and on its file; the answer repeats it, the list leaves its content out."""
    reply = add(client, attached=VOICE | {"ttComment": "12 seconden"})
    (told,) = reply.rows("AttachmentWeb")
    (kept,) = client.standin.records.attachments()
    assert (kept.name, kept.kind, kept.content, kept.comment) == ("voice.wav", "wav", b"RIFF", "12 seconden")
    assert (kept.file_id, kept.message_id) == (AN.file_id, only(reply)["TBERICHT_Id"])
    assert (told["FileContent"], told["TJOB_Id"]) == ("UklGRg==", only(reply)["TJOB_Id"])
    (listed,) = client.look(LIST, {}).rows("AttachmentWeb")
    assert listed == told | {"FileContent": ""}
    assert client.standin.journal()[0]["effect"] == ["office message", "attachment"]
    assert client.standin.records.effects(AN.file) == {("office message", "Gebeld"): 1}


def test_a_broken_voicemail_undoes_its_message(client: Client):
    """All of it or nothing."""
    assert add(client, attached=VOICE | {"FileContent": "UklG Rg=="}).status == 400
    assert client.standin.records.office_messages() == client.standin.records.attachments() == []


def test_messages_lie_in_the_box_of_their_sender(client: Client):
    """The interface's own are outgoing; what it writes on behalf of a party is incoming."""
    add(client, TJOB_Onderwerp="own")
    add(client, TJOB_Onderwerp="an", TPAR_id_Verzender=AN.party_id)
    add(client, TJOB_Onderwerp="marie", TPAR_id_Verzender=MARIE.party_id)
    assert subjects(client) == ["own", "an", "marie"]
    assert subjects(client, box="OUTBOX") == ["own"]
    directions = [row["TQRICHTING_Id"][-3:] for row in client.look(LIST, {}).rows("TBERICHTWeb")]
    assert directions == ["605", "604", "604"]
    assert subjects(client, box="inbox") == ["an", "marie"]
    assert subjects(client, box="INBOX", TPAR_Id_Verzender=AN.party_id) == ["an"]
    assert subjects(client, TPAR_Id_Verzender=AN.party_id) == ["own", "an", "marie"]


def test_outgoing_messages_are_listed_by_receiver(client: Client):
    """The receiver's party counts in that box only."""
    add(client, TJOB_Onderwerp="balie")
    add(client, TJOB_Onderwerp="an", Ontvanger="an.verbeke")
    an = "9000000000000000901"
    assert subjects(client, box="OUTBOX", TPAR_Id_Ontvanger=an) == ["an"]
    assert subjects(client, box="OUTBOX", TPAR_Id_Verzender=an) == ["balie", "an"]
    assert subjects(client, TPAR_Id_Ontvanger=an) == ["balie", "an"]


def test_messages_are_listed_by_day(client: Client, clock: FakeClock):
    """From and until a day, both included."""
    for day in ("first", "second", "third"):
        add(client, TJOB_Onderwerp=day)
        clock.pass_(days=1)
    assert subjects(client, **{"from": "06/03/2025"}) == ["second", "third"]
    assert subjects(client, until="06/03/2025") == ["first", "second"]
    assert subjects(client, **{"from": "06/03/2025", "until": "06/03/2025"}) == ["second"]
    assert client.look(LIST, {"from": "2025-03-06"}).status == 400


def test_messages_are_read_and_unread(client: Client, clock: FakeClock):
    """Toggled, with the moment it happened; listed by it, and by its status."""
    message = only(add(client))
    add(client, TJOB_Onderwerp="other")
    clock.pass_(hours=1)
    read = only(client.look(READ, {"TBERICHT_Id": message["TBERICHT_Id"]}))
    assert read["TimeStampStatusSinds"] == "2025-03-05T11:00:00.000"
    unread = "9000000000000000602"
    assert (message["TJOB_TQSTATUS_Id"], read["TJOB_TQSTATUS_Id"]) == (unread, "9000000000000000603")
    assert subjects(client, read="true") == ["Gebeld"]
    assert subjects(client, read="false") == ["other"]
    assert client.standin.journal()[2]["effect"] == ["message read"]
    again = only(client.look(READ, {"TBERICHT_Id": message["TBERICHT_Id"]}))
    assert again["TJOB_TQSTATUS_Id"] == unread


@pytest.mark.parametrize("message_id", ["", "1", "x", "99999999999999999999999"])
def test_a_message_that_is_not_there_is_not_read(client: Client, message_id: str):
    """An HTTP error in this dialect."""
    add(client)
    assert client.look(READ, {"TBERICHT_Id": message_id}).status == 400


def test_messages_are_filtered_by_field(client: Client):
    """As files are searched: a field, with or without its table, is equal to a value or begins with it."""
    add(client, TJOB_Onderwerp="Bel terug 1")
    add(client, file=MARIE.file_id, TJOB_Onderwerp="Bel terug 2")

    def by(field: str, operator: str, value: str) -> list[str]:
        return subjects(client, ("Filter", {"Veld": field, "Operator": operator, "Waarde": value}))

    assert by("TBERICHT.TDOS_Id", "=", MARIE.file_id) == ["Bel terug 2"]
    assert by("TJOB_Onderwerp", "begins", "Bel terug") == ["Bel terug 1", "Bel terug 2"]
    assert by("TJOB_Onderwerp", "=", "Bel terug") == []
    for field, operator in (("TJOB_Onderwerp", "contains"), ("Kleur", "=")):
        wanted = {"Veld": field, "Operator": operator, "Waarde": "x"}
        assert client.look(LIST, {}, ("Filter", wanted)).status == 400


def test_the_older_generation_leaves_empty_lists_out(older: Client):
    """No messages, and no attachments at a message."""
    assert older.look(LIST, {}).response["dsTBERICHTWeb"] == {"dsTBERICHTWeb": {}}
    assert add(older).response["dsAttachmentWeb"] == {"dsAttachmentWeb": {}}


def test_a_receiver_who_left_is_named_by_login(client: Client):
    """The message stays what it was."""
    add(client)
    client.standin.controls.user("balie", gone=True)
    assert only(client.look(LIST, {}))["Ontvanger"] == "balie"
