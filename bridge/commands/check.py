"""The commands that tell what is wrong before a caller finds out."""

import json
import os
import sys

import click

from bridge.commands.errors import tells_errors
from bridge.commands.running_demo import asks_demo


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
@asks_demo
@click.option(
    "--fallback",
    is_flag=True,
    help="Print the fallback to host at the provider, for when a turn fails or the bridge is down.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, for a program that watches.")
@tells_errors
def doctor(fallback: bool, as_json: bool) -> None:  # noqa: FBT001 - click's flags
    """Ask database, provider and every Tagor if they work.

    Each line begins with ok, warning or wrong, and says what to do where it is not ok. The exit status is 1
    when something is wrong.
    """
    from bridge.checks.doctor import examine, fallbacks

    if fallback:
        click.echo("\n\n\n".join(fallbacks(os.environ).values()))
        return
    report = examine(os.environ)
    states = {"ok": report.notes, "warning": report.warnings, "wrong": report.problems}
    if as_json:
        findings = [{"state": state, "says": str(one)} for state, told in states.items() for one in told]
        click.echo(
            json.dumps({"ok": not report.problems, "findings": findings}, ensure_ascii=False, indent=2)
        )
        sys.exit(1 if report.problems else 0)
    for state, sentences in states.items():
        for sentence in sentences:
            click.echo(f"{state:<8} {sentence}", err=state == "wrong")
    if report.problems:
        sys.exit(1)
