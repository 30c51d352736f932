"""The command that lets PINs be tried again: those of one file, or those of a whole office."""

import os
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import click

from bridge.commands.errors import tells_errors

if TYPE_CHECKING:
    from bridge.settings import Settings

LOOKUP_SECONDS = 10.0
"""Seconds that Tagor has to say which file is behind a reference."""


@click.command()
@click.argument("file_number", required=False)
@click.option("--office", required=True, help="The name of the office's file without .toml.")
@tells_errors
def unlock(file_number: str | None, office: str) -> None:
    """Let PINs be tried again: of FILE_NUMBER, or of the office.

    With a file number it lifts the lock of that file, once somebody of the office is sure who asks. Without
    one it lifts the lock of the whole office, which closes when too many PINs were wrong within an hour or a
    day.
    """
    from bridge.app.create import open_repositories
    from bridge.settings import Settings

    settings = Settings.read(os.environ)
    office_file = settings.offices / f"{office}.toml"
    if not office_file.is_file():
        raise click.ClickException(f"{office_file} is no office file: --office takes its name without .toml.")
    attempts = open_repositories(settings).pin_attempts
    if file_number is None:
        freed, locked = attempts.unlock_office(office), "in this office"
    else:
        names = {file_number, *_files_behind(settings, office, file_number)}
        freed, locked = sum(attempts.unlock(office, name) for name in names), "on this file"
    click.echo(
        f"{freed} failed tries are forgotten." if freed else f"Nothing was locked: no failed tries {locked}."
    )


def _files_behind(settings: "Settings", key: str, reference: str) -> Iterator[str]:
    """Yield the id of the file behind a reference: an office whose callers key in references counts on it."""
    from bridge.app.create import offices_of
    from bridge.app.tagor import office_tagor
    from bridge.clock import SYSTEM_CLOCK
    from bridge.tagor import Deadline, Reference

    [office] = [office for office in offices_of(settings) if office.key == key]
    if office.identification.way in ("reference_pin", "house_number"):
        with closing(office_tagor(office, demo=settings.demo, threads=1)) as tagor:
            found = tagor.callers.by_reference(reference, deadline=Deadline(SYSTEM_CLOCK, LOOKUP_SECONDS))
        if isinstance(found, Reference):
            yield found.file
