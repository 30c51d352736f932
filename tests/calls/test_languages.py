"""Callers in four languages: known from Tagor, or chosen by key or by word."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling
    from tests.shared_line import Line

PEOPLE = {"nl": "+32470000001", "fr": "+32470000002", "de": "+32470000003", "en": "+32470000004"}
NAMES = {"nl": "Nederlands", "fr": "français", "de": "Deutsch", "en": "English"}
OFFICE = {
    "nl": "Gerechtsdeurwaarderskantoor De Proeve",
    "fr": "Étude d'huissiers de justice De Proeve",
    "de": "Gerichtsvollzieherkanzlei De Proeve",
    "en": "De Proeve Bailiffs",
}
BALANCE = {"nl": "saldo", "fr": "solde", "de": "Saldo", "en": "balance"}


@pytest.mark.parametrize("language", PEOPLE)
def test_a_known_number_is_answered_in_its_language(calling: "Calling", language: str):
    """The caller's own language is spoken from the first word on, and every language is one key away.

    The key of the language that is spoken is not told, and chooses it all the same.
    """
    caller = calling(PEOPLE[language], language=language).hears("Defendant.welcome", "Defendant.main")
    for other in PEOPLE:
        caller.chooses(other).hears("Defendant.main").chooses(other).hears("Defendant.main")


@pytest.mark.parametrize("language", PEOPLE)
def test_the_office_is_called_by_its_name_in_that_language(calling: "Calling", language: str):
    """An étude in French is no kantoor."""
    caller = calling(PEOPLE[language], language=language).hears("Defendant.welcome", "Defendant.main")
    assert caller.told["office"] == OFFICE[language]


def test_an_office_may_have_one_name_for_all_languages(
    open_line: "Callable[..., Line]", calling_on: "Calling"
):
    """As for the person who founded it."""
    line = open_line()
    file = line.offices / "demo.toml"
    others = [row for row in file.read_text("utf-8").splitlines() if not row.startswith("name.")]
    file.write_text("\n".join(['name = "Kantoor Claes"', *others]), "utf-8")
    line.start()
    for language, number in PEOPLE.items():
        caller = calling_on(line, number, language=language).hears("Defendant.welcome", "Defendant.main")
        assert caller.told["office"] == "Kantoor Claes"


@pytest.mark.parametrize("language", NAMES)
def test_languages_and_wishes_may_be_named(calling: "Calling", language: str):
    """A menu understands words in its language; the PIN is taken from the keypad only."""
    caller = calling("+32470000004", language="en").says(NAMES[language])
    caller.speaking(language).hears("Defendant.main").says(f"... {BALANCE[language]}!")
    caller.hears("ByPin.ask_pin").says("482193").hears("ByPin.ask_pin")
    assert "speech" not in caller.phone.listening["input"]


def test_words_that_mean_nothing_are_a_wrong_key_and_then_silence(calling: "Calling", line: "Line"):
    """The question is asked twice more, and then silence leads on."""
    caller = calling().says("euh").hears("Anytime.wrong", "Defendant.main").says("ik weet het niet")
    caller.hears("Anytime.silent", "Defendant.main").says("euh").hears("Colleague.connect")
    caller.reaches(line.switchboard)


@pytest.mark.parametrize(("words", "prompt"), [("een", "ByPin.ask_pin"), ("operator", "Colleague.connect")])
def test_a_number_or_a_wish_may_be_said_at_every_menu(calling: "Calling", words: str, prompt: str):
    """Also where the menu has other words of its own."""
    calling().says(words).hears(prompt)


@pytest.mark.parametrize("number", ["+32470999999", "+3225550002"])
def test_nobody_but_a_defendant_is_recognised(calling: "Calling", number: str):
    """An unknown number, and that of a French-speaking lawyer, hear the office's own language."""
    calling(number).hears("Defendant.welcome", "Defendant.main")


def test_an_office_of_two_languages_offers_two(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """A German-speaking debtor is answered in the office's language, and German is no choice."""
    line = open_line(office={'languages = ["nl", "fr", "de", "en"]': 'languages = ["nl", "fr"]'})
    off = frozenset({"Defendant.main.6", "Defendant.main.7"})
    caller = calling_on(line, PEOPLE["de"], off=off).hears("Defendant.welcome", "Defendant.main").keys("6")
    caller.hears("Anytime.wrong", "Defendant.main").chooses("fr").hears("Defendant.main")


def test_an_office_may_speak_french_first(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """Whoever is unknown is answered in the default language of the office file."""
    line = open_line(office={'default_language = "nl"': 'default_language = "fr"'})
    calling_on(line, "+32470999999", language="fr").hears("Defendant.welcome", "Defendant.main")
