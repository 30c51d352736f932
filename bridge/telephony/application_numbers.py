"""Reads and sets a number where applications hold the addresses of their numbers (Telnyx's TeXML)."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from bridge.telephony.number_setup import NumberError, NumberRest, NumberSetup, checked_number

_ADDRESSES: Final = ("voice_url", "voice_fallback_url", "status_callback")
_METHODS: Final = ("voice_method", "status_callback_method")
_GONE: Final = frozenset({"deleted", "ported-out", "port-failed", "purchase-failed"})
"""What the API calls the state of numbers that it may list and that ring nowhere at this provider."""


class ApplicationNumbers:
    """The numbers of one account where an application leads them (questions: `NumberSetups`).

    What is changed for one number is changed for all that its application leads: `led_with` lists them.
    """

    def __init__(self, rest: NumberRest) -> None:
        self._rest, self._id = rest, rest.provider.numbers.id

    def find(self, number: str) -> NumberSetup | None:
        """Ask how a number's application is set up; None when the number is none of the account's."""
        # The API finds numbers by their digits alone, also by some of them.
        digits = checked_number(number).removeprefix("+")
        rows = self._rest.rows(f"/v2/phone_numbers?filter%5Bphone_number%5D={digits}", "data")
        row = next((row for row in rows if row.get("phone_number") == number), None)
        if row is None:
            return None
        connection = str(row.get("connection_id") or "")
        application = self._application(connection) if self._id.fullmatch(connection) else None
        if application is None:  # a SIP connection, an application of another kind, or nothing
            return NumberSetup("", {}, connection or "nothing")
        urls = {name: str(application.get(name) or "") for name in _ADDRESSES}
        methods = {name: str(application.get(name) or "").upper() for name in _METHODS}
        return NumberSetup(connection, urls | methods, mute=application.get("active") is False)

    def led_with(self, setup: NumberSetup) -> frozenset[str]:
        """Ask which of the account's numbers an application leads, page by page."""
        rows = self._rest.rows_of_pages(f"/v2/phone_numbers?filter%5Bconnection_id%5D={setup.id}", "data")
        return frozenset(
            str(row.get("phone_number"))
            for row in rows
            # A filter that the API did not heed would make strangers of all other numbers.
            if str(row.get("connection_id")) == setup.id and row.get("status") not in _GONE
        )

    def account_state(self) -> tuple[str, str]:
        """Tell nothing: there is no such question."""
        return "", ""

    def is_verified(self, number: str) -> bool | None:
        """Ask whether the account may show a number of others."""
        told = self._rest.ask("GET", f"/v2/verified_numbers/{quote(checked_number(number), safe='')}")
        row = told.get("data") if isinstance(told, dict) else None
        return isinstance(row, dict) and row.get("phone_number") == number

    def change(self, setup: NumberSetup, urls: Mapping[str, str]) -> None:
        """Set some of an application's addresses and methods; the others stay."""
        application = self._application(setup.id)
        if application is None:
            raise NumberError("the provider has no such application any more")
        # Name and voice address have to be told with every change.
        told = {name: str(application.get(name) or "") for name in ("friendly_name", "voice_url")}
        told |= {name: value.lower() if name in _METHODS else value for name, value in urls.items()}
        self._rest.ask("PATCH", f"/v2/texml_applications/{setup.id}", json_fields=told)

    def _application(self, connection: str) -> Mapping[str, object] | None:
        told = self._rest.ask("GET", f"/v2/texml_applications/{connection}")
        row = told.get("data") if isinstance(told, dict) else None
        return row if isinstance(row, dict) else None
