"""Every place where something might get out: streams, addresses, headers, errors, commands, pages."""

import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from http.client import HTTPConnection
from io import StringIO
from typing import Any

import pytest

from bridge.flow.actions import Action
from bridge.operations import logs, redaction

_ADDRESS = re.compile(r'(?:action|url|recordingStatusCallback)="([^"]*)"|<(?:Redirect|Sip)[^>]*>([^<]*)')


@dataclass
class Sinks:
    """What came out, by place.

    `errors` are the texts of the bridge's own exceptions, which must be fit for a log; `headers` those of its
    replies; `commands` what the office's commands print; `figures` what whoever watches the line is told.
    """

    stdout: StringIO = field(default_factory=StringIO)
    stderr: StringIO = field(default_factory=StringIO)
    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    def texts(self) -> dict[str, str]:
        """All of it, by the place's name."""
        written = {"stdout": self.stdout.getvalue(), "stderr": self.stderr.getvalue()}
        lists = ("urls", "errors", "headers", "commands", "pages", "figures")
        return written | {name: "\n".join(getattr(self, name)) for name in lists}

    def streams(self) -> tuple[AbstractContextManager[Any], AbstractContextManager[Any]]:
        """What to enter so that this process writes here."""
        return redirect_stdout(self.stdout), redirect_stderr(self.stderr)

    def reply(self, headers: Mapping[str, str], body: bytes) -> None:
        """Every address in a document, and what stood above it."""
        self.headers.append(json.dumps(dict(headers)))
        self.urls += [one + other for one, other in _ADDRESS.findall(body.decode(errors="replace"))]

    def listen(self, patch: pytest.MonkeyPatch) -> None:
        """Take down every address that is asked, and what exceptions say."""
        ask, perform = HTTPConnection.putrequest, Action.perform

        def asked(connection: HTTPConnection, method: str, url: str, **options: Any) -> None:  # noqa: ANN401
            self.urls.append(url)
            ask(connection, method, url, **options)

        def performed(*given: Any) -> Any:  # noqa: ANN401
            try:
                return perform(*given)
            except Exception as error:
                self._complain(error)
                raise

        def bare(error: BaseException) -> list[dict[str, object]]:
            self._complain(error)
            return redaction.bare_exception(error)

        patch.setattr(HTTPConnection, "putrequest", asked)
        patch.setattr(Action, "perform", performed)
        patch.setattr(logs, "bare_exception", bare)

    def _complain(self, error: BaseException) -> None:
        cause: BaseException | None = error
        while cause is not None:
            if type(cause).__module__.startswith("bridge."):
                self.errors.append(f"{cause} {cause!r} {cause.args}")
            cause = cause.__cause__ or cause.__context__
