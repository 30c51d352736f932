"""Every operation the simulated Tagor offers: its contract, its generation, and the function that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.simulators.tagor.contract import CONTRACT, Endpoint
from bridge.simulators.tagor.wire import Rejected

if TYPE_CHECKING:
    from bridge.simulators.tagor.access import Caller
    from bridge.simulators.tagor.envelope import Request
    from bridge.simulators.tagor.tagor import Tagor

Work = Callable[["Tagor", "Request", "Caller"], dict[str, object]]

POST: Mapping[str, str] = {"POST": "1.08"}

# Tagor takes these, but they widen rights or mark the sender as a web site: a phone line must not send them.
NEVER_BY_PHONE = {"OverrideChecks", "IPadres", "user-login"}


@dataclass(frozen=True)
class Operation:
    """One operation: what its contract says, and the first generation that has it by each HTTP method."""

    name: str
    work: Work
    endpoint: Endpoint
    methods: Mapping[str, str]

    @property
    def dataset(self) -> bool:
        """Whether it speaks the older dialect, which says no by an HTTP error."""
        return any(field.startswith("ds") for field in self.endpoint.request)

    def unexpected(self, asked: "Request") -> list[str]:
        """Return the fields and context keys that no phone line should have sent."""
        names = set(asked) | set(asked.context)
        return sorted((set(asked) - set(self.endpoint.request)) | (names & NEVER_BY_PHONE))


OPERATIONS: dict[str, Operation] = {}


def operation(name: str, *, methods: Mapping[str, str] = POST) -> Callable[[Work], Work]:
    """Register a function as operation `name`, whose fields and rights the contract states."""

    def register(work: Work) -> Work:
        OPERATIONS[name] = Operation(name, work, CONTRACT[name], methods)
        return work

    return register


def find(name: str, method: str, generation: str) -> Operation:
    """Return the operation of that name; raises Rejected (404, 405) when this generation has none."""
    found = OPERATIONS.get(name)
    offered = {verb for verb, since in found.methods.items() if since <= generation} if found else set()
    if found is None or not offered:
        raise Rejected(404, "There is no such operation.")
    if method not in offered:
        raise Rejected(405, "This operation is not asked that way.")
    return found
