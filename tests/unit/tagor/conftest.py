"""A scripted Tagor, clients for it, and a clock that stands still unless told."""

import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from tagor_certificates import Authority, sign
from tagor_faults import FAULTS
from tagor_file_questions import FILE_QUESTIONS
from tagor_questions import QUESTIONS, Question
from tagor_server import FakeClock, ScriptedTagor, says
from tagor_staff_questions import STAFF_QUESTIONS

from bridge.tagor import ApiKey, Credential, Deadline, Tagor

KEY = ApiKey("KEY-canary-5513")
KNOWN = QUESTIONS + STAFF_QUESTIONS + FILE_QUESTIONS
READS = [question for question in KNOWN if not question.changes]
WRITES = [question for question in KNOWN if question.changes]
# One question of each way to be written and to be sent, for what does not depend on anything else.
SOME_READS = [question for question in READS if question.name in ("pin_opens", "balance", "plans", "ping")]
SOME_WRITES = [question for question in WRITES if question.name in ("save_plan", "add_message")]
SEED = 20261122


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test with a `question` runs for all that the client knows, with the other names for these.

    A test with `faulty_read` or `faulty_write` runs for pairs of a question and a fault: every fault meets
    one question of each kind, and every question meets three faults.
    """
    kinds = {
        "question": KNOWN,
        "service": [question for question in KNOWN if question.is_service],
        "some_read": SOME_READS,
        "some_write": SOME_WRITES,
        "some_question": SOME_READS + SOME_WRITES,
    }
    for kind in kinds.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(kind, kinds[kind], ids=lambda question: question.name)
    for name, some, every in (("faulty_read", SOME_READS, READS), ("faulty_write", SOME_WRITES, WRITES)):
        if name in metafunc.fixturenames:
            draw = Random(SEED)
            pairs = [(one, fault) for one in some for fault in FAULTS]
            pairs += [
                (one, fault) for one in every if one not in some for fault in draw.sample(list(FAULTS), 3)
            ]
            metafunc.parametrize(name, pairs, ids=lambda pair: f"{pair[0].name}-{pair[1]}")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def by(clock: FakeClock) -> Deadline:
    """Half a minute on a clock that stands still: never the reason a healthy call fails."""
    return Deadline(clock, 30)


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[ScriptedTagor]:
    """A healthy Tagor; a test tells it what to play instead.

    Where two questions ask the same operation, the test's own one has its answer.
    """
    tagor = ScriptedTagor()
    drawn = request.node.callspec.params.values() if hasattr(request.node, "callspec") else ()
    own = [part for one in drawn for part in (one if isinstance(one, tuple) else (one,))]
    for question in (*KNOWN[::-1], *(part for part in own if isinstance(part, Question))):
        tagor.plays(question.path, says(question.content))
    yield tagor
    tagor.stop()


@pytest.fixture
def serve() -> Iterator[Callable[..., ScriptedTagor]]:
    """Start further scripted servers, stopped with the test."""
    with ExitStack() as stack:

        def start(context: ssl.SSLContext | None = None) -> ScriptedTagor:
            server = ScriptedTagor(context)
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture
def connect(clock: FakeClock) -> Iterator[Callable[..., Tagor]]:
    """Make clients that are closed with the test."""
    with ExitStack() as stack:

        def make(url: str, credential: Credential | None = None, **settings: Any) -> Tagor:  # noqa: ANN401 - passed on
            settings = {"allow_http": True, "clock": clock, "pool": 4} | settings
            return stack.enter_context(closing(Tagor(url, credential or KEY, **settings)))

        yield make


@pytest.fixture
def tagor(server: ScriptedTagor, connect: Callable[..., Tagor]) -> Tagor:
    return connect(server.url)


@pytest.fixture
def authority(tmp_path: Path) -> Callable[[str], Authority]:
    def make(name: str) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        return Authority(tmp_path, name, key, sign(key, name, None, key))

    return make


@pytest.fixture(scope="session")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The only authority to trust, where it does not matter which: the public ones take long to read."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(tmp_path_factory.mktemp("trust"), "any", key, sign(key, "any", None, key)).file
