"""What callers hear is so: every sentence is one of ours, every amount and every claim is Tagor's."""

from datetime import date
from typing import TYPE_CHECKING

from machine_calls import Talk

from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence, PromptRecognizer

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn

EARS = PromptRecognizer()
CLAIMS = {
    "Agreement.agree": {"plan"},
    "Confirmation.by_sms": {"approval"},
    "Confirmation.by_mail": {"approval"},
    "Confirmation.by_none": {"approval"},
    "Post.sent": {"text", "mail"},
}
"""What has happened when a sentence is heard."""


def sentences(talk: Talk) -> list[HeardSentence]:
    """All that a caller has heard so far; fails on words that nobody wrote."""
    heard = []
    for one in talk.phone.heard:
        sentence = EARS.recognise(one.text, one.language[:2])
        assert sentence is not None, f"nobody wrote this sentence: {one.text}"
        heard.append(sentence)
    return heard


def judge(talk: Talk, tagor: "StandIn", today: date) -> None:
    """Fail unless all that was heard in a call is so."""
    done = {kind for kind, _ in tagor.records.effects(talk.person.case.file)}
    for sentence in sentences(talk):
        if sentence.prompt == "Balance.tell":
            owed = EARS.say("Balance.tell", sentence.language, today, owed=talk.person.case.balance)
            assert sentence.text == owed, "another balance was told than Tagor's"
        claimed = CLAIMS.get(sentence.prompt) if sentence.part == "text" else None
        assert not claimed or claimed & done, f"heard of a {claimed} that Tagor does not have"
