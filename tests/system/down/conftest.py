"""A caller who wants to know what is owed, tries what the line offers, and must never end with nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import pytest

from bridge.simulators.provider.caller_actions import Dialling

if TYPE_CHECKING:
    from bridge.simulators.provider.phone import Phone
    from tests.conftest import Line

End = Literal["answer", "person", "voicemail"]
PEOPLE = (
    ("+32470000001", "482193", "20230118"),
    ("+32470000002", "150937", "20230219"),
    ("+32470000003", "660214", "20230320"),
    ("+32470000004", "907351", "20230421"),
)
"""Several, as a PIN that Tagor may have been shown is a try: nobody's are used up here."""


class Story:
    """One call for a balance, by one of `PEOPLE`; `end` is what it came to."""

    def __init__(self, line: "Line", who: int) -> None:
        number, self.pin, self.file = PEOPLE[who % len(PEOPLE)]
        self.phone: Phone = line.phone(number)
        self._switchboard = line.switchboard

    def play(self) -> End:
        """Ask for the balance, and for a person when there is none."""
        self.phone.ring()
        for keys in ("1", self.pin, f"{self.file}#"):
            if self.phone.state != "listening" or self.knows():
                break
            self.phone.press(keys)
        return self.end()

    def knows(self) -> bool:
        """Whether an amount was told."""
        return any("euro" in heard.text.lower() for heard in self.phone.heard)

    def end(self) -> End:
        """Take what the line offers; the provider must have nothing to complain about."""
        if self.knows():
            return self._over("answer")
        for keys in ("0", "2"):  # a person; and where nobody is there, a message
            if self.phone.state != "listening":
                break
            self.phone.press(keys)
        return self._put_through()

    def _put_through(self) -> End:
        if self.phone.state == "recording":
            return self._over("voicemail")
        assert isinstance(self.phone.waiting, Dialling), f"the caller ended with nothing: {self.phone.state}"
        assert self.phone.waiting.targets == (self._switchboard,)
        return self._over("person")

    def _over(self, end: End) -> End:
        assert self.phone.faults == []
        self.phone.hang_up()
        return end


@pytest.fixture
def story() -> type[Story]:
    """The story of one caller on a line."""
    return Story


@pytest.fixture
def calls() -> Callable[..., list[End]]:
    """Play so many calls one after the other, by one person after the other; tells how each of them ended."""
    return lambda line, times: [Story(line, who).play() for who in range(times)]
