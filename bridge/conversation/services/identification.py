"""Who is calling: Tagor checks the proof, and every check is counted against the PIN budgets before it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Literal

from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.offering import hinted_files, known_party
from bridge.store.errors import StoreDown
from bridge.store.pin_attempts import BudgetExhausted, PinAttempt
from bridge.tagor import Reference, TagorInvalidResponse, is_sendable
from voice_flows.answers import Checked, Hint, HintedFile, OpenedFile
from voice_flows.services import Identification, ProofMethod

OFFICE_BUDGETS = ("office_hour", "office_day")


class IdentificationService(Identification):
    """Checks what a caller offers as a proof.

    `tagor_asked` tells whether Tagor was asked about any proof. No caller may learn that from the time an
    answer takes, so `ConstantTime` needs to know it.

    Every check raises `TagorError` when Tagor gives no usable answer in time, and `StoreDown` when the
    attempt cannot be counted: then Tagor is not asked.
    """

    def __init__(self, scope: ActionScope) -> None:
        self._scope = scope
        self.tagor_asked = False

    @property
    def method(self) -> ProofMethod:
        """How this office lets callers prove who they are."""
        return self._scope.office.identification.way

    def by_caller_number(self, number: str) -> Hint | None:
        """Give the defendant that a phone number (E.164) belongs to, None if Tagor knows none."""
        found = self._scope.tagor.callers.by_number(number, deadline=self._scope.deadline)
        if found is None:
            return None
        language = found.language if found.language in self._scope.office.languages else None
        files = hinted_files(found)
        if self.method == "caller_number" and len(files) < len(found.files):
            files = ()  # a number that stands for several files must not prove the only one that is left
        return Hint(language, files)

    def by_hinted_files(self, files: Sequence[HintedFile], pin: str) -> list[OpenedFile]:
        """Give those of the hinted files that this PIN opens; each check counts as a silent attempt."""
        opened = [(file, self._check_pin(file.number, pin, named=False)) for file in files]
        # Tagor finds files by number here, so only the same id shows that it is the file it hinted at.
        proven = [found for file, found in opened if not isinstance(found, str) and found.id == file.id]
        for found in proven:
            self._scope.pin_attempts.reset_daily(self._scope.office.key, found.number)
        return proven

    def by_pin(self, number: str, pin: str) -> Checked:
        """Check whether this PIN opens the file with this number; unknown and locked files are `wrong`."""
        return self._check_pin(number, pin, named=True)

    def by_reference(self, reference: str, pin: str) -> Checked:
        """Check whether this PIN opens the file behind a reference."""
        attempt = self._count_attempt(reference, named=True)
        if isinstance(attempt, str):
            return attempt
        tagor, deadline = self._scope.tagor, self._scope.deadline
        with self._given_back_without_verdict(attempt):
            found = tagor.callers.by_reference(reference, deadline=deadline)
            if not isinstance(found, Reference) or not tagor.callers.pin_opens(
                found.file, pin, deadline=deadline
            ):
                return "wrong"
        self._scope.pin_attempts.give_back(attempt)
        return OpenedFile(found.file, reference, None, found.defendants)

    def by_house_number(self, reference: str, house_number: str) -> Checked:
        """Check whether a defendant on the file behind this reference lives at this house number."""
        attempt = self._count_attempt(reference, named=True)
        if isinstance(attempt, str):
            return attempt
        with self._given_back_without_verdict(attempt):
            found = self._scope.tagor.callers.by_reference(reference, deadline=self._scope.deadline)
            if not isinstance(found, Reference) or not self.lives_at(found.file, house_number):
                return "wrong"
        self._scope.pin_attempts.give_back(attempt)
        return OpenedFile(found.file, reference, None, found.defendants)

    def lives_at(self, file: str, house_number: str) -> bool:
        """Tell whether a defendant on this file (id) lives at this house number."""
        tagor, deadline = self._scope.tagor, self._scope.deadline
        return tagor.callers.by_house_number(file, house_number, deadline=deadline) is not None

    def _check_pin(self, number: str, pin: str, *, named: bool) -> Checked:
        attempt = self._count_attempt(number, named=named)
        if isinstance(attempt, str):
            return attempt
        with self._given_back_without_verdict(attempt):
            found = self._scope.tagor.callers.by_pin(number, pin, deadline=self._scope.deadline)
            if found is not None and not is_sendable("the file id", found.file):
                raise TagorInvalidResponse("TagorService/PinToFile", "the file's id is none: ask the vendor.")
        if found is None:
            return "wrong"
        self._scope.pin_attempts.give_back(attempt)
        keep = f"{number}:{pin}" if self._scope.office.tagor.pin_scheme else None
        return OpenedFile(found.file, number, known_party(found.party), credential=keep)

    def _count_attempt(self, file: str, *, named: bool) -> PinAttempt | Literal["wrong", "spent"]:
        """Count one attempt on a file before Tagor is asked, or say what the caller hears instead."""
        attempt = self._scope.pin_attempts.count_attempt(
            self._scope.office.key, file, caller=self._scope.caller or None, named=named, now=self._scope.now
        )
        if isinstance(attempt, BudgetExhausted):
            # A locked file must sound like a wrong PIN: else the lock tells a stranger that the file exists.
            return "spent" if attempt.reason in OFFICE_BUDGETS else "wrong"
        self.tagor_asked = True
        return attempt

    @contextmanager
    def _given_back_without_verdict(self, attempt: PinAttempt) -> Iterator[None]:
        """Give an attempt back when Tagor did not say whether the proof is right.

        The caller learns nothing then, and an outage must not lock files that nobody guessed at.
        """
        try:
            yield
        except Exception:
            with suppress(StoreDown):  # then it stays counted, which is the safe side
                self._scope.pin_attempts.give_back(attempt)
            raise
