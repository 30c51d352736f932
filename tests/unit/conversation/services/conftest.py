"""The services of one action, on the real parts of a line."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from conversation_decisions import AtOnce

from bridge.conversation.action_runner import action_context
from bridge.conversation.at_most_once.sender import DecisionSender
from bridge.conversation.services.action_scope import ActionScope
from bridge.flow.actions import Action
from bridge.tagor import Deadline
from voice_flows.services import ActionContext

if TYPE_CHECKING:
    from tests.unit.conversation.conftest import Inside

Acts = Callable[..., ActionContext]


@pytest.fixture
def acts(inside: "Inside") -> Acts:
    """Give the services of another action of the same call; `senders` send what it confirms."""
    nothing = Action("nothing", lambda _: "done", ("done",), (), None, frozenset(), {})

    def act(**changes: Any) -> ActionContext:  # noqa: ANN401 - a scope's parts
        clock, books = inside.clock, inside.books
        senders = changes.pop("senders", None) or AtOnce()
        sender = DecisionSender(books.decisions, clock=clock, senders=senders)
        scope: dict[str, Any] = {
            "office_context": inside.branch,
            "pin_attempts": books.pin_attempts,
            "sender": sender,
            "call_id": "CA1",
            "moves": 1,
            "caller": "+32470000001",
            "file": None,
            "now": clock.now(),
            "deadline": Deadline(clock, 20),
            "patience": Deadline(clock, 2),
        }
        scope |= changes
        branch = scope["office_context"]
        opened = ActionScope(office=branch.office, tagor=branch.tagor, **scope)
        return action_context(opened, nothing, notes={}, language="nl")

    return act
