"""Serves the demo's pages on this machine, from a thread of the demo's own process."""

import socket
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from wsgiref.types import WSGIApplication

HOST = "127.0.0.1"


@contextmanager
def web_server(app: "WSGIApplication", port: int) -> "Iterator[str]":
    """Serve `app` while the block runs, and give its address; if the port is taken, any free one is used."""
    with ExitStack() as ends:
        wanted = port if _free(port) else 0
        server = make_server(HOST, wanted, app, threaded=True, request_handler=_Quiet)
        ends.callback(server.server_close)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        ends.callback(thread.join)
        ends.callback(server.shutdown)
        yield f"http://{HOST}:{server.port}"


def _free(port: int) -> bool:
    # Asked for first, because werkzeug ends the whole process when a port is taken.
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True


class _Quiet(WSGIRequestHandler):
    """Keeps connections open, and logs nothing: the terminal belongs to the turns of calls."""

    protocol_version = "HTTP/1.1"

    def log(self, *_args: object) -> None:
        """Log nothing."""
