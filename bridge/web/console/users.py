"""Knows who may open the console, what they may do there, and for which offices."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask_login import UserMixin

ROLES = ("see", "operate", "administer")
"""What people may do, each more than the one before."""
EVERY_OFFICE = "*"
SHORTEST_PASSWORD = 12

RIGHTS = r"(?P<role>\w+):(?P<offices>[\w+*-]+)"
"""How it is written what somebody may do, and for which offices: they are joined by +, and * is all."""

_LINE = re.compile(rf"(?P<name>[a-z0-9._-]{{1,32}}):{RIGHTS}:(?P<hash>\$argon2id\$\S+)")


class UserError(ValueError):
    """Whoever may open the console is written in a way that nobody can read; the text says what is wrong."""


@dataclass(frozen=True)
class ConsoleUser(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """Somebody who may open the console; `offices` are the keys of theirs, or EVERY_OFFICE alone."""

    name: str
    role: str
    offices: frozenset[str]
    password: str = field(repr=False)

    def get_id(self) -> str:
        """Return the name, by which a session knows its user."""
        return self.name

    def may(self, role: str) -> bool:
        """Tell whether they may do what this role may."""
        return ROLES.index(self.role) >= ROLES.index(role)

    def sees(self, office: str) -> bool:
        """Tell whether an office is theirs."""
        return EVERY_OFFICE in self.offices or office in self.offices


def read_lines(
    text: str, pattern: re.Pattern[str], what: str, form: str
) -> Iterator[tuple[re.Match[str], frozenset[str]]]:
    """Read lines with `RIGHTS` in them, one after another with blanks; each comes with its offices.

    Raises:
        UserError: `what` (a user, say) is not written in this `form`, or its role is none of `ROLES`.
    """
    for position, line in enumerate(text.split(), start=1):
        found = pattern.fullmatch(line)
        if found is None:
            raise UserError(f"{what} {position} is not written as {form}")
        if found["role"] not in ROLES:
            raise UserError(f"{what} {position} names none of {', '.join(ROLES)}")
        yield found, frozenset(found["offices"].split("+"))


class ConsoleUsers:
    """Checks passwords by their argon2id hashes; made once, it never changes, and any thread may use it."""

    def __init__(self, users: Iterable[ConsoleUser]) -> None:
        self._users: Mapping[str, ConsoleUser] = {user.name: user for user in users}
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")

    @classmethod
    def read(cls, text: str) -> "ConsoleUsers":
        """Read `name:role:offices:hash`, one after another with blanks; offices are joined by +, * is all.

        Raises:
            UserError: one of them cannot be read; the text never holds a hash.
        """
        lines = read_lines(text, _LINE, "user", "name:role:offices:hash")
        return cls(ConsoleUser(line["name"], line["role"], offices, line["hash"]) for line, offices in lines)

    def __iter__(self) -> Iterator[ConsoleUser]:
        """Yield everybody who may open the console."""
        return iter(self._users.values())

    def __bool__(self) -> bool:
        """Tell whether anybody may open the console."""
        return bool(self._users)

    def get(self, name: str) -> ConsoleUser | None:
        """Return the user of this name."""
        return self._users.get(name)

    def check(self, name: str, password: str) -> ConsoleUser | None:
        """Return the user who has this password; a name that nobody has takes as long."""
        user = self._users.get(name)
        try:
            self._hasher.verify(user.password if user else self._nobody, password)
        except (Argon2Error, InvalidHashError):
            return None
        return user


def user_line(name: str, role: str, offices: str, password: str) -> str:
    """Return how this user is written for `ConsoleUsers.read`.

    Raises:
        UserError: the password is too short, or the name, role or offices cannot be written so.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise UserError(f"a password has at least {SHORTEST_PASSWORD} characters")
    line = f"{name}:{role}:{offices}:{PasswordHasher().hash(password)}"
    ConsoleUsers.read(line)
    return line
