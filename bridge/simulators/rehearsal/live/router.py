"""Routes webhooks to machines: each goes to any of them, whoever had the call before."""

from collections.abc import Mapping, Sequence
from random import Random
from time import monotonic
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter

from bridge.simulators.provider.wire import Form, NoAnswer, Post, Reply, http, new_session

CONNECT, READ, LARGEST = 5.0, 15.0, 64 * 1024
"""How long a provider waits (seconds), and the largest document it takes (bytes)."""
SUSPECT = 2.0
"""Seconds for which a machine that gave no answer gets nothing, while another one is there."""
CONNECTIONS = 128
"""How many connections are kept open to one machine; each belongs to the worker that accepted it."""


class Router:
    """Sends webhooks to these addresses; one where nobody listens is passed over, as any balancer does.

    A connection that breaks after the webhook went out is not repeated: that is the provider's business. But
    whoever broke one gets nothing for a while (nginx's `max_fails` and `fail_timeout`), unless all have.
    """

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = list(addresses)
        self._broken_at: dict[str, float] = {}
        self._session = new_session()
        self._session.mount("http://", HTTPAdapter(pool_connections=8, pool_maxsize=CONNECTIONS))
        self._http = http(self._session, CONNECT, READ, LARGEST)

    def way(self, rng: Random) -> Post:
        """Return a Post for one call, which chooses machines by this randomness."""

        def post(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
            return self._sent(rng.sample(self._addresses, len(self._addresses)), url, form, headers)

        return post

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def _sent(self, order: list[str], url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        *first, last = sorted(order, key=self._is_suspect)
        for address in first:
            try:
                return self._asked(address, path, form, headers)
            except NoAnswer as failed:
                if failed.trouble != "ct":
                    raise
        return self._asked(last, path, form, headers)

    def _is_suspect(self, address: str) -> bool:
        return monotonic() < self._broken_at.get(address, -SUSPECT) + SUSPECT

    def _asked(self, address: str, path: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        try:
            return self._http(address + path, form, headers)
        except NoAnswer:
            self._broken_at[address] = monotonic()
            raise
