"""`bridge doctor`: one thing broken at a time and the sentence that names it; nothing left or told."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from shared_line import Line
from werkzeug.wrappers import Response

from bridge.checks.doctor import examine, fallbacks
from bridge.commands.check import doctor
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.wire import Reply
from bridge.simulators.tagor.envelope import context
from bridge.simulators.tagor.operations import OPERATIONS

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn

OURS = ("BRIDGE_", "DATABASE_URL", "TAGOR_")
WEAK = 'way = "caller_number"\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-12-01  # '


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command with these settings and no others, as in `ask(environ, "--fallback")`."""

    def run(environ: Mapping[str, str], *options: str) -> Result:
        with monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith(OURS)]:
                patch.delenv(name)
            for name, value in environ.items():
                patch.setenv(name, value)
            return CliRunner().invoke(doctor, list(options))

    return run


def wrong(environ: Mapping[str, str]) -> list[str]:
    return [str(problem) for problem in examine(environ).problems]


def test_a_healthy_line_is_told_to_work(line: Line, ask: Callable[..., Result]):
    """Everything that was asked says so, and the status is 0."""
    result = ask(line.environ)
    assert result.exit_code == 0, result.output
    for told in ("settings", "database takes writes", "twilio accepts", "Tagor 2.00 answers", "--fallback"):
        assert told in result.stdout
    assert "WRONG" not in result.output


def test_the_doctor_leaves_nothing_behind(line: Line):
    """Tagor is asked for no file and no balance and keeps its books; the provider makes no recording."""
    before = line.tagor.state()
    examine(line.environ)
    assert line.asked() == ["Ping", "Version", "KantoorOpen"]
    assert all(
        not entry["fields"] or set(entry["fields"]) == {"dsWebContext"} for entry in line.tagor.journal()
    )
    assert line.tagor.state() == before


def test_no_secret_is_told(line: Line, ask: Callable[..., Result]):
    """Neither with everything well nor with everything broken."""
    bad = {"BRIDGE_TOKENS": "e" * 8 + "0123456789abcdef", "TAGOR_KEY": "another-key-of-tagors"}
    for environ in (line.environ, line.environ | bad):
        output = ask(environ).output
        for name in ("BRIDGE_TOKENS", "BRIDGE_SECRET", "TAGOR_KEY"):
            assert environ[name] not in output


def test_missing_settings_are_named(ask: Callable[..., Result]):
    """Without any, the first sentence says which; status 1, and no traceback."""
    result = ask({})
    assert result.exit_code == 1
    assert "BRIDGE_PUBLIC_URL is missing" in result.stderr


def test_a_database_without_tables_is_wrong(line: Line, tmp_path: Path):
    """It says what to run."""
    environ = line.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"}
    assert [told for told in wrong(environ) if "bridge migrate" in told]


def test_a_database_that_is_away_is_wrong(line: Line, tmp_path: Path):
    """It names the setting."""
    environ = line.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/no/such/folder/bridge.db"}
    [told] = wrong(environ)
    assert told.startswith("DATABASE_URL: The database cannot be used")


def test_a_database_that_takes_no_writes_is_wrong(line: Line):
    """Reading alone would let no caller's PIN be tried."""
    line.break_database("write_probe")
    [told] = wrong(line.environ)
    assert told.startswith("DATABASE_URL:")


def test_a_wrong_token_is_wrong(line: Line):
    """The provider's no is told with the settings to look at."""
    [told] = wrong(line.environ | {"BRIDGE_TOKENS": "0123456789abcdef" * 2})
    assert "twilio does not accept the account: check BRIDGE_ACCOUNT" in told


def test_a_provider_that_does_not_answer_is_wrong(line: Line):
    """That says nothing about the account."""
    [told] = wrong(line.environ | {"BRIDGE_PROVIDER_API": "http://127.0.0.1:1"})
    assert told.startswith("twilio cannot be asked about recordings")


def test_a_provider_that_knows_no_such_call_accepts_us(line: Line, monkeypatch: pytest.MonkeyPatch):
    """404 for a call that never was is a yes; 503 is none."""
    statuses = [503, 404]

    monkeypatch.setattr(RestApi, "_listed", lambda *_: Response(status=statuses.pop()))
    assert wrong(line.environ) == []
    assert "status 503" in wrong(line.environ)[0]


def test_a_wrong_key_for_tagor_is_wrong(line: Line):
    """By a question that needs it, and changes nothing."""
    [told] = wrong(line.environ | {"TAGOR_KEY": "another-key"})
    assert told.startswith("demo: Tagor does not accept the credential")


def test_a_key_that_cannot_be_sent_is_wrong(line: Line):
    """Its blanks came along with copy and paste."""
    [told] = wrong(line.environ | {"TAGOR_KEY": "a key with blanks"})
    assert "The API key cannot be sent to Tagor: check its length and its characters." in told


def test_a_tagor_that_is_away_is_wrong(line: Line):
    """The office's name stands in front."""
    line.tagor.stop()
    [told] = wrong(line.environ)
    assert told.startswith("demo: Config/Ping:")


def test_a_tagor_that_talks_nonsense_is_wrong(line: Line):
    """A page for people is no answer."""
    line.tagor.fault("TagorService/KantoorOpen", "html")
    [told] = wrong(line.environ)
    assert told.startswith("demo: TagorService/KantoorOpen:")


@pytest.mark.parametrize(("key", "half"), [("117", "interface says"), ("102B", "Tagor behind")])
def test_a_half_that_is_down_is_named(line: Line, monkeypatch: pytest.MonkeyPatch, key: str, half: str):
    """Tagor's own word about itself is passed on."""
    ping = OPERATIONS["Config/Ping"]

    halves = {"117": "true", "102B": "true", key: "false"}
    monkeypatch.setitem(OPERATIONS, "Config/Ping", replace(ping, work=lambda *_: context(halves)))
    [told] = wrong(line.environ)
    assert half in told


def test_weak_identification_is_warned_of_every_time(
    open_line: Callable[..., Line], ask: Callable[..., Result]
):
    """Who accepted the risk does not make it less of one."""
    line = open_line(office={'way = "pin"': WEAK})
    for _ in range(2):
        result = ask(line.environ)
        assert result.exit_code == 0
        assert "caller_number is weak" in result.stdout


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"BRIDGE_PUBLIC_URL": "http://line.example.be"}, "not https"),
        ({"BRIDGE_LOG_LEVEL": "DEBUG"}, "LOG_LEVEL is DEBUG"),
        ({}, "BRIDGE_DEMO is on"),
    ],
)
def test_what_is_unwise_is_told(line: Line, change: dict[str, str], warning: str):
    """It works, and is not for real calls."""
    report = examine(line.environ | change)
    assert report.problems == []
    assert [told for told in map(str, report.warnings) if warning in told]


def test_outside_the_demo_nothing_is_unwise(line: Line):
    """With real settings there is no such warning; the demo's office does not count, and is missed."""
    report = examine(line.environ | {"BRIDGE_DEMO": "0", "BRIDGE_PROVIDER_API": "https://127.0.0.1:1"})
    assert report.warnings == []
    assert [told for told in map(str, report.problems) if "holds no office" in told]


def test_http_is_refused_outside_the_demo(line: Line):
    """A public address without TLS is wrong as soon as calls are real."""
    told = wrong(line.environ | {"BRIDGE_DEMO": "0", "BRIDGE_PUBLIC_URL": "http://line.example.be"})
    assert [one for one in told if one.startswith("BRIDGE_PUBLIC_URL must start with https://")]


def test_an_unreadable_office_is_wrong(line: Line):
    """With file and line, as `bridge check` tells it."""
    file = line.offices / "demo.toml"
    file.write_text(file.read_text("utf-8").replace("switchboard =", "swichboard ="), "utf-8")
    assert [told for told in wrong(line.environ) if "did you mean switchboard?" in told]


def test_a_voice_that_the_provider_lacks_is_wrong(open_line: Callable[..., Line]):
    """It would leave callers without words, also on the day the bridge is away."""
    line = open_line()
    file = line.offices / "demo.toml"
    file.write_text(
        file.read_text("utf-8").replace("[tagor]", '[voices]\nnl = "Nobody"\n\n[tagor]', 1), "utf-8"
    )
    assert [
        told
        for told in wrong(line.environ)
        if "names Nobody for nl, which the provider does not have" in told
    ]


def hosted(page: str) -> Callable[..., Reply]:
    """A provider's own server that answers everybody with the document on the page."""
    document = next(row for row in page.splitlines() if row.startswith("<?xml"))
    return lambda _url, _form, _headers: (200, {"Content-Type": "text/xml"}, document.encode())


def test_the_fallback_serves_a_caller_without_the_bridge(line: Line, ask: Callable[..., Result]):
    """Hosted at the provider: an apology in each language, then the switchboard, then goodbye; no webhook."""
    page = ask(line.environ, "--fallback").stdout
    phone = line.phone(post=hosted(page)).ring()
    assert {heard.language[:2] for heard in phone.last} == {"nl", "fr", "de", "en"}
    assert phone.last[0].language[:2] == "nl"
    assert phone.dialled == [Line.switchboard]
    phone.miss_transfer()
    assert (phone.state, phone.ended_by, phone.faults) == ("over", "hangup", [])
    assert len(phone.turns) == 1


def test_the_fallback_page_tells_what_to_click(line: Line, tagor: "StandIn"):
    """Each office's page names its numbers, the Bin and the field; Tagor need not be there."""
    tagor.stop()
    [(office, page)] = fallbacks(line.environ).items()
    assert office == "demo"
    for told in (Line.number, Line.second_number, "TwiML Bin", '"Primary handler fails"', "Stop the bridge"):
        assert told in page
