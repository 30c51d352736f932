"""Reads and writes Tagor's envelope: a request's fields, and the nested datasets of the older dialect."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from bridge.simulators.tagor.wire import Rejected

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Refusal(Exception):
    """Tagor's ordinary no: answered with 200, `Success` false and this sentence as `Error`."""


class Request(dict[str, Any]):
    """The fields of one request, without the envelope."""

    def text(self, name: str) -> str:
        """Return a field as text, empty when it is absent or null; numbers are taken as they are written."""
        value = self.get(name)
        return "" if value is None else str(value)

    def day(self, name: str) -> date | None:
        """Return a field as a day, None if it is absent or empty; raises Refusal unless it is YYYY-MM-DD."""
        text = self.text(name)
        if not text:
            return None
        # Python's own reader also takes 20250314 and week dates, which Tagor does not write.
        if not _DAY.fullmatch(text):
            raise Refusal(f"{name} is geen datum.")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Refusal(f"{name} is geen datum.") from None

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        """Return a field as yes or no, written as JSON or as text; `otherwise` when it is absent or empty."""
        return self.text(name).lower() == "true" if self.text(name) else otherwise

    @property
    def context(self) -> dict[str, str]:
        """The rows of `ttWebContext`, keys in lower case."""
        rows = self.rows("WebContext")
        return {Request(row).text("ContextKey").lower(): Request(row).text("ContextValue") for row in rows}

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of dataset `name`; empty arrays and whole inner objects may be left out."""
        outer = self.get(f"ds{name}")
        inner = outer.get(f"ds{name}") if isinstance(outer, dict) else None
        rows = inner.get(f"tt{name}") if isinstance(inner, dict) else None
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def unwrap(body: bytes) -> Request:
    """Return the inside of `{"request": {...}}`; raises Rejected (400) for anything else."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        raise Rejected(400, "The body is no JSON.") from None
    inner = parsed.get("request") if isinstance(parsed, dict) else None
    if not isinstance(inner, dict):
        raise Rejected(400, 'The body must be {"request": {...}}.')
    return Request(inner)


def unwrap_form(body: bytes) -> Request:
    """Return the fields of a form-encoded body; raises Rejected (400) for bytes that are none."""
    try:
        return Request(parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body)))
    except ValueError:
        raise Rejected(400, "The body is no form.") from None


def dataset(name: str, rows: list[dict[str, object]], *, bare: bool = False) -> dict[str, object]:
    """Return dataset `name`, nested twice as Tagor does; `bare` leaves out an inner array that is empty."""
    inner = {} if bare and not rows else {f"tt{name}": rows}
    return {f"ds{name}": {f"ds{name}": inner}}


def context(values: Mapping[str, str], *, bare: bool = False) -> dict[str, object]:
    """Return the dataset `dsWebContext` holding these keys and values."""
    rows: list[dict[str, object]] = [
        {"ContextKey": key, "ContextValue": said} for key, said in values.items()
    ]
    return dataset("WebContext", rows, bare=bare)
