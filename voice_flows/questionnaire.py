"""The office's questions about the caller's situation: asked one by one, saved at the end, taken up again."""

from collections.abc import Mapping
from typing import Literal

from bridge.flow import Flow, IdentifiedFile, ask, confirm, decide, do, end, menu, run, say, tells
from voice_flows.answers import GIVEN_ANSWERS, GivenAnswers, PhoneQuestion
from voice_flows.services import ActionContext

TWO, FOUR = 2, 4
"""The fewest choices that a question has, and the most: four take the key that skips the question."""
ONLY_TWO = "two choices"
"""The note that takes the key of a third choice away."""
MAX_MISSED = 2
"""How many questions in a row may stay without any answer before the questionnaire breaks off."""
YES_NO = {"1": "true", "2": "false"}

_QUESTIONS, _ASKED, _SKIPPED, _MISSED = "questions", "question", "questions skipped", "questions missed"


def given_here(context: ActionContext, file: IdentifiedFile) -> GivenAnswers:
    """Give what this caller answered on this file in this call, and nobody has saved."""
    questionnaire = context.questionnaires.named(context.language)
    noted = GivenAnswers.from_note(context.notes.get(GIVEN_ANSWERS))
    if noted is not None and (noted.file, noted.questionnaire) == (file.id, questionnaire):
        return noted
    return GivenAnswers(file.id, file.party or "", questionnaire, {})


def keep(context: ActionContext, file: IdentifiedFile, answers: Mapping[str, str]) -> None:
    """Keep these answers in the call; what it never saves is saved after it."""
    given = given_here(context, file)
    kept = GivenAnswers(given.file, given.party, given.questionnaire, answers)
    context.notes[GIVEN_ANSWERS] = kept.to_note()
    context.leave("answers")


def questions_noted(context: ActionContext) -> list[PhoneQuestion]:
    """Give the questions that had no answer when the caller came here."""
    noted = context.notes.get(_QUESTIONS)
    return [PhoneQuestion.from_text(text) for text in noted] if isinstance(noted, list) else []


def skipped(context: ActionContext) -> list[str]:
    """Give the ids of the questions that the caller skipped."""
    noted = context.notes.get(_SKIPPED)
    return noted if isinstance(noted, list) else []


def question_asked(context: ActionContext) -> PhoneQuestion:
    """Give the question that the caller is asked."""
    return PhoneQuestion.from_text(str(context.notes.get(_ASKED)))


def skip_question(context: ActionContext) -> None:
    """Leave the question that the caller is asked for another call."""
    context.notes[_SKIPPED] = [*skipped(context), question_asked(context).id]


def take(context: ActionContext, file: IdentifiedFile, answer: str) -> None:
    """Keep an answer to the question that the caller is asked."""
    context.notes[_MISSED] = 0
    keep(context, file, {**given_here(context, file).answers, question_asked(context).id: answer})


@tells("some", questions="count")
def find_questions(context: ActionContext, file: IdentifiedFile) -> Literal["some", "answered", "none"]:
    """Tell how many questions have no answer yet, neither in Tagor nor in this call."""
    questions = context.questionnaires.unanswered(file, context.questionnaires.named(context.language))
    given = given_here(context, file).answers
    left = [question for question in questions if question.id not in given]
    context.notes[_QUESTIONS] = [question.to_text() for question in left]
    context.notes[_SKIPPED] = []
    context.notes[_MISSED] = 0
    if not left:
        return "answered" if given else "none"
    context.tell(questions=len(left))
    return "some"


@tells("few", "four", "yes_no", "amount", "number", question="text")
@tells("few", "four", choice_1="text", choice_2="text", choice_3="text")
@tells("four", choice_4="text")
def next_question(
    context: ActionContext, file: IdentifiedFile
) -> Literal["few", "four", "yes_no", "amount", "number", "done", "stop"]:
    """Tell the next question; after the last one the questionnaire is done, if anything was answered."""
    given = given_here(context, file).answers
    over = {*given, *skipped(context)}
    question = next((one for one in questions_noted(context) if one.id not in over), None)
    if question is None:
        return "done" if given else "stop"
    context.notes[_ASKED] = question.to_text()
    context.tell(question=question.text)
    if question.kind != "choice":
        return question.kind
    words = [words for _, words in question.choices]
    context.notes[ONLY_TWO] = len(words) == TWO
    # A key without a choice is not told, so what its sentence would say does not matter.
    first, second, third, fourth = (words * FOUR)[:FOUR]
    context.tell(choice_1=first, choice_2=second, choice_3=third)
    if len(words) < FOUR:
        return "few"
    context.tell(choice_4=fourth)
    return "four"


def keep_key(context: ActionContext, file: IdentifiedFile, answer_key: str) -> Literal["kept"]:
    """Keep the choice, or the yes or no, that the caller pressed a key for."""
    question = question_asked(context)
    choice = YES_NO[answer_key] if question.kind == "yes_no" else question.choices[int(answer_key) - 1][0]
    take(context, file, choice)
    return "kept"


def keep_amount(context: ActionContext, file: IdentifiedFile, answer_amount: str) -> Literal["kept"]:
    """Keep the amount that was read back."""
    take(context, file, answer_amount)
    return "kept"


def keep_number(context: ActionContext, file: IdentifiedFile, answer_number: str) -> Literal["kept"]:
    """Keep the number that was read back."""
    take(context, file, str(int(answer_number)))
    return "kept"


def skip(context: ActionContext) -> Literal["skipped"]:
    """Go on without an answer, as the caller wishes; it is asked again in another call."""
    context.notes[_MISSED] = 0
    skip_question(context)
    return "skipped"


def miss(context: ActionContext) -> Literal["skipped", "stop"]:
    """Go on after silence or wrong keys, but only once in a row: nobody may be there."""
    skip_question(context)
    return "stop" if context.count(_MISSED) >= MAX_MISSED else "skipped"


def save_answers(context: ActionContext, file: IdentifiedFile) -> Literal["done", "refused", "unclear"]:
    """Save once what was answered."""
    given = given_here(context, file)
    result = context.questionnaires.save(file, given.questionnaire, given.answers)
    # What is not known to be saved is looked for after the call, and saved where Tagor has no answer.
    if result.state == "done":
        keep(context, file, {})
    return result.state


def drop_answers(context: ActionContext, file: IdentifiedFile) -> Literal["dropped"]:
    """Forget what was answered, as the caller wishes."""
    keep(context, file, {})
    return "dropped"


class Question(Flow):
    """The caller answers one question after the other; keys that tell an answer stand in no journal."""

    next        = do(next_question, local=True, few="few", four="four", yes_no="yes_no", amount="ask_amount",
                     number="ask_number", done="done", stop="stop", down="stop")
    few         = menu({"1": "keep", "2": "keep", "3": "keep", "4": "skip"}, into="answer_key", discreet=True,
                       unless={"3": ONLY_TWO}, spoken=False, seconds=8, silent="missed", wrong="missed")
    four        = menu({"1": "keep", "2": "keep", "3": "keep", "4": "keep"}, into="answer_key", discreet=True,
                       spoken=False, seconds=8, silent="missed", wrong="missed")
    yes_no      = menu({"1": "keep", "2": "keep", "3": "skip"}, into="answer_key", discreet=True,
                       spoken=False, seconds=8, silent="missed", wrong="missed")
    # Whoever looks an amount up needs time for it.
    ask_amount  = ask(into="answer_amount", digits=(1, 7), wants="amount", seconds=20, tries=2,
                      heard="read_amount", empty="skip", silent="missed", wrong="missed")
    read_amount = menu({"1": "keep_amount", "2": "ask_amount"}, spoken=False, silent="missed", wrong="missed")
    ask_number  = ask(into="answer_number", digits=(1, 6), seconds=20, tries=2,
                      heard="read_number", empty="skip", silent="missed", wrong="missed")
    read_number = menu({"1": "keep_number", "2": "ask_number"}, spoken=False, silent="missed", wrong="missed")
    keep        = do(keep_key, local=True, kept="next", down="stop")
    keep_amount = do(keep_amount, local=True, kept="next", down="stop")
    keep_number = do(keep_number, local=True, kept="next", down="stop")
    skip        = do(skip, local=True, skipped="next", down="stop")
    missed      = do(miss, local=True, skipped="next", stop="stop", down="stop")
    done        = end()
    stop        = end()


class Questionnaire(Flow, topic=True):
    """The caller hears how many questions there are, answers them, and saves the answers with key 1."""

    look     = do(find_questions, some="begin", answered="save", none="none", down="sorry")
    begin    = menu({"1": "ask", "2": "back"}, silent="back", wrong="back")
    ask      = run(Question, done="save", stop="kept")
    save     = confirm(yes="write", no="drop", silent="kept", wrong="kept")
    write    = decide(save_answers, done="saved", refused="kept", unclear="noted", down="kept")
    drop     = do(drop_answers, local=True, dropped="declined", down="kept")
    saved    = say(then="back")
    noted    = say(then="back")
    kept     = say(then="back")
    declined = say(then="back")
    none     = say(then="back")
    sorry    = say(then="back")
    back     = end()
