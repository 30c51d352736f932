"""How the line is served: gunicorn reads this file by itself, so `web: gunicorn` is all a platform needs."""

import contextlib
import gc
import importlib
import logging
import os
import shutil
import socket
import sys
import tempfile
from typing import Any

import structlog

from bridge.operations.logs import catch_uncaught, start_logging
from bridge.operations.reload import trial
from bridge.settings import Settings, SettingsError

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the library of the figures looks for the folder in which all processes count together."""

try:
    _settings = Settings.read(os.environ)
except SettingsError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(78)

wsgi_app = "bridge.app.create:wsgi()"
_host = _settings.host or ("127.0.0.1" if _settings.demo else "0.0.0.0")  # noqa: S104 - a router comes from outside
if _settings.pid_file:
    pidfile = str(_settings.pid_file)
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


_ours = f"bridge-metrics-{os.getpid()}-"
# A master that replaces another begins to count anew; one that takes its files anew goes on counting.
if _settings.metrics and _ours not in os.environ.get(_FOLDER, ""):
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix=_ours)


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


def _preload() -> None:
    """Load code and words before workers are forked, so that they share the memory and start at once.

    Nothing else: settings, offices, connections, threads and keys are each worker's own.
    """
    gc.disable()  # what is loaded stays: looking for garbage in it takes a seventh of the start
    with contextlib.suppress(Exception):  # a worker meets it again, and says in sentences what is wrong
        importlib.import_module("bridge.app.gunicorn_worker")
        importlib.import_module("bridge.app.create").proved_speech()
    gc.freeze()  # a collection in a worker would else write into every page that is shared
    gc.enable()


def pre_exec(server: Any) -> None:  # noqa: ANN401 - gunicorn's
    """Start the next master as a module where this one was: gunicorn's folder would hide Python's modules."""
    arguments = server.START_CTX["args"]
    if arguments[1].endswith("__main__.py"):
        arguments[1:2] = ["-m", "gunicorn"]


def on_reload(_: object) -> None:
    """Let new workers take the new code, also of what this file has imported: they are forked from here."""
    for name in [name for name in sys.modules if name.partition(".")[0] in {"bridge", "voice_flows"}]:
        del sys.modules[name]
    _preload()


def when_ready(server: Any) -> None:  # noqa: ANN401 - gunicorn's
    """Load the code, say in one line what was started, and from then on take over only what can start."""
    _preload()
    log = structlog.get_logger("bridge.gunicorn")
    log.info("serving", port=_settings.port, workers=_settings.workers, threads=_settings.threads)
    take_over = server.handle_hup

    def handle_hup() -> None:
        if wrong := trial():
            sys.stderr.write(f"{wrong}\nNothing was taken over: the line goes on as it was.\n")
            log.error("reload_refused")
        else:
            take_over()

    server.handle_hup = handle_hup


def post_fork(_: object, __: object) -> None:
    """A worker that fails says where, and no more."""
    catch_uncaught()


def on_exit(_: object) -> None:
    """Take away what all processes counted together."""
    if _settings.metrics:
        shutil.rmtree(os.environ[_FOLDER], ignore_errors=True)


def child_exit(_: object, worker: object) -> None:
    """Take what a dead worker showed as its present state out of the figures."""
    if _settings.metrics:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - only where it is used

        mark_process_dead(getattr(worker, "pid", 0))
