"""What the bridge is told besides the call's course: the call's end, and what became of a recording."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal

from bridge.simulators.provider.webhook import Webhook, WebhookRequest

CallbackDelivery = Literal["once", "lost", "twice", "late"]
"""How reports about recordings travel; a late one comes after the call's end was told."""

_TIMES: Mapping[CallbackDelivery, int] = {"once": 1, "lost": 0, "twice": 2, "late": 0}


class StatusCallbacks:
    """One call's callbacks; what the bridge answers is not looked at, `told` are the forms it was sent."""

    def __init__(self, webhook: Webhook, reports: CallbackDelivery) -> None:
        """Begin with nothing to tell."""
        self._webhook, self._reports = webhook, reports
        self._soon: list[WebhookRequest] = []
        self._late: list[WebhookRequest] = []
        self.told: list[dict[str, str]] = []

    def plan(self, report: WebhookRequest) -> None:
        """Tell about a recording after the call has gone on, as a provider does once the file exists."""
        self._soon += [report] * _TIMES[self._reports]
        self._late += [report] if self._reports == "late" else []

    def send_planned(self, status: str) -> None:
        """Tell what was planned."""
        self._send(self._soon, status)

    def send_late(self, status: str) -> None:
        """Tell what was to come after everything else."""
        self._send(self._late, status)

    def tell(self, ask: WebhookRequest, status: str) -> None:
        """Tell it now."""
        answer = self._webhook.ask(ask, status)
        self.told.append(dict(answer.sent.form or {}))

    def _send(self, planned: list[WebhookRequest], status: str) -> None:
        for ask in planned:
            self.tell(ask, status)
        planned.clear()


def completed_call_request(url: str, talked: int, now: float) -> WebhookRequest:
    """The report of a call's end: `talked` are its seconds, `now` seconds since 1970."""
    result = (
        ("CallDuration", str(talked)),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", "0"),
        ("Timestamp", rfc2822_time(now)),
    )
    return WebhookRequest(url, "POST", result)


def rfc2822_time(seconds: float) -> str:
    """A moment, in seconds since 1970, as providers write it."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC))
