"""`bridge demo`, `bridge tagor` and the server as real processes: started, phoned, killed, stopped."""

import json
import re
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from shared_process import free_port

from bridge.simulators.demo import Card, DemoError, demo
from bridge.simulators.provider.account import PhoneLine as Number
from bridge.simulators.provider.script import play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from click.testing import Result

    from tests.unit.commands.conftest import Started


ROOT = Path(__file__).parents[3]
SHOWN = Card("v", "f", "s", "p", "a", "t", "n", "c", "http://tagor", "k", web="http://phone/phone")


@pytest.fixture
def taken() -> "Iterator[int]":
    """A port on which somebody else listens."""
    with closing(socket.create_server(("", 0))) as door:
        yield door.getsockname()[1]


def number(card: "Mapping[str, str]") -> Number:
    return Number(
        card["voice"], card["account"], card["token"], card["number"], owned=frozenset({card["caller_id"]})
    )


def test_a_demo_takes_calls_and_answers_commands_until_it_ends(
    start: "Callable[..., Started]",
    command: "Callable[..., Result]",
    tmp_path: "Path",
    monkeypatch: pytest.MonkeyPatch,
):
    """One JSON line; a call by it; commands with --demo, whatever bridge the environment describes.

    A card that a killed demo left is no hindrance. A second demo in the folder does not start. After SIGTERM
    neither server nor card is left, and commands find no demo.
    """
    path = tmp_path / "var" / "demo.json"
    path.parent.mkdir()
    path.touch(0o600)
    path.write_text(json.dumps({"public": f"http://127.0.0.1:{free_port()}", "voice": "of a killed one"}))
    running = start("bridge", "demo", "--port", str(free_port()), "--json")
    card = json.loads(running.line())
    assert {"voice", "public", "token", "number", "tagor", "tagor_key"} <= card.keys()
    assert json.loads(path.read_text()) == card
    assert path.stat().st_mode & 0o077 == 0
    turns = play(number(card), "+32470000002", "1|150937|!")
    assert "871 euros et 91 centimes" in json.dumps(turns, ensure_ascii=False)
    second = start("bridge", "demo", "--port", str(free_port()), "--json")
    assert second.process.wait(60) == 1
    assert json.loads(path.read_text()) == card
    monkeypatch.chdir(tmp_path)
    elsewhere = {"BRIDGE_PUBLIC_URL": "https://phone.kantoor.be"}
    for words in ("report", "report decisions", "report callbacks", "outbox", "doctor"):
        done = command(*words.split(), "--demo", environ=elsewhere)
        assert (done.exit_code, done.stderr, bool(done.stdout)) == (0, "", True), words
    assert running.end() == 0
    assert not path.exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(card["public"] + "/healthz", timeout=5)
    done = command("outbox", "--demo", environ=elsewhere)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "No demo is running in this folder" in done.stderr


def test_a_demo_tells_every_turn_in_one_line(start: "Callable[..., Started]", tmp_path: "Path"):
    """When, which call, which language, what was heard as a kind, and where the call is now: no key of it."""
    running = start("bridge", "demo", "--port", str(free_port()))
    page = re.search(r"http://\S+/phone", running.line())
    assert page
    assert requests.get(page[0], timeout=5).status_code == 200
    card = json.loads((tmp_path / "var" / "demo.json").read_text())
    play(number(card), "+32470000002", "1|150937|!")
    told = ""
    while "Balance.choose" not in told:
        told = running.line()
        assert "150937" not in told
    assert re.fullmatch(r"\d\d:\d\d:\d\d  [0-9A-F]{4}  fr  keys       Balance\.choose", told.strip())
    assert running.end() == 0


def test_a_demo_says_how_to_phone_in(command: "Callable[..., Result]", monkeypatch: pytest.MonkeyPatch):
    """In words, with a caller and a PIN to begin with; or as one JSON line."""
    monkeypatch.setattr("bridge.simulators.demo.run", lambda *_ports, tell, **_more: tell(SHOWN))
    told = command("demo").output
    assert "Open http://phone/phone in a browser" in told
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


def test_a_demo_that_cannot_start_is_an_error():
    """A server that ends at once is not waited for."""
    with (
        pytest.raises(DemoError, match="did not start"),
        demo(free_port(), environ={"PATH": "/nowhere", "DYNO": "x"}),
    ):
        pass
