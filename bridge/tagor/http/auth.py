"""Makes the Authorization header of an office that logs in: one token, which all threads share and renew."""

import copy
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from bridge.clock import Clock
from bridge.tagor.errors import TagorError, TagorUnreachable
from bridge.tagor.http.deadline import Deadline

LOGIN = "Login/Token"

RENEW_AT = 0.8
"""The part of a token's life after which it is renewed."""

RETRY_SECONDS = 5.0
"""How long a token that is still valid is used on after a failed renewal, before the next attempt."""


@dataclass(frozen=True, slots=True)
class TokenResponse:
    """The answer to a login: a token and how many seconds it lives."""

    token: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True)
class _Token:
    authorization: str = field(repr=False)
    renew_at: float
    expires_at: float


class TokenAuth:
    """A header that logs in when needed: one login at a time, however many threads want it.

    While a token is still valid, the other threads go on with it. Without one they wait for the login under
    way, each until its own deadline, and share its outcome.

    Args:
        log_in: asks Tagor for a token.
        clock: seconds that only go up.
        make_future: makes the object on which threads wait for the login.
    """

    def __init__(
        self,
        log_in: Callable[[Deadline], TokenResponse],
        clock: Clock,
        make_future: Callable[[], Future[Any]] = Future,
    ) -> None:
        self._log_in, self._clock, self._make_future = log_in, clock, make_future
        self._lock = Lock()
        self._token: _Token | None = None
        self._login: Future[_Token] | None = None

    def header(self, deadline: Deadline) -> str:
        """Return the header's value; raises `TagorError` if Tagor gives no token."""
        now = self._clock.monotonic()
        with self._lock:
            token, login = self._token, self._login
            if token and (now < token.renew_at or (login and now < token.expires_at)):
                return token.authorization
            if first := login is None:
                login = self._login = self._make_future()
        token = self._fetch(login, deadline) if first else self._wait(login, deadline)
        return token.authorization

    def invalidate(self, header: str) -> None:
        """Forget the token that Tagor did not accept, unless another thread has replaced it already."""
        with self._lock:
            if self._token and self._token.authorization == header:
                self._token = None

    def _fetch(self, login: "Future[_Token]", deadline: Deadline) -> _Token:
        """Log in, and give the outcome to every thread that waits on `login`."""
        trouble: TagorError = TagorUnreachable(LOGIN, "the login was broken off: ask again.", sent=False)
        token = None
        try:
            token = self._renew(deadline)
        except TagorError as error:
            trouble = error
            raise
        finally:
            # Also after an exception that is no `TagorError`: else the waiting threads would wait in vain.
            with self._lock:
                self._token, self._login = token, None
            if token:
                login.set_result(token)
            else:
                login.set_exception(trouble)
        return token

    def _renew(self, deadline: Deadline) -> _Token:
        # The life is counted from the question: the answer may have been on its way for seconds.
        asked_at = self._clock.monotonic()
        try:
            response = self._log_in(deadline)
        except TagorError:
            # The old token is read now, not before: meanwhile Tagor may have refused it.
            old, now = self._token, self._clock.monotonic()
            if old and now < old.expires_at:
                return replace(old, renew_at=now + RETRY_SECONDS)
            raise
        renew_at, expires_at = asked_at + RENEW_AT * response.seconds, asked_at + response.seconds
        return _Token(f"Tgr {response.token}", renew_at, expires_at)

    @staticmethod
    def _wait(login: "Future[_Token]", deadline: Deadline) -> _Token:
        try:
            return login.result(deadline.left())
        except TimeoutError:
            trouble: TagorError = TagorUnreachable(
                LOGIN, "the login took too long: ask again later.", sent=False
            )
        except TagorError as error:
            trouble = copy.copy(error)  # one error raised in many threads would mix their tracebacks
        raise trouble
