"""`bridge doctor`: what it asks and leaves alone, and what no row of `test_planted_mistakes.py` breaks."""

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import certifi
import pytest
from click.testing import CliRunner, Result
from shared_collector import Collector
from shared_line import FakeClock, Line
from werkzeug.wrappers import Response

from bridge.app.outbox import voicemail_sounds
from bridge.checks.doctor import examine, fallbacks
from bridge.checks.provider_numbers import Connection
from bridge.commands.check import doctor
from bridge.settings import Settings
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.functions import FunctionHost
from bridge.simulators.provider.profiles import PROFILES, new_account
from bridge.simulators.provider.wire import Reply
from bridge.simulators.tagor.envelope import context
from bridge.simulators.tagor.operations import OPERATIONS
from bridge.store.tables import REVISION
from bridge.telephony.rest import RestClient

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn

OURS = ("BRIDGE_", "DATABASE_URL", "TAGOR_", "OTEL_")


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


@pytest.fixture(autouse=True)
def _on_the_lines_clock(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the doctor look at the clock by which Tagor's hours are told."""
    monkeypatch.setattr("bridge.checks.office_tagor.SYSTEM_CLOCK", clock)


@pytest.fixture(autouse=True)
def reached(monkeypatch: pytest.MonkeyPatch) -> list[Line]:
    """The line that stands at the public address; without one nobody answers there."""
    there: list[Line] = []

    def post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
        if not there:
            raise OSError
        return there[0].post(address, parse_qsl(body.decode()), headers)[0]

    monkeypatch.setattr("bridge.checks.public_line.post", post)
    return there


def wrong(environ: Mapping[str, str]) -> list[str]:
    return [str(problem) for problem in examine(environ).problems]


def test_a_healthy_line_is_told_to_work(line: Line, ask: Callable[..., Result], reached: list[Line]):
    """Everything that was asked says so, and the status is 0."""
    reached.append(line)
    result = ask(line.environ)
    assert result.exit_code == 0, result.output
    for told in (
        "settings",
        "database takes writes",
        "twilio accepts",
        "Tagor 2.00 answers",
        "signed webhook",
    ):
        assert told in result.stdout
    assert {told.split()[0] for told in result.output.splitlines()} == {"ok", "warning"}


def test_newer_tables_are_no_trouble(line: Line):
    """After a roll-back: the doctor says which ones they are, and that this version works on them."""
    with closing(sqlite3.connect(line.database)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    told = f"The database takes writes and is at 9999, newer than {REVISION}: this bridge works on it."
    assert told in examine(line.environ).notes


def test_the_doctor_leaves_nothing_behind(line: Line):
    """Tagor is asked for no file that exists and no balance, and keeps its books; nothing is recorded."""
    before = line.tagor.state()
    examine(line.environ)
    asked = set(line.asked())
    assert asked > {"Ping", "GetList", "GetPermissions", "GetDosInfo", "PinToFile", "GetBalances"}
    others = {"web", "Ping", "Version", "Info", "KantoorOpen", "CanAccess"}
    others |= {"PinToFile", "PaymentInfo", "SelfServiceAllowed"}
    assert {name for name in asked if not name.startswith("Get")} == others
    assert "GetSaldo" not in asked
    assert line.tagor.state() == before


def test_no_secret_is_told(line: Line, ask: Callable[..., Result]):
    """Neither with everything well nor with everything broken."""
    bad = {"BRIDGE_TOKENS": "e" * 8 + "0123456789abcdef", "TAGOR_KEY": "another-key-of-tagors"}
    for environ in (line.environ, line.environ | bad):
        output = ask(environ).output
        for name in ("BRIDGE_TOKENS", "BRIDGE_SECRET", "TAGOR_KEY"):
            assert environ[name] not in output


def test_each_line_begins_with_the_word_that_json_has(line: Line, ask: Callable[..., Result]):
    """What is wrong goes to standard error, for whoever reads only that."""
    line.tagor.stop()
    result = ask(line.environ)
    assert {told.split()[0] for told in result.stdout.splitlines()} == {"ok", "warning"}
    assert {told.split()[0] for told in result.stderr.splitlines()} == {"wrong"}


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


def test_a_provider_that_knows_no_such_call_accepts_us(line: Line, monkeypatch: pytest.MonkeyPatch):
    """404 for a call that never was is a yes; 503 is none."""
    statuses = [503, 404]

    monkeypatch.setattr(RestApi, "_listed", lambda *_: Response(status=statuses.pop()))
    assert wrong(line.environ) == []
    assert "status 503" in wrong(line.environ)[0]


def test_a_key_that_cannot_be_sent_is_wrong(line: Line):
    """Its blanks came along with copy and paste."""
    [told] = wrong(line.environ | {"TAGOR_KEY": "a key with blanks"})
    assert "The API key cannot be sent to Tagor: check its length and its characters." in told


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
    # With another address the numbers at the provider lead elsewhere, of course.
    assert [told for told in map(str, report.problems) if "bridge connect" not in told] == []
    assert [told for told in map(str, report.warnings) if warning in told]


def test_outside_the_demo_nothing_is_unwise(line: Line, reached: list[Line]):
    """With real settings there is no such warning; the demo's office does not count, and is missed."""
    reached.append(line)
    report = examine(line.environ | {"BRIDGE_DEMO": "0", "BRIDGE_PROVIDER_API": "https://127.0.0.1:1"})
    assert report.warnings == []
    assert [told for told in map(str, report.problems) if "holds no office" in told]


def hosted(page: str) -> Callable[..., Reply]:
    """A provider's own server that answers everybody with the document of the function on the page."""
    apology = next(row for row in page.splitlines() if row.startswith("const APOLOGY = "))
    document = json.loads(apology.removeprefix("const APOLOGY = ").rstrip(";"))
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


@pytest.mark.parametrize(
    ("provider", "told"),
    [
        ("signalwire", "make a LaML bin"),
        ("telnyx", "make a TeXML bin"),
        ("somleng", "somleng has no fallback"),
    ],
)
def test_other_providers_host_a_document_or_nothing(line: Line, provider: str, told: str):
    """No function is printed for them, and never a document for which there is no place."""
    staffed = line.environ | dict(new_account(provider).settings)
    [page] = fallbacks(staffed).values()
    assert told in page
    assert "exports.handler" not in page
    assert ("<Dial" in page) == (provider != "somleng")


def test_the_fallback_page_tells_what_to_click(line: Line, tagor: "StandIn"):
    """Each office's page names its numbers, the function and the field; Tagor need not be there."""
    tagor.stop()
    [(office, page)] = fallbacks(line.environ).items()
    assert office == "demo"
    for told in (
        Line.number,
        Line.second_number,
        "bridge connect",
        "/fallback-demo",
        '"Primary handler fails"',
        "stop the bridge",
    ):
        assert told in page


def test_json_is_for_a_program_that_watches(line: Line, ask: Callable[..., Result], reached: list[Line]):
    """Each finding with its state; whether all is well; the same exit status."""
    reached.append(line)
    healthy = ask(line.environ, "--json")
    told = json.loads(healthy.output)
    assert (healthy.exit_code, told["ok"]) == (0, True)
    assert {finding["state"] for finding in told["findings"]} == {"ok", "warning"}
    line.tagor.stop()
    ill = ask(line.environ, "--json")
    told = json.loads(ill.output)
    assert (ill.exit_code, told["ok"]) == (1, False)
    assert next(one["says"] for one in told["findings"] if one["state"] == "wrong").startswith("demo: Config")


@pytest.fixture
def numbers(recordings: RestApi) -> Iterator[RestApi]:
    """The account's numbers, set up anew after the test, and nothing hosted."""
    before = {number: dict(settings) for number, settings in recordings.numbers.items()}
    verified = set(recordings.verified)
    yield recordings
    recordings.numbers, recordings.verified = before, verified
    recordings.functions = FunctionHost()


def test_an_authority_of_ones_own_counts_for_all_of_the_provider(line: Line, monkeypatch: pytest.MonkeyPatch):
    """Recordings, numbers, functions, and the worker that fetches voicemails: none asks a stranger."""
    trusted, opened = list[str | None](), RestClient.__init__

    def noted(*to: Any, ca_file: str | None, **more: Any) -> None:  # noqa: ANN401 - as they come
        trusted.append(ca_file)
        opened(*to, ca_file=ca_file, **more)

    monkeypatch.setattr(RestClient, "__init__", noted)
    environ = line.environ | {"BRIDGE_PROVIDER_CA": certifi.where()}
    assert examine(environ).problems == []
    at_work = len(trusted)
    voicemail_sounds(Settings.read(environ))
    assert at_work >= 4
    assert trusted == [certifi.where()] * (at_work + 1)


def test_users_of_sip_are_for_the_operator_to_look_at(open_line: Callable[..., Line]):
    """The API of numbers does not know them; the telephone numbers beside them are asked about."""
    line = open_line(office={'"+3220000002"': '"+3220000002", "sip:line@pbx.example.be"'})
    report = examine(line.environ)
    assert report.problems == []
    assert [told for told in map(str, report.notes) if "calls for sip:line@pbx.example.be to" in told]


def test_a_fallback_that_is_the_bridge_itself_is_unwise(line: Line, numbers: RestApi):
    """It serves a turn that failed, and nobody while the bridge is away."""
    numbers.numbers[Line.number]["voice_fallback_url"] = f"{Line.public}/voice/fallback"
    report = examine(line.environ)
    assert report.problems == []
    assert [told for told in map(str, report.warnings) if "of no use while it is away" in told]


def test_what_the_provider_hosts_is_compared(line: Line, numbers: RestApi):
    """It is told when it is that of today, when it no longer is, and when nobody can look."""
    numbers.own(Line.second_number)
    Connection(Settings.read(line.environ), line.environ).carry_out()
    report = examine(line.environ)
    assert report.problems == []
    assert "The provider hosts the fallback of today for every office." in report.notes
    sheet = line.offices / "demo.toml"
    sheet.write_text(
        sheet.read_text("utf-8").replace('"nl", "fr", "de", "en"', '"nl", "fr"'), encoding="utf-8"
    )
    assert [told for told in wrong(line.environ) if "function /fallback-demo: differs" in told]
    numbers.functions = FunctionHost()
    numbers.functions.answer = refuse  # type: ignore[method-assign]
    assert [told for told in map(str, examine(line.environ).warnings) if "functions with status 503" in told]


def refuse(_request: object) -> Response:
    """What an API says that is not there."""
    return Response(status=503)


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [(500, b"", "with status 500"), (200, b"no JSON", "cannot be read"), (200, b"[]", "cannot be read")],
)
def test_a_provider_that_cannot_tell_of_numbers_is_wrong(
    line: Line, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, sentence: str
):
    """That says nothing about the numbers."""
    monkeypatch.setattr(RestApi, "_numbers", lambda *_: Response(body, status=status))
    [told] = wrong(line.environ)
    assert sentence in told


def test_a_line_whose_provider_alone_can_sign_is_only_found(line: Line, monkeypatch: pytest.MonkeyPatch):
    """Telnyx keeps its private key; a refusal shows that a line is there."""
    account = new_account("telnyx")
    environ = line.environ | dict(account.settings)
    with RestApi(account.account, account.token, profile=PROFILES["telnyx"]) as api:
        monkeypatch.setattr("bridge.checks.public_line.post", lambda *_: 403)
        for number in (Line.number, Line.second_number, Line.switchboard):
            api.own(
                number,
                voice_url=f"{Line.public}/voice" if number != Line.switchboard else "",
                voice_fallback_url="https://fallback.example.net",
                status_callback=f"{Line.public}/voice/status",
            )
        report = examine(environ | {"BRIDGE_PROVIDER_API": api.url})
    assert report.problems == []
    assert [one for one in map(str, report.notes) if "only telnyx itself can sign" in one]


@pytest.mark.parametrize(("state", "file"), [("closed", "open"), ("open", "closed")])
def test_hours_that_disagree_are_told(line: Line, monkeypatch: pytest.MonkeyPatch, state: str, file: str):
    """Callers hear the file's hours, and are put through by Tagor's."""
    line.tagor.controls.hours(state)
    monkeypatch.setattr("bridge.checks.office_tagor.is_open", lambda *_: file == "open")
    told = "\n".join(map(str, examine(line.environ).warnings))
    assert f"demo: at this moment Tagor says {state} and [hours] of the office file {file}" in told


def test_a_collector_is_asked_whether_it_takes_spans(line: Line):
    """One that does not is unwise and no more, for calls need none; nothing is sent to it."""
    with Collector().running() as collector:
        environ = line.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        assert "The collector takes spans." in map(str, examine(environ).notes)
        assert collector.spans() == []
        collector.status = 404
        report = examine(environ)
    assert report.problems == []
    assert [told for told in map(str, report.warnings) if "no collector takes spans there" in told]


def test_spans_without_their_library_are_wrong(line: Line, monkeypatch: pytest.MonkeyPatch):
    """The line would not start."""
    monkeypatch.setitem(sys.modules, "bridge.operations.tracing", None)
    [told] = wrong(line.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})
    assert told.startswith("OTEL_EXPORTER_OTLP_ENDPOINT needs more packages: install tagor-bridge[otel]")
