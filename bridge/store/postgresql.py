"""PostgreSQL connections that wait no longer than their transaction may, also for a frozen server.

A server that is stopped, not dead, keeps its sockets open: the system acknowledges every packet, and no
time-out of the server's own can come. So the end of waiting is decided here, on our side of the socket.
"""

import threading
from collections.abc import Generator
from concurrent.futures import Future
from typing import Any

import psycopg

from bridge.store.time_limits import seconds_left


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that gives itself up when the server does not answer in time."""

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (psycopg's signature, which changes between versions)
        """Do what psycopg does, for as long as the transaction under way may still take.

        Raises:
            psycopg.OperationalError: time is up; the connection is closed, what was sent may have happened.
        """
        if seconds_left() is None:
            return super().wait(gen, *args, **kwargs)
        return super().wait(self._in_time(gen), *args, **kwargs)

    def _in_time(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """Pass on what psycopg's generator waits for; psycopg wakes us every 0.1 s when nothing came."""
        ready = None
        while True:
            try:
                waits_for = gen.send(ready)
            except StopIteration as finished:
                return finished.value
            ready = yield waits_for
            if not ready and (seconds_left() or 0) <= 0:
                # Nothing may use this connection again: the answer could still come, to another question.
                self.pgconn.finish()
                raise psycopg.OperationalError("The server did not answer in time.")


def connect_in_time(*args: Any, **kwargs: Any) -> BoundedConnection:  # noqa: ANN401 (psycopg's arguments)
    """Open a connection on a thread of its own, and leave the thread behind when time is up.

    Looking up a host name and greeting a frozen server cannot be interrupted from outside.

    Raises:
        psycopg.Error: the server refused, or did not answer in time.
    """
    opening: Future[BoundedConnection] = Future()
    threading.Thread(target=_open, args=(opening, args, kwargs), name="connect", daemon=True).start()
    try:
        return opening.result(timeout=seconds_left())
    except TimeoutError:
        opening.add_done_callback(_close)
        raise psycopg.OperationalError("The server did not answer in time.") from None


def _open(opening: "Future[BoundedConnection]", args: Any, kwargs: Any) -> None:  # noqa: ANN401 (as above)
    try:
        opening.set_result(BoundedConnection.connect(*args, **kwargs))
    except Exception as refused:  # noqa: BLE001 - whoever waits gets it, whatever it is
        opening.set_exception(refused)


def _close(opening: "Future[BoundedConnection]") -> None:
    """Close a connection that came when nobody waited for it any more."""
    if opening.exception() is None:
        opening.result().close()
