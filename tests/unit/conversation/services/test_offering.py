"""What is offered: a value of Tagor's that Tagor itself would not take back is no candidate."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bridge.conversation.services.offering import hinted_files, mail_addresses, mobiles
from bridge.tagor import CallerHint, FileName, ProvenFile
from voice_flows.answers import Hint, HintedFile, OpenedFile

if TYPE_CHECKING:
    from tests.unit.conversation.conftest import Inside
    from tests.unit.conversation.services.conftest import Acts

ODD_NAMES = ["20230219(2)", "20230219|2", "2023:0219", "", " ", "(20230219", "2" * 41, "Dossier №5", "a\nb"]
ODD_IDS = ["", "x", "9 0", "-1", "9" * 21, "٣"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_whose_name_cannot_be_asked_is_no_candidate(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch, name: str
):
    """The others of the same party stay; nothing is counted for the one that is left out."""
    hint = CallerHint("18", "nl", (FileName("91", name), FileName("92", "20230118")))
    monkeypatch.setattr(inside.branch.tagor.callers, "by_number", lambda *_, **__: hint)
    assert acts().identification.by_caller_number("+32470000001") == Hint(
        "nl", (HintedFile("92", "20230118"),)
    )


@pytest.mark.parametrize("file", ODD_IDS)
def test_a_file_whose_id_cannot_be_asked_is_no_candidate(file: str):
    """Its number alone would open it, and then nothing could be told."""
    assert hinted_files(CallerHint("18", "nl", (FileName(file, "20230118"),))) == ()


def test_a_number_of_several_files_does_not_prove_the_one_that_is_left(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """Where the number alone is the proof, a file that is left out still counts as another file."""
    hint = CallerHint("18", "nl", (FileName("91", "20230219(2)"), FileName("92", "20230118")))
    monkeypatch.setattr(inside.branch.tagor.callers, "by_number", lambda *_, **__: hint)
    rules = inside.branch.office.identification.model_copy(update={"way": "caller_number"})
    office = inside.branch.office.model_copy(update={"identification": rules})
    service = acts(office_context=replace(inside.branch, office=office)).identification
    assert service.by_caller_number("+32470000001") == Hint("nl", ())


@pytest.mark.parametrize("party", [None, *ODD_IDS])
def test_a_party_that_cannot_be_asked_is_unknown(
    acts: "Acts", inside: "Inside", monkeypatch: pytest.MonkeyPatch, party: str | None
):
    """The caller is identified without a party then."""
    proven = ProvenFile("91", party)
    monkeypatch.setattr(inside.branch.tagor.callers, "by_pin", lambda *_, **__: proven)
    opened = acts().identification.by_pin("20230118", "482193", 1)
    assert opened == OpenedFile("91", "20230118", None)


@pytest.mark.parametrize(
    "address",
    [
        "an@example.be;jan@example.be",
        "Jan <a@b.be>",
        "an@exämple.be",
        "an.example.be",
        "",
        "a @b.be",
        "@b.be",
        "a@",
    ],
)
def test_a_mail_address_that_cannot_be_written_to_is_not_offered(address: str):
    """Neither is anything that is no address; the next one that is on file counts."""
    assert list(mail_addresses([address])) == []
    assert list(mail_addresses([address, "an@example.be"])) == ["an@example.be"]


def test_only_belgian_mobiles_get_texts():
    """A landline, a number abroad and what is no number get none."""
    told = ["+3292660001", "+33612345678", "geen", "", "0470 00 00 01"]
    assert list(mobiles(told)) == ["+32470000001"]
