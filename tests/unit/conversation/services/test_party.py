"""What a caller hears and changes about themselves: little, only their own, and each mobile once."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bridge.conversation.decisions.commands import WriteCommand
from bridge.conversation.decisions.writes import had_no_effect
from bridge.flow.action_context import IdentifiedFile
from bridge.tagor import TagorRefused
from voice_flows.answers import KnownAddress, WriteResult

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.conftest import Inside
    from tests.unit.conversation.services.conftest import Acts

AN = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")
STRANGERS = [replace(AN, party=None), replace(AN, proof="house_number"), replace(AN, proof="caller_number")]
MOBILE = "+32472987654"


def test_an_address_is_its_street_and_one_figure(acts: "Acts"):
    """Its owner knows it by that; nobody else can use it."""
    assert acts().parties.address(AN) == KnownAddress("Hauptstraße", "2")


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", '"bus 3"'), ("number", '""'), ("street", '" "'), ("current_address", "false")],
)
def test_an_address_that_is_not_certain_is_not_told(acts: "Acts", tagor: "StandIn", field: str, value: str):
    """A box, an empty street, or an address of earlier."""
    tagor.fault("Party/GetAddresses", "replace_fields", names=[field], value=value)
    assert acts().parties.address(AN) is None


@pytest.mark.parametrize("file", STRANGERS)
def test_whoever_proved_no_party_hears_and_changes_nothing(acts: "Acts", line: "Line", file: IdentifiedFile):
    """Tagor is not even asked."""
    parties = acts().parties
    assert not parties.may_hear_address(file)
    assert not parties.may_register(file)
    assert parties.address(file) is None
    assert parties.register(file, MOBILE) == WriteResult("refused")
    assert line.asked("Party/") == []
    assert not acts().parties.has_mobile(replace(file, party=None), MOBILE)


def test_a_mobile_is_registered_once(acts: "Acts", tagor: "StandIn", line: "Line"):
    """Whatever is asked again, by the same confirmation or by another one."""
    assert acts().parties.register(AN, MOBILE).state == "done"
    assert acts().parties.register(AN, MOBILE).state == "done"
    assert acts(moves=2).parties.register(AN, MOBILE) == WriteResult("refused")
    assert acts().parties.has_mobile(AN, MOBILE)
    assert len(line.asked("AddContactDetail")) == 1
    [row] = tagor.state()["contacts"]
    assert (row["content"], row["type_id"]) == (MOBILE, "9000000000000000502")


@pytest.mark.parametrize("number", ["+3222000001", "+31612345678", "", "12"])
def test_only_a_belgian_mobile_is_one(acts: "Acts", number: str):
    """Nothing else gets a text."""
    assert acts().parties.mobile(number) is None
    assert acts().parties.register(AN, number) == WriteResult("refused")


REFUSED = WriteCommand("contact", AN.id, AN.party, address=MOBILE)
NO = TagorRefused("Party/AddContactDetail", "not allowed")


def test_a_refusal_counts_only_where_nothing_is_seen(inside: "Inside", tagor: "StandIn"):
    """A Tagor that says no and has done it all the same is unclear, and so is one that shows nothing."""
    asked = (inside.branch.tagor, REFUSED, NO, inside.clock)
    assert had_no_effect(*asked)
    tagor.fault("Party/GetContactDetails", "status", status=500, times=1)
    assert not had_no_effect(*asked)
    tagor.controls.contact(AN.party or "", "0472/98 76 54")
    assert not had_no_effect(*asked)
