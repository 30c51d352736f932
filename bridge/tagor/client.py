"""The typed client for one office's Tagor: one object for each subject that Tagor is asked about."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import cached_property
from typing import Any, Self

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.tagor.credentials import Credential
from bridge.tagor.http.circuit_breaker import CircuitBreakers
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.http.transport import Adapters, HttpTransport
from bridge.tagor.models import Generation
from bridge.tagor.operations.agenda import Agenda
from bridge.tagor.operations.amounts import Amounts
from bridge.tagor.operations.by_contract import operation_of
from bridge.tagor.operations.callers import Callers
from bridge.tagor.operations.codes import CodeCache, Codes
from bridge.tagor.operations.courts import Courts
from bridge.tagor.operations.documents import FileDocuments
from bridge.tagor.operations.employees import Employees
from bridge.tagor.operations.files import FileInfo
from bridge.tagor.operations.links import FileLinks
from bridge.tagor.operations.messages import OfficeMessages
from bridge.tagor.operations.notes import Notes
from bridge.tagor.operations.notifications import Notifications
from bridge.tagor.operations.office import OfficeInfo
from bridge.tagor.operations.parties import PartyInfo
from bridge.tagor.operations.payments import CardPayments
from bridge.tagor.operations.plans import PaymentPlans
from bridge.tagor.operations.solvency import Questionnaires
from bridge.tagor.session import TagorSession, Traced


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
        traced: surrounds each question, and gives headers that it carries besides.
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
        traced: Traced | None = None,
    ) -> None:
        transport = HttpTransport(
            base_url,
            ca_file=ca_file,
            pool=pool,
            allow_http=allow_http,
            max_bytes=max_bytes,
            adapters=adapters,
        )
        session = TagorSession(
            transport, credential, breakers=breakers, clock=clock, make_future=make_future, traced=traced
        )
        self._give(session, CodeCache(clock))

    def _give(self, session: TagorSession, codes: CodeCache) -> None:
        """Make the subjects that most turns ask, which all ask over this session."""
        self._session, self._code_cache = session, codes
        self.office = OfficeInfo(session)
        self.callers = Callers(session)
        self.files = FileInfo(session)
        self.plans = PaymentPlans(session)
        self.notifications = Notifications(session)
        self.employees = Employees(session)
        self.notes = Notes(session)
        self.documents = FileDocuments(session)
        self.messages = OfficeMessages(session)
        self.agenda = Agenda(session)

    @cached_property
    def codes(self) -> Codes:
        """The words behind ids and codes; they are remembered for every Tagor made by `acting_as`."""
        return Codes(self._session, self._code_cache)

    @cached_property
    def amounts(self) -> Amounts:
        """What makes up a balance."""
        return Amounts(self._session)

    @cached_property
    def courts(self) -> Courts:
        """Appearances and titles."""
        return Courts(self._session)

    @cached_property
    def parties(self) -> PartyInfo:
        """Parties, their files and how they can be reached."""
        return PartyInfo(self._session)

    @cached_property
    def payments(self) -> CardPayments:
        """Payments by card, and those that are on their way."""
        return CardPayments(self._session)

    @cached_property
    def links(self) -> FileLinks:
        """Links that open a file."""
        return FileLinks(self._session)

    @cached_property
    def questionnaires(self) -> Questionnaires:
        """The office's questionnaires about a debtor's situation."""
        return Questionnaires(self._session)

    def acting_as(self, credential: Credential) -> Self:
        """Return a Tagor over the same connections that asks as somebody else, such as a defendant."""
        # Past `__init__`, which would make another transport: new connections, and the CA file read again.
        other = self.__new__(type(self))
        session = self._session.acting_as(credential)
        other._give(session, self._code_cache)  # noqa: SLF001 - an object of this class
        return other

    def call(
        self,
        operation: str,
        request: Mapping[str, object] | None = None,
        *,
        context: Mapping[str, str] | None = None,
        generation: Generation = Generation.V2_00,
        deadline: Deadline,
    ) -> dict[str, Any]:
        """Ask any operation, as in `tagor.call("Dossier/GetSub", context={"TDOS_Id": file}, deadline=...)`.

        The request is checked against the contract before it is sent, the answer after. A request is sent
        only once, unless the name of its operation says that it changes nothing.

        Args:
            operation: group and name.
            request: the fields of a service call; the tables of a dataset call, each a list of rows, by the
                name that the table's parts share (`TDOSINFOWeb`).
            context: keys and values of a dataset call.
            generation: the generation whose contract counts; the two differ in few fields.
            deadline: until when Tagor may answer.

        Returns:
            The fields by Tagor's names: text, `Decimal`, `bool`, `date`, `datetime`; tables as lists of rows
            by their short names, the context as `context`. A field that Tagor leaves out, or that cannot be
            read, is not in it.

        Raises:
            NotSendable: the request is not as the contract says; the text names operation and field.
        """
        asked, values = operation_of(operation, request or {}, context or {}, generation)
        return self._session.ask(asked, deadline, *values)

    def close(self) -> None:
        """Close the kept connections, also those of every Tagor made by `acting_as`."""
        self._session.close()
