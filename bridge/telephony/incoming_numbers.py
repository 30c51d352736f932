"""Reads and sets a number as Twilio's API and those like it do (IncomingPhoneNumbers)."""

from collections.abc import Mapping
from urllib.parse import quote

from bridge.telephony.number_setup import URLS, NumberRest, NumberSetup, checked_number

_OF_THE_FALLBACK = frozenset({"voice_fallback_url", "voice_fallback_method"})


class IncomingNumbers:
    """The numbers of one account where each number has its own addresses (questions: `NumberSetups`)."""

    def __init__(self, rest: NumberRest) -> None:
        self._rest, self._knows = rest, rest.provider.numbers
        self._account = f"{rest.provider.recordings.accounts}/{rest.account}"
        self._names = [name for name in URLS if self._knows.fallback or name not in _OF_THE_FALLBACK]

    def find(self, number: str) -> NumberSetup | None:
        """Ask how a number is set up; None when it is none of the account's."""
        for row in self._rows("IncomingPhoneNumbers", "incoming_phone_numbers", number):
            if row.get("phone_number") == number and self._knows.id.fullmatch(str(row.get("sid"))):
                led_by = row.get("voice_application_sid") or row.get("trunk_sid") or ""
                urls = {name: str(row.get(name) or "") for name in self._names}
                return NumberSetup(str(row["sid"]), urls, str(led_by), mute=_is_mute(row))
        return None

    def led_with(self, setup: NumberSetup) -> frozenset[str]:  # noqa: ARG002 - asked of every provider alike
        """Tell none: each number has its own addresses."""
        return frozenset()

    def account_state(self) -> tuple[str, str]:
        """Ask for the account's state and type."""
        told = self._rest.ask("GET", f"{self._account}.json")
        if not isinstance(told, dict):
            return "", ""
        return str(told.get("status") or ""), str(told.get("type") or "")

    def is_verified(self, number: str) -> bool | None:
        """Ask whether the account may show a number of others."""
        if not self._knows.verified:
            return None
        rows = self._rows("OutgoingCallerIds", "outgoing_caller_ids", number)
        return any(row.get("phone_number") == number for row in rows)

    def change(self, setup: NumberSetup, urls: Mapping[str, str]) -> None:
        """Set some of a number's addresses and methods; the others stay."""
        told = {URLS[name]: value for name, value in urls.items()}
        self._rest.ask("POST", f"{self._account}/IncomingPhoneNumbers/{setup.id}.json", form=told)

    def _rows(self, resource: str, name: str, number: str) -> list[Mapping[str, object]]:
        asked = quote(checked_number(number), safe="")
        return self._rest.rows(f"{self._account}/{resource}.json?PhoneNumber={asked}", name)


def _is_mute(row: Mapping[str, object]) -> bool:
    capabilities = row.get("capabilities")
    has_voice = capabilities.get("voice", True) if isinstance(capabilities, dict) else True
    return has_voice is False or row.get("voice_receive_mode") == "fax"
