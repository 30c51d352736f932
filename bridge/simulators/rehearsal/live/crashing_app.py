"""The real application, which kills its own process at the step that an armed file names.

gunicorn serves it in the plan drill; the folder in DRILL_FOLDER is how the drill talks to the workers.
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
"""Names the step to die at; a second line `in flight` lets the process wait to be killed from outside."""
DOOMED = "doomed"
"""Names the process that has passed the step and waits to be killed from outside."""
AHEAD = "ahead"
"""Holds the seconds by which the line's clock is ahead of the machine's."""


class Crash:
    """Strikes once, at whoever passes the armed step first."""

    def __init__(self, folder: Path) -> None:
        self._armed, self._doomed = folder / ARMED, folder / DOOMED

    def checkpoint(self, step: str) -> None:
        """Kill this process as kill -9 does, if this is the armed step."""
        with suppress(FileNotFoundError):
            name, _, how = self._armed.read_text().partition("\n")
            if name != step:
                return
            self._armed.unlink()  # of several processes that pass it, one succeeds
            if how == "in flight":
                self._doomed.write_text(str(os.getpid()))
            else:
                os.kill(os.getpid(), signal.SIGKILL)


def wsgi() -> Flask:
    """Return the application as the bridge's own entry point does, with a clock that the drill controls."""
    folder = Path(os.environ["DRILL_FOLDER"])

    def now() -> datetime:
        ahead = folder / AHEAD
        return datetime.now(UTC) + timedelta(seconds=float(ahead.read_text()) if ahead.exists() else 0.0)

    app = create_app(clock=Clock(now, checkpoint=Crash(folder).checkpoint))
    app.extensions["bridge"].start_background()
    return app
