"""Documents of filled templates are, byte for byte, what twilio's own classes write."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from twilio.twiml.voice_response import Gather as TwilioGather
from twilio.twiml.voice_response import VoiceResponse

from bridge.conversation.reply import Answer, DialTarget, LocalizedGather, Said, Whisper
from bridge.flow.turn_output import Gather, HangUp, Record, Redirect, SoundName
from bridge.telephony import voices
from bridge.telephony.providers import TWILIO
from bridge.telephony.reply_check import ReplyCheck, UnfitReplyError
from bridge.telephony.twiml import Renderer

if TYPE_CHECKING:
    from bridge.conversation.reply import ReplyEnd
    from bridge.telephony.provider import Provider

PUBLIC = "https://bridge.example.be"
OTHER = replace(TWILIO, fragment="", empty_result=False, ssml=True, dial_extras=False, record_trim=False)
LETTERS = "abc XYZ 0129 .,;:?! &<>\"'%{}()=/#+-é€中\U0001f642"
SOUNDS: dict[SoundName, str] = {
    "chime": f"{PUBLIC}/sounds/chime-0123456789abcdef.wav",
    "hold": "https://sounds.example.be/hold.wav",
}
NUMBERS = ("+3225550100", "+3225550199", "+32460000012")


def words(dice: random.Random, most: int = 60) -> str:
    """Draw clean text of any letters, markup and format characters among them."""
    return " ".join("".join(dice.choices(LETTERS, k=dice.randint(0, most))).split())


def drawn(dice: random.Random) -> Answer:
    """Draw any answer that a turn may have."""
    languages = list(voices.PINNED)
    said = tuple(
        Said(words(dice), dice.choice(languages), slow=dice.random() < 0.5) for _ in range(dice.randint(0, 4))
    )
    whisper = Whisper("demo", dice.choice(languages), known=True, wish=dice.choice(("", "balance")))
    hints = (" ".join(words(dice, 8).replace(",", " ").split()) for _ in range(dice.randint(0, 3)))
    then: ReplyEnd = dice.choice(
        (
            LocalizedGather(
                Gather("Flow.step", dice.choice(((1, 1), (0, 1), (4, 8), (6, 6))), dice.randint(1, 20)),
                dice.choice(languages),
                tuple(filter(None, hints)),
            ),
            Redirect(dice.choice(("", "chime", "hold"))),
            HangUp(),
            Record(dice.randint(1, 300)),
            DialTarget(
                dice.choice(NUMBERS),
                dice.choice(NUMBERS),
                dice.randint(1, 60),
                dice.choice((None, whisper)),
                sip=dice.choice(("", "sip:desk@pbx.example.be;transport=tls")),
                file=dice.choice(("", f"2023/{dice.randint(1, 9999)} (a&b)")),
            ),
        )
    )
    return Answer(said, then, dice.randint(1, 9999))


def say(element: VoiceResponse | TwilioGather, said: tuple[Said, ...]) -> None:
    for one in said:
        voice = voices.PINNED[one.language]
        if one.text and one.slow:
            element.say(None, voice=voice.name, language=voice.locale).prosody(one.text, rate="80%")
        elif one.text:
            element.say(one.text, voice=voice.name, language=voice.locale)


def by_twilio(answer: Answer, provider: Provider) -> bytes:
    """Write an answer by twilio's classes alone; what is None is left out."""
    response = VoiceResponse()
    turn = f"{PUBLIC}/voice/turn/{answer.turn}"
    address = turn + provider.fragment
    then = answer.then
    if isinstance(then, LocalizedGather):
        recognition = provider.speech_recognition[then.language]
        fewest, most = then.gather.digits
        speech = {
            "language": recognition.locale,
            "hints": ",".join(then.hints),
            "speech_timeout": recognition.speech_timeout,
            "speech_model": recognition.model or None,
            "profanity_filter": False,
        }
        gather = response.gather(
            input="dtmf speech" if then.hints else "dtmf",
            action=address,
            method="POST",
            timeout=then.gather.seconds,
            num_digits=most if most in {1, fewest} else 32,
            finish_on_key="#",
            action_on_empty_result=provider.empty_result or None,
            **(speech if then.hints else {}),
        )
        say(gather, answer.said)
        response.redirect(address, method="POST")
        return str(response).encode()
    say(response, answer.said)
    if isinstance(then, Redirect):
        if then.sound:
            response.play(SOUNDS[then.sound])
        response.redirect(f"{turn}/on{provider.fragment}", method="POST")
    elif isinstance(then, HangUp):
        response.hangup()
    elif isinstance(then, Record):
        response.record(
            action=address,
            method="POST",
            max_length=then.longest,
            timeout=5,
            finish_on_key="1234567890*#",
            play_beep=True,
            recording_status_callback=f"{PUBLIC}/voice/recording{provider.fragment}",
            recording_status_callback_method="POST",
            recording_status_callback_event="completed absent" if provider.record_trim else None,
            trim="trim-silence" if provider.record_trim else None,
        )
        response.redirect(address, method="POST")
    else:
        dial = response.dial(
            action=address,
            method="POST",
            caller_id=then.caller_id,
            timeout=then.timeout,
            time_limit=3600 if provider.dial_extras else None,
            answer_on_bridge=provider.dial_extras or None,
        )
        heard = then.whisper
        path = f"{PUBLIC}/voice/whisper/demo/{heard.language}/known/{heard.wish or '-'}" if heard else ""
        ring = dial.sip if then.sip else dial.number
        header = f"?X-Tagor-File={quote(then.file, safe='')}" if then.file else ""
        ring(
            then.sip + header if then.sip else then.number,
            url=path + provider.fragment if heard else None,
            method="POST" if heard else None,
        )
    return str(response).encode()


def differing(size: int) -> list[Answer]:
    """Render so many drawn answers, for two providers; give those that twilio's classes write otherwise."""
    seed = 20_260_304
    print(f"seed {seed}")  # noqa: T201 - pytest shows it beside a failure
    dice = random.Random(seed)
    renderers = [(one, Renderer(PUBLIC, one, voices.choose(one.voices), SOUNDS)) for one in (TWILIO, OTHER)]
    differs = []
    for _ in range(size):
        answer = drawn(dice)
        provider, renderer = dice.choice(renderers)
        if renderer.render(answer) != by_twilio(answer, provider):
            differs.append(answer)
    return differs


def test_a_document_is_what_twilio_writes():
    """Whatever the words, the numbers and the end of a turn are."""
    assert differing(1_000) == []


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
def test_a_hundred_thousand_documents_are_what_twilio_writes():
    """The same at full size."""
    assert differing(100_000) == []


def test_only_the_first_document_of_a_shape_is_checked(monkeypatch: pytest.MonkeyPatch):
    """A shape that is unfit stays unfit, and what differs within a shape cannot make it so."""
    monkeypatch.setattr(ReplyCheck, "checks_all", False)
    checked: list[bytes] = []
    monkeypatch.setattr(ReplyCheck, "check", lambda _, reply: checked.append(reply) or reply)
    renderer = Renderer(PUBLIC, TWILIO, voices.choose(TWILIO.voices))
    ends = (HangUp(), Redirect(), Record(60), LocalizedGather(Gather("Flow.step", (1, 1), 5), "nl", ("ja",)))
    for turn, text, then in product((1, 2), ("Ja.", "Neen."), ends):
        renderer.render(Answer((Said(text, "nl"),), then, turn))
    assert len(checked) == len(ends)
    renderer.render(Answer((Said("Ja.", "fr"),), HangUp(), 1))
    renderer.render(Answer((Said("Ja.", "nl", slow=True),), HangUp(), 1))
    assert len(checked) == len(ends) + 2


def test_a_transfer_is_always_checked(monkeypatch: pytest.MonkeyPatch):
    """Whom it rings may come from a file, and a shape of an unfit document is refused every time."""
    monkeypatch.setattr(ReplyCheck, "checks_all", False)
    renderer = Renderer(PUBLIC, TWILIO, voices.choose(TWILIO.voices))
    renderer.render(Answer((), DialTarget(*NUMBERS[:2]), 1))
    for then in (DialTarget("0470 00 00 00", NUMBERS[0]), LocalizedGather(Gather("F.s", (1, 1), 0), "nl")):
        for _ in range(2):
            with pytest.raises(UnfitReplyError):
                renderer.render(Answer((), then, 1))
