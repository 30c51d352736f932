"""The pages a tester steers the stand-in by, for this machine only: faults, journal, state, hours, data."""

import ipaddress
import json
from collections.abc import Callable
from typing import Any

from bridge.simulators.tagor.test_controls import Steering
from bridge.simulators.tagor.wire import HttpRequest, Reply, error

Handler = Callable[[Steering, HttpRequest], object]


def is_control(request: HttpRequest) -> bool:
    """Whether the request is the tester's and not Tagor's."""
    return request.path.startswith("/_")


def answer(steering: Steering, request: HttpRequest) -> Reply:
    """Do what the tester asks; only this machine is answered, everybody else meets 404."""
    handler = ROUTES.get((request.method, request.path))
    if handler is None or not ipaddress.ip_address(request.peer).is_loopback:
        return error(404, "There is no such page.", as_json=True)
    try:
        return Reply.of(handler(steering, request))
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


def _plant(steering: Steering, request: HttpRequest) -> object:
    wanted = _object(request)
    return steering.fault(wanted.pop("endpoint", ""), wanted.pop("fault", ""), **wanted)


def _clear_faults(steering: Steering, _request: HttpRequest) -> object:
    steering.clear_faults()
    return []


def _journal(steering: Steering, request: HttpRequest) -> object:
    since = request.query.get("since", "0")
    if not (since.isascii() and since.isdigit()):
        raise ValueError("The journal is read since an entry's number.")
    return steering.journal(int(since))


def _clear_journal(steering: Steering, _request: HttpRequest) -> object:
    steering.clear_journal()
    return []


def _force_hours(steering: Steering, request: HttpRequest) -> object:
    wanted = _object(request)
    file_type = str(wanted.get("file_type", ""))
    if "week" in wanted:
        steering.week(wanted["week"], file_type)
    return steering.hours(str(wanted.get("state", "clock")), file_type)


def _change(steering: Steering, request: HttpRequest) -> object:
    wanted = _object(request)
    steering.change(str(wanted.pop("file", "")), **wanted)
    return {}


def _set_parameters(steering: Steering, request: HttpRequest) -> object:
    wanted = _object(request)
    if not all(number.isascii() and number.isdigit() for number in wanted):
        raise ValueError('Parameters have numbers: {"568": "true"}.')
    for number, value in wanted.items():
        steering.parameter(int(number), str(value))
    return {}


def _change_user(steering: Steering, request: HttpRequest) -> object:
    wanted = _object(request)
    steering.user(wanted.pop("user", ""), **wanted)
    return {}


def _template(steering: Steering, request: HttpRequest) -> object:
    wanted = _object(request)
    steering.template(str(wanted.get("code", "")), str(wanted.get("medium", "")))
    return {}


def _contact(steering: Steering, request: HttpRequest) -> object:
    wanted = _object(request)
    used = wanted.get("used", True) is True
    steering.contact(str(wanted.get("party", "")), str(wanted.get("content", "")), used=used)
    return {}


def _finish(steering: Steering, request: HttpRequest) -> object:
    steering.finish(str(_object(request).get("job", "")))
    return {}


def _revoke(steering: Steering, _request: HttpRequest) -> object:
    steering.revoke_tokens()
    return {}


def _settle(steering: Steering, _request: HttpRequest) -> object:
    steering.settle()
    return {}


ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/_faults"): lambda steering, _request: steering.faults(),
    ("POST", "/_faults"): _plant,
    ("DELETE", "/_faults"): _clear_faults,
    ("POST", "/_settle"): _settle,
    ("POST", "/_revoke"): _revoke,
    ("GET", "/_journal"): _journal,
    ("DELETE", "/_journal"): _clear_journal,
    ("GET", "/_state"): lambda steering, _request: steering.state(),
    ("GET", "/_cases"): lambda steering, _request: steering.cases(),
    ("GET", "/_hours"): lambda steering, _request: steering.tagor.hours.states(),
    ("POST", "/_hours"): _force_hours,
    ("POST", "/_change"): _change,
    ("POST", "/_parameters"): _set_parameters,
    ("POST", "/_user"): _change_user,
    ("POST", "/_template"): _template,
    ("POST", "/_contact"): _contact,
    ("POST", "/_finish"): _finish,
}
