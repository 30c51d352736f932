"""Holds what is known of one scenario: its deployment, its calls, what struck it, and what it broke."""

from datetime import date, datetime
from typing import Protocol

from bridge.office.model import Office
from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.rehearsal.judging.odd_answers import OddAnswers
from bridge.simulators.rehearsal.judging.privacy import openings
from bridge.simulators.rehearsal.judging.prompt_recognition import PromptRecognizer
from bridge.simulators.tagor import Case, StandIn
from bridge.simulators.tagor.journal import Entry


class JudgedDeployment(Protocol):
    """What is judged: a simulated deployment, or a real one."""

    tagor: StandIn
    cases: tuple[Case, ...]
    office: Office

    def tagor_now(self) -> datetime:
        """Return the time as Tagor has it."""

    def decisions(self, which: str) -> int:
        """Return how many decisions there are for which this SQL condition holds."""

    def jobs(self, which: str) -> int:
        """Return how many jobs of the outbox there are for which this SQL condition holds."""


class ScenarioRecord:
    """What all judges of one scenario share.

    - `calls` are the calls that began; `broken` holds each broken promise as a sentence that begins with its
      name.
    - `file_ids` gives a file's id by its number, `file_numbers` the number by the id.
    - `clock_jumped` and `faulted` say that the bridge's clock was set, and that any fault has struck: some
      things can then not be told apart from what is allowed. `undelivered`: a reply may have got lost.
    - `end_unheard`: the line may never have learnt that a call was over, or lost what it wrote down.
    - `odd_answers`: what Tagor told otherwise than it is.
    - `journal_swept`: so much time passed that settled decisions were deleted, while their tasks stay.
    """

    def __init__(self, deployment: JudgedDeployment, recognizer: PromptRecognizer, today: date) -> None:
        self.deployment, self.recognizer, self.today = deployment, recognizer, today
        files = [*openings(deployment.cases)]
        self.file_numbers = {file_id: file for _, file, file_id in files}
        self.file_ids = {file: file_id for _, file, file_id in files}
        self.calls: list[ObservedCall] = []
        self.broken: list[str] = []
        self.clock_jumped = self.faulted = self.undelivered = self.journal_swept = False
        self.end_unheard = False
        self.odd_answers = OddAnswers()

    def violated(self, promise: str, what: str) -> None:
        """Note a broken promise, once."""
        if (sentence := f"{promise}: {what}") not in self.broken:
            self.broken.append(sentence)

    def about(self, file: str) -> list[ObservedCall]:
        """Return the calls whose caller proved a file, given by its number."""
        return [call for call in self.calls if file in call.files]

    def journal(self) -> list[Entry]:
        """Return what Tagor was asked so far."""
        # The stand-in's public form copies every entry into a dict, for every single request.
        return list(self.deployment.tagor.handler.journal._entries)  # noqa: SLF001 - as the comment says

    def answers(self) -> list[dict[str, str]]:
        """Return the rows of Tagor's table of answers to questionnaires."""
        answers: list[dict[str, str]] = self.deployment.tagor.table("solvency")
        return answers

    def contacts(self) -> list[dict[str, str]]:
        """Return the rows of Tagor's table of contacts."""
        contacts: list[dict[str, str]] = self.deployment.tagor.table("contacts")
        return contacts
