"""Plays the same calls to each server, and measures every kind of turn by itself."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from benchmarks.deployment import BridgeSetup
from benchmarks.load import Connection, Script, Window, asking, play
from benchmarks.servers import Server
from benchmarks.webhooks import CallBytes
from bridge.simulators.rehearsal.live.site import numbered_case

MENU, REPEAT, RING, BALANCE, GOODBYE = "menu key", "repeated webhook", "ring", "PIN and balance", "goodbye"
TURNS = (RING, MENU, REPEAT, BALANCE, GOODBYE)
REPEATS = 5
"""How often each webhook is repeated: once would be over too soon to be measured."""
MARKS = {RING: b"<Response>", MENU: b"<Gather", REPEAT: b"<Gather", BALANCE: b" euro", GOODBYE: b"<Hangup"}
"""What the right answer to each kind of turn holds, so that no error page is measured."""
HOLD, HOLD_SECONDS = b"/sounds/hold-", 1.5
"""The sound that fills a wait; whoever came back before its end would ask again and again."""
SAMPLES = ("bare", "constant", "signed_sample")


class WrongAnswer(RuntimeError):
    """A server gave nobody the turn's document, so its figures mean nothing."""


@dataclass(frozen=True, slots=True)
class SampleTurns:
    """Measures an app that answers every webhook alike."""

    server: Server
    requests: Sequence[bytes]

    def measure(self) -> Iterator[tuple[str, Window]]:
        """Give the app's one window."""
        window = play(self.server, asking(self.requests))
        if not all(is_right(answer, b"<Response>") for answer in window.answers):
            raise WrongAnswer(f"{self.server.name} does not answer with its document")
        yield "", window


@dataclass(frozen=True, slots=True)
class BridgeTurns:
    """Measures the bridge with `calls` new calls each time: all ring, then all press a key, and so on."""

    server: Server
    setup: BridgeSetup
    calls: int

    def measure(self) -> Iterator[tuple[str, Window]]:
        """Give the window of each kind of turn, in the order in which a call takes them."""
        callers = [Caller(self.setup, at) for at in range(self.calls)]
        for turn in TURNS:
            times = REPEATS if turn == REPEAT else 1
            window = play(self.server, [one.turn(turn) for one in callers] * times)
            served = [is_right(answer, MARKS[turn]) for answer in window.answers]
            yield turn, replace(window, apologies=served.count(False))
            callers = list(compress(callers, served))
            if not callers:
                raise WrongAnswer(f"{self.server.name}, {turn}: {window.answers[0].decode(errors='replace')}")
            play(self.server, [one.follow for one in callers])  # greetings that come a webhook later
        play(self.server, asking([one.ended() for one in callers]))
        self.setup.drained()


class Caller:
    """Plays one caller of a deployment, turn by turn; its webhooks are prepared before a turn is played."""

    def __init__(self, setup: BridgeSetup, at: int, seconds: float = 0.0) -> None:
        case = numbered_case(at)
        self._bytes = CallBytes(setup.account, case.phone or "", setup.number(seconds))
        self._keys = {MENU: "1", BALANCE: case.pin, GOODBYE: "9"}
        self._last = self._sent = b""

    def turn(self, turn: str) -> Script:
        """Return the script of one kind of turn (of `TURNS`), which follows on the one played before."""
        if turn == RING:
            self._sent = self._bytes.ring()
        elif turn != REPEAT:
            self._sent = self._bytes.keys(self._last, self._keys[turn])
        return self._balance if turn == BALANCE else self._ask

    async def follow(self, connection: Connection) -> bytes:
        """Follow the call until a key is asked for, or it is over; gives all that was answered."""
        answers = []
        while request := self._bytes.following(self._last):
            if HOLD in self._last:
                await asyncio.sleep(HOLD_SECONDS)
            self._last = await connection.ask(request)
            answers.append(self._last)
        return b"".join(answers)

    def ended(self) -> bytes:
        """Return the webhook which tells that the call is over."""
        return self._bytes.ended()

    async def _ask(self, connection: Connection) -> bytes:
        self._last = await connection.ask(self._sent)
        return self._last

    async def _balance(self, connection: Connection) -> bytes:
        return await self._ask(connection) + await self.follow(connection)


def is_right(answer: bytes, mark: bytes) -> bool:
    """Tell whether it is the turn's document: an apology puts the caller through to a person."""
    return answer.startswith(b"HTTP/1.1 200") and mark in answer and b"<Dial" not in answer
