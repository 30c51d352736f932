"""What all tests share: no network beyond this machine, a printed seed, and a whole line to phone."""

import logging
import socket
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from shared_guard import Guard
from shared_line import LONG_ENOUGH, FakeClock, Line

import voice_flows
from bridge.app.overrides import Speech
from bridge.flow_proof import prove
from bridge.simulators.demo import Card, demo
from bridge.simulators.provider.account import PhoneLine as Number
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.phone import Phone
from bridge.simulators.tagor import StandIn
from bridge.speech import Catalogue, NoteBook
from bridge.store.migrate import migrate
from voice_flows.defendant import Defendant


@pytest.fixture(scope="session")
def guard() -> Iterator[Guard]:
    with pytest.MonkeyPatch.context() as patch:
        yield Guard(patch)


@pytest.fixture(autouse=True)
def _no_network(guard: Guard) -> Iterator[None]:
    """Check that no test tried to reach beyond this machine, not even one whose code hides the refusal."""
    yield
    strays, guard.strays = guard.strays, []
    assert strays == []


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Give every test the logging that the run began with."""
    loggers = [logging.getLogger(name) for name in (None, "urllib3", "urllib3.connectionpool", "werkzeug")]
    before, handlers = [logger.level for logger in loggers], logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.fixture
def real_patience() -> None:
    """Let a test about waiting have the line's own time limits."""


@pytest.fixture(autouse=True)
def _generous_patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a machine that stalls from changing what callers hear, in all tests but those about waiting."""
    if "real_patience" not in request.fixturenames:
        for limit in (
            "latency.PATIENCE",  # silence before the caller hears what is being done
            "latency.NO_PATIENCE",
            "turns.SLOW_TRANSACTION_SECONDS",  # above which a database is as good as away
        ):
            monkeypatch.setattr(f"bridge.conversation.{limit}", LONG_ENOUGH)
        monkeypatch.setattr("bridge.app.create.WEBHOOK_SECONDS", LONG_ENOUGH)


@pytest.fixture
def patient_welcome(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the look-up of the caller's number, however long it takes, before the welcome is spoken.

    A machine that stalls for a quarter of a second would else turn a French caller into a Dutch one.
    """
    steps = Defendant.steps
    waited = {name: replace(steps[name], timeout=LONG_ENOUGH) for name in ("recognise", "ahead")}
    monkeypatch.setattr(Defendant, "steps", {**steps, **waited})


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Random:
    """Randomness of this test's own; `-p randomly_seed=...` with the printed seed repeats it."""
    seed = f"{request.config.getoption('randomly_seed', 0)} {request.node.nodeid}"
    print(f"seed: {seed}")  # noqa: T201 - shown with a failure
    return Random(seed)


@pytest.fixture(params=["sample", pytest.param("all", marks=pytest.mark.rehearsal)])
def sample(request: pytest.FixtureRequest, rng: Random) -> Callable[..., Collection[Any]]:
    """Take some of the values, others in every run, as in `sample(values, 8)`; in a rehearsal take all."""

    def chosen(values: Iterable[Any], size: int) -> Collection[Any]:
        every = list(values)
        return every if request.param == "all" else rng.sample(every, min(size, len(every)))

    return chosen


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def generation() -> str:
    """The generation of Tagor; a test may choose another by a parameter of this name."""
    return "2.00"


@pytest.fixture
def tagor(clock: FakeClock, generation: str) -> Iterator[StandIn]:
    """A running stand-in for Tagor, on the test's clock."""
    with StandIn(clock=clock.now, generation=generation) as running:
        yield running


@pytest.fixture(scope="session")
def _recordings(guard: Guard) -> Iterator[RestApi]:  # noqa: ARG001 - guarded before anything runs
    with RestApi(Line.account, Line.token) as api:
        yield api


@pytest.fixture
def recordings(_recordings: RestApi) -> RestApi:
    """Where the provider keeps recordings; one serves all tests, because every call has an id of its own."""
    _recordings.asked.clear()
    return _recordings


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row, to be copied."""
    empty = tmp_path_factory.mktemp("database") / "bridge.db"
    migrate(f"sqlite:///{empty}")
    return empty


@pytest.fixture(scope="session")
def speech() -> Speech:
    """All that the line says and writes down, read and proved once for all lines of a run."""
    read = Speech(Catalogue.load(voice_flows.PROMPTS), NoteBook.load(voice_flows.NOTES))
    prove(voice_flows.CALL, *read)
    return read


@pytest.fixture(scope="session")
def words(speech: Speech) -> Catalogue:
    """What the line says, by prompt and language."""
    return speech.words


@pytest.fixture
def open_line(  # noqa: PLR0917 - the parts of a line
    tmp_path: Path,
    empty_database: Path,
    tagor: StandIn,
    clock: FakeClock,
    recordings: RestApi,
    speech: Speech,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Line]]:
    """Open lines to that Tagor, as in `open_line(office={...})`; in the end everything of them is closed."""
    lines: list[Line] = []
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.raiseExceptions
    monkeypatch.setenv("TAGOR_KEY", tagor.key)

    def open_one(**changes: Any) -> Line:  # noqa: ANN401 - the line's
        lines.append(Line(tmp_path, empty_database, tagor, clock, api=recordings, speech=speech, **changes))
        return lines[-1]

    yield open_one
    for line in lines:
        line.close()
    root.handlers[:], root.level, logging.raiseExceptions = before  # the app has set its own


@pytest.fixture
def line(open_line: Callable[..., Line]) -> Line:
    """The line of the demo's office on an ordinary morning."""
    return open_line()


def free_port() -> int:
    with closing(socket.create_server(("", 0))) as door:
        port: int = door.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def running_demo(guard: Guard) -> Iterator[Card]:  # noqa: ARG001 - guarded before anything runs
    """What `make demo` runs, a gunicorn with two workers; tests share it, so each has callers of its own."""
    with demo(free_port()) as card:
        yield card


@pytest.fixture
def demo_phone(running_demo: Card) -> Callable[..., Phone]:
    """Make phones that call the running demo over real HTTP."""

    def phone(caller: str, **more: Any) -> Phone:  # noqa: ANN401 - the phone's
        number = Number(
            voice_url=running_demo.voice,
            account_sid=running_demo.account,
            auth_token=running_demo.token,
            number=running_demo.number,
            fallback_url=running_demo.fallback,
            status_url=running_demo.status,
            owned=frozenset({running_demo.caller_id}),
        )
        return Phone(number, caller, **more)

    return phone
