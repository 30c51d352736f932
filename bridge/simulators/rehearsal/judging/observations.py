"""What one caller did and heard that a witness may be asked about."""

from dataclasses import dataclass, field

from bridge.simulators.provider.phone import Phone
from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence


@dataclass(frozen=True)
class ConfirmedTerms:
    """A plan as it was read back before the caller confirmed it."""

    language: str
    plan: str
    start: str


@dataclass
class ObservedCall:
    """What one caller did and heard that counts.

    `files` are those whose PIN was keyed in, `before` the plans there were when it began. Confirmations go by
    the turn they were keyed in: pressed again because a reply was lost, one stays one.
    """

    phone: Phone
    before: frozenset[str]
    files: set[str] = field(default_factory=set)
    heard: list[HeardSentence] = field(default_factory=list)
    last: dict[str, HeardSentence] = field(default_factory=dict)
    question: str = "ringing"
    file: str = ""
    balances: set[str] = field(default_factory=set)
    confirmed: dict[str, ConfirmedTerms] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    agreed: set[str] = field(default_factory=set)
    last_confirmed: str = ""
    last_agreed: str = ""
    unanswered: str = ""
    noted: bool = False
    put_through: bool = False
