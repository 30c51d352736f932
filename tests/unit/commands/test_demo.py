"""`bridge demo`, `bridge tagor` and the server as real processes: started, phoned, killed, stopped."""

import json
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from os import kill
from typing import TYPE_CHECKING

import pytest
import requests

from bridge.package_files import package_file
from bridge.simulators.demo import Card, DemoError, demo
from bridge.simulators.provider.account import PhoneLine as Number
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.script import play
from bridge.simulators.provider.wire import http, new_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from subprocess import CompletedProcess

    from click.testing import Result
    from tests.cli.conftest import Started

    from bridge.simulators.provider.wire import Form, Reply
    from tests.conftest import Line

SHOWN = Card("v", "f", "s", "p", "a", "t", "n", "c", "http://tagor", "k")


def free_port() -> int:
    with closing(socket.create_server(("", 0))) as door:
        port: int = door.getsockname()[1]
        return port


@pytest.fixture
def taken() -> "Iterator[int]":
    """A port on which somebody else listens."""
    with closing(socket.create_server(("", 0))) as door:
        yield door.getsockname()[1]


def number(card: "Mapping[str, str]") -> Number:
    return Number(
        card["voice"], card["account"], card["token"], card["number"], owned=frozenset({card["caller_id"]})
    )


def test_a_demo_prints_its_card_and_takes_calls(start: "Callable[..., Started]", tmp_path: "Path"):
    """One JSON line; a call by it; SIGTERM; then neither server nor card is left."""
    running = start("bridge", "demo", "--port", str(free_port()), "--json")
    card = json.loads(running.line())
    assert {"voice", "public", "token", "number", "tagor", "tagor_key"} <= card.keys()
    assert json.loads((tmp_path / "var" / "demo.json").read_text()) == card
    turns = play(number(card), "+32470000002", "1|150937|!")
    assert "871 euros et 91 centimes" in json.dumps(turns, ensure_ascii=False)
    assert running.end() == 0
    assert not (tmp_path / "var" / "demo.json").exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(card["public"] + "/healthz", timeout=5)


def test_a_demo_says_how_to_phone_in(command: "Callable[..., Result]", monkeypatch: pytest.MonkeyPatch):
    """In words, with a caller and a PIN to begin with; or as one JSON line."""
    monkeypatch.setattr("bridge.simulators.demo.run", lambda _port, _tagor_port, tell: tell(SHOWN))
    told = command("demo").output
    assert "bridge call --from +32470000001" in told
    assert "482193" in told
    assert json.loads(command("demo", "--json").output)["tagor_key"] == "k"


def test_a_demo_on_a_taken_port_says_so(command: "Callable[..., Result]", taken: int):
    """Also when what listens there would answer like a line that is ready."""
    result = command("demo", "--port", str(taken), "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"port {taken} is taken: stop what runs there, or choose another with --port\n"


def test_a_demo_whose_tagor_finds_its_port_taken_says_so(command: "Callable[..., Result]", taken: int):
    """The stand-in's own sentence."""
    result = command("demo", "--port", str(free_port()), "--tagor-port", str(taken))
    assert result.exit_code == 1
    assert f"Port {taken} on 127.0.0.1 cannot be used" in result.stderr


def test_a_tagor_on_a_taken_port_says_so(command: "Callable[..., Result]", taken: int):
    """As above."""
    result = command("tagor", "--port", str(taken))
    assert result.exit_code == 1
    assert f"Port {taken} on 127.0.0.1 cannot be used" in result.stderr


def test_a_server_on_a_taken_port_says_so(
    program: "Callable[..., CompletedProcess[str]]", environ: dict[str, str], taken: int
):
    """`bridge serve`, from the shell: the setting that changes it."""
    done = program("serve", environ=environ | {"BRIDGE_PORT": str(taken)})
    assert done.returncode == 1
    assert (
        done.stderr == f"Port {taken} cannot be had (Address already in use): set BRIDGE_PORT to another.\n"
    )


def test_a_demo_that_cannot_start_is_an_error():
    """A server that ends at once is not waited for."""
    with (
        pytest.raises(DemoError, match="did not start"),
        demo(free_port(), environ={"PATH": "/nowhere", "DYNO": "x"}),
    ):
        pass


class Server:
    """A real gunicorn on the test's Tagor and database."""

    def __init__(self, line: "Line", settings: "dict[str, str]", start: "Callable[..., Started]") -> None:
        self.line, self.port = line, free_port()
        self.public = f"http://127.0.0.1:{self.port}"
        own = {"BRIDGE_PUBLIC_URL": self.public, "BRIDGE_PORT": str(self.port)}
        self.master = start("gunicorn", "-c", str(package_file("gunicorn.conf.py")), environ=settings | own)

    def ready(self) -> bool:
        try:
            return requests.get(f"{self.public}/readyz", timeout=5).ok
        except requests.ConnectionError:
            return False

    def full(self) -> bool:
        """Both workers are there."""
        return len(self.master.children()) == 2

    def phone(self) -> Phone:
        """A phone that opens a connection for each webhook: none of them is a dead worker's."""
        there = Number(f"{self.public}/voice", self.line.account, self.line.token, self.line.number)
        return Phone(there, post=self.post)

    def post(self, url: str, form: "Form | None", headers: "Mapping[str, str]") -> "Reply":
        with closing(new_session()) as session:
            return http(session, 5.0, 15.0, 64_000)(url, form, headers)


@pytest.fixture
def server(
    line: "Line",
    serving: dict[str, str],
    start: "Callable[..., Started]",
    until: "Callable[[Callable[[], object]], None]",
) -> Server:
    running = Server(line, serving, start)
    until(running.ready)
    return running


def test_a_worker_killed_in_mid_call_is_not_noticed(
    server: Server, until: "Callable[[Callable[[], object]], None]"
):
    """SIGKILL for one of the two before every turn: the other one leads the call on."""
    phone = server.phone().ring()
    for keys in ("1", "000000", "20230118#", "482193"):
        until(server.full)
        kill(server.master.children()[0], signal.SIGKILL)
        phone.press(keys)
    assert "1234 euro en 56 cent" in " ".join(heard.text for heard in phone.last)
    assert server.line.notes() == ["9000000000000000001"]


def test_a_stop_lets_the_turn_in_hand_finish(server: Server, until: "Callable[[Callable[[], object]], None]"):
    """SIGTERM while Tagor is being asked: the turn is still answered in words, and then the line is gone."""
    server.line.tagor.fault("TagorService/PinToFile", "delay", seconds=0.4)
    phone = server.phone().ring().press("1")
    before = len(phone.turns)
    with ThreadPoolExecutor(1) as caller:
        turn = caller.submit(phone.press, "482193")
        until(lambda: server.line.asked("PinToFile"))
        assert server.master.end() == 0
        turn.result()
    assert phone.turns[before].utterances  # the balance, or on a busy machine that it takes a moment
    assert phone.turns[before].fault is None
    assert not server.ready()


def test_a_server_with_a_broken_office_file_ends(
    line: "Line", serving: dict[str, str], start: "Callable[..., Started]"
):
    """It does not try again and again: it ends, and not as if all were well."""
    (line.offices / "demo.toml").write_text("naam = 'Kantoor'")
    assert Server(line, serving, start).master.process.wait(30) != 0
