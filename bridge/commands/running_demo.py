"""Lets a command ask the demo that runs in this folder, whatever bridge the environment describes."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def asks_demo(function: F) -> F:
    """Give a command the option `--demo`, with which it reads the settings of the running demo."""
    return click.option(
        "--demo",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_ask_demo,
        help="Ask the demo that runs in this folder.",
    )(function)


class DemoGroup(click.Group):
    """A group of commands that understand `--demo` wherever it stands: the group itself must know of it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the option first, where click looks for those of the group."""
        if "--demo" in args:
            args = ["--demo", *(one for one in args if one != "--demo")]
        return super().parse_args(ctx, args)


def _ask_demo(context: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's flag
    if wanted:
        context.with_resource(_environment_of(_demos_settings()))


def _demos_settings() -> dict[str, str]:
    from bridge.simulators.demo import read_card

    settings: dict[str, str] = read_card().get("settings", {})
    if not settings:
        raise click.ClickException(
            "No demo is running in this folder: start `bridge demo` here (in a checkout `make demo`)."
        )
    return settings


@contextmanager
def _environment_of(settings: dict[str, str]) -> Iterator[None]:
    """Let the environment hold these settings and no other bridge's until the command has ended."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith("BRIDGE_") or name == "PORT"]:
        del os.environ[name]
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
