"""How far a webhook goes through the bridge: few functions in few files, each found by its name."""

import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Self

import pytest
from static_calls import Source

from bridge.app.create import create_app
from bridge.app.overrides import Overrides
from bridge.settings import Settings
from bridge.simulators.provider.wire import wsgi

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line

ROOT = Path(__file__).parents[3]
MAX_FUNCTIONS, MAX_FILES = 280, 80
"""A little more than there are: who adds a layer to every webhook should know."""


WAY = (
    ("OfficeCallHandler", "take"),
    ("Conversation", "take"),
    ("Calls", "claim"),
    ("Engine", "hear"),
    ("ActionRunner", "run"),
    ("Action", "perform"),
    ("Engine", "resume"),
    ("Phrasing", "phrase"),
    ("Catalogue", "say"),
    ("Renderer", "render"),
    ("ReplyCheck", "check"),
    ("OutboxWriter", "of_turn"),
    ("Calls", "save_reply"),
)
"""What a turn passes between `POST /voice/turn/<n>` and the bytes of its document."""

ACTIONS = {
    "try_hinted": [("IdentificationService", "by_hinted_files"), ("PinAttempts", "count_attempt")],
    "ask_balance": [("FileService", "balance"), ("HttpTransport", "post")],
    "request_plan": [("PlanService", "request"), ("DecisionSender", "decide"), ("HttpTransport", "post")],
}
"""Where an action of a flow's table leads; the table names the function."""


@pytest.fixture(scope="module")
def source() -> Source:
    files = [*(ROOT / "bridge").rglob("*.py"), *(ROOT / "voice_flows").rglob("*.py")]
    return Source(iter(file for file in files if "simulators" not in file.parts))


def test_a_turn_can_be_followed_by_names_from_webhook_to_document(source: Source):
    """Every step is found by go-to-definition: no closure, no table of callables in between."""
    reached = source.walk(("_VoiceViews", "turn"))
    assert [step for step in WAY if step not in reached] == []


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_can_be_followed_by_names_to_tagor(source: Source, action: str):
    """From the function in a flow's table through a service to the socket."""
    reached = source.walk(("", action))
    assert [step for step in ACTIONS[action] if step not in reached] == []


def test_each_name_on_the_way_has_one_definition(source: Source):
    """Two classes of one name would send the reader to the wrong one."""
    assert {name for name, _ in WAY if len(source.classes[name]) > 1} == set()


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
