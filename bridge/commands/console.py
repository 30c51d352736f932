"""The command that serves the console, in a process of its own beside the line."""

import os
import re
from typing import TYPE_CHECKING, Any

import click

from bridge.commands.errors import tells_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from flask import Flask

    from bridge.office.model import Office
    from bridge.office.reading import Offices
    from bridge.settings import Settings
    from bridge.web.console.context import ConsoleContext, ConsoleOffice, LockedNames, TagorNow
    from bridge.web.console.oidc_settings import OidcSettings
    from bridge.web.console.users import ConsoleUsers

THREADS = 8
SECONDS = 20
"""After so long without an answer the console's worker is replaced; no call knows of it."""


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Where it listens."
)
@click.option(
    "--address",
    default="",
    help="Where browsers find it through a proxy with TLS, such as https://console.example.be.",
)
@click.option(
    "--line",
    "servers",
    multiple=True,
    help="Where the line listens, if not on this machine: http://10.0.0.2:8000, say; once for each server.",
)
@click.option(
    "--add", "name", help="Ask for a password, and print what BRIDGE_CONSOLE must hold for this name."
)
@click.option(
    "--role",
    type=click.Choice(["see", "operate", "administer"]),
    default="see",
    show_default=True,
    help="With --add: what that person may do.",
)
@click.option(
    "--offices", default="*", show_default=True, help="With --add: whose, joined by +; * is every office."
)
@tells_errors
def console(
    *, port: int, address: str, servers: tuple[str, ...], name: str | None, role: str, offices: str
) -> None:
    """Serve the console on this machine, for those whom BRIDGE_CONSOLE names.

    It is a process beside the line: whatever happens to it, no call notices.
    """
    from bridge.settings import Settings
    from bridge.web.console.users import ConsoleUsers, UserError, user_line

    if name:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        try:
            click.echo(user_line(name, role, offices, password))
        except UserError as wrong:
            raise click.ClickException(f"{wrong}.") from None
        return
    settings = Settings.read(os.environ)
    try:
        users = ConsoleUsers.read(settings.console.get_secret_value())
    except UserError as wrong:
        raise click.ClickException(f"BRIDGE_CONSOLE: {wrong}.") from None
    oidc = _oidc(settings)
    if not users and not oidc:
        raise click.ClickException("BRIDGE_CONSOLE names nobody: `bridge console --add NAME` writes a line.")
    if not all(re.fullmatch(r"https?://[\w.\[\]:-]+/?", server) for server in servers):
        raise click.ClickException("--line takes an address such as http://10.0.0.2:8000.")
    click.echo(f"The console listens at http://127.0.0.1:{port}/console/")
    _serve(lambda: _application(settings, users, oidc, address, servers), port)


def _oidc(settings: "Settings") -> "OidcSettings | None":
    from importlib.util import find_spec

    from bridge.web.console.oidc_settings import OidcSettings
    from bridge.web.console.users import UserError

    try:
        oidc = OidcSettings.of(settings)
    except UserError as wrong:
        raise click.ClickException(f"{wrong}.") from None
    if oidc and not find_spec("authlib"):
        raise click.ClickException("BRIDGE_OIDC_ISSUER needs more packages: install tagor-bridge[oidc].")
    return oidc


def _application(
    settings: "Settings",
    users: "ConsoleUsers",
    oidc: "OidcSettings | None",
    address: str,
    servers: "Sequence[str]",
) -> "Flask":
    import voice_flows
    from bridge.app.create import offices_of, proved_speech
    from bridge.web.app import create_web
    from bridge.web.console.views import Console

    context = console_context(settings, offices_of(settings), servers)
    accounts = None
    if oidc:
        from bridge.web.console.oidc import OidcProvider
        from bridge.web.console.oidc_views import OidcViews

        accounts = OidcViews(OidcProvider(oidc), context, address)
    pages = Console(users, context, accounts)
    return create_web(voice_flows.CALL, *proved_speech(), console=pages, address=address)


def console_context(
    settings: "Settings", offices: "Offices", servers: "Sequence[str]" = ()
) -> "ConsoleContext":
    """Put together what the console shows and reaches: the store, voicemails, the line's metrics, Tagor."""
    import voice_flows
    from bridge.app.create import open_repositories
    from bridge.app.outbox import voicemail_sounds
    from bridge.web.console.context import ConsoleContext

    return ConsoleContext(
        open_repositories(settings),
        voice_flows.CALL,
        console_offices(offices),
        sound=voicemail_sounds(settings),
        tagor=_tagor_now(settings, servers),
        locked_names=_locked_names(settings, offices),
    )


def _tagor_now(settings: "Settings", servers: "Sequence[str]") -> "TagorNow | None":
    """Make what asks the line how Tagor answers it: on this machine, if nothing else was said."""
    if settings.metrics is None:
        return None
    from bridge.app.tagor import subjects
    from bridge.operations.line_metrics import LineMetrics

    # A line that listens at every address of its machine is found at this one.
    host = "127.0.0.1" if settings.host in {"", "0.0.0.0", "::"} else settings.host  # noqa: S104 - compared only
    here = (f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}",)
    return LineMetrics(servers or here, settings.metrics.get_secret_value(), subjects()).tagor


def _locked_names(settings: "Settings", offices: "Offices") -> "LockedNames":
    from bridge.app.tagor import locked_names
    from bridge.tagor import TagorError

    by_key = {office.key: office for office in offices}

    def names(office: str, number: str) -> set[str] | None:
        try:
            return locked_names(by_key[office], number, demo=settings.demo)
        except TagorError:
            return None

    return names


def console_offices(offices: "Iterable[Office]") -> "tuple[ConsoleOffice, ...]":
    """Tell of each office what the console must know of its file."""
    import voice_flows
    from bridge.conversation.office_context import switchable
    from bridge.conversation.services.identification import pin_limits
    from bridge.web.console.context import ConsoleOffice

    return tuple(
        ConsoleOffice(
            office.key,
            tuple(sorted(office.languages, key=lambda language: language != office.default_language)),
            tuple(sorted(switchable(office, voice_flows.CALL))),
            {language: office.name_in(language) for language in office.languages},
            pin_limits(office),
        )
        for office in offices
    )


def _serve(make: "Callable[[], Flask]", port: int) -> None:
    from gunicorn.app.base import BaseApplication

    class ConsoleServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        """A gunicorn with one worker: sessions are kept in its memory."""

        def load_config(self) -> None:
            """Take our settings, and none of the environment."""
            options: dict[str, Any] = {
                "bind": f"127.0.0.1:{port}",
                "workers": 1,
                "worker_class": "gthread",
                "threads": THREADS,
                "timeout": SECONDS,
                "accesslog": None,
                "control_socket_disable": True,
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> "Flask":
            """Make the application in the worker, whose connections are its own."""
            return make()

    ConsoleServer().run()
