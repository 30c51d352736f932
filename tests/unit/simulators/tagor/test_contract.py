"""Every reply has the shape the vendor's contract gives, but for the oddities real offices are known for."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bridge.simulators.tagor import CASES
from bridge.simulators.tagor.lines import FILES, OWN
from bridge.simulators.tagor.operations import OPERATIONS
from bridge.simulators.tagor.persons import birth_date
from bridge.simulators.tagor.solvency import MODEL
from bridge.tagor_contract import CONTEXT_ROW, contract_of, read_contract

if TYPE_CHECKING:
    from bridge.simulators.tagor import Case
    from tests.unit.simulators.tagor.conftest import Answer, Client

CONTRACT = contract_of("2.00")

CONTEXT = {"dsWebContext": {"ttWebContext": [CONTEXT_ROW]}}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}")
AMOUNT = re.compile(r"-?\d+\.\d{2}")

MORNING = "2031-03-04T09:00:00.000"
# What can be done once only, whatever the case.
ONCE = ("Message/GetMessage", "Dossierlijn/DeleteInfoLine", "Party/DeleteContactDetail", "Document/GetFile")
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
    "Code/GetDescription": lambda _case: rows("CodetabelIDs", Tabel="TQSTATUS", Code="LOPEND", Taal="Frn"),
    "Code/GetList": lambda _case: of(table="TQSTATUS"),
    "Config/GetRequestableDocuments": lambda _case: {},
    "Config/DefendantSettings": lambda _case: {},
    "Document/Generate": lambda case: of(TDOS_Id=case.file_id, TDOCM_Id="9000000000000000851"),
    "Document/GetFile": lambda _case: of(TDOC_Id="9000000000300000001"),
    "Document/GetMergefield": lambda case: of(TDOS_Id=case.file_id, Mergefield="M_1000"),
    "Dossier/CreateLine": lambda case: rows(
        "TDOSLIJNWeb", TDOS_Id=case.file_id, Bedrag=12.5, Omschrijving="Kosten"
    ),
    "Dossier/Get": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/GetAppearance": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/GetBalances": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/GetLines": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/GetParties": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/GetSub": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/GetTitle": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/Search": lambda case: rows("Filter", Veld="Dossiernaam", Operator="=", Waarde=case.file),
    "Dossier/Stop": lambda case: of(TDOS_Id=case.file_id),
    "Dossier/GetByDefendant": lambda case: of(TPAR_Id=case.party_id),
    "Dossierlijn/GetInfo": lambda case: of(TDOSLIJN_Id=line_of(case)),
    "Dossierlijn/CreateInfoLine": lambda case: rows(
        "TDOSLIJNINFOWeb", financial_line_id=line_of(case), description="Betwist."
    ),
    "Dossierlijn/DeleteInfoLine": lambda _case: of(TDOSLIJNINFO_Id="9000000005000000001"),
    "Message/GetLog": lambda _case: {},
    "Message/GetMessage": lambda _case: of(TBERICHT_Id="9000000000100000001"),
    "Message/GetSenderReceiverList": lambda case: of(TDOS_Id=case.file_id),
    "Party/Search": lambda case: rows("Filter", Veld="TPAR.TPAR_Id", Operator="=", Waarde=case.party_id),
    "Party/AddContactDetail": lambda case: rows(
        "TCOMWeb", owning_id=case.party_id, content="0479000001", value="0479000001"
    ),
    "Party/DeleteContactDetail": lambda _case: of(TCOM_Id="9000000000500000001"),
    "Party/GetAddresses": lambda case: of(TPAR_Id=case.party_id),
    "Pay/Start": lambda case: {"TDOS_Id": case.file_id, "Amount": "12.50"},
    "TagorService/FileToHash": lambda case: {
        "Dossiernaam": case.file,
        "Geboortedatum": birth_date(case.party_id).isoformat(),
        "CodeSms": "SALDO",
        "CodeEmail": "FAQ",
    },
    "TagorService/HashToFile": lambda case: {
        "Dossierhash": sha256(f"{case.file_id}:{case.party_id}".encode()).hexdigest()[:32]
    },
    "TagorService/OnlinePaymentReceived": lambda case: {"TDOS_Id": case.file_id, "Bedrag": "12,50"},
    "TagorService/PaymentDetails": lambda _case: {},
    "TagorService/ScanBarcode": lambda case: {"barcode": f"{int(line_of(case)) - FILES:010d}"},
    "User/Add": lambda case: rows("TUSERWeb", username=case.file, landline="+3220000099"),
    "User/GetPermissions": lambda _case: {},
    "User/GetPermissionsList": lambda _case: of(TYPE="TQDOSSOORT"),
    "User/SavePermissions": lambda _case: rows("ConfigWeb", type_code="PAY", data="true"),
    "User/SavePermissionsList": lambda _case: rows("CodeWeb", type="TDOCM", id="9000000000000000851"),
    "SolvencyReport/GetList": lambda _case: {},
    "SolvencyReport/Get": lambda _case: of(TCFGSOLVRAPMOD_Id=MODEL),
    "SolvencyReport/Save": lambda case: (
        of(TCFGSOLVRAPMOD_Id=MODEL, TDOS_Id=case.file_id)
        | rows("SolvencyReport", id="9000000000000000558", val="true")
    ),
    "Dossier/CreateInfoLine": lambda case: rows("TDOSINFOWeb", TDOS_Id=case.file_id, Omschrijving="Gebeld."),
}


def rows(name: str, **row: object) -> dict[str, Any]:
    return {f"ds{name}": {f"ds{name}": {f"tt{name}": [row]}}}


def of(**context: str) -> dict[str, Any]:
    pairs = [{"ContextKey": key, "ContextValue": value} for key, value in context.items()]
    return {"dsWebContext": {"dsWebContext": {"ttWebContext": pairs}}}


def line_of(case: Case) -> str:
    """The id of a file's principal."""
    return str(OWN + (int(case.file_id) - FILES) * 10)


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
    elif "| null in" in kind:
        fit = value is None or text in kind.partition(" in ")[2].split(", ")
    elif "| number" in kind:
        fit = whole or isinstance(value, str)
    elif name.startswith("TimeStamp"):
        fit = MOMENT.fullmatch(text) is not None
    elif name.lower().endswith("id") or "_id_" in name.lower():
        fit = isinstance(value, str) or whole or ("null" in kind and value is None)
    elif "null" in kind or "date" in kind:
        fit = value in (None, "") or DATE.fullmatch(text) is not None
    else:
        fit = isinstance(value, str)
    return fit


def something_written(client: Client):
    """A plan, a message, an appointment and a line on the first file, so that there is something to list."""
    case = CASES[0]
    for operation in ("SavePaymentPlan", "GetSaldo"):
        client.ask(f"TagorService/{operation}", {"TDOS_Id": case.file_id, "Periodes": 10})
    client.ask("Message/Add", message(case.file_id))
    if client.standin.tagor.generation != "1.08":
        client.ask("Dossier/CreateAgenda", appointment(case.file_id))
    client.ask("Dossierlijn/CreateInfoLine", QUESTIONS["Dossierlijn/CreateInfoLine"](case))
    for dataset in ("TDOSVERSCHIJNINGWeb", "TDOSTITELWeb", "TDOSDOSWeb"):
        client.standin.controls.add_row(
            dataset, case.file_id, {"TimeStampVerschijning": MORNING, "TimeStampTitel": MORNING}
        )


def asked_as(client: Client, operation: str, case: Case) -> Answer:
    """Ask as the office, or as the defendant where only they may."""
    own = "Tgr" not in CONTRACT[operation].schemes and CONTRACT[operation].schemes
    options = {"authorization": client.as_defendant(case.file, case.pin)} if own else {}
    return client.ask(operation, QUESTIONS[operation](case), **options)


@pytest.mark.parametrize("operation", QUESTIONS)
def test_replies_have_the_contracts_shape(client: Client, older: Client, operation: str):
    """For every case, no reply has a field or a type that neither the contract nor a real office knows."""
    for asked in (client, older):
        contract = contract_of(asked.standin.tagor.generation)
        something_written(asked)
        for case in CASES[: 1 if operation in ONCE else None]:
            if operation not in contract or QUESTIONS[operation](case) is None:
                continue
            reply = asked_as(asked, operation, case)
            assert reply.status == 200, (operation, reply.body)
            assert fits("", reply.response, contract[operation].response), (operation, reply.response)
            assert reply.response.get("Success", True) in (True, "true") or case is not CASES[0]


@pytest.mark.parametrize("operation", QUESTIONS)
def test_replies_leave_no_field_out(client: Client, operation: str):
    """A yes to a well-known file carries every field of the contract, down to a dataset's rows."""
    something_written(client)
    reply = asked_as(client, operation, CASES[0])
    told, kind = reply.response, CONTRACT[operation].response
    assert set(told) == set(kind)
    for name in set(kind) - {"dsWebContext"}:
        if isinstance(kind[name], dict):
            (inner,) = kind[name]
            table = inner.replace("ds", "tt", 1)
            assert set(told[name][inner][table][0]) == set(kind[name][inner][table][0])


def test_every_operation_is_asked():
    """All that the contract has; two speak another dialect and have tests of their own."""
    assert set(QUESTIONS) == set(OPERATIONS) - {"Login/Token", "Pay/Finish"}
    ways = [(name, verb) for name, one in OPERATIONS.items() for verb in one.methods]
    assert {name if verb == "POST" else f"{name} [{verb}]" for name, verb in ways} == set(CONTRACT)


def test_the_contract_is_read_as_any_reader_of_yaml_reads_it():
    """A library agrees on every endpoint: its schemes, its required fields, its requests and responses."""
    text = (files("bridge.tagor_contract") / "contract.yaml").read_text()
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
