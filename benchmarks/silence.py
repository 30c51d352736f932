"""Measures what callers hear of a slow Tagor: an honest caller listens in real time."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from bridge.simulators.provider.account import PhoneLine
from bridge.simulators.provider.caller_actions import GatherWait
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.wire import Form, Post, Reply, http, new_session
from bridge.simulators.rehearsal.live.site import numbered_case
from bridge.simulators.tagor import Case

NETWORK = 0.08
"""Seconds that a webhook and its answer travel between the provider and the app."""
LISTENS = 4.0
"""Seconds that a caller listens to a question before the key: they have their letter, and know the key."""
CONNECT, READ, LARGEST = 5.0, 15.0, 64 * 1024
"""How long a provider waits (seconds), and the largest document that it takes (bytes)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One call: all its silence, the longest single one (seconds), and whether the balance was told."""

    silence: float
    longest: float
    told: bool


@dataclass(frozen=True, slots=True)
class CallersHeard:
    """Medians over the calls that heard their balance, of silence in seconds; `lost` calls did not hear it.

    `longest` is the longest single silence of any call.
    """

    silence: float
    longest: float
    lost: int


Lines = Mapping[float, PhoneLine]
"""The line to call for each answer time of Tagor (seconds)."""


def listen(apps: Mapping[str, Lines], calls: int, pace: float = 1.0) -> dict[str, dict[float, CallersHeard]]:
    """Play `calls` calls to each line of each app, all at once; gives what was heard, by app and Tagor.

    `pace` 0 skips what is spoken, for a test.
    """
    wanted = [(app, wait) for app, lines in apps.items() for wait in lines]
    with ThreadPoolExecutor(len(wanted) * calls) as threads:
        playing = {
            (app, wait): [
                threads.submit(_call, apps[app][wait], numbered_case(n), pace) for n in range(calls)
            ]
            for app, wait in wanted
        }
        heard = {which: [one.result() for one in calls] for which, calls in playing.items()}
    return {app: {wait: _summed(heard[app, wait]) for wait in lines} for app, lines in apps.items()}


def _call(line: PhoneLine, case: Case, pace: float) -> Heard:
    def elapse(seconds: float) -> None:
        time.sleep(seconds * pace)

    session = new_session()
    post = _travelling(http(session, CONNECT, READ, LARGEST), NETWORK * pace)
    phone = Phone(line, case.phone or "", post=post, strict=False, clock=time.monotonic, elapse=elapse)
    phone.ring()
    for keys in ("1", case.pin, "9"):
        if not isinstance(phone.waiting, GatherWait):
            break  # a person was rung, or the call is over
        elapse(min(phone.waiting.speaking, LISTENS))
        phone.press(keys)
    if phone.state != "over":
        phone.hang_up()
    session.close()
    silences = [turn.silence for turn in phone.turns]
    told = any(" euro" in sound.text for sound in phone.heard)
    return Heard(sum(silences), max(silences), told)


def _travelling(post: Post, seconds: float) -> Post:
    def travelled(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        time.sleep(seconds / 2)
        try:
            return post(url, form, headers)
        finally:
            time.sleep(seconds / 2)

    return travelled


def _summed(heard: Sequence[Heard]) -> CallersHeard:
    told = [one for one in heard if one.told]
    return CallersHeard(
        median([one.silence for one in told] or [0.0]),
        max((one.longest for one in heard), default=0.0),
        len(heard) - len(told),
    )
