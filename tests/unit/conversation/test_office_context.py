"""What an office's own file makes of the flows: keys left out, lengths, and words of its own."""

from typing import TYPE_CHECKING

import pytest

import voice_flows
from bridge.conversation.office_context import DOCUMENTS_PART, LETTERS_PART, rules_of, services_of, switchable
from bridge.office.model import Office
from bridge.office.services import MessageRules, Questions, SituationRules

if TYPE_CHECKING:
    from tests.unit.conversation.conftest import Inside

SAID_NEVER = "Defendant.announce"
"""What is off where nothing is announced."""


def offering_all(inside: "Inside") -> Office:
    """Give the demo's office with what its file leaves out: questions about a caller's means."""
    rules = SituationRules(questions=Questions(nl="9000000000000000861"))
    return inside.branch.office.model_copy(update={"situation": rules})


def test_what_a_menu_offers_can_be_switched_off():
    """Every flow that a key leads to, by its name."""
    assert {"balance", "office", "colleague"} <= services_of(voice_flows.CALL)


@pytest.mark.parametrize("service", sorted(services_of(voice_flows.CALL)))
def test_a_service_that_is_switched_off_is_offered_nowhere(inside: "Inside", service: str):
    """All keys that lead to it are gone, and no other."""
    office = offering_all(inside).model_copy(update={"switched_off": frozenset({service})})
    off = rules_of(office, voice_flows.CALL).off - {SAID_NEVER}
    assert off
    for place in off:
        flow, step, *key = place.split(".")
        steps = voice_flows.CALL.flows[flow].steps
        assert steps[steps[step].exits[key[0]] if key else step].flow.name.lower() == service


def test_letters_without_any_part_have_no_key(inside: "Inside"):
    """Whoever pressed it would hear nothing; one part that is left is enough."""
    for parts in ({"sentletters"}, {"documents"}, {"sentletters", "documents"}):
        office = offering_all(inside).model_copy(update={"switched_off": frozenset(parts)})
        off = rules_of(office, voice_flows.CALL).off
        assert {LETTERS_PART, DOCUMENTS_PART} & off
        assert ("More.choose.2" in off) == (len(parts) == 2)


def test_what_an_office_does_not_offer_cannot_be_switched_off_once_more(inside: "Inside"):
    """Neither what its file switches off, nor what it has no codes to send."""
    office = offering_all(inside)
    off = frozenset({"details"})
    assert switchable(office, voice_flows.CALL) == services_of(voice_flows.CALL)
    assert switchable(office.model_copy(update={"switched_off": off}), voice_flows.CALL) == (
        services_of(voice_flows.CALL) - off
    )
    silent = office.model_copy(update={"messages": MessageRules()})
    assert "post" not in switchable(silent, voice_flows.CALL)


def test_a_language_an_office_does_not_speak_has_no_key(inside: "Inside"):
    """Of four keys two are left."""
    office = offering_all(inside).model_copy(update={"languages": ("nl", "en")})
    assert rules_of(office, voice_flows.CALL).off == {"Defendant.main.5", "Defendant.main.6", SAID_NEVER}


def test_numbers_are_as_long_as_the_office_says(inside: "Inside"):
    """PIN, file number and reference."""
    assert inside.branch.rules.lengths == {"pin": (6, 6), "file": (1, 12), "reference": (1, 12)}


def test_an_office_gives_its_own_words_in_every_language(inside: "Inside"):
    """Name, address, hours and account, for any prompt that mentions them."""
    assert set(inside.branch.given) == {"nl", "fr", "de", "en"}
    for language, given in inside.branch.given.items():
        assert set(given) == set(voice_flows.CALL.root.given)
        assert given["address"][1] == inside.branch.office.address[language]
