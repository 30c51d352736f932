"""A caller who wants to know a balance, takes what the line offers, and must never end with nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import pytest

from bridge.simulators.provider.caller_actions import DialWait

if TYPE_CHECKING:
    from bridge.simulators.provider.phone import Phone
    from tests.shared_line import Line

End = Literal["answer", "person", "voicemail"]
PEOPLE = (
    ("+32470000001", "482193", "20230118"),
    ("+32470000002", "150937", "20230219"),
    ("+32470000003", "660214", "20230320"),
    ("+32470000004", "907351", "20230421"),
)
"""Four callers take turns, because a PIN that Tagor may have seen counts against its file."""


class BalanceCall:
    """One call for a balance, by one of `PEOPLE`; `end` is what it came to."""

    def __init__(self, line: "Line", who: int) -> None:
        number, self.pin, self.file = PEOPLE[who % len(PEOPLE)]
        self.phone: Phone = line.phone(number)
        self._switchboard = line.switchboard

    def play(self) -> End:
        """Ask for the balance, and for a person when there is none."""
        self.phone.ring()
        for keys in ("1", self.pin, f"{self.file}#"):
            if self.phone.state != "listening" or self.heard_an_amount():
                break
            self.phone.press(keys)
        return self.end()

    def heard_an_amount(self) -> bool:
        """Whether an amount was told."""
        return any("euro" in heard.text.lower() for heard in self.phone.heard)

    def end(self) -> End:
        """Take what the line offers; the provider must have nothing to complain about."""
        if self.heard_an_amount():
            return self._hang_up("answer")
        for keys in ("0", "2"):  # a person; and where nobody is there, a voicemail
            if self.phone.state != "listening":
                break
            self.phone.press(keys)
        if self.phone.state == "recording":
            return self._hang_up("voicemail")
        assert isinstance(self.phone.waiting, DialWait), f"the caller ended with nothing: {self.phone.state}"
        assert self.phone.waiting.targets == (self._switchboard,)
        return self._hang_up("person")

    def _hang_up(self, end: End) -> End:
        assert self.phone.faults == []
        self.phone.hang_up()
        return end


@pytest.fixture
def balance_call() -> type[BalanceCall]:
    """One caller's call for a balance, as in `balance_call(line, 0).play()`."""
    return BalanceCall


@pytest.fixture
def play_calls() -> Callable[..., list[End]]:
    """Play so many calls, by one person after the other; gives how each of them ended."""
    return lambda line, times: [BalanceCall(line, who).play() for who in range(times)]
