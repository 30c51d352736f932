"""Messages to the office's people: sent, listed, read, and the documents that come with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Answer, Client, FakeClock

ADD, LIST, READ = "Message/Add", "Message/GetListFilter", "Message/ToggleRead"
AN, MARIE = CASES[0], CASES[1]
SOFIE = next(case for case in CASES if case.name == "Sofie De Smet")
VOICE = {"ttFileName": "voice.wav", "FileType": "wav", "FileContent": "UklGRg=="}


def add(client: Client, *, file: str = AN.file_id, attached: dict[str, Any] | None = None, **message: object):
    told = {"Ontvanger": "balie", "TJOB_Onderwerp": "Gebeld", "TJOB_bericht": "Hallo"} | message
    datasets = [("TBERICHTWeb", told), *([("AttachmentWeb", attached)] if attached else [])]
    return client.look(ADD, {"TDOS_Id": file}, *datasets)


def subjects(client: Client, *filters: tuple[str, dict[str, Any]], **context: str) -> list[str]:
    rows = client.look(LIST, context, *filters).rows("TBERICHTWeb")
    # But for what the office wrote to a defendant before the test.
    return [row["TJOB_Onderwerp"] for row in rows if row["TPAR_id_Ontvanger"] != SOFIE.party_id]


def only(reply: Answer) -> dict[str, Any]:
    (row,) = reply.rows("TBERICHTWeb")
    return row


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
    assert directions[1:] == ["605", "604", "604"]
    assert subjects(client, box="inbox") == ["an", "marie"]
    assert subjects(client, box="INBOX", TPAR_Id_Verzender=AN.party_id) == ["an"]
    assert subjects(client, TPAR_Id_Verzender=AN.party_id) == ["own", "an", "marie"]


def test_messages_are_listed_by_day(client: Client, clock: FakeClock):
    """From and until a day, both included."""
    for day in ("first", "second", "third"):
        add(client, TJOB_Onderwerp=day)
        clock.pass_(days=1)
    assert subjects(client, **{"from": "06/03/2025"}) == ["second", "third"]
    assert subjects(client, until="06/03/2025") == ["first", "second"]
    assert subjects(client, **{"from": "06/03/2025", "until": "06/03/2025"}) == ["second"]
    assert client.look(LIST, {"from": "2025-03-06"}).status == 400


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
