"""Keys no question wants, digits no keypad has, callers no carrier should show, words nobody understands."""

import io
from typing import TYPE_CHECKING, Any

from bad_input_caller import CALLER_IDS, DTMF, SPEECH, TRUE_NUMBERS, UNICODE_DIGITS
from bad_input_judge import ASKED, CONNECTED, LEFT, Talk, said, verbs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tests.shared_line import Line

    Sample = Callable[..., Collection[Any]]

MEANING = {"0": CONNECTED, "9": LEFT}
"""A single key that means the same everywhere: a person, goodbye."""


def de_bruijn(symbols: str, length: int) -> str:
    """Every string of this length over the symbols, in as few keys as can be (prefer the largest)."""
    keys, seen = symbols[0] * length, {symbols[0] * length}
    while True:
        tail = keys[-(length - 1) :]
        fresh = next((one for one in reversed(symbols) if tail + one not in seen), None)
        if fresh is None:
            return keys
        seen.add(tail + fresh)
        keys += fresh


def test_256_strings_of_keys_get_words(told_line: "Line", log: io.StringIO, sample: "Sample"):
    """At the PIN question a string of keys that is no PIN is a mistake, however long it is."""
    for symbol, length in sample(DTMF, 15):
        talk = Talk(told_line).ring().keys("1")
        finished = {} if length else {"FinishedOnKey": symbol}
        reply = talk.send(Digits=symbol * length, **finished)
        meant = MEANING.get(symbol, ASKED) if length == 1 else ASKED
        assert verbs(reply) == meant, (symbol, length)
    assert set(told_line.asked()) == {"KantoorOpen"}  # looked up while the welcome plays
    assert not any(f'"{symbol * length}"' in log.getvalue() for symbol, length in DTMF if length > 2)


def test_a_stream_of_all_pins_is_one_try(open_line: "Callable[..., Line]"):
    """Of all PINs of four digits in 10,003 keys the first one counts, and the others open nothing (T3)."""
    stream = de_bruijn("0123456789", 4)
    assert len(stream) == 10_003
    assert len({stream[at : at + 4] for at in range(10_000)}) == 10_000
    line = open_line(office={"pin_digits = 6": "pin_digits = 4"})
    phone = line.phone().ring()
    phone.press("1").press(stream)
    assert line.asked("PinToFile") == ["PinToFile"]
    assert verbs(Talk(line).ring().keys("1").send(Digits=stream)) == ASKED
    assert line.asked("PinToFile") == ["PinToFile"]


def test_20_digits_of_other_scripts_are_no_keys(told_line: "Line", log: io.StringIO, sample: "Sample"):
    """Six of them are no PIN: Tagor is not asked, and the question comes again."""
    for digit in sample(UNICODE_DIGITS, 6):
        talk = Talk(told_line).ring().keys("1")
        assert verbs(talk.send(Digits=digit * 6)) == ASKED, digit
        assert digit * 6 not in log.getvalue()
    assert set(told_line.asked()) <= {"KantoorOpen"}


def test_60_caller_ids_are_answered_like_a_withheld_number(
    told_line: "Line", log: io.StringIO, sample: "Sample"
):
    """Each gets the bytes that an unknown caller gets, and Tagor is asked about true numbers only."""
    twin = Talk(told_line).ring().reply
    assert verbs(twin) == ASKED
    for shown in sample(CALLER_IDS, 8):
        reply = Talk(told_line, shown).ring().reply
        assert (verbs(reply), reply[2]) == (ASKED, twin[2]), shown
        assert len(shown) < 6 or shown not in log.getvalue(), shown
    fields = [entry["fields"] for entry in told_line.tagor.journal()]
    assert {told["Telnr"] for told in fields if "Telnr" in told} <= TRUE_NUMBERS


def test_40_utterances_get_words(told_line: "Line", log: io.StringIO, sample: "Sample"):
    """At the main menu words are a key or a wrong key, and nothing said is repeated."""
    for words in sample(SPEECH, 8):
        talk = Talk(told_line).ring()
        reply = talk.send(SpeechResult=words, Confidence="0.9")
        assert verbs(reply) == ASKED, words
        assert len(words) < 6 or not any(words.strip() in sentence for sentence in said(reply)), words
        assert len(words) < 12 or words not in log.getvalue(), words
