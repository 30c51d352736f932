"""What is spoken of a message: subject first, in parts that can be followed, only what a voice can say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_flows.messages import MAX_LETTERS, MAX_WORDS, parts_of, speakable


@pytest.mark.parametrize(
    ("subject", "text", "spoken"),
    [
        ("Uw vraag", "Wij antwoorden morgen.", ["Uw vraag. Wij antwoorden morgen."]),
        ("", "Wij antwoorden morgen", ["Wij antwoorden morgen."]),
        ("Uw vraag?", "", ["Uw vraag?"]),
        ("", "", []),
        ("--", "* * *", []),
    ],
)
def test_subject_and_text_are_one_message(subject: str, text: str, spoken: list[str]):
    """A sentence without its full stop gets one, so that the voice pauses there."""
    assert parts_of(subject, text) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("<p>Zie <b>bijlage</b></p>", "Zie bijlage"),
        ("Betaal op https://example.be/x nu", "Betaal op nu"),
        ("Graag - en snel - antwoorden", "Graag en snel antwoorden"),
        ("a" * (MAX_LETTERS + 1) + " ja", "ja"),
        ("2 < 3 en 5 > 4", "2 3 en 5 4"),
    ],
)
def test_what_no_voice_can_say_is_left_out(text: str, spoken: str):
    """Markup, addresses on the web, and signs without a letter or a digit."""
    assert speakable(text) == spoken


def test_a_long_message_is_cut_where_sentences_end():
    """A sentence is kept whole where it fits, so that a part can be understood by itself."""
    sentence = " ".join(["woord"] * (MAX_WORDS - 1)) + "."
    assert parts_of("Kort", f"{sentence} {sentence}") == [f"Kort. {sentence}", sentence]


@given(st.text(max_size=60), st.text(max_size=600))
def test_no_part_is_empty_or_longer_than_a_breath(subject: str, text: str):
    """Whatever the office wrote; and every word is one that was written."""
    for part in parts_of(subject, text):
        assert 0 < len(part.split()) <= MAX_WORDS
