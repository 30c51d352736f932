"""Virtual time: who waits there waits for others on the stage, never for the real clock."""

from functools import partial

from bridge.simulators.rehearsal.world.virtual_time import (
    SimulatedFuture,
    SimulatedProcess,
    SimulatedThreads,
    VirtualTime,
)
from bridge.tagor.http.auth import TokenAuth, TokenResponse
from bridge.tagor.http.deadline import Deadline

SECONDS = 2.5


def test_a_login_that_two_share_takes_virtual_time_only():
    """The second one waits on the stage, where the first one's login goes on, and both get one token."""
    time, logins = VirtualTime(), 0

    def log_in(_deadline: Deadline) -> TokenResponse:
        nonlocal logins
        logins += 1
        time.sleep(SECONDS)
        return TokenResponse("token", 600)

    auth = TokenAuth(log_in, time, partial(SimulatedFuture, time))
    office = SimulatedThreads(time, SimulatedProcess(time))
    shown = [office.submit(auth.header, Deadline(time, 60.0)) for _ in range(2)]
    assert [each.result() for each in shown] == ["Tgr token"] * 2
    assert (logins, time.seconds) == (1, SECONDS)
    time.close()
