"""Sixty ways a caller's number may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.telephony.callers import caller_number

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


def test_sixty_shown_numbers():
    """The list is as long as safety.md section 9 wants it."""
    assert len(SHOWN + WITHHELD + MALFORMED) == 60


@pytest.mark.parametrize("shown", SHOWN)
def test_a_number_that_can_be_phoned_is_kept(shown: str):
    """A caller with a real number is recognised by it."""
    assert caller_number(shown) == shown


@pytest.mark.parametrize("shown", WITHHELD)
def test_a_withheld_number_is_none(shown: str):
    """However a provider spells anonymity, it is nobody's number."""
    assert caller_number(shown) == ""


@pytest.mark.parametrize("shown", MALFORMED)
def test_a_malformed_or_premium_number_is_none(shown: str):
    """What no telephone can show, or costs money to call back, is no caller's number."""
    assert caller_number(shown) == ""


@pytest.mark.parametrize("shown", [*SHOWN, *WITHHELD, *MALFORMED])
def test_every_caller_is_answered(twilio: Twilio, bridge: Bridge, shown: str):
    """However odd the number, the call is taken; only a number that can be phoned goes further."""
    assert twilio.post("/voice", From=shown).status_code == 200
    assert bridge.heard[0].event.caller == (shown if shown in SHOWN else "")
