"""Spans of a real server after real calls: complete, linked to their call, and at no caller's expense."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from shared_collector import Collected, Collector
from shared_process import free_port, until
from shared_server import Server, real_server

from bridge.app.create import open_repositories
from bridge.settings import Settings
from bridge.simulators.provider.script import perform
from bridge.simulators.provider.wire import Form, Reply, http, new_session
from bridge.simulators.tagor import CASES
from bridge.simulators.tagor.request_handler import RequestHandler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.simulators.provider.phone import Phone
    from bridge.simulators.provider.wire import Post

SARAH = next(case for case in CASES if case.name == "Sarah Johnson")
SERVER, CLIENT = 2, 3
AGREES = f"1 {SARAH.pin} 2 1 1 1 9"
"""Hears the balance, asks for a payment plan, agrees to it, and says goodbye."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector().running() as collector:
        yield collector


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The headers `traceparent` that Tagor was sent."""
    told: list[str] = []
    answer = RequestHandler.answer

    def noted(handler: RequestHandler, request: Any, *more: Any) -> Any:  # noqa: ANN401 - as the original
        told.append(request.headers.get("traceparent", ""))
        return answer(handler, request, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RequestHandler, "answer", noted)
        yield told


def traced(collector: Collector, **more: str) -> dict[str, str]:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "BRIDGE_LOG_LEVEL": "INFO"}
    return settings | {"BRIDGE_WORKERS": "1"} | more


def phoned(server: Server, script: str, post: "Post | None" = None) -> "Phone":
    """Phone the line as somebody whom it knows, and do all that stands in the script."""
    phone = server.phone(SARAH.phone or "", post).ring()
    for step in script.split():
        perform(phone, step)
    return phone


def turns_of(collector: Collector, server: Server, phone: "Phone") -> list[Collected]:
    """The spans of the webhooks that asked for this call's documents, in order."""
    call = open_repositories(Settings.read(server.environ)).calls.log_name(phone.call_id)
    found = [span for span in collector.spans() if span.told.get("bridge.call") == call]
    return sorted(
        (span for span in found if span.name in ("ring", "turn")), key=lambda span: span.told["bridge.turn"]
    )


def test_a_call_is_seen_from_its_ring_to_the_work_that_it_leaves(asked: list[str], collector: Collector):
    """Every turn of two processes with its questions to Tagor, its decisions, and its note on the file."""
    with real_server(traced(collector, BRIDGE_WORKERS="2")) as server:
        phone = phoned(server, AGREES)
        until(lambda: len(turns_of(collector, server, phone)) == len(phone.turns))
        until(lambda: [span for span in collector.spans("job") if span.told["bridge.kind"] == "note"])
        turns = turns_of(collector, server, phone)
        _check_turns(turns, server)
        # The threads that send were made after the fork.
        assert len(list(Path(f"/proc/{server.process.pid}/task").iterdir())) == 1
    until(lambda: len(collector.spans("decision")) == 2)
    _check_questions(collector, turns, asked)
    decisions = collector.spans("decision")
    assert {span.told["bridge.kind"] for span in decisions} == {"plan", "approval"}
    assert {span.parent for span in decisions} <= {span.id for span in turns}
    [saved] = collector.spans("TagorService/SavePaymentPlan")
    assert saved.parent in {span.id for span in decisions}
    for job in collector.spans("job"):
        assert set(job.links) <= {(span.trace, span.id) for span in turns}, job
        assert job.links


def _check_turns(turns: list[Collected], server: Server) -> None:
    """Each tells what the log tells of it, and the log names each."""
    assert [span.name for span in turns] == ["ring"] + ["turn"] * (len(turns) - 1)
    for span in turns:
        told = {key: span.told[f"bridge.{key}"] for key in ("office", "provider", "outcome")}
        assert told == {"office": "demo", "provider": "twilio", "outcome": "answered"}
        assert (span.kind, span.status, span.parent, span.service) == (SERVER, 0, "", "tagor-bridge")
    lines = [json.loads(line) for line in server.logged.splitlines() if '"event": "turn"' in line]
    named = {(one["trace_id"], one["span_id"], one["place"]) for one in lines}
    assert named == {(span.trace, span.id, span.told["bridge.place"]) for span in turns}


def _check_questions(collector: Collector, turns: list[Collected], asked: list[str]) -> None:
    """Each belongs to the turn, decision or job that asked it, and Tagor was told so."""
    questions = [span for span in collector.spans() if span.kind == CLIENT]
    assert {f"00-{span.trace}-{span.id}" for span in questions} == {one.rpartition("-")[0] for one in asked}
    by_id = {span.id: span for span in collector.spans()}
    [balance] = [span for span in questions if span.name == "TagorService/GetSaldo"]
    assert by_id[balance.parent] in turns
    assert balance.told == {"bridge.office": "demo", "bridge.outcome": "answered"}


def test_a_proxys_trace_goes_on_through_a_signed_webhook_only(collector: Collector):
    """Whoever cannot sign writes into nobody's trace, and makes no span at all."""
    proxys, strangers = "ab" * 16, "cd" * 16
    direct = http(new_session(), 5, 15, 65_536)

    def proxy(url: str, form: Form | None, headers: "Mapping[str, str]") -> Reply:
        return direct(url, form, {**headers, "traceparent": f"00-{proxys}-{'12' * 8}-01"})

    with real_server(traced(collector)) as server:
        phone = phoned(server, "1", proxy)
        begun = len(collector.spans())
        forged = {"traceparent": f"00-{strangers}-{'34' * 8}-01"}
        posted = requests.post(server.card.voice, data={"Digits": "1"}, headers=forged, timeout=10)
        assert posted.status_code == 403
    # A worker that ends sends what is left.
    spans = [span for span in collector.spans() if span.name in ("ring", "turn") and span.trace == proxys]
    assert len(spans) == len(phone.turns)
    assert {span.parent for span in spans} == {"12" * 8}
    assert [span for span in collector.spans()[begun:] if span.trace == strangers] == []


@pytest.mark.parametrize("trouble", ["away", "hanging", "refusing"])
def test_no_caller_notices_a_collector_that_is(trouble: str):
    """Turns are answered while it takes nothing; the log says so once, and what waits is bounded."""
    with Collector().running() as collector:
        collector.hangs, collector.status = trouble == "hanging", 503
        settings = traced(collector)
        if trouble == "away":
            settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{free_port()}"
        with real_server(settings) as server:
            for _ in range(2):
                phone = phoned(server, f"1 {SARAH.pin} 9")
                assert phone.faults == []
                assert "318" in " ".join(heard.text for heard in phone.heard)
                until(lambda: "collector_away" in server.logged)
            assert server.logged.count("collector_away") == 1
            assert "Traceback" not in server.logged
