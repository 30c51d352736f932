"""Fetches the voicemails that the provider keeps, and deletes them there once they are handed on."""

import http
import json
import re
from contextlib import suppress
from typing import Final
from urllib.parse import SplitResult, urlsplit

from bridge.telephony.provider import Provider
from bridge.telephony.providers import TWILIO
from bridge.telephony.rest import NoRestAnswer, RestClient, RestResponse, is_api

MAX_BYTES: Final = 10_000_000
"""The largest sound that is handed on, in bytes: Tagor takes no larger one."""

_MAX_JSON_BYTES = 1_000_000
_ACCOUNT = re.compile(r"[A-Za-z0-9-]{1,64}")
_TARGET = re.compile(r"/[!-~]{0,4000}")
_GONE = frozenset({"absent", "deleted"})


class RecordingError(Exception):
    """A recording could not be had; the sentence names no call and no recording."""


class NotReady(RecordingError):
    """The provider is still writing the recording: ask again in some seconds."""


class Gone(RecordingError):
    """There is no recording and there will be none: nothing was said, or it is deleted."""


class TooLarge(RecordingError):
    """The recording is larger than `MAX_BYTES`, so nobody can take it: it stays at the provider."""


class Unreachable(RecordingError):
    """The provider gave no usable answer within the time."""


class AccountRefused(Unreachable):
    """The provider does not accept the account and its token."""


class Recordings:
    """The recordings of one account, over a REST API that is spoken like Twilio's.

    Every address is made of `api`, the account and checked ids: nothing that a webhook holds leads anywhere.
    Only where the provider's own answer tells where a sound is, that address is fetched, at the hosts that
    its `recordings` name, without the token.
    No proxy is used, no redirect followed, no request made twice. A connection that is still open after
    `seconds` is cut, however slowly bytes still arrive.
    """

    def __init__(
        self,
        api: str,
        account: str,
        token: str,
        *,
        provider: Provider = TWILIO,
        seconds: float = 20.0,
        ca_file: str | None = None,
    ) -> None:
        if not is_api(api) or not _ACCOUNT.fullmatch(account) or not token:
            raise ValueError(
                "recordings need the provider's address, like https://api.twilio.com, the account's id "
                "and its token"
            )
        self._rest = RestClient(
            api, account, token, bearer=provider.recordings.bearer, seconds=seconds, ca_file=ca_file
        )
        self._api = urlsplit(api)
        self._account, self._provider = f"{provider.recordings.accounts}/{account}", provider

    def fetch(self, recording: str) -> bytes:
        """Fetch a recording as WAV, at most `MAX_BYTES`.

        Raises:
            NotReady, Gone, TooLarge, Unreachable: the sound could not be had, for that reason.
            ValueError: the id is none of this provider's.
        """
        path = self._recording_path(recording)
        if self._provider.recordings.media_hosts:
            address = self._media_address(path)
            answer = self._ask("GET", f"{address.path}?{address.query}", MAX_BYTES, elsewhere=address)
        else:
            answer = self._ask("GET", f"{path}.wav", MAX_BYTES)
        if answer.status == http.HTTPStatus.NOT_FOUND:
            raise self._reason_for_no_sound(path)
        sound = _body(answer)
        if len(sound) > MAX_BYTES:
            raise TooLarge(f"the recording is larger than {MAX_BYTES // 1_000_000} MB")
        # A recording that is still being written may come as a 200 with nothing in it.
        if not sound:
            raise NotReady("the recording's sound is still being written")
        # An error page of a proxy, sent with a 200, must not be put onto a file as somebody's voice.
        if not sound.startswith(b"RIFF"):
            raise Unreachable("the provider answered with something that is no WAV sound")
        return sound

    def of_call(self, call: str) -> list[str]:
        """List the ids of a call's recordings that hold something, newest first.

        Raises:
            Unreachable: also for an answer that cannot be read.
            ValueError: the id is none of this provider's.
        """
        answer = self._ask("GET", self._recordings_path(call), _MAX_JSON_BYTES)
        if answer.status == http.HTTPStatus.NOT_FOUND:
            return []
        try:
            recordings = json.loads(_body(answer))["recordings"]
            listed = [str(one["sid"]) for one in recordings if one.get("status") not in _GONE]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise Unreachable("the provider's list of recordings cannot be read") from None
        # An id becomes part of the next address, so one of another shape is left out.
        return [one for one in listed if self._provider.recording_id.fullmatch(one)]

    def check_account(self, call: str) -> None:
        """Ask for the recordings of a call that need not exist, only to see whether the account is accepted.

        Raises:
            AccountRefused: the account or its token is wrong.
            Unreachable: the provider did not answer, so that nobody knows.
        """
        answer = self._ask("GET", self._recordings_path(call), _MAX_JSON_BYTES)
        if answer.status != http.HTTPStatus.NOT_FOUND:
            _body(answer)

    def are_protected(self) -> bool:
        """Ask, without the token, for a sound that does not exist: whether only the account may ask for any.

        A provider that protects sounds refuses; else it says that there is none.

        Raises:
            Unreachable: the provider gave no answer that tells.
        """
        path = self._recording_path(self._provider.recordings.nobodys)
        answer = self._ask("GET", f"{path}.wav", _MAX_JSON_BYTES, elsewhere=self._api)
        if answer.status in {http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN}:
            return True
        if answer.status != http.HTTPStatus.NOT_FOUND:
            raise Unreachable(f"the provider's recordings answered with status {answer.status}")
        return False

    def delete(self, recording: str) -> None:
        """Delete a recording; this may be done again, since one that is gone already counts as deleted.

        A provider that cannot delete any is not asked; it keeps them.

        Raises:
            Unreachable: it may or may not be deleted.
            ValueError: the id is none of this provider's.
        """
        path = self._recording_path(recording)
        if not self._provider.recordings.deletes:
            return
        answer = self._ask("DELETE", f"{path}.json", _MAX_JSON_BYTES)
        if answer.status not in {http.HTTPStatus.NO_CONTENT, http.HTTPStatus.NOT_FOUND}:
            _body(answer)

    def _ask(
        self, method: str, path: str, max_bytes: int, *, elsewhere: SplitResult | None = None
    ) -> RestResponse:
        try:
            return self._rest.request(method, path, max_bytes, elsewhere=elsewhere)
        except NoRestAnswer as error:
            raise Unreachable(f"the provider's recordings did not answer: {error}") from None

    def _recordings_path(self, call: str) -> str:
        if not self._provider.call_id.fullmatch(call):
            raise ValueError("this is no call id of the provider's")
        return f"{self._account}/Calls/{call}/Recordings.json"

    def _recording_path(self, recording: str) -> str:
        if not self._provider.recording_id.fullmatch(recording):
            raise ValueError("this is no recording id of the provider's")
        return f"{self._account}/Recordings/{recording}"

    def _reason_for_no_sound(self, path: str) -> RecordingError:
        """Ask for the recording's own entry, which alone tells why there is no sound."""
        answer = self._ask("GET", f"{path}.json", _MAX_JSON_BYTES)
        if answer.status == http.HTTPStatus.NOT_FOUND:
            return Gone("the provider has no such recording any more")
        with suppress(ValueError, LookupError, TypeError, RecursionError):
            if json.loads(_body(answer))["status"] in _GONE:
                return Gone("the recording holds nothing, or is deleted")
        return NotReady("the recording is still being written")

    def _media_address(self, path: str) -> SplitResult:
        """Ask the recording's entry where its sound is: below the API's own host or one of the named ones."""
        answer = self._ask("GET", f"{path}.json", _MAX_JSON_BYTES)
        if answer.status == http.HTTPStatus.NOT_FOUND:
            raise Gone("the provider has no such recording any more")
        try:
            entry = json.loads(_body(answer))
            gone, address = entry["status"] in _GONE, entry.get("media_url")
            place = urlsplit(str(address))
            port, host = place.port, str(place.hostname)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise Unreachable("the provider's entry of a recording cannot be read") from None
        if gone:
            raise Gone("the recording holds nothing, or is deleted")
        if not address:
            raise NotReady("the recording is still being written")
        is_api = (place.scheme, host, port) == self._rest.place
        is_media = place.scheme == "https" and host.endswith(self._provider.recordings.media_hosts)
        if not (is_api or is_media) or not _TARGET.fullmatch(f"{place.path}?{place.query}"):
            raise Unreachable("the provider's sound is at a place that is none of the provider's")
        return place


def _body(answer: RestResponse) -> bytes:
    """Give the body of a successful response."""
    match answer.status:
        case 200:
            return answer.body
        case 401 | 403:
            raise AccountRefused("the provider refused the account: check BRIDGE_ACCOUNT and BRIDGE_TOKENS")
    raise Unreachable(f"the provider's recordings answered with status {answer.status}")
