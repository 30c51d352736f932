"""Every place where something might get out: what is written, asked, addressed and complained about."""

import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import pytest
import requests

from bridge.conversation import action_runner
from bridge.operations import logs, redaction
from bridge.telephony.recordings import Recordings

_ADDRESS = re.compile(r'(?:action|url|recordingStatusCallback)="([^"]*)"|<(?:Redirect|Sip)[^>]*>([^<]*)')


@dataclass
class Sinks:
    """What came out, by place.

    `errors` are the texts of the bridge's own exceptions, which must be fit for a log; `headers` those of its
    replies; `commands` what the office's commands print.
    """

    stdout: StringIO = field(default_factory=StringIO)
    stderr: StringIO = field(default_factory=StringIO)
    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def texts(self) -> dict[str, str]:
        """All of it, by the place's name."""
        written = {"stdout": self.stdout.getvalue(), "stderr": self.stderr.getvalue()}
        lists = ("urls", "errors", "headers", "commands", "pages")
        return written | {name: "\n".join(getattr(self, name)) for name in lists}

    def streams(self) -> tuple[AbstractContextManager[Any], AbstractContextManager[Any]]:
        """What to enter so that this process writes here."""
        return redirect_stdout(self.stdout), redirect_stderr(self.stderr)

    def reply(self, headers: Mapping[str, str], body: bytes) -> None:
        """Every address in a document, and what stood above it."""
        self.headers.append(json.dumps(dict(headers)))
        self.urls += [one + other for one, other in _ADDRESS.findall(body.decode())]

    def listen(self, patch: pytest.MonkeyPatch) -> None:
        """Hear what goes out to Tagor and to the provider, and what exceptions say."""
        send, ask, perform = requests.Session.send, Recordings._ask, action_runner._Work.perform

        def sent(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> Any:  # noqa: ANN401
            self.urls.append(request.url or "")
            return send(session, request, **options)

        def asked(tapes: Recordings, method: str, path: str, most: int) -> Any:  # noqa: ANN401
            self.urls.append(path)
            return ask(tapes, method, path, most)

        def performed(*given: Any) -> Any:  # noqa: ANN401
            try:
                return perform(*given)
            except Exception as error:
                self._complain(error)
                raise

        def bare(error: BaseException) -> list[dict[str, object]]:
            self._complain(error)
            return redaction.bare_exception(error)

        patch.setattr(requests.Session, "send", sent)
        patch.setattr(Recordings, "_ask", asked)
        patch.setattr(action_runner._Work, "perform", performed)
        patch.setattr(logs, "bare_exception", bare)

    def _complain(self, error: BaseException) -> None:
        ours = (one for one in redaction._chain(error) if type(one).__module__.startswith("bridge."))
        self.errors += [f"{one} {one!r} {one.args}" for one in ours]
