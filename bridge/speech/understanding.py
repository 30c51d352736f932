"""Finds the menu key that a caller means who speaks instead of pressing a key."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import combinations, permutations

Words = Mapping[str, tuple[str, ...]]
"""By menu key: the words and phrases that stand for it."""

_MAX_HINT = 100  # twilio.com/docs/voice/twiml/gather, hints


KEY_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "nl": {"*": ("sterretje", "ster"), "#": ("hekje",)},
    "fr": {"*": ("étoile",), "#": ("dièse",)},
    "de": {"*": ("Sternchen", "Stern"), "#": ("Raute",)},
    "en": {"*": ("star",), "#": ("hash", "pound")},
}
"""By language: how people call the keys that are no digits."""

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"(?<![\w{])[0-9](?![\w}])")


def key_meant(words: Words, utterance: str) -> str | None:
    """Return the one key whose words occur in what was said; None when no key or more than one is meant."""
    meant = keys_meant(words, utterance)
    return meant[0] if len(meant) == 1 else None


def keys_meant(words: Words, utterance: str) -> list[str]:
    """Return every key whose words occur in what was said.

    Only whole words count; capitals, accents and punctuation make no difference.
    """
    heard = _padded(utterance)
    return [key for key, phrases in words.items() if any(_padded(phrase) in heard for phrase in phrases)]


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts are the same words; capitals, accents and punctuation make no difference."""
    return _padded(one) == _padded(other)


def key_named(sentence: str, language: str) -> str | None:
    """Return the key that the sentence of a menu key tells the caller to press; None when it names no key.

    It is the last digit that stands alone: a sentence names its purpose first, which may hold numbers too.
    """
    if numbers := _DIGIT.findall(sentence):
        return str(numbers[-1])
    said = _padded(sentence)
    names = KEY_NAMES[language]
    return next((key for key in names if any(_padded(name) in said for name in names[key])), None)


def misplaced_words(words: Words, sentences: Mapping[str, str]) -> Iterator[str]:
    """Yield the words that stand for one key but occur in the sentence of another key only.

    That is what remains when the keys of a menu change places and the words do not.
    """
    for (key, own), (other, sentence) in permutations(sentences.items(), 2):
        for phrase in words.get(key, ()):
            if _padded(phrase) in _padded(sentence) and _padded(phrase) not in _padded(own):
                yield f"for key {key} has {phrase!r}, which key {other} says: move it there"


def word_faults(words: Words) -> Iterator[str]:
    """Yield which words no recogniser hears or two keys share, each as the second half of a sentence."""
    pairs = [(key, phrase) for key, phrases in words.items() for phrase in phrases]
    for key, phrase in pairs:
        # A comma would end the hint: the recogniser gets all of them as one text.
        if not _padded(phrase).strip() or "," in phrase or len(phrase) > _MAX_HINT:
            yield f"for key {key} has {phrase!r}: use letters, no comma, at most {_MAX_HINT} signs"
    for (key, phrase), (other_key, other) in combinations(pairs, 2):
        shorter, longer = sorted((_padded(phrase), _padded(other)), key=len)
        if key != other_key and shorter.strip() and shorter in longer:
            yield f"for keys {key} and {other_key}, {phrase!r} and {other!r}, cannot be told apart"


def _padded(text: str) -> str:
    # NFKD takes the accent off its letter: recognisers write "één" and "een" for the same word.
    bare = unicodedata.normalize("NFKD", text.casefold())
    if not bare.isascii():
        bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    # With a blank at both ends, `in` finds whole words only.
    return f" {_BETWEEN_WORDS.sub(' ', bare).strip()} "
