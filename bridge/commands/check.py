"""The commands that tell what is wrong before a caller finds out."""

import os
import sys

import click

from bridge.commands.errors import tells_errors


@click.command()
@tells_errors
def check() -> None:
    """Check flows, words, settings and office files.

    The exit status is 1 when something is wrong.
    """
    # The flows check themselves when they are imported, so a broken flow is told as an error of this command.
    from bridge.checks.check import examine

    report = examine(os.environ)
    for problem in report.problems:
        click.echo(str(problem), err=True)
    for sentence in (*report.warnings, *report.notes):
        click.echo(str(sentence))
    if report.problems:
        sys.exit(1)


@click.command()
@click.option(
    "--fallback", is_flag=True, help="Print the document to host at the provider for when the bridge is down."
)
@tells_errors
def doctor(fallback: bool) -> None:  # noqa: FBT001 - click's flag
    """Ask database, provider and every Tagor if they work.

    The exit status is 1 when one of them does not.
    """
    from bridge.checks.doctor import examine, fallbacks

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
