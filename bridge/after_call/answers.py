"""Saves what a caller answered of a questionnaire that broke off: the next call goes on from there."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from bridge.after_call.job_context import JobContext, details_of, map_tagor_errors
from bridge.after_call.outbox_worker import MarkSending, Retry
from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.store.job import Job, NewJob

LOOK_AGAIN = timedelta(minutes=1)
"""How long answers wait for a decision about the same questionnaire, which may be saving them now."""


class OpenDecisions(Protocol):
    """Knows which decisions are open, of an office (key)."""

    def is_blocked(self, office: str, file: str) -> bool:
        """Tell whether a decision on this subject is open, whichever call made it."""


class AnswersHandler:
    """Saves answers where Tagor has none: what an employee or a later call noted is not overwritten.

    Args:
        jobs: gives the office of a job.
        decisions: tells whether a decision may be saving the same answers.
    """

    def __init__(self, jobs: JobContext, decisions: OpenDecisions) -> None:
        self._jobs, self._decisions = jobs, decisions

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        """Tell whether every question has an answer, whoever gave it."""
        return None if self._missing(job) else ()

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        """Save the answers that are missing; none are left if the caller saved or dropped them."""
        if not details_of(job)["answers"]:
            return ()
        if self._decisions.is_blocked(job.office, _subject(job)):
            raise Retry(LOOK_AGAIN)
        with map_tagor_errors():
            missing = self._missing(job)
        if not missing:
            return ()
        sending()
        details, tagor = details_of(job), self._jobs.office_of(job).tagor
        with map_tagor_errors():
            tagor.questionnaires.save(
                details["questionnaire"],
                details["file"],
                details["party"],
                missing,
                deadline=self._jobs.deadline(),
            )
        return ()

    def _missing(self, job: Job) -> Mapping[str, str]:
        """Give those of the answers whose questions have none in Tagor."""
        details, tagor = details_of(job), self._jobs.office_of(job).tagor
        questions = tagor.questionnaires.questions(
            details["questionnaire"], details["file"], details["party"], deadline=self._jobs.deadline()
        )
        unanswered = {question.id for question in questions if not question.answer}
        return {question: answer for question, answer in details["answers"].items() if question in unanswered}


def _subject(job: Job) -> str:
    details = details_of(job)
    return WriteCommand("answers", details["file"], details["party"], code=details["questionnaire"]).subject
