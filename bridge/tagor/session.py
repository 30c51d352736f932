"""Asks one office's Tagor: adds the credential, the circuit breaker and the one repeat that is safe."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, Self, TypeVar

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.tagor.credentials import ClientLogin, Credential, FilePin
from bridge.tagor.errors import TagorError
from bridge.tagor.http.auth import TokenAuth, TokenResponse
from bridge.tagor.http.circuit_breaker import CircuitBreakers
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.http.transport import HttpTransport
from bridge.tagor.login import LOGIN_TOKEN
from bridge.tagor.schema.operation import Effect, Given, Operation

R = TypeVar("R")

Traced = Callable[[str], AbstractContextManager[Mapping[str, str]]]
"""Surrounds the question of an operation, with its login, and gives headers that it carries besides."""

_UNTRACED: AbstractContextManager[Mapping[str, str]] = nullcontext({})
_UNAUTHORIZED = 401


class TagorSession:
    """Sends operations to one Tagor with one credential; any thread may use it.

    Args:
        transport: posts the requests.
        credential: who asks.
        breakers: decide whether Tagor is asked at all; None asks every time.
        clock: seconds that only go up; the life of a token is counted on it.
        make_future: makes the object on which threads wait for a shared login (a rehearsal brings its own).
        traced: surrounds each question, the login too.
    """

    def __init__(
        self,
        transport: HttpTransport,
        credential: Credential,
        *,
        breakers: CircuitBreakers | None = None,
        clock: Clock = SYSTEM_CLOCK,
        make_future: Callable[[], Future[Any]] = Future,
        traced: Traced | None = None,
    ) -> None:
        self._transport, self._clock, self._make_future = transport, clock, make_future
        self._traced = traced
        self._breakers = breakers or CircuitBreakers(clock, failures=None)
        # A defendant's own credential may be refused while Tagor is well: the breaker must know whose it is.
        self._acts_for_caller = isinstance(credential, FilePin)
        self._token = self._token_for(credential) if isinstance(credential, ClientLogin) else None
        # An API key, or file and PIN: a header that never changes.
        self._fixed = "" if isinstance(credential, ClientLogin) else credential.authorization

    def acting_as(self, credential: Credential) -> Self:
        """Return a session over the same connections and breakers that shows another credential."""
        return type(self)(
            self._transport,
            credential,
            breakers=self._breakers,
            clock=self._clock,
            make_future=self._make_future,
            traced=self._traced,
        )

    def close(self) -> None:
        """Close the kept connections, also those of every session made by `acting_as`."""
        self._transport.close()

    def ask(self, operation: Operation[R], deadline: Deadline, *values: Given) -> R:
        """Send an operation with one value for each of its fields, and return what Tagor answered.

        Raises:
            TagorError: Tagor gave no usable answer by `deadline` (see `errors`).
        """
        body = operation.body(*values)
        with self._traced(operation.path) if self._traced else _UNTRACED as headers:
            self._breakers.of(operation.path).check(operation.path, deadline)
            authorization = self._fixed if operation.signed else None
            if operation.signed and self._token:
                try:
                    # Before `guard`: a login passes the transport breaker itself, maybe as its only probe.
                    authorization = self._token.header(deadline)
                except TagorError as error:
                    error.sent = False  # the login may have been sent, the operation that needs it was not
                    raise
            with self._breakers.guard(operation.path, deadline, acts_for_caller=self._acts_for_caller):
                send = partial(
                    self._transport.post,
                    operation.path,
                    body,
                    deadline=deadline,
                    content_type=operation.encoding.content_type,
                    headers=headers,
                    once=operation.effect is Effect.WRITE,
                )
                reply = send(authorization=authorization)
                if reply.status == _UNAUTHORIZED and self._token and authorization:
                    self._token.invalidate(authorization)
                    # A 401 may come after the effect of a write, so only a read is sent again.
                    if operation.effect is Effect.NOTHING:
                        reply = send(authorization=self._token.header(deadline))
                return operation.answer(reply)

    def _token_for(self, credential: ClientLogin) -> TokenAuth:
        def log_in(deadline: Deadline) -> TokenResponse:
            secrets = credential.client_id, credential.client_secret
            return self.ask(LOGIN_TOKEN, deadline, "client_credentials", *secrets)

        return TokenAuth(log_in, self._clock, self._make_future)
