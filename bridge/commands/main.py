"""The command `bridge`: it names all commands and loads the file of the one that is called.

Each file in this folder holds one group of commands. At its top it imports click and `errors` only; whatever
a command works with is imported inside the command, so that `bridge --help` and small commands start at once.
"""

from importlib import import_module

import click

COMMANDS = {
    "serve": "line",
    "worker": "line",
    "migrate": "line",
    "reload": "line",
    "restart": "line",
    "check": "check",
    "doctor": "check",
    "office": "office",
    "connect": "connect",
    "draw": "pages",
    "record": "pages",
    "demo": "demo",
    "tagor": "demo",
    "call": "call",
    "rehearse": "rehearse",
    "report": "report",
    "outbox": "outbox",
    "unlock": "unlock",
    "console": "console",
    "call-id": "call_id",
}
"""Which file of this folder holds each command, in the order in which `bridge --help` tells them."""


class CommandFiles(click.Group):
    """The commands of `COMMANDS`; its file is imported when a command is called or its help is told."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Return the command of this name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        file = import_module(f"bridge.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(file, cmd_name.replace("-", "_"))
        return command


@click.group(cls=CommandFiles)
def main() -> None:
    """Run, check and observe the phone line of a bailiff's office."""
