"""The way to Tagor without sockets: every trouble is told to the bridge as a real connection tells it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal

import pytest

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.simulators.rehearsal.world.in_process_transport import InProcessAdapter, InProcessTransport
from bridge.simulators.rehearsal.world.virtual_time import VirtualTime
from bridge.simulators.tagor import StandIn
from bridge.simulators.tagor.faults import DEFAULT_EFFECT
from bridge.tagor import Adapters, ApiKey, Deadline, Tagor, TagorError

FILE, PARTY = "9000000000000000001", "9000000000000001001"
ENDLESS = ("delay", "no_reply", "drip_headers", "drip_body")
"""Troubles that would last longer than anybody waits."""
TROUBLES = {
    **{fault: {} for fault in DEFAULT_EFFECT},
    **{fault: {"seconds": 30.0} for fault in ENDLESS},
    "huge": {"megabytes": 2},
    "gzip_bomb": {"megabytes": 2},
    "redirect": {"location": "http://127.0.0.1:9/elsewhere"},
}


class Nobody:
    """Watches nothing."""

    def request_arrives(self, operation: str) -> None: ...

    def request_handled(self, asked: bytes = b"", answered: bytes = b"") -> None: ...


def outcome(
    tagor: StandIn, clock: Clock, patience: float = 10.0, adapters: Adapters | None = None
) -> tuple[object, ...]:
    """What a client of this Tagor is told when it reads and when it writes, and what came of it."""
    client = Tagor(tagor.url, ApiKey(tagor.key), allow_http=True, adapters=adapters)
    asked: list[Callable[[Deadline], object]] = [
        lambda by: client.files.balance(FILE, deadline=by),
        lambda by: client.plans.save(FILE, PARTY, monthly=Decimal(100), deadline=by),
    ]
    told: list[object] = []
    with closing(client):
        for ask in asked:
            try:
                told.append(ask(Deadline(clock, patience)))
            except TagorError as error:
                told.append((type(error).__name__, error.sent))
    return (*told, len(tagor.records.plans("20230118")), [entry["fault"] for entry in tagor.journal()])


def through(transport: InProcessTransport, patience: float = 10.0) -> tuple[object, ...]:
    """The same, reached in this process."""
    return outcome(transport.tagor, transport.time, patience, lambda *_: InProcessAdapter(transport))


@pytest.fixture
def unsocketed() -> Iterator[InProcessTransport]:
    """A Tagor that is only ever reached in this process."""
    with closing(StandIn(port=9)) as standin:
        transport = InProcessTransport(VirtualTime(), standin)
        transport.observer = Nobody()
        yield transport


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_is_told_as_over_a_socket(trouble: str, unsocketed: InProcessTransport):
    """The same error, the same word on whether anything was sent, the same effect."""
    patience = 0.3 if trouble in ENDLESS else 10.0
    unsocketed.tagor.fault("*", trouble, **TROUBLES[trouble])
    simulated = through(unsocketed, patience)
    with StandIn() as real:
        real.fault("*", trouble, **TROUBLES[trouble])
        assert simulated == outcome(real, SYSTEM_CLOCK, patience)


def test_a_tagor_that_is_away_is_told_as_over_a_socket(unsocketed: InProcessTransport):
    """Nothing was sent."""
    unsocketed.down = True
    simulated = through(unsocketed)
    with StandIn() as real:
        real.stop()
        assert simulated == outcome(real, SYSTEM_CLOCK) == (*[("TagorUnreachable", False)] * 2, 0, [])
