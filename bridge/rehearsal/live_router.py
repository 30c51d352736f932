"""What stands before the machines: a webhook goes to any of them, whoever had the call before."""

from collections.abc import Mapping, Sequence
from random import Random
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter

from bridge.carrier.wire import Form, NoAnswer, Post, Reply, http, new_session

CONNECT, READ, LARGEST = 5.0, 15.0, 64 * 1024
"""A provider's patience in seconds, and the largest document it takes in bytes."""
CONNECTIONS = 128
"""The most that are kept open to one machine; each belongs to whichever worker took it first."""


class Router:
    """Sends webhooks to these addresses; one where nobody listens is passed over, as any balancer does.

    A connection that breaks after the webhook went out is not repeated: that is the provider's business.
    """

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = list(addresses)
        self._session = new_session()
        self._session.mount("http://", HTTPAdapter(pool_connections=8, pool_maxsize=CONNECTIONS))
        self._http = http(self._session, CONNECT, READ, LARGEST)

    def way(self, rng: Random) -> Post:
        """A way for one call, which chooses by this randomness (see `wire.Post`)."""

        def post(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
            return self._sent(rng.sample(self._addresses, len(self._addresses)), url, form, headers)

        return post

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def _sent(self, order: list[str], url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        *first, last = order
        for address in first:
            try:
                return self._http(address + path, form, headers)
            except NoAnswer as failed:
                if failed.trouble != "ct":
                    raise
        return self._http(last + path, form, headers)
