"""The pages: what they show, in which words, and whom they refuse."""

import html
import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient

import voice_flows
from bridge.app.overrides import Speech
from bridge.commands.report import DECISION_KINDS
from bridge.conversation.office_context import services_of
from bridge.flow.steps import Ask, Decide, Do, HangupStep, Menu, RecordStep, Transfer
from bridge.speech import LANGUAGES
from bridge.store.job import JobKind
from bridge.web.app import create_web
from bridge.web.flow_page import FlowPages, step_kind, told_exit
from bridge.web.page_words import exit_words, page_words, service_words, step_words

WEB = Path(__file__).parents[3] / "bridge" / "web"
ORIGIN = {"Origin": "http://localhost"}
_ASKING = (Ask, Menu, RecordStep, Transfer, HangupStep)


class SilentPhone:
    """A phone on which one call is under way, in which nothing happens."""

    trouble = "none"

    def __init__(self) -> None:
        self.done: list[object] = []

    def people(self) -> list[dict[str, str]]:
        names = ("name", "phone", "language", "pin", "file", "note")
        return [dict(zip(names, ("<b>An</b>", "+32470000001", "nl", "1", "2", '"note"'), strict=True))]

    def call(self, number: str) -> str:
        if number == "+32470000009":
            raise RuntimeError
        self.done.append(number)
        return "CA1"

    def act(self, call: str, what: str) -> None:
        self._known(call)
        if what == "nonsense":
            raise ValueError
        self.done.append(what)

    def listened(self, call: str, seq: int) -> None:
        self._known(call)
        self.done.append(seq)

    def speaking(self, call: str) -> None:
        self._known(call)
        self.done.append("speaking")

    def events(self, call: str, since: int, wait: float) -> list[dict[str, Any]]:
        self._known(call)
        return [{"seq": since + 1, "kind": "over", "by": f"{wait:g}"}]

    def sound(self, call: str, seq: int) -> bytes | None:
        self._known(call)
        return b"RIFF" if seq == 1 else None

    def asked(self, since: int) -> list[dict[str, object]]:
        return [{"seq": since + 7}]

    def make_trouble(self, name: str) -> None:
        if name == "flood":
            raise KeyError(name)
        self.trouble = name

    def kill_worker(self) -> bool:
        return True

    def _known(self, call: str) -> None:
        if call != "CA1":
            raise KeyError(call)


@pytest.fixture
def phone() -> SilentPhone:
    return SilentPhone()


@pytest.fixture
def pages(speech: Speech) -> FlowPages:
    return FlowPages(voice_flows.CALL, *speech)


@pytest.fixture
def client(speech: Speech, phone: SilentPhone) -> FlaskClient:
    return create_web(voice_flows.CALL, *speech, phone=phone).test_client()


def shape(words: Mapping[str, Any]) -> dict[str, list[str]]:
    return {page: list(names) for page, names in words.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_have_words_in_every_language(client: FlaskClient, language: str):
    """The same names in the four files, none of them empty, and every page opens in each language."""
    words = page_words(language)
    assert shape(words) == shape(page_words("en"))
    assert all(text.strip() for names in words.values() for text in names.values())
    for address in ("/phone", "/flows", *(f"/flows/{name}" for name in voice_flows.CALL.flows)):
        answer = client.get(f"{address}?lang={language}")
        assert answer.status_code == 200, address
        assert f'<html lang="{language}">' in answer.text


def test_every_word_of_the_pages_is_used():
    """A word that no page and no script names would be translated for nobody."""
    source = "".join(
        path.read_text("utf-8") for path in WEB.rglob("*") if path.suffix in {".html", ".js", ".py"}
    )
    # These are found by the name of a step's kind, exit or part, of a service, a ready sentence, a subject of
    # questions to Tagor, or of what a key of every question does.
    # Figures are named as `bridge report --week` names them.
    looked_up = {"kinds", "exits", "parts", "services", "ready", "decisions", "states", "jobs", "did"} | {
        "subjects",
        "flow_titles",
        "flow_purposes",
        "step_titles",
        "actions",
    }
    source += "flows.again flows.slower" + (WEB.parent / "call_statistics.py").read_text("utf-8")
    unused = [
        f"{page}.{name}"
        for page, names in page_words("en").items()
        for name in names
        if page not in looked_up and not re.search(rf"\b{page}\.{name}\b|\"{name}\"", source)
    ]
    assert unused == []


def test_the_visitors_browser_chooses_the_language(client: FlaskClient):
    """What the address says counts more; a language without pages is none."""
    assert '<html lang="fr">' in client.get("/phone", headers={"Accept-Language": "it, fr-BE;q=0.8"}).text
    assert '<html lang="de">' in client.get("/phone?lang=de", headers={"Accept-Language": "fr"}).text
    assert '<html lang="nl">' in client.get("/phone?lang=it").text


@pytest.mark.parametrize("address", ["/phone", "/flows", "/flows/Balance", "/flows/None", "/static/page.css"])
def test_every_answer_says_what_it_may_load(client: FlaskClient, address: str):
    """Own scripts and styles only, in nobody's frame; also on a page that is not there."""
    with client.get(address) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_names_are_text_and_no_page(client: FlaskClient):
    """Whatever a name holds, it is shown as it is."""
    page = client.get("/phone").text
    assert "<b>An</b>" not in page
    assert "&lt;b&gt;An&lt;/b&gt;" in page


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}])
def test_posts_of_other_sites_are_refused(client: FlaskClient, phone: SilentPhone, headers: dict[str, str]):
    """A page elsewhere in the same browser cannot phone, kill or make trouble."""
    for address in ("/phone/calls", "/phone/tagor", "/phone/workers/kill", "/phone/calls/CA1/act"):
        assert (
            client.post(
                address, json={"number": "", "name": "down", "what": "1"}, headers=headers
            ).status_code
            == 403
        )
    assert (phone.done, phone.trouble) == ([], "none")


def test_another_name_of_this_machine_is_refused(client: FlaskClient):
    """A site whose name was turned to this machine cannot read its pages."""
    assert client.get("/phone", headers={"Host": "elsewhere.example"}).status_code == 400


def test_a_call_is_carried(client: FlaskClient, phone: SilentPhone):
    """Each post does one thing, and news come with what Tagor was asked."""
    assert client.post("/phone/calls", json={"number": ""}, headers=ORIGIN).json == {
        "call": "CA1",
        "asked": 7,
    }
    for address, body in (("act", {"what": "7"}), ("listened", {"seq": 3}), ("speaking", {})):
        assert client.post(f"/phone/calls/CA1/{address}", json=body, headers=ORIGIN).status_code == 200
    assert phone.done == ["", "7", 3, "speaking"]
    news = client.get("/phone/calls/CA1?since=2&asked=7").json
    assert news == {"events": [{"seq": 3, "kind": "over", "by": "20"}], "asked": [{"seq": 14}]}
    assert client.get("/phone/calls/CA1/sounds/1").mimetype == "audio/wav"


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        ("/phone/calls", {"number": "12"}, 400),
        ("/phone/calls", {"number": "javascript:"}, 400),
        ("/phone/calls", {"number": None}, 400),
        ("/phone/calls", [], 400),
        ("/phone/calls", {"number": "+32470000009"}, 429),
        ("/phone/calls/CA1/act", {"what": "nonsense"}, 400),
        ("/phone/calls/CA2/act", {"what": "1"}, 404),
        ("/phone/calls/CA2/listened", {"seq": 1}, 404),
        ("/phone/calls/CA2/speaking", {}, 404),
        ("/phone/calls/CA1/listened", {"seq": "1"}, 400),
        ("/phone/tagor", {"name": "flood"}, 404),
        ("/phone/calls", {"number": "+" + "1" * 9000}, 413),
    ],
)
def test_bad_input_is_refused(client: FlaskClient, address: str, body: object, status: int):
    """With a status that says why, never with an error of the server."""
    assert client.post(address, json=body, headers=ORIGIN).status_code == status


@pytest.mark.parametrize(
    "address", ["/phone/calls/CA2", "/phone/calls/CA1/sounds/2", "/flows/None", "/flows/..%2f"]
)
def test_what_is_not_there_is_told_in_words(client: FlaskClient, address: str):
    """In the visitor's language."""
    answer = client.get(f"{address}?lang=fr")
    assert answer.status_code == 404
    assert page_words("fr")["page"]["gone"] in answer.text.replace("&#39;", "'")


def test_troubles_and_killings_are_told(client: FlaskClient, phone: SilentPhone):
    """The page shows what is so, not what was asked."""
    assert client.post("/phone/tagor", json={"name": "slow"}, headers=ORIGIN).json == {"name": "slow"}
    assert client.post("/phone/workers/kill", json={}, headers=ORIGIN).json == {"killed": True}
    assert phone.trouble == "slow"


def test_the_first_page_is_the_phone(client: FlaskClient):
    """Whoever opens the address without a path gets there too; a slash more is no other page."""
    assert client.get("/flows/").status_code == 200
    assert client.get("/").headers["Location"] == "/phone"


@pytest.mark.parametrize("name", voice_flows.CALL.flows)
def test_a_flow_page_is_the_flows_table(client: FlaskClient, pages: FlowPages, name: str):
    """Every step in its order, every exit as a link to a step of the page, in every sub-flow too."""
    page = client.get(f"/flows/{name}?lang=en&words=de").text
    ids = re.findall(r'<li class="step[^"]*" id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    flow = voice_flows.CALL.flows[name]
    assert [one for one in ids if re.fullmatch(rf"{name}-\w+", one)] == [
        f"{name}-{step}" for step in flow.steps
    ]
    assert set(re.findall(r'<a href="#([^"]+)"', page)) <= {*ids, "content"}
    shown = pages.show(name, "de")
    assert [[exit_.target for exit_ in step.exits] for step in shown.steps] == [
        list(step.exits.values()) for step in flow.steps.values()
    ]


def test_a_flow_page_tells_who_may_reach_a_step(pages: FlowPages):
    """What tells of a file comes after proof; the question for the PIN is everybody's."""
    steps = {f"{name}.{step.name}": step for name in pages.names for step in pages.show(name, "nl").steps}
    assert not steps["Balance.tell"].open
    assert steps["ByPin.ask_pin"].open
    assert (steps["ByPin.known"].open, steps["ByPin.stranger"].open) == (False, True)
    assert (steps["Identify.known"].open, steps["Identify.back"].open) == (False, True)
    assert steps["Defendant.balance"].open


def test_a_flow_page_tells_what_is_written_and_what_takes_effect(pages: FlowPages):
    """The note of an exit stands at that exit, in the language of the words; decisions are marked."""
    look = next(step for step in pages.show("Balance", "nl").steps if step.name == "look")
    assert [exit_.note != "" for exit_ in look.exits] == [
        f"Balance.look.{exit_.name}" in pages._notes.marks for exit_ in look.exits
    ]
    assert any(step.decides for name in pages.names for step in pages.show(name, "nl").steps)


def test_a_part_of_a_page_is_the_table_alone(client: FlaskClient):
    """For the phone page, which shows it beside the call."""
    part = client.get("/flows/Balance?part=1").text
    assert "<html" not in part
    assert 'data-place="Balance.choose"' in part


def test_every_flow_and_every_question_has_a_name_for_people_of_an_office():
    """In the words of the pages, and what a flow is stands there in English as in its table."""
    words = page_words("en")
    flows = voice_flows.CALL.flows
    purposes = {name: inspect.cleandoc(flow.__doc__ or "").partition("\n")[0] for name, flow in flows.items()}
    assert words["flow_purposes"] == purposes
    assert set(words["flow_titles"]) == set(flows)
    steps = {f"{flow.name}.{name}": step for flow in flows.values() for name, step in flow.steps.items()}
    assert set(words["step_titles"]) <= set(steps)
    asking = {place for place, step in steps.items() if isinstance(step, _ASKING)}
    assert asking - set(words["step_titles"]) == set()


def test_what_an_action_does_is_told_in_the_language_of_the_page(client: FlaskClient):
    """English stands there as in the action itself; the other files have the same names."""
    performed = [
        step.action
        for flow in voice_flows.CALL.flows.values()
        for step in flow.steps.values()
        if isinstance(step, Do | Decide)
    ]
    does = {
        action.name: inspect.cleandoc(action.function.__doc__ or "").partition("\n")[0]
        for action in performed
    }
    assert page_words("en")["actions"] == does
    page = html.unescape(client.get("/flows/Balance?lang=fr").text)
    assert page_words("fr")["actions"]["ask_balance"] in page
    assert does["ask_balance"] not in page


def test_a_step_is_told_in_words():
    """One without a name of its own by its flow and kind; what no table knows stays as it is."""
    words = page_words("nl")
    places = ("Balance.choose", "Balance.look", "Gone.by")
    told = [step_words(place, words, step_kind(voice_flows.CALL, place)) for place in places]
    assert told == ["Saldo: Dossiermenu", "Saldo: Actie", "Gone.by"]


def test_what_the_console_lists_is_told_in_words():
    """Every option that may be switched off, all that is done for callers, and every kind of work."""
    words, flows = page_words("fr"), voice_flows.CALL.flows
    services = [service_words(service, words) for service in sorted(services_of(voice_flows.CALL))]
    assert not [name for name in services if name.islower()]
    assert len(services) == len(set(services))
    decides = {
        f"{flow.name}.{name}"
        for flow in flows.values()
        for name, step in flow.steps.items()
        if isinstance(step, Decide)
    }
    assert set(words["decisions"]) == decides
    assert {*get_args(JobKind), *DECISION_KINDS} <= set(words["jobs"])


def test_a_call_that_did_not_wait_tells_nothing_of_tagor():
    """Only where a call waits for an outcome, `down` is a Tagor that does not help."""
    flows, words = voice_flows.CALL, page_words("en")
    told = [
        exit_words(told_exit(flows, place, "down"), words)
        for place in ("Defendant.recognise", "Balance.look", "Gone.by")
    ]
    assert told == ["not waited for", "Tagor does not help", "Tagor does not help"]
