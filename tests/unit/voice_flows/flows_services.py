"""An action's context with the services of a test; one that the test does not give fails when asked."""

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from bridge.flow.facts import Note
from voice_flows.services import ActionContext

NONE: Any = None


def answering(
    *,
    notes: Mapping[str, Note],
    caller: str = "+32470000001",
    kinds: Mapping[str, str] | None = None,
    **given: Any,  # noqa: ANN401
) -> ActionContext:
    """Give a context whose services are those given by name: `identification`, `files`, `plans` and so on."""
    services = (
        "identification",
        "files",
        "planned",
        "correspondence",
        "plans",
        "parties",
        "messaging",
        "questionnaires",
        "transfer",
    )
    parts = dict.fromkeys(services, NONE)
    return ActionContext(**parts | given, caller=caller, notes=ChainMap({}, dict(notes)), kinds=kinds or {})
