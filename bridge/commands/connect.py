"""The command that leads the offices' numbers to the line, at the provider."""

import os
import sys

import click

from bridge.commands.errors import tells_errors


@click.command()
@click.option(
    "--check", "only_checks", is_flag=True, help="Only tell the difference; status 1 if there is one."
)
@click.option(
    "--fallback",
    default="",
    help="An address of your own that serves callers without the bridge; the provider hosts nothing then.",
)
@click.option("--yes", is_flag=True, help="Set it without asking.")
@tells_errors
def connect(only_checks: bool, fallback: str, yes: bool) -> None:  # noqa: FBT001 - click's flags
    """Set the offices' numbers up at the provider.

    It tells first what is different from what the line needs: voice address, status callback, and the
    function that the provider hosts for callers while the bridge is away. What no API sets, such as
    who may hear recordings, is told as something to do by hand.
    """
    from bridge.checks import provider_recordings
    from bridge.checks.provider_numbers import Connection
    from bridge.settings import Settings

    settings = Settings.read(os.environ)
    by_hand = provider_recordings.mistakes(settings)
    connection = Connection(settings, os.environ, fallback)
    differences = connection.differences()
    for difference in differences:
        click.echo(difference)
    for sentence in by_hand:
        click.echo(f"To do by hand: {sentence}")
    if not differences:
        click.echo("Every number leads to the line: nothing is different.")
    if only_checks:
        sys.exit(1 if differences or by_hand else 0)
    elif not differences:
        return
    elif yes or click.confirm("Set this at the provider?"):
        connection.carry_out()
        click.echo("It is set. Phone the line.")
    else:
        click.echo("Nothing was changed.")
