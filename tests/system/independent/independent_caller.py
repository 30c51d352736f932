"""A debtor who wants a payment plan and listens to English sentences; and what they heard and confirmed."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from independent_provider import Account, Document, Line

MAX_WEBHOOKS = 50

_OUTCOME = re.compile(
    r"is confirmed|has been noted\. A colleague|not confirmed yet|could not be accepted|already run"
    r"|othing has been requested|No plan has been requested|have not accepted|has already been noted"
    "|colleague will"
)
_EUROS = re.compile(r"(\d[\d ]*) euros?(?: and (\d+) cents?)?")


@dataclass
class Wish:
    """Who phones, and for which of the offered plans: `months` as the line says it."""

    phone: str
    pin: str
    file: str
    months: int
    balance: Decimal
    gives_up: bool = False


@dataclass
class Heard:
    """What one call came to: all sentences, and which questions were answered with yes."""

    sentences: list[str] = field(default_factory=list)
    requested: int = 0
    agreed: int = 0
    ended: str = ""
    agreed_months: set[int] = field(default_factory=set)

    def said(self, pattern: str) -> bool:
        """Whether a sentence matched."""
        return any(re.search(pattern, one) for one in self.sentences)

    def amounts_owed(self) -> set[Decimal]:
        """Every balance that was told, in euro."""
        told = [one for one in self.sentences if re.search(r"amount still open|left to pay", one)]
        return {euros(one) for one in told if _EUROS.search(one)}


def euros(sentence: str) -> Decimal:
    """The first amount of a sentence, in euro."""
    whole, cents = _EUROS.findall(sentence)[0]
    return Decimal(whole.replace(" ", "")) + Decimal(cents or 0) / 100


class Caller:
    """Phones once, presses what leads to the plan, and hangs up after the outcome."""

    def __init__(self, account: Account, wish: Wish, line: Line) -> None:
        self._account, self._wish, self.line = account, wish, line
        self.heard = Heard()
        self._since: list[str] = []

    def phone(self) -> Heard:
        """Lead the whole call; every question that is not understood is answered with silence."""
        document = self.line.ask("/voice")
        for _ in range(MAX_WEBHOOKS):
            self._listen(document)
            if document.verb == "Redirect":
                document = self.line.ask(document.address)
            elif document.verb == "Gather" and not self._has_outcome():
                document = self._press(document)
            elif document.verb == "Dial":
                document = self.line.ask(document.address, DialCallStatus="no-answer")
                self.heard.ended = "dialled"
            else:
                break
        self.heard.ended = self.heard.ended or document.verb
        self.line.hang_up()
        return self.heard

    def _listen(self, document: Document) -> None:
        self.heard.sentences += document.spoken
        self._since += document.spoken

    def _has_outcome(self) -> bool:
        """Whether the caller knows what came of the request, or that there is nothing to come."""
        return bool(self.heard.requested) and any(_OUTCOME.search(one) for one in self._since)

    def _press(self, document: Document) -> Document:
        told, self._since = self._since, []
        keys = self._keys(" ".join(told))
        fields = {"Digits": keys.rstrip("#")} if keys else {}
        if keys.endswith("#"):
            fields["FinishedOnKey"] = "#"
        return self.line.ask(document.address, **fields)

    def _keys(self, told: str) -> str:
        wish = self._wish
        if key := _key(told, r"To agree to this plan and request it"):
            if wish.gives_up:
                return "2"
            self.heard.requested += 1
            self._agrees(r"plan of (\d+) months", told)
            return key
        if key := _key(told, r"If you agree"):  # Tagor's terms are others, or are told once more
            self._agrees(r"for (\d+) months", told)
            return key
        if "file number" in told and not re.search(r"press \d", told):
            return f"{wish.file}#"
        if re.search(r"your PIN|PIN code", told):
            return wish.pin
        options = (rf"{wish.months} months[^.]*", "To begin on[^.]*", "payment plan", "new plan", "your file")
        return next((key for option in options if (key := _key(told, option))), "")

    def _agrees(self, pattern: str, told: str) -> None:
        self.heard.agreed += 1
        self.heard.agreed_months |= {int(months) for months in re.findall(pattern, told)}


def _key(told: str, wanted: str) -> str:
    """The key of the option whose words match, in the form "words, press N"."""
    found = re.findall(rf"{wanted}, press (\d)", told)
    return str(found[-1]) if found else ""
