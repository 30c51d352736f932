"""Tagor's answers, respelled between its books and the wire."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bridge.simulators.tagor import StandIn
from bridge.simulators.tagor.faults import Fault
from bridge.simulators.tagor.wire import HttpRequest, HttpResponse

Change = Callable[[bytes], bytes]

_MARK = "@@ a value goes here @@"


class Spoiler:
    """Stands at the stand-in's desk: what an operation answers may be changed, byte for byte."""

    def __init__(self, tagor: StandIn) -> None:
        self._desk, self._answer = tagor.handler, tagor.handler.answer
        self._changes: Mapping[str, Change] = {}
        tagor.handler.answer = self._respelled  # type: ignore[method-assign]  # the point

    @contextmanager
    def changing(self, **changes: Change) -> Iterator[None]:
        """Change the answers of these operations, by their last name, as in `GetSaldo`."""
        self._changes = changes
        try:
            yield
        finally:
            self._changes = {}

    def _respelled(self, request: HttpRequest, fault: Fault | None = None) -> HttpResponse:
        reply = self._answer(request, fault)
        change = self._changes.get(self._desk.endpoint(request).rpartition("/")[2])
        return replace(reply, body=change(reply.body)) if change else reply


def holding(**fields: str) -> Change:
    """Put values, given as JSON, in the fields of these names, wherever they stand."""

    def change(body: bytes) -> bytes:
        marked = json.dumps(_marked(json.loads(body), fields))
        for name, token in fields.items():
            marked = marked.replace(json.dumps(_MARK + name), token)
        return marked.encode()

    return change


def _marked(value: Any, fields: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, list):
        return [_marked(inner, fields) for inner in value]
    if not isinstance(value, dict):
        return value
    return {name: _MARK + name if name in fields else _marked(inner, fields) for name, inner in value.items()}
