"""Lists which voices speak which language, and which languages are understood.

Sources: twilio.com/docs/voice/twiml/say/text-speech and twilio.com/docs/voice/twiml/gather.
"""

from collections.abc import Mapping

_CHIRP = ("Aoede", "Kore", "Leda", "Zephyr", "Charon", "Fenrir", "Orus", "Puck")


def _polly(names: str) -> set[str]:
    return {f"Polly.{name}" for name in names.split()}


def _google(language: str, kinds: str, letters: str) -> set[str]:
    return {f"Google.{language}-{kind}-{letter}" for kind in kinds.split() for letter in letters}


def _chirp(language: str) -> set[str]:
    return {f"Google.{language}-Chirp3-HD-{name}" for name in _CHIRP}


_EVERY = "Standard Wavenet Neural2"

TWILIO_VOICES: Mapping[str, frozenset[str]] = {
    # Twilio's page no longer has Google's voices A and B for nl-BE, though its packages still list them.
    "nl-BE": frozenset(_polly("Lisa-Neural") | _google("nl-BE", "Standard Wavenet", "CD")),
    "nl-NL": frozenset(
        _polly("Lotte Ruben Laura-Neural") | _google("nl-NL", "Standard Wavenet", "FG") | _chirp("nl-NL")
    ),
    "fr-BE": frozenset(_polly("Isabelle-Neural")),
    "fr-FR": frozenset(
        _polly("Celine Lea Mathieu Lea-Neural Remi-Neural Lea-Generative Rémi-Generative")
        | _google("fr-FR", _EVERY, "FG")
        | _chirp("fr-FR")
    ),
    "de-DE": frozenset(
        _polly("Marlene Vicki Hans Vicki-Neural Daniel-Neural Vicki-Generative Daniel-Generative")
        | _google("de-DE", _EVERY, "GH")
        | _chirp("de-DE")
    ),
    "en-GB": frozenset(
        _polly("Amy Emma Brian Amy-Neural Emma-Neural Brian-Neural Arthur-Neural Amy-Generative")
        | _google("en-GB", _EVERY, "NO")
        | _chirp("en-GB")
    ),
}
"""Language -> the names a Say may carry with it."""

_AMAZON: Mapping[str, frozenset[str]] = {
    language: frozenset(name for name in names if name.startswith("Polly.") and "Generative" not in name)
    for language, names in TWILIO_VOICES.items()
}
_AZURE: Mapping[str, set[str]] = {
    language: {f"Azure.{language}-{name}Neural" for name in names.split()}
    for language, names in {
        "nl-BE": "Arnaud Dena",
        "nl-NL": "Colette Fenna Maarten",
        "fr-BE": "Charline Gerard",
        "fr-FR": "Denise Henri",
        "de-DE": "Amala Conrad Katja",
        "en-GB": "Libby Ryan Sonia",
    }.items()
}


def _is_gcloud(name: str) -> bool:
    return name.startswith("Google.") and "Chirp" not in name


_TELNYX_OWN = {"fr-FR": {"Telnyx.NaturalHD.amarante"}, "en-GB": {"Telnyx.KokoroTTS.bf_emma"}}

SIGNALWIRE_VOICES: Mapping[str, frozenset[str]] = {
    language: names
    | {f"gcloud{name.removeprefix('Google')}" for name in TWILIO_VOICES[language] if _is_gcloud(name)}
    for language, names in _AMAZON.items()
}
"""developer.signalwire.com/compatibility-api/xml/voice/say: Amazon's as at Twilio, Google's as `gcloud.`."""
TELNYX_VOICES: Mapping[str, frozenset[str]] = {
    language: names | {f"AWS.{name}" for name in names} | _AZURE[language] | _TELNYX_OWN.get(language, set())
    for language, names in _AMAZON.items()
}
"""developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/say, and docs/voice/tts/providers."""
SOMLENG_VOICES: Mapping[str, frozenset[str]] = {
    language: names | _AZURE[language] for language, names in _AMAZON.items()
}
"""somleng/tts_voices: Amazon's standard and neural voices, and Microsoft's."""

_GENERIC = {"", "default", "numbers_and_commands"}
_EXPERIMENTAL = {"experimental_conversations", "experimental_utterances"}
_GOOGLE = {f"googlev2_{kind}" for kind in ("long", "short", "telephony", "telephony_short")}
_DEEPGRAM = {"deepgram_nova-2", "deepgram_nova-3"}
_COMMON = _GENERIC | _GOOGLE | _DEEPGRAM

TWILIO_LISTENING: Mapping[str, frozenset[str]] = {
    "nl-BE": frozenset(_COMMON),
    "nl-NL": frozenset(_COMMON | _EXPERIMENTAL),
    "fr-FR": frozenset(_COMMON | _EXPERIMENTAL | {"phone_call"}),
    "de-DE": frozenset(_COMMON | _EXPERIMENTAL),
    "en-GB": frozenset(_COMMON | _EXPERIMENTAL | {"phone_call"}),
}
"""Language -> the speech models that know it; "" is the provider's own choice. fr-BE is not understood."""
