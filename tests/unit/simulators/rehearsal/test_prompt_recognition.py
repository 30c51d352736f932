"""The judges know which prompt a sentence is of, also where several prompts have the same words."""

import pytest

from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence, PromptRecognizer

TEXT = "Wij sturen een sms naar het nummer dat eindigt op 4 2."
MAIL = "Wij sturen een e-mail naar het adres in uw dossier."
SEND = "Om het bericht te ontvangen, druk op 1."
SILENT_HOUSE = "Een ogenblik alstublieft, wij kijken uw gegevens na."


@pytest.fixture(scope="module")
def recognizer() -> PromptRecognizer:
    return PromptRecognizer()


def prompts(recognizer: PromptRecognizer, *words: str) -> list[str]:
    """The prompts of these sentences, heard one after the other."""
    heard: list[HeardSentence] = []
    for one in words:
        sentence = recognizer.recognise(one, "nl", heard)
        assert sentence is not None, one
        heard.append(sentence)
    return [one.prompt for one in heard]


@pytest.mark.parametrize(("asked", "prompt"), [(TEXT, "Post.text"), (MAIL, "Post.mail")])
def test_a_key_is_of_the_question_that_was_asked(recognizer: PromptRecognizer, asked: str, prompt: str):
    """A text and a mail are sent with the same words at key 1."""
    assert prompts(recognizer, asked, SEND) == [prompt, prompt]


def test_a_key_is_of_the_question_that_was_asked_last(recognizer: PromptRecognizer):
    """Whoever had a text sent before is now asked about a mail."""
    assert prompts(recognizer, TEXT, SEND, MAIL, SEND)[-1] == "Post.mail"


def test_a_reminder_in_between_does_not_hide_the_question(recognizer: PromptRecognizer):
    """A caller who said nothing hears that first, and then the keys once more."""
    nothing = next(
        "".join(pieces)
        for prompt, part, pieces, _ in recognizer._sentences("nl")
        if (prompt, part) == ("Anytime.silent", "text")
    )
    assert prompts(recognizer, MAIL, SEND, nothing, SEND)[-1] == "Post.mail"


def test_words_that_no_prompt_tells_apart_are_of_the_flow_that_was_heard(recognizer: PromptRecognizer):
    """The weak ways share sentences with the strong ones, under steps of their own."""
    [asked] = [
        "".join(pieces)
        for prompt, part, pieces, _ in recognizer._sentences("nl")
        if (prompt, part) == ("ByHouseNumber.ask_reference", "text")
    ]
    assert prompts(recognizer, asked, SILENT_HOUSE)[-1] == "ByHouseNumber.try_house"
    assert prompts(recognizer, SILENT_HOUSE) == ["ByPin.try_hinted"]
