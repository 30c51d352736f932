"""How an office's Tagor is asked: with which credential, over which connections, and how often."""

import copy
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Self, TypeVar

from bridge.tagor.credentials import ClientLogin, Credential, FilePin
from bridge.tagor.errors import TagorError
from bridge.tagor.http.auth import Auth, StaticAuth, TokenAuth, TokenResponse
from bridge.tagor.http.circuit_breaker import NEVER, CircuitBreakers
from bridge.tagor.http.deadline import Deadline, Monotonic
from bridge.tagor.http.response import Reply
from bridge.tagor.http.transport import Adapters, HttpTransport
from bridge.tagor.operations import office
from bridge.tagor.schema.operation import Effect, Operation, Value

R = TypeVar("R")

_EXPIRED = 401


class TagorSession:
    """One office's Tagor, asked by one credential (see `client.Tagor`)."""

    def __init__(
        self,
        base_url: str,
        credential: Credential,
        *,
        ca_file: str | None = None,
        pool: int = 64,
        allow_http: bool = False,
        clock: Monotonic = time.monotonic,
        max_bytes: int = 1 << 20,
        adapters: Adapters | None = None,
        breakers: CircuitBreakers | None = None,
        promise: Callable[[], Future[Any]] = Future,
    ) -> None:
        self._wire = HttpTransport(
            base_url,
            ca_file=ca_file,
            pool=pool,
            allow_http=allow_http,
            max_bytes=max_bytes,
            adapters=adapters,
        )
        self._clock, self._promise = clock, promise
        self._breakers = breakers or CircuitBreakers(clock, failures=NEVER)
        self._badge, self._guest = self._badge_for(credential), isinstance(credential, FilePin)

    def acting_as(self, credential: Credential) -> Self:
        """Return a Tagor over the same connections that asks as someone else, say a defendant."""
        other = copy.copy(self)
        other._badge = other._badge_for(credential)  # noqa: SLF001 - a copy of ourselves
        other._guest = isinstance(credential, FilePin)  # noqa: SLF001 - as above
        return other

    def close(self) -> None:
        """Close the kept connections, also those of every `acting_as`."""
        self._wire.close()

    def _ask(self, operation: Operation[R], deadline: Deadline, *values: Value | None) -> R:
        body = operation.body(*values)
        self._breakers.check(operation.path, deadline)
        # The login comes before the way is entered: it has to go that way itself, perhaps as the only probe.
        shown = self._shown(deadline) if operation.signed else None
        with self._breakers.guard(operation.path, deadline, guest=self._guest):
            return operation.answer(self._reply(operation, body, shown, deadline))

    def _reply(self, operation: Operation[R], body: bytes, shown: str | None, deadline: Deadline) -> Reply:
        reply = self._send(operation, body, shown, deadline)
        if (
            reply.status == _EXPIRED
            and shown
            and self._badge.drop(shown)
            and operation.effect is Effect.NOTHING
        ):
            reply = self._send(operation, body, self._badge.show(deadline), deadline)
        return reply

    def _shown(self, deadline: Deadline) -> str:
        try:
            return self._badge.show(deadline)
        except TagorError as error:
            error.sent = False  # the login perhaps was, what it is for was not
            raise

    def _send(self, operation: Operation[R], body: bytes, shown: str | None, deadline: Deadline) -> Reply:
        return self._wire.post(
            operation.path,
            body,
            deadline=deadline,
            content_type=operation.content_type,
            authorization=shown,
            once=operation.effect is Effect.WRITE,
        )

    def _badge_for(self, credential: Credential) -> Auth:
        if not isinstance(credential, ClientLogin):
            return StaticAuth(credential.authorization)

        def log_in(deadline: Deadline) -> TokenResponse:
            secrets = credential.client_id, credential.client_secret
            return self._ask(office.LOGIN_TOKEN, deadline, "client_credentials", *secrets)

        return TokenAuth(log_in, self._clock, self._promise)
