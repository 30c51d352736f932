"""Answers about numbers as Telnyx does: applications hold the addresses, and one leads each number here."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound, UnprocessableEntity
from werkzeug.wrappers import Request, Response

Numbers = Mapping[str, dict[str, Any]]
"""The account's numbers (E.164), each with its settings."""

_METHODS = ("voice_method", "status_callback_method")
_MAX_PAGE = 250


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
        return _listed(request, numbers)
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


def _listed(request: Request, numbers: Numbers) -> Response:
    """List a page of the numbers that the filters leave, and tell how many pages there are."""
    digits, connection = (request.args.get(f"filter[{name}]") for name in ("phone_number", "connection_id"))
    found = [
        _number(row)
        for number, row in numbers.items()
        if digits is None or (digits in number and digits.isdecimal())
    ]
    found = [row for row in found if connection in {None, row["connection_id"]}]
    page, size = int(request.args.get("page[number]", 1)), int(request.args.get("page[size]", 20))
    if not 1 <= size <= _MAX_PAGE:
        raise UnprocessableEntity
    meta = {
        "page_number": page,
        "page_size": size,
        "total_pages": -(-len(found) // size),
        "total_results": len(found),
    }
    return _data(found[(page - 1) * size : page * size], meta=meta)


def _change(row: dict[str, Any], told: dict[str, str]) -> None:
    """Set what is told; a name and a voice address always have to be, and methods are in small letters."""
    in_capitals = any(told.get(name, "").lower() != told.get(name, "") for name in _METHODS)
    if not told.get("friendly_name") or "voice_url" not in told or in_capitals:
        raise UnprocessableEntity
    row |= told


def _number(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "phone_number": row["phone_number"],
        "status": row.get("status", "active"),
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


def _data(content: object, **more: object) -> Response:
    return Response(json.dumps({"data": content, **more}), mimetype="application/json")
