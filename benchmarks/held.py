"""Lets new callers come at a steady rate, whatever the line answers, and finds the rate that it holds."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.deployment import BridgeSetup
from benchmarks.load import Connection, ConnectionBroken, connect, percentile
from benchmarks.servers import Server
from benchmarks.turns import BALANCE, GOODBYE, MARKS, MENU, RING, Caller, is_right

CALL = (RING, MENU, BALANCE, GOODBYE)
WEBHOOKS = len(CALL) + 2
"""Webhooks of a call at least: its turns, the one after the chime, and the one that tells its end."""
THINKING = 0.5
"""Seconds that a caller takes before each key."""
ABOVE_TAGOR = 1.0
"""Seconds above Tagor's own time in which 99 of 100 webhooks must be answered."""
CHIME_SECONDS = 0.6
FIRST_RATE, FASTER = 4.0, 1.6


@dataclass(frozen=True, slots=True)
class Held:
    """What became of callers who came at a rate: `calls_per_second`; latencies in seconds.

    `apologies` are the calls that were sent to a person, or lost, in place of hearing their balance.
    """

    calls_per_second: float
    turns_per_second: float
    apologies: int
    latencies: list[float] = field(repr=False)

    @property
    def p99(self) -> float:
        """Return the seconds in which 99 of 100 webhooks were answered."""
        return percentile(self.latencies, 0.99)

    def is_held(self, tagor_seconds: float) -> bool:
        """Tell whether every caller was served, and in time."""
        return not self.apologies and self.p99 <= tagor_seconds + ABOVE_TAGOR


def highest_held(
    server: Server, setup: BridgeSetup, tagor_seconds: float, seconds: float, most: float
) -> list[Held]:
    """Raise the rate until it is not held or above `most` calls a second; gives all rates, also the last one.

    Each rate lasts `seconds`; `tagor_seconds` chooses the office by its Tagor.
    """
    rates: list[Held] = []
    rate = FIRST_RATE
    while rate <= most and (not rates or rates[-1].is_held(tagor_seconds)):
        rates.append(at_rate(server, setup, tagor_seconds, rate, seconds))
        rate *= FASTER
    return rates


def at_rate(server: Server, setup: BridgeSetup, tagor_seconds: float, rate: float, seconds: float) -> Held:
    """Let `rate` new callers a second come, for so many seconds, and play all their calls to the end."""
    callers = [Caller(setup, at, tagor_seconds) for at in range(max(1, int(rate * seconds)))]
    began = time.perf_counter()
    told = asyncio.run(_all(server.port, callers, rate))
    taken = time.perf_counter() - began
    latencies = [one for _, each in told for one in each]
    # Callers come for `seconds`; the last calls are still played afterwards, at a lower rate.
    turns = len(latencies) / max(seconds, taken - len(CALL) * THINKING - CHIME_SECONDS)
    return Held(rate, turns, sum(not served for served, _ in told), latencies)


async def _all(port: int, callers: Sequence[Caller], rate: float) -> list[tuple[bool, list[float]]]:
    calls = [_call(port, caller, at / rate) for at, caller in enumerate(callers)]
    return list(await asyncio.gather(*calls))


async def _call(port: int, caller: Caller, when: float) -> tuple[bool, list[float]]:
    await asyncio.sleep(when)
    connection = await connect(port)
    try:
        served = await _lead(connection, caller)
    except (ConnectionBroken, LookupError):  # nothing is asked any more: the call went to a person
        served = False
    finally:
        connection.close()
    return served, connection.latencies


async def _lead(connection: Connection, caller: Caller) -> bool:
    for turn in CALL:
        answer = await caller.turn(turn)(connection)
        if not is_right(answer, MARKS[turn]):
            return False
        if turn == RING:
            await asyncio.sleep(CHIME_SECONDS)  # a provider comes back when the chime has sounded
        await caller.follow(connection)
        await asyncio.sleep(THINKING)
    await connection.ask(caller.ended())
    return True
