"""Every request and every answer of the client is held against the vendor's contract."""

import json
from typing import Any

import pytest
from tagor_operations import OPERATIONS, sample_answer
from tagor_questions import Question
from tagor_server import ScriptedTagor, says

from bridge.tagor import ApiKey, ClientLogin, Deadline, FilePin, Tagor
from bridge.tagor.operations import callers, employees, files, notifications, parties, plans
from bridge.tagor.schema.answer import Reply
from bridge.tagor.schema.operation import Effect, Encoding, Operation
from bridge.tagor_contract import contract_of

CONTRACT = contract_of("2.00")

FORBIDDEN = {"overridechecks", "telnr", "user-login", "ipadres"}  # Tagor does not mind the case of a key
TELLING_A_NUMBER = (
    callers.CLIP_TO_FILE,
    plans.SAVE_PAYMENT_PLAN,
    plans.APPROVE_PAYMENT_PLAN,
    employees.SET_USER_DOSSIER,
    notifications.SEND_SMS_DEPRECATED,
)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.path)
def test_an_operation_sends_what_the_contract_knows(operation: Operation[Any]):
    """All required fields and no unknown one, also in every table."""
    endpoint = CONTRACT[operation.path]
    if operation is parties.ADD_CONTACT_DETAIL_EARLIER:
        endpoint = contract_of("1.08")[operation.path]
    sent = set(operation.fields)
    if operation.encoding is Encoding.DATASET:
        sent = {"dsWebContext"} | {f"ds{table.name}" for table in operation.tables}
    assert set(endpoint.required) <= sent <= set(endpoint.request)
    assert (operation.encoding is Encoding.FORM) is endpoint.form
    for name, fields, _ in operation.tables:
        table: Any = endpoint.request[f"ds{name}"]
        assert set(fields) <= table[f"ds{name}"][f"tt{name}"][0].keys()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.path)
def test_what_widens_rights_or_stores_a_strangers_number_cannot_be_said(operation: Operation[Any]):
    """A number may be looked up, mark a decision, stand on an employee's screen, or be where a text goes."""
    fields = {*operation.fields, *(name for table in operation.tables for name in table.fields)}
    allowed = {"telnr"} if operation in TELLING_A_NUMBER else set()
    assert not {field.lower() for field in fields} & (FORBIDDEN - allowed)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.path)
def test_an_answer_as_the_contract_writes_it_is_understood(operation: Operation[Any]):
    """Every field of its documented type: no operation refuses the vendor's own form."""
    content = sample_answer(operation)
    reply = Reply(operation.path, 200, json.dumps({"response": content}).encode())
    assert operation.answer(reply) is not None


def test_every_request_is_of_the_contracts_kinds(question: Question):
    """All that the bridge sends, in both generations: no other field, no number where a text belongs."""
    for generation in ("1.08", "2.00"):
        if endpoint := contract_of(generation).get(question.path):
            kinds = endpoint.request
            if generation == "1.08" and question.name == "add_contact":
                continue  # it has a way of its own there
            for request in (question.request, *question.further):
                assert is_of_kind(request, kinds), (generation, request)


def is_of_kind(value: Any, kind: Any) -> bool:  # noqa: ANN401 - JSON and its kinds
    if isinstance(kind, dict):
        known = isinstance(value, dict) and set(value) <= set(kind)
        return known and all(is_of_kind(part, kind[name]) for name, part in value.items())
    if isinstance(kind, list):
        return isinstance(value, list) and all(is_of_kind(row, kind[0]) for row in value)
    if kind.startswith("number"):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    choices = kind.partition(" in ")[2]
    return isinstance(value, str) and (not choices or value in choices.split(", "))


def test_every_sample_answer_names_only_fields_of_the_contract(question: Question):
    """The answers of the other tests are not made of fields we wish there were."""
    assert set(question.content) <= set(CONTRACT[question.path].response)


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
    allowed = CONTRACT[question.path].schemes
    own_scheme = "Pin" if isinstance(credential, FilePin) else "Tgr"
    assert scheme in ("", own_scheme)
    if own_scheme == "Tgr" and not question.as_defendant:
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
        "Dossierlijn/CreateInfoLine": Effect.WRITE,
        "Party/AddContactDetail": Effect.WRITE,
        "Pay/Start": Effect.WRITE,
        "TagorService/OnlinePaymentReceived": Effect.WRITE,
        "TagorService/FileToHash": Effect.WRITE,
        "Document/Generate": Effect.WRITE,
        "Message/ToggleRead": Effect.WRITE,
        "SolvencyReport/Save": Effect.WRITE,
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
