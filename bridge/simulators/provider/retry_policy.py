"""Defines how long a provider waits for the bridge, and how often it tries again."""

import re
from dataclasses import dataclass, replace

from bridge.simulators.provider.errors import DocumentRefused

RETRY_REASONS = ("4xx", "5xx", "ct", "rt")
_WHOLE = re.compile(r"[0-9]{1,5}")
# These choose a server or the place that requests leave from; a simulator has one place only.
_ELSEWHERE = {"sni": re.compile(r"[yn]"), "e": re.compile(r"[a-z-]+(,[a-z-]+)*")}


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Holds the seconds to connect, to the first byte and for all attempts; how many retries, and why.

    `retry_on` holds `ct` (no connection), `rt` (too slow), `4xx`, `5xx`. The defaults are Twilio's
    (twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
    """

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})


def apply_overrides(retry_policy: RetryPolicy, fragment: str) -> RetryPolicy:
    """Apply connection overrides such as `ct=2000&rt=5000&rp=ct,5xx`, as Twilio reads them from a URL.

    Raises DocumentRefused (11243 for `rp`, 11200 for the others) on an unknown name or a value out of range.
    """
    for part in filter(None, fragment.split("&")):
        name, _, value = part.partition("=")
        retry_policy = _override(retry_policy, name, value)
    return retry_policy


def _override(retry_policy: RetryPolicy, name: str, value: str) -> RetryPolicy:
    match name:
        case "ct":
            return replace(retry_policy, connect=_seconds(name, value, 10_000))
        case "rt":
            return replace(retry_policy, read=_seconds(name, value, 15_000))
        case "tt":
            return replace(retry_policy, total=_seconds(name, value, 15_000))
        case "rc" if value in {"0", "1", "2", "3", "4", "5"}:
            return replace(retry_policy, retries=int(value))
        case "rp":
            return replace(retry_policy, retry_on=_retry_on(value))
        case "sni" | "e" if _ELSEWHERE[name].fullmatch(value):
            return retry_policy
    raise DocumentRefused(11200, f"the connection override {name}= is unknown or its value is out of range")


def _seconds(name: str, value: str, most: int) -> float:
    if not (_WHOLE.fullmatch(value) and 100 <= int(value) <= most):  # noqa: PLR2004 - the provider's own floor
        raise DocumentRefused(11200, f"the connection override {name}= must be 100 to {most} milliseconds")
    return int(value) / 1000


def _retry_on(value: str) -> frozenset[str]:
    kinds = frozenset(value.split(","))
    if not kinds <= {*RETRY_REASONS, "all"}:
        raise DocumentRefused(11243, "the connection override rp= takes a list of 4xx, 5xx, ct, rt, all")
    return frozenset(RETRY_REASONS) if "all" in kinds else kinds
