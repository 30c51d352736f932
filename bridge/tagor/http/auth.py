"""Keeps the office logged in to Tagor: one token for all threads, renewed before it runs out."""

import copy
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Protocol

from bridge.tagor.errors import TagorError, TagorUnreachable
from bridge.tagor.http.deadline import Deadline, Monotonic

LOGIN = "Login/Token"

RENEW_AT = 0.8
"""The part of a token's life after which it is renewed."""

RETRY_SECONDS = 5.0
"""How long a token that still holds is used on, after renewing it has failed."""


@dataclass(frozen=True, slots=True)
class TokenResponse:
    """What Tagor gives for a login: a token and how many seconds it lives."""

    token: str = field(repr=False)
    seconds: int


class Auth(Protocol):
    """What a call shows Tagor, as the value of its Authorization header."""

    def show(self, deadline: Deadline) -> str:
        """Return the header's value; may ask Tagor first, and then raises `TagorError`."""
        ...

    def drop(self, shown: str) -> bool:
        """Take back what Tagor did not accept; True if showing again brings another one."""
        ...


class StaticAuth:
    """A badge that never changes: an API key, or file and PIN."""

    def __init__(self, authorization: str) -> None:
        self._authorization = authorization

    def show(self, deadline: Deadline) -> str:  # noqa: ARG002 - nothing to wait for, but a badge is asked alike
        """Return the header's value at once."""
        return self._authorization

    def drop(self, shown: str) -> bool:  # noqa: ARG002 - as above
        """There is no other one."""
        return False


@dataclass(frozen=True, slots=True)
class _Token:
    authorization: str = field(repr=False)
    renew_at: float
    dead_at: float


class TokenAuth:
    """A badge that logs in when needed: one login at a time, however many threads want it.

    While a token still holds, the others go on with it; without one they wait for the login under way,
    each until its own deadline, and share its outcome. `promise` makes what they wait for.
    """

    def __init__(
        self,
        log_in: Callable[[Deadline], TokenResponse],
        clock: Monotonic,
        promise: Callable[[], Future[Any]] = Future,
    ) -> None:
        self._log_in, self._clock, self._promise = log_in, clock, promise
        self._lock = Lock()
        self._token: _Token | None = None
        self._login: Future[_Token] | None = None

    def show(self, deadline: Deadline) -> str:
        """Return the header's value; raises `TagorError` if there is no token to be had."""
        now = self._clock()
        with self._lock:
            token, login = self._token, self._login
            if token and (now < token.renew_at or (login and now < token.dead_at)):
                return token.authorization
            if first := login is None:
                login = self._login = self._promise()
        token = self._fetch(login, deadline) if first else self._share(login, deadline)
        return token.authorization

    def drop(self, shown: str) -> bool:
        """Forget the token Tagor did not accept, unless another thread has replaced it already."""
        with self._lock:
            if self._token and self._token.authorization == shown:
                self._token = None
        return True

    def _fetch(self, login: "Future[_Token]", deadline: Deadline) -> _Token:
        trouble: TagorError = TagorUnreachable(LOGIN, "the login was broken off: ask again.", sent=False)
        token = None
        try:
            token = self._renewed(deadline)
        except TagorError as error:
            trouble = error
            raise
        finally:
            with self._lock:
                self._token, self._login = token, None
            if token:
                login.set_result(token)
            else:
                login.set_exception(trouble)
        return token

    def _renewed(self, deadline: Deadline) -> _Token:
        asked_at = self._clock()
        try:
            grant = self._log_in(deadline)
        except TagorError:
            # Read now, not before: meanwhile Tagor may have turned the old one down.
            old, now = self._token, self._clock()
            if old and now < old.dead_at:
                return replace(old, renew_at=now + RETRY_SECONDS)
            raise
        renew_at, dead_at = asked_at + RENEW_AT * grant.seconds, asked_at + grant.seconds
        return _Token(f"Tgr {grant.token}", renew_at, dead_at)

    @staticmethod
    def _share(login: "Future[_Token]", deadline: Deadline) -> _Token:
        try:
            return login.result(deadline.left())
        except TimeoutError:
            trouble: TagorError = TagorUnreachable(
                LOGIN, "the login took too long: ask again later.", sent=False
            )
        except TagorError as error:
            trouble = copy.copy(error)  # one error raised in many threads would mix their tracebacks
        raise trouble
