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
    "--fallback", default="", help="The address of the function that serves callers without the bridge."
)
@click.option("--yes", is_flag=True, help="Set it without asking.")
@tells_errors
def connect(only_checks: bool, fallback: str, yes: bool) -> None:  # noqa: FBT001 - click's flags
    """Set the offices' numbers up at the provider.

    It tells first what is different from what the line needs: voice address, fallback and status callback.
    """
    from bridge.checks.provider_numbers import plan
    from bridge.settings import Settings

    changes = [one for one in plan(Settings.read(os.environ), os.environ, fallback) if one[2]]
    for _, _, differences in changes:
        for difference in differences:
            click.echo(str(difference))
    if not changes:
        click.echo("Every number leads to the line: nothing is different.")
    elif only_checks:
        sys.exit(1)
    elif yes or click.confirm("Set this at the provider?"):
        for api, found, differences in changes:
            api.change(found, {one.name: one.wanted for one in differences})
        click.echo("It is set. Phone the line.")
    else:
        click.echo("Nothing was changed.")
