"""The proof of who is calling: what discloses anything takes an `IdentifiedFile`, and one place makes it."""

from dataclasses import dataclass, field
from typing import Literal

Proof = Literal["pin", "reference_pin", "house_number", "caller_number"]
STRONG: frozenset[Proof] = frozenset({"pin", "reference_pin"})


@dataclass(frozen=True, slots=True)
class IdentifiedFile:
    """A file whose defendant proved who they are in this call; only `ActionContext.identify` makes it.

    `id` is Tagor's id, `number` the file number as printed on letters, `party` the defendant's id (`None`
    where the office's way of identifying does not tell it), `credential` the caller's own `file:pin`,
    kept only where the office lets Tagor itself guard access.
    """

    id: str
    number: str
    party: str | None
    proof: Proof
    credential: str | None = field(default=None, repr=False)

    @property
    def strong(self) -> bool:
        """Whether the proof is good enough for decisions, not only for hearing a balance."""
        return self.proof in STRONG
