"""What all tests share: no network beyond this machine, a printed seed, and a whole line to phone."""

import gc
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from shutil import disk_usage
from typing import Any

import pytest
import structlog

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from shared_guard import Guard
from shared_line import LONG_ENOUGH, FakeClock, Line
from shared_process import free_port

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
from bridge.telephony.reply_check import ReplyCheck
from voice_flows.defendant import Defendant

ReplyCheck.checks_all = True  # in tests the first document of a shape says nothing of the next one
MEMORY = Path("/dev/shm")  # noqa: S108 - only where to put temporary folders
ROOM = 4 << 30
"""Bytes that must be free there."""


def pytest_configure() -> None:
    """Keep the databases of the tests in memory, where there is room: they commit often and are soon gone."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keep the collector of garbage away from ten thousand tests that stay."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


@pytest.fixture(autouse=True, scope="session")
def _uncached_loggers() -> Iterator[None]:
    """Let no module keep the log that an earlier test set up: a later one could not read its events."""
    configure = structlog.configure
    with pytest.MonkeyPatch.context() as patch:
        uncached = {"cache_logger_on_first_use": False}
        patch.setattr(structlog, "configure", lambda **settings: configure(**settings | uncached))
        yield


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
            "action_runner.PATIENCE",  # silence before the caller hears what is being done
            "action_runner.NO_PATIENCE",
            "turns.PATIENCE",  # the same for all that a turn waits for
            "turns.SLOW_TRANSACTION_SECONDS",  # above which a database is as good as away
        ):
            monkeypatch.setattr(f"bridge.conversation.{limit}", LONG_ENOUGH)
        # A turn that waited to its end must still save its reply, and its waits may have skipped seconds.
        monkeypatch.setattr("bridge.app.create.WEBHOOK_SECONDS", 6 * LONG_ENOUGH)
        # No chime sounds here for as long as the look-up of the caller's number takes, so it is waited for.
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
        for number in (Line.number, Line.second_number):
            api.own(
                number,
                voice_url=f"{Line.public}/voice",
                voice_method="POST",
                voice_fallback_url="https://fallback.example.net/fallback-demo",
                voice_fallback_method="POST",
                status_callback=f"{Line.public}/voice/status",
                status_callback_method="POST",
            )
        api.verified.add(Line.switchboard)
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


@pytest.fixture(scope="session", autouse=True)
def _words_are_read_once() -> Iterator[None]:
    """Read the line's own words once in a run, whoever reads them; other folders are read as ever."""
    load = Catalogue.load
    folder_of_ours = voice_flows.PROMPTS
    own = load(folder_of_ours)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Catalogue, "load", lambda folder: own if folder == folder_of_ours else load(folder))
        yield


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
    request: pytest.FixtureRequest,
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

    threads = "real_patience" in request.fixturenames

    def open_one(**changes: Any) -> Line:  # noqa: ANN401 - the line's
        changes = {"threads": threads, **changes}
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
