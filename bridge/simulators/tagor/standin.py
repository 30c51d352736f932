"""A runnable Tagor for demonstrations, tests and rehearsals, started from Python or from the command line."""

import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from bridge.simulators.tagor.database import Database
from bridge.simulators.tagor.hours import belgian_now
from bridge.simulators.tagor.seed import fill
from bridge.simulators.tagor.server import Server
from bridge.simulators.tagor.tagor import Tagor
from bridge.simulators.tagor.test_controls import Steering


class StandIn(Steering):
    """One office's Tagor over real HTTP, on SQLite; port 0 takes a free one.

    `with StandIn() as tagor:` starts and closes it; what can be done to it meanwhile is in `Steering`.
    `stop` and `start` play an outage: data, faults, journal and port stay.
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
    ) -> None:
        books = Database(database)
        tagor = Tagor(books, generation=generation, api_key=api_key, client=client, clock=clock)
        super().__init__(tagor, base)
        fill(books)
        self._address = (host, port)
        self._base = base
        self._server: Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on; 0 before the first start when none was chosen."""
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
        """Listen and answer from now on; raises PortBusy with a sentence when the port is taken."""
        if self._server is None:
            self._server = Server(self._address, self)
            self._address = (self._address[0], int(self._server.server_address[1]))
            self.elsewhere = f"http://localhost:{self.port}/elsewhere"
            threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Hang up on everybody and stop listening; effects still postponed are dropped."""
        if self._server is not None:
            self._server.stop()
            self._server = None
            self.desk.afterwards.drop()

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
