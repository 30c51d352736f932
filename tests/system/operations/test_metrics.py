"""Figures and log lines of a real server with two processes, after real calls: complete, and nobody's."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import requests
from shared_process import PATIENCE, until
from shared_server import Server, rang_the_switchboard, real_server

from bridge.simulators.provider.script import perform
from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from bridge.simulators.demo import Card
    from bridge.simulators.provider.phone import Phone

TOKEN = "a token for the figures"
SARAH = next(case for case in CASES if case.name == "Sarah Johnson")
CALLS = 12


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    settings = {"BRIDGE_METRICS": TOKEN, "BRIDGE_LOG_LEVEL": "INFO", "BRIDGE_WORKERS": "2"}
    with real_server(settings) as running:
        yield running


def figures(server: Server) -> dict[str, float]:
    """Every line of the page, by name and labels."""
    url, headers = f"{server.card.public}/metrics", {"Authorization": f"Bearer {TOKEN}"}
    page = requests.get(url, headers=headers, timeout=PATIENCE)
    assert page.status_code == 200
    lines = [line.rpartition(" ") for line in page.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def phoned(server: Server, script: str) -> "Phone":
    """Phone the line as somebody whom it knows, and do all that stands in the script."""
    phone = server.phone(SARAH.phone or "").ring()
    for step in script.split():
        perform(phone, step)
    return phone


def test_two_processes_count_together_and_name_nobody(server: Server):
    """Every turn of every call, Tagor's answers by operation, and not one digit of a caller's."""
    phones = [phoned(server, f"1 {SARAH.pin} 9") for _ in range(CALLS)]
    told, turns = figures(server), sum(len(phone.turns) for phone in phones)
    put_through = sum(map(rang_the_switchboard, phones))
    assert told['bridge_turns_total{outcome="answered"}'] == turns
    assert told["bridge_turn_seconds_count"] == turns
    assert told["bridge_silence_seconds_count"] == turns
    asked = 'bridge_tagor_seconds_count{office="demo",operation="TagorService/GetSaldo",outcome="answered"}'
    assert CALLS - put_through <= told[asked] <= CALLS
    assert told["bridge_store_up"] == 1
    assert told['bridge_outbox_jobs{state="dead"}'] == 0
    assert requests.post(server.card.voice, data={"Digits": "1"}, timeout=PATIENCE).status_code == 403
    until(lambda: figures(server).get('bridge_refused_total{reason="signature"}') == 1)
    calls = [phone.call_id for phone in phones]
    personal = (str(SARAH.pin), SARAH.file, (SARAH.phone or "")[1:], "Johnson", *calls)
    assert [value for name in told for value in personal if value in name] == []
    _check_lines(calls, personal, server.logged)


def _check_lines(calls: list[str], personal: tuple[str, ...], logged: str) -> None:
    """Each line of a turn carries its call, turn and office, and none anything personal."""
    assert [value for value in personal if value in logged] == []
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    turns = [line for line in lines if line["event"] == "turn"]
    names = {line["call"] for line in turns}
    assert len(names) == len(calls)
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names)
    assert {(line["office"], type(line["turn"])) for line in turns} == {("demo", int)}
    over = [line for line in lines if line["event"] == "call_over"]
    assert {line["call"] for line in over} == names


def test_the_page_is_for_whoever_has_the_token(server: Server):
    """Callers' provider and everybody else find no such page."""
    assert requests.get(f"{server.card.public}/metrics", timeout=PATIENCE).status_code == 404


def test_without_the_setting_there_is_no_page(running_demo: "Card"):
    """Off unless somebody switches it on."""
    headers = {"Authorization": "Bearer "}
    assert (
        requests.get(f"{running_demo.public}/metrics", headers=headers, timeout=PATIENCE).status_code == 404
    )
