"""A bare WSGI constant: gunicorn itself, and the limit of everything that runs on it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

DOCUMENT = b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup /></Response>'
HEADERS = [("Content-Type", "text/xml"), ("Content-Length", str(len(DOCUMENT)))]


def app(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer every request with the same document."""
    start_response("200 OK", HEADERS)
    return [DOCUMENT]
