"""Plays somebody who phones for their balance and a payment plan, and tells what became of it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.turn import ProviderTurn
from bridge.simulators.provider.wire import NoAnswer
from bridge.simulators.rehearsal.judging.prompt_recognition import PromptRecognizer, plain
from bridge.simulators.tagor import Case

MAX_ACTIONS = 40
RESENDS = 0.1
"""The share of turns that are posted a second time, as a provider does that lost the answer."""
GOODBYE = "9"
TURN = b"/voice/turn/"
"""What is in every document that leads a call on."""
ENDS = {"Confirmation.by_sms": "agreed", "Confirmation.by_mail": "agreed", "Unconfirmed.tell": "noted"}
"""What a caller may be told in the end: the plan is agreed, or noted, and a colleague will confirm."""
PERSON = "put through"


@dataclass(frozen=True, slots=True)
class PlanCallResult:
    """Holds what became of one call.

    - `end`: `agreed`, `noted`, `put through` to a person, or where it was lost: the last sentence's place.
    - `slowest`: the longest that an answer took, `recovery` the longest from a webhook that went wrong to the
      next answer that was right, both in seconds.
    - `broken`: promises that were not kept.
    """

    case: Case
    end: str
    turns: int
    slowest: float
    recovery: float
    faults: int
    resent: int
    broken: tuple[str, ...]


class PlanCaller:
    """Plays one caller with their letter in hand, who waits by `pause` before each key.

    What `fallback`, the address for it, brought is not asked for again. `opened` is called once the
    first question stands, and may keep the call open until others are.
    """

    def __init__(
        self,
        phone: Phone,
        case: Case,
        recognizer: PromptRecognizer,
        rng: Random,
        *,
        fallback: str = "",
        pause: Callable[[], object] = lambda: None,
        opened: Callable[[], object] = lambda: None,
    ) -> None:
        self._phone, self._case, self._recognizer, self._rng = phone, case, recognizer, rng
        self._fallback, self._pause, self._opened = fallback, pause, opened
        self._resent = 0
        self._places: list[str] = []
        self._broken: list[str] = []
        self._noted = 0
        self._keys = {
            "Defendant.main": "1",
            "ByPin.ask_pin": case.pin,
            "ByPin.ask_file": f"{case.file}#",
            "Balance.choose": "2",
            "Terms.choose": "1",
            "Terms.choose_one": "1",
            "StartDate.choose": "1",
            "Agreement.read_back": "1",
            "Agreement.agree": "1",
            "Offer.choose": "1",
        }

    def calls(self) -> PlanCallResult:
        """Phone, and answer every question until the call is over."""
        self._phone.ring()
        self._hear()
        self._opened()
        for _ in range(MAX_ACTIONS):
            if self._phone.state != "listening":
                break
            self._pause()
            self._press()
            self._hear()
        if self._phone.state != "over":
            self._phone.hang_up()
        return self._told()

    def _press(self) -> None:
        asked = next((place for place in self._keys if place in self._asked()), None)
        over = any(place in ENDS for place in self._places)
        keys = GOODBYE if over or asked is None else self._keys[asked]
        self._phone.press(keys)
        rescued = self._phone.turns[-1].url == self._fallback  # asks where the call is by then
        if self._phone.state == "listening" and not rescued and self._rng.random() < RESENDS:
            self._resend()

    def _resend(self) -> None:
        with suppress(NoAnswer):  # whoever was asked has died meanwhile: the provider would ask somebody else
            self._resent += 1
            again = self._phone.resend_turn(-1)
            # While nobody can read the call, a repeat gets the fallback document: it comes back to no turn.
            if again != self._phone.turns[-1].body and TURN in again:
                self._broken.append("a repeated webhook got other bytes")

    def _asked(self) -> set[str]:
        found = [self._recognizer.recognise(sound.text, sound.language[:2]) for sound in self._phone.last]
        return {sentence.prompt for sentence in found if sentence}

    def _hear(self) -> None:
        for sound in [one for one in self._phone.heard[self._noted :] if one.text]:
            sentence = self._recognizer.recognise(sound.text, sound.language[:2])
            self._places.append(sentence.prompt if sentence else "unknown words")
            if sentence and sentence.prompt == "Balance.tell" and not self._is_own(sentence.text):
                self._broken.append("somebody heard an amount that is not theirs")
        self._noted = len(self._phone.heard)

    def _is_own(self, text: str) -> bool:
        euro, cents = f"{self._case.balance:.2f}".split(".")
        return f" {euro} euro en {int(cents)} cent " in plain(f" {text} ")

    def _end(self) -> str:
        ends = [ENDS[place] for place in self._places if place in ENDS]
        if ends:
            return ends[-1]
        last = self._places[-1] if self._places else "the first ring"
        return PERSON if self._phone.dialled else f"lost at {last}"

    def _told(self) -> PlanCallResult:
        if self._phone.ended_by == "application error":
            self._broken.append("a caller heard the provider's error message")
        turns = self._phone.turns
        return PlanCallResult(
            self._case,
            self._end(),
            len(turns),
            max(turn.seconds for turn in turns),
            recovery(turns),
            len(self._phone.faults),
            self._resent,
            tuple(self._broken),
        )


def recovery(turns: list[ProviderTurn]) -> float:
    """Return the longest time from a failed webhook to the next right answer, in seconds."""
    longest = waited = 0.0
    for turn in turns:
        waited += turn.seconds
        if turn.fault is None:
            longest, waited = max(longest, waited if waited > turn.seconds else 0.0), 0.0
    return max(longest, waited)
