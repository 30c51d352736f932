"""What a caller hears and changes about themselves: little, only their own, and each mobile once."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.at_most_once.writes import had_no_effect
from bridge.flow.action_context import IdentifiedFile
from bridge.office.services import OtherFileRules
from bridge.tagor import TagorRefused
from voice_flows.answers import KnownAddress, OpenedFile, WriteResult

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


# Other files

LUC = IdentifiedFile("9000000000000000005", "20230522", "9000000000000001005", "pin")
OTHERS = ["20230523", "20230524", "20230525"]
BELOW = {"TDOS_Id_Sub": "9000000000000000001", "Dossiernaam": "20230118"}


def test_the_other_files_of_a_party_are_told_by_their_numbers(acts: "Acts"):
    """Not the one that is open already."""
    assert acts().parties.other_files(LUC) == OTHERS
    assert acts().parties.other_files(AN) == []


@pytest.mark.parametrize("party", [LUC.party, AN.party])
def test_a_file_below_is_told_where_the_party_is_on_it(acts: "Acts", tagor: "StandIn", party: str):
    """It may be somebody else's; and one without an id cannot be asked about."""
    tagor.controls.add_row("TDOSDOSWeb", LUC.id, BELOW)
    tagor.controls.add_row("TDOSDOSWeb", LUC.id, {"TDOS_Id_Sub": "no id", "Dossiernaam": "20230999"})
    told = acts().parties.other_files(replace(LUC, party=party, number="1"))
    assert ("20230118" in told) is (party == AN.party)
    assert "20230999" not in told


def test_what_tagor_does_not_tell_of_files_below_costs_those_only(acts: "Acts", tagor: "StandIn"):
    """The party's own files are told all the same."""
    tagor.fault("Dossier/GetSub", "status", status=500)
    assert acts().parties.other_files(LUC) == OTHERS


def test_a_number_that_nobody_could_be_asked_about_is_not_told(acts: "Acts", tagor: "StandIn"):
    """It could not be opened."""
    tagor.fault("Dossier/GetByDefendant", "replace_fields", names=["file_name"], value='"a|b"')
    assert acts().parties.other_files(LUC) == []


@pytest.mark.parametrize("file", [*STRANGERS, replace(LUC, proof="reference_pin")])
def test_only_a_pin_that_names_the_party_tells_of_other_files(
    acts: "Acts", line: "Line", file: IdentifiedFile
):
    """Tagor is not even asked, and nothing opens."""
    assert acts().parties.other_files(file) == []
    assert acts().parties.open_without_pin(file, OTHERS[0]) is None
    assert line.asked("GetByDefendant") == []


def test_without_a_signature_nothing_opens_without_its_pin(acts: "Acts", line: "Line"):
    """The demo's office has not signed."""
    assert not acts().parties.opens_without_pin
    assert acts().parties.open_without_pin(LUC, OTHERS[0]) is None
    assert line.asked("GetByDefendant") == []


def test_a_signature_opens_the_partys_own_files_only(acts: "Acts", inside: "Inside"):
    """The party is the same, and Tagor says so once more."""
    office = inside.branch.office
    signed = office.model_copy(update={"other_files": OtherFileRules.model_construct(told=True, open=True)})
    parties = acts(office_context=replace(inside.branch, office=signed)).parties
    assert parties.open_without_pin(LUC, OTHERS[0]) == OpenedFile("9000000000000000051", OTHERS[0], LUC.party)
    assert parties.open_without_pin(LUC, AN.number) is None
    assert parties.open_without_pin(LUC, LUC.number) is None
