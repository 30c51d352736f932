"""Every alert rule fires in a line whose part is broken, and is silent while it is well."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import structlog
from alerts_watch import RULES, RULES_FILE, Watch
from requests.adapters import HTTPAdapter
from shared_process import until
from shared_server import real_server

from bridge.conversation.services.file import FileService
from bridge.store.database import Database

if TYPE_CHECKING:
    from tests.shared_line import Line

    Break = Callable[["Watched", pytest.MonkeyPatch], None]

TOKEN = "a token for the figures"
AN, PIN, WRONG_PIN, FILE = "+32470000001", "482193", "111111", "20230118"
OFFICE = {"office": "demo"}
WELL = 3
"""Minutes for which the line is well before something breaks."""

pytestmark = pytest.mark.usefixtures("real_patience")


@pytest.fixture(autouse=True)
def _fresh_loggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each line count what it logs: a logger keeps for ever the first configuration that it met."""
    kind = type(structlog.get_logger())
    for name, module in list(sys.modules.items()):
        if name.startswith("bridge.") and isinstance(getattr(module, "log", None), kind):
            monkeypatch.setattr(module, "log", structlog.get_logger(name))


@dataclass
class Watched:
    """A line, what watches it, and whether somebody does the work that calls leave behind."""

    line: "Line"
    works: bool = True
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self._page, self._minute)

    def call(self, pin: str = PIN, **more: Any) -> None:  # noqa: ANN401 - the phone's
        """Ring, ask for the balance, key in the PIN, and hang up."""
        phone = self.line.phone(AN, **more).ring()
        for keys in ("1", pin):
            if phone.state == "listening":
                phone.press(keys)
        if phone.state != "over":
            phone.hang_up()

    def _page(self) -> str:
        client = self.line.app.test_client()
        page = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert page.status_code == 200
        return page.text

    def _minute(self) -> None:
        bridge = self.line.app.extensions["bridge"]
        self.line.clock.move(minutes=1)
        if self.works:
            while bridge.outbox_worker.round():
                pass
            bridge.reconciler.round()


def store_away(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """The database cannot be reached."""
    line = watched.line
    line.environ["DATABASE_URL"] = f"sqlite:///{line.folder}/away/bridge.db"
    line.start()
    watched.works = False
    watched.watch.minutes(2)


def calls_unreadable(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """The table of calls is gone."""
    watched.line.break_database("turns", "calls")
    watched.watch.minutes(4, watched.call)


def store_slow(watched: Watched, patch: pytest.MonkeyPatch) -> None:
    """Every transaction takes six tenths of a second, of which a PIN needs several."""
    admitted = Database._admitted

    @contextmanager
    def slowly(database: Database, mode: Any) -> Iterator[None]:  # noqa: ANN401 - the database's
        with admitted(database, mode):
            watched.line.clock.move(seconds=0.6)
            yield

    patch.setattr(Database, "_admitted", slowly)
    watched.watch.minutes(7, watched.call)


def token_changed(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """The provider signs with a token that the bridge was not told."""
    watched.line.token = "0123456789abcdef" * 2
    watched.watch.minutes(4, watched.call)


def tagor_half_down(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """One operation of Tagor fails."""
    watched.line.tagor.fault("TagorService/GetSaldo", "status", status=503)
    watched.watch.minutes(12, watched.call)


def tagor_slow(watched: Watched, patch: pytest.MonkeyPatch) -> None:
    """Each question to Tagor takes six seconds of the line's clock."""
    send = HTTPAdapter.send

    def slowly(*asked: Any, **more: Any) -> requests.Response:  # noqa: ANN401 - the adapter's
        watched.line.clock.move(seconds=6)
        return send(*asked, **more)

    patch.setattr(HTTPAdapter, "send", slowly)
    watched.watch.minutes(14, watched.call)


def action_broken(watched: Watched, patch: pytest.MonkeyPatch) -> None:
    """An action has a mistake, and one caller meets it."""

    def broken(*_: object) -> None:
        raise KeyError

    patch.setattr(FileService, "balance", broken)
    watched.call()
    watched.watch.minutes(1)


def crowd(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """More people call in a minute than the office file allows."""
    for _ in range(3):
        watched.call()
    watched.watch.minutes(1)


def pins_tried(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """Somebody tries PINs on one file after the other."""
    for number in range(4):
        phone = watched.line.phone(f"+3247100000{number}").ring().press("1").press(WRONG_PIN)
        phone.press(f"2023{number:04}#").hang_up()
    watched.watch.minutes(1)


def plan_unclear(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """The answer to an agreed plan was lost, and Tagor is away since."""
    phone = watched.line.phone(AN).ring()
    watched.line.tagor.fault("TagorService/SavePaymentPlan", "reset_before", times=1)
    for keys in ("1", PIN, "2", "1", "1", "1"):
        phone.press(keys)
    watched.line.tagor.fault("*", "status", status=503)
    phone.hang_up()
    watched.watch.minutes(62)


def nobody_works(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """No process does what calls left behind."""
    watched.works = False
    watched.call()
    watched.watch.minutes(17)


def notes_refused(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """Tagor does not take a note, and it is tried again and again."""
    watched.line.tagor.fault("Dossier/CreateInfoLine", "status", status=503)
    watched.call()
    watched.watch.minutes(22)


def note_given_up(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """Tagor refuses a note for so many days that nobody tries it any more."""
    watched.line.tagor.fault("Dossier/CreateInfoLine", "success_false")
    watched.call()
    for _ in range(120):
        watched.line.clock.move(hours=2)
        watched.line.app.extensions["bridge"].outbox_worker.round()
    watched.watch.minutes(1)


def replies_lost(watched: Watched, _: pytest.MonkeyPatch) -> None:
    """A proxy between provider and line loses the reply to the first key of every call."""

    def post(url: str, form: Any, headers: Mapping[str, str]) -> Any:  # noqa: ANN401 - the provider's
        return (502, {}, b"") if "/voice/turn/2" in url else watched.line.post(url, form, headers)

    watched.watch.minutes(4, lambda: watched.call(post=post, strict=False))


BREAKS: list[tuple[str, "Break", dict[str, str], dict[str, str]]] = [
    ("BridgeStoreAway", store_away, {}, {}),
    ("BridgeApologises", calls_unreadable, {}, {}),
    ("BridgeSlow", store_slow, {}, {}),
    ("BridgeRefusesWebhooks", token_changed, {}, {}),
    ("BridgeTagorAlone", tagor_half_down, {**OFFICE, "operation": "TagorService/GetSaldo"}, {}),
    ("BridgeTagorSlow", tagor_slow, OFFICE, {}),
    ("BridgeActionsBreak", action_broken, {}, {}),
    ("BridgeShedsCalls", crowd, OFFICE, {"calls_a_minute = 10000 ": "calls_a_minute = 1 "}),
    ("BridgePinBudgetUsedUp", pins_tried, OFFICE, {"# max_failures_hour = 20 ": "max_failures_hour = 3 "}),
    ("BridgeDecisionsOpen", plan_unclear, {}, {}),
    ("BridgeOutboxLate", nobody_works, {}, {}),
    ("BridgeOutboxLate", notes_refused, {}, {}),
    ("BridgeDeadLetters", note_given_up, {}, {}),
    ("BridgeFallsBack", replies_lost, {}, {}),
]
"""What breaks: the alert that somebody is told of, with its labels, and a line whose office file differs."""


def test_every_rule_is_tried():
    """Only the bridge's own absence has a test of its own."""
    assert {alert for alert, *_ in BREAKS} == set(RULES) - {"BridgeAway"}


@pytest.mark.parametrize(
    ("alert", "happens", "labels", "office"), BREAKS, ids=[happens.__name__ for _, happens, *_ in BREAKS]
)
def test_a_broken_part_raises_its_alert(
    open_line: "Callable[..., Line]",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    alert: str,
    happens: "Break",
    labels: dict[str, str],
    office: dict[str, str],
):
    """It is silent while calls are answered as ever, and fires, in its own words, once the part is broken."""
    environ = {"BRIDGE_METRICS": TOKEN, "BRIDGE_WORKERS": "1"}
    watched = Watched(open_line(office=office, environ=environ, threads=False))
    watched.watch.minutes(WELL, watched.call)
    happens(watched, monkeypatch)
    assert watched.watch.firing(tmp_path, alert, WELL - 1, labels) == ""


def test_every_panel_of_the_dashboard_can_be_reckoned(open_line: "Callable[..., Line]", tmp_path: Path):
    """Prometheus understands each expression, over what a line shows."""
    board = json.loads((RULES_FILE.parent / "grafana" / "bridge.json").read_text("utf-8"))
    watched = Watched(open_line(environ={"BRIDGE_METRICS": TOKEN}, threads=False))
    watched.watch.minutes(2, watched.call)
    expressions = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert expressions
    assert watched.watch.reckoned(tmp_path, expressions) == ""


def test_a_line_that_is_away_raises_its_alert(tmp_path: Path):
    """The server ends, as a machine does that fails: nothing answers the scrape."""
    with real_server({"BRIDGE_METRICS": TOKEN}) as server:

        def page() -> str:
            headers = {"Authorization": f"Bearer {TOKEN}"}
            found = requests.get(f"{server.card.public}/metrics", headers=headers, timeout=5)
            found.raise_for_status()
            return found.text

        watch = Watch(page, lambda: None)
        watch.minutes(2)
        server.process.kill()
        until(lambda: server.process.poll() is not None)
        until(lambda: _is_silent(page))
        watch.minutes(4)
    told = {"job": "bridge", "instance": "line"}
    assert watch.firing(tmp_path, "BridgeAway", 1, told) == ""


def _is_silent(page: Callable[[], str]) -> bool:
    try:
        page()
    except OSError:
        return True
    return False
