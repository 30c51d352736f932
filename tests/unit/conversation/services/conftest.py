"""The services of one action, on the real parts of a line."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from conversation_decisions import AtOnce

from bridge.conversation.decisions.sender import DecisionSender
from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.composition import compose_services
from bridge.tagor import Deadline
from voice_flows.services import Services

if TYPE_CHECKING:
    from tests.unit.conversation.conftest import Inside

Acts = Callable[..., Services]


@pytest.fixture
def acts(inside: "Inside") -> Acts:
    """Give the services of another action of the same call; `senders` send what it confirms."""

    def act(**changes: Any) -> Services:  # noqa: ANN401 - a scope's parts
        clock, books = inside.clock, inside.books
        senders = changes.pop("senders", None) or AtOnce()
        sender = DecisionSender(books.decisions, clock=clock, senders=senders)
        scope: dict[str, Any] = {
            "office_context": inside.branch,
            "pin_attempts": books.pin_attempts,
            "sender": sender,
            "confirmation": "CA1 1",
            "caller": "+32470000001",
            "file": None,
            "now": clock.now(),
            "deadline": Deadline(clock, 20),
        }
        return compose_services(ActionScope(**scope | changes))

    return act
