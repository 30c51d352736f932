"""Hostile values where Tagor or the provider tell whom to ring and what to fetch: none leads anywhere."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor.case import COLLEAGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bridge.simulators.provider.phone import Phone
    from tests.conftest import Line

pytestmark = pytest.mark.no_cover  # as in the folders of samples

OURS = {"+3220000010", "+3220000011", "+32460000012"}
"""The switchboard and the employees of the demo's office file."""
AN, MANAGER = "20230118", "an.verbeke"
NAMED_BY = 259
DEAR = [
    *(
        "+32900123456",
        "0900 12 345",
        "090212345",
        "+3270123456",
        "070/12.34.56",
        "0032 903 12345",
        "+32 905 1",
    ),
    *("+33142685300", "0033142685300", "+18765551234", "+870123456789", "+8821612345678", "+979123456789"),
    *("1301", "112", "101", "*100#", "##002#", "+32", "+", "0", "00", "000000000000000", "9" * 400),
    *("+3220000099", "+32470000001", "02 000 00 99", "+3220000011x900", "+3220000011;ext=0900123456"),
    *(
        "+3220000011,+32900123456",
        "+3220000011 +32900123456",
        "+3220000011;phone-context=+32900",
        "+322000001",
    ),
    *("sip:attacker@evil.example", "sips:x@evil.example;transport=tls", "tel:+32900123456", "client:mallory"),
    *("https://evil.example/voice", "//evil.example", "http://127.0.0.1:1/", "file:///etc/passwd"),
]
FOREIGN = [
    *(
        "+\uff13\uff12\uff19\uff10\uff10\uff11\uff12\uff13\uff14\uff15\uff16",
        "+\u0663\u0662\u0669\u0660\u0660\u0661\u0662\u0663\u0664\u0665\u0666",
        "\u0660\u0669\u0660\u0660\u0661\u0662\u0663\u0664\u0665",
        "\u279532900123456",
        "\u202e654321009+",
        "O9OO I2 345",
    ),
    *("+32\u200b900123456", "+32\x00900123456", "+32\r\n900123456", "\t+32900123456\n", "+32%39%30%30123456"),
]
MARKUP = [
    *(
        "</Number><Number>+32900123456</Number>",
        "<Sip>sip:a@evil.example</Sip>",
        "]]><Dial>+32900123456</Dial>",
    ),
    *(
        "&#43;32900123456",
        '"/><Redirect>https://evil.example</Redirect>',
        "{switchboard}",
        "%(number)s",
        "${x}",
    ),
    *(
        "' OR '1'='1",
        "1; DROP TABLE calls;--",
        "../../offices/demo.toml",
        "$(dial 0900)",
        "`0900`",
        "\\u0030900",
    ),
    *(
        "x" * 100_000,
        "+" * 100_000,
        "0900" * 10_000,
        "\x00" * 50,
        "\ud7ff" * 200,
        "null",
        "NaN",
        "[]",
        "{}",
        "-1",
    ),
]
CODES = [
    *(
        "DBH",
        "DBH ",
        "dbh9000000000000000901",
        "DBH9000000000000000902",
        "DBH9000000000000000904",
        "DBH0",
        "DBH-1",
    ),
    *(
        "DBH" + "9" * 21,
        "DBH" + "1" * 100_000,
        "DBHabc",
        "DBH\u0663",
        "DBH\uff19",
        "DBH1e3",
        "DBH 9000000000000000901",
    ),
    *(
        "DBH9000000000000000901\n",
        "DBH9000000000000000901;DBH1",
        "DBH../1",
        "DBH' OR 1=1",
        "DBH<b>1</b>",
        "DBH\x00",
    ),
    *(AN, "20230219", "tom.hendrickx", "TOM.HENDRICKX", "jos.dewit", "bridge", "nobody", "an.verbeke ", " "),
    *(
        "an.verbeke\n",
        "an.verbeke;tom.hendrickx",
        "an.verbeke' --",
        "An Verbeke",
        "user-login",
        "a" * 65,
        "@",
        ".",
    ),
]
RECORDINGS = [
    *(
        "",
        "RE",
        "RE" + "0" * 31,
        "RE" + "0" * 33,
        "RE" + "g" * 32,
        "re" + "0" * 32,
        "CA" + "0" * 32,
        "RE" + "0" * 32,
    ),
    *(
        "RE" + "A" * 32,
        "RE" + "\u0663" * 32,
        "RE" + "0" * 31 + "\n",
        "RE" + "0" * 31 + "/",
        "../../../etc/passwd",
        "x" * 20_000,
    ),
    *(
        "https://evil.example/RE" + "0" * 32,
        "RE" + "0" * 32 + "?x=1",
        "RE" + "0" * 32 + "#",
        "RE%30" + "0" * 29,
    ),
    *(
        "' OR '1'='1",
        "RE" + "0" * 32 + "\r\nHost: evil.example",
        "@evil.example/RE",
        "null",
        "RE\x00" + "0" * 31,
    ),
]
URLS = [
    *(
        "https://evil.example/RE1",
        "http://169.254.169.254/latest",
        "http://127.0.0.1:22/",
        "file:///etc/passwd",
    ),
    *(
        "//evil.example",
        "https://api.twilio.com@evil.example/",
        "https://api.twilio.com.evil.example/",
        "gopher://x",
    ),
    *("http://[::1]/", "http://0x7f000001/", "https://evil.example:443/a.wav", "ftp://evil.example/a.wav"),
]
STATUSES = [
    "",
    "completed\n",
    "COMPLETED",
    "in-progress",
    "deleted",
    "<x>",
    "0",
    "failed",
    "absent",
    "x" * 5000,
]


@pytest.fixture
def managed(line: "Line") -> "Line":
    """Files name their managers by id."""
    line.tagor.parameter(NAMED_BY, "id")
    return line


def asking_for_a_person(line: "Line") -> "Phone":
    """An Peeters, who has keyed in her PIN and then 0."""
    return line.phone().ring().press("1").press("482193").press("0")


def told_as(line: "Line", values: list[str], tell: "Callable[[str], None]") -> "Iterator[tuple[str, Phone]]":
    """One call for each value, told by Tagor in this way."""
    for value in values:
        tell(value)
        yield value, asking_for_a_person(line)


def test_there_are_two_hundred_of_them():
    """As many as were promised, none of them twice."""
    numbers = DEAR + FOREIGN + MARKUP
    assert len(set(numbers)) == len(numbers)
    assert len({*numbers, *CODES, *RECORDINGS, *URLS, *STATUSES}) >= 150
    assert 2 * len(numbers) + len(CODES) + len(RECORDINGS) + len(URLS) + len(STATUSES) >= 200


def test_a_manager_of_any_name_leads_to_our_own_people(line: "Line"):
    """`DosbehId` is a text somebody typed in Tagor: a number of the office file is rung, or none."""
    for value, phone in told_as(line, CODES, lambda code: line.tagor.change(AN, manager_told=code)):
        assert set(phone.dialled) <= OURS, value
        assert phone.faults == []
    for value, phone in told_as(
        line, DEAR + FOREIGN + MARKUP, lambda code: line.tagor.change(AN, manager_told=code)
    ):
        assert phone.dialled == ["+3220000010"], value


@pytest.mark.parametrize("values", [DEAR, FOREIGN, MARKUP], ids=["dear", "foreign", "markup"])
def test_a_manager_of_any_number_is_not_rung_on_it(managed: "Line", values: list[str]):
    """The landline of a user of Tagor's: only one that stands in the office file is ever dialled."""
    for value, phone in told_as(managed, values, lambda number: managed.tagor.user(MANAGER, landline=number)):
        assert set(phone.dialled) <= {"+3220000010", "+3220000011"}, value
        assert len(phone.dialled) == 1
        assert phone.faults == []


def test_a_manager_of_any_login_keeps_nobody_from_a_person(managed: "Line"):
    """What cannot be put on a screen is not; the telephone rings."""
    for login in MARKUP[:12] + FOREIGN:
        with managed.tagor.tagor.database.transaction():
            managed.tagor.tagor.database.write(
                "renamed", "UPDATE users SET login = ? WHERE id = ?", login, COLLEAGUE
            )
        assert set(asking_for_a_person(managed).dialled) <= OURS, login


def at_tone(line: "Line") -> "Phone":
    """A stranger who is about to speak."""
    line.tagor.hours("closed")
    return line.phone("+32470999999").ring().press("0").press("2")


def test_a_recording_of_any_name_is_not_fetched(line: "Line"):
    """Signed by the provider or not: what is no recording of this very call leads to no request."""
    for value in RECORDINGS:
        phone = at_tone(line)
        turn = f"/voice/turn/{len(phone.turns)}"
        line.webhook(turn, phone.call_id, RecordingSid=value, RecordingDuration="5")
        line.webhook("/voice/recording", phone.call_id, RecordingSid=value, RecordingStatus="completed")
        line.webhook("/voice/status", phone.call_id, CallStatus="completed")
    line.after(hours=1)
    assert line.tagor.office_messages() == []
    assert line.api.asked["GET sound"] == 1  # of the one that could be a recording's; the provider has none


@pytest.mark.parametrize("field", ["RecordingUrl", "RecordingStatus"])
def test_what_is_posted_about_a_recording_leads_nowhere(line: "Line", field: str):
    """The address is never used, whatever it is; a strange word is no word."""
    for value in URLS if field == "RecordingUrl" else STATUSES:
        phone = at_tone(line)
        phone.leave_message(4)
        form = {"RecordingSid": "RE" + "0" * 32, "RecordingStatus": "completed", "RecordingUrl": URLS[0]}
        status, _, body = line.webhook("/voice/recording", phone.call_id, **(form | {field: value}))
        assert (status in {204, 400, 403}, body) == (True, b""), value
        phone.wait()
    line.after(minutes=10)
    assert len(line.tagor.office_messages()) == len(URLS if field == "RecordingUrl" else STATUSES)
    assert set(line.api.asked) <= {"GET list", "GET sound", "GET entry", "DELETE recording"}
