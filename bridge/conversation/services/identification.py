"""Who is calling: Tagor checks the proof, and every check is counted against the PIN budgets before it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Literal

import structlog

from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.offering import hinted_files, known_party
from bridge.office.model import Office
from bridge.store.errors import StoreDown
from bridge.store.pin_attempts import BudgetExhausted, KnownWrong, PinAttempt, PinLimits
from bridge.tagor import LookupMiss, Reference, TagorInvalidResponse, is_sendable
from voice_flows.answers import Checked, Hint, HintedFile, OpenedFile
from voice_flows.services import Identification, ProofMethod

log = structlog.get_logger()

OFFICE_BUDGETS = ("office_hour", "office_day")


def pin_limits(office: Office) -> PinLimits:
    """Give the PIN budgets of an office; those of all its callers together are its own choice."""
    rules = office.identification
    return PinLimits(office_hour=rules.max_failures_hour, office_day=rules.max_failures_day)


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

    def by_hinted_files(self, files: Sequence[HintedFile], pin: str, round_number: int) -> list[OpenedFile]:
        """Give those of the hinted files that this PIN opens; each check counts as a silent attempt."""
        opened = [(file, self._check_pin(file.number, pin, round_number, named=False)) for file in files]
        # Tagor finds files by number here, so only the same id shows that it is the file it hinted at.
        proven = [found for file, found in opened if not isinstance(found, str) and found.id == file.id]
        for found in proven:
            self._scope.pin_attempts.reset_daily(self._scope.office.key, found.number)
        return proven

    def by_pin(self, number: str, pin: str, round_number: int) -> Checked:
        """Check whether this PIN opens the file with this number; unknown and locked files are `wrong`."""
        return self._check_pin(number, pin, round_number, named=True)

    def is_spent(self) -> bool:
        """Tell whether this office has no attempts left, before the caller keys anything in."""
        scope = self._scope
        if self.method == "caller_number":
            return False  # this way keys in nothing that could be guessed
        try:
            return scope.pin_attempts.is_office_exhausted(
                scope.office.key, scope.now, pin_limits(self._scope.office)
            )
        except StoreDown:
            return False  # the attempt itself finds out, and leads to a person as well

    def by_reference(self, reference: str, pin: str, round_number: int) -> Checked:
        """Check whether this PIN opens the file behind a reference."""
        found = self._find_reference(reference)
        if found == "spent":
            return "spent"
        file = found.file if isinstance(found, Reference) else reference
        attempt = self._count_attempt(file, pin, round_number, named=True)
        if isinstance(attempt, str):
            return attempt
        tagor, deadline = self._scope.tagor, self._scope.deadline
        with self._given_back_without_verdict(attempt):
            opened = isinstance(found, Reference) and tagor.callers.pin_opens(file, pin, deadline=deadline)
        return self._judge(attempt, found if opened else None, reference)

    def by_house_number(self, reference: str, house_number: str, round_number: int) -> Checked:
        """Check whether a defendant on the file behind this reference lives at this house number."""
        found = self._find_reference(reference)
        if found == "spent":
            return "spent"
        file = found.file if isinstance(found, Reference) else reference
        attempt = self._count_attempt(file, house_number, round_number, named=True)
        if isinstance(attempt, str):
            return attempt
        with self._given_back_without_verdict(attempt):
            lives = isinstance(found, Reference) and self.lives_at(file, house_number)
        return self._judge(attempt, found if lives else None, reference)

    def lives_at(self, file: str, house_number: str) -> bool:
        """Tell whether a defendant on this file (id) lives at this house number."""
        tagor, deadline = self._scope.tagor, self._scope.deadline
        return tagor.callers.by_house_number(file, house_number, deadline=deadline) is not None

    def _check_pin(self, number: str, pin: str, round_number: int, *, named: bool) -> Checked:
        attempt = self._count_attempt(number, pin, round_number, named=named)
        if isinstance(attempt, str):
            return attempt
        with self._given_back_without_verdict(attempt):
            found = self._scope.tagor.callers.by_pin(number, pin, deadline=self._scope.deadline)
            if found is not None and not is_sendable("the file id", found.file):
                raise TagorInvalidResponse("TagorService/PinToFile", "the file's id is none: ask the vendor.")
        if found is None:
            self._record_wrong(attempt)
            return "wrong"
        self._scope.pin_attempts.give_back(attempt)
        keep = f"{number}:{pin}" if self._scope.office.tagor.pin_scheme else None
        return OpenedFile(found.file, number, known_party(found.party), credential=keep)

    def _find_reference(self, reference: str) -> Reference | LookupMiss | Literal["spent"]:
        """Find the file behind a reference; that is no proof, so it costs no attempt.

        The attempt that follows is counted on that file: several references lead to one file, and each of
        them must not have a budget of its own.
        """
        if self.is_spent():
            return "spent"
        found = self._scope.tagor.callers.by_reference(reference, deadline=self._scope.deadline)
        if isinstance(found, Reference) and not is_sendable("the file id", found.file):
            raise TagorInvalidResponse("TagorService/GetVoxtronReferentie", "the id is none: ask the vendor.")
        return found

    def _judge(self, attempt: PinAttempt, opened: Reference | LookupMiss | None, reference: str) -> Checked:
        """Give an attempt on a reference back when it opened the file, else remember that it was wrong."""
        if not isinstance(opened, Reference):
            self._record_wrong(attempt)
            return "wrong"
        self._scope.pin_attempts.give_back(attempt)
        return OpenedFile(opened.file, reference, None, opened.defendants)

    def _count_attempt(
        self, file: str, proof: str, round_number: int, *, named: bool
    ) -> PinAttempt | Literal["wrong", "spent"]:
        """Count one attempt on a file before Tagor is asked, or say what the caller hears instead."""
        scope = self._scope
        attempt = scope.pin_attempts.count_attempt(
            scope.office.key,
            file,
            caller=scope.caller or None,
            named=named,
            now=scope.now,
            guess=(scope.call_id, str(round_number), proof),
            limits=pin_limits(self._scope.office),
        )
        if isinstance(attempt, KnownWrong):
            return "wrong"
        if isinstance(attempt, BudgetExhausted):
            if attempt.reason in OFFICE_BUDGETS:
                log.error("pin_budget_exhausted", office=scope.office.key, reason=attempt.reason)
                return "spent"
            # A locked file must sound like a wrong PIN: else the lock tells a stranger that the file exists.
            return "wrong"
        self.tagor_asked = True
        return attempt

    def _record_wrong(self, attempt: PinAttempt) -> None:
        """Remember Tagor's no; where that fails the same guess is asked once more, and still counts once."""
        with suppress(StoreDown):
            self._scope.pin_attempts.record_wrong(attempt)

    @contextmanager
    def _given_back_without_verdict(self, attempt: PinAttempt) -> Iterator[None]:
        """Give an attempt back when Tagor did not say whether the proof is right.

        The caller learns nothing then, and an outage must not lock files that nobody guessed at.
        """
        try:
            yield
        except Exception:
            # Of two who ask the same at the same time neither knows what the other one hears, so one that
            # repeats an attempt leaves it counted. So does a store that is down: that is the safe side.
            if not attempt.repeated:
                with suppress(StoreDown):
                    self._scope.pin_attempts.give_back(attempt)
            raise
