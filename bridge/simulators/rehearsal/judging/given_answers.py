"""Judges what callers answered in the office's questionnaire: only their own answers, each kept once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.tagor.journal import Entry
from bridge.simulators.tagor.solvency import QUESTIONNAIRES

SAVE = "SolvencyReport/Save"
_ASKED_BY = ("Question.four", "Question.yes_no", "Question.ask_amount", "Question.ask_number")
_KEYED = ("Question.ask_amount", "Question.ask_number")
_KINDS = {str(question.id): question for asked in QUESTIONNAIRES.values() for question in asked}
_AMOUNT = re.compile(r"([0-9]+)(?:\*([0-9]{2})?)?")


def press_answer(call: ObservedCall, keys: str) -> None:
    """Note the keys that a caller presses at a question; what they mean depends on the question."""
    if call.question in _KEYED:  # a figure may be keyed in pieces, until the hash
        earlier = {pressed for prompt, pressed in call.pressed if prompt == call.question}
        pieces = {piece for piece in earlier if "#" not in piece}
        call.pressed |= {(call.question, piece + keys) for piece in ("", *pieces)}
    elif call.question in _ASKED_BY:
        call.pressed.add((call.question, keys[:1]))
        if len(keys) > 1:  # the second key may answer the next question before it is heard
            call.pressed |= {(prompt, keys[1:]) for prompt in _ASKED_BY}


def judge_answers(
    rows: Iterable[Mapping[str, str]], calls: Sequence[ObservedCall], numbers: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the answers (rows of Tagor's table), with the promise that it breaks.

    `numbers` are the numbers of files by their ids.
    """
    for row in rows:
        about = [call for call in calls if numbers[row["file_id"]] in call.files]
        pressed = {one for call in about for one in call.pressed}
        if row["value"] not in {value for one in pressed for value in _values(row["question_id"], *one)}:
            yield "INV2", "an answer is on a file that no caller gave"


def judge_once(journal: Iterable[Entry], calls: Sequence[ObservedCall]) -> Iterator[str]:
    """Yield how often an answer was saved again; two calls may answer the same question at the same time."""
    if sum(bool(call.pressed) for call in calls) > 1:
        return
    saved = Counter(str(entry.fields) for entry in journal if entry.operation == SAVE and entry.effect)
    if any(times > 1 for times in saved.values()):
        yield "the same answers were saved twice"


def _values(question: str, prompt: str, keys: str) -> Iterator[str]:
    """Yield the answers to a question (id) that these keys may mean where this prompt asks."""
    asked = _KINDS[question]
    match asked.type, prompt:
        case "combo", "Question.four":
            choices = [choice.partition("=")[0] for choice in asked.description.split(",")]
            yield from (code for key, code in enumerate(choices, 1) if str(key) == keys)
        case "logical", "Question.yes_no":
            yield from {"1": ["true"], "2": ["false"]}.get(keys, [])
        case "decimal", "Question.ask_amount":
            if amount := _AMOUNT.fullmatch(keys.rstrip("#")):
                yield str(Decimal(f"{amount[1]}.{amount[2] or '00'}"))
        case "integer", "Question.ask_number":
            if keys.rstrip("#").isdecimal():
                yield str(int(keys.rstrip("#")))
