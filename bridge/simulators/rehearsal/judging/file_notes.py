"""Judges what a call leaves on a file: one note of what was heard, and a task where one was promised."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence

import voice_flows
from bridge.conversation.at_most_once.task_texts import TASKS
from bridge.simulators.rehearsal.judging.flow_facts import FLOW_FACTS
from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.rehearsal.judging.prompt_recognition import LANGUAGES
from bridge.simulators.tagor.records import InfoRecord

TASK_BEGINNINGS = tuple(text.partition("{")[0] for text in TASKS.values())
"""How every task begins that an employee gets about an unclear decision."""
_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")


def _note_sentences(language: str) -> dict[str, re.Pattern[str]]:
    """Return what notes may say in a language: patterns by `Flow.step.exit`."""
    tables = tomllib.loads((voice_flows.NOTES / f"{language}.toml").read_text("utf-8"))
    return {
        f"{flow}.{exit_}": re.compile(_PLACEHOLDER.sub(".+?", re.escape(sentence)))
        for flow, sentences in tables.items()
        for exit_, sentence in sentences.items()
    }


NOTE_SENTENCES = {language: _note_sentences(language) for language in LANGUAGES}
_LONGEST_FIRST = sorted(
    ((mark, pattern) for sentences in NOTE_SENTENCES.values() for mark, pattern in sentences.items()),
    key=lambda one: -len(one[1].pattern),
)
NOT_AGREED_BEGINNINGS = tuple(sentences["Task.not_agreed"] for sentences in NOTE_SENTENCES.values())
MOVED_BEGINNINGS = tuple(sentences["Task.moved"] for sentences in NOTE_SENTENCES.values())
DISPUTED_BEGINNINGS = tuple(
    pattern
    for sentences in NOTE_SENTENCES.values()
    for mark, pattern in sentences.items()
    if mark.startswith("Task.disputed_")
)
MISSING_PAYMENT_BEGINNINGS = tuple(sentences["Task.paid"] for sentences in NOTE_SENTENCES.values())
UNAPPROVED_BEGINNINGS = tuple(sentences["Task.unapproved"] for sentences in NOTE_SENTENCES.values())
UNCONFIRMED_BEGINNINGS = tuple(sentences["Task.unconfirmed"] for sentences in NOTE_SENTENCES.values())
NOTE_BEGINNINGS = tuple(sentences["Note.begin"] for sentences in NOTE_SENTENCES.values())
NOT_OF_A_STEP = ("Note.", "Task.")
MUST_BE_HEARD = {
    mark: prompts
    for mark in NOTE_SENTENCES["nl"]
    if not mark.startswith(NOT_OF_A_STEP) and (prompts := FLOW_FACTS.words_after(mark))
}
"""What a note says happened, with the prompts one of which the caller must have heard then."""


def is_note(record: InfoRecord) -> bool:
    """Whether a record is the note of a call."""
    return any(beginning.match(record.text) for beginning in NOTE_BEGINNINGS)


def is_task(record: InfoRecord) -> bool:
    """Whether a record asks an employee to look after an unclear decision."""
    return record.text.startswith(TASK_BEGINNINGS)


def is_task_of_a_plan_not_agreed(record: InfoRecord) -> bool:
    """Whether a record asks an employee to contact a caller who did not accept the plan that Tagor made."""
    return any(beginning.match(record.text) for beginning in NOT_AGREED_BEGINNINGS)


def is_task_to_confirm(record: InfoRecord) -> bool:
    """Whether a record asks an employee to confirm a plan, as its caller was promised."""
    return any(beginning.match(record.text) for beginning in UNCONFIRMED_BEGINNINGS)


def is_task_about_a_plan(record: InfoRecord) -> bool:
    """Whether a record asks an employee to look at a plan that was requested by phone and not approved."""
    waiting = any(beginning.match(record.text) for beginning in UNAPPROVED_BEGINNINGS)
    return waiting or is_task_of_a_plan_not_agreed(record) or is_task_to_confirm(record)


def is_task_for_a_plan(record: InfoRecord) -> bool:
    """Whether an employee gets to see a plan by this record, also because nobody knows what came of it."""
    return is_task_about_a_plan(record) or is_task(record)


def is_task_of_a_new_address(record: InfoRecord) -> bool:
    """Whether a record asks an employee to ask a caller for their new address."""
    return any(beginning.match(record.text) for beginning in MOVED_BEGINNINGS)


def is_task_of_a_dispute(record: InfoRecord) -> bool:
    """Whether a record asks an employee to look into a claim that its caller does not agree with."""
    return any(beginning.match(record.text) for beginning in DISPUTED_BEGINNINGS)


def is_task_of_a_missing_payment(record: InfoRecord) -> bool:
    """Whether a record asks an employee to look for a payment that its caller says to have made."""
    return any(beginning.match(record.text) for beginning in MISSING_PAYMENT_BEGINNINGS)


CONTACT_TASKS = {
    "NotAccepted.tell": is_task_of_a_plan_not_agreed,
    "Unconfirmed.tell": is_task_to_confirm,
    "Moved.tell": is_task_of_a_new_address,
    "Dispute.noted": is_task_of_a_dispute,
}
"""Prompts that promise a caller to hear from an employee, with what tells that employee's task."""


def marks_in(note: str) -> set[str]:
    """Return what a note says happened: the longest sentence that fits is the one that was written."""
    found = set[str]()
    for mark, pattern in _LONGEST_FIRST:
        note, times = pattern.subn(" ", note)
        if times:
            found.add(mark)
    return found


def judge_notes(
    notes: Sequence[str], calls: Sequence[ObservedCall], file: str, *, at_most: bool, all_delivered: bool
) -> Iterator[str]:
    """Yield what is wrong with the notes on a file, given all calls in which its PIN was keyed in.

    Whoever heard a balance left one note and nobody two. `at_most` forgives notes that are written twice;
    only where the replies were `all_delivered`, what left in a reply was also heard.
    """
    fewest = sum(file in call.balances for call in calls)
    kept = notes[: len(calls)] if at_most else notes
    if not fewest <= len(kept) <= len(calls) or len(set(kept)) < len(kept):
        yield f"{len(kept)} notes on a file, and {fewest} to {len(calls)} calls about it"
    written = Counter(mark for note in kept for mark in marks_in(note))
    for mark, prompts in MUST_BE_HEARD.items() if all_delivered else ():
        heard = sum(not prompts.isdisjoint(call.prompts) for call in calls)
        if written[mark] > heard:
            yield f"{mark} was noted {written[mark]} times, and heard in {heard} calls"


def judge_contacts(records: Sequence[InfoRecord], calls: Sequence[ObservedCall]) -> Iterator[str]:
    """Yield the promises that an employee gets in touch which no task on the file tells an employee of."""
    for prompt, is_its_task in CONTACT_TASKS.items():
        tasks = sum(map(is_its_task, records))
        promised = sum(prompt in call.prompts for call in calls)
        if tasks < promised:
            yield f"{promised} callers heard {prompt}, and {tasks} tasks say so"


def judge_disputes(records: Sequence[InfoRecord], calls: Sequence[ObservedCall]) -> Iterator[str]:
    """Yield that more disputes or missing payments were passed on to employees than callers confirmed."""
    tasks = sum(map(is_task_of_a_dispute, records))
    confirmed = sum(len(call.disputed) for call in calls)
    if tasks > confirmed:
        yield f"{tasks} disputes were passed on, and {confirmed} confirmed"
    searches = sum(map(is_task_of_a_missing_payment, records))
    missed = sum(call.misses_payment for call in calls)
    if searches > missed:
        yield f"{searches} missing payments were passed on, and {missed} callers missed one"
