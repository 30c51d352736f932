"""Reads and sets how the provider's account leads a number to the line (IncomingPhoneNumbers)."""

import http
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from bridge.telephony.provider import Provider
from bridge.telephony.rest import NoRestAnswer, RestClient, is_api

_MAX_JSON_BYTES: Final = 1_000_000
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

URLS: Mapping[str, str] = {
    "voice_url": "VoiceUrl",
    "voice_method": "VoiceMethod",
    "voice_fallback_url": "VoiceFallbackUrl",
    "voice_fallback_method": "VoiceFallbackMethod",
    "status_callback": "StatusCallback",
    "status_callback_method": "StatusCallbackMethod",
}
"""What the API calls a number's settings: in its answers, and in what it is told."""

_OF_THE_FALLBACK = frozenset({"voice_fallback_url", "voice_fallback_method"})


class NumberError(Exception):
    """The provider could not be asked about a number, or did not do as told; the sentence says why."""


@dataclass(frozen=True, slots=True)
class NumberSetup:
    """A number of the account: its id, and its `urls` by the names of `URLS` (those its provider has).

    While a number is led by an application or a trunk (`led_by`), the provider ignores its own addresses.
    One that is `mute` takes no calls: it is for texts or fax only.
    """

    id: str
    urls: Mapping[str, str]
    led_by: str = ""
    mute: bool = False


class NumberSetups:
    """The numbers of one account at a provider that has such an API (`provider.numbers`)."""

    def __init__(
        self,
        api: str,
        account: str,
        token: str,
        *,
        provider: Provider,
        seconds: float = 10.0,
        ca_file: str | None = None,
    ) -> None:
        if not is_api(api):
            raise ValueError("the provider's address must look like https://api.twilio.com")
        self._rest = RestClient(
            api, account, token, bearer=provider.recordings.bearer, seconds=seconds, ca_file=ca_file
        )
        if provider.numbers is None:
            raise ValueError("this provider has no API of numbers that the bridge knows")
        self._account, self._knows = f"{provider.recordings.accounts}/{account}", provider.numbers
        self._names = [name for name in URLS if self._knows.fallback or name not in _OF_THE_FALLBACK]

    def find(self, number: str) -> NumberSetup | None:
        """Ask how a number (E.164) is set up; None when it is none of the account's.

        Raises:
            NumberError: the provider gave no usable answer.
        """
        rows = self._rows("IncomingPhoneNumbers", "incoming_phone_numbers", number)
        for row in rows:
            if row.get("phone_number") == number and self._knows.number_id.fullmatch(str(row.get("sid"))):
                led_by = row.get("voice_application_sid") or row.get("trunk_sid") or ""
                urls = {name: str(row.get(name) or "") for name in self._names}
                return NumberSetup(str(row["sid"]), urls, str(led_by), mute=_is_mute(row))
        return None

    def account_state(self) -> tuple[str, str]:
        """Ask for the account's state, such as `active` or `suspended`, and its type, such as `Trial`.

        Raises:
            NumberError: as for `find`.
        """
        told = _json(self._ask("GET", ".json"))
        return (
            (str(told.get("status") or ""), str(told.get("type") or ""))
            if isinstance(told, dict)
            else ("", "")
        )

    def is_verified(self, number: str) -> bool | None:
        """Ask whether the account may show a number (E.164) of others; None where the provider does not tell.

        Raises:
            NumberError: as for `find`.
        """
        if not self._knows.verified:
            return None
        rows = self._rows("OutgoingCallerIds", "outgoing_caller_ids", number)
        return any(row.get("phone_number") == number for row in rows)

    def change(self, setup: NumberSetup, urls: Mapping[str, str]) -> None:
        """Set some of a number's addresses and methods, by the names of `URLS`; the others stay.

        Raises:
            NumberError: nobody knows whether they are set.
        """
        told = {URLS[name]: value for name, value in urls.items()}
        self._ask("POST", f"/IncomingPhoneNumbers/{setup.id}.json", told)

    def _rows(self, resource: str, name: str, number: str) -> list[Mapping[str, object]]:
        if not _E164.fullmatch(number):
            raise ValueError("a number is asked for as +3225550100")
        told = _json(self._ask("GET", f"/{resource}.json?PhoneNumber={quote(number, safe='')}"))
        rows = told.get(name) if isinstance(told, dict) else None
        if not isinstance(rows, list):
            raise NumberError("the provider's list of numbers cannot be read")
        return [row for row in rows if isinstance(row, dict)]

    def _ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> bytes:
        try:
            answer = self._rest.request(method, f"{self._account}{path}", _MAX_JSON_BYTES, form=form)
        except NoRestAnswer as error:
            raise NumberError(f"the provider did not answer about its numbers: {error}") from None
        if answer.status in {http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN}:
            raise NumberError("the provider refused the account: check BRIDGE_ACCOUNT and BRIDGE_TOKENS")
        if answer.status != http.HTTPStatus.OK:
            raise NumberError(f"the provider answered about its numbers with status {answer.status}")
        return answer.body


def _is_mute(row: Mapping[str, object]) -> bool:
    capabilities = row.get("capabilities")
    has_voice = capabilities.get("voice", True) if isinstance(capabilities, dict) else True
    return has_voice is False or row.get("voice_receive_mode") == "fax"


def _json(body: bytes) -> object:
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told
