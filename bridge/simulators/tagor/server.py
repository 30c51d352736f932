"""The stand-in's door: one thread per connection, each kept open for many requests."""

import socket
import socketserver
import threading
from contextlib import suppress
from typing import cast

from bridge.simulators.tagor import control
from bridge.simulators.tagor.http_connection import HttpConnection
from bridge.simulators.tagor.socket_faults import TROUBLE
from bridge.simulators.tagor.test_controls import Steering
from bridge.simulators.tagor.wire import HttpRequest, Rejected


class PortBusy(OSError):
    """Another programme listens on the wanted port."""


class Server(socketserver.ThreadingTCPServer):
    """Listens for one stand-in; raises PortBusy at once when the port is taken."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 1024

    def __init__(self, address: tuple[str, int], steering: Steering) -> None:
        self.steering = steering
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        try:
            super().__init__(address, Connection)
        except OSError:
            sentence = (
                f"Port {address[1]} on {address[0]} cannot be used: stop what runs there, or choose another."
            )
            raise PortBusy(sentence) from None

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Note the connection as open, then give it its thread."""
        with self._changed:
            self._open.add(cast("socket.socket", request))
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close without a polite goodbye first, so that a reset stays a reset."""
        connection = cast("socket.socket", request)
        connection.close()
        with self._changed:
            self._open.discard(connection)
            self._changed.notify_all()

    def stop(self) -> None:
        """Close the door, hang up on everybody and wait until all threads are done (5 s at most)."""
        self.shutdown()
        self.server_close()
        with self._changed:
            for connection in self._open:
                _hang_up(connection)
            self._changed.wait_for(lambda: not self._open, timeout=5)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was faster


class Connection(socketserver.StreamRequestHandler):
    """One client: its requests are answered in turn until it hangs up or a fault ends it."""

    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        """Serve the connection to its end; a client that breaks it is no error."""
        line = HttpConnection(self.connection, self.rfile, self.client_address[0])
        with suppress(OSError):
            try:
                while self._exchange(line):
                    pass
            except Rejected as rejected:
                line.answer(rejected.reply(as_json=True))
                line.part()

    def _exchange(self, line: HttpConnection) -> bool:
        """Take one request and answer it; says whether another may follow."""
        request = line.read_head()
        if request is None:
            return False
        if control.is_control(request):
            line.answer(control.answer(self.server.steering, line.read_body(request)))
            return request.keep_alive
        return self._serve(line, request) and request.keep_alive

    def _serve(self, line: HttpConnection, request: HttpRequest) -> bool:
        desk = self.server.steering.desk
        fault = self.server.steering.fault_book.take(desk.endpoint(request))
        if fault and fault.fault == "refuse":
            desk.unheard(desk.endpoint(request), fault)
            line.reset()
            return False
        reply = desk.answer(line.read_body(request), fault)
        if fault and fault.fault in TROUBLE:
            return TROUBLE[fault.fault](line, reply, fault)
        line.answer(reply)
        return True
