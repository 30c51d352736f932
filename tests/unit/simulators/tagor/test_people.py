"""The office's own people at Tagor: who they are, what they may see, and what stands on their screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES, Screen, User

if TYPE_CHECKING:
    from bridge.simulators.tagor import Case
    from tests.unit.simulators.tagor.conftest import Client

SHOW = "TagorService/SetUserDossier"
FACTS = "TagorService/GetDosInfo"
AN = "9000000000000000901"
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


def test_a_file_is_put_on_a_screen(client: Client):
    """Who is called, by whom, about which file; the login in whatever letters."""
    assert show(client, UserLogin="BALIE")["Success"] is True
    assert client.standin.records.screens() == [Screen("balie", CASES[0].file_id, "+32470000001", "IN")]
    assert client.standin.records.screens(CASES[0].file) == client.standin.records.screens()
    assert client.standin.journal()[-1]["effect"] == ["screen"]


def test_a_number_without_a_file_is_put_on_a_screen(client: Client):
    """Somebody unknown calls, and every call is shown anew."""
    for _ in range(2):
        show(client, DosId="", Direction="OUT")
    assert client.standin.records.screens() == [Screen("balie", "", "+32470000001", "OUT")] * 2


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


def test_a_user_is_known_by_id(client: Client):
    """Name, login and numbers; never a password."""
    (row,) = get(client, AN)
    assert (row["username"], row["name"], row["landline"]) == ("an.verbeke", "An Verbeke", "+3220000011")
    assert (row["password"], row["party_id"], row["email_address"]) == ("", AN, "an.verbeke@example.be")
    assert row["requires_2fa"] is False


def test_the_older_generation_sends_numbers_as_numbers(older: Client):
    """As its page shows them, without the plus; what is no number stays a text."""
    assert get(older, AN)[0]["landline"] == 3220000011
    older.standin.controls.user("an.verbeke", landline="02 000 00 11", cellphone="")
    row = get(older, AN)[0]
    assert (row["landline"], row["cellphone"]) == ("02 000 00 11", "")


@pytest.mark.parametrize("user_id", ["9000000000000000999", "9000000000000000904", "an.verbeke"])
def test_nobody_and_who_is_gone_is_no_user(client: Client, older: Client, user_id: str):
    """No rows, and with the older generation no array either; a login is no id."""
    assert get(client, user_id) == get(older, user_id) == []
    reply = older.look("User/Get", {"TUSER_Id": user_id}).response
    assert reply["dsTUSERWeb"] == {"dsTUSERWeb": {}}


def test_a_user_is_asked_by_id_only(client: Client):
    """The context key for a login would act as that user; it finds nobody, and is noted."""
    assert client.look("User/Get", {"user-login": "an.verbeke"}).status == 400
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


def test_nothing_asked_is_nobody_told(client: Client):
    """Without a kind or a party the question is an error."""
    assert client.look("User/CanAccess", {"TDOS_Id": CASES[0].file_id}).status == 400


@pytest.mark.parametrize(
    ("name", "landline"),
    [("An Peeters", "+3220000011"), ("Hans Becker", "+3292233447"), ("Emma Maes", ""), ("Robert King", None)],
)
def test_managers_come_in_four_kinds(client: Client, name: str, landline: str | None):
    """With the office's own number, with another one, without any, and gone."""
    client.standin.controls.parameter(259, "id")
    told = client.ask(FACTS, {"TDOS_Id": case(name).file_id}).response["DosbehId"]
    numbers = [row["landline"] for row in get(client, told.removeprefix("DBH"))]
    assert numbers == ([] if landline is None else [landline])


def test_who_is_gone_is_still_named_on_old_files(client: Client):
    """The login stands there, and finds nobody."""
    client.standin.controls.parameter(259, "user")
    robert = case("Robert King")
    assert client.ask(FACTS, {"TDOS_Id": robert.file_id}).response["DosbehId"] == "jos.dewit"
    assert logins(client, TPAR_Id=robert.party_id) == []


def test_a_tester_may_give_a_file_any_manager(client: Client):
    """Another user, a user nobody knows, or any text at all in place of one."""
    client.standin.controls.parameter(259, "id")
    for change, told in (
        ({"manager": "9000000000000000905"}, "DBH9000000000000000905"),
        ({"manager": "1"}, "DBH1"),
        ({"manager_told": "DBH'; --\x00"}, "DBH'; --\x00"),
        ({"manager_told": ""}, ""),
        ({"manager_told": None}, "DBH1"),
    ):
        client.standin.controls.change(CASES[0].file, **change)
        assert client.ask(FACTS, {"TDOS_Id": CASES[0].file_id}).response["DosbehId"] == told
    client.standin.controls.change(CASES[0].file, manager="1")
    client.standin.controls.parameter(259, "user")
    assert client.ask(FACTS, {"TDOS_Id": CASES[0].file_id}).response["DosbehId"] == ""


def test_somebody_new_is_taken_on(client: Client):
    """And found like the others."""
    client.standin.controls.add_user(
        User(AN.replace("901", "950"), "nieuw", "Nieuw", "+3220000011"), file_types=[JUDICIAL]
    )
    assert logins(client, TQDOSSOORT_Id=JUDICIAL) == ["tom.hendrickx", "nieuw"]


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


def test_the_older_generation_calls_a_contact_a_value(older: Client):
    """And tells no more than its page shows."""
    rows = older.look("Party/GetContactDetails", {"TPAR_Id": CASES[1].party_id}).rows("TCOMWeb")
    assert [row["value"] for row in rows] == ["+32470000002", "p1002@example.be"]
    assert set(rows[0]) == {"id", "value", "owning_id", "owning_entity", "type_id"}
    assert rows[0]["owning_id"] == int(CASES[1].party_id)


def test_a_number_tagor_took_down_is_told(client: Client):
    """GetVoxtronReferentie stores a number; it is one of the party's from then on."""
    colette = case("Colette Martin")
    client.ask("TagorService/GetVoxtronReferentie", {"Referentie": colette.reference, "Telnr": "0479000001"})
    rows = client.look("Party/GetContactDetails", {"TPAR_Id": colette.party_id}).rows("TCOMWeb")
    assert [row["content"] for row in rows] == ["+3242345678", "0479000001"]


@pytest.mark.parametrize("party_id", ["", "1"])
def test_nobodys_contacts_are_an_error(client: Client, party_id: str):
    """A party that is not there is an HTTP error in this dialect."""
    assert client.look("Party/GetContactDetails", {"TPAR_Id": party_id}).status == 400
