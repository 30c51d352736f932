"""The office's desk: what flows may ask, answered by Tagor, the PIN budgets and the office's own file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeVar

from bridge.conversation.decisions.commands import WriteCommand, WriteResult
from bridge.conversation.decisions.sender import DecisionSender
from bridge.conversation.office_context import OfficeContext
from bridge.flow.identity import IdentifiedFile
from bridge.store.pin_attempts import BudgetExhausted, PinAttempts
from bridge.tagor import (
    Deadline,
    FileFacts,
    FilePin,
    Reference,
    RunningPlan,
    Tagor,
    TagorUnreachable,
)

T = TypeVar("T")
PATIENCE = 2.0
"""Seconds a turn waits for a decision before the caller hears one moment."""

OFFICE_BUDGETS = ("office_hour", "office_day")


@dataclass(frozen=True, slots=True, repr=False)
class HintedFile:
    """A file that may be the caller's: its id, and the number that stands on letters."""

    id: str
    number: str


@dataclass(frozen=True, slots=True, repr=False)
class Hint:
    """What the caller's number suggests: a language if Tagor knows it, and the party's files."""

    language: str | None
    files: tuple[HintedFile, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Proven:
    """A file that the caller's proof opened; `defendants` is how many people are on it."""

    id: str
    number: str
    party: str | None
    defendants: int = 1
    credential: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ActionScope:
    """Where one errand's desk stands: the office, the call, and until when it works.

    `confirmation` names what the caller would confirm here, once in all calls. `caller` is the number that
    calls (a hint, "" when withheld), `file` whose defendant has proved who they are, if anybody has.
    """

    branch: OfficeContext
    tries: PinAttempts
    decider: DecisionSender
    confirmation: str
    caller: str
    file: IdentifiedFile | None
    now: datetime
    deadline: Deadline


class OfficeServices:
    """One errand's desk: everything it asks of Tagor shares one deadline.

    `checked` says whether Tagor was asked about any proof, which nobody may learn from the time it took.

    Raises, from every question: `TagorError` when Tagor gives no usable answer in time, `StoreDown` when a
    PIN try cannot be counted (then nobody is asked anything).
    """

    def __init__(self, seat: ActionScope) -> None:
        self._seat, self._office, self._tagor = seat, seat.branch.office, seat.branch.tagor
        self._tries, self._caller = seat.tries, seat.caller
        self._now, self._deadline = seat.now, seat.deadline
        self.way = self._office.identification.way
        self.languages: Sequence[str] = self._office.languages
        self.checked = False

    def who_calls(self, number: str) -> Hint | None:
        """The defendant this number belongs to, if Tagor knows one."""
        found = self._tagor.caller(number, deadline=self._deadline)
        if found is None:
            return None
        return Hint(found.language, tuple(HintedFile(file.id, file.name) for file in found.files))

    def open_hinted(self, files: Sequence[HintedFile], pin: str) -> list[Proven]:
        """Those of the suggested files that this PIN opens; each check is counted as a silent one."""
        opened = [self._check(file.number, self._asking(file.number, pin), named=False) for file in files]
        proven = [
            found
            for file, found in zip(files, opened, strict=True)
            if not isinstance(found, str) and found.id == file.id
        ]
        for found in proven:
            self._tries.reset_daily(self._office.key, found.number)
        return proven

    def open_named(self, number: str, pin: str) -> Proven | Literal["wrong", "spent"]:
        """Whether this PIN opens the file with this number; unknown, locked and wrong look the same."""
        return self._check(number, self._asking(number, pin), named=True)

    def open_reference(self, reference: str, pin: str) -> Proven | Literal["wrong", "spent"]:
        """Whether this PIN opens the file behind a reference."""

        def ask() -> Proven | None:
            found = self._tagor.file_by_reference(reference, deadline=self._deadline)
            if not isinstance(found, Reference):
                return None
            opened = self._tagor.pin_opens(found.file, pin, deadline=self._deadline)
            return Proven(found.file, reference, None, found.defendants) if opened else None

        return self._check(reference, ask, named=True)

    def open_house(self, reference: str, house_number: str) -> Proven | Literal["wrong", "spent"]:
        """Whether a defendant on the file behind this reference lives at this house number."""

        def ask() -> Proven | None:
            found = self._tagor.file_by_reference(reference, deadline=self._deadline)
            if not isinstance(found, Reference) or not self.lives_at(found.file, house_number):
                return None
            return Proven(found.file, reference, None, found.defendants)

        return self._check(reference, ask, named=True)

    def lives_at(self, file: str, house_number: str) -> bool:
        """Whether a defendant on this file lives at this house number."""
        return self._tagor.defendant_by_house_number(file, house_number, deadline=self._deadline) is not None

    def balance(self, file: IdentifiedFile) -> Decimal:
        """What is owed on the file, in euro; negative when too much was paid."""
        return self._acting(file).balance(file.id, deadline=self._deadline)

    def facts(self, file: IdentifiedFile) -> FileFacts:
        """Creditor and last payment: the file's own, also where the proof names no party.

        Without a party Tagor gives the first defendant's mail and mobile: they are nobody's to use then.
        """
        return self._acting(file).file_facts(file.id, file.party, deadline=self._deadline)

    def plan(self, file: IdentifiedFile) -> RunningPlan | None:
        """The plan that is running, if any."""
        return self._acting(file).running_plan(file.id, deadline=self._deadline)

    def _known(self) -> WriteResult | None:
        """What came of what the caller confirmed here, None if they never did; may raise `Pending`."""
        return self._seat.decider.known(self._seat.branch, self._seat.confirmation, PATIENCE)

    def _decide(self, wish: WriteCommand) -> WriteResult:
        """Have it sent, once; may raise `Pending`, and `StoreDown` when nobody will send it."""
        return self._seat.decider.decide(self._seat.branch, self._seat.confirmation, wish, PATIENCE)

    def _asking(self, number: str, pin: str) -> Callable[[], Proven | None]:
        def ask() -> Proven | None:
            found = self._tagor.file_by_pin(number, pin, deadline=self._deadline)
            if found is None:
                return None
            keep = f"{number}:{pin}" if self._office.tagor.pin_scheme else None
            return Proven(found.file, number, found.party, credential=keep)

        return ask

    def _check(
        self, file: str, ask: Callable[[], Proven | None], *, named: bool
    ) -> Proven | Literal["wrong", "spent"]:
        """Count the try, then ask; give it back when it was right, or certainly never reached Tagor."""
        tried = self._tries.count_attempt(
            self._office.key, file, caller=self._caller or None, named=named, now=self._now
        )
        if isinstance(tried, BudgetExhausted):
            return "spent" if tried.reason in OFFICE_BUDGETS else "wrong"
        self.checked = True
        try:
            found = ask()
        except TagorUnreachable as trouble:
            if not trouble.sent:
                self._tries.give_back(tried)
            raise
        if found is None:
            return "wrong"
        self._tries.give_back(tried)
        return found

    def _acting(self, file: IdentifiedFile) -> Tagor:
        """Tagor as the defendant, where the office lets Tagor itself guard who sees what."""
        if file.credential is None:
            return self._tagor
        number, _, pin = file.credential.partition(":")
        return self._tagor.acting_as(FilePin(number, pin))
