"""Answers about numbers as Telnyx does: applications hold the addresses, and one leads each number here."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound, UnprocessableEntity
from werkzeug.wrappers import Request, Response

Numbers = Mapping[str, dict[str, Any]]
"""The account's numbers (E.164), each with its settings."""

_METHODS = ("voice_method", "status_callback_method")


def is_asked(path: str) -> bool:
    """Tell whether a path is one of those that `answer` knows."""
    return path.startswith(("/v2/phone_numbers", "/v2/texml_applications/", "/v2/verified_numbers/"))


def answer(request: Request, numbers: Numbers, verified: Collection[str]) -> Response:
    """Answer one request.

    Raises:
        HTTPException: there is no such thing, or it cannot be done so.
    """
    _, _, resource, *rest = request.path.split("/")
    if resource == "phone_numbers":
        digits = request.args.get("filter[phone_number]", "")
        found = [_number(row) for number, row in numbers.items() if digits in number and digits.isdecimal()]
        return _data(found)
    if resource == "verified_numbers":
        if rest[0] not in verified:
            raise NotFound
        return _data({"phone_number": rest[0], "record_type": "verified_number"})
    row = next((row for row in numbers.values() if row["sid"] == rest[0]), None)
    if row is None:
        raise NotFound
    if request.method == "PATCH":
        _change(row, request.get_json())
    elif request.method != "GET":
        raise MethodNotAllowed
    return _data(_application(row))


def _change(row: dict[str, Any], told: dict[str, str]) -> None:
    """Set what is told; a name and a voice address always have to be, and methods are in small letters."""
    in_capitals = any(told.get(name, "").lower() != told.get(name, "") for name in _METHODS)
    if not told.get("friendly_name") or "voice_url" not in told or in_capitals:
        raise UnprocessableEntity
    row |= told


def _number(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "phone_number": row["phone_number"],
        "status": "active",
        "connection_id": row.get("connection_id", row["sid"]),
    }


def _application(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("voice_url", "voice_fallback_url", "status_callback")
    return {
        "id": row["sid"],
        "record_type": "texml_application",
        "active": row.get("active", True),
        "friendly_name": row.get("friendly_name", "line"),
        **{name: row.get(name) for name in names},
        **{name: row.get(name, "post").lower() for name in _METHODS},
    }


def _data(content: object) -> Response:
    return Response(json.dumps({"data": content}), mimetype="application/json")
