"""The command that tells by which name a call stands in the log."""

import os

import click

from bridge.commands.errors import tells_errors


@click.command(name="call-id")
@click.argument("call")
@tells_errors
def call_id(call: str) -> None:
    """Print what stands for CALL, an id of the provider's, in the log.

    Only this bridge's secrets make it: nobody can go from the log to the provider's list without them.
    """
    from bridge.app.create import open_repositories
    from bridge.settings import Settings

    click.echo(open_repositories(Settings.read(os.environ)).calls.log_name(call))
