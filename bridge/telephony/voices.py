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

Names = Mapping[str, tuple[str, ...]]
"""What a maker of voices calls them, by locale."""

# https://docs.aws.amazon.com/polly/latest/dg/available-voices.html (standard and neural)
AMAZON: Names = {
    "nl-BE": ("Lisa-Neural",),
    "nl-NL": ("Lotte", "Ruben", "Laura-Neural"),
    "fr-BE": ("Isabelle-Neural",),
    "fr-FR": ("Celine", "Lea", "Mathieu", "Lea-Neural", "Remi-Neural"),
    "de-DE": ("Marlene", "Vicki", "Hans", "Vicki-Neural", "Daniel-Neural"),
    "en-GB": ("Amy", "Emma", "Brian", "Amy-Neural", "Emma-Neural", "Brian-Neural", "Arthur-Neural"),
}


def _google(locale: str, letters: str, *families: str) -> tuple[str, ...]:
    return tuple(f"{locale}-{family}-{letter}" for family in families for letter in letters)


# https://cloud.google.com/text-to-speech/docs/list-voices-and-types
GOOGLE: Names = {
    "nl-BE": _google("nl-BE", "CD", "Standard", "Wavenet"),
    "nl-NL": _google("nl-NL", "FG", "Standard", "Wavenet"),
    "fr-FR": _google("fr-FR", "FG", "Standard", "Wavenet", "Neural2"),
    "de-DE": _google("de-DE", "GH", "Standard", "Wavenet", "Neural2"),
    "en-GB": _google("en-GB", "NO", "Standard", "Wavenet", "Neural2"),
}
_CHIRP_NAMES = ("Aoede", "Kore", "Leda", "Zephyr", "Charon", "Fenrir", "Orus", "Puck")
_CHIRP: Names = {
    locale: tuple(f"{locale}-Chirp3-HD-{name}" for name in _CHIRP_NAMES)
    for locale in ("nl-NL", "fr-FR", "de-DE", "en-GB")
}

# https://learn.microsoft.com/azure/ai-services/speech-service/language-support?tabs=tts
MICROSOFT: Names = {
    "nl-BE": ("nl-BE-DenaNeural", "nl-BE-ArnaudNeural"),
    "nl-NL": ("nl-NL-FennaNeural", "nl-NL-MaartenNeural", "nl-NL-ColetteNeural"),
    "fr-BE": ("fr-BE-CharlineNeural", "fr-BE-GerardNeural"),
    "fr-FR": ("fr-FR-DeniseNeural", "fr-FR-HenriNeural"),
    "de-DE": ("de-DE-KatjaNeural", "de-DE-ConradNeural", "de-DE-AmalaNeural"),
    "en-GB": ("en-GB-SoniaNeural", "en-GB-RyanNeural", "en-GB-LibbyNeural"),
}


def table(*makers: tuple[str, Names]) -> Table:
    """Make a provider's table of the (prefix, names) under which it offers the voices of each maker."""
    locales = sorted({locale for _, names in makers for locale in names})
    return {
        locale: frozenset(prefix + name for prefix, names in makers for name in names.get(locale, ()))
        for locale in locales
    }


# https://www.twilio.com/docs/voice/twiml/say/text-speech
TWILIO = table(
    ("Polly.", AMAZON),
    (
        "Polly.",
        {
            "fr-FR": ("Lea-Generative",),
            "de-DE": ("Vicki-Generative", "Daniel-Generative"),
            "en-GB": ("Amy-Generative",),
        },
    ),
    ("Google.", GOOGLE),
    ("Google.", _CHIRP),
)
# https://developer.signalwire.com/compatibility-api/xml/voice/say
SIGNALWIRE = table(("Polly.", AMAZON), ("gcloud.", GOOGLE))
# https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/say; of its own voices those
# whose language docs/voice/tts/providers/telnyx tells; none of them speaks Dutch or German.
TELNYX = table(
    ("Polly.", AMAZON),
    ("AWS.Polly.", AMAZON),
    ("Azure.", MICROSOFT),
    ("Telnyx.", {"fr-FR": ("NaturalHD.amarante",), "en-GB": ("KokoroTTS.bf_emma",)}),
)
# https://github.com/somleng/tts_voices, which its switch asks; Microsoft's are new there.
SOMLENG = table(("Polly.", AMAZON), ("Azure.", MICROSOFT))


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
