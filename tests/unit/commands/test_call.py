"""`bridge call` and `bridge tagor`: a telephone and a Tagor at the prompt."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
import requests
from shared_process import free_port

from bridge.simulators.demo import demo
from bridge.simulators.tagor import cases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from bridge.simulators.demo import Card

SARAH = ["--from", "+32470000004"]


@pytest.fixture
def command_with_card(
    command: "Callable[..., Result]", running_demo: "Card", tmp_path: "Path", monkeypatch: pytest.MonkeyPatch
) -> "Callable[..., Result]":
    """Commands in a folder where a demo has left its card."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.json").write_text(json.dumps(asdict(running_demo)))
    return command


def test_a_script_is_played_with_captions(command_with_card: "Callable[..., Result]"):
    """What is pressed, and what is heard in which language."""
    result = command_with_card("call", *SARAH, "--keys", "1|907351|!")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert "> 907351" in lines
    assert "en-GB: You have 318 euros and 7 cents left to pay." in lines


def test_a_demo_of_another_provider_is_phoned_as_its_own_telephone_does(
    command: "Callable[..., Result]", tmp_path: "Path", monkeypatch: pytest.MonkeyPatch
):
    """Its card says which provider it is; a telephone of another one is refused, for nobody knows its key."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var").mkdir()
    with demo(free_port(), provider="telnyx") as card:
        (tmp_path / "var" / "demo.json").write_text(json.dumps(asdict(card)))
        lines = command("call", *SARAH, "--keys", "1|907351|!").output.splitlines()
        other = command("call", *SARAH, "--provider", "twilio", "--keys", "1", "--json").output
    assert "en-GB: You have 318 euros and 7 cents left to pay." in lines
    assert "answered 403" in other


def test_a_wait_is_heard_and_takes_its_time(command_with_card: "Callable[..., Result]", running_demo: "Card"):
    """Words, sounds for as long as Tagor is slow, and then the balance: nobody is put through."""
    control = f"{running_demo.tagor.removesuffix('/v1/web')}/_faults"
    slow = {"endpoint": "TagorService/GetSaldo", "fault": "delay", "seconds": 2.5, "times": 1}
    assert requests.post(control, json=slow, timeout=10).ok
    lines = command_with_card("call", *SARAH, "--keys", "1|907351|!").output.splitlines()
    assert any(line.startswith("sound: ") and "/sounds/hold-" in line for line in lines)
    assert "en-GB: You have 318 euros and 7 cents left to pay." in lines


def test_a_script_is_played_as_json(command_with_card: "Callable[..., Result]"):
    """Every turn a line: what was done, heard, and how the document ended; the last one, how the call did."""
    result = command_with_card("call", *SARAH, "--keys", "9", "--json")
    turns = [json.loads(line) for line in result.output.splitlines()]
    assert [turn["then"] for turn in turns] == ["redirect", "gather", "hangup"]
    assert turns[2]["keys"] == "9"
    assert turns[2]["heard"][-1]["text"] == "Thank you for your call. Goodbye."
    assert turns[2]["ended_by"] == "hangup"
    assert [turn["status"] for turn in turns] == [200, 200, 200]


def test_a_transfer_rings_in_the_demo(command_with_card: "Callable[..., Result]"):
    """The card names the number that a transfer shows, so the provider has nothing against it."""
    result = command_with_card("call", *SARAH, "--keys", "0{busy}", "--json")
    assert result.exit_code == 0
    assert "error" not in result.output


def test_without_a_script_the_phone_is_live(command_with_card: "Callable[..., Result]"):
    """Lines typed in, captions out."""
    result = command_with_card("call", *SARAH, typed="1\n!\n")
    assert result.exit_code == 0
    assert "Please enter your PIN: 6 digits" in " ".join(result.output.split())
    assert "end    caller" in result.output


def test_a_line_may_be_named_in_place_of_the_demos(
    command: "Callable[..., Result]", running_demo: "Card", tmp_path: "Path", monkeypatch: pytest.MonkeyPatch
):
    """Every part of the card is an option; the token may come from the environment."""
    monkeypatch.chdir(tmp_path)
    named = [
        "--voice",
        running_demo.voice,
        "--account",
        running_demo.account,
        "--number",
        running_demo.number,
    ]
    result = command("call", *SARAH, *named, "--keys", "9", environ={"BRIDGE_CALL_TOKEN": running_demo.token})
    assert result.exit_code == 0
    assert "Goodbye." in result.output


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_line_that_does_not_answer_is_told(
    command: "Callable[..., Result]",
    tmp_path: "Path",
    monkeypatch: pytest.MonkeyPatch,
    *,
    options: tuple[str, ...],
):
    """What the caller hears, then why, and a status that a script notices."""
    monkeypatch.chdir(tmp_path)
    named = ["--voice", "http://127.0.0.1:1/voice", "--account", "AC" + "0" * 32, "--number", "+3220000001"]
    result = command("call", *named, "--token", "a token", "--keys", "1", *options)
    assert result.exit_code == 1
    assert "An application error has occurred" in result.stdout
    assert result.stderr == "The provider held against the line: 11205: 127.0.0.1:1: no connection\n"


def test_without_a_demo_there_is_nobody_to_call(
    command: "Callable[..., Result]", tmp_path: "Path", monkeypatch: pytest.MonkeyPatch
):
    """What to start, or what to give."""
    monkeypatch.chdir(tmp_path)
    result = command("call", "--number", "+3220000001", "--keys", "1")
    assert result.exit_code == 1
    assert result.stderr == (
        "No demo is running in this folder: start `bridge demo` here (in a checkout `make demo`), "
        "or give --voice, --account, --token.\n"
    )


def test_a_script_with_a_slip_is_not_played(command_with_card: "Callable[..., Result]"):
    """Where in it, and what could stand there."""
    result = command_with_card("call", "--keys", "1|abc")
    assert result.exit_code == 1
    assert result.stderr.startswith("script, character 3: expected keys")


def test_the_cases_are_printed(command: "Callable[..., Result]"):
    """As JSON, with everything a caller needs to be one of them."""
    result = command("tagor", "--cases")
    assert json.loads(result.output) == cases()


def test_a_tagor_says_where_it_listens(command: "Callable[..., Result]", monkeypatch: pytest.MonkeyPatch):
    """Address and key, once it is ready; it is run as asked for."""
    told: list[tuple[int, dict[str, object]]] = []

    class Ready:
        url, key = "http://127.0.0.1:1/v1/web", "k"

    def served(port: int, *, ready: "Callable[[type[Ready]], None]", **options: object) -> None:
        told.append((port, options))
        ready(Ready)

    monkeypatch.setattr("bridge.simulators.tagor.serve", served)
    result = command("tagor", "--port", "9321", "--generation", "1.08", "--size", "9", "--seed", "7")
    assert result.output == "Tagor listens at http://127.0.0.1:1/v1/web (key: k)\n"
    assert told == [(9321, {"generation": "1.08", "size": 9, "seed": 7})]


@pytest.mark.parametrize(
    "arguments",
    [
        ("tagor", "--generation", "3.00"),
        ("tagor", "--port", "70000"),
        ("demo", "--port", "0"),
        ("demo", "--port", "eighty"),
        ("unlock", "20230118"),
        ("unlock",),
        ("dance",),
    ],
)
def test_a_wrong_option_is_told(command: "Callable[..., Result]", arguments: tuple[str, ...]):
    """With the usage, and status 2."""
    result = command(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
