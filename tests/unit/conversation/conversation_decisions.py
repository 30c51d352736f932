"""What tests of decisions share: a command, where decisions are, and senders that wait for a word."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.at_most_once.sender import DecisionSender
from bridge.store.decision import Decision, DecisionState

if TYPE_CHECKING:
    from tests.unit.conversation.conftest import Inside

FILE, PARTY = "9000000000000000001", "9000000000000001001"
COMMAND = WriteCommand("plan", FILE, PARTY, months=6, expected=Decimal("205.76"), start=date(2026, 4, 1))
SAVE = "TagorService/SavePaymentPlan"
MOMENT = datetime(2026, 3, 4, 10, tzinfo=UTC)

Makes = Callable[..., DecisionSender]


class Kept(Executor):
    """Keeps what is to be sent until a test sends it."""

    def __init__(self) -> None:
        self.work: list[Callable[[], object]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ANN401
        """Remember it."""
        self.work.append(lambda: fn(*args, **kwargs))
        return Future()

    def send(self) -> None:
        """Do all of it, once."""
        while self.work:
            self.work.pop(0)()


class AtOnce(Kept):
    """Sends while the caller waits."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ANN401
        """Do it now."""
        super().submit(fn, *args, **kwargs)
        self.send()
        return Future()


def states(inside: "Inside") -> list[DecisionState]:
    return [entry.state for entry in inside.books.decisions.report(inside.clock.now())] or [
        entry.state for entry in inside.books.decisions.report(MOMENT.replace(year=2000))
    ]


def decision(state: DecisionState, **changes: object) -> Decision:
    parts: dict[str, Any] = {"office": "demo", "kind": "plan", "opened_at": MOMENT, "sent_at": MOMENT}
    parts |= {"settled_at": None, "id": "1", "checks": 0, "claim": None, "payload": None, "result": None}
    return Decision(state=state, **parts | changes)
