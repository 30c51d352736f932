"""Holds the calls of all browsers, and what a visitor may do to the demo's Tagor and its workers."""

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from bridge.simulators.browser_phone.call import BrowserCall, Event
from bridge.simulators.provider.account import TWILIO, PhoneLine, Profile
from bridge.simulators.provider.wire import NoAnswer, http, new_session
from bridge.simulators.server_log import TurnLine
from bridge.simulators.tagor import StandIn, cases

AT_A_TIME = 20
"""How many calls browsers may have at once; each has a thread."""
_KEPT = 50
_LARGEST_SOUND = 2_000_000

TROUBLES: dict[str, dict[str, Any] | None] = {
    "none": None,
    "slow": {"fault": "delay", "seconds": 4.0},
    "down": {"fault": "refuse"},
    "odd": {"fault": "html"},
}
"""What can be wrong with Tagor, by name: it answers late, not at all, or with the page of a proxy."""


class TooManyCalls(RuntimeError):
    """As many calls as browsers may have are under way already."""


class BrowserCalls:
    """Makes calls for browsers and keeps them until they were seen to end; any thread may use it.

    Args:
        line: the number that is phoned.
        tagor: the stand-in that the line asks.
        kill_worker: kills one process of the server, and tells whether it could.
        profile: the provider that carries the calls.
        log_name: tells by which name a call (id) stands in the server's log.
    """

    def __init__(
        self,
        line: PhoneLine,
        tagor: StandIn,
        kill_worker: Callable[[], bool],
        *,
        profile: Profile = TWILIO,
        log_name: Callable[[str], str] = str,
    ) -> None:
        self._profile, self._log_name = profile, log_name
        self._line, self._tagor, self._kill_worker = line, tagor, kill_worker
        self._lock = threading.Lock()
        self._calls: dict[str, BrowserCall] = {}
        self.trouble = "none"

    def people(self) -> list[dict[str, str]]:
        """Return whom a caller can be: name, phone ("" when withheld), language, pin, file and a note."""
        names = ("name", "phone", "language", "pin", "file", "note")
        return [{name: str(case[name] or "") for name in names} for case in cases()]

    def call(self, number: str) -> str:
        """Phone the line with this caller's number ("" when withheld), and return the call's id.

        Raises:
            TooManyCalls: as many are under way as may be.
        """
        call = BrowserCall(self._line, number, profile=self._profile)
        with self._lock:
            if sum(not other.is_over for other in self._calls.values()) >= AT_A_TIME:
                raise TooManyCalls
            self._calls[call.call_id] = call
            for old in [key for key, one in self._calls.items() if one.is_over][:-_KEPT]:
                del self._calls[old]
        call.begin()
        return call.call_id

    def act(self, call: str, what: str) -> None:
        """Do one thing in a call, in the words of a script; raises KeyError, ValueError."""
        self._calls[call].act(what)

    def listened(self, call: str, seq: int) -> None:
        """Note that the page has played everything up to event `seq`; raises KeyError."""
        self._calls[call].listened(seq)

    def speaking(self, call: str) -> None:
        """Note that the caller is saying something; raises KeyError."""
        self._calls[call].speaking()

    def events(self, call: str, since: int, wait: float) -> list[Event]:
        """Return what happened in a call since event `since` (see `BrowserCall`); raises KeyError."""
        return self._calls[call].events(since, wait)

    def sound(self, call: str, seq: int) -> bytes | None:
        """Return the WAV file that event `seq` plays, None when there is none; raises KeyError."""
        left = self._calls[call].message(seq)
        if left is not None:
            return left
        address = self._calls[call].sound(seq)
        if address is None:
            return None
        address = urljoin(self._line.voice_url, address)
        with new_session() as session:
            try:
                status, _, sound = http(session, 2.0, 5.0, _LARGEST_SOUND)(address, None, {})
            except NoAnswer:
                return None
        return sound if status == 200 else None  # noqa: PLR2004 - OK

    def asked(self, since: int) -> list[dict[str, object]]:
        """Return what Tagor was asked after entry `since`: seq, operation, seconds, status, fault."""
        names = ("seq", "operation", "seconds", "status", "fault")
        return [{name: entry[name] for name in names} for entry in self._tagor.journal(since)]

    def make_trouble(self, name: str) -> None:
        """Let Tagor behave as `TROUBLES` names it; raises KeyError."""
        fault = TROUBLES[name]
        self._tagor.clear_faults()
        if fault is not None:
            self._tagor.fault("*", **fault)
        self.trouble = name

    def kill_worker(self) -> bool:
        """Kill one process of the server; return whether there was one that could be found."""
        return self._kill_worker()

    def note_turn(self, turn: TurnLine) -> None:
        """Tell the page of this turn's call, if a browser made it, which step the line is at."""
        calls = self._calls.copy()
        call = next((call for key, call in calls.items() if self._log_name(key) == turn.call), None)
        if call is not None:
            call.note_turn(
                place=turn.place, language=turn.language, heard=turn.kind, milliseconds=turn.milliseconds
            )
