"""What all tests share: no network but this machine, a seed that is told, the whole line to phone."""

import ipaddress
import logging
import re
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from twilio.request_validator import RequestValidator

import bridge.app
import voice_flows
from bridge.app import Clocks, create_app
from bridge.carrier.account import Line as Number
from bridge.carrier.phone import Phone
from bridge.carrier.wire import Post, Reply, wsgi
from bridge.demo import Card, demo
from bridge.proof import prove
from bridge.settings import Settings
from bridge.speech import Catalogue
from bridge.standin import StandIn
from bridge.store.migrate import migrate

ROOT = Path(__file__).parents[1]
OPENING_TIME = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))
"""A Wednesday morning on which the office is open."""

NOWHERE = ".invalid"
"""Names that never lead anywhere (RFC 2606): a test may look one up to see what happens."""


class Guard:
    """Lets sockets reach this machine only, and remembers every try to reach further."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.strays: list[str] = []
        self._look_up = socket.getaddrinfo
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, self._kept_home(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", self._looked_up_at_home)

    def _kept_home(self, connect: Callable[..., Any]) -> Callable[..., Any]:
        def connected(one: socket.socket, address: Any) -> Any:  # noqa: ANN401 - as the socket's own
            if one.family in (socket.AF_INET, socket.AF_INET6):
                self._check(address[0])
            return connect(one, address)

        return connected

    def _looked_up_at_home(self, host: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as above
        if isinstance(host, str) and host.endswith(NOWHERE):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        if host:
            self._check(host.decode() if isinstance(host, bytes) else host)
        return self._look_up(host, *arguments, **options)

    def _check(self, host: str) -> None:
        try:
            home = host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            home = False
        if not home:
            self.strays.append(host)
            raise OSError("tests reach this machine only")


@pytest.fixture(scope="session")
def guard() -> Iterator[Guard]:
    with pytest.MonkeyPatch.context() as patch:
        yield Guard(patch)


@pytest.fixture(autouse=True)
def _no_network(guard: Guard) -> Iterator[None]:
    """No test reaches beyond this machine, not even one whose code swallows the refusal."""
    yield
    strays, guard.strays = guard.strays, []
    assert strays == []


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Random:
    """Randomness of this test's own; `pytest -p randomly_seed=...` with the printed seed repeats it."""
    seed = f"{request.config.getoption('randomly_seed', 0)} {request.node.nodeid}"
    print(f"seed: {seed}")  # noqa: T201 - shown with a failure
    return Random(seed)


class Clock:
    """A clock that goes with the machine's, leaps over every wait, and can be moved on."""

    def __init__(self) -> None:
        self._begun, self._leapt = monotonic(), 0.0

    def ticks(self) -> float:
        """Seconds that only go up."""
        return monotonic() + self._leapt

    def sleep(self, seconds: float) -> None:
        """Wait without waiting."""
        self._leapt += seconds

    def now(self) -> datetime:
        """The moment, from a Wednesday morning on."""
        return OPENING_TIME + timedelta(seconds=self.ticks() - self._begun)

    def move(self, **span: float) -> None:
        """Let time pass, as in `move(hours=24)`."""
        self.sleep(timedelta(**span).total_seconds())


class Line:
    """The whole line in this process: the real app on a fresh database, a Tagor behind real HTTP."""

    account = "AC" + "0a1b2c3d" * 4
    token = "3f1e5a7b9c2d4068"
    public = "https://line.example.be"
    number = "+3220000001"
    second_number = "+3220000002"
    switchboard = "+3220000010"

    def __init__(
        self,
        folder: Path,
        books: Path,
        tagor: StandIn,
        clock: Clock,
        *,
        office: Mapping[str, str] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """`books` is an empty database; `office` says what to write in place of what in the demo's file."""
        self.tagor, self.clock, self.folder = tagor, clock, folder
        self.database = folder / "bridge.db"
        self.offices = folder / "offices"
        self.offices.mkdir(exist_ok=True)
        (self.offices / "demo.toml").write_text(self._sheet(office or {}), encoding="utf-8")
        self.environ = self._environ() | dict(environ or {})
        shutil.copy(books, self.database)
        self.start()

    def start(self, clocks: Clocks | None = None) -> None:
        """Open the line, or open it anew as a deployment does; on the test's clock if none is given."""
        clocks = clocks or Clocks(self.clock.now, self.clock.ticks, self.clock.sleep)
        self.app = create_app(Settings.read(self.environ), clocks)
        self.post: Post = wsgi(self.app)

    def phone(
        self,
        caller: str = "+32470000001",
        *,
        number: str = "",
        post: Post | None = None,
        **more: Any,  # noqa: ANN401 - the phone's
    ) -> Phone:
        """A handset in the hand of whoever has the number `caller`; not ringing yet."""
        return Phone(
            self.dialled(number),
            caller,
            post=post or self.post,
            clock=lambda: self.clock.now().timestamp(),
            elapse=self.clock.sleep,
            **more,
        )

    def dialled(self, number: str = "") -> Number:
        """The line as the provider's console has it."""
        return Number(
            voice_url=f"{self.public}/voice",
            account_sid=self.account,
            auth_token=self.token,
            number=number or self.number,
            fallback_url=f"{self.public}/voice/fallback",
            status_url=f"{self.public}/voice/status",
            owned=frozenset({self.switchboard}),
        )

    def webhook(self, path: str, call: str, **fields: str) -> Reply:
        """Post one signed webhook about a call, whatever the call is at."""
        ours = {"AccountSid": self.account, "ApiVersion": "2010-04-01", "CallSid": call}
        call_fields = {"CallStatus": "in-progress", "Direction": "inbound", "From": "+32470000001"}
        form = ours | call_fields | {"To": self.number} | fields
        url = self.public + path
        signature = RequestValidator(self.token).compute_signature(url, form)
        kind = "application/x-www-form-urlencoded"
        headers = {"X-Twilio-Signature": signature, "Content-Type": kind}
        return self.post(url, list(form.items()), headers)

    def break_database(self, *tables: str) -> None:
        """Take tables away under the running line."""
        with closing(sqlite3.connect(self.database)) as books:
            for table in tables:
                books.execute(f"DROP TABLE {table}")

    def asked(self, operation: str = "") -> list[str]:
        """What Tagor was asked, in order, as `PinToFile`; only the given operation if there is one."""
        names = [entry["operation"].rpartition("/")[2] for entry in self.tagor.journal()]
        return [name for name in names if operation in ("", name)]

    def notes(self) -> list[str]:
        """The files that a balance question left a note on, one entry per note."""
        return [row["file_id"] for row in self.tagor.state()["info_records"] if row["code"] == "OPSV"]

    def _sheet(self, changes: Mapping[str, str]) -> str:
        text = (ROOT / "offices" / "demo.toml").read_text(encoding="utf-8")
        text = re.sub(r'(?m)^url = ".*"$', f'url = "{self.tagor.url}"', text)
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new, 1)
        return text

    def _environ(self) -> dict[str, str]:
        return {
            "BRIDGE_DEMO": "1",
            "BRIDGE_PUBLIC_URL": self.public,
            "BRIDGE_SECRET": "the secret of a line that is only ever phoned by tests",
            "BRIDGE_ACCOUNT": self.account,
            "BRIDGE_TOKENS": self.token,
            "BRIDGE_OFFICES": str(self.offices),
            "BRIDGE_LOG_LEVEL": "ERROR",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "TAGOR_KEY": self.tagor.key,
        }


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tagor(clock: Clock) -> Iterator[StandIn]:
    """A running Tagor whose clock is the test's."""
    with StandIn(clock=clock.now) as running:
        yield running


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database in which nothing is written yet."""
    empty = tmp_path_factory.mktemp("books") / "bridge.db"
    migrate(f"sqlite:///{empty}")
    return empty


@pytest.fixture(scope="session")
def words() -> Catalogue:
    """The line's own words, read and proved once: every line of a run says the same."""
    catalogue = Catalogue.load(voice_flows.PROMPTS)
    prove(voice_flows.CALL, catalogue)
    return catalogue


def kept(opened: list[Any], make: Callable[..., Any]) -> Callable[..., Any]:
    """The same maker, whose works are kept in a list."""

    def made(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the app makes
        opened.append(make(*arguments, **options))
        return opened[-1]

    return made


@pytest.fixture
def open_line(
    tmp_path: Path, books: Path, words: Catalogue, tagor: StandIn, clock: Clock
) -> Iterator[Callable[..., Line]]:
    """Open lines to that Tagor; afterwards nothing of them stays open."""
    opened: list[Any] = []
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.raiseExceptions
    with pytest.MonkeyPatch.context() as patch:
        for name in ("Database", "tagor_of"):
            patch.setattr(bridge.app, name, kept(opened, getattr(bridge.app, name)))
        patch.setattr(bridge.app, "Catalogue", SimpleNamespace(load=lambda _: words))
        patch.setattr(bridge.app, "prove", lambda _flows, _words: None)
        patch.setenv("TAGOR_KEY", tagor.key)
        yield lambda **changes: Line(tmp_path, books, tagor, clock, **changes)
    for one in opened:
        one.close()
    root.handlers[:], root.level, logging.raiseExceptions = before  # the app has set its own


@pytest.fixture
def line(open_line: Callable[..., Line]) -> Line:
    """The demo's office on an ordinary morning."""
    return open_line()


def free_port() -> int:
    with closing(socket.create_server(("", 0))) as door:
        port: int = door.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def running_demo(guard: Guard) -> Iterator[Card]:  # noqa: ARG001 - guarded before anything runs
    """What `make demo` runs: gunicorn with two workers; shared, so a test uses callers of its own."""
    with demo(free_port()) as card:
        yield card


@pytest.fixture
def demo_phone(running_demo: Card) -> Callable[..., Phone]:
    """Phones that call the running demo over real HTTP."""

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
