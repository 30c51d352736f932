"""The provider at its worst: webhooks come again, several times and late, and connections break."""

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from bridge.carrier.wire import Form, NoAnswer, Reply, http, new_session

CONNECT, READ, LARGEST = 5.0, 15.0, 64 * 1024
"""A provider's patience in seconds, and the largest document it takes in bytes."""


@dataclass(slots=True)
class Repeated:
    """A webhook that was delivered several times: what the first delivery brought, and what the others."""

    first: Reply | None = None
    copies: list[Reply | None] = field(default_factory=list)

    @property
    def bodies(self) -> list[bytes]:
        """What came back, in order, where anything did."""
        return [reply[2] for reply in (self.first, *self.copies) if reply]


class Provider:
    """Posts one call's webhooks over real HTTP (see `wire.Post`).

    The one announced by `expect`, and from then on every one whose connection breaks, is delivered `copies`
    times more, `delay` seconds later; with a delay of 0 the announced one's copies leave together with it.
    What a copy brings leads the call on if the first delivery broke; without copies the connection counts as
    broken only after the delay.
    """

    def __init__(self, copies: int, delay: int) -> None:
        self._copies, self._delay = copies, delay
        self._session = new_session()
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="copy")
        self._pending: list[Future[Reply | None]] = []
        self._announced = self._watching = False
        self.repeated: list[Repeated] = []
        self.broken = 0

    def expect(self) -> None:
        """The next webhook is the confirming one."""
        self._announced = self._watching = True

    def settle(self) -> None:
        """Wait until every copy has been delivered."""
        for copy in self._pending:
            copy.result()

    def close(self) -> None:
        """Deliver what is still to be delivered, and no more."""
        self._threads.shutdown()
        self._session.close()

    def __call__(self, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        """Deliver a webhook; raises NoAnswer when no delivery brought anything."""
        announced, self._announced = self._announced, False
        copies = self._again(url, form, headers) if announced else []
        try:
            first = http(self._session, CONNECT, READ, LARGEST)(url, form, headers)
        except NoAnswer:
            if not self._watching:
                raise
            self.broken += 1
            copies = copies or self._again(url, form, headers)
            answered = next(self._answers(copies), None)
            if answered is None:
                raise
            return answered
        if announced:
            self.repeated[-1].first = first
        return first

    def _again(self, url: str, form: Form | None, headers: Mapping[str, str]) -> list[Future[Reply | None]]:
        repeated = Repeated()
        self.repeated.append(repeated)

        def deliver() -> Reply | None:
            time.sleep(self._delay)
            reply = _delivered(url, form, headers)
            repeated.copies.append(reply)
            return reply

        copies = [self._threads.submit(deliver) for _ in range(self._copies)]
        self._pending += copies
        return copies

    def _answers(self, copies: list[Future[Reply | None]]) -> Iterator[Reply]:
        if not copies:
            time.sleep(self._delay)
        yield from (reply for reply in (copy.result() for copy in copies) if reply)


def _delivered(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply | None:
    with new_session() as session:
        try:
            return http(session, CONNECT, READ, LARGEST)(url, form, headers)
        except NoAnswer:
            return None
