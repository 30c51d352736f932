"""The commands that run the line: web processes, the worker beside them, the database's tables."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.commands.errors import tells_errors

if TYPE_CHECKING:
    from flask import Flask

    from bridge.settings import Settings


@click.command()
@tells_errors
def serve() -> None:
    """Serve the line with gunicorn, from any folder."""
    from bridge.package_files import GUNICORN_CONFIGURATION, package_file
    from bridge.settings import Settings

    # A wrong setting is told here, before gunicorn starts and says it once per worker.
    Settings.read(os.environ)
    arguments = [sys.executable, "-m", "gunicorn", "-c", str(package_file(GUNICORN_CONFIGURATION))]
    # Not a child process: the signals of a process manager must reach gunicorn itself.
    os.execv(sys.executable, arguments)  # noqa: S606 - our own server takes this process over


@click.command()
@tells_errors
def worker() -> None:
    """Do the work that calls leave behind, until interrupted.

    The web processes do it too; a worker is a process that does nothing else. With BRIDGE_WORKER_PORT it
    shows its metrics at that port.
    """
    import signal
    import threading

    from bridge.app.create import create_app
    from bridge.operations.reload import trial

    woken, signals = threading.Event(), list[int]()

    def wake(number: int, _frame: object) -> None:
        signals.append(number)
        woken.set()

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, wake)
    app = create_app()
    bridge = app.extensions["bridge"]
    _show_metrics(app, bridge.settings)
    bridge.start_background()
    click.echo("The worker is doing the work that calls leave behind.")
    while True:
        woken.wait()
        woken.clear()
        if set(signals) != {signal.SIGHUP}:
            return
        signals.clear()
        if wrong := trial():
            click.echo(f"{wrong}\nNothing was taken over: the worker goes on as it was.", err=True)
        else:  # a job that is cut off is done by whoever has its lease next
            os.execv(sys.executable, [sys.executable, "-m", "bridge", "worker"])  # noqa: S606 - ourselves


def _show_metrics(app: "Flask", settings: "Settings") -> None:
    """Let a worker answer Prometheus at a port of its own, where one is set."""
    if settings.worker_port is None:
        return
    from bridge.app.metrics import start_metrics_server

    port = settings.worker_port
    try:
        start_metrics_server(app, settings.host, port)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} cannot be had ({error.strerror}): set BRIDGE_WORKER_PORT to another."
        ) from None


@click.command()
@tells_errors
def migrate() -> None:
    """Bring the database to this version's tables.

    It is safe to run it twice, also at the same time. Tables of a newer version are left as they are.
    """
    from bridge.settings import Settings
    from bridge.store.migrate import migrate as migrate_database
    from bridge.store.tables import REVISION

    revision = migrate_database(Settings.read(os.environ).database_url.get_secret_value())
    if revision == REVISION:
        click.echo(f"The database is at {revision}.")
    else:
        click.echo(
            f"The database is at {revision}, which a newer version made: it is left as it is. This version, "
            f"of {REVISION}, works on it."
        )


@click.command()
@tells_errors
def reload() -> None:
    """Let the running server take office files and words anew.

    A start is tried first: if a file is wrong, the line goes on as it was. Calls under way go on.
    BRIDGE_PID_FILE must be set for both.
    """
    from bridge.operations.reload import reload as reload_server
    from bridge.settings import Settings

    settings = Settings.read(os.environ)
    master = reload_server(_pid_file(settings.pid_file), settings.port)
    click.echo(f"The line is served with the files of now, by process {master} as before.")


def _pid_file(named: Path | None) -> Path:
    from bridge.settings import SettingsError

    if named is None:
        raise SettingsError(("BRIDGE_PID_FILE is missing: it tells which server is meant.",))
    return named


@click.command()
@tells_errors
def restart() -> None:
    """Replace the running server without a caller noticing.

    The new one takes over the port, and the old one ends only once the new one answers. BRIDGE_PID_FILE must
    be set for both.
    """
    from bridge.operations.restart import restart as restart_server
    from bridge.settings import Settings

    settings = Settings.read(os.environ)
    old, new = restart_server(_pid_file(settings.pid_file), settings.port)
    click.echo(f"The line is served by process {new} now; process {old} has ended.")
