"""Which defendant calls behind a reference: whom Tagor names for certain, nobody by a house number."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES
from bridge.store.pin_attempts import PinLimits
from bridge.tagor import ProvenFile
from bridge.tagor.operations.parties import PartyInfo
from voice_flows.answers import OpenedFile

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.conftest import Inside
    from tests.unit.conversation.services.conftest import Acts

AN = next(case for case in CASES if case.name == "An Peeters")
DIRK = next(case for case in CASES if case.name == "Dirk Willems")
GRIET, JEAN = DIRK.before
OPENED = OpenedFile(DIRK.file_id, DIRK.file, DIRK.party_id, 3)
NOBODY = replace(OPENED, party=None)


@pytest.mark.parametrize(
    ("missing", "known"),
    [
        ("TagorService/GetDosInfo", OpenedFile(AN.file_id, AN.reference, AN.party_id)),
        ("Dossier/GetParties", OpenedFile(AN.file_id, AN.file, None)),
        ("Code/GetList", OpenedFile(AN.file_id, AN.file, None)),
    ],
)
@pytest.mark.parametrize("fault", ["reset_before", "html", "empty"])
def test_what_tagor_does_not_tell_costs_its_own_part_only(
    acts: "Acts", inside: "Inside", tagor: "StandIn", *, missing: str, known: OpenedFile, fault: str
):
    """The caller is identified all the same, and the attempt has its verdict."""
    tagor.fault(missing, fault, times=None)
    assert acts().identification.by_reference(AN.reference, AN.pin, 0) == known
    assert acts().identification.by_reference(AN.reference, "000000", 0) == "wrong"
    limits, office = PinLimits(), inside.branch.office.key
    left = inside.books.pin_attempts.count_attempts
    counted = [left(office, [AN.file_id], caller=None, named=True, now=inside.clock.now()) for _ in range(6)]
    assert sum(hasattr(one, "id") for [one] in counted) == limits.file_day - 1


@pytest.mark.parametrize("named", ["", "20230728:1", "x" * 50])
def test_a_number_that_tagor_would_not_take_back_is_not_told(acts: "Acts", tagor: "StandIn", named: str):
    """The caller hears the reference that they keyed in."""
    tagor.fault("TagorService/GetDosInfo", "replace_fields", names=["Dossiernaam"], value=f'"{named}"')
    opened = acts().identification.by_reference(AN.reference, AN.pin, 0)
    assert opened == OpenedFile(AN.file_id, AN.reference, AN.party_id)


def test_a_file_with_more_defendants_than_tagor_counted_names_none(
    acts: "Acts", monkeypatch: pytest.MonkeyPatch
):
    """Its two answers disagree, so it is not certain whose PIN it was; nor is it without any defendant."""
    on_file = PartyInfo.on_file
    for many in (0, 2):
        monkeypatch.setattr(
            PartyInfo, "on_file", lambda *what, many=many, **more: on_file(*what, **more)[:1] * many
        )
        assert acts().identification.by_reference(AN.reference, AN.pin, 0) == OpenedFile(
            AN.file_id, AN.file, None
        )


@pytest.mark.parametrize(
    ("pin", "party"), [(DIRK.pin, DIRK.party_id), (GRIET.pin, GRIET.party_id), (JEAN.pin, JEAN.party_id)]
)
def test_of_several_the_pin_says_who_is_calling(acts: "Acts", pin: str, party: str):
    """Each defendant's own."""
    assert acts().identification.by_reference(DIRK.reference, pin, 0) == replace(OPENED, party=party)


@pytest.mark.parametrize(
    "found",
    [
        None,
        ProvenFile(AN.file_id, DIRK.party_id),
        ProvenFile(DIRK.file_id, "x"),
        ProvenFile(DIRK.file_id, None),
    ],
)
def test_of_several_nobody_is_named_where_tagor_knows_files_otherwise(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch, found: ProvenFile | None
):
    """A number may mean another file there (parameter 590), or the PIN no party."""
    monkeypatch.setattr(inside.branch.tagor.callers, "by_pin", lambda *_, **__: found)
    assert acts().identification.by_reference(DIRK.reference, DIRK.pin, 0) == NOBODY


@pytest.mark.parametrize(
    ("house_number", "opened"), [(DIRK.house_number, OPENED), (GRIET.house_number, NOBODY), ("99", None)]
)
def test_a_house_number_chooses_and_proves_nothing(
    acts: "Acts", house_number: str, opened: OpenedFile | None
):
    """The caller's own keeps the party, another defendant's opens the file only, nobody's opens nothing."""
    assert acts().identification.by_residence(OPENED, house_number) == opened


def test_a_house_number_names_nobody_whom_the_pin_did_not_name(acts: "Acts", tagor: "StandIn", line: "Line"):
    """Tagor is not even asked who lives there; nor does it name anybody without a list of the parties."""
    assert acts().identification.by_residence(NOBODY, DIRK.house_number) == NOBODY
    assert line.asked("GetParties") == []
    tagor.fault("Dossier/GetParties", "html")
    assert acts().identification.by_residence(OPENED, DIRK.house_number) == NOBODY
