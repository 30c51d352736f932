"""Every reply has the shape the vendor's contract gives, but for the oddities real offices are known for."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bridge.simulators.tagor import CASES
from bridge.simulators.tagor.contract import CONTEXT_ROW, CONTRACT, read_contract
from bridge.simulators.tagor.operations import OPERATIONS

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Client

CONTEXT = {"dsWebContext": {"ttWebContext": [CONTEXT_ROW]}}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}")
AMOUNT = re.compile(r"-?\d+\.\d{2}")

VOICE = {"ttFileName": "voice.wav", "FileType": "wav", "FileContent": "UklGRg=="}

# What is asked of each operation about each case; `None` leaves the case out.
QUESTIONS = {
    "Config/Info": lambda _case: {},
    "Config/Ping": lambda _case: {},
    "Config/Version": lambda _case: {},
    "Config/User": lambda _case: {},
    "TagorService/ClipToFile": lambda case: {"Telnr": case.phone} if case.phone else None,
    "TagorService/PinToFile": lambda case: {"Dossier": case.file, "Pin": case.pin},
    "TagorService/GetVoxtronReferentie": lambda case: {"Referentie": case.reference},
    "TagorService/GetVoxtronVerwByHuisNr": lambda case: {"DosId": case.file_id, "HuisNr": case.house_number},
    "TagorService/GetVoxtronVerwByPin": lambda case: {"DosId": case.file_id, "Pin": case.pin},
    "TagorService/GetDosInfo": lambda case: {"TDOS_Id": case.file_id, "TPAR_Id": case.party_id},
    "TagorService/GetSaldo": lambda case: {"TDOS_Id": case.file_id},
    "TagorService/PaymentInfo": lambda case: {"TDOS_Id": case.file_id},
    "TagorService/KantoorOpen": lambda case: {"TDOS_Id": case.file_id},
    "TagorService/SelfServiceAllowed": lambda case: {"TDOS_Id": case.file_id, "Telnr": case.phone},
    "TagorService/GetPaymentPlanCriteria": lambda case: {"TDOS_Id": case.file_id, "TPAR_Id": case.party_id},
    "TagorService/SavePaymentPlan": lambda case: {"TDOS_Id": case.file_id, "Periodes": 10},
    "TagorService/ApprovePaymentPlan": lambda case: {"TDOS_Id": case.file_id, "Telnr": case.phone},
    "Dossier/GetPaymentPlans": lambda case: of(TDOS_Id=case.file_id),
    "TagorService/SetUserDossier": lambda case: {
        "UserLogin": "balie",
        "TelNr": "+32470000001",
        "DosId": case.file_id,
        "Direction": "IN",
    },
    "User/Get": lambda _case: of(TUSER_Id="9000000000000000901"),
    "User/CanAccess": lambda case: of(TPAR_Id=case.party_id),
    "Actions/SendSms": lambda case: {"TPAR_Id": case.party_id, "Gsmnr": "0470000001", "CodeSms": "SALDO"},
    "Actions/SendMail": lambda case: {
        "TDOS_Id": case.file_id,
        "Emailadres": "x@example.be",
        "CodeEmail": "FAQ",
    },
    "TagorService/SendSms": lambda case: {"TDOS_Id": case.file_id, "TelNr": "0470000001", "CodeSms": "SALDO"},
    "TagorService/SendMail": lambda _case: {"Emailadres": "x@example.be", "CodeEmail": "FAQ"},
    "Party/GetContactDetails": lambda case: of(TPAR_Id=case.party_id),
    "Dossier/GetInfo": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/GetCorrespondence": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/AddAttachment": lambda case: of(TDOS_Id=case.file_id) | rows("AttachmentWeb", **VOICE),
    "Document/Get": lambda case: of(TDOS_Id=case.file_id),
    "Message/Add": lambda case: message(case.file_id),
    "Message/GetListFilter": lambda _case: of(box="OUTBOX"),
    "Message/ToggleRead": lambda _case: of(TBERICHT_Id="9000000000100000001"),
    "Dossier/CreateAgenda": lambda case: appointment(case.file_id),
    "Dossier/GetAgenda": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/CreateInfoLine": lambda case: rows("TDOSINFOWeb", TDOS_Id=case.file_id, Omschrijving="Gebeld."),
}


def rows(name: str, **row: object) -> dict[str, Any]:
    return {f"ds{name}": {f"ds{name}": {f"tt{name}": [row]}}}


def of(**context: str) -> dict[str, Any]:
    (told,) = context.items()
    return rows("WebContext", ContextKey=told[0], ContextValue=told[1])


def message(file_id: str) -> dict[str, Any]:
    told = rows("TBERICHTWeb", Ontvanger="balie", TJOB_Onderwerp="Gebeld")
    return of(TDOS_Id=file_id) | told | rows("AttachmentWeb", **VOICE)


def appointment(file_id: str) -> dict[str, Any]:
    when = {"TimeStampScheduled": "2025-03-06T09:00:00"}
    return of(TDOS_Id=file_id) | rows("TAGENDAWeb", Subject="Bel terug", UserName="balie", **when)


def fits(name: str, value: Any, kind: Any) -> bool:  # noqa: ANN401 - JSON is anything
    """Whether a value is of the contract's kind, or one of the spellings seen at real offices."""
    if isinstance(kind, dict):
        known = isinstance(value, dict) and set(value) <= set(kind)
        return known and all(fits(field, inner, kind[field]) for field, inner in value.items())
    if isinstance(kind, list):
        return isinstance(value, list) and all(fits(name, row, kind[0]) for row in value)
    return leaf_fits(name, value, kind)


def leaf_fits(name: str, value: object, kind: str) -> bool:
    text = value if isinstance(value, str) else "?"
    whole = isinstance(value, int) and not isinstance(value, bool)
    if kind.startswith("boolean"):
        fit = isinstance(value, bool) or text in ("true", "false")
    elif kind.startswith("integer"):
        fit = whole
    elif kind.startswith("number"):
        fit = whole or isinstance(value, float) or AMOUNT.fullmatch(text) is not None
    elif name.startswith("TimeStamp"):
        fit = MOMENT.fullmatch(text) is not None
    elif "null" in kind or "date" in kind:
        fit = value in (None, "") or DATE.fullmatch(text) is not None
    else:
        fit = isinstance(value, str) or (whole and name.lower().endswith("id"))
    return fit


def something_written(client: Client):
    """A plan, a message, an appointment and a line on the first file, so that there is something to list."""
    case = CASES[0]
    for operation in ("SavePaymentPlan", "GetSaldo"):
        client.ask(f"TagorService/{operation}", {"TDOS_Id": case.file_id, "Periodes": 10})
    client.ask("Message/Add", message(case.file_id))
    client.ask("Dossier/CreateAgenda", appointment(case.file_id))


@pytest.mark.parametrize("operation", QUESTIONS)
def test_replies_have_the_contracts_shape(client: Client, operation: str):
    """For every case, no reply has a field or a type that neither the contract nor a real office knows."""
    something_written(client)
    for case in CASES:
        fields = QUESTIONS[operation](case)
        if fields is None:
            continue
        reply = client.ask(operation, fields)
        assert reply.status == 200
        assert fits("", reply.response, CONTRACT[operation].response), (operation, reply.response)


@pytest.mark.parametrize("operation", QUESTIONS)
def test_replies_leave_no_field_out(client: Client, operation: str):
    """A yes to a well-known file carries every field of the contract, down to a dataset's rows."""
    something_written(client)
    reply = client.ask(operation, QUESTIONS[operation](CASES[0]))
    told, kind = reply.response, CONTRACT[operation].response
    assert set(told) == set(kind)
    for name in set(kind) - {"dsWebContext"}:
        if isinstance(kind[name], dict):
            (inner,) = kind[name]
            table = inner.replace("ds", "tt", 1)
            assert set(told[name][inner][table][0]) == set(kind[name][inner][table][0])


def test_every_operation_is_asked():
    """But for the login, which speaks another dialect and has tests of its own."""
    assert set(QUESTIONS) == set(OPERATIONS) - {"Login/Token"}


def test_the_contract_is_read_as_any_reader_of_yaml_reads_it():
    """A library agrees on every endpoint: its schemes, its required fields, its requests and responses."""
    text = (files("bridge.simulators.tagor") / "contract.yaml").read_text()
    for name, facts in yaml.load(text.replace("CONTEXT", json.dumps(CONTEXT)), yaml.CSafeLoader).items():
        request, endpoint = facts.get("request") or {}, CONTRACT[name]
        assert endpoint.schemes == tuple(one for one in ("Tgr", "Hash", "Pin") if one in facts["auth"])
        assert endpoint.request == {field.rstrip("*"): kind for field, kind in request.items()}
        assert endpoint.required == tuple(field[:-1] for field in request if field.endswith("*"))
        assert endpoint.response == facts.get("response", {})
    assert len(CONTRACT) == 81


@pytest.mark.parametrize("line", ["Group/Name", "Group/Name:\n  method"])
def test_a_contract_of_another_form_is_not_read(line: str):
    """What is no name and value is said, not skipped."""
    with pytest.raises(ValueError, match="without a colon"):
        read_contract(line)


def test_every_oddity_of_real_offices_occurs(client: Client):
    """Ids as numbers, amounts and booleans as text, empty and null dates all come up among the cases."""
    replies = [client.ask("TagorService/GetDosInfo", {"TDOS_Id": case.file_id}).response for case in CASES]
    clips = [
        client.ask("TagorService/ClipToFile", {"Telnr": case.phone}).response for case in CASES if case.phone
    ]
    assert {type(clip["TPAR_Id"]) for clip in clips} == {str, int}
    assert {type(reply["BedragLtstBet"]) for reply in replies} == {str, int, float}
    assert {type(reply["Success"]) for reply in replies} == {str, bool}
    assert {"", None} < {reply["DatumLtstBet"] for reply in replies}
