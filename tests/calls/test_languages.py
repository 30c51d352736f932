"""Callers in four languages: known from Tagor, or chosen by key or by word."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling
    from tests.conftest import Line

PEOPLE = {"nl": "+32470000001", "fr": "+32470000002", "de": "+32470000003", "en": "+32470000004"}
KEYS = {"nl": "1", "fr": "2", "de": "3", "en": "4"}
NAMES = {"nl": "Nederlands", "fr": "français", "de": "Deutsch", "en": "English"}
BALANCE = {"nl": "saldo", "fr": "solde", "de": "Saldo", "en": "balance"}


@pytest.mark.parametrize("language", PEOPLE)
def test_a_known_number_is_answered_in_its_language(calling: "Calling", language: str):
    """From the first word on."""
    calling(PEOPLE[language], language=language).hears("Defendant.welcome", "Defendant.main")


@pytest.mark.parametrize("other", PEOPLE)
@pytest.mark.parametrize("language", PEOPLE)
def test_any_language_is_a_key_away(calling: "Calling", language: str, other: str):
    """From each language to each."""
    caller = calling(PEOPLE[language], language=language).keys("3").hears("Defendant.language")
    caller.keys(KEYS[other]).speaking(other).hears("Defendant.main").keys("1").hears("ByPin.ask_pin")


@pytest.mark.parametrize("language", NAMES)
def test_a_language_may_be_named(calling: "Calling", language: str):
    """In its own word."""
    caller = calling("+32470000004", language="en").keys("3").says(NAMES[language])
    caller.speaking(language).hears("Defendant.main")


@pytest.mark.parametrize("language", BALANCE)
def test_a_wish_may_be_spoken(calling: "Calling", language: str):
    """Menus take words where the provider hears them; the PIN is keypad only."""
    caller = calling(PEOPLE[language], language=language).says(f"... {BALANCE[language]}!")
    caller.hears("ByPin.ask_pin").says("482193").hears("ByPin.ask_pin")
    assert "speech" not in caller.phone.listening["input"]


def test_words_that_mean_nothing_are_a_wrong_key(calling: "Calling", line: "Line"):
    """Asked once more, then a person."""
    caller = calling().says("euh").hears("Anytime.wrong", "Defendant.main").says("ik weet het niet")
    caller.hears("Colleague.connect").reaches(line.switchboard)


def test_nobody_is_recognised_by_an_unknown_number(calling: "Calling"):
    """The office's own language, and the same words."""
    calling("+32470999999").hears("Defendant.welcome", "Defendant.main")


def test_a_client_of_the_office_is_no_defendant(calling: "Calling"):
    """A lawyer who is French-speaking in Tagor is a stranger to this line."""
    calling("+3225550002").hears("Defendant.welcome", "Defendant.main")


def test_an_office_of_two_languages_offers_two(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """A German-speaking debtor is answered in the office's language, and German is no choice."""
    line = open_line(office={'languages = ["nl", "fr", "de", "en"]': 'languages = ["nl", "fr"]'})
    off = frozenset({"Defendant.language.3", "Defendant.language.4"})
    caller = calling_on(line, PEOPLE["de"], off=off).hears("Defendant.welcome", "Defendant.main").keys("3")
    caller.hears("Defendant.language").keys("3").hears("Anytime.wrong", "Defendant.language")
    caller.keys("2").speaking("fr").hears("Defendant.main")


def test_an_office_may_speak_french_first(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """Whoever is unknown is answered in the default language of the office file."""
    line = open_line(office={'default_language = "nl"': 'default_language = "fr"'})
    calling_on(line, "+32470999999", language="fr").hears("Defendant.welcome", "Defendant.main")
