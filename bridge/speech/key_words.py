"""Finds the key behind words that mean the same at every menu: numbers, a person, again, slower, goodbye."""

import re
from collections.abc import Iterable, Mapping

from bridge.speech.understanding import key_meant, keys_meant, same_words

NUMBERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "nl": {
        "1": ("een", "één"),
        "2": ("twee",),
        "3": ("drie",),
        "4": ("vier",),
        "5": ("vijf",),
        "6": ("zes",),
        "7": ("zeven",),
        "8": ("acht",),
        "9": ("negen",),
        "0": ("nul",),
    },
    "fr": {
        "1": ("un", "une"),
        "2": ("deux",),
        "3": ("trois",),
        "4": ("quatre",),
        "5": ("cinq",),
        "6": ("six",),
        "7": ("sept",),
        "8": ("huit",),
        "9": ("neuf",),
        "0": ("zéro",),
    },
    "de": {
        "1": ("eins", "ein", "eine"),
        "2": ("zwei", "zwo"),
        "3": ("drei",),
        "4": ("vier",),
        "5": ("fünf",),
        "6": ("sechs",),
        "7": ("sieben",),
        "8": ("acht",),
        "9": ("neun",),
        "0": ("null",),
    },
    "en": {
        "1": ("one",),
        "2": ("two",),
        "3": ("three",),
        "4": ("four",),
        "5": ("five",),
        "6": ("six",),
        "7": ("seven",),
        "8": ("eight",),
        "9": ("nine",),
        "0": ("zero", "oh"),
    },
}
"""By language and key: how a caller says the digit."""

WISHES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "nl": {
        "0": ("medewerker", "medewerkster", "collega", "operator", "iemand spreken", "een persoon"),
        "*": ("herhaal", "herhalen", "opnieuw", "nog eens", "nog een keer", "ster", "sterretje"),
        "8": ("trager", "langzamer"),
        "9": ("tot ziens", "ophangen"),
    },
    "fr": {
        "0": (
            *("collaborateur", "collaboratrice", "collègue", "opérateur", "opératrice"),
            *("quelqu'un", "une personne"),
        ),
        "*": ("répète", "répéter", "répétez", "encore une fois", "étoile"),
        "8": ("plus lentement",),
        "9": ("au revoir", "raccrocher"),
    },
    "de": {
        "0": (
            *("Mitarbeiter", "Mitarbeiterin", "Kollege", "Kollegen", "Kollegin", "Operator"),
            *("jemanden sprechen", "eine Person"),
        ),
        "*": ("wiederholen", "noch einmal", "nochmal", "nochmals", "Stern", "Sternchen"),
        "8": ("langsamer",),
        "9": ("auf Wiederhören", "auf Wiedersehen", "auflegen"),
    },
    "en": {
        "0": ("operator", "agent", "colleague", "a person", "someone", "somebody"),
        "*": ("repeat", "again", "star", "asterisk"),
        "8": ("slower", "more slowly"),
        "9": ("goodbye", "hang up"),
    },
}
"""By language and key: what a caller says who wants a person, a repetition, slower speech, or the end."""

_AROUND_A_NUMBER = re.compile(
    r"\b(?:toets|(?:ik )?druk(?: op)?|(?:ik )?kies|keuze|nummer|optie|cijfer|de|alstublieft|graag|"
    r"touche|appuyez(?: sur)?|j'appuie(?: sur)?|je choisis|numéro|option|choix|le|la|s'il vous plaît|"
    r"Taste|Nummer|Option|Ziffer|drücken(?: Sie)?|ich (?:drücke|wähle)|die|bitte|"
    r"key|(?:I )?press|(?:I )?choose|number|digit|please)\b",
    re.IGNORECASE,
)


def key_spoken(utterance: str, language: str) -> str | None:
    """Return the key that a caller means by words which no menu gives; None when there is no such key.

    A number counts only where nothing else is said, except words such as "press", "option" or "please":
    "een" and "une" are articles, too. The other wishes count wherever their words occur.
    """
    bare = _AROUND_A_NUMBER.sub(" ", utterance).strip(" .,!?")
    if len(bare) == 1 and bare in "0123456789*":
        return bare
    for key, words in NUMBERS[language].items():
        if any(same_words(bare, word) for word in words):
            return key
    return key_meant(WISHES[language], utterance)


def is_part_of_wish(phrases: Iterable[str], utterance: str, language: str) -> bool:
    """Tell whether a menu's words are only a part of a wish that was said, as "more" is of "more slowly"."""
    wishes = (wish for words in WISHES[language].values() for wish in words)
    said = [wish for wish in wishes if keys_meant({"": (wish,)}, utterance)]
    parts = ((phrase, wish) for phrase in phrases for wish in said if not same_words(phrase, wish))
    return any(keys_meant({"": (phrase,)}, wish) for phrase, wish in parts)
