"""A line that can be killed: a real gunicorn with its own database and its own Tagor, and a hand on both."""

import os
import shutil
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self

from plans_killing_app import AHEAD, ARMED, DOOMED
from plans_server import Server, Stage, free_port, wait_for

from bridge.simulators.provider.account import TWILIO
from bridge.simulators.provider.account import PhoneLine as Number
from bridge.simulators.provider.webhook import Webhook, WebhookRequest
from bridge.simulators.tagor import Case, StandIn
from bridge.store.database import Database
from bridge.store.decision import DecisionEntry
from bridge.store.decisions import Decisions
from bridge.store.encryption import Sealer

OFFICE = "demo"
SECRET = "the secret of a line that only ever rehearses"
ACCOUNT = "AC" + "0a1b2c3d" * 4
TOKEN = "3f1e5a7b9c2d4068"
NUMBER, SWITCHBOARD = "+3220000001", "+3220000010"


class Line:
    """One office's line with so many workers, on a stage."""

    def __init__(self, folder: Path, stage: Stage, workers: int) -> None:
        self.folder, self.workers, self._code = folder, workers, stage.code
        folder.mkdir()
        shutil.copy(stage.books, folder / "bridge.db")
        self.tagor = StandIn().start()
        self._ahead = timedelta(0)
        self.leap(self._ahead)
        self._port = free_port()
        self._write_office()
        self.server = Server(folder, stage, self._environ(), f"{self.public}/readyz")
        self._database = Database(self._url)
        self.journal = Decisions(self._database, Sealer([SECRET]))
        self.last_words = self._last_words()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stop()
        self._database.close()
        self.tagor.close()

    @property
    def number(self) -> Number:
        """The line as the provider's console has it."""
        return Number(
            voice_url=f"{self.public}/voice",
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            number=NUMBER,
            fallback_url=f"{self.public}/voice/fallback",
            status_url=f"{self.public}/voice/status",
            owned=frozenset({SWITCHBOARD}),
        )

    def clear(self) -> None:
        """Make ready for the next: no fault, no death, and what Tagor was asked is forgotten."""
        self.disarm()
        self.tagor.clear_faults()
        self.tagor.clear_journal()

    def leap(self, span: timedelta) -> None:
        """Put the line's clock forward."""
        self._ahead += span
        (self.folder / "next").write_text(str(self._ahead.total_seconds()))
        (self.folder / "next").rename(self.folder / AHEAD)

    def arm(self, boundary: str, in_flight: str = "") -> None:
        """Let the next process that passes this boundary die there, or when Tagor was asked `in_flight`."""
        if in_flight:
            asked = len(self.asked(in_flight))
            threading.Thread(target=self._kill_in_flight, args=(in_flight, asked), daemon=True).start()
        (self.folder / DOOMED).unlink(missing_ok=True)
        (self.folder / "arming").write_text(f"{boundary}\nin flight" if in_flight else boundary)
        (self.folder / "arming").rename(self.folder / ARMED)

    def disarm(self) -> None:
        """From now on nobody dies."""
        for file in (ARMED, DOOMED):
            (self.folder / file).unlink(missing_ok=True)

    def asked(self, operation: str, file: str = "") -> list[dict[str, Any]]:
        """What Tagor was asked of this operation, of this file if one is given."""
        entries = [entry for entry in self.tagor.journal() if entry["operation"] == operation]
        return [entry for entry in entries if file in ("", entry["fields"].get("TDOS_Id"))]

    def now(self) -> datetime:
        """The moment, as the line has it."""
        return datetime.now(UTC) + self._ahead

    def decisions(self, since: datetime) -> list[DecisionEntry]:
        """What the journal has been opened for since a moment of the line's clock, oldest first."""
        return [entry for entry in self.journal.report(since) if entry.opened_at >= since]

    def open_file(self, number: int, balance: Decimal) -> Case:
        """A new defendant with a file of their own."""
        case = Case(
            note="One who is cut off.",
            name=f"Caller {number}",
            phone=f"+32471{number:06d}",
            file=f"3{number:07d}",
            file_id=f"92000000000000{number:05d}",
            party_id=f"93000000000000{number:05d}",
            reference=f"88{number:05d}",
            pin=f"{Random(number).randrange(1_000_000):06d}",
            house_number="7",
            balance=balance,
        )
        self.tagor.add_case(case)
        return case

    @property
    def public(self) -> str:
        """The line's own address."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.folder}/bridge.db"

    def _write_office(self) -> None:
        offices = self.folder / "offices"
        offices.mkdir()
        text = (self._code / "offices" / "demo.toml").read_text(encoding="utf-8")
        text = text.replace("http://127.0.0.1:9000/v1/web", self.tagor.url)
        assert self.tagor.url in text
        (offices / f"{OFFICE}.toml").write_text(text, encoding="utf-8")

    def _environ(self) -> dict[str, str]:
        ours = ("BRIDGE_", "GUNICORN_", "DATABASE_")
        return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
            "BRIDGE_DEMO": "1",
            "BRIDGE_PUBLIC_URL": self.public,
            "BRIDGE_SECRET": SECRET,
            "BRIDGE_ACCOUNT": ACCOUNT,
            "BRIDGE_TOKENS": TOKEN,
            "BRIDGE_OFFICES": str(self.folder / "offices"),
            "BRIDGE_PORT": str(self._port),
            "BRIDGE_WORKERS": str(self.workers),
            "BRIDGE_THREADS": "16",
            "BRIDGE_LOG_LEVEL": "WARNING",
            "DATABASE_URL": self._url,
            "REHEARSAL_FOLDER": str(self.folder),
            "TAGOR_KEY": self.tagor.key,
        }

    def _last_words(self) -> bytes:
        """What a call hears that nobody can lead: asked of one that never was."""
        stranger = Webhook(self.number, TWILIO, "", random=Random(), post=None, clock=time.time)
        try:
            return stranger.ask(WebhookRequest(f"{self.public}/voice/turn/9"), "in-progress").body
        finally:
            stranger.close()

    def _kill_in_flight(self, operation: str, asked: int) -> None:
        doomed = self.folder / DOOMED
        if wait_for(lambda: doomed.exists() and len(self.asked(operation)) > asked, 60):
            os.kill(int(doomed.read_text()), signal.SIGKILL)
            doomed.unlink()
