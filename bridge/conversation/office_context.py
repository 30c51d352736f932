"""Holds what a running bridge needs of one office."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.conversation.prefetch import Prefetcher
from bridge.conversation.reply import AnswerRenderer
from bridge.flow.call import Call, OfficeRules
from bridge.flow.graph import FlowGraph
from bridge.flow.steps import FlowTable, Menu, Run
from bridge.flow.turn_output import PromptRef, TurnOutput
from bridge.office.model import Office
from bridge.speech import say_hours
from bridge.store.live_settings import NOTHING_CHANGED, OfficeSettings
from bridge.tagor import Tagor
from voice_flows.documents import STATEMENT, Documents, SentLetters
from voice_flows.letters import Letters
from voice_flows.post import Post
from voice_flows.questionnaire import Questionnaire

if TYPE_CHECKING:
    from bridge.office.services import CallerWish


ANNOUNCE = "announce"
"""The step of the first flow that says what the office announces."""
LETTERS_PART, DOCUMENTS_PART = "Letters.sent", "Letters.documents"
"""The steps of `Letters` that an office may leave out, although no menu key leads to them."""


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement as calls say it: its prompt, and its `mark`, by which a call knows what it has said."""

    prompt: PromptRef
    mark: str

    def before(self, output: TurnOutput, call: Call) -> TurnOutput:
        """Put the announcement first in a turn, unless the turn says it anyway or the call has said it."""
        if call.announced == self.mark or self.prompt.prompt in {prompt.prompt for prompt in output.prompts}:
            return output
        return replace(output, prompts=(self.prompt, *output.prompts))


@dataclass(frozen=True, slots=True)
class OfficeContext:
    """An office with its own way to Tagor, so that a sick Tagor holds up nobody else's callers.

    Attributes:
        office: the office file.
        tagor: the client of its Tagor.
        executor: its threads for questions to Tagor.
        prefetcher: asks on those threads what a caller will need next.
        renderer: makes the provider's document of an answer.
        rules: the menu keys and sentences that are switched off, and the lengths of what is keyed in.
        given: the office's own facts by language: name -> (kind, value).
        announced: what the office announces now, if anything.
    """

    office: Office
    tagor: Tagor
    executor: Executor
    prefetcher: Prefetcher
    renderer: AnswerRenderer
    rules: OfficeRules
    given: Mapping[str, Mapping[str, tuple[str, str]]]
    announced: Announced | None = None

    @classmethod
    def of(
        cls,
        office: Office,
        tagor: Tagor,
        renderer: AnswerRenderer,
        flows: FlowGraph,
        *,
        executor: Callable[[int, str], Executor] = ThreadPoolExecutor,
        clock: Clock = SYSTEM_CLOCK,
    ) -> "OfficeContext":
        """Open one office; its Tagor is asked at most `at_a_time` questions at once.

        `executor` makes an executor of so many threads, which have that name.
        """
        threads = executor(office.tagor.at_a_time, f"tagor-{office.key}")
        return cls(
            office=office,
            tagor=tagor,
            executor=threads,
            prefetcher=Prefetcher(threads, clock),
            renderer=renderer,
            rules=rules_of(office, flows),
            given={language: _given(office, language) for language in office.languages},
        )

    def changed(self, settings: OfficeSettings, flows: FlowGraph) -> "OfficeContext":
        """Give the same office with what its people changed while the line runs."""
        return replace(
            self,
            rules=rules_of(self.office, flows, settings),
            given={language: _given(self.office, language, settings) for language in self.office.languages},
            announced=_announced(settings, flows),
        )


def services_of(flows: FlowGraph) -> frozenset[str]:
    """Give what an office may switch off, by its name in small letters.

    It is every flow that a menu offers, and every part of the flow of letters.
    """
    return frozenset(run.flow.name.lower() for _, run in _offered(flows))


def switchable(office: Office, flows: FlowGraph) -> frozenset[str]:
    """Give the services that this office offers by phone, and so may switch off while the line runs."""
    off = rules_of(office, flows).off
    return frozenset(run.flow.name.lower() for key, run in _offered(flows) if key not in off)


def rules_of(office: Office, flows: FlowGraph, settings: OfficeSettings = NOTHING_CHANGED) -> OfficeRules:
    """Give what this office does not offer or say at the moment, and how long what is keyed in may be."""
    identification, switched_off = office.identification, office.switched_off | settings.switched_off
    silent = {key for key, language in _languages(flows) if language not in office.languages}
    unsent = {key for key, run in _offered(flows) if not _has(office, run)}
    off = {key for key, run in _offered(flows) if run.flow.name.lower() in switched_off}
    if {LETTERS_PART, DOCUMENTS_PART} <= unsent | off:
        off |= {key for key, run in _offered(flows) if run.flow is Letters}
    unsaid = () if settings.announcement else (f"{flows.root.name}.{ANNOUNCE}",)
    lengths = {
        "pin": (identification.pin_digits, identification.pin_digits),
        "file": identification.file_digits,
        "reference": identification.file_digits,
    }
    return OfficeRules(frozenset({*silent, *unsent, *off, *unsaid}), lengths)


def _announced(settings: OfficeSettings, flows: FlowGraph) -> Announced | None:
    announcement = settings.announcement
    if announcement is None:
        return None
    # Every process gives it the same mark, and another one where the words have changed.
    told = json.dumps(dict(announcement.words), sort_keys=True)
    # Optional, for no call should end because these words cannot be spoken.
    prompt = PromptRef(f"{flows.root.name}.{ANNOUNCE}", "text", {}, optional=True)
    return Announced(prompt, sha256(told.encode()).hexdigest()[:12])


def _has(office: Office, run: Run) -> bool:
    """Tell whether the office has what a menu key leads to: a template, documents, letters, questions."""
    letters, messages = office.letters, office.messages
    if run.flow is Post:
        return bool(messages.codes(cast("CallerWish", run.about)))
    if run.flow is Questionnaire:
        return bool(office.situation.questions)
    if run.flow is Documents:
        return (
            bool(letters.statement) if run.about == STATEMENT else letters.orders or bool(messages.file_copy)
        )
    return letters.sent if run.flow is SentLetters else True


@lru_cache(maxsize=8)
def _offered(flows: FlowGraph) -> Sequence[tuple[str, Run]]:
    """Find what leads to a flow: every menu key (`Flow.step.key`), every part of `Letters` (`Flow.step`).

    Each comes with the step that runs the flow.
    """
    found: list[tuple[str, Run]] = []
    for flow, name, menu in _menus(flows):
        # Whoever is asked for a yes must be able to say no.
        for key in () if menu.confirms else menu.keys:
            target = flow.steps[menu.exits[key]]
            if isinstance(target, Run):
                found.append((f"{flow.name}.{name}.{key}", target))
    parts = [(part, Letters.steps[part.partition(".")[2]]) for part in (LETTERS_PART, DOCUMENTS_PART)]
    return (*found, *((part, run) for part, run in parts if isinstance(run, Run)))


@lru_cache(maxsize=8)
def _languages(flows: FlowGraph) -> Sequence[tuple[str, str]]:
    """Find every menu key that chooses a language: (`Flow.step.key`, the language)."""
    return tuple(
        (f"{flow.name}.{name}.{key}", language)
        for flow, name, menu in _menus(flows)
        for key, language in menu.languages.items()
    )


def _menus(flows: FlowGraph) -> Iterator[tuple[FlowTable, str, Menu]]:
    for flow in flows.flows.values():
        for name, step in flow.steps.items():
            if isinstance(step, Menu):
                yield flow, name, step


def _given(
    office: Office, language: str, settings: OfficeSettings = NOTHING_CHANGED
) -> dict[str, tuple[str, str]]:
    announcement = settings.announcement
    week = [[(opening.start, opening.end) for opening in day] for day in office.hours.week]
    return {
        "office": ("text", office.name_in(language)),
        "address": ("text", office.address[language]),  # type: ignore[index]  # a language it has
        "hours": ("text", say_hours(week, language)),
        "account": ("iban", office.account),
        "keep_days": ("count", str(office.voicemail.days)),
        "pin_digits": ("count", str(office.identification.pin_digits)),
        "counselling": ("text", (office.counselling or {}).get(language, office.name_in(language))),  # type: ignore[call-overload]  # as above
        # Nobody says it without one, but a caller may ask for what was said before it was taken down.
        "announcement": ("text", announcement.words.get(language, "") if announcement else ""),
    }
