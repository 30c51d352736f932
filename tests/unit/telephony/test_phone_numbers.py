"""Numbers as providers show them: sixty ways for a caller's, and the spellings of the dialled one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.telephony.phone_numbers import caller_number, dialled_number, match_number

if TYPE_CHECKING:
    from tests.unit.telephony.telephony_bridge import Bridge, Twilio


SHOWN = [
    "+32470000001", "+3225550101", "+3292000000", "+32456000000", "+31201234567", "+33142345678",
    "+4930123456", "+442079460000", "+12125550123", "+352621123456", "+881612345678", "+41446681800",
]  # fmt: skip
WITHHELD = [
    "+266696687", "266696687", "+7378742833", "7378742833", "+2562533", "2562533", "+8656696", "8656696",
    "+86282452253", "86282452253", "+7748283", "7748283", "anonymous", "Anonymous", "ANONYMOUS", "restricted",
    "unknown", "private", "unavailable", "Blocked", "withheld", "", "client:Anonymous", "client:phone",
    "sip:anonymous@anonymous.invalid", "sip:+32470000001@pbx.example.be",
]  # fmt: skip
MALFORMED = [
    "32470000001", "0470000001", "0032470000001", "+32 470 00 00 01", "+32470000001 ", "+32470000001\n",
    "+32", "+", "+0470000001", "+320470000001", "+324", "+3247000000123", "+" + "1" * 40, "+32470A00001",
    "+٣٢٤٧٠٠٠٠٠٠١", "\x00", "+32470000001\x00", "+3290212345", "+32470000001;ext=5", "tel:+32470000001",
    "+999123456789", "<Say>",
]  # fmt: skip


@pytest.mark.parametrize("shown", [*SHOWN, *WITHHELD, *MALFORMED])
def test_sixty_shown_numbers_are_a_number_or_nobodys(twilio: Twilio, bridge: Bridge, shown: str):
    """However odd the number, the call is taken; only a number that can be phoned goes further."""
    assert twilio.post("/voice", From=shown).status_code == 200
    assert bridge.heard[0].event.caller == (shown if shown in SHOWN else "")


def test_a_caller_over_whatsapp_has_the_number_behind_it():
    """It is proved to be theirs, as that of a telephone is not; nothing else is read out of an address."""
    assert caller_number("whatsapp:+32470000001") == "+32470000001"
    assert caller_number("whatsapp:An") == caller_number("whatsapp:whatsapp:+32470000001") == ""


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        *(
            (shown, "+3220000001")
            for shown in ("+3220000001", "3220000001", "003220000001", "+32 2 000.00.01")
        ),
        ("sip:+3220000001@line.example.be;transport=tls", "+3220000001"),
        ("sips:3220000001@x?X-Tagor-File=1", "+3220000001"),
        ("whatsapp:+3220000001", "+3220000001"),
        ("020000001", "020000001"),
        ("sip:Line@PBX.example.be:5061;transport=tls", "sip:line@pbx.example.be"),
        ("sips:100@pbx.example.be", "sip:100@pbx.example.be"),
        ("line@sip.telnyx.com", "sip:line@sip.telnyx.com"),
        ("3220000001@sip.telnyx.com", "+3220000001"),
        ("112", "+112"),
        *(
            (shown, "")
            for shown in (
                "",
                "client:phone",
                "sip:a b@x",
                "sip:line",
                "12",
                "3" * 16,
                "+٣٢٢",
                "+32A",
                "++322",
            )
        ),
    ],
)
def test_the_dialled_number_is_read_out_of_any_spelling(shown: str, number: str):
    """Providers write the dialled number in several ways, and some wrap an address around it."""
    assert dialled_number(shown) == number


@pytest.mark.parametrize(
    ("dialled", "found"),
    [
        ("+3220000001", "+3220000001"),
        ("020000001", "+3220000001"),
        ("09 123456".replace(" ", ""), None),
        ("01", None),
        ("+4920000001", None),
        ("0800000001", None),
        ("", None),
        ("sip:line@pbx.example.be", "sip:line@pbx.example.be"),
        ("sip:desk@anywhere.example.be", "sip:desk"),
        ("sip:line@elsewhere.example.be", None),
        ("sip:0000001@x", None),
    ],
)
def test_an_offices_number_is_found_by_its_digits(dialled: str, found: str | None):
    """Without its country a number fits by its last digits, unless two offices have them."""
    ours = ["+3220000001", "+32800000001", "+31800000001", "sip:line@pbx.example.be", "sip:desk"]
    assert match_number(dialled, ours) == found
