"""The real application, which kills its own process at the step that an armed file names.

gunicorn serves it in a rehearsal; the folder in REHEARSAL_FOLDER is how the rehearsal talks to its workers.
"""

import os
import signal
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from bridge.app.create import create_app
from bridge.clock import Clock

ARMED = "armed"
"""Names the step to die at; a second line `in flight` lets the process live on and wait to be killed."""

DOOMED = "doomed"
"""The process that has passed the step and waits to be killed from outside."""

AHEAD = "ahead"
"""By how many seconds the line's clock is ahead of the machine's."""


class Death:
    """Comes once, to whoever passes the armed step first."""

    def __init__(self, folder: Path) -> None:
        self._armed, self._doomed = folder / ARMED, folder / DOOMED

    def passed(self, step: str) -> None:
        """Kill this process as kill -9 does, if this is the step."""
        with suppress(FileNotFoundError):
            name, _, how = self._armed.read_text().partition("\n")
            if name != step:
                return
            self._armed.unlink()  # of several processes, one succeeds
            if how == "in flight":
                self._doomed.write_text(str(os.getpid()))
            else:
                os.kill(os.getpid(), signal.SIGKILL)


def wsgi() -> Flask:
    """The application as `bridge.app.create.wsgi` makes it, with a clock and a death of its own."""
    folder = Path(os.environ["REHEARSAL_FOLDER"])

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float((folder / AHEAD).read_text()))

    app = create_app(clock=Clock(now, checkpoint=Death(folder).passed))
    app.extensions["bridge"].start_background()
    return app
