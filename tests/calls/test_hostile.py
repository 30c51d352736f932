"""Hostile values where Tagor or the provider tell whom to ring and what to fetch: none leads anywhere."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor.case import COLLEAGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bridge.simulators.provider.phone import Phone
    from tests.shared_line import Line

    Sample = Callable[[Sequence[str], int], Sequence[str]]

OURS = {"+3220000010", "+3220000011", "+32460000012"}
"""The switchboard and the employees of the demo's office file."""
AN, MANAGER = "20230118", "an.verbeke"
NAMED_BY = 259
# fmt: off
NO_NUMBERS = [
    "+32900123456", "0900 12 345", "090212345", "+3270123456", "070/12.34.56", "0032 903 12345",
    "+32 905 1", "+33142685300", "0033142685300", "+18765551234", "+870123456789", "+8821612345678",
    "+979123456789", "112", "101", "1301", "*100#", "##002#", "+32", "+", "0", "00", "000000000000000",
    "+3220000099", "+32470000001", "02 000 00 99", "+3220000011x900", "+3220000011;ext=0900123456",
    "+3220000011,+32900123456", "+322000001", "+3220000011 +32900123456",
    "+3220000011;phone-context=+32900", "tel:+32900123456", "client:mallory", "sip:attacker@evil.example",
    "sips:x@evil.example;transport=tls", "https://evil.example/voice", "//evil.example",
    "http://127.0.0.1:1/", "file:///etc/passwd", "O9OO I2 345", "+32%39%30%30123456",
    "+\uff13\uff12\uff19\uff10\uff10\uff11\uff12\uff13", "+\u0663\u0662\u0669\u0660\u0660\u0661", "9" * 400,
    "\u279532900123456", "\u202e654321009+", "+32\u200b900123456", "+32\x00900123456", "+32\r\n900123456",
    "</Number><Number>+32900123456</Number>", "<Sip>sip:a@evil.example</Sip>", "&#43;32900123456",
    "]]><Dial>+32900123456</Dial>", '"/><Redirect>https://evil.example</Redirect>', "{switchboard}",
    "%(number)s", "${x}", "' OR '1'='1", "1; DROP TABLE calls;--", "../../offices/demo.toml",
    "$(dial 0900)", "\\u0030900", "null", "NaN", "[]", "{}", "-1", "x" * 100000, "+" * 100000, "\x00" * 50,
    "\ud7ff" * 200,
]
CODES = [
    "DBH", "DBH ", "dbh9000000000000000901", "DBH9000000000000000902", "DBH9000000000000000904", "DBH0",
    "DBH-1", "DBHabc", "DBH1e3", "DBH 9000000000000000901", "DBH9000000000000000901;DBH1", "DBH../1",
    "DBH' OR 1=1", "DBH" + "9" * 21, "DBH" + "1" * 100000, "DBH\u0663", "DBH\uff19",
    "DBH9000000000000000901\n", "DBH\x00", "20230118", "20230219", "tom.hendrickx", "TOM.HENDRICKX",
    "jos.dewit", "bridge", "nobody", "an.verbeke ", " ", "user-login", "@", ".", "DBH<b>1</b>",
    "an.verbeke\n", "an.verbeke;tom.hendrickx", "an.verbeke' --", "An Verbeke", "a" * 65,
]
# fmt: on


@pytest.fixture
def managed(line: "Line") -> "Line":
    """A line whose files name their managers by id."""
    line.tagor.controls.parameter(NAMED_BY, "id")
    return line


def ask_for_a_person(line: "Line") -> "Phone":
    """An Peeters keys in her PIN and then 0."""
    return line.phone().ring().press("1").press("482193").press("0")


def calls_told(
    line: "Line", values: "Sequence[str]", tell: "Callable[[str], object]"
) -> "Iterator[tuple[str, Phone]]":
    """One call for each value that Tagor tells in this way."""
    for value in values:
        tell(value)
        yield value, ask_for_a_person(line)


def test_a_manager_of_any_name_leads_to_our_own_people(line: "Line", sample: "Sample"):
    """`DosbehId` is a text that somebody typed in Tagor: a number of the office file is rung, or none."""
    for value, phone in calls_told(
        line, sample([*CODES, *NO_NUMBERS], 4), lambda code: line.tagor.controls.change(AN, manager_told=code)
    ):
        assert set(phone.dialled) <= (OURS if value in CODES else {line.switchboard}), value
        assert (len(phone.dialled), phone.faults) == (1, []), value


def test_a_manager_of_any_number_is_not_rung_on_it(managed: "Line", sample: "Sample"):
    """The landline of a user of Tagor is dialled only if it stands in the office file."""
    for value, phone in calls_told(
        managed, sample(NO_NUMBERS, 4), lambda number: managed.tagor.controls.user(MANAGER, landline=number)
    ):
        assert set(phone.dialled) <= {"+3220000010", "+3220000011"}, value
        assert (len(phone.dialled), phone.faults) == (1, []), value


def test_a_manager_of_any_login_keeps_nobody_from_a_person(managed: "Line", sample: "Sample"):
    """What cannot be put on a screen is not shown, and the telephone rings."""
    database = managed.tagor.tagor.database
    for login in sample(NO_NUMBERS, 4):
        with database.transaction():
            database.write("renamed", "UPDATE users SET login = ? WHERE id = ?", login, COLLEAGUE)
        assert set(ask_for_a_person(managed).dialled) <= OURS, login
