"""Lets the log lines of work after a call carry that call's names: its keyed hash, and its turn."""

import json
from contextlib import AbstractContextManager

import structlog

_NAMES = ("call", "turn")


def names_left() -> dict[str, dict[str, object]]:
    """Give what work for later keeps of the names under which this turn is logged, as JSON; maybe nothing."""
    known = structlog.contextvars.get_contextvars()
    names = {name: known[name] for name in _NAMES if name in known}
    return {"log": names} if names else {}


def logged_as_left(left: bytes, **known: str) -> AbstractContextManager[None]:
    """Let lines carry what is known, and the names that `names_left` wrote into the work (JSON), if it did.

    What an earlier version wrote down tells none; its lines carry what is known.
    """
    try:
        told = json.loads(left)["log"]
        names = {name: told[name] for name in _NAMES if name in told}
    except (ValueError, KeyError, TypeError):
        names = {}
    return structlog.contextvars.bound_contextvars(**names, **known)
