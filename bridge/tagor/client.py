"""The typed client for one office's Tagor: one object for each subject that Tagor is asked about."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Self

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.tagor.credentials import Credential
from bridge.tagor.http.circuit_breaker import CircuitBreakers
from bridge.tagor.http.transport import Adapters, HttpTransport
from bridge.tagor.operations.agenda import Agenda
from bridge.tagor.operations.callers import Callers
from bridge.tagor.operations.documents import Documents
from bridge.tagor.operations.employees import Employees
from bridge.tagor.operations.files import Files
from bridge.tagor.operations.messages import Messages
from bridge.tagor.operations.notes import Notes
from bridge.tagor.operations.notifications import Notifications
from bridge.tagor.operations.office import Office
from bridge.tagor.operations.plans import Plans
from bridge.tagor.session import TagorSession


class Tagor:
    """One office's Tagor; make one per worker process, any thread may use it.

    Every question, as in `tagor.files.balance(file, deadline=deadline)`, takes a `deadline` that holds for
    all that is sent for it, and raises one of

        TagorUnreachable: Tagor gave no usable answer by then;
        TagorRefused: Tagor said no, or did not accept the credential;
        TagorInvalidResponse: the answer is not what the contract says;
        ValueError: the question cannot be sent; the text names the argument, never its value.

    A method that changes Tagor sends its request once, on a connection of its own, made within 2 seconds.
    There `TagorRefused` is a clear no, and an error's `sent` is False only if nothing left the bridge. After
    any other error the change may have happened: look in Tagor.

    Args:
        base_url: the office's own address, as in `https://tagor.example.be/v1/web`.
        credential: who asks.
        ca_file: a PEM file with the only authority to trust, or None for the public ones.
        pool: connections kept open; as many as there are threads.
        allow_http: whether `http:` is allowed to this machine itself (demo, tests).
        clock: seconds that only go up; the life of a token is counted on it.
        max_bytes: the longest answer that is read, beyond what was sent: Tagor may repeat that.
        adapters: what carries requests, in place of sockets (a rehearsal).
        breakers: decide whether Tagor is asked at all; None asks every time.
        make_future: makes the object on which threads wait for a shared login (a rehearsal).
    """

    def __init__(
        self,
        base_url: str,
        credential: Credential,
        *,
        ca_file: str | None = None,
        pool: int = 64,
        allow_http: bool = False,
        clock: Clock = SYSTEM_CLOCK,
        max_bytes: int = 1 << 20,
        adapters: Adapters | None = None,
        breakers: CircuitBreakers | None = None,
        make_future: Callable[[], Future[Any]] = Future,
    ) -> None:
        transport = HttpTransport(
            base_url,
            ca_file=ca_file,
            pool=pool,
            allow_http=allow_http,
            max_bytes=max_bytes,
            adapters=adapters,
        )
        session = TagorSession(transport, credential, breakers=breakers, clock=clock, make_future=make_future)
        self._give(session)

    def _give(self, session: TagorSession) -> None:
        """Make the subjects, which all ask over this session."""
        self._session = session
        self.office = Office(session)
        self.callers = Callers(session)
        self.files = Files(session)
        self.plans = Plans(session)
        self.notifications = Notifications(session)
        self.employees = Employees(session)
        self.notes = Notes(session)
        self.documents = Documents(session)
        self.messages = Messages(session)
        self.agenda = Agenda(session)

    def acting_as(self, credential: Credential) -> Self:
        """Return a Tagor over the same connections that asks as somebody else, such as a defendant."""
        other = self.__new__(type(self))
        other._give(self._session.acting_as(credential))  # noqa: SLF001 - an object of this class
        return other

    def close(self) -> None:
        """Close the kept connections, also those of every Tagor made by `acting_as`."""
        self._session.close()
