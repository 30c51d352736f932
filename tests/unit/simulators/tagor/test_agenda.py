"""Tasks in the office's agenda: a call-back is put there, seen there, and done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Answer, Client

CREATE, AGENDA = "Dossier/CreateAgenda", "Dossier/GetAgenda"
AN = CASES[0]
CALL = {
    "Subject": "Bel terug",
    "Omschrijving": "Tussen 9 en 12",
    "UserName": "balie",
    "TimeStampScheduled": "2025-03-06T09:00:00",
}


def create(client: Client, file: str = AN.file_id, **changes: object) -> Answer:
    return client.look(CREATE, {"TDOS_Id": file}, ("TAGENDAWeb", CALL | changes))


def tasks(client: Client) -> list[dict[str, Any]]:
    return client.look(AGENDA, {"TDOS_Id": AN.file_id}).rows("TAGENDAWeb")


def test_the_same_call_back_twice_is_two(client: Client):
    """Tagor knows no repeats."""
    for _ in range(2):
        create(client)
    assert len({row["TJOB_Id"] for row in tasks(client)}) == 2
    assert client.standin.records.effects(AN.file) == {("appointment", "Bel terug"): 2}


@pytest.mark.parametrize(
    ("whose", "login"),
    [
        ({"UserName": "An Verbeke"}, "an.verbeke"),
        ({"UserName": "", "TUSER_Id": "9000000000000000902"}, "tom.hendrickx"),
        ({"UserName": None}, "an.verbeke"),
    ],
)
def test_the_agenda_is_somebodys_or_the_managers(client: Client, whose: dict[str, Any], login: str):
    """By login, name or id; otherwise it is the file's own manager."""
    create(client, **whose)
    assert [appointment.login for appointment in client.standin.records.agenda()] == [login]


def test_a_call_back_may_belong_to_no_file(client: Client):
    """Then somebody has to be named, and no file shows it."""
    assert create(client, file="").status == 200
    assert create(client, file="", UserName="").status == 400
    assert [appointment.file_id for appointment in client.standin.records.agenda()] == [""]
    assert tasks(client) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"UserName": "nobody"},
        {"UserName": "jos.dewit"},
        {"TimeStampScheduled": ""},
        {"TimeStampScheduled": "tomorrow"},
        {"Subject": "", "Omschrijving": ""},
        {"TJOBM_Id": "1"},
        {"file": "1"},
    ],
)
def test_a_call_back_that_cannot_be_is_refused(client: Client, changes: dict[str, Any]):
    """Nobody, no moment, no words, no such file: nothing is kept."""
    assert create(client, **changes).status == 400
    assert client.standin.records.agenda() == []


def test_a_task_may_be_of_a_kind(client: Client):
    """It is told by id and name; the office may put one there itself."""
    create(client, TJOBM_Id="9000000000000000711")
    client.standin.controls.schedule(AN.file_id, "NAZICHT", "2026-04-02T09:00:00", blocked=True)
    told = [(row["TJOBM_Id"], row["TJOBM_Omschr"], row["IsGeblokkeerd"]) for row in tasks(client)]
    assert told == [
        ("9000000000000000711", "Bezoek ter plaatse", False),
        ("9000000000000000712", "Dossier nazien", True),
    ]


def test_the_older_generation_has_no_agenda_to_write_in(older: Client):
    """404, as for any operation it does not have; what is there can be read, in fewer words."""
    assert create(older).status == 404
    assert create(older, file="").status == 404
    older.look("Message/Add", {"TDOS_Id": AN.file_id}, ("TBERICHTWeb", {"TJOB_bericht": "Bel mij"}))
    (row,) = tasks(older)
    assert (row["Omschrijving"], row["TJOBM_Omschr"], row["UserName"]) == (
        "Bel mij",
        "Webbericht",
        "An Verbeke",
    )
    assert set(row) == {"Omschrijving", "TimeStampScheduled", "TJOBM_Omschr", "TQSTATUS_Id", "UserName"}


def test_messages_are_tasks_until_they_are_read(client: Client):
    """A message about a file stands among its tasks, under its job."""
    told = {"Ontvanger": "balie", "TJOB_Onderwerp": "Bel mij"}
    reply = client.look("Message/Add", {"TDOS_Id": AN.file_id}, ("TBERICHTWeb", told))
    (message,) = reply.rows("TBERICHTWeb")
    (waiting,) = tasks(client)
    client.look("Message/ToggleRead", {"TBERICHT_Id": message["TBERICHT_Id"]})
    (read,) = tasks(client)
    assert (waiting["TJOB_Id"], waiting["Subject"]) == (message["TJOB_Id"], "Bel mij")
    assert (waiting["Manueel"], waiting["IsGeblokkeerd"]) == (False, False)
    assert read == waiting | {"TQSTATUS_Id": read["TQSTATUS_Id"]}
    assert read["TQSTATUS_Id"] != waiting["TQSTATUS_Id"]
