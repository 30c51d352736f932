"""Answers a request: checks who asks, has the operation done once, and journals all of it."""

import time
from dataclasses import replace

from bridge.simulators.tagor.access import NOBODY, Caller, identify
from bridge.simulators.tagor.corrupted_replies import SPOILED
from bridge.simulators.tagor.delayed_effects import DelayedEffects
from bridge.simulators.tagor.envelope import Refusal, Request, unwrap, unwrap_form
from bridge.simulators.tagor.faults import UNANSWERED, Fault
from bridge.simulators.tagor.journal import Entry, Journal, without_secrets
from bridge.simulators.tagor.operations import find
from bridge.simulators.tagor.registry import Route
from bridge.simulators.tagor.tables import fitting, paged
from bridge.simulators.tagor.tagor import OWN_LOGIN, SimulatedTagor
from bridge.simulators.tagor.wire import HttpRequest, HttpResponse, Rejected


class RequestHandler:
    """Answers requests for one Tagor under a base path such as `/v1/web`; knows nothing of sockets."""

    def __init__(self, tagor: SimulatedTagor, base: str) -> None:
        self.journal = Journal()
        self.delayed_effects = DelayedEffects()
        self._tagor = tagor
        self._base = base.rstrip("/") + "/"

    def endpoint(self, request: HttpRequest) -> str:
        """Return the operation a path names; a path outside the base names none and stands for itself."""
        return request.path.removeprefix(self._base)

    def answer(self, request: HttpRequest, fault: Fault | None = None) -> HttpResponse:
        """Do what is asked, spoil the reply as the fault wants, and journal it.

        The effect is kept at once, never, or later, as the fault says; without a fault at once.
        """
        entry = self._entry(self.endpoint(request), fault.fault if fault else None)
        begun = time.perf_counter()
        effect = fault.effect if fault else "done"
        try:
            reply = self._perform(request, entry, keep=effect == "done")
            if fault and effect == "later":
                self.delayed_effects.plan(fault.later, lambda: self._catch_up(request))
        except Rejected as rejected:
            reply = rejected.reply(as_json=request.wants_json)
        if fault and fault.fault in SPOILED:
            reply = SPOILED[fault.fault](reply, fault)
        entry.status = None if entry.fault in UNANSWERED else reply.status
        entry.seconds = (
            time.perf_counter() - begun + (fault.seconds if fault and fault.fault == "delay" else 0.0)
        )
        self.journal.add(entry)
        return reply

    def unheard(self, operation: str, fault: Fault) -> None:
        """Journal a request that was turned away before it was read."""
        self.journal.add(self._entry(operation, fault.fault))

    def _entry(self, operation: str, fault: str | None) -> Entry:
        return Entry(operation, self._tagor.clock().isoformat(), fault=fault)

    def _perform(self, request: HttpRequest, entry: Entry, *, keep: bool) -> HttpResponse:
        operation = find(entry.operation, request.method, self._tagor.generation)
        with self._tagor.database.transaction(keep=keep) as effects:
            caller = self._caller(request, operation)
            asked = _read(request, operation)
            entry.scheme = caller.scheme
            entry.fields = without_secrets(asked)
            entry.unexpected = operation.unexpected(asked, self._tagor.generation)
            caller.confine(asked)
            if caller.scheme == "Tgr":
                user_id = self._tagor.permissions.acting_user(operation.name, asked, OWN_LOGIN)
                caller = replace(caller, user_id=user_id)
            response = fitting(operation.name, self._tagor.generation, self._work(operation, asked, caller))
            entry.effect = list(effects) if keep else []
        return HttpResponse.of({"response": response})

    def _caller(self, request: HttpRequest, operation: Route) -> Caller:
        header = request.headers.get("authorization", "")
        if operation.endpoint.schemes:
            return identify(self._tagor, header, operation.endpoint.schemes)
        # Anybody may ask these operations, but some tell more to a caller whose credential is known.
        try:
            return identify(self._tagor, header, ("Tgr",))
        except Rejected:
            return NOBODY

    def _work(self, operation: Route, asked: Request, caller: Caller) -> dict[str, object]:
        try:
            return paged(asked, operation.endpoint, operation.answer(self._tagor, asked, caller))
        except Refusal as refusal:
            if "Success" not in operation.endpoint.response:
                raise Rejected(400, str(refusal)) from None
            return {"Success": False, "Error": str(refusal)}

    def _catch_up(self, request: HttpRequest) -> None:
        entry = self._entry(self.endpoint(request), "late effect")
        try:
            self._perform(request, entry, keep=True)
        except Rejected as rejected:  # what was allowed when it was asked need not be any more
            entry.status = rejected.status
        self.journal.add(entry)


def _read(request: HttpRequest, operation: Route) -> Request:
    if request.method == "GET":
        return Request(request.query)
    return unwrap_form(request.body) if operation.endpoint.form else unwrap(request.body)
