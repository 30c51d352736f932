"""Gives out login tokens, and knows which are still valid."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

LIFE = timedelta(seconds=3600)


class Tokens:
    """Gives out tokens and knows them again for an hour by the given clock."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._ends: dict[str, datetime] = {}

    def issue(self) -> tuple[str, int]:
        """Return a new token and its number, counted from 1."""
        token = secrets.token_urlsafe(32)
        self._ends[token] = self._clock() + LIFE
        return token, len(self._ends)

    def valid(self, token: str) -> bool:
        """Return whether the token was given out and has not expired."""
        end = self._ends.get(token)
        return end is not None and self._clock() < end

    def revoke(self) -> None:
        """Make every token given out so far worthless; a login gives a new one."""
        now = self._clock()
        # They are kept: the number of the next token counts on.
        self._ends = dict.fromkeys(self._ends, now)
