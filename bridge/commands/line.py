"""The commands that run the line: web processes, the worker beside them, the database's tables."""

import os
import sys

import click

from bridge.commands.errors import tells_errors


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

    The web processes do it too; a worker is a process that does nothing else.
    """
    import signal
    import threading

    from bridge.app.create import create_app

    is_over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: is_over.set())
    create_app().extensions["bridge"].start_background()
    click.echo("The worker is doing the work that calls leave behind.")
    is_over.wait()


@click.command()
@tells_errors
def migrate() -> None:
    """Bring the database to this version's tables.

    It is safe to run it twice, also at the same time.
    """
    from bridge.settings import Settings
    from bridge.store.migrate import migrate as migrate_database

    revision = migrate_database(Settings.read(os.environ).database_url.get_secret_value())
    click.echo(f"The database is at {revision}.")


@click.command()
@tells_errors
def restart() -> None:
    """Replace the running server without a caller noticing.

    The new one takes over the port, and the old one ends only once the new one answers. BRIDGE_PID_FILE must
    be set for both.
    """
    from bridge.operations.restart import restart as restart_server
    from bridge.settings import Settings, SettingsError

    settings = Settings.read(os.environ)
    if settings.pid_file is None:
        raise SettingsError(("BRIDGE_PID_FILE is missing: it tells which server to restart.",))
    old, new = restart_server(settings.pid_file, settings.port)
    click.echo(f"The line is served by process {new} now; process {old} has ended.")
