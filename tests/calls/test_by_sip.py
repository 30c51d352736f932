"""Calls that arrive by SIP, from an office's own exchange: for a user or a number, with any headers."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Line

AN = CASES[0]
USER = "sip:line@pbx.example.be"
HEADERS = {
    "SipHeader_X-Language": "nl",
    "SipHeader_X-CallerName": "Digits BVBA",
    "SipHeader__2FA": "Digits=1",
    f"SipHeader_X-{'Long' * 14}": "a name of 70 characters",
    "SipCallId": "1-2345@198.51.100.7",
    "SipDomain": "pbx.example.be",
}


@pytest.fixture
def line(open_line: "Callable[..., Line]") -> "Line":
    """The demo's line, which its exchange reaches as a user, too."""
    return open_line(office={'"+3220000002"': f'"+3220000002", "{USER}"'})


@pytest.mark.parametrize(
    "dialled",
    [
        *(USER, f"{USER};transport=tls", "sips:LINE@pbx.example.be:5061"),
        *("sip:+3220000001@pbx.example.be", "3220000001@sip.telnyx.com", "3220000001"),
    ],
)
def test_a_caller_by_sip_hears_their_balance(line: "Line", dialled: str):
    """The office is found, however the exchange and the provider write what was dialled."""
    phone = line.phone("sip:an@pbx.example.be", number=dialled).ring()
    phone.press("1").press(AN.pin).press(f"{AN.file}#")
    assert line.asked("GetSaldo") == ["GetSaldo"]
    assert [heard for heard in phone.heard if "euro" in heard.text]
    assert phone.faults == []


@pytest.mark.parametrize("dialled", ["sip:desk@pbx.example.be", "sip:line@elsewhere.example.be"])
def test_a_user_of_nobody_reaches_no_office(line: "Line", dialled: str):
    """They hear words that promise nothing, and the only switchboard there is."""
    phone = line.phone(number=dialled).ring()
    assert line.asked() == []
    assert phone.dialled == [line.switchboard]


def test_headers_of_any_name_cost_no_call(line: "Line"):
    """Neither a ring nor a turn nor a fallback is refused because of what an exchange adds."""
    for path in ("/voice", "/voice/turn/1", "/voice/fallback", "/voice/status"):
        status, _, _ = line.webhook(path, "CA" + "5" * 32, To=USER, **HEADERS)
        assert status in {200, 204}, path
