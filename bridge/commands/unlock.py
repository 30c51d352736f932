"""The command that lets a PIN be tried again."""

import os

import click

from bridge.commands.errors import tells_errors


@click.command()
@click.argument("file_number")
@click.option("--office", required=True, help="The name of the office's file without .toml.")
@tells_errors
def unlock(file_number: str, office: str) -> None:
    """Let the PIN of a locked file be tried again.

    Only somebody of the office may decide that, once they are sure who asks.
    """
    from bridge.app.create import open_repositories
    from bridge.settings import Settings

    settings = Settings.read(os.environ)
    sheet = settings.offices / f"{office}.toml"
    if not sheet.is_file():
        raise click.ClickException(f"{sheet} is no office file: --office takes its name without .toml.")
    freed = open_repositories(settings).pin_attempts.unlock(office, file_number)
    click.echo(
        f"{freed} failed tries are forgotten."
        if freed
        else "Nothing was locked: no failed tries on this file."
    )
