"""What the bridge is told besides the call's course: the call's end, and what became of a recording."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal

from bridge.simulators.provider.webhook import Ask, Webhook

Reports = Literal["once", "lost", "twice", "late"]
"""How reports about recordings travel; a late one comes after the call's end was told."""

_TIMES: Mapping[Reports, int] = {"once": 1, "lost": 0, "twice": 2, "late": 0}


class Callbacks:
    """One call's callbacks; what the bridge answers is not looked at, `told` are the forms it was sent."""

    def __init__(self, webhook: Webhook, reports: Reports) -> None:
        """Begin with nothing to tell."""
        self._webhook, self._reports = webhook, reports
        self._soon: list[Ask] = []
        self._late: list[Ask] = []
        self.told: list[dict[str, str]] = []

    def plan(self, report: Ask) -> None:
        """Tell about a recording after the call has gone on, as a provider does once the file exists."""
        self._soon += [report] * _TIMES[self._reports]
        self._late += [report] if self._reports == "late" else []

    def send_planned(self, status: str) -> None:
        """Tell what was planned."""
        self._send(self._soon, status)

    def send_late(self, status: str) -> None:
        """Tell what was to come after everything else."""
        self._send(self._late, status)

    def tell(self, ask: Ask, status: str) -> None:
        """Tell it now."""
        answer = self._webhook.ask(ask, status)
        self.told.append(dict(answer.sent.form or {}))

    def _send(self, planned: list[Ask], status: str) -> None:
        for ask in planned:
            self.tell(ask, status)
        planned.clear()


def end_of_call(url: str, talked: int, now: float) -> Ask:
    """The report of a call's end: `talked` are its seconds, `now` seconds since 1970."""
    result = (
        ("CallDuration", str(talked)),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", "0"),
        ("Timestamp", written(now)),
    )
    return Ask(url, "POST", result)


def written(seconds: float) -> str:
    """A moment, in seconds since 1970, as providers write it."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC))
