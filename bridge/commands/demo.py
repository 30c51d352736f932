"""The commands that run simulators here: the whole line for a demonstration, or a stand-in Tagor."""

import json
import secrets
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.commands.errors import tells_errors
from bridge.provider_accounts import SHAPES

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from bridge.settings import Settings
    from bridge.simulators.browser_phone.calls import BrowserCalls
    from bridge.simulators.demo import Card
    from bridge.simulators.server_log import TurnLine

PORT = click.IntRange(0, 65535)


# Not port 0: the line's address stands in its settings before it listens.
@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where the line listens."
)
@click.option("--tagor-port", type=PORT, default=0, help="Where Tagor listens; 0 takes a free port.")
@click.option("--json", "as_json", is_flag=True, help="Print what is needed to phone in as one line of JSON.")
@click.option(
    "--provider",
    type=click.Choice(list(SHAPES)),
    default="twilio",
    show_default=True,
    help="Which provider is simulated.",
)
@tells_errors
def demo(port: int, tagor_port: int, as_json: bool, provider: str) -> None:  # noqa: FBT001 - click's flag
    """Run the whole line on this machine, until interrupted.

    It needs no account and no secret: Tagor and the telephone are simulators. Its page is a telephone, and
    every turn of every call is told in a line.
    """
    from bridge.simulators.demo import run

    password = secrets.token_urlsafe(9)
    welcome = partial(_print_welcome, password=password)
    run(
        port,
        tagor_port,
        pages=partial(demo_pages, password=password),
        tell=_print_json if as_json else welcome,
        tell_turn=_say_nothing if as_json else _print_turn,
        provider=provider,
    )


@click.command()
@click.option("--port", type=PORT, default=9000, show_default=True, help="Where it listens.")
@click.option(
    "--generation",
    type=click.Choice(["1.08", "2.00"]),
    default="2.00",
    show_default=True,
    help="Which generation of Tagor it is.",
)
@click.option(
    "--size", type=click.IntRange(0, 100_000), default=0, help="How many more files than the documented ones."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Which files these are.")
@click.option("--cases", "only_cases", is_flag=True, help="Print the documented cases as JSON and end.")
@tells_errors
def tagor(port: int, generation: str, size: int, seed: int, only_cases: bool) -> None:  # noqa: FBT001 - click's flag
    """Run a stand-in Tagor until interrupted."""
    from bridge.simulators.tagor import cases, serve

    if only_cases:
        click.echo(json.dumps(cases(), ensure_ascii=False, indent=2))
        return
    serve(
        port,
        generation=generation,
        size=size,
        seed=seed,
        ready=lambda tagor: click.echo(f"Tagor listens at {tagor.url} (key: {tagor.key})"),
    )


CONSOLE_NAME = "demo"
"""Who may open the demo's console; the password is another one each time."""


def demo_pages(calls: "BrowserCalls", settings: "Settings", *, password: str) -> "WSGIApplication":
    """Make the pages, which show the flows and words of this version: phone, flows, and the console."""
    import voice_flows
    from bridge.app.create import offices_of, proved_speech
    from bridge.commands.console import console_context
    from bridge.web.app import create_web
    from bridge.web.console.users import ConsoleUsers, user_line
    from bridge.web.console.views import Console

    users = ConsoleUsers.read(user_line(CONSOLE_NAME, "administer", "*", password))
    offices = offices_of(settings, {"TAGOR_KEY": "is not asked for here"})
    console = Console(users, console_context(settings, offices))
    return create_web(voice_flows.CALL, *proved_speech(), phone=calls, console=console)


def _print_turn(turn: "TurnLine") -> None:
    click.echo(str(turn))


def _say_nothing(_turn: "TurnLine") -> None:
    """Say nothing of a turn: a script reads the one line of JSON, and need not read on."""


def _print_json(card: "Card") -> None:
    click.echo(json.dumps(asdict(card)))  # echo flushes, so a script that reads the line need not wait


def _print_welcome(card: "Card", *, password: str) -> None:
    from bridge.simulators.tagor import cases

    first = cases()[0]
    # A checkout has the command in its own folder, an installed wheel on the path.
    command = ".venv/bin/bridge" if Path(".venv/bin/bridge").exists() else "bridge"
    click.echo(
        f"Open {card.web} in a browser: the page is a telephone.\n"
        "Or phone in from another terminal, in this folder:\n\n"
        f"    {command} call --from {first['phone']}\n\n"
        f"{first['name']} has the PIN {first['pin']}; "
        f"`{command} tagor --cases` tells whom else you can be.\n"
        f"The console, {card.web.removesuffix('/phone')}/console/, lets in {CONSOLE_NAME} with {password}.\n"
        "Every turn of every call is told below. Ctrl-C ends the demo.\n"
    )
