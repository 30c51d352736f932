"""Serves the stand-in: one thread per connection, which is kept open for many requests."""

import socket
import socketserver
import threading
from contextlib import suppress
from typing import cast

from bridge.simulators.tagor.control_pages import ControlPages
from bridge.simulators.tagor.faults import FaultBook
from bridge.simulators.tagor.http_connection import HttpConnection
from bridge.simulators.tagor.request_handler import RequestHandler
from bridge.simulators.tagor.socket_faults import TROUBLE
from bridge.simulators.tagor.wire import HttpRequest, Rejected


class PortBusy(OSError):
    """Another programme listens on the wanted port."""


class Server(socketserver.ThreadingTCPServer):
    """Listens for one stand-in; raises PortBusy at once when the port is taken."""

    daemon_threads = True
    # `stop` closes the connections and waits itself: socketserver would wait for idle ones for ever.
    block_on_close = False
    allow_reuse_address = True
    # The default of 5 turns clients away when a whole load test connects at once.
    request_queue_size = 1024

    def __init__(
        self, address: tuple[str, int], handler: RequestHandler, faults: FaultBook, pages: ControlPages
    ) -> None:
        self.handler, self.faults, self.pages = handler, faults, pages
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        try:
            super().__init__(address, KeptConnection)
        except OSError:
            sentence = (
                f"Port {address[1]} on {address[0]} cannot be used: stop what runs there, or choose another."
            )
            raise PortBusy(sentence) from None

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Remember the connection as open, then give it its thread."""
        with self._changed:
            self._open.add(cast("socket.socket", request))
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close at once, without shutting down first, so that a reset stays a reset."""
        connection = cast("socket.socket", request)
        connection.close()
        with self._changed:
            self._open.discard(connection)
            self._changed.notify_all()

    def stop(self) -> None:
        """Stop listening, close every connection and wait until all threads are done (5 s at most)."""
        self.shutdown()
        self.server_close()
        with self._changed:
            for connection in self._open:
                with suppress(OSError):  # the client was faster
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, timeout=5)


class KeptConnection(socketserver.StreamRequestHandler):
    """One client: its requests are answered in turn until it hangs up or a fault ends it."""

    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        """Serve the connection to its end; a client that breaks it is no error."""
        connection = HttpConnection(self.connection, self.rfile, self.client_address[0])
        with suppress(OSError):
            try:
                while self._exchange(connection):
                    pass
            except Rejected as rejected:
                connection.answer(rejected.reply(as_json=True))
                connection.part()

    def _exchange(self, connection: HttpConnection) -> bool:
        """Take one request and answer it; says whether another may follow."""
        request = connection.read_head()
        if request is None:
            return False
        if self.server.pages.has(request):
            connection.answer(self.server.pages.answer(connection.read_body(request)))
            return request.keep_alive
        return self._serve(connection, request) and request.keep_alive

    def _serve(self, connection: HttpConnection, request: HttpRequest) -> bool:
        handler = self.server.handler
        fault = self.server.faults.take(handler.endpoint(request))
        # Before the body is read, so that Tagor has certainly not heard the request.
        if fault and fault.fault == "refuse":
            handler.unheard(handler.endpoint(request), fault)
            connection.reset()
            return False
        reply = handler.answer(connection.read_body(request), fault)
        if fault and fault.fault in TROUBLE:
            return TROUBLE[fault.fault](connection, reply, fault)
        connection.answer(reply)
        return True
