"""Holds the planted faults: which one meets which operation, for how many requests."""

import threading
from dataclasses import asdict, dataclass, field, fields
from http import HTTPStatus
from typing import Any

EVERYWHERE = "*"
EFFECTS = ("done", "none", "later")

# What becomes of the effect unless the fault says otherwise: a request that is not heard, or is answered with
# an error, has none; a reply that is late, lost or spoiled comes after it.
DEFAULT_EFFECT = {
    "delay": "done",
    "drip_headers": "done",
    "drip_body": "done",
    "refuse": "none",
    "reset_before": "none",
    "reset_after": "done",
    "no_reply": "done",
    "status": "none",
    "redirect": "none",
    "empty": "done",
    "html": "done",
    "truncated": "done",
    "wrong_type": "done",
    "null_fields": "done",
    "nan": "done",
    "replace_fields": "done",
    "rows_unwrapped": "done",
    "names_in_lower_case": "done",
    "gzip": "done",
    "success_false": "none",
    "success_absent": "done",
    "huge": "done",
    "gzip_bomb": "done",
}

# These leave the client without any reply.
UNANSWERED = {"refuse", "reset_before", "reset_after", "no_reply"}

KINDS: dict[str, tuple[type, ...]] = {
    "times": (int, type(None)),
    "skip": (int,),
    "later": (int, float),
    "seconds": (int, float),
    "status": (int,),
    "retry_after": (int, type(None)),
    "megabytes": (int,),
    "names": (list,),
    "value": (str,),
}


@dataclass
class Fault:
    """One planted trouble.

    `times` requests meet it (None: until cleared) after `skip` were spared. `effect` is `done`, `none` or
    `later`: kept only `later` seconds after the request. `seconds` is the delay, the pause between dripped
    bytes, or how long no reply holds the line. `status`, `body` (json or html), `retry_after`, `location`,
    `value`, `megabytes` and `names` belong to single faults: `names` are the reply's fields to spoil (empty
    means all but Success and Error), `value` is the JSON text that `nan` and `replace_fields` put into them,
    or "absent". Raises ValueError with a sentence for anything that makes no sense.
    """

    endpoint: str
    fault: str
    times: int | None = None
    skip: int = 0
    effect: str = ""
    later: float = 20.0
    seconds: float = 1.0
    status: int = 503
    body: str = "json"
    retry_after: int | None = None
    location: str = ""
    value: str = "NaN"
    megabytes: int = 0
    names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.fault not in DEFAULT_EFFECT:
            raise ValueError(f"'{self.fault}' is no fault: use {', '.join(DEFAULT_EFFECT)}.")
        self.effect = self.effect or DEFAULT_EFFECT[self.fault]
        if self.effect not in EFFECTS:
            raise ValueError(f"'{self.effect}' is no effect: use {', '.join(EFFECTS)}.")
        for name, kinds in KINDS.items():
            if not isinstance(getattr(self, name), kinds) or isinstance(getattr(self, name), bool):
                raise ValueError(f"The fault's option '{name}' has a value of the wrong kind.")  # noqa: TRY004 - read from JSON
        if self.status not in set(HTTPStatus):
            raise ValueError(f"{self.status} is no HTTP status.")


class FaultBook:
    """The planted faults, oldest first; each request meets the first one that fits it."""

    def __init__(self, endpoints: frozenset[str]) -> None:
        self._endpoints = endpoints | {EVERYWHERE}
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def plant(self, wanted: dict[str, Any]) -> Fault:
        """Plant a fault from its JSON form; raises ValueError with a sentence when it is none."""
        unknown = set(wanted) - {option.name for option in fields(Fault)}
        if unknown:
            raise ValueError(f"A fault has no option '{min(unknown)}'.")
        if not {"endpoint", "fault"} <= set(wanted):
            raise ValueError("A fault needs an endpoint and the fault's name.")
        if wanted["endpoint"] not in self._endpoints:
            raise ValueError(f"'{wanted['endpoint']}' is no operation of this stand-in; * stands for all.")
        fault = Fault(**wanted)
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, endpoint: str) -> Fault | None:
        """Return the fault this request meets, counted down."""
        # Without the lock, because nearly every request meets no fault and all of them come by here.
        if not self._faults:
            return None
        with self._lock:
            for fault in self._faults:
                if fault.endpoint in (endpoint, EVERYWHERE):
                    return self._count_down(fault)
        return None

    def _count_down(self, fault: Fault) -> Fault | None:
        if fault.skip:
            fault.skip -= 1
            return None
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
        return fault

    def planted(self) -> list[dict[str, Any]]:
        """Return the faults still waiting."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def clear(self) -> None:
        """Take every fault away."""
        with self._lock:
            self._faults.clear()
