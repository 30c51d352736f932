"""The office's own people at Tagor: who they are, what they may see, and what stands on their screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from bridge.simulators.tagor import Case
    from tests.unit.simulators.tagor.conftest import Client

SHOW = "TagorService/SetUserDossier"
AMICABLE, JUDICIAL = "9000000000000000101", "9000000000000000102"


def case(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def show(client: Client, **changes: str) -> dict[str, Any]:
    wanted = {"UserLogin": "balie", "DosId": CASES[0].file_id, "TelNr": "+32470000001", "Direction": "IN"}
    return client.ask(SHOW, wanted | changes).response


def get(client: Client, user_id: str) -> list[dict[str, Any]]:
    return client.look("User/Get", {"TUSER_Id": user_id}).rows("TUSERWeb")


def logins(client: Client, **assets: str) -> list[str]:
    context = {key.replace("_or_", "|"): value for key, value in assets.items()}
    return [row["username"] for row in client.look("User/CanAccess", context).rows("TUSERWeb")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"UserLogin": "nobody"}, "Gebruiker niet gevonden."),
        ({"UserLogin": "jos.dewit"}, "Gebruiker niet gevonden."),
        ({"UserLogin": ""}, "UserLogin is niet ingevuld."),
        ({"DosId": "1"}, "Dossier niet gevonden."),
        ({"Direction": "in"}, "Direction is IN of OUT."),
        ({"TelNr": ""}, "TelNr is niet ingevuld."),
    ],
)
def test_a_screen_that_cannot_be_is_refused(client: Client, changes: dict[str, str], sentence: str):
    """An ordinary no with its sentence, and nothing is shown."""
    assert show(client, **changes) == {"Success": False, "Error": sentence}
    assert client.standin.records.screens() == []


@pytest.mark.parametrize("user_id", ["9000000000000000999", "9000000000000000904", "an.verbeke"])
def test_nobody_and_who_is_gone_is_no_user(client: Client, older: Client, user_id: str):
    """No rows, and with the older generation no array either; a login is no id."""
    assert get(client, user_id) == get(older, user_id) == []
    reply = older.look("User/Get", {"TUSER_Id": user_id}).response
    assert reply["dsTUSERWeb"] == {"dsTUSERWeb": {}}


def test_a_user_is_asked_by_id_only(client: Client):
    """The context key for a login would act as that user; that is not allowed, and is noted."""
    assert client.look("User/Get", {"user-login": "an.verbeke"}).status == 403
    assert client.standin.journal()[-1]["unexpected"] == ["user-login"]


def test_who_may_see_a_kind_of_file_or_a_party(client: Client):
    """By kind, by party, by party and its type, and by all of it together."""
    emma = case("Emma Maes").party_id
    assert logins(client, TQDOSSOORT_Id=JUDICIAL) == ["tom.hendrickx"]
    assert logins(client, TQDOSSOORT_Id=AMICABLE) == ["an.verbeke", "lien.maes"]
    assert logins(client, TPAR_Id=emma) == ["lien.maes"]
    assert logins(client, TPAR_or_TQPARSOORT_Id=f"{emma}|9000000000000000003") == ["lien.maes"]
    assert logins(client, TPAR_or_TQPARSOORT_Id=f"{emma}|9000000000000000004") == []
    assert logins(client, TQDOSSOORT_Id=JUDICIAL, TPAR_Id=emma) == []


def test_a_party_is_reached_by_what_stands_on_it(client: Client):
    """Numbers as they were written, the mail address, and what a tester added; each of its own type."""
    an = CASES[0]
    client.standin.controls.contact(an.party_id, "09 223 34 45", used=False)
    rows = client.look("Party/GetContactDetails", {"TPAR_Id": an.party_id}).rows("TCOMWeb")
    assert [(row["content"], row["used"]) for row in rows] == [
        ("+32470000001", True),
        ("p1001@example.be", True),
        ("09 223 34 45", False),
    ]
    assert [row["type_id"][-3:] for row in rows] == ["502", "503", "501"]
    assert len({row["id"] for row in rows}) == 3
    assert {(row["owning_entity"], row["owning_id"]) for row in rows} == {("TPAR", an.party_id)}
    assert {(row["billing"], row["mail_in_series"], row["comment"]) for row in rows} == {(False, False, "")}


def test_a_number_tagor_took_down_is_told(client: Client):
    """GetVoxtronReferentie stores a number; it is one of the party's from then on."""
    colette = case("Colette Martin")
    client.ask("TagorService/GetVoxtronReferentie", {"Referentie": colette.reference, "Telnr": "0479000001"})
    rows = client.look("Party/GetContactDetails", {"TPAR_Id": colette.party_id}).rows("TCOMWeb")
    assert [row["content"] for row in rows] == ["+3242345678", "0479000001"]
