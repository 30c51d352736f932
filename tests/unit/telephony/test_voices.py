"""The voices: checked before the first call, because a wrong pair fails a prompt or the whole call."""

import pytest

from bridge.telephony import voices
from bridge.telephony.providers import PROVIDERS, SIGNALWIRE, SOMLENG, TELNYX, TWILIO
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
        ("nl", Voice("Polly.Lisa-Neural", "nl-NL"), r"'Polly.Lisa-Neural' \(nl-NL\) is no voice for 'nl'"),
        (
            "nl",
            Voice("Polly.Lisa", "nl-BE"),
            r"provider has Google.nl-BE-Standard-C \(nl-BE\), .*Lisa-Neural",
        ),
        ("fr", Voice("Polly.Lisa-Neural", "nl-BE"), "is no voice for 'fr'"),
        ("fr", Voice("Polly.Gabrielle-Neural", "fr-CA"), r"\(fr-CA\) is no voice for 'fr'"),
    ],
)
def test_a_pair_outside_the_table_stops_the_start(language: str, voice: Voice, sentence: str):
    """The operator reads which voice is wrong and what there is instead."""
    with pytest.raises(ValueError, match=sentence):
        voices.choose(TWILIO.voices, {language: voice})


def test_a_provider_without_our_pinned_voices_stops_the_start():
    """Another provider's table must hold what would be spoken."""
    with pytest.raises(ValueError, match="is no voice for 'nl'; the provider has none"):
        voices.choose({})


def test_an_office_names_a_voice_and_the_table_its_locale():
    """Office people write a name; that it speaks fr-FR, not fr-BE, the table knows."""
    names = {"fr": "Polly.Lea-Neural", "nl": "Polly.Laura-Neural"}
    found = voices.named(TWILIO.voices, names)
    assert found == {"fr": Voice("Polly.Lea-Neural", "fr-FR"), "nl": Voice("Polly.Laura-Neural", "nl-NL")}
    assert voices.choose(TWILIO.voices, found) == {**PINNED, **found}


def test_a_name_that_no_voice_has_stops_the_start():
    """A misspelt voice is found with the sentence that lists the right ones."""
    with pytest.raises(
        ValueError, match=r"'Polly.Lise' \(no locale\) is no voice for 'nl'; .*Polly.Lisa-Neural"
    ):
        voices.choose(TWILIO.voices, voices.named(TWILIO.voices, {"nl": "Polly.Lise"}))


def test_every_language_lists_the_voices_of_all_its_locales():
    """`bridge check` looks an office's voice up in this list."""
    listed = voices.voices_by_language(TWILIO.voices)
    assert set(listed) == set(PINNED)
    assert {"Polly.Lisa-Neural", "Google.nl-NL-Chirp3-HD-Kore"} <= listed["nl"]


@pytest.mark.parametrize(
    ("provider", "names"),
    [
        ("signalwire", {"nl": "gcloud.nl-BE-Wavenet-C", "fr": "Polly.Lea-Neural"}),
        ("telnyx", {"nl": "Azure.nl-BE-DenaNeural", "fr": "Telnyx.NaturalHD.amarante"}),
        ("telnyx", {"de": "AWS.Polly.Vicki-Neural", "en": "Telnyx.KokoroTTS.bf_emma"}),
        ("somleng", {"nl": "Azure.nl-BE-ArnaudNeural", "en": "Polly.Brian"}),
    ],
)
def test_each_provider_has_voices_under_names_of_its_own(provider: str, names: dict[str, str]):
    """An office writes the name as that provider's documentation does, and its locale is known."""
    table = PROVIDERS[provider].voices
    chosen = voices.choose(table, voices.named(table, names))
    assert {language: chosen[language].name for language in names} == names


@pytest.mark.parametrize(
    ("table", "name"),
    [
        (SIGNALWIRE.voices, "Google.nl-BE-Wavenet-C"),
        (SIGNALWIRE.voices, "Azure.nl-BE-DenaNeural"),
        (TELNYX.voices, "gcloud.nl-BE-Wavenet-C"),
        (SOMLENG.voices, "AWS.Polly.Lisa-Neural"),
        (TWILIO.voices, "Azure.nl-BE-DenaNeural"),
    ],
)
def test_a_name_of_another_provider_stops_the_start(table: voices.Table, name: str):
    """The same voice is called otherwise there, and the provider would speak with another, or not at all."""
    with pytest.raises(ValueError, match="is no voice for 'nl'"):
        voices.choose(table, voices.named(table, {"nl": name}))
