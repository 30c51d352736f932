"""The line behind a real nginx with TLS, configured by the file of the deployment kit."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest
import requests
from operations_site import SARAH, Site, behind_proxy
from shared_postgres import OwnServer
from shared_process import PATIENCE, until
from shared_server import rang_the_switchboard

from bridge.operations.processes import children_of
from bridge.operations.restart import restart
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.wire import Form, Post, Reply
from bridge.simulators.rehearsal.live.site import numbered_case
from bridge.simulators.tagor import Case
from bridge.store.migrate import migrate

READY = 180.0
"""Seconds in which a new server takes calls, whatever else the machine does."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with behind_proxy(tmp_path_factory.mktemp("site")) as running:
        yield running


def test_a_call_goes_through_the_proxy(site: Site):
    """Signed over the public address, with TLS, to its end: the kit's file passes everything as it came."""
    phone = site.phone().ring().press("1").press(str(SARAH.pin))
    assert rang_the_switchboard(phone) or any("318 euros" in heard.text for heard in phone.heard)
    phone.hang_up()
    assert phone.faults == []


@pytest.mark.parametrize(
    ("path", "status"),
    [("/healthz", 200), ("/readyz", 200), ("/", 404), ("/voicex", 404), ("/.env", 404), ("/metrics", 404)],
)
def test_only_what_is_needed_leads_in(site: Site, path: str, status: int):
    """The figures' page is not there either, for it has not been switched on."""
    assert requests.get(site.url + path, verify=site.certificate, timeout=PATIENCE).status_code == status


def test_without_tls_nothing_is_answered_and_nothing_redirected(site: Site):
    """A redirect would lose keys, and a PIN would have gone over the line in the open."""
    reply = requests.post(
        f"http://127.0.0.1:{site.proxy.plain}/voice",
        data={"Digits": "1"},
        timeout=PATIENCE,
        allow_redirects=False,
    )
    assert reply.status_code == 404


def test_a_body_that_no_provider_sends_stops_at_the_proxy(site: Site):
    """It is larger than anything that one sends."""
    reply = requests.post(f"{site.url}/voice", data=b"x" * 70_000, verify=site.certificate, timeout=PATIENCE)
    assert reply.status_code == 413


def test_a_restart_behind_the_proxy_breaks_no_call(site: Site):
    """The proxy keeps connections to the old server, and none of them is closed under a webhook."""
    over = Event()

    def calls(post: Post) -> int:
        played = 0
        while not over.is_set():
            phone = site.phone(post).ring().press("1").press(str(SARAH.pin))
            phone.hang_up()
            assert phone.faults == []
            played += 1
        return played

    with ThreadPoolExecutor(4) as callers:
        running = [callers.submit(calls, counted(site.post())) for _ in range(4)]
        try:
            server = site.server
            restart(
                Path(server.environ["BRIDGE_PID_FILE"]),
                int(server.environ["BRIDGE_PORT"]),
                ready_seconds=READY,
            )
        finally:
            over.set()
        assert all(caller.result() for caller in running)


def counted(post: Post) -> Callable[..., Reply]:
    """Let a post fail its call for every answer that is none of the bridge's."""

    def posted(url: str, form: Form | None, headers: dict[str, str]) -> Reply:
        status, told, body = post(url, form, headers)
        assert status < 500, body
        return status, told, body

    return posted


CALLERS = [numbered_case(number) for number in range(50)]
APART = 0.3
"""Seconds between two callers: nobody asks Tagor fifty questions in one moment."""
BEYOND = 2.0
"""Seconds that the slowest turn may take beyond a usual one."""
OWED = "11200: the webhook answered 502, 200 is expected"
"""What the provider is told by the proxy in place of an answer that a dead worker owed."""
LISTENS = 3.0
"""Seconds for which a caller listens before the next key."""


@dataclass
class Crowd:
    """Callers who phone again and again while something is done to the line; every call is kept."""

    site: Site
    calls: list[Phone]
    over: Event

    def phones(self, case: Case) -> None:
        """Phone, ask for the balance and hang up, until all is over."""
        post = self.site.post()
        self.over.wait(APART * CALLERS.index(case))
        while not self.over.is_set():
            phone = self.site.server.phone(case.phone or "", post, self.over.wait).ring()
            # The number is asked for when Tagor did not say in time whose telephone this is.
            for keys in ("1", str(case.pin), f"{case.file}#"):
                self.over.wait(LISTENS)
                if phone.state == "listening" and not hears_the_amount(phone):
                    self.presses(phone, keys)
            if phone.state != "over":
                phone.hang_up()
            if not self.over.is_set():  # else nobody waited for its answers any more
                self.calls.append(phone)

    def presses(self, phone: Phone, keys: str) -> None:
        """Press keys, and once more where the same question comes again because its answer was lost."""
        asked, lost = phone.heard[-1].text, len(phone.faults)
        phone.press(keys)
        if len(phone.faults) > lost and phone.state == "listening" and phone.heard[-1].text == asked:
            self.over.wait(LISTENS)
            phone.press(keys)


def lived_through(site: Site, happens: Callable[[], object]) -> list[Phone]:
    """Let it happen amid the calls of all `CALLERS`: each phones before and after it."""
    crowd = Crowd(site, [], Event())
    with ThreadPoolExecutor(len(CALLERS)) as callers:
        running = [callers.submit(crowd.phones, case) for case in CALLERS]
        try:
            until(lambda: len(crowd.calls) >= len(CALLERS))
            happens()
            so_far = len(crowd.calls)
            until(lambda: len(crowd.calls) >= so_far + len(CALLERS))
        finally:
            crowd.over.set()
        for one in running:
            one.result()
    return crowd.calls


def measured(calls: list[Phone], what: str) -> tuple[float, float]:
    """Say what was measured, and give the usual and the longest seconds of a turn."""
    seconds = sorted(turn.seconds for phone in calls for turn in phone.turns)
    usual, slowest = seconds[len(seconds) // 2], seconds[-1]
    lost = sum(bool(phone.faults) for phone in calls)
    put_through = sum(bool(phone.dialled) for phone in calls)
    print(  # noqa: T201 - what was measured
        f"{what}: {len(calls)} calls, {len(seconds)} turns, "
        f"half within {usual:.3f} s, slowest {slowest:.3f} s, "
        f"{lost} with a lost webhook, {put_through} put through to a person"
    )
    return usual, slowest


@dataclass(frozen=True)
class Deployed:
    """A line behind a proxy, and the PostgreSQL on which it stands."""

    site: Site
    database: OwnServer

    def replace_workers(self) -> None:
        """Replace every worker by another one, as a reload does."""
        master = self._master()
        before = set(children_of(master))
        os.kill(master, signal.SIGHUP)
        until(lambda: not before & set(children_of(master)))

    def replace_server(self) -> None:
        """Let a new server take over, as `bridge restart` does."""
        environ = self.site.server.environ
        restart(Path(environ["BRIDGE_PID_FILE"]), int(environ["BRIDGE_PORT"]), ready_seconds=READY)

    def kill_a_worker(self) -> None:
        """End one of two workers in the middle of its turns; returns when another has taken its place."""
        master = self._master()
        before = children_of(master)
        os.kill(before[0], signal.SIGKILL)
        until(lambda: before[0] not in children_of(master) and len(children_of(master)) == len(before))

    def restart_the_database(self) -> None:
        """Restart PostgreSQL, as an upgrade of its package does."""
        self.database.restart()

    def lose_the_database(self) -> None:
        """Let PostgreSQL fall, and start it again: it is away for longer than a restart takes."""
        self.database.crash()
        self.database.start()

    def _master(self) -> int:
        return int(Path(self.site.server.environ["BRIDGE_PID_FILE"]).read_text())


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    database = OwnServer()
    migrate(database.address)
    settings = {"DATABASE_URL": database.address, "BRIDGE_WORKERS": "2", "BRIDGE_THREADS": "64"}
    with behind_proxy(tmp_path_factory.mktemp("deployed"), CALLERS, **settings) as site:
        yield Deployed(site, database)


@pytest.mark.rehearsal
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "happens", [Deployed.replace_workers, Deployed.replace_server, Deployed.restart_the_database]
)
def test_what_is_planned_loses_no_webhook_of_fifty_callers(
    deployed: Deployed, happens: Callable[[Deployed], None]
):
    """New workers, a new server, PostgreSQL restarted: each call goes on, and nobody is put through."""
    assert_nothing_lost(lived_through(deployed.site, lambda: happens(deployed)), happens.__name__)


@pytest.mark.rehearsal
@pytest.mark.timeout(300)
def test_two_machines_replaced_in_turn_lose_no_webhook_of_fifty_callers(deployed: Deployed):
    """One after the other leaves the proxy, ends, starts anew and comes back, as docs/machines.md says."""
    with deployed.site.second_server() as machines:
        calls = lived_through(deployed.site, machines.replace_in_turn)
    assert_nothing_lost(calls, "two machines replaced in turn")


@pytest.mark.rehearsal
@pytest.mark.timeout(300)
def test_a_killed_worker_puts_none_of_fifty_callers_through(deployed: Deployed):
    """Only the answers that it owed are lost, one of a call at most: those callers are asked once more."""
    calls = lived_through(deployed.site, deployed.kill_a_worker)
    usual, slowest = measured(calls, "a worker killed")
    assert {str(fault) for phone in calls for fault in phone.faults} <= {OWED}
    assert max(len(phone.faults) for phone in calls) <= 1
    assert not_told(calls) == []
    assert slowest <= usual + BEYOND


@pytest.mark.rehearsal
@pytest.mark.timeout(300)
def test_a_database_that_is_lost_breaks_none_of_fifty_calls(deployed: Deployed):
    """While PostgreSQL is away for longer than a restart, callers hear the amount, or reach a person."""
    calls = lived_through(deployed.site, deployed.lose_the_database)
    usual, slowest = measured(calls, "PostgreSQL lost")
    assert {phone.ended_by for phone in calls} <= {"caller", "hangup"}
    left_alone = [phone for phone in calls if not phone.dialled and not hears_the_amount(phone)]
    assert [[heard.text for heard in phone.heard[-6:]] for phone in left_alone] == []
    assert slowest <= usual + 3.0


def assert_nothing_lost(calls: list[Phone], what: str) -> None:
    """Every answer came, nearly as soon as ever, and everybody heard the amount."""
    usual, slowest = measured(calls, what)
    assert [fault for phone in calls for fault in phone.faults] == []
    assert not_told(calls) == []
    assert slowest <= usual + BEYOND


def not_told(calls: list[Phone]) -> list[str]:
    """Give the last words to those who did not hear the amount, or were put through to a person."""
    return [phone.heard[-1].text for phone in calls if phone.dialled or not hears_the_amount(phone)]


def hears_the_amount(phone: Phone) -> bool:
    """All of `CALLERS` owe some euro and as many cents."""
    return any("56 cent" in heard.text for heard in phone.heard)
