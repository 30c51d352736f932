"""Holds the words of the pages themselves in four languages, and finds the visitor's language."""

import tomllib
from collections.abc import Mapping, MutableMapping
from functools import cache
from pathlib import Path

from flask import request

from bridge.speech import LANGUAGES

Words = Mapping[str, Mapping[str, str]]
"""The words of one language, by page and name."""

NAMES = {"nl": "Nederlands", "fr": "Français", "de": "Deutsch", "en": "English"}
"""What each language calls itself."""

KEYS = frozenset("0123456789*#")
"""The keys of a telephone, whose exits are named by them."""

_FOLDER = Path(__file__).parent / "words"


@cache
def page_words(language: str) -> Words:
    """Return the words of the pages in one language."""
    files = _FOLDER / f"{language}.toml", _FOLDER / "flows" / f"{language}.toml"
    read = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return read[0] | read[1]


def visitors_language() -> str:
    """Return the language of the request: as its address says, else as the browser prefers."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def exit_words(way: str, words: Words) -> str | None:
    """Return the name of an exit in the language of `words`; None for one that has none there."""
    exits = words["exits"]
    key = way.removeprefix("key ")
    return f"{exits['key']} {key}" if key in KEYS else exits.get(way)


def step_words(place: str, words: Words, kind: str) -> str:
    """Return what an office calls the step `Flow.step`: its flow, and itself or at least its kind."""
    flow = words["flow_titles"].get(place.partition(".")[0])
    step = words["step_titles"].get(place) or words["kinds"].get(kind)
    return f"{flow}: {step}" if flow and step else place


def service_words(service: str, words: Words) -> str:
    """Return what an office calls a service: by a name of its own, else by the flow that offers it."""
    named = {flow.lower(): title for flow, title in words["flow_titles"].items()}
    return words["services"].get(service) or named.get(service, service)


def keep_language(endpoint: str, values: "MutableMapping[str, object]") -> None:
    """Let every address of a page ask for the language that was asked for here."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES and endpoint != "static":
        values.setdefault("lang", asked)
