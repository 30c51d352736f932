"""The command that rehearses a bad day, and prints what callers would have heard."""

import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bridge.commands.errors import tells_errors

TELL_SECONDS = 10.0
"""How often a rehearsal without a terminal tells how far it is."""
INTERRUPTED = 130  # 128 and the number of SIGINT, as shells count
"""The exit status after Ctrl-C."""
SAVED = Path("var/rehearsal")
"""Where a call that broke a promise is kept, to be played again by `bridge call --replay`."""


@click.command()
@click.option("--calls", type=click.IntRange(1), default=200, show_default=True, help="how many")
@click.option("--seed", default="", help="the same seed is the same calls; without it one is drawn")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="at once")
@click.option(
    "--saved",
    type=click.Path(file_okay=False, path_type=Path),
    default=SAVED,
    show_default=True,
    help="where to keep a call that broke a promise",
)
@click.option("--matrix", is_flag=True, help="play every cell of the fault matrix in place of made-up calls")
@click.option(
    "--live", is_flag=True, help="on real machines: gunicorn, sockets, workers killed; all calls at once"
)
@click.option("--database", default="", help="with --live: a PostgreSQL to make a database on, else SQLite")
@click.option(
    "--minutes", type=click.FloatRange(0), default=0.0, help="with --live: how long to watch memory"
)
@tells_errors
def rehearse(  # noqa: PLR0917 - as many as there are options
    calls: int,
    seed: str,
    processes: int,
    saved: Path,
    matrix: bool,  # noqa: FBT001 - click's flag
    live: bool,  # noqa: FBT001 - as above
    database: str,
    minutes: float,
) -> None:
    """Rehearse callers and faults on virtual time.

    The exit status is 1 when a promise was broken.
    """
    if live:
        _live(calls, seed, database, minutes)
        return
    from bridge.simulators.rehearsal import rehearsal
    from bridge.simulators.rehearsal.fault_matrix import CELLS
    from bridge.simulators.rehearsal.table import table

    seed = seed or secrets.token_hex(4)
    # Told before the first call, so that a run which hangs or is killed can be played again.
    click.echo("the fault matrix" if matrix else f"seed {seed}")
    with _progress(CELLS if matrix else calls, "cells" if matrix else "calls") as played:
        if matrix:
            tally = rehearsal.rehearse_matrix(saved, processes=processes, watch=played)
        else:
            tally = rehearsal.rehearse(seed, calls, saved, processes=processes, watch=played)
    click.echo("\n".join(table(tally)))
    if tally.broken:
        sys.exit(1)
    if tally.interrupted:
        sys.exit(INTERRUPTED)


@contextmanager
def _progress(length: int, what: str) -> Iterator[Callable[[int], None]]:
    """Give a function that is told how many more were played: a bar on a terminal, else lines of text."""
    if sys.stderr.isatty():
        with click.progressbar(length=length, label=what, file=sys.stderr) as bar:
            yield bar.update
        return
    # A bar in a log file would be one endless line, and a build without a word looks as if it hung.
    began = told = time.monotonic()
    done = 0

    def played(more: int) -> None:
        nonlocal done, told
        done += more
        now = time.monotonic()
        if now - told >= TELL_SECONDS:
            told = now
            click.echo(f"{done:,} of {length:,} {what}, {done / (now - began):.1f} a second", err=True)

    yield played


def _live(calls: int, seed: str, database: str, minutes: float) -> None:
    from bridge.simulators.rehearsal.live.live import rehearse_live

    seed = seed or secrets.token_hex(4)
    report = rehearse_live(
        calls,
        database=database,
        minutes=minutes,
        seed=seed,
        tell=lambda part: click.echo(f"{part} ...", err=True),
    )
    click.echo(str(report))
    if not report.is_kept:
        sys.exit(1)


def replay(path: Path) -> None:
    """Play a saved story, and tell it turn by turn; status 1 when it still breaks a promise."""
    from bridge.simulators.rehearsal.play.scenario import NotAScenario
    from bridge.simulators.rehearsal.rehearsal import replay_file

    try:
        played = replay_file(path)
    except NotAScenario as error:
        raise click.ClickException(str(error)) from None
    for line in (*played.heard, *(f"BROKEN {why}" for why in played.broken)):
        click.echo(line)
    if played.broken:
        sys.exit(1)
