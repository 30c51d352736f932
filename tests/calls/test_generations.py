"""A whole call against either generation of Tagor: the bridge runs unchanged, by the contract of each."""

from typing import TYPE_CHECKING, Any

import pytest

from bridge.tagor_contract import contract_of

if TYPE_CHECKING:
    from tests.calls.conftest import Calling, PlanLine

AN = "20230118"


@pytest.mark.parametrize("generation", ["1.08", "2.00"])
def test_a_whole_call_asks_what_the_generation_has(plans: "PlanLine", generation: str):
    """From ring to a confirmed plan and the note afterwards: no operation or field but the contract's."""
    plans.at_request().keys("1").hears("Confirmation.by_sms", "Balance.choose").hangs_up()
    plans.line.after(minutes=1)
    assert plans.effects() == {"plan": 1, "approval": 1, "message": 1, "info line": 1}
    fits_the_contract(plans, generation)


@pytest.mark.parametrize("generation", ["1.08", "2.00"])
def test_a_voicemail_and_a_screen_are_the_contracts_too(
    plans: "PlanLine", calling_on: "Calling", generation: str
):
    """A caller who reaches nobody leaves word on the file."""
    caller = calling_on(plans.line, "+32470000001").keys("1").keys("482193").keys("0").finds_nobody()
    caller.keys("2").leaves(4).is_let_go()
    plans.line.after(minutes=1)
    assert plans.effects()["office message"] == 1
    fits_the_contract(plans, generation)


def fits_the_contract(plans: "PlanLine", generation: str) -> None:
    contract = contract_of(generation)
    asked = [entry for entry in plans.tagor.journal() if entry["operation"] != "Login/Token"]
    assert len(asked) > 5
    for entry in asked:
        endpoint = contract[entry["operation"]]
        assert is_within(entry["fields"], endpoint.request), entry["operation"]
        assert set(endpoint.required) <= set(entry["fields"])
        assert entry["status"] == 200


def is_within(value: Any, kind: Any) -> bool:  # noqa: ANN401 - JSON and its kinds
    """Whether every name in a request is one of the contract's, and every value is of its kind."""
    if isinstance(kind, dict):
        known = isinstance(value, dict) and set(value) <= set(kind)
        return known and all(is_within(part, kind[name]) for name, part in value.items())
    if isinstance(kind, list):
        return isinstance(value, list) and all(is_within(row, kind[0]) for row in value)
    wanted = (int, float) if kind.startswith("number") else bool if kind.startswith("boolean") else str
    return isinstance(value, wanted)
