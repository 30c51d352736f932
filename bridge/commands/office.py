"""The commands for whoever looks after an office's line: what happened, what is stuck, what to free."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from bridge.commands.errors import told
from bridge.settings import Settings

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _days(what: str) -> Decorator:
    return click.option(
        "--since",
        "days",
        type=click.IntRange(1, 3650),
        default=30,
        show_default=True,
        metavar="DAYS",
        help=f"how many days to look back; {what} is always told",
    )


@click.command()
@click.argument("file_number")
@click.option("--office", required=True, help="the office file's name, without .toml")
@told
def unlock(file_number: str, office: str) -> None:
    """Let the PIN of a file be tried again, after the office has made sure who asks."""
    from bridge.app.create import open_repositories  # noqa: PLC0415 - only commands that need the store open it

    settings = Settings.read(os.environ)
    if not (sheet := settings.offices / f"{office}.toml").is_file():
        raise click.ClickException(f"{sheet} is no office file: --office takes its name without .toml.")
    freed = open_repositories(settings).tries.unlock(office, file_number)
    click.echo(
        f"{freed} failed tries are forgotten."
        if freed
        else "Nothing was locked: no failed tries on this file."
    )


@click.group()
def report() -> None:
    """Tell what happened on the line, and nothing about any person."""


@report.command()
@_days("what is unsettled")
@told
def decisions(days: int) -> None:
    """List what callers confirmed, plans and messages: first what is unsettled, then the rest."""
    from bridge.app.create import open_repositories  # noqa: PLC0415 - as in unlock
    from bridge.commands.report import told_decisions  # noqa: PLC0415 - as in unlock

    entries = open_repositories(Settings.read(os.environ)).decisions.report(_ago(days))
    for line in told_decisions(entries, days):
        click.echo(line)


@report.command()
@_days("what is still to come")
@told
def callbacks(days: int) -> None:
    """List the call-backs that callers were promised: still to come, kept, and missed."""
    from bridge.app.create import open_repositories  # noqa: PLC0415 - as in unlock
    from bridge.commands.report import told_callbacks  # noqa: PLC0415 - as in unlock

    entries = open_repositories(Settings.read(os.environ)).promises.report(_ago(days))
    for line in told_callbacks(entries, days, datetime.now(UTC)):
        click.echo(line)


@click.group(invoke_without_command=True)
@click.pass_context
@told
def outbox(context: click.Context) -> None:
    """Show what calls left to be done: how much waits, and every dead letter."""
    from bridge.app.create import open_repositories  # noqa: PLC0415 - as in unlock
    from bridge.commands.report import told_outbox  # noqa: PLC0415 - as in unlock

    if context.invoked_subcommand is None:
        box = open_repositories(Settings.read(os.environ)).outbox
        for line in told_outbox(box.counts(), box.dead()):
            click.echo(line)


@outbox.command()
@click.argument("letters", nargs=-1, required=True)
@told
def retry(letters: tuple[str, ...]) -> None:
    """Have dead letters tried again, by their ids, or `all` of them; the beginning of an id is enough."""
    from bridge.app.create import open_repositories  # noqa: PLC0415 - as in unlock

    box, now = open_repositories(Settings.read(os.environ)).outbox, datetime.now(UTC)
    named = tuple(filter(None, letters))  # every id begins with nothing
    meant = [one.id for one in box.dead() if "all" in named or one.id.startswith(named)]
    revived = sum(box.retry(one, now) for one in meant)
    click.echo(f"{revived} of them will be tried again now." if revived else "There is no such dead letter.")


@click.command("worker")
@told
def work() -> None:
    """Do what calls leave to be done, beside the web processes, until it is told to end."""
    from bridge.app.create import create_app  # noqa: PLC0415 - as in unlock

    over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: over.set())
    create_app().extensions["bridge"].start_background()
    click.echo("The worker does what calls leave to be done.")
    over.wait()


def _ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
