"""A cheap load generator: one process, one loop, prepared bytes over connections that stay open."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from benchmarks.servers import Server

CONNECTIONS = 16
_LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)", re.IGNORECASE)


class ConnectionBroken(ConnectionError):
    """The server closed the connection before its answer was complete."""


class Connection(asyncio.Protocol):
    """One connection that asks and waits; it remembers how long each answer took (seconds)."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self._received = bytearray()
        self._answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write; asyncio calls it."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - a socket's
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Collect an answer; asyncio calls it."""
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _LENGTH.search(self._received, 0, head + 2)
        if len(self._received) >= head + 4 + (int(length[1]) if length else 0):
            answer = bytes(self._received)
            self._received.clear()
            if self._answer and not self._answer.done():
                self._answer.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits; asyncio calls it."""
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionBroken(str(exc or "closed")))

    async def ask(self, request: bytes) -> bytes:
        """Send prepared bytes and return the whole answer, head and body; raises `ConnectionBroken`."""
        self._answer = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self._transport.write(request)
        answer = await self._answer
        self.latencies.append(time.perf_counter() - began)
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()


Script = Callable[[Connection], Awaitable[bytes]]
"""What one caller does on a connection; gives the last answer."""


@dataclass(frozen=True, slots=True)
class Window:
    """What was measured while scripts were played: latencies and times in seconds.

    `apologies` are the answers that sent the caller to a person in place of the turn's document.
    """

    answers: list[bytes] = field(repr=False)
    latencies: list[float] = field(repr=False)
    seconds: float
    busy: float
    apologies: int = 0

    @property
    def turns_per_second(self) -> float:
        """Return how many webhooks were answered in a second."""
        return len(self.latencies) / self.seconds

    @property
    def cpu(self) -> float:
        """Return the milliseconds of a processor that the server used for each script."""
        return 1000 * self.busy / len(self.answers)


def play(server: Server, scripts: Sequence[Script], connections: int = CONNECTIONS) -> Window:
    """Play scripts as fast as the server answers, `connections` at once, and measure it meanwhile."""
    busy = server.busy()
    began = time.perf_counter()
    answers, latencies = asyncio.run(_play(server.port, scripts, connections))
    seconds = time.perf_counter() - began
    return Window(answers, latencies, seconds, server.busy() - busy)


def asking(requests: Sequence[bytes]) -> list[Script]:
    """Return a script for each request, which sends it and no more."""
    return [partial(_ask, request) for request in requests]


async def _ask(request: bytes, connection: Connection) -> bytes:
    return await connection.ask(request)


async def _play(port: int, scripts: Sequence[Script], connections: int) -> tuple[list[bytes], list[float]]:
    left, answers = iter(enumerate(scripts)), dict[int, bytes]()
    opened = [await connect(port) for _ in range(min(connections, len(scripts)))]
    await asyncio.gather(*(_work(connection, left, answers) for connection in opened))
    for connection in opened:
        connection.close()
    return [answers[at] for at in sorted(answers)], [one for each in opened for one in each.latencies]


async def _work(
    connection: Connection, left: Iterator[tuple[int, Script]], answers: dict[int, bytes]
) -> None:
    for at, script in left:
        answers[at] = await script(connection)


async def connect(port: int) -> Connection:
    """Open a connection to a server on this machine."""
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which that part (0 to 1) of the values lies; 0 if there are none."""
    ordered = sorted(values)
    with suppress(IndexError):
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
    return 0.0
