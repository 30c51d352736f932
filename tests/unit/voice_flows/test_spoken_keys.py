"""Numbers and wishes said at every menu of every flow: each means its key, or a choice that names it."""

import pytest

import voice_flows
from bridge.flow.steps import Menu
from bridge.speech import LANGUAGES, Catalogue
from bridge.speech.key_words import NUMBERS, WISHES

CATALOGUE = Catalogue.load(voice_flows.PROMPTS)
MENUS = [
    f"{name}.{step}"
    for name, flow in voice_flows.CALL.flows.items()
    for step, kind in flow.steps.items()
    if isinstance(kind, Menu) and kind.spoken
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_or_a_wish_means_its_key_at_every_menu(language: str):
    """A menu may have a choice by the same words, such as a colleague; a part of a wish is no choice."""
    assert len(MENUS) > 10
    for menu in MENUS:
        own = CATALOGUE.prompts(language)[menu].words
        for key, words in [*NUMBERS[language].items(), *WISHES[language].items()]:
            for word in words:
                meant = CATALOGUE.key_for(menu, word, language)
                assert meant == key or word in own.get(str(meant), ()), (menu, word)
