"""What a provider's account says of a number, and the questions about it that each API answers."""

import http
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from bridge.telephony.provider import Provider
from bridge.telephony.rest import NoRestAnswer, RestClient, is_api

_MAX_JSON_BYTES: Final = 1_000_000
_ROWS_OF_A_PAGE: Final = 250
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

URLS: Mapping[str, str] = {
    "voice_url": "VoiceUrl",
    "voice_method": "VoiceMethod",
    "voice_fallback_url": "VoiceFallbackUrl",
    "voice_fallback_method": "VoiceFallbackMethod",
    "status_callback": "StatusCallback",
    "status_callback_method": "StatusCallbackMethod",
}
"""What Twilio's API calls a number's settings: in its answers, and in what it is told."""


_UNREADABLE = "the provider's list of numbers cannot be read: check BRIDGE_PROVIDER_API"


class NumberError(Exception):
    """The provider could not be asked about a number, or did not do as told; the sentence says why."""


@dataclass(frozen=True, slots=True)
class NumberSetup:
    """A number of the account: its id, and its `urls` by the names of `URLS` (those its provider has).

    The id is that of the number, or of the application to which the addresses belong. While a number is led
    by something else (`led_by`), such as a trunk, these addresses count for nothing. One that is `mute` takes
    no calls: it is for texts or fax only, or its application is switched off.
    """

    id: str
    urls: Mapping[str, str]
    led_by: str = ""
    mute: bool = False


class NumberSetups(Protocol):
    """The numbers of one account at a provider.

    Each question raises NumberError if the provider gives no usable answer.
    """

    def find(self, number: str) -> NumberSetup | None:
        """Ask how a number (E.164) is set up; None when it is none of the account's."""
        ...

    def led_with(self, setup: NumberSetup) -> frozenset[str]:
        """Ask which numbers (E.164) a change of a setup moves as well; its own may be among them."""
        ...

    def account_state(self) -> tuple[str, str]:
        """Ask for the account's state, such as `suspended`, and its type, such as `Trial`; "" is unknown."""
        ...

    def is_verified(self, number: str) -> bool | None:
        """Ask whether the account may show a number (E.164) of others; None: the provider does not tell."""
        ...

    def change(self, setup: NumberSetup, urls: Mapping[str, str]) -> None:
        """Set some addresses and methods, by the names of `URLS`; after an error they may be set or not."""
        ...


class NumberRest:
    """One account's way to what its provider's API says of numbers."""

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
        self.account, self.provider = account, provider
        self._rest = RestClient(
            api, account, token, bearer=provider.recordings.bearer, seconds=seconds, ca_file=ca_file
        )

    def ask(
        self,
        method: str,
        path: str,
        *,
        form: Mapping[str, str] | None = None,
        json_fields: Mapping[str, str] | None = None,
    ) -> object:
        """Make one request and read its JSON; None is an answer that is none, or that there is no such thing.

        Raises:
            NumberError: there is no answer, or another status than 200 and 404.
        """
        try:
            answer = self._rest.request(method, path, _MAX_JSON_BYTES, form=form, json_fields=json_fields)
        except NoRestAnswer as error:
            raise NumberError(
                f"the provider did not answer about its numbers ({error}): see that this machine reaches it"
            ) from None
        if answer.status in {http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN}:
            raise NumberError("the provider refused the account: check BRIDGE_ACCOUNT and BRIDGE_TOKENS")
        if answer.status == http.HTTPStatus.NOT_FOUND and method == "GET":
            return None
        if answer.status != http.HTTPStatus.OK:
            raise NumberError(
                f"the provider answered about its numbers with status {answer.status}: look whether it "
                "reports a failure, and try again"
            )
        try:
            told: object = json.loads(answer.body)
        except (ValueError, RecursionError):
            return None
        return told

    def rows(self, path: str, name: str) -> list[Mapping[str, object]]:
        """Ask for a list that an answer holds under a name.

        Raises:
            NumberError: as for `ask`, and for an answer without such a list.
        """
        return _rows_in(self.ask("GET", path), name)

    def rows_of_pages(self, path: str, name: str) -> Iterator[Mapping[str, object]]:
        """Ask page by page for a list whose answers tell how many pages it has; `path` has a query.

        Raises:
            NumberError: as for `rows`, and for an answer that does not tell its pages: the rest of a list
                is not nothing.
        """
        page, last = 0, 1
        while page < last:
            page += 1
            told = self.ask("GET", f"{path}&page%5Bnumber%5D={page}&page%5Bsize%5D={_ROWS_OF_A_PAGE}")
            yield from _rows_in(told, name)
            meta = told.get("meta") if isinstance(told, dict) else None
            pages = meta.get("total_pages") if isinstance(meta, dict) else None
            if not isinstance(pages, int):
                raise NumberError(_UNREADABLE)
            last = pages


def _rows_in(told: object, name: str) -> list[Mapping[str, object]]:
    rows = told.get(name) if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise NumberError(_UNREADABLE)
    return [row for row in rows if isinstance(row, dict)]


def checked_number(number: str) -> str:
    """Return a number that is E.164; it becomes part of an address.

    Raises:
        ValueError: it is not.
    """
    if not _E164.fullmatch(number):
        raise ValueError("a number is asked for as +3225550100")
    return number
