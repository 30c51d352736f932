"""The whole line in one process, on a clock that no wait can slow down."""

import re
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from zoneinfo import ZoneInfo

from twilio.request_validator import RequestValidator

from bridge.app.create import Bridge, create_app, open_repositories
from bridge.app.overrides import Overrides, Speech
from bridge.clock import Clock
from bridge.settings import Settings
from bridge.simulators.inline_executor import InlineExecutor
from bridge.simulators.provider.account import PhoneLine as Number
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.wire import Post, Reply, wsgi
from bridge.simulators.tagor import StandIn
from bridge.store.live_settings import LiveSettings
from bridge.store.repositories import Repositories

ROOT = Path(__file__).parents[1]
OPENING_TIME = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))
"""A Wednesday morning on which the office is open."""
LONG_ENOUGH = 10.0
"""Seconds that anything may take in most tests, whatever else the machine is doing."""
GIVEN_WAY = 0.005
"""Seconds of the machine for which a wait lets other threads work."""
STEP = 30.0
"""Seconds between two rounds of the outbox worker while time passes; more when much time passes."""


class FakeClock(Clock):
    """A clock that goes with the machine's, skips nearly all of every wait, and can be moved on."""

    def __init__(self) -> None:
        super().__init__()
        self._begun, self._leapt = monotonic(), 0.0

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return monotonic() + self._leapt

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass nearly at once."""
        # Whoever is waited for, such as a thread that asks Tagor, works in the machine's time.
        sleep(min(seconds, GIVEN_WAY))
        self._leapt += seconds

    def now(self) -> datetime:
        """Return the moment, from a Wednesday morning on."""
        return OPENING_TIME + timedelta(seconds=self.monotonic() - self._begun)

    def move(self, **span: float) -> None:
        """Let time pass, as in `move(hours=24)`."""
        self._leapt += timedelta(**span).total_seconds()


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
        empty_database: Path,
        tagor: StandIn,
        clock: FakeClock,
        *,
        api: RestApi | None = None,
        office: Mapping[str, str] | None = None,
        environ: Mapping[str, str] | None = None,
        speech: Speech | None = None,
        started: bool = True,
        threads: bool = False,
    ) -> None:
        """Open the line on a copy of `empty_database`; or, not `started`, leave `start` to the test.

        `office` says which texts of the demo's office file are replaced by which. Without an `api` the
        provider keeps no recordings. `speech` is what was read and proved before. With `threads`, questions
        to Tagor have threads of their own, as in production; without them a turn does itself what it begins.
        """
        executor = None if threads else lambda _threads, _name: InlineExecutor()
        self._overrides, self._bridges = Overrides(speech=speech, executor=executor), list[Bridge]()
        self.tagor, self.clock, self.folder, self.api = tagor, clock, folder, api
        self.database = folder / "bridge.db"
        self.offices = folder / "offices"
        self.offices.mkdir(exist_ok=True)
        (self.offices / "demo.toml").write_text(self._sheet(office or {}), encoding="utf-8")
        self.environ = self._environ() | dict(environ or {})
        shutil.copy(empty_database, self.database)
        if started:
            self.start()

    def start(self, clock: Clock | None = None) -> None:
        """Open the line, or open it anew as a deployment does; on the test's clock if none is given."""
        self.app = create_app(Settings.read(self.environ), clock or self.clock, overrides=self._overrides)
        self._bridges.append(self.app.extensions["bridge"])
        self.post: Post = wsgi(self.app)

    def close(self) -> None:
        """Close the database and the connections of every bridge that was opened here."""
        while self._bridges:
            opened = self._bridges.pop()
            opened.database.close()
            for context in opened.contexts.values():
                context.tagor.close()

    def phone(
        self,
        caller: str = "+32470000001",
        *,
        number: str = "",
        post: Post | None = None,
        **more: Any,  # noqa: ANN401 - the phone's
    ) -> Phone:
        """Make a handset with the number `caller`; it does not ring yet."""
        return Phone(
            self.dialled(number),
            caller,
            post=post or self.post,
            clock=lambda: self.clock.now().timestamp(),
            **{"elapse": lambda seconds: self.clock.move(seconds=seconds), **more},
        )

    def dialled(self, number: str = "") -> Number:
        """Return the line as the provider's console has it."""
        return Number(
            voice_url=f"{self.public}/voice",
            account_sid=self.account,
            auth_token=self.token,
            number=number or self.number,
            fallback_url=f"{self.public}/voice/fallback",
            status_url=f"{self.public}/voice/status",
            owned=frozenset({self.switchboard}),
            **({"keep": self.api.recordings.put} if self.api else {}),
        )

    def after(self, **span: float) -> None:
        """Let time pass, as in `after(hours=2)`, while the outbox worker makes its rounds."""
        seconds = timedelta(**span).total_seconds()
        over, step = self.clock.monotonic() + seconds, max(STEP, seconds / 30)
        while self.app.extensions["bridge"].outbox_worker.round() or self.clock.monotonic() < over:
            self.clock.move(seconds=min(step, max(0.0, over - self.clock.monotonic())))

    def live_settings(self) -> LiveSettings:
        """Return what people change while the line runs; `take_over` lets this process know of it."""
        return self._repositories().live_settings

    def take_over(self) -> None:
        """Let this process look for changes, as its thread does twice a second."""
        self.app.extensions["bridge"].live_offices.refresh()

    def jobs(self) -> dict[str, int]:
        """Count the jobs of the outbox that wait, are done or are dead letters: `ready`, `done`, `dead`."""
        return {str(state): count for state, count in self._repositories().outbox.counts().items() if count}

    def retry(self) -> None:
        """Try every dead letter again, as the office does from the command line."""
        outbox = self._repositories().outbox
        assert all(outbox.retry(letter.id, self.clock.now()) for letter in outbox.dead_letters())

    def promises(self) -> list[str]:
        """Return the states of all promised call-backs, oldest first."""
        return [str(entry.state) for entry in self._repositories().callbacks.report(OPENING_TIME)]

    def steps(self, call: str) -> list[str]:
        """Return the path of a call as the journal has it, as `Defendant.main 1`."""
        return [f"{entry.step} {entry.exit}" for entry in self._repositories().steps.path(call)]

    def _repositories(self) -> Repositories:
        return open_repositories(Settings.read(self.environ))

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
        with closing(sqlite3.connect(self.database)) as database:
            for table in tables:
                database.execute(f"DROP TABLE {table}")

    def asked(self, operation: str = "") -> list[str]:
        """Return what Tagor was asked, in its order, as `PinToFile`; only this operation if one is given."""
        names = [entry["operation"].rpartition("/")[2] for entry in self.tagor.journal()]
        return [name for name in names if operation in ("", name)]

    def notes(self) -> list[str]:
        """Return the ids of the files on which a question for the balance left a note, one for each note."""
        return [row["file_id"] for row in self.tagor.state()["info_records"] if row["code"] == "OPSV"]

    def _sheet(self, changes: Mapping[str, str]) -> str:
        text = (ROOT / "offices" / "demo.toml").read_text(encoding="utf-8")
        text = re.sub(r'(?m)^url = ".*"$', f'url = "{self.tagor.url}"', text)
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new, 1)
        return text

    def _environ(self) -> dict[str, str]:
        recordings = {"BRIDGE_PROVIDER_API": self.api.url} if self.api else {}
        return recordings | {
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
