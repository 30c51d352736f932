"""Somebody who wants a payment plan by phone, presses what leads there, and remembers every word."""

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import voice_flows
from bridge.simulators.provider.caller_actions import GatherWait
from bridge.simulators.provider.phone import Phone
from bridge.speech import Catalogue, Sentence

MAX_DEEDS = 40
OWN_AMOUNT = "150"
READ_BACK, AGREE = "Agreement.read_back", "Agreement.agree"


@dataclass(frozen=True, slots=True)
class Word:
    """One sentence that was heard: whose prompt it is, what filled its places, and the world just then."""

    prompt: str
    told: Mapping[str, str]
    world: Any


@dataclass(frozen=True, slots=True)
class Call:
    """What somebody heard in one call, in order, and which questions they answered with a confirming key."""

    words: Sequence[Word]
    confirmed: Sequence[str]

    @property
    def prompts(self) -> list[str]:
        """Whose prompts were heard."""
        return [word.prompt for word in self.words]

    def heard(self, *prompts: str) -> bool:
        """Whether any of these prompts was heard."""
        return not set(prompts).isdisjoint(self.prompts)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How one sentence of a prompt sounds, with anything in its places."""

    prompt: str
    names: tuple[str, ...]
    sounds: re.Pattern[str]


@cache
def patterns(language: str) -> tuple[Pattern, ...]:
    """Every sentence the line can say in a language."""
    prompts = Catalogue.load(voice_flows.PROMPTS).prompts(language)
    return tuple(
        pattern(key, sentence)
        for key, prompt in prompts.items()
        for sentence in (*prompt.parts.values(), *prompt.plurals.values())
        if "".join(sentence.pieces[::2]).strip()  # else any words would be these
    )


def pattern(key: str, sentence: Sentence) -> Pattern:
    literal = [re.escape(" ".join(piece.split(" "))) for piece in sentence.pieces[::2]]
    return Pattern(key, sentence.pieces[1::2], re.compile("(.+)".join(literal)))


def recognised(text: str, language: str = "nl") -> Iterable[tuple[str, Mapping[str, str]]]:
    """Every prompt that these words may be, with what filled its places."""
    for one in patterns(language):
        if found := one.sounds.fullmatch(text):
            yield one.prompt, dict(zip(one.names, found.groups(), strict=True))


class Caller:
    """Somebody who confirms whatever plan is offered, and never ends one that runs; for one call.

    `look` gives the world as it is, remembered with each word; `before` is told of every confirmation before
    its key is pressed, `after` once the line has answered; `broken` counts the connections that broke so far:
    after each, people listen to the question for at most `listens` seconds before they press again.
    """

    def __init__(
        self,
        phone: Phone,
        pin: str,
        file: str,
        *,
        by_amount: bool,
        look: Callable[[], Any],
        before: Callable[[str], None] = lambda _question: None,
        after: Callable[[str], None] = lambda _question: None,
        broken: Callable[[], int] = lambda: 0,
        listens: float = 0.0,
    ) -> None:
        self.phone, self._look, self._before, self._after = phone, look, before, after
        self._broken, self._broken_before, self._listens = broken, 0, listens
        self._words: list[Word] = []
        self._confirmed: list[str] = []
        self._noted = 0
        self._keys = {
            "Defendant.main": "1",
            "ByPin.ask_pin": pin,
            "ByPin.ask_file": f"{file}#",
            "Terms.choose": "3" if by_amount else "1",
            "Terms.choose_one": "2" if by_amount else "1",
            "OwnTerms.choose": "1",
            "OwnTerms.ask_amount": f"{OWN_AMOUNT}#",
            "StartDate.choose": "1",
            READ_BACK: "1",
            AGREE: "1",
            "RunningPlan.replace": "3",
            "RunningPlan.keep": "2",
            "Balance.choose": "2",
        }

    def calls(self) -> Call:
        """Phone, and go on until there is nothing more to be had."""
        self.phone.ring()
        self._hear()
        for _ in range(MAX_DEEDS):
            question = self._question()
            if question is None:
                break
            self._press(question)
            self._hear()
        if self.phone.state != "over":
            self.phone.hang_up()
        return Call(self._words, self._confirmed)

    def _press(self, question: str) -> None:
        confirms = question in (READ_BACK, AGREE)
        if confirms:
            self._before(question)
            self._confirmed.append(question)
        self.phone.press(self._keys[question])
        if question == "Balance.choose":
            del self._keys[question]  # what is wanted is a plan, and once
        if confirms:
            self._after(question)

    def _question(self) -> str | None:
        """What is asked now, as far as this caller has an answer."""
        waiting = self.phone.waiting
        if not isinstance(waiting, GatherWait) or not self.phone.last:
            return None
        if self._broken() > self._broken_before:
            self._broken_before = self._broken()
            time.sleep(min(waiting.speaking, self._listens))
        names = {prompt for prompt, _ in recognised(self.phone.last[-1].text)}
        return next((name for name in self._keys if name in names), None)

    def _hear(self) -> None:
        new, self._noted = self.phone.heard[self._noted :], len(self.phone.heard)
        world = self._look()
        self._words += [Word(prompt, told, world) for one in new for prompt, told in recognised(one.text)]
