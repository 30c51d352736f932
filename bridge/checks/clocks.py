"""Compares this machine's clock with those of the servers that the line works with, by their Date header."""

import http.client
import ssl
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from bridge.clock import SYSTEM_CLOCK

SECONDS = 5.0
"""How long a server may take to answer."""

TOLERANCE = 30.0
"""Seconds that two clocks may differ; a provider's signature is good for five minutes at most."""


def server_time(address: str, ca_file: str | None = None) -> datetime | None:
    """Ask a server what time it is, whatever else it answers; None when it does not say.

    `ca_file` holds the only authority to trust; None trusts the public ones.
    """
    parts = urlsplit(address)
    way: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=ca_file)
        way = http.client.HTTPSConnection(str(parts.hostname), parts.port, timeout=SECONDS, context=context)
    else:
        way = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=SECONDS)
    try:
        with closing(way) as connection:
            connection.request("GET", parts.path or "/")
            told = connection.getresponse().headers.get("Date", "")
        moment = parsedate_to_datetime(told)
    except (OSError, http.client.HTTPException, ValueError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def mistakes(whose: str, address: str, ca_file: str | None = None) -> list[str]:
    """Return one sentence if a server's clock and this machine's differ; none where that cannot be told.

    `whose` names the server in it; the other arguments are those of `server_time`.
    """
    there = server_time(address, ca_file)
    off = abs((SYSTEM_CLOCK.now() - there).total_seconds()) if there else 0.0
    if off <= TOLERANCE:
        return []
    sentence = (
        f"The clocks of {whose} and of this machine differ by {off:.0f} seconds: let both be set by NTP, for "
        "signatures, office hours and deadlines count by them."
    )
    return [sentence]
