"""Delivers the webhooks of one call again, several times and late, when a connection breaks."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from bridge.simulators.provider.wire import Form, NoAnswer, Post, Reply

Webhook = tuple[str, tuple[tuple[str, str], ...]]
"""What makes two deliveries the same: address and form."""


class RepeatingProvider:
    """Posts one call's webhooks through `post` (see `wire.Post`).

    The webhook announced by `expect`, and from then on every webhook whose connection breaks, is delivered
    `copies` times more, `delay` seconds later; with a delay of 0 the copies of the announced webhook leave
    together with it. After a break the call goes on when all copies are back, with the first answer; without
    copies the connection counts as broken only after the delay. A phone that has lost its patience by then
    asks once more by itself, or turns to the fallback URL.

    `recover` is called after a break, and returns once somebody can answer again.

    `answers` holds the bodies that came back for each webhook since `expect`, in order; `broken` counts the
    connections that broke.
    """

    def __init__(self, post: Post, copies: int, delay: int, recover: Callable[[], object]) -> None:
        self._post, self._copies, self._delay, self._recover = post, copies, delay, recover
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="copy")
        self._pending: list[Future[Reply | None]] = []
        self._announced = self._watching = False
        self.answers: defaultdict[Webhook, list[bytes]] = defaultdict(list)
        self.broken = 0

    def expect(self) -> None:
        """Expect the confirming webhook next."""
        self._announced = self._watching = True

    def settle(self) -> None:
        """Wait until every copy has been delivered."""
        for copy in self._pending:
            copy.result()

    def close(self) -> None:
        """Deliver what is still planned, and then nothing more."""
        self._threads.shutdown()

    def __call__(self, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        """Deliver a webhook; raises NoAnswer when no delivery brought anything."""
        announced, self._announced = self._announced, False
        copies = self._again(url, form, headers) if announced else []
        try:
            return self._remembered(url, form, self._post(url, form, headers))
        except NoAnswer:
            if not self._watching:
                raise
            self.broken += 1
            self._recover()
            replies = self._answers_of(copies or self._again(url, form, headers))
            if not replies:
                raise
            return replies[0]

    def _again(self, url: str, form: Form | None, headers: Mapping[str, str]) -> list[Future[Reply | None]]:
        def deliver() -> Reply | None:
            time.sleep(self._delay)
            try:
                return self._remembered(url, form, self._post(url, form, headers))
            except NoAnswer:
                return None

        copies = [self._threads.submit(deliver) for _ in range(self._copies)]
        self._pending += copies
        return copies

    def _answers_of(self, copies: list[Future[Reply | None]]) -> list[Reply]:
        if not copies:
            time.sleep(self._delay)
        return [reply for reply in [copy.result() for copy in copies] if reply]

    def _remembered(self, url: str, form: Form | None, reply: Reply) -> Reply:
        if self._watching:
            self.answers[url, tuple(form or ())].append(reply[2])
        return reply
