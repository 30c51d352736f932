"""How the line is served: gunicorn reads this file by itself, so `web: gunicorn` is all a platform needs."""

import logging
import os
import socket
import sys

import structlog

from bridge.operations.logs import catch_uncaught, start_logging
from bridge.settings import Settings, SettingsError

try:
    _settings = Settings.read(os.environ)
except SettingsError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(78)

wsgi_app = "bridge.app.create:wsgi()"
_host = "127.0.0.1" if _settings.demo else "0.0.0.0"  # noqa: S104 - a router comes from outside
bind = f"{_host}:{_settings.port}"
workers = _settings.workers
worker_class = "bridge.app.gunicorn_worker.BufferingWorker"  # half a request costs no thread
threads = _settings.threads

timeout = 30  # until a worker that no longer answers its master is replaced; a turn has its own deadline
graceful_timeout = 15  # as long as the provider waits for a turn
keepalive = 75  # longer than a router keeps its side open, so that it never posts into a closing connection
max_requests = 0  # recycling workers resets connections in use

limit_request_line = 2048
limit_request_fields = 64
control_socket_disable = True  # two bridges of one user would fight for its path

accesslog = None  # its lines hold addresses; the app tells its turns itself
loglevel = _settings.log_level.lower()
errorlog = None  # no second way out: gunicorn's records take the one below


def on_starting(_: object) -> None:
    """Refuse a busy port in a sentence; let the master's records out through the redacting handler."""
    try:
        if "GUNICORN_FD" not in os.environ:  # a master that replaces another takes over its sockets
            socket.create_server(("", _settings.port)).close()
    except OSError as error:
        why = os.strerror(error.errno or 0)
        sys.stderr.write(f"Port {_settings.port} cannot be had ({why}): set BRIDGE_PORT to another.\n")
        sys.exit(1)
    logging.getLogger("gunicorn.error").propagate = True
    start_logging(_settings.log_level)


def on_reload(_: object) -> None:
    """Let new workers take the new code, also of what this file has imported: they are forked from here."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "bridge"]:
        del sys.modules[name]


def when_ready(_: object) -> None:
    """Say in one line what was started."""
    log = structlog.get_logger("bridge.gunicorn")
    log.info("serving", port=_settings.port, workers=_settings.workers, threads=_settings.threads)


def post_fork(_: object, __: object) -> None:
    """A worker that fails says where, and no more."""
    catch_uncaught()
