"""Chooses voices: one is pinned for each language, and a second one stands by for the day it vanishes."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """A provider's voice and the locale it speaks; a wrong pair fails the whole prompt."""

    name: str
    locale: str


Table = Mapping[str, frozenset[str]]
"""The names of a provider's voices, by the locale they speak."""

Voices = Mapping[str, Voice]
"""The voice of each language, by `nl`, `fr`, `de` and `en`."""

PINNED: Voices = {
    "nl": Voice("Polly.Lisa-Neural", "nl-BE"),
    "fr": Voice("Polly.Isabelle-Neural", "fr-BE"),
    "de": Voice("Polly.Vicki-Neural", "de-DE"),
    "en": Voice("Polly.Amy-Neural", "en-GB"),
}
SECOND: Voices = {
    "nl": Voice("Google.nl-BE-Wavenet-C", "nl-BE"),
    "fr": Voice("Polly.Lea-Neural", "fr-FR"),
    "de": Voice("Polly.Daniel-Neural", "de-DE"),
    "en": Voice("Polly.Emma-Neural", "en-GB"),
}

_CHIRP_NAMES = ("Aoede", "Kore", "Leda", "Zephyr", "Charon", "Fenrir", "Orus", "Puck")
_CHIRP = tuple(f"Chirp3-HD-{name}" for name in _CHIRP_NAMES)


def _table(polly: Mapping[str, str], google: Mapping[str, tuple[str, ...]]) -> Table:
    named = {
        locale: {f"Polly.{name}" for name in polly[locale].split()}
        | {f"Google.{locale}-{name}" for name in google.get(locale, ())}
        for locale in polly
    }
    return {locale: frozenset(names) for locale, names in named.items()}


def _google(letters: str, *families: str) -> tuple[str, ...]:
    return tuple(f"{family}-{letter}" for family in families for letter in letters)


# https://www.twilio.com/docs/voice/twiml/say/text-speech
TWILIO: Table = _table(
    polly={
        "nl-BE": "Lisa-Neural",
        "nl-NL": "Lotte Ruben Laura-Neural",
        "fr-BE": "Isabelle-Neural",
        "fr-FR": "Celine Lea Mathieu Lea-Neural Remi-Neural Lea-Generative",
        "de-DE": "Marlene Vicki Hans Vicki-Neural Daniel-Neural Vicki-Generative Daniel-Generative",
        "en-GB": "Amy Emma Brian Amy-Neural Emma-Neural Brian-Neural Arthur-Neural Amy-Generative",
    },
    google={
        "nl-BE": _google("CD", "Standard", "Wavenet"),
        "nl-NL": _google("FG", "Standard", "Wavenet") + _CHIRP,
        "fr-FR": _google("FG", "Standard", "Wavenet", "Neural2") + _CHIRP,
        "de-DE": _google("GH", "Standard", "Wavenet", "Neural2") + _CHIRP,
        "en-GB": _google("NO", "Standard", "Wavenet", "Neural2") + _CHIRP,
    },
)


POLLY: Table = {
    locale: frozenset(name for name in names if name.startswith("Polly.") and "-Generative" not in name)
    for locale, names in TWILIO.items()
}
"""Amazon's voices alone, which other providers call by the same names."""


def named(table: Table, names: Mapping[str, str]) -> Voices:
    """Find the voices that an office file names by language, such as `nl = "Polly.Lisa-Neural"`.

    The provider's table says which locale a voice speaks. An unknown voice gets an empty locale, so that
    `choose` refuses it.
    """
    return {
        language: Voice(name, next((one for one in _locales(table, language) if name in table[one]), ""))
        for language, name in names.items()
    }


def voices_by_language(table: Table) -> dict[str, frozenset[str]]:
    """Return the names of the voices that a provider has for each of our languages, whatever their locale."""
    return {
        language: frozenset().union(*(table[locale] for locale in _locales(table, language)))
        for language in PINNED
    }


def choose(table: Table, chosen: Voices | None = None) -> Voices:
    """Give every language its voice: the one the office chose, else the pinned one.

    Raises:
        ValueError: with a sentence, for a language that is none of ours or a pair that the table lacks.
    """
    voices = {**PINNED, **(chosen or {})}
    if unknown := sorted(voices.keys() - PINNED.keys()):
        raise ValueError(f"voices: {unknown[0]!r} is not one of {', '.join(PINNED)}")
    for language, voice in voices.items():
        locales = _locales(table, language)
        # At the start, because a wrong pair would be found out by the provider, with a caller on the line.
        if voice.locale not in locales or voice.name not in table[voice.locale]:
            known = sorted(f"{name} ({locale})" for locale in locales for name in table[locale])
            raise ValueError(
                f"voices: {voice.name!r} ({voice.locale or 'no locale'}) is no voice for {language!r}; "
                f"the provider has {', '.join(known) or 'none'}"
            )
    return voices


def _locales(table: Table, language: str) -> list[str]:
    return sorted(locale for locale in table if locale.startswith(f"{language}-"))
