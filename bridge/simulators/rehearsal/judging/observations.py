"""What the judges remember of one call: what its caller did and heard."""

from dataclasses import dataclass, field
from typing import Literal

from bridge.simulators.provider.phone import Phone
from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence


@dataclass(frozen=True)
class ConfirmedTerms:
    """The terms of a plan as they were read back before the caller confirmed them."""

    language: str
    plan: str
    start: str


@dataclass
class ConfirmedMobile:
    """A mobile as it was read back before key 1 at `turn` confirmed it, and what its caller heard of it."""

    turn: str
    spoken: str
    heard: Literal["", "done", "noted", "denied"] = ""


@dataclass
class ObservedCall:
    """One call as its caller lived it.

    - `keyed`: everything that was keyed in, in a row: a key too many belongs to the next question.
    - `before`: ids of the plans at Tagor when the call began; `asked_before`: its journal's length then.
    - `files`: numbers of the files that were proved; `file`: the one that was named last.
    - `balances`: numbers of the files whose balance was told; `unnamed_balance`: of another, not named yet.
    - `languages`: those in which the line may speak now.
    - `last`: the newest sentence of each prompt; `question`: the prompt that was heard last.
    - `confirmed` and `agreed`: confirmations by the address they were posted to, so that one that is pressed
      again because a reply was lost stays one. `denied`: those the caller was told came to nothing.
      `confirmed_at`: the journal's length when terms were confirmed last.
    - `ordered`: confirmations of a document, by the same addresses, without those that came to nothing;
      `last_ordered` is the newest one.
    - `disputed`: confirmations of a dispute, by the same addresses.
    - `misses_payment`: whether the caller said that a payment is not there.
    - `reference`: the reference that was keyed in last, where a house number must follow it.
    - `barcode`: the number under a letter's barcode that was keyed in last.
    - `decided`: the addresses to which key 1 of any confirmation was posted, of messages as well.
    - `mobiles`: the mobiles that the caller confirmed as a contact, in turn.
    - `pressed`: the keys pressed at the questions of the office's questionnaire, with the prompt that asked.
    - `noted`: what the caller was promised that a colleague will confirm, if anything.
    """

    phone: Phone
    before: frozenset[str]
    asked_before: int
    languages: set[str]
    keyed: str = ""
    files: set[str] = field(default_factory=set)
    heard: list[HeardSentence] = field(default_factory=list)
    last: dict[str, HeardSentence] = field(default_factory=dict)
    question: str = "ringing"
    file: str = ""
    balances: set[str] = field(default_factory=set)
    unnamed_balance: bool = False
    confirmed: dict[str, ConfirmedTerms] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    agreed: set[str] = field(default_factory=set)
    decided: set[str] = field(default_factory=set)
    ordered: set[str] = field(default_factory=set)
    disputed: set[str] = field(default_factory=set)
    misses_payment: bool = False
    reference: str = ""
    barcode: str = ""
    last_ordered: str = ""
    last_confirmed: str = ""
    confirmed_at: int = 0
    last_agreed: str = ""
    unanswered: str = ""
    noted: Literal["", "plan", "approval"] = ""
    put_through: bool = False
    mobiles: list[ConfirmedMobile] = field(default_factory=list)
    pressed: set[tuple[str, str]] = field(default_factory=set)

    @property
    def prompts(self) -> set[str]:
        """The prompts that were heard."""
        return {sentence.prompt for sentence in self.heard}
