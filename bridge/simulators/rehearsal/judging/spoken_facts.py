"""Compares what callers hear about their file with what Tagor knows: amounts, dates, plans and language."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.rehearsal.judging.odd_answers import OddAnswers
from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence
from bridge.simulators.tagor import Plan
from bridge.simulators.tagor.records import File
from bridge.speech import SAYERS, Unspeakable

SOUND_FAULTS = (
    *(None, "delay", "drip_headers", "drip_body"),
    *("gzip", "rows_unwrapped", "names_in_lower_case", "replace_fields", "null_fields", "wrong_type", "nan"),
)
"""Faults of Tagor after which a careful reader can still read its answer."""


@dataclass(frozen=True, slots=True)
class FileState:
    """One file as Tagor has it now, with every plan that it ever had.

    `named` is the amount of the line that the caller's last barcode names, if it names one of this file.
    """

    file: File
    plans: tuple[Plan, ...]
    named: tuple[Decimal, ...] = ()


Fact = Callable[[FileState], Iterator[object]]
"""Yields every value a spoken fact may have."""


def _plans(state: FileState) -> Iterator[Plan]:
    # A plan that was replaced a moment ago may still be in the answer that is being spoken.
    yield from state.plans


FACTS: dict[str, tuple[str, Fact]] = {
    "owed": ("money", lambda state: iter([state.file.balance])),
    "credit": ("money", lambda state: iter([-state.file.balance])),
    "paid": ("money", lambda state: iter([state.file.last_amount])),
    "paid_on": ("date", lambda state: iter([state.file.last_payment])),
    "monthly": ("money", lambda state: (plan.monthly for plan in _plans(state))),
    "running": ("money", lambda state: (plan.monthly for plan in _plans(state))),
    "arrears": ("money", lambda state: (plan.arrears for plan in _plans(state))),
    "behind_by": ("money", lambda state: (plan.arrears for plan in _plans(state))),
    "plan_ends": ("date", lambda state: (plan.until for plan in _plans(state))),
    "paid_off": ("money", lambda state: iter([state.file.last_amount])),
    # Where Tagor does not tell the number of a file, its caller hears the reference that opened it.
    "number": ("digits", lambda state: iter([state.file.name, state.file.reference])),
    "slip_amount": ("money", lambda state: iter(state.named)),
    "slip_left": ("money", lambda state: iter([state.file.balance])),
    "slip_reference": ("digits", lambda state: iter([state.file.name])),
}
"""The facts of a file that are spoken, by the names of their placeholders: kind, and how Tagor has them."""

READ_AS = {"money": Decimal, "date": date, "digits": str}
"""What each kind of fact is read as."""

FACT_PROMPTS = ("Balance.", "Payments.", "Received.", "RunningPlan.", "Details.", "Slip.")
"""The flows whose placeholders are facts of a file; elsewhere the same names may stand for a proposal."""

SUMMONED = "20231101"
"""The number of the only file of a rehearsal that comes before a court."""
JUDGED = "202405070001"
"""The number of the only file of a rehearsal on which a court has decided."""

CLAIMS: dict[str, tuple[str, Callable[[FileState], bool]]] = {
    "Balance.tell": ("TagorService/GetSaldo", lambda state: state.file.balance > 0),
    "Balance.settled": ("TagorService/GetSaldo", lambda state: state.file.balance == 0),
    "Balance.credit": ("TagorService/GetSaldo", lambda state: state.file.balance < 0),
    "Received.paid": ("TagorService/GetDosInfo", lambda state: state.file.last_payment is not None),
    "Received.never": ("TagorService/GetDosInfo", lambda state: state.file.last_payment is None),
    "Received.expected": ("TagorService/GetDosInfo", lambda _: False),  # none is on its way in a rehearsal
    "Payments.requested": ("TagorService/PaymentInfo", lambda state: any(p.asked for p in state.plans)),
    "Payments.running": ("TagorService/PaymentInfo", lambda state: bool(state.plans)),
    "Payments.on_time": ("TagorService/PaymentInfo", lambda state: any(_paid_up(state, on_time=True))),
    "Payments.behind": ("TagorService/PaymentInfo", lambda state: any(_paid_up(state, on_time=False))),
    "Details.parts": ("Dossier/GetBalances", lambda _: True),
    "Court.hearing": ("Dossier/GetAppearance", lambda state: state.file.name == SUMMONED),
    "Court.none": ("Dossier/GetAppearance", lambda state: state.file.name != SUMMONED),
    **dict.fromkeys(
        ("Court.judgment", "Court.judged"),
        ("Dossier/GetTitle", lambda state: state.file.name == JUDGED),
    ),
    "Planned.timed": ("Dossier/GetAgenda", lambda _: True),
    "Planned.some_day": ("Dossier/GetAgenda", lambda _: True),
    "Situation.address": ("Party/GetAddresses", lambda _: True),
    **dict.fromkeys(
        ("Slip.amount", "Slip.less", "Slip.known"),
        ("TagorService/ScanBarcode", lambda state: bool(state.named)),
    ),
    "PaymentPlan.settled": ("TagorService/GetSaldo", lambda state: state.file.balance <= 0),
}
"""Prompts that claim something about a file: the question that must have been answered, and what is true."""


def _paid_up(state: FileState, *, on_time: bool) -> Iterator[bool]:
    # A plan that a call requested counts once it is approved; the others are the office's own.
    own = (plan for plan in _plans(state) if plan.approved or not plan.asked)
    return ((plan.arrears <= 0) is on_time for plan in own)


class SpokenFacts:
    """Judges the facts in heard sentences; `files` gives the state of the files that a call may be about."""

    def __init__(
        self,
        files: Callable[[ObservedCall], list[FileState]],
        answered: Callable[[ObservedCall, str], bool],
        today: Callable[[], date],
        odd: OddAnswers,
    ) -> None:
        """`answered` tells whether Tagor answered a call's operation soundly, `odd` what it told instead."""
        self._files, self._answered, self._today, self._odd = files, answered, today, odd

    def judge(self, call: ObservedCall, sentence: HeardSentence) -> Iterator[str]:
        """Yield what is wrong with a sentence, without its values."""
        if not sentence.foreign and sentence.language not in call.languages:
            yield f"{sentence.prompt} was heard in {sentence.language}"
        tells = sentence.prompt.startswith(FACT_PROMPTS)
        claims = sentence.part == "text" and sentence.prompt in CLAIMS
        # Most sentences do neither, and Tagor need not be looked through for them.
        states = self._files(call) if tells or claims else []
        if not states:
            return
        if tells:
            for name, words in sentence.values.items():
                if name in FACTS and words not in set(self._spoken(name, states, sentence.language)):
                    yield f"{sentence.prompt} told another {name} than Tagor has"
        if claims:
            operation, is_true = CLAIMS[sentence.prompt]
            if not any(map(is_true, states)) and not self._odd.excuse(sentence.prompt):
                yield f"{sentence.prompt} is not what Tagor has"
            elif not self._answered(call, operation):
                yield f"{sentence.prompt} was told although Tagor never answered {operation}"

    def _spoken(self, name: str, states: list[FileState], language: str) -> Iterator[str]:
        """Yield every way to say a fact that is true now."""
        kind, values = FACTS[name]
        true = [value for state in states for value in values(state) if value is not None]
        odd = [value for value in self._odd.readings(name) if type(value) is READ_AS[kind]]
        for value in (*true, *odd):
            text = f"{value:.2f}" if isinstance(value, Decimal) else str(value)
            with suppress(Unspeakable):  # a debt is no credit, on another one of the caller's files
                yield " ".join(SAYERS[kind](text, language, self._today()).split())
