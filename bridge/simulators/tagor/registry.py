"""Registers the operations of the simulated Tagor: contract, generation, and the function that answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.simulators.tagor.envelope import Refusal
from bridge.simulators.tagor.tables import Rows, shaped
from bridge.simulators.tagor.wire import Rejected
from bridge.tagor_contract import Endpoint, contract_of

if TYPE_CHECKING:
    from bridge.simulators.tagor.access import Caller
    from bridge.simulators.tagor.envelope import Request
    from bridge.simulators.tagor.tagor import SimulatedTagor

CONTRACT = contract_of("2.00")  # its fields are those of every generation, but for a few

Work = Callable[["SimulatedTagor", "Request", "Caller"], dict[str, object]]
TableWork = Callable[["SimulatedTagor", "Request", "Caller"], Rows]

POST: Mapping[str, str] = {"POST": "1.08"}

# Tagor takes these, but they widen rights or mark the sender as a web site: a phone line must not send them.
NEVER_BY_PHONE = {"OverrideChecks", "IPadres", "user-login"}


@dataclass(frozen=True)
class Route:
    """One operation: what its contract says, and the first generation that has it by each HTTP method."""

    name: str
    work: Work
    endpoint: Endpoint
    methods: Mapping[str, str]

    def answer(self, tagor: "SimulatedTagor", request: "Request", caller: "Caller") -> dict[str, object]:
        """Do what is asked, unless a field is missing that the contract wants; raises Refusal.

        A login says what is wrong in an error of its own kind.
        """
        missing = [name for name in self.endpoint.required if not request.text(name)]
        if missing and not self.endpoint.form:
            raise Refusal(f"{missing[0]} is niet ingevuld.")
        return self.work(tagor, request, caller)

    def unexpected(self, asked: "Request", generation: str) -> list[str]:
        """Return the fields and context keys that no phone line should have sent to this generation."""
        names = set(asked) | set(asked.context)
        contract = contract_of(generation)[self.name]
        return sorted({*_unknown(asked, contract.request)} | (names & NEVER_BY_PHONE))


def _unknown(value: object, kind: object) -> Iterator[str]:
    """Yield the names in a request, also in the rows of its tables, that the contract does not have."""
    if isinstance(value, dict) and isinstance(kind, Mapping):
        yield from set(value) - set(kind)
        for name in set(value) & set(kind):
            yield from _unknown(value[name], kind[name])
    elif isinstance(value, list) and isinstance(kind, list):
        for row in value:
            yield from _unknown(row, kind[0])


OPERATIONS: dict[str, Route] = {}


def operation(name: str, *, methods: Mapping[str, str] = POST) -> Callable[[Work], Work]:
    """Register a function as operation `name`, whose fields and rights the contract states."""

    def register(work: Work) -> Work:
        OPERATIONS[name] = Route(name, work, CONTRACT[name], methods)
        return work

    return register


def table(name: str) -> Callable[[TableWork], TableWork]:
    """Register a function that gives the rows of operation `name`; the contract gives the answer's shape."""

    def register(work: TableWork) -> TableWork:
        def answer(tagor: "SimulatedTagor", request: "Request", caller: "Caller") -> dict[str, object]:
            endpoint = contract_of(tagor.generation)[name]
            return shaped(endpoint, work(tagor, request, caller), bare=tagor.bare)

        OPERATIONS[name] = Route(name, answer, CONTRACT[name], POST)
        return work

    return register


def find(name: str, method: str, generation: str) -> Route:
    """Return the operation of that name; raises Rejected (404, 405) when this generation has none."""
    found = OPERATIONS.get(name)
    # Generations are texts of one length, so that their order as texts is their order in time.
    offered = {verb for verb, since in found.methods.items() if since <= generation} if found else set()
    if found is None or not offered:
        raise Rejected(404, "There is no such operation.")
    if method not in offered:
        raise Rejected(405, "This operation is not asked that way.")
    return found
