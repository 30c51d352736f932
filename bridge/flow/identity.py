"""Defines the proof of who is calling.

Whatever discloses anything about a file takes an `IdentifiedFile`, and only one method makes one.
"""

from dataclasses import dataclass, field
from typing import Literal

Proof = Literal["pin", "reference_pin", "house_number", "caller_number"]
# Neighbours know a house number, and any number can be shown as the caller's: those two prove little.
STRONG: frozenset[Proof] = frozenset({"pin", "reference_pin"})


@dataclass(frozen=True, slots=True)
class IdentifiedFile:
    """A file whose defendant proved who they are in this call; only `ActionContext.identify` makes it.

    Attributes:
        id: Tagor's id of the file.
        number: the file number as printed on letters.
        party: the defendant's id; None where the office's way of identifying does not tell it.
        proof: how the caller proved it.
        credential: the caller's own `file:pin`, kept only where the office lets Tagor guard access itself.
    """

    id: str
    number: str
    party: str | None
    proof: Proof
    credential: str | None = field(default=None, repr=False)

    @property
    def strong(self) -> bool:
        """Whether the proof is good enough for decisions, and not only for hearing a balance."""
        return self.proof in STRONG
