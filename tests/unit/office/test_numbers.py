"""Whom the line may ever dial: toll fraud starts with a number that nobody checked."""

import random

import pytest

from bridge.office.numbers import dialable, dialled, e164, typed


def refusal(text: str, *, abroad: bool = False, fictitious: bool = False) -> str:
    with pytest.raises(ValueError, match=r"\w") as error:
        dialable(text, abroad=abroad, fictitious=fictitious)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *((text, "+3225550001") for text in ("+32 2 555 00 01", "3225550001", "0032 2 555 00 01")),
        *((text, "+3225550001") for text in ("sip:+3225550001@pbx.example.be", "sips:3225550001@x")),
        ("sip:Line@PBX.example.be", "sip:line@pbx.example.be"),
        ("sip:line", "sip:line"),
        ("sip:100@x", "sip:100@x"),
    ],
)
def test_a_line_is_reached_by_numbers_and_by_users_of_sip(text: str, number: str) -> None:
    """A plus may be left out, not the country; a user that is a number is that number."""
    assert dialled(text) == number


@pytest.mark.parametrize(
    "text", ["02 555 00 01", "sip:", "sip:a b@x", "sip:line@x;transport=tls", "line@x", "123"]
)
def test_what_nobody_can_dial_is_no_line(text: str) -> None:
    """The sentence shows both ways to write it."""
    with pytest.raises(ValueError, match="like \\+32 2 555 00 01, or a SIP user, like sip:line@"):
        dialled(text)


@pytest.mark.parametrize("text", ["+32 2 555 00 01", "+32.470.00.00.01", "+3292000001", "+32 (0)2 555 00 01"])
def test_ordinary_belgian_numbers_may_be_dialled(text: str) -> None:
    """Fixed and mobile, however people write them."""
    assert dialable(text, abroad=False, fictitious=False).startswith("+32")


@pytest.mark.parametrize("text", ["+32 70 12 34 56", "+3270123456", "+32 900 12 345", "+32 90 91 23 45"])
@pytest.mark.parametrize("abroad", [True, False])
@pytest.mark.parametrize("fictitious", [True, False])
def test_dear_numbers_are_never_dialled(text: str, abroad: bool, fictitious: bool) -> None:  # noqa: FBT001 - a matrix
    """070 and 090x stay shut, whatever else is allowed."""
    assert "070 or 090x" in refusal(text, abroad=abroad, fictitious=fictitious)


@pytest.mark.parametrize("text", ["+33 1 23 45 67 89", "+31612345678", "+12015550123"])
def test_other_countries_need_a_word_from_the_office(text: str) -> None:
    """Belgium only, unless the file says abroad = true."""
    assert "is not Belgian" in refusal(text)
    assert dialable(text, abroad=True, fictitious=False) == e164(text)


@pytest.mark.parametrize(
    "text",
    ["+32 78 12 34 56", "+32 800 12 345", "+3220000001", "+33899123456", "+870773111632", "+44 9012345678"],
)
def test_what_is_no_ordinary_line_is_not_dialled(text: str) -> None:
    """Shared cost, free phone, satellite, premium, unassigned."""
    assert "ordinary" in refusal(text, abroad=True)


def test_fictitious_numbers_serve_the_demo() -> None:
    """Nobody has them, and nobody can be rung by them."""
    assert dialable("+32 2 000 00 10", abroad=False, fictitious=True) == "+3220000010"


@pytest.mark.parametrize(
    "text",
    [
        *("", "+", "02 555 00 01", "0032 2 555 00 01", "+32", "+32 2 5", "+325550001111111111"),
        *("+32255500ab", "sip:+3225550001@example.be", "+3225550001;ext=5", "+3225550001,1", "+٣٢٢٥٥٥٠٠٠١"),
        *("tel:+3225550001", "+32 2 555 00 01\n", "+266696687", "anonymous"),
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    """Digits, blanks and the usual marks after a plus; nothing that a dialler could read otherwise."""
    assert "must be a telephone number with its country" in refusal(text)


def test_no_random_text_becomes_a_number_outside_the_rules() -> None:
    """Whatever is thrown at it, what comes out is a Belgian number that is neither 070 nor 090x."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    for _ in range(3000):
        text = "+32" + "".join(chance.choice("0123456789 ./()-+#*;,a") for _ in range(chance.randrange(12)))
        try:
            number = dialable(text, abroad=False, fictitious=True)
        except ValueError:
            continue
        assert number.startswith("+32"), f"seed {seed}"
        assert not number.startswith(("+3270", "+3290")), f"seed {seed}"
        assert number[1:].isascii(), f"seed {seed}"
        assert number[1:].isdigit(), f"seed {seed}"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *((text, "+32470000001") for text in ("0470 00 00 01", " 0470/00.00.01 ", "+32 470 00 00 01")),
        *((text, "+32470000001") for text in ("0032470000001", "+32 (0)470 00 00 01")),
        ("+33 1 23 45 67 89", "+33123456789"),
    ],
)
def test_people_type_numbers_as_they_write_them(text: str, number: str) -> None:
    """Without a country they are Belgian."""
    assert typed(text) == number


@pytest.mark.parametrize("text", ["", "0", "470", "00", "+", "0470 CALL ME", "+32 470 00 00 01 99 99 99 99"])
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    """The sentence says how one is written."""
    with pytest.raises(ValueError, match="must be a telephone number"):
        typed(text)
