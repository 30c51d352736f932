"""The command that lets PINs be tried again: those of one file, or those of a whole office."""

import os

import click

from bridge.commands.errors import tells_errors


@click.command()
@click.argument("file_number", required=False)
@click.option("--office", required=True, help="The name of the office's file without .toml.")
@tells_errors
def unlock(file_number: str | None, office: str) -> None:
    """Let PINs be tried again: of FILE_NUMBER, or of the office.

    With a file number it lifts the lock of that file, once somebody of the office is sure who asks. Without
    one it lifts the lock of the whole office, which closes when too many PINs were wrong within an hour or a
    day. Either stands in the console's list of who did what, without the file's number.
    """
    from bridge.app.create import offices_of, open_repositories
    from bridge.app.tagor import locked_names
    from bridge.commands.audit_line import write_down
    from bridge.settings import Settings

    settings = Settings.read(os.environ)
    office_file = settings.offices / f"{office}.toml"
    if not office_file.is_file():
        raise click.ClickException(f"{office_file} is no office file: --office takes its name without .toml.")
    store = open_repositories(settings)
    attempts = store.pin_attempts
    if file_number is None:
        write_down(store, "unlocked", office)
        freed, locked = attempts.unlock_office(office), "in this office"
    else:
        [found] = [one for one in offices_of(settings) if one.key == office]
        names = locked_names(found, file_number, demo=settings.demo)
        write_down(store, "unlocked a file", office)
        freed, locked = sum(attempts.unlock(office, name) for name in names), "on this file"
    click.echo(
        f"{freed} failed tries are forgotten." if freed else f"Nothing was locked: no failed tries {locked}."
    )
