"""How long a caller hears nothing: the provider measures it, turn by turn."""

import pytest

from bridge.simulators.provider.account import PhoneLine
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.wire import Form, Reply

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
WORDS = '<Say language="nl-BE" voice="Polly.Lisa-Neural">Een ogenblik.</Say>'
GATHER = f'<Gather input="dtmf" numDigits="1" action="/next" actionOnEmptyResult="true">{WORDS}</Gather>'
SOUND = "<Play>/wait.wav</Play>"
ONWARD, PAUSE = "<Redirect>/next</Redirect>", '<Pause length="1"/>'
LINE = PhoneLine(
    "https://line.example.be/voice",
    account_sid="AC" + 32 * "0",
    auth_token="",
    number="+3220000001",
    sounds={"https://line.example.be/wait.wav": 1.5},
)


class FakeClock:
    now = 1000.0

    def elapse(self, seconds: float) -> None:
        self.now += seconds


def phone(clock: FakeClock, *replies: tuple[float, str]) -> Phone:
    """A line whose answers take so many seconds."""
    left = iter(replies)

    def post(_url: str, _form: Form | None, _headers: object) -> Reply:
        seconds, verbs = next(left)
        clock.elapse(seconds)
        return 200, {"Content-Type": "text/xml"}, f"{HEAD}<Response>{verbs}</Response>".encode()

    return Phone(LINE, post=post, strict=False, clock=lambda: clock.now, elapse=clock.elapse)


def test_an_answer_is_waited_for_in_silence():
    """From the caller's key to the next word; what the caller takes themselves does not count."""
    clock = FakeClock()
    called = phone(clock, (0.5, GATHER), (2.0, GATHER)).ring()
    clock.elapse(60.0)
    called.press("1")
    assert [turn.silence for turn in called.turns] == [0.5, 2.0]


def test_words_end_a_silence_and_documents_without_any_do_not():
    """Two documents in a row count together, words in between part them, and a pause is silence too."""
    called = phone(FakeClock(), (1.0, ONWARD), (1.5, WORDS + ONWARD), (2.0, PAUSE + GATHER)).ring()
    assert [round(turn.silence, 3) for turn in called.turns] == [0.0, 2.5, 3.0]


def test_a_sound_is_no_silence_for_as_long_as_it_lasts():
    """A caller who waits hears nothing only between two slices of it; a pause after words is silence."""
    clock, began = FakeClock(), FakeClock.now
    line = phone(clock, (0.1, SOUND + ONWARD), (0.25, SOUND + ONWARD), (0.3, WORDS + PAUSE + WORDS))
    called = line.ring()
    assert [round(turn.silence, 3) for turn in called.turns] == [0.1, 0.25, 1.0]
    words = sum(one.seconds for one in called.heard if one.text)
    assert clock.now - began == pytest.approx(0.1 + 1.5 + 0.25 + 1.5 + 0.3 + 1.0 + words)
