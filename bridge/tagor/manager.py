"""Who manages a file, read from the code in which Tagor names them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bridge.tagor.employee_models import User
from bridge.tagor.schema.operation import LOGIN

_KIND_BY_ID = re.compile(r"DSO([0-9]{1,20})")
_BY_ID = re.compile(r"DBH([0-9]{1,20})")
_BY_LOGIN = re.compile(rf"(?!DBH){LOGIN}")


class HasManager(Protocol):
    """What must be known of a file to find its manager; `FileFacts` has it."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def manager(self) -> str:
        """The code of who manages it."""

    @property
    def kind(self) -> str:
        """The code of its kind."""


@dataclass(frozen=True, slots=True, repr=False)
class Manager:
    """The user who manages a file, by id or by login; the other one is empty."""

    id: str = ""
    login: str = ""

    def among(self, users: Iterable[User]) -> User | None:
        """Return which of these users it is; Tagor does not mind the case of a login."""
        for user in users:
            if user.id == self.id or (self.login and user.login.lower() == self.login.lower()):
                return user
        return None


def manager_of(code: str, *, file: str = "") -> Manager | None:
    """Read the code of a manager; None where it names nobody, or nobody who could be a user.

    By the office's parameter 259 it is `DBH` and a user id, a login, or only the name of the `file`.
    """
    if by_id := _BY_ID.fullmatch(code):
        return Manager(id=by_id[1])
    return Manager(login=code) if code != file and _BY_LOGIN.fullmatch(code) else None


def kind_id_of(kind: str) -> str:
    """Read the id of a file's kind, empty where the office gave that kind a name of its own."""
    told = _KIND_BY_ID.fullmatch(kind)
    return told[1] if told else ""
