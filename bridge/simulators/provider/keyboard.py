"""Reads a computer's keyboard like a telephone's: one key at a time, without Enter."""

import os
import select
import termios
import tty
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

_BACKSPACE = "\x7f\b"


class Keyboard:
    """Reads single keys from the terminal behind `fd`; the end of the `with` block restores the terminal."""

    def __init__(self, fd: int) -> None:
        """Remember the terminal's settings; `fd` must be a terminal."""
        self._fd = fd
        self._before = termios.tcgetattr(fd)
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def __enter__(self) -> Self:
        """Switch echo and line editing off; Ctrl-C keeps working."""
        # Raw mode would take Ctrl-C for a key; draining first keeps the captions that are still on their way.
        tty.setcbreak(self._fd, termios.TCSADRAIN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the terminal back as it was, if it is still there."""
        with suppress(termios.error):
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)

    def key(self, seconds: float | None) -> str | None:
        """Return the next key; None when none came for `seconds`, empty when the terminal is gone."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        return self._character() if ready else None

    def words(self, echo: Callable[[str], None]) -> str:
        """Return a typed line, shown by `echo`, for what would be said aloud; backspace takes back."""
        text = ""
        while (key := self._character()) not in {"\n", ""}:
            if key not in _BACKSPACE:
                text += key
                echo(key)
            elif text:
                text = text[:-1]
                echo("\b \b")
        return text.strip()

    def _character(self) -> str:
        """Return one whole character, however many bytes it has; empty when the terminal is gone."""
        while byte := os.read(self._fd, 1):
            if character := self._decoder.decode(byte):
                return character
        return ""
