"""Makes prompts of the tables of one prompt file, and notes every mistake with its line."""

from collections.abc import Mapping

from bridge.problem import Problem
from bridge.speech.languages import LANGUAGES, plural_categories
from bridge.speech.problems import listed, nearest
from bridge.speech.prompt_file import PromptFile
from bridge.speech.prompts import KEYS, Prompt
from bridge.speech.understanding import key_named, misplaced_words, word_faults
from bridge.speech.wording import Sentence, faults

_FIELDS = frozenset({"text", "count", "silent", "wrong", "words", "private", "because"})


def read_prompts(source: PromptFile, problems: list[Problem]) -> Mapping[str, Prompt]:
    """Make a prompt of every `[Flow.step]` table; one with mistakes is made too, so that all are compared."""
    prompts = {}
    for flow, steps in source.tables.items():
        if not isinstance(steps, dict):
            sentence = f"{flow} stands outside a prompt: begin with a line like [Balance.tell]"
            problems.append(Problem(source.name, source.line("", flow), sentence))
            continue
        for step, table in steps.items():
            key = f"{flow}.{step}"
            if isinstance(table, dict):
                prompts[key] = _Table(source, key, table, problems).prompt()
            else:
                sentence = f"[{flow}] {step}: a prompt is named by flow and step, as in [{flow}.tell]"
                problems.append(Problem(source.name, source.line(flow, step), sentence))
    return prompts


class _Table:
    """Reads one table field by field; a broken field becomes an empty one, and its mistake is noted."""

    def __init__(
        self, source: PromptFile, key: str, table: Mapping[str, object], problems: list[Problem]
    ) -> None:
        self._source = source
        self._key = key
        self._table = table
        self._problems = problems

    def prompt(self) -> Prompt:
        self._check_fields()
        count = self._string("count")
        plurals = self._plurals(count)
        parts, words = self._parts(plurals), self._words()
        self._check_keys({key: sentence for key, sentence in parts.items() if key in KEYS}, words)
        return Prompt(
            key=self._key,
            parts=parts,
            plurals=plurals,
            count=count,
            words=words,
            private=self._private(),
            public_because=self._public_because(),
            file=self._source.name,
            line=self._source.line(self._key),
        )

    def _check_fields(self) -> None:
        for field in self._table.keys() - _FIELDS - KEYS:
            guess = nearest(field, _FIELDS)
            hint = f"; did you mean {guess}?" if guess else ""
            self._note(field, f"is no field of a prompt{hint}")
        if not self._table.keys() & (KEYS | {"text"}):
            self._note("", "says nothing: give it a text, or a sentence for each key of a menu")

    def _check_keys(self, sentences: Mapping[str, Sentence], words: Mapping[str, tuple[str, ...]]) -> None:
        """Note every key whose sentence names another key or none, and words that belong to another key."""
        for key, sentence in sentences.items():
            # Which key a sentence names depends on its language; one that nobody knows is told already.
            named = key_named(sentence.text, sentence.language) if sentence.language in LANGUAGES else key
            # An empty sentence is a mistake of its own, which is noted already.
            if sentence.text.strip() and named != key:
                says = f"names key {named}" if named else "names no key"
                self._note(key, f'{says}: end it with its own key, as in "press {key}"')
        for fault in misplaced_words(words, {key: sentence.text for key, sentence in sentences.items()}):
            self._note("words", fault)

    def _note(self, field: str, sentence: str) -> None:
        line = self._source.line(self._key, field)
        subject = f"[{self._key}] {field}".rstrip()
        self._problems.append(Problem(self._source.name, line, f"{subject} {sentence}"))

    def _parts(self, plurals: Mapping[str, Sentence]) -> Mapping[str, Sentence]:
        parts = {}
        for field, value in self._table.items():
            if field == "text" and isinstance(value, dict):
                parts[field] = plurals.get("other", Sentence("", self._source.language))
            elif field in KEYS and isinstance(value, dict):
                parts[field] = self._foreign_sentence(field, value)
            elif field in KEYS or field in {"text", "silent", "wrong"}:
                parts[field] = self._sentence(field, value, self._source.language)
        return parts

    def _sentence(self, field: str, value: object, language: str) -> Sentence:
        if not isinstance(value, str):
            self._note(field, "must be text between quotes")
            return Sentence("", language)
        for fault in faults(value):
            self._note(field, fault)
        return Sentence(value, language)

    def _foreign_sentence(self, field: str, value: Mapping[str, object]) -> Sentence:
        for name in value.keys() - {"text", "language"}:
            self._note(field, f"has {name}: only text and language belong there")
        language = value.get("language", self._source.language)
        if language not in LANGUAGES:
            self._note(field, f"speaks {language!r}: the languages are {listed(LANGUAGES)}")
        return self._sentence(field, value.get("text"), str(language))

    def _plurals(self, count: str) -> Mapping[str, Sentence]:
        forms = self._table.get("text")
        if not isinstance(forms, dict):
            if count:
                self._note("count", "decides nothing: text has no plural forms")
            return {}
        needed = plural_categories(self._source.language)
        if forms.keys() != needed:
            self._note("text", f"needs the plural forms {listed(needed)}: it has {listed(forms)}")
        if "count" not in self._table:
            self._note("text", 'has plural forms: add count = "files", the placeholder that decides')
        plurals = {form: self._sentence("text", said, self._source.language) for form, said in forms.items()}
        if len({sentence.placeholders - {count} for sentence in plurals.values()}) > 1:
            self._note("text", "has other placeholders in one plural form than in another")
        return plurals

    def _words(self) -> Mapping[str, tuple[str, ...]]:
        table = self._table.get("words", {})
        if not isinstance(table, dict):
            self._note("words", 'must be written as in {1 = ["again", "repeat"]}')
            return {}
        words = {}
        for key, said in table.items():
            if key not in KEYS or key not in self._table:
                self._note("words", f"are given for key {key}, which has no sentence here")
            elif not isinstance(said, list) or not all(isinstance(word, str) for word in said):
                self._note("words", f'for key {key} must be a list, as in ["again", "repeat"]')
            else:
                words[key] = tuple(said)
        for fault in word_faults(words):
            self._note("words", fault)
        return words

    def _private(self) -> bool:
        value = self._table.get("private", False)
        if not isinstance(value, bool):
            self._note("private", "must be true or false, without quotes")
        return value is True

    def _public_because(self) -> str:
        reason = self._string("because")
        if ("because" in self._table) != (self._table.get("private") is False):
            self._note("because", "and private = false belong together: say why everybody may hear this")
        return reason

    def _string(self, field: str) -> str:
        value = self._table.get(field, "")
        if isinstance(value, str):
            return value
        self._note(field, "must be text between quotes")
        return ""
