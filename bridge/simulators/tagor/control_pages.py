"""Serves the pages by which a tester controls the stand-in over HTTP, from this machine only."""

import ipaddress
import json
from collections.abc import Callable
from typing import Any, Protocol

from bridge.simulators.tagor.cases import cases
from bridge.simulators.tagor.faults import FaultBook
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.test_controls import Controls
from bridge.simulators.tagor.wire import HttpRequest, HttpResponse, error


class Controlled(Protocol):
    """What the pages control: a stand-in, by its parts and its own methods (see `StandIn`)."""

    tagor: SimulatedTagor
    fault_book: FaultBook
    controls: Controls

    def fault(self, endpoint: str, fault: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - as there
        """Plant a fault on an operation."""
        ...

    def clear_faults(self) -> None:
        """Take every fault away."""
        ...

    def settle(self) -> None:
        """Let delayed effects happen now."""
        ...

    def journal(self, since: int = 0) -> list[dict[str, Any]]:
        """Return what was asked, from the entry after number `since`."""
        ...

    def clear_journal(self) -> None:
        """Forget what was asked."""
        ...

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Return every table, row by row."""
        ...


Handler = Callable[[Controlled, HttpRequest], object]


class ControlPages:
    """Answers the pages under `/_...` for one stand-in."""

    def __init__(self, standin: Controlled) -> None:
        self._standin = standin

    @staticmethod
    def has(request: HttpRequest) -> bool:
        """Return whether the request is the tester's and not one to Tagor."""
        return request.path.startswith("/_")

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Do what the tester asks; only this machine is answered, everybody else gets a 404."""
        handler = ROUTES.get((request.method, request.path))
        if handler is None or not ipaddress.ip_address(request.peer).is_loopback:
            return error(404, "There is no such page.", as_json=True)
        try:
            return HttpResponse.of(handler(self._standin, request))
        except (ValueError, TypeError) as wrong:
            return error(400, str(wrong), as_json=True)


def _object(request: HttpRequest) -> dict[str, Any]:
    try:
        parsed = json.loads(request.body)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise ValueError("The body must be a JSON object.")  # noqa: TRY004 - a wrong request, not a wrong call
    return parsed


def _plant(standin: Controlled, request: HttpRequest) -> object:
    wanted = _object(request)
    return standin.fault(wanted.pop("endpoint", ""), wanted.pop("fault", ""), **wanted)


def _clear_faults(standin: Controlled, _request: HttpRequest) -> object:
    standin.clear_faults()
    return []


def _journal(standin: Controlled, request: HttpRequest) -> object:
    since = request.query.get("since", "0")
    if not (since.isascii() and since.isdigit()):
        raise ValueError("The journal is read since an entry's number.")
    return standin.journal(int(since))


def _clear_journal(standin: Controlled, _request: HttpRequest) -> object:
    standin.clear_journal()
    return []


def _force_hours(standin: Controlled, request: HttpRequest) -> object:
    wanted = _object(request)
    file_type = str(wanted.get("file_type", ""))
    if "week" in wanted:
        standin.controls.week(wanted["week"], file_type)
    return standin.controls.hours(str(wanted.get("state", "clock")), file_type)


def _change(standin: Controlled, request: HttpRequest) -> object:
    wanted = _object(request)
    standin.controls.change(str(wanted.pop("file", "")), **wanted)
    return {}


def _set_parameters(standin: Controlled, request: HttpRequest) -> object:
    wanted = _object(request)
    if not all(number.isascii() and number.isdigit() for number in wanted):
        raise ValueError('Parameters have numbers: {"568": "true"}.')
    for number, value in wanted.items():
        standin.controls.parameter(int(number), str(value))
    return {}


def _change_user(standin: Controlled, request: HttpRequest) -> object:
    wanted = _object(request)
    standin.controls.user(wanted.pop("user", ""), **wanted)
    return {}


def _template(standin: Controlled, request: HttpRequest) -> object:
    wanted = _object(request)
    standin.controls.template(str(wanted.get("code", "")), str(wanted.get("medium", "")))
    return {}


def _contact(standin: Controlled, request: HttpRequest) -> object:
    wanted = _object(request)
    used = wanted.get("used", True) is True
    standin.controls.contact(str(wanted.get("party", "")), str(wanted.get("content", "")), used=used)
    return {}


def _finish(standin: Controlled, request: HttpRequest) -> object:
    standin.controls.finish(str(_object(request).get("job", "")))
    return {}


def _revoke(standin: Controlled, _request: HttpRequest) -> object:
    standin.controls.revoke_tokens()
    return {}


def _settle(standin: Controlled, _request: HttpRequest) -> object:
    standin.settle()
    return {}


ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/_faults"): lambda standin, _request: standin.fault_book.planted(),
    ("POST", "/_faults"): _plant,
    ("DELETE", "/_faults"): _clear_faults,
    ("POST", "/_settle"): _settle,
    ("POST", "/_revoke"): _revoke,
    ("GET", "/_journal"): _journal,
    ("DELETE", "/_journal"): _clear_journal,
    ("GET", "/_state"): lambda standin, _request: standin.state(),
    ("GET", "/_cases"): lambda _standin, _request: cases(),
    ("GET", "/_hours"): lambda standin, _request: standin.tagor.hours.states(),
    ("POST", "/_hours"): _force_hours,
    ("POST", "/_change"): _change,
    ("POST", "/_parameters"): _set_parameters,
    ("POST", "/_user"): _change_user,
    ("POST", "/_template"): _template,
    ("POST", "/_contact"): _contact,
    ("POST", "/_finish"): _finish,
}
