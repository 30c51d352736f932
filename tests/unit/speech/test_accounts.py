"""Accounts and communications: judged by python-stdnum, said in the groups they are printed in."""

import random
from datetime import date

import pytest
from stdnum import iban
from stdnum.be import ogm_vcs

from bridge.speech import SAYERS, Unspeakable

SAMPLES = 1_500


def is_said(kind: str, value: str, today: date) -> bool:
    try:
        return bool(SAYERS[kind](value, "nl", today))
    except Unspeakable:
        return False


def signs_of(spoken: str) -> str:
    return spoken.replace(", ", "").replace(" ", "")


def belgian_iban(chance: random.Random) -> str:
    account = f"{chance.randrange(10**10):010}"
    national = f"{account}{int(account) % 97 or 97:02}"
    return f"BE{iban.calc_check_digits('BE00' + national)}{national}"


def is_iban(value: str) -> bool:
    # stdnum's check of the country knows today's banks only; an account's own digits check as a message's do.
    if not iban.is_valid(value, check_country=False) or value[2:4] in {"00", "01", "99"}:
        return False
    return bool(ogm_vcs.is_valid(value[4:])) if value.startswith("BE") else True


def structured_message(chance: random.Random) -> str:
    base = f"{chance.randrange(10**10):010}"
    return base + ogm_vcs.calc_check_digits(base)


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        ("BE68 5390 0754 7034", "B E 6 8, 5 3 9 0, 0 7 5 4, 7 0 3 4"),
        ("be68539007547034", "B E 6 8, 5 3 9 0, 0 7 5 4, 7 0 3 4"),
        ("NL91ABNA0417164300", "N L 9 1, A B N A, 0 4 1 7, 1 6 4 3, 0 0"),
        ("LU280019400644750000", "L U 2 8, 0 0 1 9, 4 0 0 6, 4 4 7 5, 0 0 0 0"),
    ],
)
def test_an_account_is_said_in_fours(value: str, spoken: str, today: date):
    """As it is printed on a transfer form, letters one by one."""
    assert SAYERS["iban"](value, "nl", today) == spoken


@pytest.mark.parametrize(
    "value", ["+++090/9337/55493+++", "***090/9337/55493***", "090933755493", "090/9337/55493"]
)
def test_a_structured_message_is_said_in_three_four_and_five(value: str, today: date):
    """However it is printed, it is heard the same."""
    assert SAYERS["ogm"](value, "fr", today) == "0 9 0, 9 3 3 7, 5 5 4 9 3"


def test_every_true_belgian_account_is_said_whole(today: date, chance: random.Random):
    """What is heard, sign by sign, is the account that stdnum accepts."""
    for _ in range(SAMPLES):
        account = belgian_iban(chance)
        assert is_iban(account)
        assert signs_of(SAYERS["iban"](account, "nl", today)) == account


def test_every_true_message_is_said_whole(today: date, chance: random.Random):
    """What is heard, figure by figure, is the message that stdnum accepts."""
    for _ in range(SAMPLES):
        message = structured_message(chance)
        assert ogm_vcs.is_valid(message)
        assert signs_of(SAYERS["ogm"](message, "de", today)) == message


def test_a_remainder_of_zero_is_written_as_97(today: date):
    """The one message in 97 whose check digits are no remainder is right as well, and 00 is wrong."""
    base = f"{97 * 1_234_567:010}"
    assert is_said("ogm", base + "97", today)
    assert not is_said("ogm", base + "00", today)


@pytest.mark.parametrize("kind", ["iban", "ogm"])
def test_slips_of_the_pen_are_judged_as_stdnum_judges_them(kind: str, today: date, chance: random.Random):
    """A wrong, swapped, missing or doubled figure is read out only where stdnum finds no fault either."""
    make, oracle = (belgian_iban, is_iban) if kind == "iban" else (structured_message, ogm_vcs.is_valid)
    verdicts = set()
    for _ in range(SAMPLES):
        value = make(chance)
        place = chance.randrange(len(value) - 1)
        before, first, second, after = value[:place], value[place], value[place + 1], value[place + 2 :]
        slip = chance.choice(
            [
                before + chance.choice("0123456789") + second + after,
                before + second + first + after,
                before + second + after,
                before + first + first + second + after,
            ]
        )
        verdicts.add(oracle(slip))
        assert is_said(kind, slip, today) == oracle(slip), slip
    assert verdicts == {True, False}


def test_no_account_is_longer_than_thirty_four_signs(today: date):
    """That is how long a foreign one may be; its check digits are right here."""

    def account(signs: int) -> str:
        own = (signs - 4) * "7"
        digits = 98 - int(f"{own}222900") % 97  # M and T count as 22 and 29
        return f"MT{digits:02}{own}"

    assert [is_said("iban", account(signs), today) for signs in (34, 35)] == [True, False]


@pytest.mark.parametrize(
    "value",
    [
        *("", "BE", "BE69539007547034", "BE6853900754703", "BE68-5390-0754-7034"),
        *("\uff22\uff2568539007547034", "BE99 0000 0000 4040", "BE00 0000 0000 4949", "BE41 5390 0754 7035"),
        "NL01ABNA0000000057",
    ],
)
def test_what_is_no_account_is_never_spoken(value: str, today: date):
    """Check digits that are wrong, out of range or not the bank's own, a wrong length: refused."""
    assert not is_said("iban", value, today)


@pytest.mark.parametrize(
    "value",
    [
        *("", "+++090/9337/55494+++", "+++090/9337/55493", "+++090/9337/55493***", "++090/9337/55493++"),
        *("090-9337-55493", "\u066090933755493"),
    ],
)
def test_what_is_no_structured_message_is_never_spoken(value: str, today: date):
    """Wrong check digits, half a frame, other signs: refused."""
    assert not is_said("ogm", value, today)
