"""The commands that run simulators here: the whole line for a demonstration, or a stand-in Tagor."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bridge.commands.errors import tells_errors

if TYPE_CHECKING:
    from bridge.simulators.demo import Card

PORT = click.IntRange(0, 65535)


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where the line listens."
)
@click.option("--tagor-port", type=PORT, default=0, help="Where Tagor listens; 0 takes a free port.")
@click.option("--json", "as_json", is_flag=True, help="Print what is needed to phone in as one line of JSON.")
@tells_errors
def demo(port: int, tagor_port: int, as_json: bool) -> None:  # noqa: FBT001 - click's flag
    """Run the whole line on this machine, until interrupted.

    It needs no account and no secret: Tagor and the telephone are simulators.
    """
    from bridge.simulators.demo import run

    run(port, tagor_port, tell=_print_json if as_json else _print_welcome)


@click.command()
@click.option("--port", type=PORT, default=9000, show_default=True, help="Where it listens.")
@click.option(
    "--generation",
    type=click.Choice(["1.08", "2.00"]),
    default="2.00",
    show_default=True,
    help="Which generation of Tagor it is.",
)
@click.option("--cases", "only_cases", is_flag=True, help="Print the documented cases as JSON and end.")
@tells_errors
def tagor(port: int, generation: str, only_cases: bool) -> None:  # noqa: FBT001 - click's flag
    """Run a stand-in Tagor until interrupted."""
    from bridge.simulators.tagor import cases, serve

    if only_cases:
        click.echo(json.dumps(cases(), ensure_ascii=False, indent=2))
        return
    serve(
        port,
        generation=generation,
        ready=lambda tagor: click.echo(f"Tagor listens at {tagor.url} (key: {tagor.key})"),
    )


def _print_json(card: "Card") -> None:
    click.echo(json.dumps(asdict(card)))  # echo flushes, so a script that reads the line need not wait


def _print_welcome(card: "Card") -> None:
    from bridge.simulators.tagor import cases

    first = cases()[0]
    click.echo(
        f"The line listens at {card.voice}, with a stand-in Tagor at {card.tagor}.\n"
        "Phone in from another terminal, in this folder:\n\n"
        f"    .venv/bin/bridge call --from {first['phone']}\n\n"
        f"Press 1 for the balance, then the PIN {first['pin']}. h hangs up. "
        "`.venv/bin/bridge tagor --cases` tells whom else you can be.\n"
        "Ctrl-C ends the demo."
    )
