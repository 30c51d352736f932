"""Reads how the console knows the provider of the office's accounts, and which roles its people get."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bridge.settings import Settings
from bridge.web.console.users import RIGHTS, ConsoleUser, UserError, read_lines

_RULE = re.compile(rf"(?P<value>[^\s:]+):{RIGHTS}")
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
        lines = read_lines(roles, _RULE, "BRIDGE_OIDC_ROLES: role", "value:role:offices")
        rules = tuple(RoleRule(line["value"], line["role"], offices) for line, offices in lines)
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


def _name(claims: Mapping[str, Any]) -> str:
    """Name somebody for the audit list: as they are called, and by what never changes and nobody else has."""
    called = str(claims.get("preferred_username") or claims.get("email") or "")
    called = "".join(sign for sign in called if sign.isprintable())[:_LONGEST_NAME]
    return f"{called} ({claims['sub']})".strip()
