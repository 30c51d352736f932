"""One mistake in a file that people edit: where it is, and a sentence that says what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in a flow, a prompt file or an office file; `line` counts from 1.

    Printed it reads `file:line: sentence`, so that an editor can jump to the place.
    """

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"
