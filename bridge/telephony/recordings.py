"""Fetches the voicemails that the provider keeps, and deletes them there once they are handed on."""

import http.client
import json
import re
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

from bridge.telephony.provider import TWILIO, Provider

MAX_BYTES: Final = 10_000_000
"""The largest sound that is handed on, in bytes: Tagor takes no larger one."""

_MAX_JSON_BYTES = 1_000_000
_API = re.compile(
    r"https://[a-z0-9.-]+(?::[1-9][0-9]{0,4})?|http://(?:127\.0\.0\.1|localhost):[1-9][0-9]{0,4}"
)
_ACCOUNT = re.compile(r"[A-Za-z0-9-]{1,64}")
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


@dataclass(frozen=True, slots=True)
class _RestResponse:
    status: int
    body: bytes = field(repr=False)


class Recordings:
    """The recordings of one account, over a REST API that is spoken like Twilio's.

    Every address is made of `api`, the account and checked ids: nothing that a webhook holds leads anywhere.
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
        if not _API.fullmatch(api) or not _ACCOUNT.fullmatch(account) or not token:
            raise ValueError(
                "recordings need the provider's address, like https://api.twilio.com, the account's id "
                "and its token"
            )
        parts = urlsplit(api)
        self._host, self._port = str(parts.hostname), parts.port
        self._tls = ssl.create_default_context(cafile=ca_file) if parts.scheme == "https" else None
        self._account, self._provider = f"/2010-04-01/Accounts/{account}", provider
        self._credential = b64encode(f"{account}:{token}".encode()).decode()
        self._seconds = seconds

    def fetch(self, recording: str) -> bytes:
        """Fetch a recording as WAV, at most `MAX_BYTES`.

        Raises:
            NotReady, Gone, TooLarge, Unreachable: the sound could not be had, for that reason.
            ValueError: the id is none of this provider's.
        """
        path = self._recording_path(recording)
        answer = self._request("GET", f"{path}.wav", MAX_BYTES)
        if answer.status == http.HTTPStatus.NOT_FOUND:
            raise self._reason_for_no_sound(path)
        sound = _body(answer)
        if len(sound) > MAX_BYTES:
            raise TooLarge(f"the recording is larger than {MAX_BYTES // 1_000_000} MB")
        if not sound:
            raise NotReady("the recording's sound is still being written")
        if not sound.startswith(b"RIFF"):
            raise Unreachable("the provider answered with something that is no WAV sound")
        return sound

    def of_call(self, call: str) -> list[str]:
        """List the ids of a call's recordings that hold something, newest first.

        Raises:
            Unreachable: also for an answer that cannot be read.
            ValueError: the id is none of this provider's.
        """
        answer = self._request("GET", self._recordings_path(call), _MAX_JSON_BYTES)
        if answer.status == http.HTTPStatus.NOT_FOUND:
            return []
        try:
            recordings = json.loads(_body(answer))["recordings"]
            listed = [str(one["sid"]) for one in recordings if one.get("status") not in _GONE]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise Unreachable("the provider's list of recordings cannot be read") from None
        return [one for one in listed if self._provider.recording_id.fullmatch(one)]

    def check_account(self, call: str) -> None:
        """Ask for the recordings of a call that need not exist, only to see whether the account is accepted.

        Raises:
            AccountRefused: the account or its token is wrong.
            Unreachable: the provider did not answer, so that nobody knows.
        """
        answer = self._request("GET", self._recordings_path(call), _MAX_JSON_BYTES)
        if answer.status != http.HTTPStatus.NOT_FOUND:
            _body(answer)

    def delete(self, recording: str) -> None:
        """Delete a recording; this may be done again, since one that is gone already counts as deleted.

        Raises:
            Unreachable: it may or may not be deleted.
            ValueError: the id is none of this provider's.
        """
        answer = self._request("DELETE", f"{self._recording_path(recording)}.json", _MAX_JSON_BYTES)
        if answer.status not in {http.HTTPStatus.NO_CONTENT, http.HTTPStatus.NOT_FOUND}:
            _body(answer)

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
        answer = self._request("GET", f"{path}.json", _MAX_JSON_BYTES)
        if answer.status == http.HTTPStatus.NOT_FOUND:
            return Gone("the provider has no such recording any more")
        with suppress(ValueError, LookupError, TypeError, RecursionError):
            if json.loads(_body(answer))["status"] in _GONE:
                return Gone("the recording holds nothing, or is deleted")
        return NotReady("the recording is still being written")

    def _request(self, method: str, path: str, max_bytes: int) -> _RestResponse:
        """Make one request, and read one byte more than `max_bytes` at most."""
        try:
            with self._connection_with_deadline() as connection:
                connection.request(method, path, headers={"Authorization": f"Basic {self._credential}"})
                answer = connection.getresponse()
                body = answer.read(max_bytes + 1)
                if answer.length and len(body) <= max_bytes:
                    raise http.client.IncompleteRead(body, answer.length)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"the provider's recordings did not answer: {type(error).__name__}") from None
        return _RestResponse(answer.status, body)

    @contextmanager
    def _connection_with_deadline(self) -> Iterator[http.client.HTTPConnection]:
        """Open a connection that is shut down when its time is up, even while somebody reads from it."""
        until = time.monotonic() + self._seconds
        with closing(self._new_connection()) as connection:
            connection.connect()
            cut = Timer(until - time.monotonic(), _shut_down, (connection.sock,))
            cut.daemon = True
            cut.start()
            try:
                yield connection
            finally:
                cut.cancel()
        if time.monotonic() >= until:  # what was read may be only a part
            raise TimeoutError

    def _new_connection(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._seconds)
        return http.client.HTTPSConnection(self._host, self._port, timeout=self._seconds, context=self._tls)


def _shut_down(sock: socket.socket) -> None:
    """Wake the reader of this socket; the TLS shutdown would take the session from under the reader."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _body(answer: _RestResponse) -> bytes:
    """Give the body of a successful response."""
    match answer.status:
        case 200:
            return answer.body
        case 401 | 403:
            raise AccountRefused("the provider refused the account: check BRIDGE_ACCOUNT and BRIDGE_TOKENS")
    raise Unreachable(f"the provider's recordings answered with status {answer.status}")
