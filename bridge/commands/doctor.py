"""The command that tells what works and what does not, before a caller finds out."""

import os
import sys

import click

from bridge.commands.errors import told


@click.command()
@click.option(
    "--fallback", is_flag=True, help="print what to host at the provider for the day the bridge is away"
)
@told
def doctor(fallback: bool) -> None:  # noqa: FBT001 - click's flag
    """Ask database, provider and every office's Tagor whether they work; status 1 when anything does not."""
    from bridge.checks.doctor import examine, fallbacks  # noqa: PLC0415 - a broken flow is told in sentences

    if fallback:
        click.echo("\n\n\n".join(fallbacks(os.environ).values()))
        return
    report = examine(os.environ)
    for label, sentences in (
        ("works", report.notes),
        ("unwise", report.warnings),
        ("WRONG", report.problems),
    ):
        for sentence in sentences:
            click.echo(f"{label:<8}{sentence}", err=label == "WRONG")
    if report.problems:
        sys.exit(1)
