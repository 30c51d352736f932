"""Scrapes a running line's `/metrics`, and reads how each office's Tagor answers it.

The console is a process beside the line. The folder in which the line's processes count together is theirs,
on their machine only, and goes when they end; so this asks as Prometheus does, with the same token.
"""

import http.client
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlsplit

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from bridge.clock import SYSTEM_CLOCK, Clock

SECONDS = 2.0
"""How long a server of the line may be silent before it counts as away."""
KEPT_SECONDS = 5.0
"""So long what was read is given again: a page that many look at costs the line one answer."""
OTHER = "other"
"""The subject of operations of which none is known."""

_LARGEST = 8_000_000
_EVERYTHING = "all"
"""How the circuit breaker of the way to Tagor is called, which no operation is."""
# Whoever listens there may be another server, of whose page the parser makes what it can.
_UNREADABLE = (OSError, http.client.HTTPException, ValueError, LookupError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class TagorAnswers:
    """How Tagor answered an office's questions about one subject since the line was started.

    Attributes:
        questions: how many were asked.
        failed: how many got no answer that could be used.
        refused: to how many Tagor said no.
        half: within how many seconds, at most, half of them were over; None for more than is told apart.
        most: the same for 99 of 100.
        left_alone: whether a circuit breaker is open for one of the operations.
    """

    questions: int
    failed: int
    refused: int
    half: float | None
    most: float | None
    left_alone: bool


@dataclass(frozen=True, slots=True)
class OfficeTagor:
    """How an office's Tagor answers, by subject; `left_alone` while nothing at all is asked of it."""

    left_alone: bool
    answers: Mapping[str, TagorAnswers]


@dataclass(slots=True)
class _Counted:
    """What is counted of one subject: questions by outcome, and how many were over within so many seconds."""

    outcomes: Counter[str] = field(default_factory=Counter)
    within: Counter[float] = field(default_factory=Counter)
    left_alone: bool = False


class LineMetrics:
    """Asks the servers of a line; any thread may use it.

    Args:
        servers: the address of each, such as http://127.0.0.1:8000; what they count is added up.
        token: what opens `/metrics`.
        subjects: what each operation of Tagor is about, by its path.
        clock: seconds that only go up.
    """

    def __init__(
        self,
        servers: Sequence[str],
        token: str,
        subjects: Mapping[str, str],
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._servers, self._token, self._subjects, self._clock = servers, token, subjects, clock
        self._lock, self._until = Lock(), -math.inf
        self._read: Mapping[str, OfficeTagor] | None = None

    def tagor(self) -> Mapping[str, OfficeTagor] | None:
        """Tell by office how Tagor answers; None when a server of the line cannot be read."""
        with self._lock:
            if self._clock.monotonic() >= self._until:
                try:
                    shown = [sample for one in self._servers for sample in _scrape(one, self._token)]
                    self._read = _by_office(shown, self._subjects)
                except _UNREADABLE:
                    self._read = None
                self._until = self._clock.monotonic() + KEPT_SECONDS
            return self._read


def _scrape(server: str, token: str) -> Iterator[Sample]:
    """Ask one server what it counts; a redirect is not followed, for it would carry the token elsewhere."""
    url = urlsplit(server)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    headers = {"Authorization": f"Bearer {token}", "Connection": "close"}
    with closing(kind(url.hostname or "", url.port, timeout=SECONDS)) as connection:
        connection.request("GET", f"{url.path.rstrip('/')}/metrics", headers=headers)
        answer = connection.getresponse()
        text = answer.read(_LARGEST).decode()
    # Every line shows its turns from the beginning: a page without them is another server's, and no zero.
    if answer.status != http.HTTPStatus.OK or "bridge_turns" not in text:
        raise http.client.HTTPException
    for family in text_string_to_metric_families(text):
        yield from family.samples


def _by_office(samples: Iterable[Sample], subjects: Mapping[str, str]) -> dict[str, OfficeTagor]:
    """Add up what all servers showed: buckets may be added, for all of them have the same bounds."""
    counted: dict[str, dict[str, _Counted]] = defaultdict(lambda: defaultdict(_Counted))
    all_alone = set[str]()
    for name, labels, value, *_ in samples:
        if not name.startswith("bridge_tagor_"):
            continue
        office, operation = labels["office"], labels["operation"]
        if operation == _EVERYTHING:
            all_alone |= {office} if value else set()
            continue
        about = counted[office][subjects.get(operation, OTHER)]
        if name == "bridge_tagor_breaker_open":
            about.left_alone |= bool(value)
        elif name == "bridge_tagor_seconds_count":
            about.outcomes[labels["outcome"]] += int(value)
        elif name == "bridge_tagor_seconds_bucket":
            about.within[float(labels["le"])] += int(value)
    return {
        office: OfficeTagor(
            office in all_alone,
            {subject: _told(about) for subject, about in sorted(found.items()) if about.outcomes.total()},
        )
        for office, found in counted.items()
    }


def _told(about: _Counted) -> TagorAnswers:
    questions, refused = about.outcomes.total(), about.outcomes["TagorRefused"]
    return TagorAnswers(
        questions,
        questions - refused - about.outcomes["answered"],
        refused,
        _within(about.within, questions / 2),
        _within(about.within, questions * 99 / 100),
        about.left_alone,
    )


def _within(within: Mapping[float, int], questions: float) -> float | None:
    """Give the first bound within which so many questions were over, None for the one without end."""
    bound = min((bound for bound, number in within.items() if number >= questions), default=math.inf)
    return None if bound == math.inf else bound
