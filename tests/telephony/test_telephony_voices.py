"""The voices: checked before the first call, because a wrong pair fails a prompt or the whole call."""

import pytest

from bridge.telephony import voices
from bridge.telephony.provider import TWILIO
from bridge.telephony.voices import PINNED, SECOND, Voice


def test_every_language_has_its_pinned_voice():
    """An office that chooses nothing speaks Belgian Dutch and French, German and English."""
    assert voices.choose(TWILIO.voices) == PINNED


def test_every_language_has_a_second_voice():
    """When a voice vanishes the whole table can be exchanged for its second choice."""
    assert voices.choose(TWILIO.voices, SECOND) == SECOND
    assert all(SECOND[language] != PINNED[language] for language in PINNED)


def test_an_office_may_choose_one_voice():
    """The office's choice replaces the pinned voice of that language only."""
    chosen = voices.choose(TWILIO.voices, {"nl": Voice("Google.nl-NL-Chirp3-HD-Kore", "nl-NL")})
    assert chosen == {**PINNED, "nl": Voice("Google.nl-NL-Chirp3-HD-Kore", "nl-NL")}


@pytest.mark.parametrize(
    ("language", "voice", "sentence"),
    [
        ("it", Voice("Polly.Carla", "it-IT"), "'it' is not one of nl, fr, de, en"),
        ("nl", Voice("Polly.Lisa-Neural", "nl-NL"), "'Polly.Lisa-Neural' does not speak nl-NL"),
        ("nl", Voice("Polly.Lisa", "nl-BE"), "the provider has Google.nl-BE-Standard-C, .*Polly.Lisa-Neural"),
        ("fr", Voice("Polly.Lisa-Neural", "nl-BE"), "nl-BE is no locale of 'fr'"),
        ("fr", Voice("Polly.Gabrielle-Neural", "fr-CA"), "the provider has no voice at all"),
    ],
)
def test_a_pair_outside_the_table_stops_the_start(language: str, voice: Voice, sentence: str):
    """The operator reads which voice is wrong and what there is instead."""
    with pytest.raises(ValueError, match=sentence):
        voices.choose(TWILIO.voices, {language: voice})


def test_a_provider_without_our_pinned_voices_stops_the_start():
    """Another provider's table must hold what would be spoken."""
    with pytest.raises(ValueError, match="does not speak nl-BE"):
        voices.choose({})
