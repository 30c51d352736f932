"""Who is calling: Tagor checks the proof, and every check is counted against the PIN budgets before it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import structlog

from bridge.conversation.prefetch import TagorQuestion
from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.defendants import Defendants
from bridge.conversation.services.offering import hinted_files
from bridge.office.model import Office
from bridge.store.errors import StoreDown
from bridge.store.pin_attempts import BudgetExhausted, KnownWrong, PinAttempt, PinLimits
from bridge.tagor import Reference, TagorInvalidResponse, is_sendable
from voice_flows.answers import Checked, Hint, HintedFile, OpenedFile
from voice_flows.services import Identification, ProofMethod

log = structlog.get_logger()

OFFICE_BUDGETS = ("office_hour", "office_day")

_Ask = Callable[[], OpenedFile | None]
_Answer = OpenedFile | None | Exception
"""A file that is proven, a no, or why Tagor gave no verdict."""


def pin_limits(office: Office) -> PinLimits:
    """Give the PIN budgets of an office; those of all its callers together are its own choice."""
    rules = office.identification
    return PinLimits(office_hour=rules.max_failures_hour, office_day=rules.max_failures_day)


@dataclass(slots=True, repr=False)
class IdentificationService(Identification):
    """Checks what a caller offers as a proof.

    `method` is how this office lets callers prove who they are. `tagor_asked` tells whether Tagor was asked
    about any proof. No caller may learn that from the time an answer takes, so `ConstantTime` needs to know
    it.

    Every check raises `TagorError` when Tagor gives no usable answer in time, and `StoreDown` when the
    attempt cannot be counted: then Tagor is not asked.
    """

    scope: ActionScope
    method: ProofMethod
    tagor_asked: bool = False

    def by_caller_number(self, number: str) -> Hint | None:
        """Give the defendant that a phone number (E.164) belongs to, None if Tagor knows none."""
        found = self.scope.tagor.callers.by_number(number, deadline=self.scope.deadline)
        if found is None:
            return None
        language = found.language if found.language in self.scope.office.languages else None
        files = hinted_files(found)
        if self.method == "caller_number" and len(files) < len(found.files):
            files = ()  # a number that stands for several files must not prove the only one that is left
        return Hint(language, files)

    def by_hinted_files(self, files: Sequence[HintedFile], pin: str, round_number: int) -> list[OpenedFile]:
        """Give those of the hinted files that this PIN opens; each check counts as a silent attempt."""
        asks = [(file.number, partial(self._open_by_pin, file.number, pin)) for file in files]
        checked = self._check(asks, pin, round_number, hinted=[file.id for file in files])
        # Tagor finds files by number here, so only the same id shows that it is the file it hinted at.
        opened = zip(files, checked, strict=True)
        return [found for file, found in opened if isinstance(found, OpenedFile) and found.id == file.id]

    def by_pin(self, number: str, pin: str, round_number: int) -> Checked:
        """Check whether this PIN opens the file with this number; unknown and locked files are `wrong`."""
        ask = partial(self._open_by_pin, number, pin)
        return self._check([(number, ask)], pin, round_number)[0]

    def is_spent(self) -> bool:
        """Tell whether this office has no attempts left, before the caller keys anything in."""
        scope = self.scope
        if self.method == "caller_number":
            return False  # this way keys in nothing that could be guessed
        office, attempts = scope.office, scope.pin_attempts
        try:
            return not attempts.had_plenty(office.key, scope.now) and attempts.is_office_exhausted(
                office.key, scope.now, pin_limits(office)
            )
        except StoreDown:
            return False  # the attempt itself finds out, and leads to a person as well

    def by_reference(self, reference: str, pin: str, round_number: int) -> Checked:
        """Check whether this PIN opens the file behind a reference; the file comes with its own number.

        Its party is the only defendant, or among several the one whose PIN Tagor says it is.
        """
        tagor, deadline = self.scope.tagor, self.scope.deadline
        checked = self._check_reference(
            reference, pin, round_number, lambda file: tagor.callers.pin_opens(file, pin, deadline=deadline)
        )
        return checked if isinstance(checked, str) else self._defendants.named(checked, pin)

    def by_house_number(self, reference: str, house_number: str, round_number: int) -> Checked:
        """Check whether a defendant on the file behind this reference lives at this house number."""
        return self._check_reference(
            reference, house_number, round_number, lambda file: self._place(file, house_number) is not None
        )

    def by_residence(self, opened: OpenedFile, house_number: str) -> OpenedFile | None:
        """Give the opened file if a defendant lives at this house number, with the party if it is theirs."""
        place = self._place(opened.id, house_number)
        return None if place is None else self._defendants.at(opened, place)

    @property
    def _defendants(self) -> Defendants:
        return Defendants(self.scope)

    def _place(self, file: str, house_number: str) -> int | None:
        """Give the number of the defendant on this file (id) who lives at this house number."""
        tagor, deadline = self.scope.tagor, self.scope.deadline
        return tagor.callers.by_house_number(file, house_number, deadline=deadline)

    def _open_by_pin(self, number: str, pin: str) -> OpenedFile | None:
        """Ask Tagor whether this PIN opens the file with this number."""
        found = self.scope.tagor.callers.by_pin(number, pin, deadline=self.scope.deadline)
        if found is None:
            return None
        if not is_sendable("the file id", found.file):
            raise TagorInvalidResponse("TagorService/PinToFile", "the file's id is none: ask the vendor.")
        keep = f"{number}:{pin}" if self.scope.office.tagor.pin_scheme else None
        # A party that Tagor could not be asked about is as good as none.
        party = found.party if is_sendable("the party id", found.party) else None
        return OpenedFile(found.file, number, party, credential=keep)

    def _check_reference(
        self, reference: str, proof: str, round_number: int, opens: Callable[[str], bool]
    ) -> Checked:
        """Find the file behind a reference and check a proof on it; finding it proves and costs nothing.

        The attempt that follows is counted on that file: several references lead to one file, and each of
        them must not have a budget of its own.
        """
        if self.is_spent():
            return "spent"
        found = self.scope.tagor.callers.by_reference(reference, deadline=self.scope.deadline)
        if isinstance(found, Reference) and not is_sendable("the file id", found.file):
            raise TagorInvalidResponse("TagorService/GetVoxtronReferentie", "the id is none: ask the vendor.")

        def ask() -> OpenedFile | None:
            if not isinstance(found, Reference) or not opens(found.file):
                return None
            return OpenedFile(found.file, reference, None, found.defendants)

        file = found.file if isinstance(found, Reference) else reference
        checked = self._check([(file, ask)], proof, round_number)[0]
        # Only now: the attempt is settled, so that what goes wrong here gives no guess back.
        return checked if isinstance(checked, str) else self._defendants.numbered(checked)

    def _check(
        self, asks: Sequence[tuple[str, _Ask]], proof: str, round_number: int, *, hinted: Sequence[str] = ()
    ) -> list[Checked]:
        """Count an attempt on each file, then ask Tagor about all of them at the same time.

        `asks` are files with their questions; `hinted` are their ids when the caller's number hinted at them,
        so that the attempts are silent.
        """
        scope, answers = self.scope, dict[int, _Answer]()
        attempts = scope.pin_attempts.count_attempts(
            scope.office.key,
            [file for file, _ in asks],
            caller=scope.caller or None,
            named=not hinted,
            now=scope.now,
            guess=(scope.call_id, str(round_number), proof),
            limits=pin_limits(scope.office),
        )
        counted = {place: one for place, one in enumerate(attempts) if isinstance(one, PinAttempt)}
        self.tagor_asked = bool(counted)
        prefetcher = scope.office_context.prefetcher
        questions = {
            place: TagorQuestion(("attempt", one.id), asks[place][1]) for place, one in counted.items()
        }
        for question in list(questions.values())[1:]:  # this thread itself asks the first
            prefetcher.start(question)
        for place, question in questions.items():
            try:
                answers[place] = prefetcher.answer(question, scope.deadline)
            except Exception as trouble:  # noqa: BLE001 - raised once all attempts are settled
                answers[place] = trouble
        self._settle([(counted[place], answer) for place, answer in answers.items()], hinted)
        checked = list[Checked]()
        for place, attempt in enumerate(attempts):
            answer = answers.get(place)
            checked.append(answer if isinstance(answer, OpenedFile) else self._refusal(attempt))
        return checked

    def _refusal(self, attempt: PinAttempt | KnownWrong | BudgetExhausted) -> Literal["wrong", "spent"]:
        """Say what a caller hears whose attempt failed or was not counted."""
        if isinstance(attempt, BudgetExhausted) and attempt.reason in OFFICE_BUDGETS:
            log.error("pin_budget_exhausted", office=self.scope.office.key, reason=attempt.reason)
            return "spent"
        # A locked file must sound like a wrong PIN: else the lock tells a stranger that the file exists.
        return "wrong"

    def _settle(self, answers: Sequence[tuple[PinAttempt, _Answer]], hinted: Sequence[str]) -> None:
        """Write down what Tagor said of attempts, and raise what left one of them without a verdict.

        An attempt without a verdict is given back: the caller learns nothing then, and an outage must not
        lock files that nobody guessed at.
        """
        wrong = [attempt for attempt, answer in answers if answer is None]
        # Of two who ask the same at the same time neither knows what the other one hears, so one that repeats
        # an attempt leaves it counted when there is no verdict.
        given_back = [
            attempt
            for attempt, answer in answers
            if isinstance(answer, OpenedFile) or (isinstance(answer, Exception) and not attempt.repeated)
        ]
        troubles = [answer for _, answer in answers if isinstance(answer, Exception)]
        right = [answer for _, answer in answers if isinstance(answer, OpenedFile) and answer.id in hinted]
        days = [(self.scope.office.key, found.number) for found in right]
        try:
            self.scope.pin_attempts.settle(given_back=given_back, wrong=wrong, fresh=days)
        except StoreDown:
            # Attempts stay counted, which is the safe side; a no that is not noted is asked for once more.
            if len(wrong) + len(troubles) < len(answers):
                raise
        if troubles:
            raise troubles[0]
