"""Any operation can be asked by its name: what is sent and what comes back is held against the contract."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tagor_operations import sample
from tagor_questions import FILE, PARTY, YES, context, dataset
from tagor_server import ScriptedTagor, http, says

from bridge.clock import SYSTEM_CLOCK
from bridge.simulators.tagor import CASES, StandIn
from bridge.tagor import (
    ApiKey,
    Deadline,
    Generation,
    NotSendable,
    Tagor,
    TagorInvalidResponse,
    TagorRefused,
)
from bridge.tagor.schema.fields import OFFICE_TIME
from bridge.tagor_contract import Endpoint, contract_of

FORBIDDEN = ("OverrideChecks", "IPadres")
ASKABLE = [
    (generation, name)
    for generation in Generation
    for name, endpoint in contract_of(generation.value).items()
    if not endpoint.form and not name.endswith("]")
]


def request_of(endpoint: Endpoint) -> dict[str, Any]:
    """A request with every field of its documented type, tables as lists of rows."""
    if endpoint.is_dataset:
        return {table.name: [sent(table.row)] for table in endpoint.request_tables}
    return sent(endpoint.request)


def sent(kinds: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: sample(kind, name) for name, kind in kinds.items() if name not in FORBIDDEN}
    return {
        name: Decimal(str(value)) if isinstance(value, float) else value
        for name, value in told.items()
        if not isinstance(value, list)
    }


@pytest.mark.parametrize(("generation", "name"), ASKABLE, ids=lambda part: getattr(part, "value", part))
def test_every_operation_is_asked_and_read_as_the_contract_says(
    generation: Generation, name: str, *, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """All fields go out under their names, and all of the answer come back, in either generation."""
    endpoint = contract_of(generation.value)[name]
    server.plays(name, says(sample(endpoint.response)))
    request = request_of(endpoint)
    told = tagor.call(
        name,
        request,
        context={"TDOS_Id": FILE} if endpoint.is_dataset else {},
        generation=generation,
        deadline=by,
    )
    [asked] = server.asked
    if not endpoint.is_dataset:
        assert asked.request == {
            key: float(value) if isinstance(value, Decimal) else value for key, value in request.items()
        }
        named = {field for field in endpoint.response if not field.startswith("ds")}
        assert set(told) == named | {table.name for table in endpoint.response_tables}
        return
    tables = {table.name: table for table in endpoint.request_tables}
    assert set(asked.request) == {"dsWebContext", *(table.outer for table in tables.values())}
    answered = {table.name: set(table.row) for table in endpoint.response_tables}
    assert {key: set(rows[0]) for key, rows in told.items() if key != "context"} == answered


@pytest.mark.parametrize(
    ("name", "request_", "context_", "why"),
    [
        ("Dossier/Fetch", {}, {}, "no operation of Tagor's"),
        ("Login/Token", {}, {}, "no operation of Tagor's"),
        ("Config/Ping [GET]", {}, {}, "no operation of Tagor's"),
        ("TagorService/GetSaldo", {}, {}, "TDOS_Id is needed"),
        ("TagorService/GetSaldo", {"TDOS_Id": ""}, {}, "TDOS_Id is needed"),
        ("TagorService/GetSaldo", {"TDOS_Id": FILE, "IPadres": "1"}, {}, "IPadres must not be sent"),
        ("TagorService/GetSaldo", {"TDOS_Id": FILE, "Dossier": "1"}, {}, "Dossier is no field"),
        ("TagorService/GetSaldo", {"TDOS_Id": 12}, {}, r"TDOS_Id is not of its kind \(string\)"),
        ("TagorService/GetSaldo", {"TDOS_Id": FILE}, {"TDOS_Id": FILE}, "the context does not exist here"),
        ("Config/User", {}, {"USER-LOGIN": "an"}, "USER-LOGIN must not be sent"),
        ("TagorService/SavePaymentPlan", {"TDOS_Id": FILE, "Bedrag": 1.5}, {}, "Bedrag is not of its kind"),
        ("TagorService/SavePaymentPlan", {"TDOS_Id": FILE, "Bedrag": True}, {}, "Bedrag is not of its kind"),
        (
            "TagorService/SavePaymentPlan",
            {"TDOS_Id": FILE, "Startdatum": "1/2/2026"},
            {},
            "Startdatum is not of its kind",
        ),
        ("TagorService/ApprovePaymentPlan", {"Taal": "nl"}, {}, "Taal is not of its kind"),
        ("Party/AddContactDetail", {"TCOMWeb": [{"used": "yes"}]}, {}, "used is not of its kind"),
        ("Party/AddContactDetail", {"TCOMWeb": {"used": True}}, {}, "TCOMWeb is a list of rows"),
        ("Party/AddContactDetail", {"TCOMWeb": ["x"]}, {}, "TCOMWeb is a list of rows"),
        ("Party/AddContactDetail", {"TCOM": []}, {}, "TCOM is no table of its request"),
    ],
)
def test_a_request_that_is_not_as_the_contract_says_is_not_sent(
    name: str,
    request_: dict[str, Any],
    context_: dict[str, str],
    why: str,
    *,
    server: ScriptedTagor,
    tagor: Tagor,
    by: Deadline,
):
    """A sentence names the operation and the field, and holds nothing of a value."""
    with pytest.raises(NotSendable, match=why) as refused:
        tagor.call(name, request_, context=context_, deadline=by)
    assert str(refused.value).startswith(f"{name} cannot be asked: ")
    assert FILE not in str(refused.value)
    assert server.connections == 0


def test_days_and_moments_are_written_as_tagor_writes_them(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """In the time on the office's clocks; a field that is None is left out."""
    row = {"Subject": "Call", "TimeStampScheduled": datetime(2026, 1, 5, 8, tzinfo=UTC), "UserName": None}
    server.plays("Dossier/CreateAgenda", says(dataset("dsTAGENDAWeb", "ttTAGENDAWeb")))
    tagor.call("Dossier/CreateAgenda", {"TAGENDAWeb": [row, {"Manueel": True}]}, deadline=by)
    rows = server.asked[0].request["dsTAGENDAWeb"]["dsTAGENDAWeb"]["ttTAGENDAWeb"]
    assert rows == [{"Subject": "Call", "TimeStampScheduled": "2026-01-05T09:00:00.000"}, {"Manueel": True}]
    asked = {"TDOS_Id": FILE, "Startdatum": date(2026, 12, 1), "Bedrag": Decimal("51.50")}
    server.plays("TagorService/SavePaymentPlan", says(YES | {"Periodes": "24", "Bedrag": "51,50"}))
    told = tagor.call("TagorService/SavePaymentPlan", asked, deadline=by)
    assert server.asked[1].request == {"TDOS_Id": FILE, "Startdatum": "2026-12-01", "Bedrag": 51.5}
    assert told == {"Success": True, "Error": "", "Periodes": 24, "Bedrag": Decimal("51.50")}


def test_an_answer_is_read_tolerantly_and_one_odd_field_costs_itself(
    server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Padded amounts, text for yes, ids as numbers, other letter case, one row without its array."""
    row = {
        "TDOSLIJN_Id": 9000000000000000001,
        "bedrag": " 12,50 ",
        "Recht": 83.33333,
        "Kost": "1.234",
        "Gefixeerd": "TRUE",
        "DatumBoeking": "2026-03-02T00:00:00",
        "Omschrijving": None,
        "ttTDOSLIJNINTR": [{"Bedrag": 1, "DatumBegin": "2026-01-01"}, "x"],
        "Unknown": "left out",
    }
    content = {"dsTDOSLIJNWeb": {"dsTDOSLIJNWeb": {"ttTDOSLIJNWeb": row}}} | dataset(
        "dsWebContext", "ttWebContext", {"ContextKey": "done", "ContextValue": True}, {"ContextValue": "x"}
    )
    server.plays("Dossier/GetLines", says(content))
    told = tagor.call("Dossier/GetLines", context={"TDOS_Id": FILE}, deadline=by)
    assert told == {
        "context": {"done": "true"},
        "TDOSLIJNWeb": [
            {
                "TDOSLIJN_Id": "9000000000000000001",
                "Bedrag": Decimal("12.50"),
                "Gefixeerd": True,
                "DatumBoeking": date(2026, 3, 2),
                "ttTDOSLIJNINTR": [{"Bedrag": Decimal(1), "DatumBegin": "2026-01-01"}],
            }
        ],
    }
    server.plays("TagorService/ClipToFile", says(YES | {"Taal": "Spa", "Partijtype": "V", "TPAR_Id": 7}))
    server.plays("Dossier/GetAppearance", says(appearance("2026-12-04T09:00:00") | {"dsWebContext": {}}))
    with pytest.raises(TagorInvalidResponse, match="dsClipToFileDossiers is missing"):
        tagor.call("TagorService/ClipToFile", {"Telnr": "0470"}, deadline=by)
    [court] = tagor.call("Dossier/GetAppearance", context={}, deadline=by)["TDOSVERSCHIJNINGWeb"]
    assert court["TimeStampVerschijning"] == datetime(2026, 12, 4, 9, tzinfo=OFFICE_TIME)


def appearance(at: str) -> dict[str, Any]:
    row = {"TimeStampVerschijning": at, "ttNothing": "x"}
    return dataset("dsTDOSVERSCHIJNINGWeb", "ttTDOSVERSCHIJNINGWeb", row)


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("TagorService/KantoorOpen", {"KantoorOpen": True}, "Success"),
        ("TagorService/KantoorOpen", {"Success": "ja"}, "Success"),
        ("Dossier/GetTitle", context(), "dsTDOSTITELWeb"),
        ("Dossier/GetTitle", {"dsTDOSTITELWeb": []}, "dsTDOSTITELWeb"),
        ("Config/Version", {"dsWebContext": [1]}, "dsWebContext"),
    ],
)
def test_an_answer_whose_meaning_is_not_certain_is_an_error_that_names_the_field(
    name: str, content: dict[str, Any], field: str, *, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """An operator reads which operation and which field."""
    server.plays(name, says(content))
    with pytest.raises(TagorInvalidResponse, match=f"^{name}: {field} is missing or has an unknown form"):
        tagor.call(name, deadline=by)


def test_a_no_is_a_refusal(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """As everywhere, without Tagor's own words."""
    server.plays("TagorService/KantoorOpen", says({"Success": False, "Error": "canary"}))
    with pytest.raises(TagorRefused) as refused:
        tagor.call("TagorService/KantoorOpen", deadline=by)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "request_", "sent_"),
    [
        ("Dossier/Get", {}, False),
        ("TagorService/PinToFile", {"Dossier": "1", "Pin": "123"}, False),
        ("TagorService/GetSaldo", {"TDOS_Id": FILE}, True),
        ("TagorService/GetVoxtronReferentie", {"Telnr": "0470000001"}, True),
        ("Dossier/Stop", {}, True),
        ("User/SavePermissions", {}, True),
    ],
)
def test_only_what_the_name_of_a_read_says_is_read_again(
    name: str, request_: dict[str, Any], *, sent_: bool, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """What may change Tagor is never a plain refusal after a 401: it may have had its effect."""
    server.plays(name, http(401))
    with pytest.raises((TagorRefused, TagorInvalidResponse)) as failed:
        tagor.call(name, request_, deadline=by)
    unclear = isinstance(failed.value, TagorInvalidResponse)
    assert unclear is (sent_ and name != "TagorService/GetSaldo")


@pytest.mark.parametrize("generation", list(Generation))
def test_a_tagor_of_either_generation_is_asked_by_name(generation: Generation):
    """What is written comes back, under the names that this generation has."""
    by = Deadline(SYSTEM_CLOCK, 30)
    with StandIn(generation=generation.value) as standin:
        tagor = Tagor(standin.url, ApiKey(standin.key), allow_http=True)
        content = "content" if generation is Generation.V2_00 else "value"
        row = {"owning_id": CASES[0].party_id, content: "0479000009", "owning_entity": "TPAR"}
        ask = {"generation": generation, "deadline": by}
        tagor.call("Party/AddContactDetail", {"TCOMWeb": [row]}, **ask)
        told = tagor.call("Party/GetContactDetails", context={"TPAR_Id": CASES[0].party_id}, **ask)
        assert told["TCOMWeb"][-1][content] == "0479000009"
        assert tagor.call("Pay/Start", {"TDOS_Id": CASES[0].file_id, "Amount": "1.00"}, **ask)["seal"]
        assert PARTY not in str(told)
        tagor.close()
