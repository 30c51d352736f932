"""Every operation Tagor offers: its name, who may ask, its fields, and the function that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.simulators.tagor.wire import Rejected

if TYPE_CHECKING:
    from bridge.simulators.tagor.access import Caller
    from bridge.simulators.tagor.envelope import Request
    from bridge.simulators.tagor.tagor import Tagor

Work = Callable[["Tagor", "Request", "Caller"], dict[str, object]]

OFFICE = ("Tgr",)
DEFENDANT = ("Tgr", "Hash", "Pin")
POST: Mapping[str, str] = {"POST": "1.08"}

# Tagor takes these, but they widen rights or mark the sender as a web site: a phone line must not send them.
NEVER_BY_PHONE = {"OverrideChecks", "IPadres", "user-login"}


@dataclass(frozen=True)
class Operation:
    """One operation: no schemes means open to all; `methods` maps each to its first generation."""

    name: str
    work: Work
    schemes: tuple[str, ...]
    fields: frozenset[str]
    required: tuple[str, ...]
    methods: Mapping[str, str]
    form: bool

    @property
    def dataset(self) -> bool:
        """Whether it speaks the older dialect, which says no by an HTTP error."""
        return any(field.startswith("ds") for field in self.fields)

    def unexpected(self, asked: "Request") -> list[str]:
        """The fields and context keys that no phone line should have sent."""
        names = set(asked) | set(asked.context)
        return sorted((set(asked) - self.fields) | (names & NEVER_BY_PHONE))


OPERATIONS: dict[str, Operation] = {}


def operation(
    name: str,
    *,
    auth: tuple[str, ...] = (),
    fields: str = "dsWebContext",
    methods: Mapping[str, str] = POST,
    form: bool = False,
) -> Callable[[Work], Work]:
    """Register a function as operation `name`; in `fields` a `*` marks the required ones."""

    def register(work: Work) -> Work:
        names = [field.rstrip("*") for field in fields.split()]
        required = tuple(field[:-1] for field in fields.split() if field.endswith("*"))
        OPERATIONS[name] = Operation(name, work, auth, frozenset(names), required, methods, form)
        return work

    return register


def find(name: str, method: str, generation: str) -> Operation:
    """The operation of that name; raises Rejected (404, 405) when this generation has none."""
    found = OPERATIONS.get(name)
    offered = {verb for verb, since in found.methods.items() if since <= generation} if found else set()
    if found is None or not offered:
        raise Rejected(404, "There is no such operation.")
    if method not in offered:
        raise Rejected(405, "This operation is not asked that way.")
    return found
