"""Text from Tagor cannot break what is spoken: one character of 32 in an answer used to kill a call."""

import random
import unicodedata
from xml.etree import ElementTree as ET

import pytest

from bridge.tagor.schema.sanitize import MAX_SPOKEN, clean_text

SEED = 20261122


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Jan Janssens", "Jan Janssens"),
        ("  Jan \t\r\n Janssens ", "Jan Janssens"),
        ("Jan\x00\x1b\x7f\x85Janssens", "Jan Janssens"),
        ("a\x00b", "ab"),
        ("a \x00 b", "a b"),
        ("Rene\u0301e", "Ren\u00e9e"),
        ("\u202eJan\u202c \u2066x\u2069", "Jan x"),
        ("x\ud800y\udfff", "xy"),
        ("\ufffe\uffff\ue000", ""),
        ("&<>\"'", "&<>\"'"),
        ("</Say><Dial>0900</Dial>", "</Say><Dial>0900</Dial>"),
        ("Caf\u00e9 \U0001f600", "Caf\u00e9 \U0001f600"),
        ("a\u00a0b\u2028c\u3000d", "a b c d"),
        ("\u00ad\u200b\ufeff", ""),
        ("", ""),
    ],
)
def test_text_is_made_fit_to_be_spoken(text: str, told: str):
    """Controls go, letters stay, markup stays text."""
    assert clean_text(text) == told


def test_a_long_text_is_cut_where_it_stands():
    """200 characters, and no space left hanging at the cut."""
    assert clean_text("x" * 100_000) == "x" * MAX_SPOKEN
    assert clean_text("x" * (MAX_SPOKEN - 1) + " yz") == "x" * (MAX_SPOKEN - 1)


def test_any_text_can_stand_in_a_document_and_stays_the_same_when_cleaned_again():
    """Five thousand random texts: well-formed XML, NFC, one line, idempotent."""
    draw = random.Random(SEED)
    odd = [chr(point) for point in (*range(0x300), 0xD800, 0xFFFE, 0x0344, 0xFB1D, 0x1D15E, 0x200D, 0x202E)]
    for _ in range(5_000):
        anywhere = [chr(draw.randrange(0x110000)) for _ in range(20)]
        text = "".join(draw.choices(odd + anywhere, k=draw.randrange(300)))
        clean = clean_text(text)
        element = ET.Element("Say")
        element.text = clean
        assert ET.fromstring(ET.tostring(element)).text == (clean or None)  # noqa: S314 - our own document
        assert unicodedata.is_normalized("NFC", clean)
        assert clean.isprintable()
        assert len(clean) <= MAX_SPOKEN
        assert clean_text(clean) == clean
