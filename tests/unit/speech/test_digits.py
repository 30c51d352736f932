"""Digit groups: every sign is heard, in its order, in groups an ear can hold."""

import random
from datetime import date

import pytest

from bridge.speech import SAYERS, Unspeakable


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        ("123456", "1 2 3, 4 5 6"),
        ("20230118", "2 0 2, 3 0 1, 1 8"),
        ("1234567", "1 2 3, 4 5 6 7"),
        ("1234", "1 2 3 4"),
        ("7", "7"),
        ("2023/0118", "2 0 2 3, 0 1 1 8"),
        ("2023_0118", "2 0 2 3, 0 1 1 8"),  # a file's name may be written so
        ("D-2023.45678", "D, 2 0 2 3, 4 5 6, 7 8"),
        ("ab12", "A B 1 2"),
        ("02 123 45 67", "0 2, 1 2 3, 4 5, 6 7"),
        ("+32470000001", "0 4 7 0, 0 0, 0 0, 0 1"),
        ("0470123456", "0 4 7 0, 1 2, 3 4, 5 6"),
        ("0470 12 34 56", "0 4 7 0, 1 2, 3 4, 5 6"),
        ("+3247012345", "0 4 7, 0 1 2, 3 4 5"),
        ("+32 2 123 45 67", "0 2, 1 2 3, 4 5, 6 7"),
        ("+32(0)2 123 45 67", "0 2, 1 2 3, 4 5, 6 7"),
        ("+49 30 1234", "plus 4 9, 3 0, 1 2 3 4"),
    ],
)
def test_a_number_is_said_sign_by_sign_as_it_is_printed(value: str, spoken: str, today: date):
    """Printed groups are kept, long ones cut in threes, no sign left alone at the end."""
    assert {SAYERS["digits"](value, language, today) for language in ("nl", "fr", "de", "en")} == {spoken}


def test_no_sign_is_lost_or_moved(today: date, chance: random.Random):
    """Ten thousand numbers of any length, read back sign by sign, are those numbers."""
    for _ in range(10_000):
        number = "".join(chance.choices("0123456789ABCXYZ", k=chance.randint(1, 40)))
        groups = [group.split(" ") for group in SAYERS["digits"](number, "nl", today).split(", ")]
        assert "".join(sign for group in groups for sign in group) == number
        assert all(len(sign) == 1 for group in groups for sign in group)
        assert all(2 <= len(group) <= 4 for group in groups) or len(number) == 1


@pytest.mark.parametrize(
    "value", ["", "+", "-", "12é", "١٢", "²", "1\n2", "1<2", "1+2", "++32", "1" * 41, "12, 34", " 12", "12\n"]
)
def test_what_is_no_number_is_never_spoken(value: str, today: date):
    """Foreign signs, markup and endless numbers are refused."""
    with pytest.raises(Unspeakable) as refused:
        SAYERS["digits"](value, "nl", today)
    assert refused.value.kind == "digits"
