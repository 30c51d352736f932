"""Writes down in the audit list what somebody does by a command, as the console does for its buttons."""

import os
import pwd
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.store.repositories import Repositories


def write_down(store: "Repositories", what: str, whom: str) -> None:
    """Write a line in the name of whoever is logged in at this machine, before it is done."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name  # not what LOGNAME says
    except KeyError:  # a container may run under a number that has no name
        name = f"user {os.getuid()}"
    store.audit.add(datetime.now(UTC), f"{name}, by a command", what, whom)
