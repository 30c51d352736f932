"""A computer's keyboard as a telephone's: one key at a time, without Enter."""

import os
import select
import termios
import tty
from contextlib import suppress
from types import TracebackType
from typing import Self


class Keyboard:
    """Single keys from the terminal behind `fd`; leaving the `with` block restores the terminal, always."""

    def __init__(self, fd: int) -> None:
        """`fd` must be a terminal."""
        self._fd = fd
        self._before = termios.tcgetattr(fd)

    def __enter__(self) -> Self:
        """Switch echo and line editing off; Ctrl-C keeps working."""
        tty.setcbreak(self._fd, termios.TCSADRAIN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the terminal back as it was, if it is still there."""
        with suppress(termios.error):
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)

    def key(self, seconds: float | None) -> str | None:
        """The next key; None when none came for `seconds`; empty when the terminal is gone."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        return self._read(1) if ready else None

    def words(self) -> str:
        """A line typed with echo and editing, for what would be said aloud."""
        termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)
        try:
            return self._read(1024).strip()
        finally:
            tty.setcbreak(self._fd, termios.TCSADRAIN)

    def _read(self, most: int) -> str:
        try:
            return os.read(self._fd, most).decode("utf-8", "ignore")
        except OSError:  # the other side of a pseudo-terminal has closed
            return ""
