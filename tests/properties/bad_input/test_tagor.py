"""Texts and documents as no Tagor should send them: read as what they are, or refused."""

import io
import json
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from bad_input_judge import ASKED, CONNECTED, identified, said, soon, verbs
from bad_input_spoiler import Spoiler, holding
from bad_input_tagor import LONG, MARK, PAYLOADS, SHAPES, TEXT_FIELDS

from bridge.conversation.reply import Answer, Said
from bridge.flow.turn_output import HangUp
from bridge.tagor import (
    CallerHint,
    Deadline,
    FileFacts,
    Tagor,
    TagorInvalidResponse,
    TagorRefused,
)
from bridge.telephony.providers import TWILIO
from bridge.telephony.twiml import Renderer
from bridge.telephony.voices import choose

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.shared_line import Line

    Sample = Callable[..., Collection[Any]]

FILE, PARTY, NUMBER, PIN = "9000000000000000001", "9000000000000001001", "20230118", "482193"
SPOKEN = 200

Question = Callable[[Tagor, Deadline], object]
QUESTIONS: dict[str, Question] = {
    "ClipToFile": lambda tagor, by: tagor.callers.by_number("+32470000001", deadline=by),
    "GetDosInfo": lambda tagor, by: tagor.files.facts(FILE, PARTY, deadline=by),
}


def asked(client: Tagor, operation: str) -> tuple[object, str]:
    """Give what the client makes of an answer, or the sentence by which it refuses it."""
    try:
        return QUESTIONS[operation](client, soon()), ""
    except (TagorInvalidResponse, TagorRefused) as refusal:
        return None, str(refusal)


def speakable(text: str) -> bool:
    """Whether a voice can say it: in NFC, without controls, not longer than what is spoken at once."""
    signs = {unicodedata.category(sign) for sign in text}
    return (
        unicodedata.is_normalized("NFC", text)
        and len(text) <= SPOKEN
        and not signs & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )


def texts_of(told: object) -> list[str]:
    """The texts of what the client made of an answer."""
    if isinstance(told, CallerHint):
        return [file.name for file in told.files]
    assert isinstance(told, FileFacts)
    return [text for name, text in asdict(told).items() if isinstance(text, str) and name != "faq_url"]


def test_1260_texts_are_cleaned_or_refused(client: Tagor, spoiler: Spoiler, sample: "Sample"):
    """What is left of each payload in each field can be spoken, and makes no element of its own."""
    renderer = Renderer("https://line.example.be", TWILIO, choose(TWILIO.voices))
    for (operation, name), payload in sample(product(TEXT_FIELDS, PAYLOADS), 60):
        token = json.dumps(payload)
        fields = {name: token} | ({"Success": "false"} if name == "Error" else {})
        with spoiler.changing(**{operation: holding(**fields)}):
            told, refusal = asked(client, operation)
        assert MARK not in refusal
        assert not refusal or name in {"Error", "Dossiernaam", "Partijtype"}, (name, payload)
        assert refusal or name != "Error"
        for text in texts_of(told) if told else []:
            assert speakable(text), (name, payload)
            spoken = renderer.render(Answer((Said(text or "-", "nl"),), HangUp(), 1))
            assert verbs((200, {"Content-Type": "text/xml"}, spoken)) == {"Say", "Hangup"}, payload


def test_a_caller_hears_the_same_verbs_whatever_tagors_texts_hold(
    told_line: "Line", spoiler: Spoiler, log: io.StringIO, sample: "Sample"
):
    """Whole calls hold each payload in every field at once that a call speaks of or acts on."""
    for payload in sample(PAYLOADS, 6):
        token = json.dumps(payload)
        names = ("Aanlegger", "Verweerder", "DosbehId", "StopstatusId", "EmailVerweerder", "GsmVerweerder")
        with spoiler.changing(
            GetDosInfo=holding(**dict.fromkeys(names, token)), ClipToFile=holding(Taal=token)
        ):
            talk = identified(told_line)
            assert verbs(talk.reply) == ASKED, payload
            assert verbs(talk.send(Digits="0")) == CONNECTED, payload
        assert all(len(sentence) < SPOKEN + 60 for sentence in said(talk.reply))
    assert MARK not in log.getvalue()
    assert LONG[0][:SPOKEN] not in log.getvalue()


@pytest.mark.parametrize("operation", ["ClipToFile", "PinToFile", "GetDosInfo", "GetSaldo", "KantoorOpen"])
def test_a_caller_hears_words_whatever_shape_an_answer_has(
    told_line: "Line", spoiler: Spoiler, operation: str, sample: "Sample"
):
    """A whole call hears a question or a person, and no amount without a proof or an amount."""
    for shape, change in sample(SHAPES.items(), 3):
        with spoiler.changing(**{operation: change}):
            talk = identified(told_line)
            assert verbs(talk.reply) == ASKED, shape
            told = any("1234 euro" in sentence for sentence in said(talk.reply))
            assert told == (operation in {"GetDosInfo", "KantoorOpen"}), shape
            assert verbs(talk.send(Digits="0")) == CONNECTED, shape
