"""Messages, documents and letters: only for whom they are, and only where the office switches them on."""

from typing import TYPE_CHECKING

import pytest

from bridge.flow.action_context import IdentifiedFile
from voice_flows.answers import WriteResult

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.services.conftest import Acts

FILE, PARTY = "9000000000000000001", "9000000000000001001"
AN = IdentifiedFile(FILE, "20230118", PARTY, "pin")
CERTIFICATE = "9000000000000000852"
NO_PARTY = IdentifiedFile(FILE, "20230118", None, "reference_pin")
NEIGHBOUR = IdentifiedFile(FILE, "20230118", PARTY, "house_number")


@pytest.mark.parametrize("who", [NO_PARTY, NEIGHBOUR])
def test_a_weak_proof_or_one_that_names_nobody_opens_nothing(
    acts: "Acts", tagor: "StandIn", line: "Line", who: IdentifiedFile
):
    """A neighbour who knows the house number reads no message and makes nobody write; Tagor is not asked."""
    message = tagor.controls.leave_message(FILE, PARTY, "Uw vraag", "Morgen.")
    service = acts().correspondence
    assert (service.unread(who), service.message(who, message)) == ((), None)
    assert (service.orderable(who, "nl"), service.order(who, CERTIFICATE)) == ((), WriteResult("refused"))
    assert line.asked("GetListFilter") + line.asked("GetRequestableDocuments") == []


def test_a_message_is_given_only_while_it_is_unread(acts: "Acts", tagor: "StandIn"):
    """Somebody may have read it since it was announced; an id of another message is none either."""
    message = tagor.controls.leave_message(FILE, PARTY, "Uw vraag", "Morgen.")
    other = tagor.controls.leave_message(FILE, "9000000000000001002", "Geheim", "Geheim.")
    found = acts().correspondence.message(AN, message)
    assert found is not None
    assert (found.subject, found.text) == ("Uw vraag", "Morgen.")
    assert acts().correspondence.message(AN, other) is None


def test_a_document_that_cannot_be_ordered_any_more_is_refused(acts: "Acts", line: "Line"):
    """It is looked up again when it is confirmed, and nothing is written down."""
    assert acts().correspondence.order(AN, "9000000000000000001") == WriteResult("refused")
    assert line.asked("Generate") == []
    assert acts(moves=2).correspondence.order(AN, CERTIFICATE).state == "done"
    assert [letter.name for letter in acts().correspondence.sent(AN)] == ["Betaalattest"]


CORRESPONDENCE = {"# correspondence = true": "correspondence = true"}


@pytest.mark.parametrize("office", [CORRESPONDENCE])
def test_correspondence_stands_among_the_letters_newest_first(acts: "Acts", tagor: "StandIn", line: "Line"):
    """By its first words; what has no day or no words is left out, and a weak proof hears of nothing."""
    acts(moves=2).correspondence.order(AN, CERTIFICATE)
    tagor.controls.leave_message(FILE, PARTY, "Uw vraag", "Wij antwoorden u morgen. " * 5)
    letters = acts().correspondence.sent(AN)
    assert [letter.name for letter in letters] == [
        "Betaalattest",
        "Webbericht: Wij antwoorden u morgen. Wij antwoorden u",
    ]
    asked = len(line.asked("GetCorrespondence"))
    assert acts().correspondence.sent(NEIGHBOUR) == ()
    assert len(line.asked("GetCorrespondence")) == asked
    for field in ("DatumInfo", "Omschrijving"):
        tagor.fault("Dossier/GetCorrespondence", "replace_fields", names=[field], value='""')
        assert [letter.name for letter in acts().correspondence.sent(AN)] == ["Betaalattest"]


@pytest.mark.parametrize(
    ("office", "letters", "documents"),
    [
        ({}, True, True),
        ({"sent = true ": "sent = false "}, False, True),
        ({'# switched_off = ["balance"]': 'switched_off = ["sentletters"]'}, False, True),
        ({'# switched_off = ["balance"]': 'switched_off = ["documents"]'}, True, False),
    ],
)
def test_an_office_leaves_out_letters_or_documents(acts: "Acts", *, letters: bool, documents: bool):
    """By its rules, or by the names of what is switched off, as it wrote them when each had a key."""
    service = acts().correspondence
    assert (service.tells_letters, service.offers_documents) == (letters, documents)


def test_names_are_in_the_callers_language(acts: "Acts"):
    """As far as Tagor has words for them."""
    names = [document.name for document in acts().correspondence.orderable(AN, "en")]
    assert names == ["File copy", "Payment certificate", "Statement of the debt"]
