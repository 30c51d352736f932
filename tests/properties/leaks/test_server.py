"""The server as it really runs: its own log, its access log and its crashes give nobody away either."""

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
from leaks_canary import CALL_BACK, ELSEWHERE, FILE, PHONE, PIN, WORDS, WRONG_FILE, WRONG_PIN, Scanner
from leaks_server import Server
from shared_collector import Collector

from bridge.package_files import import_folder
from bridge.simulators.provider.script import perform
from bridge.simulators.tagor import StandIn

pytestmark = pytest.mark.timeout(400)  # three servers are started, whatever else this machine is doing

CALLS = (
    (PHONE, ("1", PIN, "1", "1", "1", "1", "9")),
    (PHONE, ("1", WRONG_PIN, f"{WRONG_FILE}#", PIN, f"{FILE}#", "2", "1")),
    (PHONE, ("1", PIN, "0", "{busy}", "1", "2", f"{CALL_BACK}#", "1", "1")),
    (ELSEWHERE, (f'"{WORDS}"', "1", "#", "1", "{no-answer}", "2", "{voicemail 12}")),
)
CRASHING = """
import pathlib
import threading
import bridge.flow.actions as actions
import bridge.store.background as background

def crash(*_):
    raise RuntimeError(pathlib.Path(__file__).with_name("everything").read_text("utf-8"))

actions.Action.perform = crash
background.run_forever = lambda *_, **__: threading.Thread(target=crash).start()
"""
"""Read by every process of the server first: every action and a thread fail, quoting all canaries."""


@contextmanager
def serving(folder: Path, **extra: str) -> Iterator[Server]:
    """A server with a Tagor of its own, on any free port."""
    with closing(socket.create_server(("", 0))) as door:
        port = door.getsockname()[1]
    with StandIn() as tagor, Server(folder, port, tagor, extra).running() as server:
        yield server


def play(server: Server, calls: Sequence[tuple[str, tuple[str, ...]]] = CALLS) -> str:
    """Make these calls; gives all that the callers heard."""
    phones = [server.phone(caller) for caller, _ in calls]
    for phone, (_, deeds) in zip(phones, calls, strict=True):
        phone.ring()
        for deed in (*deeds, "!"):
            perform(phone, deed)
    return " ".join(one.text for phone in phones for one in phone.heard)


def lines_with(server: Server, words: str) -> int:
    return sum(words in line for line in server.written.splitlines())


def test_a_server_at_debug_with_its_access_log_on_gives_nobody_away(tmp_path: Path):
    """Nothing written of calls, a broken Tagor, a forged webhook and a killed worker names anybody."""
    with serving(tmp_path, GUNICORN_CMD_ARGS="--access-logfile -") as server:
        assert "7319" in play(server)
        phone = server.phone(PHONE).ring().press("1")
        server.kill_a_worker()
        perform(phone, PIN)
        server.tagor.fault("*", "truncated")
        play(server, CALLS[:2])
        forged = {"CallSid": "CA" + "0" * 32, "From": PHONE, "Digits": PIN}
        assert requests.post(server.card.voice, data=forged, timeout=30).status_code == 403
        assert lines_with(server, '"POST /voice/turn/') > 20
        assert lines_with(server, '"actions": [{"place": ') > 10
        assert server.found() == {}
    assert 'bridge_tagor_seconds_count{office="demo",operation="TagorService/GetSaldo"' in server.figures
    assert server.found() == {}


def test_spans_give_nobody_away(tmp_path: Path):
    """What a collector gets of calls, a broken Tagor and forged webhooks names nobody, in no byte of it."""
    with Collector().running() as collector:
        with serving(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) as server:
            assert "7319" in play(server)
            server.tagor.fault("*", "truncated")
            play(server, CALLS[:2])
            forged = {"CallSid": "CA" + "0" * 32, "From": PHONE, "Digits": PIN}
            headers = {"traceparent": f"00-{FILE * 3}00-{PIN * 2}-01"}
            answer = requests.post(server.card.voice, data=forged, headers=headers, timeout=30)
            assert answer.status_code == 403
        sent = b"".join(collector.bodies)
        assert len(collector.spans("turn")) > 20
        assert collector.spans("TagorService/GetSaldo")
        assert collector.spans("job")
    assert Scanner(server.known).in_bytes(sent) == []
    assert re.search(rb"(CA|AC)[0-9a-f]{32}|\+32", sent) is None
    assert server.found() == {}


def test_digits_in_an_address_are_not_written_down(tmp_path: Path):
    """A console set to GET sends keys in the address: it is refused, and the address is not logged."""
    with serving(tmp_path, BRIDGE_WORKERS="1") as server:
        answer = requests.get(server.card.voice, params={"Digits": PIN, "From": PHONE}, timeout=30)
        assert answer.status_code == 405
        assert requests.get(f"{server.card.public}/{FILE}/{PIN}", timeout=30).status_code == 404
    assert server.written
    assert server.found() == {}


def test_a_crash_is_told_by_its_place_and_not_by_its_words(tmp_path: Path):
    """Every action and a thread of each worker fail, quoting all canaries; the log says only where."""
    (tmp_path / "sitecustomize.py").write_text(CRASHING, "utf-8")
    with serving(tmp_path, BRIDGE_WORKERS="1", PYTHONPATH=f"{tmp_path}:{import_folder()}") as server:
        play(server, CALLS[:2])
        assert lines_with(server, '"event": "failed"') > 0
        assert lines_with(server, '"event": "uncaught"') > 0
        assert lines_with(server, '"type": "RuntimeError"') > 0
    assert server.found() == {}
