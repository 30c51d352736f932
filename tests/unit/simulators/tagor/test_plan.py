"""Payment plans at Tagor: always a new one, never the same twice, and a message for every approval."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES, Message

if TYPE_CHECKING:
    from bridge.simulators.tagor import Case
    from tests.unit.simulators.tagor.conftest import Answer, Client

SAVE = "TagorService/SavePaymentPlan"
APPROVE = "TagorService/ApprovePaymentPlan"
CRITERIA = "TagorService/GetPaymentPlanCriteria"
PLANS = "Dossier/GetPaymentPlans"
INFO_LINE = "Dossier/CreateInfoLine"
SELF_SERVICE = "TagorService/SelfServiceAllowed"
PHONE = "+32470000001"


def case(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


AN, MARIE, DIRK, NELE = case("An Peeters"), case("Marie Dubois"), case("Dirk Willems"), case("Nele Goossens")
THOMAS, JAN, COLETTE = case("Thomas Leroy"), case("Jan Mertens"), case("Colette Martin")


def save(client: Client, of: Case = AN, **fields: object) -> dict[str, Any]:
    return client.ask(SAVE, {"TDOS_Id": of.file_id, **fields}).response


def approve(client: Client, of: Case = AN, **fields: object) -> dict[str, Any]:
    return client.ask(APPROVE, {"TDOS_Id": of.file_id, **fields}).response


def rows(name: str, *told: dict[str, object]) -> dict[str, Any]:
    return {f"ds{name}": {f"ds{name}": {f"tt{name}": list(told)}}}


def listed(client: Client, of: Case = AN, **options: str) -> Answer:
    told = {"TDOS_Id": of.file_id, **{name.replace("_", "-"): value for name, value in options.items()}}
    return client.ask(
        PLANS, rows("WebContext", *({"ContextKey": k, "ContextValue": v} for k, v in told.items()))
    )


def plan_rows(client: Client, of: Case = AN, **options: str) -> list[dict[str, Any]]:
    return listed(client, of, **options).response["dsTDOSAFBDETWeb"]["dsTDOSAFBDETWeb"]["ttTDOSAFBDETWeb"]


def write_line(client: Client, *lines: dict[str, object]) -> Answer:
    return client.ask(INFO_LINE, rows("TDOSINFOWeb", *lines))


@pytest.mark.parametrize(
    ("fields", "agreed", "terms"),
    [
        ({"Periodes": 12}, (12, 102.88), "months=12"),
        ({"Bedrag": 100, "Periodes": 0}, (13, 100), "monthly=100.00"),
        ({"Bedrag": "51.44"}, (24, 51.44), "monthly=51.44"),
        ({"Bedrag": 99999.5}, (1, 1234.56), "monthly=99999.50"),
    ],
)
def test_a_plan_is_made_by_amount_or_by_months(
    client: Client, fields: dict[str, Any], agreed: tuple[int, float], terms: str
):
    """The answer says both as agreed, and the books hold the same."""
    reply = save(client, **fields)
    (plan,) = client.standin.records.plans(AN.file)
    assert (reply["Success"], reply["Periodes"], reply["Bedrag"]) == (True, *agreed)
    assert (plan.months, float(plan.monthly)) == agreed
    assert (plan.start, plan.active, plan.approved, plan.source) == (date(2025, 4, 1), True, False, "")
    assert client.standin.records.effects(AN.file) == {("plan", f"{terms} start=2025-04-01"): 1}


@pytest.mark.parametrize(
    ("of", "fields", "sentence"),
    [
        (AN, {}, "Geef ofwel Bedrag ofwel Periodes."),
        (AN, {"Periodes": 25}, "Het aantal periodes is hoger dan toegelaten."),
        (case("Sarah Johnson"), {"Bedrag": 24.99}, "Het maandbedrag is lager dan toegelaten."),
        (AN, {"Bedrag": 100.001}, "Bedrag of Periodes is geen bruikbaar getal."),
        (AN, {"Bedrag": "veel"}, "Bedrag is geen getal."),
        (AN, {"Bedrag": True}, "Bedrag is geen getal."),
        (AN, {"Periodes": 12.5}, "Periodes is geen geheel getal."),
        (AN, {"Periodes": 12, "Startdatum": "2025-03-04"}, "Startdatum ligt in het verleden."),
        (AN, {"Periodes": 12, "Startdatum": "2025-05-07"}, "Startdatum ligt te ver in de toekomst."),
        (AN, {"Periodes": 12, "Startdatum": "2025-02-30"}, "Startdatum is geen datum."),
        (AN, {"Periodes": 12, "Startdatum": "20250401"}, "Startdatum is geen datum."),
        (AN, {"Periodes": 12, "TPAR_Id": MARIE.party_id}, "Partij niet gevonden op dit dossier."),
        (AN, {"Periodes": 12, "TDOS_Id": "1"}, "Dossier niet gevonden."),
        (AN, {"Periodes": 12, "TDOS_Id": ""}, "TDOS_Id is niet ingevuld."),
        (case("Emma Maes"), {"Periodes": 1}, "Er staat niets meer open op dit dossier."),
        (JAN, {"Periodes": 1}, "Voor dit soort dossier zijn geen betaalplannen mogelijk."),
    ],
)
def test_a_plan_outside_the_rules_is_refused(
    client: Client, of: Case, fields: dict[str, object], sentence: str
):
    """An ordinary no with its sentence, and nothing is written."""
    assert save(client, of, **fields) == {"Success": False, "Error": sentence}
    assert client.standin.records.plans(of.file) == []
    assert client.standin.journal()[-1]["effect"] == []


def test_the_same_request_twice_makes_two_plans(client: Client):
    """Tagor knows no repeats: the second plan is a new one, and ends the first."""
    for _ in range(2):
        save(client, Periodes=12, Telnr=PHONE)
    first, second = client.standin.records.plans(AN.file_id)
    assert (first.active, second.active) == (False, True)
    assert first.id != second.id
    assert client.standin.records.effects(AN.file) == {("plan", "months=12 start=2025-04-01"): 2}
    assert client.standin.journal()[-1]["effect"] == ["plan ended", "plan saved", "info record AFBT"]


def test_a_new_plan_ends_the_running_one(client: Client):
    """PaymentInfo and the criteria speak of the new one from then on, approved or not."""
    save(client, NELE, Bedrag=60)
    info = client.ask("TagorService/PaymentInfo", {"TDOS_Id": NELE.file_id}).response
    known = client.ask(CRITERIA, {"TDOS_Id": NELE.file_id}).response["PaymentPlanId"]
    old, new = client.standin.records.plans(NELE.file)
    assert (info["Betaalplan"], info["Maandbedrag"], info["Achterstand"]) == (True, 60, 0)
    assert (old.active, new.active, known) == (False, True, new.id)


def test_what_a_phone_line_must_never_send_is_marked(client: Client):
    """OverrideChecks, IPadres and user-login are in the contract, and still unexpected."""
    save(client, Periodes=12, Telnr=PHONE)
    save(client, Periodes=12, OverrideChecks=False, IPadres="192.168.0.1", Iets=1)
    listed(client, user_login="an.verbeke")
    assert [entry["unexpected"] for entry in client.standin.journal()] == [
        [],
        ["IPadres", "Iets", "OverrideChecks"],
        ["user-login"],
    ]


def test_parameter_358_accepts_at_once(client: Client):
    """Approved without an approval, and without a message."""
    client.standin.controls.parameter(358, "true")
    save(client, Periodes=12)
    assert client.standin.records.plans(AN.file)[0].approved is True
    assert client.standin.records.messages(AN.file) == []


@pytest.mark.parametrize(
    ("of", "phone", "medium", "address"),
    [
        (AN, "+32470000001", "SMS", "+32470000001"),
        (AN, "0470/00.00.01", "SMS", "0470/00.00.01"),
        (AN, "+3292233445", "EMAIL", "p1001@example.be"),
        (AN, "+33470000001", "EMAIL", "p1001@example.be"),
        (AN, "+324700000012", "EMAIL", "p1001@example.be"),
        (AN, "", "EMAIL", "p1001@example.be"),
        (COLETTE, "+3242345678", "GEEN", None),
    ],
)
def test_the_medium_depends_on_number_and_mail(
    client: Client, of: Case, phone: str, medium: str, address: str | None
):
    """A text to a Belgian mobile only, else a mail where there is an address, else nothing at all."""
    save(client, of, Periodes=10)
    reply = approve(client, of, Telnr=phone)
    (plan,) = client.standin.records.plans(of.file)
    expected = Message(plan.id, of.party_id, medium, address or "", of.tagor_language, "BEVAFBET")
    assert (reply["Success"], reply["Medium"]) == (True, medium)
    assert client.standin.records.messages(of.file) == ([expected] if address else [])
    assert plan.approved is True


def test_every_approval_sends_again(client: Client):
    """Two approvals of one plan are two messages, and both are counted."""
    save(client, Periodes=12)
    for language in ("Ger", ""):
        approve(client, Telnr=PHONE, Taal=language)
    plan = client.standin.records.plans(AN.file)[0]
    effects = client.standin.records.effects(AN.file)
    assert (effects["approval", plan.id], effects["message", plan.id]) == (2, 2)
    assert [message.language for message in client.standin.records.messages(AN.file)] == ["Ger", "Dut"]
    assert client.standin.journal()[-1]["effect"] == ["plan approved", "message SMS"]


def test_the_last_plan_is_the_one_approved(client: Client):
    """Whatever its caller meant: an approval names no plan."""
    for months in (12, 6):
        save(client, Periodes=months)
    approve(client)
    assert [(plan.months, plan.approved) for plan in client.standin.records.plans(AN.file)] == [
        (12, False),
        (6, True),
    ]


def test_a_file_without_a_plan_has_nothing_to_approve(client: Client):
    """Nor has one whose plan was ended, and a language nobody knows is refused."""
    client.standin.controls.change(NELE.file, plan=None)
    for of in (AN, NELE):
        assert approve(client, of) == {"Success": False, "Error": "Er is geen betaalplan op dit dossier."}
    save(client, Periodes=12)
    assert approve(client, Taal="Spa") == {"Success": False, "Error": "Taal is onbekend."}
    assert client.standin.records.plans(AN.file)[0].approved is False


def test_plans_are_listed_as_a_dataset(client: Client):
    """Oldest first with amount, first day and last day; `active-only` leaves out those that ended."""
    save(client, Bedrag=100, Startdatum="2025-03-31")
    save(client, Periodes=12, Startdatum="2025-03-31")
    every, active = plan_rows(client), plan_rows(client, active_only="true")
    assert [row["Bedrag"] for row in every] == ["100.00", "102.88"]
    assert active == every[1:]
    assert (active[0]["DatumBetaal"], active[0]["DatumTot"]) == ("2025-03-31", "2026-02-28")
    assert active[0]["TDOSAFB_Id"] == client.standin.records.plans(AN.file)[1].id


def test_ids_are_never_given_twice(client: Client):
    """Not even after a plan was ended."""
    for _ in range(3):
        save(client, Periodes=12)
        client.standin.controls.change(AN.file, plan=None)
    ids = [row["id"] for row in client.standin.state()["plans"]]
    assert len(set(ids)) == len(ids) == 5


def test_a_dataset_call_says_no_by_an_error(client: Client):
    """The older dialect has no Success: 400 and a sentence, and nothing is written."""
    line = {"TDOS_Id": AN.file_id, "Omschrijving": "Gebeld."}
    replies = [
        client.ask(PLANS),
        write_line(client),
        write_line(client, line, {**line, "TDOS_Id": "1"}),
        write_line(client, line, {**line, "Omschrijving": ""}),
        write_line(client, line, {**line, "DatumInfo": "gisteren"}),
    ]
    assert [(reply.status, reply.json["message"]) for reply in replies] == [
        (400, "Dossier niet gevonden."),
        (400, "dsTDOSINFOWeb is leeg."),
        (400, "Dossier niet gevonden."),
        (400, "Omschrijving is niet ingevuld."),
        (400, "DatumInfo is geen datum."),
    ]
    assert client.standin.records.info_records(AN.file) == []


def test_an_info_line_is_written_each_time(client: Client):
    """Whatever parameter 568 says: that one is about Tagor's own records."""
    client.standin.controls.parameter(568, "true")
    line = {"TDOS_Id": AN.file_id, "TQINFO_Id": "77", "TQINFODEF_Id": "", "Omschrijving": "Bel terug."}
    told = write_line(client, {**line, "DatumInfo": "2025-03-04"}, line).response
    written = told["dsTDOSINFOWeb"]["dsTDOSINFOWeb"]["ttTDOSINFOWeb"]
    records = client.standin.records.info_records(AN.file)
    assert written == [{**line, "DatumInfo": "2025-03-04"}, {**line, "DatumInfo": "2025-03-05"}]
    assert [(r.code, r.text, r.day.day, r.automatic) for r in records] == [
        ("77", "Bel terug.", 4, False),
        ("77", "Bel terug.", 5, False),
    ]
    assert client.standin.records.effects(AN.file) == {("info line", "Bel terug."): 2}


def test_self_service_writes_the_number_it_is_given(client: Client):
    """The trap: asking whether a copy may be had stores the caller's number as last contact, even on a no."""
    for of in (AN, case("Hans Becker")):
        reply = client.ask(SELF_SERVICE, {"TDOS_Id": of.file_id, "Config": "X", "Telnr": "+32470999999"})
        assert reply.response["Success"] is (of is AN)
        assert client.standin.journal()[-1]["effect"] == ["last contact stored"]
    contacts = {row["name"]: row["last_contact"] for row in client.standin.state()["files"]}
    assert {name for name, number in contacts.items() if number == "+32470999999"} == {AN.file, "20231101"}


def test_a_defendant_asks_for_a_plan_on_the_own_file_only(client: Client):
    """With the Pin scheme the party is the defendant's own; another file or party is out of reach."""
    mine = client.as_defendant(DIRK.file, DIRK.pin)
    asked = {"TDOS_Id": DIRK.file_id, "Periodes": 12}
    assert client.ask(SAVE, asked, authorization=mine).response["Success"] is True
    assert client.standin.records.plans(DIRK.file)[0].party_id == DIRK.party_id
    assert client.ask(SAVE, {**asked, "TDOS_Id": AN.file_id}, authorization=mine).status == 403
    assert client.ask(SAVE, {**asked, "TPAR_Id": AN.party_id}, authorization=mine).status == 403
    for operation in (APPROVE, PLANS, INFO_LINE):
        assert client.ask(operation, asked, authorization=mine).status == 401


@pytest.mark.parametrize("effect", ["done", "none", "later"])
def test_approval_and_answer_fail_separately(client: Client, effect: str):
    """The same holds for the approval and its message."""
    save(client, Periodes=12)
    client.standin.fault(APPROVE, "status", status=500, effect=effect, later=600, times=1)
    assert client.ask(APPROVE, {"TDOS_Id": AN.file_id, "Telnr": PHONE}).status == 500
    assert len(client.standin.records.messages(AN.file)) == (effect == "done")
    client.standin.settle()
    assert len(client.standin.records.messages(AN.file)) == (effect != "none")
    assert client.standin.records.plans(AN.file)[0].approved is (effect != "none")


def test_the_counters_are_in_the_state(client: Client):
    """A tester in another process reads plans, messages and how often each decision took effect."""
    save(client, Periodes=12)
    approve(client, Telnr=PHONE)
    state = client.control("GET", "/_state").json
    plan = client.standin.records.plans(AN.file)[0].id
    assert [(row["kind"], row["decision"], row["times"]) for row in state["effects"]] == [
        ("plan", "months=12 start=2025-04-01", 1),
        ("approval", plan, 1),
        ("message", plan, 1),
    ]
    assert [row["medium"] for row in state["messages"]] == ["SMS"]
