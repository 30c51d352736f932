"""Sends status callbacks: the end of the call, and what became of a recording."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal

from bridge.simulators.provider.webhook import Webhook, WebhookRequest

CallbackDelivery = Literal["once", "lost", "twice", "late"]
"""How reports about recordings travel; a late one comes after the report of the call's end."""

_TIMES: Mapping[CallbackDelivery, int] = {"once": 1, "lost": 0, "twice": 2, "late": 0}


class StatusCallbacks:
    """Sends one call's callbacks and ignores the answers; `told` holds the forms that were sent."""

    def __init__(self, webhook: Webhook, reports: CallbackDelivery) -> None:
        """Begin with nothing to send."""
        self._webhook, self._reports = webhook, reports
        self._soon: list[WebhookRequest] = []
        self._late: list[WebhookRequest] = []
        self.told: list[dict[str, str]] = []

    def plan(self, report: WebhookRequest) -> None:
        """Plan a report of a recording: a provider sends it once the file exists, while the call goes on."""
        self._soon += [report] * _TIMES[self._reports]
        self._late += [report] if self._reports == "late" else []

    def send_planned(self, status: str) -> None:
        """Send what was planned."""
        self._send(self._soon, status)

    def send_late(self, status: str) -> None:
        """Send what comes after everything else."""
        self._send(self._late, status)

    def tell(self, ask: WebhookRequest, status: str) -> None:
        """Send a callback now."""
        answer = self._webhook.ask(ask, status)
        self.told.append(dict(answer.sent.form or {}))

    # The order is nobody's promise: providers say that callbacks may arrive late, twice or not at all.
    def _send(self, planned: list[WebhookRequest], status: str) -> None:
        for ask in planned:
            self.tell(ask, status)
        planned.clear()


def completed_call_request(url: str, talked: int, now: float) -> WebhookRequest:
    """Return the request that reports a call's end, after `talked` seconds, at the timestamp `now`."""
    result = (
        ("CallDuration", str(talked)),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", "0"),
        ("Timestamp", rfc2822_time(now)),
    )
    return WebhookRequest(url, "POST", result)


def rfc2822_time(seconds: float) -> str:
    """Return a timestamp (seconds since 1970) as providers write it."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC))
