"""Finds settings that can be read and cannot work, or should not be answered real calls with."""

import ipaddress
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from bridge.settings import Settings

_INNER_NAMES = ("localhost", ".local", ".internal", ".lan", ".localhost")


def mistakes(settings: Settings, offices: Iterable[str] | None = None) -> Iterator[str]:
    """Yield a sentence for each; `offices` are the keys of the office files, None where they are unknown."""
    host = str(urlsplit(settings.public_url).hostname)
    if not settings.demo and not _is_public(host):
        yield (
            f"BRIDGE_PUBLIC_URL names {host}, which the provider cannot reach from outside: write the public "
            "name under which it posts, such as https://phone.example.be."
        )
    secrets = {secret.get_secret_value() for secret in settings.secret}
    if secrets & {token.get_secret_value() for token in (*settings.tokens, *settings.signing_keys)}:
        yield (
            "BRIDGE_SECRET is also a token or signing key of the provider, who knows it: make one of its own "
            "with `openssl rand -hex 32`."
        )
    if settings.metrics and settings.metrics.get_secret_value() in secrets:
        yield "BRIDGE_METRICS is also BRIDGE_SECRET, and is shown to whatever reads figures: make another."
    yield from _console(settings, offices)


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.lower().endswith(_INNER_NAMES)


def _console(settings: Settings, offices: Iterable[str] | None) -> Iterator[str]:
    written = settings.console.get_secret_value()
    if not written and not settings.oidc_issuer:
        return
    # Its package hashes passwords: whoever has no console never loads it.
    from bridge.web.console.oidc_settings import OidcSettings  # noqa: PLC0415
    from bridge.web.console.users import EVERY_OFFICE, ConsoleUsers, UserError  # noqa: PLC0415

    try:
        users = ConsoleUsers.read(written)
    except UserError as error:
        yield f"BRIDGE_CONSOLE: {error}: `bridge console --add NAME` writes the line."
        return
    try:
        oidc = OidcSettings.of(settings)
    except UserError as error:
        yield f"{error}."
        return
    known = {EVERY_OFFICE, *(offices or ())}
    lets = [(f"BRIDGE_CONSOLE lets {user.name}", user.offices) for user in users]
    lets += [(f"BRIDGE_OIDC_ROLES lets {rule.value}", rule.offices) for rule in (oidc.rules if oidc else ())]
    for who, seen in lets:
        if offices is not None and (strange := sorted(seen - known)):
            yield (
                f"{who} see {', '.join(strange)}, and there is no such office "
                "file: write the names of the files without .toml."
            )
