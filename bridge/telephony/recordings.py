"""The voicemails callers left, as the provider keeps them: fetched to be handed on, then deleted there."""

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
"""The largest sound that is handed on: what Tagor takes."""

_MAX_WORDS = 1_000_000
_API = re.compile(
    r"https://[a-z0-9.-]+(?::[1-9][0-9]{0,4})?|http://(?:127\.0\.0\.1|localhost):[1-9][0-9]{0,4}"
)
_ACCOUNT = re.compile(r"[A-Za-z0-9-]{1,64}")
_GONE = frozenset({"absent", "deleted"})


class RecordingError(Exception):
    """A recording was not to be had; the sentence names no call and no recording."""


class NotReady(RecordingError):
    """The provider is still writing it: ask again in some seconds."""


class Gone(RecordingError):
    """There is none and there will be none: nothing was said, or it is deleted."""


class TooLarge(RecordingError):
    """It is larger than `MAX_BYTES`, so it can be handed on to nobody: it stays at the provider."""


class Unreachable(RecordingError):
    """The provider gave no usable answer within the time."""


class Refused(Unreachable):
    """The provider does not accept the account and its token."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes = field(repr=False)


class Recordings:
    """One account's recordings, over a provider's REST API that is spoken like Twilio's.

    The address is `api` and what we know ourselves: nothing that a webhook brings leads anywhere. No proxy,
    no redirect, no try is made twice; a connection still open after `seconds` is cut, however it drips.
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
        self._proof = b64encode(f"{account}:{token}".encode()).decode()
        self._seconds = seconds

    def fetch(self, recording: str) -> bytes:
        """Give a recording's sound as WAV, at most `MAX_BYTES`.

        Raises:
            NotReady, Gone, TooLarge, Unreachable: as their names say.
            ValueError: the id is none of this provider's.
        """
        path = self._path(recording)
        answer = self._ask("GET", f"{path}.wav", MAX_BYTES)
        if answer.status == http.HTTPStatus.NOT_FOUND:
            raise self._why(path)
        sound = _found(answer)
        if len(sound) > MAX_BYTES:
            raise TooLarge(f"the recording is larger than {MAX_BYTES // 1_000_000} MB")
        if not sound:
            raise NotReady("the recording's sound is still being written")
        if not sound.startswith(b"RIFF"):
            raise Unreachable("the provider answered with something that is no WAV sound")
        return sound

    def of_call(self, call: str) -> list[str]:
        """Give the ids of the recordings of a call that hold something, newest first.

        Raises:
            Unreachable: also for an answer that cannot be read.
            ValueError: the id is none of this provider's.
        """
        answer = self._ask("GET", self._list(call), _MAX_WORDS)
        if answer.status == http.HTTPStatus.NOT_FOUND:
            return []
        try:
            recordings = json.loads(_found(answer))["recordings"]
            listed = [str(one["sid"]) for one in recordings if one.get("status") not in _GONE]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise Unreachable("the provider's list of recordings cannot be read") from None
        return [one for one in listed if self._provider.recording_id.fullmatch(one)]

    def check_account(self, call: str) -> None:
        """Ask for the recordings of a call, which there need not be, only to see whether we may ask.

        Raises:
            Refused: the account or its token is wrong.
            Unreachable: nobody knows.
        """
        answer = self._ask("GET", self._list(call), _MAX_WORDS)
        if answer.status != http.HTTPStatus.NOT_FOUND:
            _found(answer)

    def delete(self, recording: str) -> None:
        """Delete a recording; one that is gone already is fine, so this may be done again.

        Raises:
            Unreachable: it may or may not be deleted.
            ValueError: the id is none of this provider's.
        """
        answer = self._ask("DELETE", f"{self._path(recording)}.json", _MAX_WORDS)
        if answer.status not in {http.HTTPStatus.NO_CONTENT, http.HTTPStatus.NOT_FOUND}:
            _found(answer)

    def _list(self, call: str) -> str:
        if not self._provider.call_id.fullmatch(call):
            raise ValueError("this is no call id of the provider's")
        return f"{self._account}/Calls/{call}/Recordings.json"

    def _path(self, recording: str) -> str:
        if not self._provider.recording_id.fullmatch(recording):
            raise ValueError("this is no recording id of the provider's")
        return f"{self._account}/Recordings/{recording}"

    def _why(self, path: str) -> RecordingError:
        """Tell why there is no sound: only the recording's own entry knows."""
        answer = self._ask("GET", f"{path}.json", _MAX_WORDS)
        if answer.status == http.HTTPStatus.NOT_FOUND:
            return Gone("the provider has no such recording any more")
        with suppress(ValueError, LookupError, TypeError, RecursionError):
            if json.loads(_found(answer))["status"] in _GONE:
                return Gone("the recording holds nothing, or is deleted")
        return NotReady("the recording is still being written")

    def _ask(self, method: str, path: str, most: int) -> _Answer:
        """Ask once, and read one byte more than `most` at most."""
        try:
            with self._connected() as connection:
                connection.request(method, path, headers={"Authorization": f"Basic {self._proof}"})
                answer = connection.getresponse()
                body = answer.read(most + 1)
                if answer.length and len(body) <= most:
                    raise http.client.IncompleteRead(body, answer.length)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"the provider's recordings did not answer: {type(error).__name__}") from None
        return _Answer(answer.status, body)

    @contextmanager
    def _connected(self) -> Iterator[http.client.HTTPConnection]:
        """A connection that is shut down under whoever still reads from it when its time is up."""
        until = time.monotonic() + self._seconds
        with closing(self._connection()) as connection:
            connection.connect()
            cut = Timer(until - time.monotonic(), _shut, (connection.sock,))
            cut.daemon = True
            cut.start()
            try:
                yield connection
            finally:
                cut.cancel()
        if time.monotonic() >= until:  # what was read may be a part of it
            raise TimeoutError

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._seconds)
        return http.client.HTTPSConnection(self._host, self._port, timeout=self._seconds, context=self._tls)


def _shut(sock: socket.socket) -> None:
    """Wake whoever waits for this socket; TLS's own way would take its session from under the reader."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _found(answer: _Answer) -> bytes:
    match answer.status:
        case 200:
            return answer.body
        case 401 | 403:
            raise Refused("the provider refused the account: check BRIDGE_ACCOUNT and BRIDGE_TOKENS")
    raise Unreachable(f"the provider's recordings answered with status {answer.status}")
