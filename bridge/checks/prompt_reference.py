"""Writes the page of all prompts: where callers hear each, its values, and its words in every language."""

from collections.abc import Iterator, Mapping

from bridge.checks.markdown import page, table
from bridge.flow.graph import FlowGraph
from bridge.flow.steps import FlowTable
from bridge.flow.words import ANYTIME_PROMPTS, WHISPER_PROMPTS
from bridge.speech import LANGUAGES, Catalogue
from bridge.speech.prompts import Prompt
from bridge.web.flow_page import step_kind
from bridge.web.page_words import KEYS, NAMES, page_words

_BEGINNING = """\
What callers may hear, in the order of `voice_flows/prompts/<language>.toml`. A key such as `Balance.tell` is
a flow and a step of it; in a file it is the line `[Balance.tell]`. Its parts are `text`, what is said to
silence (`silent`) and to a wrong key (`wrong`), and the sentence of each key of a menu; `1, said` is what a
caller may say in place of pressing 1. Where `silent` or `wrong` is missing, the words of `Anytime` are said.
Names in braces are filled in and must stay. The [handbook](../handbook.md#change-a-word) says how a sentence
is changed."""

_KINDS = {
    "money": "an amount, in euros and cents",
    "date": "a day, with its month",
    "day": 'a day as in "on Monday" or "today"',
    "time": "a time of the day",
    "months": "a number of months, with the word",
    "count": "a number",
    "digits": "a number read sign by sign",
    "iban": "an account, in groups",
    "ogm": "a structured reference of a payment, in groups",
    "text": "a name or another text",
}
"""How a value of each kind is spoken."""
_ANYWHERE = "Said anywhere: it belongs to no step."
_WHISPERED = "Heard by whoever picks up a transfer, before the caller is connected."
_TOPIC = "Heard by whoever picks up: what the caller was about in this flow."


def prompts_page(flows: FlowGraph, catalogue: Catalogue) -> str:
    """Return the page of all prompts."""
    return page("Prompts", _parts(flows, catalogue))


def _parts(flows: FlowGraph, catalogue: Catalogue) -> Iterator[str]:
    titles = page_words("en")["flow_titles"]
    yield _BEGINNING
    yield table(("value", "spoken as"), [(f"`{kind}`", said) for kind, said in _KINDS.items()])
    kinds, above = flows.kinds(), ""
    for key, prompt in catalogue.prompts("en").items():
        name = key.partition(".")[0]
        if name != above:
            above = name
            yield f"## {name}"
            if name in flows.flows:
                yield f"{titles[name]}: [the flow](../flows/{name}.md)."
        yield f"### `{key}`"
        yield " ".join((_place(flows, key), *_values(prompt, kinds)))
        yield table(("part", *NAMES.values()), _rows(key, catalogue))


def _place(flows: FlowGraph, key: str) -> str:
    """Say where a caller is who hears this prompt."""
    if key in ANYTIME_PROMPTS:
        return _ANYWHERE
    if key in WHISPER_PROMPTS:
        return _WHISPERED
    flow, _, step = key.partition(".")
    if step not in flows.flows[flow].steps:
        return _TOPIC
    ways = _ways_to(flows.flows[flow], step)
    return f"Step `{step}` (`{step_kind(flows, key)}`), {', '.join(ways)}."


def _ways_to(flow: FlowTable, step: str) -> Iterator[str]:
    """Say how the flow comes to a step: by the exits that lead to it."""
    if step == flow.first:
        yield "with which the flow begins"
    for name, before in flow.steps.items():
        exits = [way for way, target in before.exits.items() if target == step]
        named = [f"key {way}" if way in KEYS else f"`{way}`" for way in exits if way != "then"]
        if exits:
            yield f"after `{name}`" + (f" ({', '.join(named)})" if named else "")
    keys = [key for key, target in flow.anytime.items() if target == step]
    if keys:
        yield f"by key {' or '.join(keys)} at every question"


def _values(prompt: Prompt, kinds: Mapping[str, str]) -> Iterator[str]:
    """Say what is filled in, and how each value is spoken."""
    if prompt.placeholders:
        yield (
            "Filled in: "
            + ", ".join(f"`{{{one}}}` ({kinds[one]})" for one in sorted(prompt.placeholders))
            + "."
        )


def _rows(key: str, catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    """Yield the words of each part, by language."""
    told = {language: _words(catalogue.prompts(language)[key]) for language in LANGUAGES}
    for part in dict.fromkeys(part for words in told.values() for part in words):
        yield (f"`{part}`", *(_plain(told[language].get(part, "")) for language in NAMES))


def _words(prompt: Prompt) -> dict[str, str]:
    """Return the words of a prompt by part, those of plural forms and of speech beside their part."""
    words = {
        part: sentence.text
        for part, sentence in prompt.parts.items()
        if not (part == "text" and prompt.plurals)
    }
    words |= {f"text.{form}": sentence.text for form, sentence in prompt.plurals.items()}
    return words | {f"{part}, said": ", ".join(said) for part, said in prompt.words.items()}


def _plain(text: str) -> str:
    """Keep signs that mean something in Markdown as they are."""
    return "".join(f"\\{sign}" if sign in "*_`[]<\\$" else sign for sign in text)
