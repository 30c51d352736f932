"""How Tagor answers, on the page of the line: what its servers count, in the words of an office."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from html import unescape
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from web_visitor import Visitor

from bridge.app.tagor import subjects
from bridge.operations.line_metrics import KEPT_SECONDS, LineMetrics
from bridge.operations.metrics import Metrics, StoreMetrics, metrics_blueprint
from bridge.simulators.web_server import web_server
from bridge.speech import LANGUAGES
from bridge.web.page_words import page_words

if TYPE_CHECKING:
    from bridge.web.console.context import TagorNow
    from tests.shared_line import Line

As = Callable[[str], Visitor]
TOKEN = "a token for the figures"
BALANCE, PIN_OPENS = "TagorService/GetSaldo", "TagorService/PinToFile"
ENDLESS = 'bridge_tagor_seconds_count{office="a",operation="b",outcome="c"} +Inf\n'
AWAY = "The line does not show what it counts"


@pytest.fixture
def servers() -> list[str]:
    """Where the console thinks that the line's servers are; a test may change it."""
    return []


@pytest.fixture
def tagor_now(servers: list[str], line: "Line") -> "TagorNow":
    return LineMetrics(servers, TOKEN, subjects(), line.clock).tagor


@pytest.fixture
def serve(servers: list[str], line: "Line") -> Iterator[Callable[..., Metrics]]:
    """Start one more server of the line, which counts; or another one that answers with `page`."""
    with ExitStack() as running:

        def start(token: str = TOKEN, page: str = "") -> Metrics:
            metrics, app = Metrics(), Flask(__name__)
            nothing = StoreMetrics({}, {}, None, [])
            app.register_blueprint(metrics_blueprint(metrics, token, lambda: nothing, line.clock.now))
            if page:
                app.view_functions["metrics.page"] = lambda: page
            servers.append(running.enter_context(web_server(app, 0)))
            return metrics

        yield start


def rows(visitor: Visitor, language: str = "en") -> list[list[str]]:
    """The rows of the table, as they are read."""
    part = visitor.get(f"/line?lang={language}").text.partition('scope="col">' + of(language, "subject"))[2]
    found = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", part, re.DOTALL)
    return [
        [" ".join(unescape(re.sub("<[^>]+>", "", cell)).split()) for cell in re.split("</t[hd]>", row)[:-1]]
        for row in found
    ]


def of(language: str, name: str) -> str:
    return page_words(language)["tagor"][name]


def test_what_tagor_answers_is_told_by_subject(serve: Callable[..., Metrics], logged_in: As):
    """How many questions, how many failed or were refused, how long they took at most, what is left alone."""
    demo = serve().of_tagor("demo")
    for seconds, outcome in ((0.2, "answered"), (0.3, "answered"), (4.0, "TagorUnreachable")):
        demo.asked(BALANCE, outcome, seconds)
    demo.asked(PIN_OPENS, "answered", 15.0)
    demo.asked("Pay/Start", "TagorRefused", 15.1)
    demo.asked("No/Such", "answered", 0.01)
    demo.breaker(BALANCE, is_open=True)
    assert rows(logged_in("sara")) == [
        ["Who is calling", "1", "0", "0", "at most 15000 ms", "at most 15000 ms", "asked"],
        ["File and balance", "3", "1 33 %", "0", "at most 500 ms", "at most 5000 ms", "left alone"],
        ["Something else", "1", "0", "0", "at most 20 ms", "at most 20 ms", "asked"],
        ["Payments", "1", "0", "1 100 %", "more than 15 s", "more than 15 s", "asked"],
    ]


def test_a_tagor_that_is_left_alone_altogether_is_told(
    serve: Callable[..., Metrics], logged_in: As, line: "Line"
):
    """In a sentence and at each subject; and no longer once it answers again."""
    demo, sara = serve().of_tagor("demo"), logged_in("sara")
    demo.asked(BALANCE, "TagorUnreachable", 2.0)
    demo.breaker("all", is_open=True)
    assert of("en", "all_alone") in sara.get("/line?lang=en").text
    assert [row[-1] for row in rows(sara)] == ["left alone"]
    demo.breaker("all", is_open=False)
    line.clock.move(seconds=KEPT_SECONDS)
    assert of("en", "all_alone") not in sara.get("/line?lang=en").text
    assert [row[-1] for row in rows(sara)] == ["asked"]


def test_what_several_servers_count_is_added_up(serve: Callable[..., Metrics], logged_in: As):
    """Each counts alone."""
    for seconds in (0.01, 0.6):
        serve().of_tagor("demo").asked(BALANCE, "answered", seconds)
    assert rows(logged_in("sara")) == [
        ["File and balance", "2", "0", "0", "at most 20 ms", "at most 750 ms", "asked"]
    ]


def test_an_office_sees_its_own_tagor_only(serve: Callable[..., Metrics], logged_in: As):
    """Another one's is not there; and of its own it is told that nothing was asked yet."""
    serve().of_tagor("demo").asked(BALANCE, "answered", 0.2)
    assert of("en", "nothing") in logged_in("hugo").get("/line?lang=en").text
    assert rows(logged_in("hugo")) == []


def test_many_who_look_cost_the_line_one_answer(serve: Callable[..., Metrics], logged_in: As, line: "Line"):
    """What was read is shown again for some seconds."""
    demo, sara = serve().of_tagor("demo"), logged_in("sara")
    demo.asked(BALANCE, "answered", 0.2)
    assert [row[1] for row in rows(sara)] == ["1"]
    demo.asked(BALANCE, "answered", 0.2)
    assert [row[1] for row in rows(sara)] == ["1"]
    line.clock.move(seconds=KEPT_SECONDS)
    assert [row[1] for row in rows(sara)] == ["2"]


@pytest.mark.parametrize(
    "other",
    [
        {"token": "another token than ours"},
        {"page": "<!doctype html><title>Not the line</title>"},
        {"page": "up 1\n"},
        {"page": "bridge_turns_total 1\nbridge_tagor_seconds_count 1\n"},
        {"page": 'bridge_turns_total 1\nbridge_tagor_breaker_open{office="a",operation="b"} up\n'},
        {"page": f"bridge_turns_total 1\n{ENDLESS}"},
        {"page": "bridge_turns_total 1\nbridge_tagor_seconds_bucket{office=\n"},
    ],
    ids=str,
)
def test_a_line_that_shows_nothing_to_read_is_told(
    serve: Callable[..., Metrics], logged_in: As, other: dict[str, str]
):
    """Also when it is one server of several: a part of the figures would be taken for all."""
    serve().of_tagor("demo").asked(BALANCE, "answered", 0.2)
    serve(**other)
    answer = logged_in("sara").get("/line?lang=en")
    assert answer.status_code == 200
    assert AWAY in answer.text
    assert rows(logged_in("sara")) == []


def test_a_line_that_is_away_is_told(servers: list[str], logged_in: As):
    """Nobody listens there."""
    servers.append("http://127.0.0.1:1")
    assert AWAY in logged_in("sara").get("/line?lang=en").text


class TestWithoutMetrics:
    """A line for which BRIDGE_METRICS is not set."""

    @pytest.fixture
    def tagor_now(self) -> None:
        return None

    def test_a_line_that_counts_nothing_says_so(self, logged_in: As):
        """And which setting is missing."""
        assert of("en", "off") in logged_in("sara").get("/line?lang=en").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_subject_has_its_words(language: str):
    """No operation that is asked today stands under something else, and no word is for none."""
    assert {*page_words(language)["subjects"]} == {*subjects().values(), "other"}
