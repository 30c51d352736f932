"""Runs a Tagor for demonstrations, tests and rehearsals, from Python or from the command line."""

import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from bridge.simulators.tagor.control_pages import ControlPages
from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.faults import FaultBook
from bridge.simulators.tagor.generated import generated
from bridge.simulators.tagor.hours import belgian_now
from bridge.simulators.tagor.inspection import Records
from bridge.simulators.tagor.operations import OPERATIONS
from bridge.simulators.tagor.request_handler import RequestHandler
from bridge.simulators.tagor.seed import fill
from bridge.simulators.tagor.server import Server
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.test_controls import Controls


class StandIn:
    """One office's Tagor over real HTTP, on SQLite; port 0 takes a free one.

    `with StandIn() as tagor:` starts and closes it. `stop` and `start` play an outage: data, faults, journal
    and port stay. All parts may be used while requests are served:

        tagor: the office itself, as its operations see it
        handler: answers requests; holds the journal
        records: what stands in the database
        controls: changes hours, parameters, users, files

    Args:
        port: where to listen, 0 for a free port.
        host: the address to listen on.
        database: an SQLite file, in memory by default.
        generation: "1.08" or "2.00".
        api_key: the office's key.
        client: id and secret of the office's login.
        base: the path below which operations are found.
        clock: the time in the office.
        size: how many files there are beside the documented cases (see `generated`).
        seed: which files these are.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        database: str = ":memory:",
        generation: str = "2.00",
        api_key: str = "stand-in-api-key",
        client: tuple[str, str] = ("bridge", "stand-in-login"),
        base: str = "/v1/web",
        clock: Callable[[], datetime] = belgian_now,
        size: int = 0,
        seed: int = 0,
    ) -> None:
        store = OfficeDatabase(database)
        self.tagor = SimulatedTagor(store, generation=generation, api_key=api_key, client=client, clock=clock)
        self.handler = RequestHandler(self.tagor, base)
        self.fault_book = FaultBook(frozenset(OPERATIONS))
        self.records, self.controls = Records(self.tagor), Controls(self.tagor)
        fill(store, generated(size, seed))
        self._address, self._base = (host, port), base
        self._server: Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on; 0 before the first start if none was chosen."""
        return self._address[1]

    @property
    def root(self) -> str:
        """The address below which the control pages are found (`/_faults`, `/_journal`, ...)."""
        return f"http://{self._address[0]}:{self.port}"

    @property
    def url(self) -> str:
        """Tagor's base address, such as http://127.0.0.1:9000/v1/web."""
        return f"{self.root}{self._base}"

    @property
    def key(self) -> str:
        """The office's API key."""
        return self.tagor.api_key

    def start(self) -> Self:
        """Listen and answer from now on; raises PortBusy if the port is taken."""
        if self._server is None:
            self._server = Server(self._address, self.handler, self.fault_book, ControlPages(self))
            self._address = (self._address[0], int(self._server.server_address[1]))
            # Looking every 5 ms whether to stop: by default a test would wait half a second for its end.
            threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Close every connection and stop listening; effects that are still postponed are dropped."""
        if self._server is not None:
            self._server.stop()
            self._server = None
            self.handler.delayed_effects.drop()

    def fault(self, endpoint: str, fault: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - see `Fault`
        """Plant a fault on an operation (`*` for all) with the options of `Fault`; raises ValueError.

        A redirect without a location leads to this stand-in under another host name, where it is journalled.
        """
        if fault == "redirect":
            options.setdefault("location", f"http://localhost:{self.port}/elsewhere")
        return asdict(self.fault_book.plant({"endpoint": endpoint, "fault": fault, **options}))

    def clear_faults(self) -> None:
        """Take every fault away."""
        self.fault_book.clear()

    def settle(self) -> None:
        """Let effects that a fault postponed (`effect="later"`) happen now."""
        self.handler.delayed_effects.settle()

    def journal(self, since: int = 0) -> list[dict[str, Any]]:
        """Return what was asked and done, oldest first, from the entry after number `since`."""
        return self.handler.journal.entries(since)

    def clear_journal(self) -> None:
        """Forget what was asked."""
        self.handler.journal.clear()

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Return every table of the office's database, row by row."""
        return self.records.all_tables()

    def table(self, name: str) -> list[dict[str, Any]]:
        """Return one table of the office's database, row by row."""
        return self.records.table(name)

    def close(self) -> None:
        """Stop for good and let go of the database."""
        self.stop()
        self.tagor.database.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(
    port: int,
    *,
    ready: Callable[[StandIn], None] = lambda _standin: None,
    stop: threading.Event | None = None,
    **options: Any,  # noqa: ANN401 - handed on to StandIn
) -> None:
    """Run a stand-in until interrupted, or until `stop` is set; `ready` is told once it listens.

    Raises PortBusy.
    """
    with StandIn(port, **options) as standin:
        ready(standin)
        (stop or threading.Event()).wait()
