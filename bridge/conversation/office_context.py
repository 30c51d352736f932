"""Holds what a running bridge needs of one office."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

from bridge.conversation.reply import AnswerRenderer
from bridge.flow.call import OfficeRules
from bridge.flow.graph import FlowGraph
from bridge.flow.steps import Menu, Run
from bridge.office.model import Office
from bridge.office.services import CallerWish
from bridge.speech import say_hours
from bridge.tagor import Tagor

LANGUAGE_MENU = "Defendant.language"
POST_MENU = "Post.what"
THINGS: Mapping[str, CallerWish] = {"1": "balance", "2": "link", "3": "faq", "4": "copy"}
LANGUAGE_KEYS = {"nl": "1", "fr": "2", "de": "3", "en": "4"}


@dataclass(frozen=True, slots=True)
class OfficeContext:
    """An office with its own way to Tagor, so that a sick Tagor holds up nobody else's callers.

    Attributes:
        office: the office file.
        tagor: the client of its Tagor.
        executor: its threads for questions to Tagor.
        renderer: makes the provider's document of an answer.
        rules: the menu keys that are switched off, and the lengths of what is keyed in.
        given: the office's own facts by language: name -> (kind, value).
    """

    office: Office
    tagor: Tagor
    executor: Executor
    renderer: AnswerRenderer
    rules: OfficeRules
    given: Mapping[str, Mapping[str, tuple[str, str]]]

    @classmethod
    def of(
        cls,
        office: Office,
        tagor: Tagor,
        renderer: AnswerRenderer,
        flows: FlowGraph,
        executor: Callable[[int, str], Executor] = ThreadPoolExecutor,
    ) -> "OfficeContext":
        """Open one office; its Tagor is asked at most `at_a_time` questions at once.

        `executor` makes an executor of so many threads, which have that name.
        """
        return cls(
            office=office,
            tagor=tagor,
            executor=executor(office.tagor.at_a_time, f"tagor-{office.key}"),
            renderer=renderer,
            rules=rules_of(office, flows),
            given={language: _given(office, language) for language in office.languages},
        )


def services_of(flows: FlowGraph) -> frozenset[str]:
    """Give what an office may switch off: every flow that a menu offers, by its name in small letters."""
    return frozenset(service for _, service in _offered(flows))


def rules_of(office: Office, flows: FlowGraph) -> OfficeRules:
    """Give the menu keys that this office does not offer, and how long what is keyed in may be."""
    identification = office.identification
    silent = {f"{LANGUAGE_MENU}.{key}" for lang, key in LANGUAGE_KEYS.items() if lang not in office.languages}
    unsent = {f"{POST_MENU}.{key}" for key, thing in THINGS.items() if not office.messages.codes(thing)}
    closed = {*office.switched_off, *(["post"] if len(unsent) == len(THINGS) else [])}
    off = {key for key, service in _offered(flows) if service in closed}
    lengths = {
        "pin": (identification.pin_digits, identification.pin_digits),
        "file": identification.file_digits,
        "reference": identification.file_digits,
    }
    return OfficeRules(frozenset(silent | unsent | off), lengths)


def _offered(flows: FlowGraph) -> Iterator[tuple[str, str]]:
    """Find every menu key that leads to a flow: (`Flow.step.key`, the name of the service)."""
    for flow in flows.flows.values():
        for name, step in flow.steps.items():
            for key in step.keys if isinstance(step, Menu) else ():
                target = flow.steps[step.exits[key]]
                if isinstance(target, Run):
                    yield f"{flow.name}.{name}.{key}", target.flow.name.lower()


def _given(office: Office, language: str) -> dict[str, tuple[str, str]]:
    week = [[(opening.start, opening.end) for opening in day] for day in office.hours.week]
    return {
        "office": ("text", office.name),
        "address": ("text", office.address[language]),  # type: ignore[index]  # a language it has
        "hours": ("text", say_hours(week, language)),
        "account": ("iban", office.account),
        "keep_days": ("count", str(office.voicemail.days)),
        "counselling": ("text", (office.counselling or {}).get(language, office.name)),  # type: ignore[call-overload]  # as above
    }
