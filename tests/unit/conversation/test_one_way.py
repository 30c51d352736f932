"""How far a webhook goes through the bridge: few functions in few files, each found by its name."""

import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Self

import pytest

from bridge.app.create import create_app
from bridge.app.overrides import Overrides
from bridge.settings import Settings
from bridge.simulators.provider.wire import wsgi

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line

ROOT = Path(__file__).parents[3]
MAX_FUNCTIONS, MAX_FILES = 262, 76
"""A little more than there are: who adds a layer to every webhook should know."""


class SameThread(Executor):
    """Runs every job at once in the thread that submits it, so that one profile sees all of a webhook."""

    def submit(self, job: "Callable[..., Any]", /, *given: Any, **more: Any) -> "Future[Any]":  # noqa: ANN401 - as the job's
        done: Future[Any] = Future()
        try:
            done.set_result(job(*given, **more))
        except Exception as trouble:  # noqa: BLE001 - as an executor
            done.set_exception(trouble)
        return done


class Profile:
    """The functions of the bridge and its flows that were entered."""

    def __init__(self) -> None:
        self.entered = set[CodeType]()

    def __call__(self, frame: FrameType, event: str, _given: object) -> None:
        if event == "call":
            self.entered.add(frame.f_code)

    def ours(self) -> set[CodeType]:
        """Those of the bridge and its flows, without comprehensions."""
        rooms = str(ROOT / "bridge"), str(ROOT / "voice_flows")
        simulators = str(ROOT / "bridge" / "simulators")
        return {
            code
            for code in self.entered
            if code.co_filename.startswith(rooms)
            and not code.co_filename.startswith(simulators)
            and not code.co_name.startswith("<")
        }

    def __enter__(self) -> Self:
        sys.setprofile(self)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)


@pytest.fixture
def entered(line: "Line", tagor: "StandIn") -> Profile:  # noqa: ARG001 - the line asks it
    """What the webhook of a right PIN enters, from the socket to the balance."""
    overrides = Overrides(executor=lambda _threads, _name: SameThread())
    app = create_app(Settings.read(line.environ), line.clock, line.environ, overrides)
    line.app, line.post = app, wsgi(app)
    phone = line.phone().ring()
    phone.press("1")
    with Profile() as profile:
        phone.press("482193")
    return profile


def test_a_webhook_enters_few_functions_in_few_files(entered: Profile):
    """Whoever follows a PIN from webhook to TwiML reads no more than this."""
    functions = entered.ours()
    files = {code.co_filename for code in functions}
    assert "balance" in {code.co_name for code in functions}, "the webhook did not come as far as the balance"
    assert len(functions) <= MAX_FUNCTIONS
    assert len(files) <= MAX_FILES
