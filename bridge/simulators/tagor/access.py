"""Reads an Authorization header: the caller behind it reaches exactly what the credential opens."""

import base64
import binascii
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.simulators.tagor.wire import Rejected

if TYPE_CHECKING:
    from bridge.simulators.tagor.envelope import Request
    from bridge.simulators.tagor.records import File
    from bridge.simulators.tagor.tagor import SimulatedTagor


@dataclass(frozen=True)
class Caller:
    """A caller by scheme; the schemes of a defendant reach one file and one party, the others everything.

    `user_id` is the Tagor user that an office's credential acts as.
    """

    scheme: str
    file_id: str = ""
    party_id: str = ""
    file_names: frozenset[str] = frozenset()
    user_id: str = ""

    def confine(self, request: "Request") -> None:
        """Let no defendant name another file or party; raises Rejected (403)."""
        if not self.file_id:
            return
        named = request.context
        ids = {request.text("TDOS_Id"), request.text("DosId"), named.get("tdos_id", "")}
        parties = {request.text("TPAR_Id"), named.get("tpar_id", "")}
        within = ids <= {"", self.file_id} and parties <= {"", self.party_id}
        if not (within and {request.text("Dossier")} <= self.file_names | {""}):
            raise Rejected(403, "This credential reaches one file only.")


NOBODY = Caller("")


def identify(tagor: "SimulatedTagor", header: str, schemes: tuple[str, ...]) -> Caller:
    """Return the caller behind a header; raises Rejected (401) unless one of `schemes` accepts it."""
    scheme, _, token = header.strip().partition(" ")
    check = {name.lower(): _CHECKS[name] for name in schemes}.get(scheme.lower())
    caller = check(tagor, token.strip()) if check else None
    if caller is None:
        raise Rejected(401, "Authorization is missing or wrong.")
    return caller


def _office(tagor: "SimulatedTagor", token: str) -> Caller | None:
    known = hmac.compare_digest(token.encode(), tagor.api_key.encode()) or tagor.tokens.valid(token)
    return Caller("Tgr") if known else None


def _pin(tagor: "SimulatedTagor", token: str) -> Caller | None:
    try:
        named, colon, pin = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return _defendant("Pin", tagor.by_pin(named, pin)) if colon else None


def _hash(tagor: "SimulatedTagor", token: str) -> Caller | None:
    return _defendant("Hash", tagor.by_hash(token))


def _defendant(scheme: str, found: "tuple[File, str] | None") -> Caller | None:
    if found is None:
        return None
    file, party_id = found
    return Caller(scheme, file.id, party_id, frozenset({file.name, file.reference}))


# Orng is the vendor's own scheme: nobody here holds such a credential.
_CHECKS: dict[str, Callable[["SimulatedTagor", str], Caller | None]] = {
    "Tgr": _office,
    "Pin": _pin,
    "Hash": _hash,
}
