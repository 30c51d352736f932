"""Reads how the console knows the provider of the office's accounts, and which roles its people get."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bridge.settings import Settings
from bridge.web.console.users import ROLES, ConsoleUser, UserError

_RULE = re.compile(r"(?P<value>[^\s:]+):(?P<role>\w+):(?P<offices>[\w+*-]+)")
_THIS_MACHINE = {"127.0.0.1", "localhost"}
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class RoleRule:
    """What people may do, and for which offices, who have a value in the claim."""

    value: str
    role: str
    offices: frozenset[str]


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """How the console knows the provider, and the provider the console.

    Attributes:
        issuer: the provider's address, as its tokens tell it.
        client: the name by which it knows the console, with its `secret`.
        claim: what in a token tells the roles.
        rules: the roles by the claim's values; the first one that fits counts.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    claim: str
    rules: tuple[RoleRule, ...]

    @classmethod
    def of(cls, settings: Settings) -> "OidcSettings | None":
        """Read the settings of the bridge, as `read` does."""
        return cls.read(
            settings.oidc_issuer,
            client=settings.oidc_client,
            secret=settings.oidc_secret.get_secret_value(),
            claim=settings.oidc_claim,
            roles=settings.oidc_roles,
        )

    @classmethod
    def read(cls, issuer: str, *, client: str, secret: str, claim: str, roles: str) -> "OidcSettings | None":
        """Read what the environment says; None when it names no issuer.

        Raises:
            UserError: it cannot be used; the text never holds a secret.
        """
        if not issuer:
            return None
        address = urlsplit(issuer)
        if address.scheme != "https" and address.hostname not in _THIS_MACHINE:
            raise UserError("BRIDGE_OIDC_ISSUER must start with https://")
        if not client or not secret:
            raise UserError("BRIDGE_OIDC_ISSUER needs BRIDGE_OIDC_CLIENT and BRIDGE_OIDC_SECRET beside it")
        rules = tuple(_rules(roles))
        if not rules:
            raise UserError("BRIDGE_OIDC_ROLES lets nobody in: write value:role:offices")
        return cls(issuer, client, secret, claim, rules)

    def user(self, claims: Mapping[str, Any]) -> ConsoleUser | None:
        """Tell who somebody with these claims is; None when no rule lets them in."""
        told = claims.get(self.claim)
        values = {told} if isinstance(told, str) else set(map(str, told)) if isinstance(told, list) else set()
        rule = next((rule for rule in self.rules if rule.value in values), None)
        if rule is None:
            return None
        return ConsoleUser(_name(claims), rule.role, rule.offices, password="")


def _rules(text: str) -> Iterator[RoleRule]:
    for position, line in enumerate(text.split(), start=1):
        found = _RULE.fullmatch(line)
        if found is None:
            raise UserError(f"BRIDGE_OIDC_ROLES: role {position} is not written as value:role:offices")
        if found["role"] not in ROLES:
            raise UserError(f"BRIDGE_OIDC_ROLES: role {position} is none of {', '.join(ROLES)}")
        yield RoleRule(found["value"], found["role"], frozenset(found["offices"].split("+")))


def _name(claims: Mapping[str, Any]) -> str:
    """Name somebody for the audit list: as they are called, and by what never changes and nobody else has."""
    called = str(claims.get("preferred_username") or claims.get("email") or "")
    called = "".join(sign for sign in called if sign.isprintable())[:_LONGEST_NAME]
    return f"{called} ({claims['sub']})".strip()
