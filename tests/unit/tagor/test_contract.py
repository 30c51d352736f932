"""Every request and every answer held against the vendor's facts, of which `contract.json` keeps our part."""

import json
from pathlib import Path
from typing import Any

import pytest
from tagor_questions import Question
from tagor_server import ScriptedTagor, says

from bridge.tagor import (
    ApiKey,
    ClientLogin,
    Deadline,
    FilePin,
    Tagor,
    login,
)
from bridge.tagor.http.response import Reply
from bridge.tagor.operations import (
    agenda,
    callers,
    documents,
    employees,
    files,
    messages,
    notes,
    notifications,
    office,
    plans,
)
from bridge.tagor.schema.operation import Effect, Encoding, Operation

CONTRACT: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("contract.json").read_text())
OPERATIONS = [
    value
    for subject in (
        agenda,
        callers,
        documents,
        files,
        messages,
        notes,
        notifications,
        office,
        plans,
        employees,
        login,
    )
    for value in vars(subject).values()
    if isinstance(value, Operation)
]
FORBIDDEN = {"overridechecks", "telnr", "user-login", "ipadres"}  # Tagor does not mind the case of a key
TELLING_A_NUMBER = (
    callers.CLIP_TO_FILE,
    plans.SAVE_PAYMENT_PLAN,
    plans.APPROVE_PAYMENT_PLAN,
    employees.SET_USER_DOSSIER,
    notifications.SEND_SMS_DEPRECATED,
)
SAMPLES = {"boolean": True, "integer": 1, "number": 12.0, "string": "1", "date": "2026-01-31"}


def named(fields: dict[str, object], *, required: bool = False) -> set[str]:
    """Return the contract's field names; a star marks the required ones."""
    return {name.rstrip("*") for name in fields if not required or name.endswith("*")}


def sample(fact: str | dict[str, Any], name: str = "") -> object:
    """Return a value of the kind the contract names; what is nested has all its fields."""
    if isinstance(fact, dict):
        told = {inner: sample(kind, inner) for inner, kind in fact.items()}
        return [told] if name.startswith("tt") else told
    if name.startswith("TimeStamp"):
        return "2026-01-31T11:05:02.496"
    if fact == "CONTEXT":
        return {"dsWebContext": {"ttWebContext": [{"ContextKey": "APIVersion", "ContextValue": "2.00.1"}]}}
    kind, _, choices = fact.partition(" in ")
    if choices:
        return choices.split(", ")[-1]
    return SAMPLES["date" if "(date)" in kind else kind.split(" ")[0]]


def test_the_contract_covers_what_the_client_knows():
    """No operation without facts, and no facts nobody needs."""
    assert {operation.path for operation in OPERATIONS} == set(CONTRACT)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.path)
def test_an_operation_sends_what_the_contract_knows(operation: Operation[Any]):
    """All required fields and no unknown one, also in every table."""
    facts = CONTRACT[operation.path]
    sent = set(operation.fields)
    if operation.encoding is Encoding.DATASET:
        sent = {"dsWebContext"} | {f"ds{table.name}" for table in operation.tables}
    assert named(facts["request"], required=True) <= sent <= named(facts["request"])
    assert (operation.encoding is Encoding.FORM) is facts.get("form", False)
    for name, fields in operation.tables:
        known = facts["request"][f"ds{name}"][f"ds{name}"][f"tt{name}"]
        assert set(fields) <= known.keys()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.path)
def test_what_widens_rights_or_stores_a_strangers_number_cannot_be_said(operation: Operation[Any]):
    """A number may be looked up, mark a decision, stand on an employee's screen, or be where a text goes."""
    fields = {*operation.fields, *(name for table in operation.tables for name in table.fields)}
    allowed = {"telnr"} if operation in TELLING_A_NUMBER else set()
    assert not {field.lower() for field in fields} & (FORBIDDEN - allowed)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.path)
def test_an_answer_as_the_contract_writes_it_is_understood(operation: Operation[Any]):
    """Every field of its documented type: no operation refuses the vendor's own form."""
    content: Any = {name: sample(fact) for name, fact in CONTRACT[operation.path]["response"].items()}
    if "ReturnCode" in content:
        content["ReturnCode"] = "0"
    if content.get("Partijtype"):
        content["Partijtype"] = "V"
    if operation.path == "Config/Ping":
        content["dsWebContext"] = {}
    content.pop("error", None)
    reply = Reply(operation.path, 200, json.dumps({"response": content}).encode())
    assert operation.answer(reply) is not None


def test_every_sample_answer_names_only_fields_of_the_contract(question: Question):
    """The answers of the other tests are not made of fields we wish there were."""
    assert set(question.content) <= set(CONTRACT[question.path]["response"])


@pytest.mark.parametrize(
    "credential", [ApiKey("key"), ClientLogin("id", "secret"), FilePin("20230118", "482193")]
)
def test_every_credential_is_shown_in_a_scheme_the_contract_knows(
    question: Question,
    server: ScriptedTagor,
    tagor: Tagor,
    by: Deadline,
    credential: ApiKey | ClientLogin | FilePin,
):
    """`Tgr` or `Pin`; a defendant's own proof is accepted by what says so."""
    server.plays("Login/Token", says({"token": "token", "expires_in": 3600}))
    assert question.ask(tagor.acting_as(credential), by) == question.told
    scheme = server.asked[-1].headers.get("authorization", "").partition(" ")[0]
    allowed = CONTRACT[question.path]["auth"]
    own_scheme = "Pin" if isinstance(credential, FilePin) else "Tgr"
    assert scheme in ("", own_scheme)
    if own_scheme == "Tgr":
        assert not allowed or scheme in allowed


def test_what_leaves_something_behind_is_known_by_name(question: Question):
    """What may be asked twice after a failed try is no accident, and the tests know the writes as such."""
    effects = {operation.path: operation.effect for operation in OPERATIONS}
    left = {path: effect for path, effect in effects.items() if effect is not Effect.NOTHING}
    assert left == {
        "TagorService/GetSaldo": Effect.AUDITED_READ,
        "TagorService/SavePaymentPlan": Effect.WRITE,
        "TagorService/ApprovePaymentPlan": Effect.WRITE,
        "Dossier/CreateInfoLine": Effect.WRITE,
        "Dossier/AddAttachment": Effect.WRITE,
        "Dossier/CreateAgenda": Effect.WRITE,
        "Message/Add": Effect.WRITE,
        "TagorService/SetUserDossier": Effect.WRITE,
        "Actions/SendSms": Effect.WRITE,
        "Actions/SendMail": Effect.WRITE,
        "TagorService/SendSms": Effect.WRITE,
        "TagorService/SendMail": Effect.WRITE,
    }
    assert question.changes is (effects[question.path] is Effect.WRITE)


@pytest.mark.parametrize("values", [(), ("1", "2")])
def test_a_request_with_fields_forgotten_or_made_up_cannot_be_written(values: tuple[str, ...]):
    """An operation takes one value for each of its fields."""
    with pytest.raises(ValueError, match="zip"):
        files.GET_SALDO.body(*values)


def test_a_dataset_request_carries_its_arguments_in_the_context():
    """Arguments of dataset calls are keys and values; one that is None is left out."""
    operation = Operation(
        path="Dossier/GetSub", read=dict, fields=("TDOS_Id", "active-only"), encoding=Encoding.DATASET
    )
    rows = [{"ContextKey": "TDOS_Id", "ContextValue": "12"}]
    wanted = {"request": {"dsWebContext": {"dsWebContext": {"ttWebContext": rows}}}}
    assert json.loads(operation.body("12", None)) == wanted
