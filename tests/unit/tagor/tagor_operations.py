"""Every operation the client knows, and an answer to each as the vendor's contract writes it."""

from typing import Any

from bridge.tagor import login
from bridge.tagor.operations import (
    agenda,
    amounts,
    callers,
    codes,
    courts,
    documents,
    employees,
    files,
    links,
    messages,
    notes,
    notifications,
    office,
    parties,
    payments,
    plans,
    solvency,
)
from bridge.tagor.schema.operation import Operation
from bridge.tagor_contract import contract_of

CONTRACT = contract_of("2.00")

SUBJECTS = (
    *(agenda, amounts, callers, codes, courts, documents, employees, files, links, login, messages, notes),
    *(notifications, office, parties, payments, plans, solvency),
)
OPERATIONS = [
    value for subject in SUBJECTS for value in vars(subject).values() if isinstance(value, Operation)
]
_SAMPLES = {"boolean": True, "integer": 1, "number": 12.0, "string": "1", "date": "2026-01-31"}
_MEANT: dict[str, object] = {
    "redirectionUrl": "https://pay.example.be/init",
    "redirectionStatusCode": "00",
    "ReturnCode": "0",
    "ContextKey": "APIVersion",
    "ContextValue": "2.00.1",
}


def sample_answer(operation: Operation[Any]) -> dict[str, Any]:
    """An answer with every field of its documented type, and a yes where the operation can say no."""
    content: Any = sample(CONTRACT[operation.path].response)
    if content.get("Partijtype"):
        content["Partijtype"] = "V"
    if operation.path == "Config/Ping":
        content["dsWebContext"] = {}
    content.pop("error", None)
    return content


def sample(kind: Any, name: str = "") -> object:  # noqa: ANN401 - a kind, or its parts
    if isinstance(kind, list):
        return [sample(kind[0])]
    if isinstance(kind, dict):
        return {inner: sample(part, inner) for inner, part in kind.items()}
    if name in _MEANT:
        return _MEANT[name]
    if name.startswith("TimeStamp"):
        return "2026-01-31T11:05:02.496"
    typed, _, choices = kind.partition(" in ")
    if choices:
        return choices.split(", ")[-1]
    dated = "(date)" in typed or name.startswith("Datum")
    return _SAMPLES["date" if dated else typed.split(" ")[0]]
