"""The console: who gets in, what they see and may do, and whom it refuses."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event
from web_visitor import OFFICES, ORIGIN, PASSWORD, Visitor

import voice_flows
from bridge.app.overrides import Speech
from bridge.office.hours import BRUSSELS
from bridge.simulators.server_log import TurnLine
from bridge.store.callbacks import NewCallback
from bridge.store.claim import OpenTurn
from bridge.store.errors import StoreDown
from bridge.store.job import NewJob
from bridge.store.pin_attempts import BudgetExhausted
from bridge.store.repositories import Repositories
from bridge.store.step_journal import TurnSteps
from bridge.web.app import create_web
from bridge.web.console import sessions
from bridge.web.console.context import ConsoleContext
from bridge.web.console.users import ConsoleUsers, UserError, user_line
from bridge.web.console.views import Console

if TYPE_CHECKING:
    from bridge.web.console.context import LockedNames
    from tests.shared_line import Line

PIN, CALLER, FILE = "482193", "+32470000001", "20230118"


@pytest.fixture
def letter(store: Repositories, line: "Line") -> str:
    """The id of a dead letter of the demo's office."""
    now = line.clock.now()
    store.outbox.add(NewJob("a call", "demo", "note", b"sealed", now))
    [job] = store.outbox.claim_due(now)
    store.outbox.dead_letter(job, now, trouble="Refused")
    [dead] = store.outbox.dead_letters()
    return dead.id


@pytest.mark.parametrize("address", ["/", "/calls?call=1", "/calls/demo/" + "0" * 16, "/work", "/audit"])
def test_nobody_sees_a_page_without_logging_in(visitor: Visitor, address: str):
    """They are asked for name and password, wherever they wanted to go."""
    answer = visitor.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/console/login")


@pytest.mark.parametrize("address", ["/flows", "/flows/Defendant", "/flows/Balance?part=1", "/flows/None"])
def test_nobody_sees_a_flow_without_logging_in(
    visitor: Visitor, logged_in: Callable[[str], Visitor], address: str
):
    """On a console there is no phone whose page would have to show them."""
    answer = visitor.client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/console/login")
    assert logged_in("sara").client.get(address).status_code == (404 if "None" in address else 200)


def test_the_way_after_the_login_is_the_consoles_own(visitor: Visitor):
    """Nobody is led elsewhere by an address that was put into the link."""
    form = {"csrf_token": visitor.token("/login"), "name": "sara", "password": PASSWORD}
    answer = visitor.client.post("/console/login?next=https://elsewhere.example", data=form, headers=ORIGIN)
    assert answer.headers["Location"] == "/console/"


@pytest.mark.parametrize(
    ("name", "password"), [("sara", "a wrong password"), ("nobody", PASSWORD), ("", ""), (PASSWORD, "sara")]
)
def test_who_is_refused_learns_nothing(visitor: Visitor, store: Repositories, name: str, password: str):
    """Neither whether the name exists; and a password in the wrong field is written nowhere."""
    answer = visitor.log_in(name, password)
    assert answer.status_code == 401
    shown = visitor.log_in("sara", "another wrong one").text
    plain = re.compile(r'value="[^"]*"')
    assert plain.sub("", answer.text) == plain.sub("", shown)
    assert PASSWORD not in repr(store.audit.newest(9))
    assert visitor.get("/").status_code == 302


def test_a_name_is_not_guessed_for_long(visitor: Visitor):
    """After six wrong passwords in a quarter of an hour not even the right one opens."""
    assert [visitor.log_in("sara", f"wrong {number}").status_code for number in range(6)] == [401] * 6
    assert visitor.log_in("sara").status_code == 429
    assert visitor.log_in("otto").status_code == 302


def test_an_address_does_not_try_for_long(visitor: Visitor):
    """Ten tries in a minute, whatever the names."""
    tries = [visitor.log_in(f"name{number}", "wrong").status_code for number in range(11)]
    assert tries == [401] * 10 + [429]


def test_a_login_begins_a_new_session(visitor: Visitor):
    """Whoever planted a session in somebody's browser holds nothing afterwards."""
    visitor.token("/login")
    before = visitor.client.get_cookie("console")
    visitor.log_in("sara")
    after = visitor.client.get_cookie("console")
    assert before
    assert after
    assert before.value != after.value
    stranger = Visitor(visitor.client.application)
    stranger.client.set_cookie("console", before.value)
    assert stranger.get("/").status_code == 302


def test_a_session_ends_on_the_server(logged_in: Callable[[str], Visitor]):
    """Whoever kept the cookie is asked to log in."""
    visitor = logged_in("sara")
    kept = visitor.client.get_cookie("console")
    assert kept
    assert visitor.post("/logout").status_code == 302
    visitor.client.set_cookie("console", kept.value)
    assert visitor.get("/").status_code == 302


def test_a_session_does_not_last_for_ever(
    logged_in: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch
):
    """However busy it is, it ends after twelve hours."""
    visitor = logged_in("sara")
    began = sessions.time.time()
    monkeypatch.setattr(sessions.time, "time", lambda: began + 12 * 3600 + 1)
    assert visitor.get("/").status_code == 302


def test_the_cookie_is_for_this_server_only(visitor: Visitor):
    """No script reads it, and no other site's link sends it."""
    cookie = visitor.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_over_tls_the_cookie_never_travels_in_the_clear(
    users: ConsoleUsers, store: Repositories, speech: Speech
):
    """Where the console has an address with TLS; and only under that name it answers."""
    console = Console(users, ConsoleContext(store, voice_flows.CALL, OFFICES))
    app = create_web(voice_flows.CALL, *speech, console=console, address="https://console.example.be")
    client = app.test_client()
    cookie = client.get("/console/login", headers={"Host": "console.example.be"}).headers["Set-Cookie"]
    assert cookie.startswith("__Host-console=")
    assert "Secure" in cookie
    assert client.get("/console/login").status_code == 400


@pytest.mark.parametrize("form", [{}, {"csrf_token": "made up"}])
def test_a_form_without_its_token_does_nothing(
    logged_in: Callable[[str], Visitor], letter: str, store: Repositories, form: dict[str, str]
):
    """Another site cannot press a button, even in a browser that sends no origin worth anything."""
    visitor = logged_in("anna")
    answer = visitor.client.post(f"/console/work/{letter}/retry", data=form, headers=ORIGIN)
    assert answer.status_code == 400
    assert len(store.outbox.dead_letters()) == 1


def test_a_form_from_another_origin_does_nothing(
    logged_in: Callable[[str], Visitor], letter: str, store: Repositories
):
    """Not even with a token."""
    visitor = logged_in("anna")
    form = {"csrf_token": visitor.token("/work")}
    elsewhere = {"Origin": "https://elsewhere.example"}
    answer = visitor.client.post(f"/console/work/{letter}/retry", data=form, headers=elsewhere)
    assert answer.status_code == 403
    assert len(store.outbox.dead_letters()) == 1


def test_roles_are_kept_apart(logged_in: Callable[[str], Visitor], letter: str, store: Repositories):
    """Who may see does nothing, who may operate unlocks nothing and reads no audit."""
    sara, otto, anna = (logged_in(name) for name in ("sara", "otto", "anna"))
    assert sara.post(f"/work/{letter}/retry").status_code == 403
    assert sara.get("/audit").status_code == 403
    assert otto.post("/offices/demo/unlock").status_code == 403
    assert len(store.outbox.dead_letters()) == 1
    assert otto.post(f"/work/{letter}/retry").status_code == 302
    assert store.outbox.dead_letters() == []
    assert anna.post("/offices/demo/unlock").status_code == 302
    done = [(entry.who, entry.what, entry.whom) for entry in store.audit.newest(9)]
    assert done[:2] == [("anna", "unlocked", "demo"), ("otto", "retried", f"demo {letter[:10]}")]
    assert "otto" in anna.get("/audit").text


def test_nothing_is_done_that_cannot_be_written_down(
    logged_in: Callable[[str], Visitor], letter: str, store: Repositories, monkeypatch: pytest.MonkeyPatch
):
    """An audit list that is away keeps everything as it is."""
    visitor = logged_in("otto")
    form = {"csrf_token": visitor.token("/work")}

    def away(*_: object) -> None:
        raise StoreDown("away")

    monkeypatch.setattr("bridge.store.audit.AuditList.add", away)
    answer = visitor.client.post(f"/console/work/{letter}/retry", data=form, headers=ORIGIN)
    assert answer.status_code == 503
    assert len(store.outbox.dead_letters()) == 1


def test_an_office_sees_its_own_line_only(logged_in: Callable[[str], Visitor], letter: str, line: "Line"):
    """Neither calls, nor dead letters, nor figures of another one; not by their exact address either."""
    phone = line.phone(CALLER).ring().hang_up()
    name = line.app.extensions["bridge"].repositories.calls.log_name(phone.call_id)
    anna, hugo = logged_in("anna"), logged_in("hugo")
    assert anna.get(f"/calls/demo/{name}").status_code == 200
    assert hugo.get(f"/calls/demo/{name}").status_code == 404
    assert hugo.get(f"/calls/aalst/{name}").status_code == 404
    assert hugo.get(f"/calls?call={phone.call_id}").status_code == 404
    assert ">demo<" not in hugo.get("/").text
    assert letter not in hugo.get("/work").text
    assert hugo.post(f"/work/{letter}/retry").status_code == 404
    assert hugo.post("/offices/demo/unlock").status_code == 404


def test_a_day_is_told_in_figures(logged_in: Callable[[str], Visitor], line: "Line"):
    """How many called and where they ended; yesterday's page tells nothing of today."""
    line.phone(CALLER).ring().hang_up()
    visitor = logged_in("sara")
    today = visitor.get("/?lang=en").text
    assert re.search(r"<dt>Calls</dt><dd>1</dd>", today)
    assert "hung up" in today
    assert re.search(r"<dt>Calls</dt><dd>0</dd>", visitor.get("/?lang=en&day=2026-03-03").text)
    assert re.search(r"<dt>Calls</dt><dd>1</dd>", visitor.get("/?lang=en&week=1").text)


def test_a_day_tells_of_callbacks_and_of_what_went_wrong(
    logged_in: Callable[[str], Visitor], line: "Line", store: Repositories
):
    """Promised that day, and kept or missed when it was time; where Tagor did not help."""
    sara, now = logged_in("sara"), line.clock.now()
    line.phone(CALLER).ring().hang_up()
    assert "Nothing went wrong." in sara.get("/?lang=en").text
    line.tagor.fault("TagorService/GetSaldo", "status", status=500)
    line.phone(CALLER).ring().press("1").press(PIN).hang_up()
    with store.calls._database.on_cursor("durable") as transaction:
        for name, ends in (("1", now), ("2", now), ("3", now + timedelta(days=1))):
            store.callbacks.add(transaction, NewCallback(name, "demo", ends, ends, b"", now))
    store.callbacks.mark_kept("1", "demo", now)
    shown = sara.get("/?lang=en").text
    assert "Nothing went wrong." not in shown
    for figure in ("promised</dt><dd>3", "kept</dt><dd>1", "missed</dt><dd>0"):
        assert f"<dt>Call-backs {figure}</dd>" in shown


def test_the_page_of_today_follows_the_line(logged_in: Callable[[str], Visitor], line: "Line"):
    """It asks by an ETag, and gets the page anew once a call has come; what each call did stands in it."""
    sara = logged_in("sara")
    assert 'data-part="/console/?part=1"' in sara.get("/").text
    assert "data-part" not in sara.get("/?day=2026-03-03").text
    empty = sara.get("/?part=1")

    def again() -> int:
        return int(sara.get("/?part=1", headers={"If-None-Match": empty.headers["ETag"]}).status_code)

    assert again() == 304
    line.phone(CALLER).ring().press("1").press(PIN).hang_up()
    assert again() == 200
    assert "<td>proved who they are</td>" in sara.get("/?part=1&lang=en").text


def test_the_list_of_a_day_asks_the_database_as_often_for_many_calls_as_for_one(
    logged_in: Callable[[str], Visitor], line: "Line"
):
    """What they all did is one query, so a busy day's page is as quick as a quiet one's."""
    sara, asked = logged_in("sara"), list[object]()

    def shown() -> int:
        asked.clear()
        assert "<td>proved who they are</td>" in sara.get("/?part=1&lang=en").text
        return len(asked)

    line.phone(CALLER).ring().press("1").press(PIN).hang_up()
    event.listen(Engine, "before_cursor_execute", note := lambda *told: asked.append(told))
    try:
        one = shown()
        for _ in range(3):
            line.phone(CALLER).ring().hang_up()
        assert shown() == one > 0
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_used_up_budget_of_pins_is_told(
    logged_in: Callable[[str], Visitor], line: "Line", store: Repositories
):
    """Whoever may unlock gets the button then, and only then; in the list it stands in words."""
    anna, limits = logged_in("anna"), OFFICES[0].pin_limits
    assert "Unlock demo" not in anna.get("/work?lang=en").text
    for number in range(limits.office_hour):
        store.pin_attempts.count_attempts(
            "demo", [f"9{number}"], caller=None, named=True, now=line.clock.now()
        )
    assert "Unlock demo" in anna.get("/work?lang=en").text
    assert "nobody can prove who they are now" in logged_in("sara").get("/work?lang=en").text
    anna.post("/offices/demo/unlock")
    assert "nobody can prove who they are now" not in anna.get("/work?lang=en").text
    assert "déverrouillé" in anna.get("/audit?lang=fr").text


@pytest.fixture
def locked(store: Repositories, line: "Line") -> Callable[[], bool]:
    """Count five wrong PINs on a file, which lock it for a day; gives what tells whether it still is."""

    def is_locked() -> bool:
        [answer] = store.pin_attempts.count_attempts(
            "demo", [FILE], caller=None, named=True, now=line.clock.now()
        )
        return isinstance(answer, BudgetExhausted)

    assert [is_locked() for _ in range(6)] == [False] * 5 + [True]
    return is_locked


@pytest.mark.usefixtures("locked")
def test_used_up_files_are_counted_and_not_named(logged_in: Callable[[str], Visitor]):
    """At their own office only."""
    shown = logged_in("sara").get("/work?lang=en").text
    assert re.findall(r"(Files|Numbers) that [a-z A-Z]+</dt><dd>(\d+)", shown) == [
        ("Files", "1"),
        ("Numbers", "0"),
        ("Files", "0"),
        ("Numbers", "0"),
    ]
    assert FILE not in shown


def test_one_file_is_unlocked_by_its_number(
    logged_in: Callable[[str], Visitor], locked: Callable[[], bool], store: Repositories
):
    """By whoever administers its office; it is written down without the number, which no address holds."""
    anna = logged_in("anna")
    for nobody in ("sara", "otto"):
        assert "unlock/file" not in logged_in(nobody).get("/work").text
    answer = anna.post("/offices/demo/unlock/file?lang=en", file=f" 00{FILE} ")
    assert answer.status_code == 302
    assert FILE not in str(answer.headers)
    shown = anna.get("/work?lang=en").text
    assert "PINs can be tried on that file again." in shown
    assert not locked()
    entry = store.audit.newest(1)[0]
    assert (entry.who, entry.what, entry.whom) == ("anna", "unlocked a file", "demo")
    assert "a déverrouillé un dossier" in anna.get("/audit?lang=fr").text


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (("anna", "demo", ""), (400, "takes the number of a file")),
        (("anna", "demo", "../20230118"), (400, "takes the number of a file")),
        (("anna", "demo", "<b>20230118"), (400, "takes the number of a file")),
        (("anna", "demo", "2" * 41), (400, "takes the number of a file")),
        (("anna", "demo", "20230119"), (404, "Is the number right?")),
        (("hugo", "aalst", "20230118"), (404, "Is the number right?")),
        (("hugo", "demo", "20230118"), (404, "no such page")),
    ],
)
def test_a_number_that_unlocks_nothing_is_told(
    logged_in: Callable[[str], Visitor],
    locked: Callable[[], bool],
    store: Repositories,
    sent: tuple[str, str, str],
    answered: tuple[int, str],
):
    """In a sentence that does not repeat it; a file of another office's is another file."""
    who, office, number = sent
    answer = logged_in(who).post(f"/offices/{office}/unlock/file?lang=en", file=number)
    assert answer.status_code == answered[0]
    assert answered[1] in answer.text
    for written in (answer.text, str(answer.headers), repr(store.audit.newest(9))):
        assert not number or number not in written
    assert locked()


class TestFilesBehindReferences:
    """An office whose callers key in references."""

    @pytest.fixture
    def locked_names(self) -> "LockedNames":
        return lambda _office, number: {"R-1": {"R-1", FILE}}.get(number)

    def test_the_file_behind_a_reference_is_unlocked(
        self, logged_in: Callable[[str], Visitor], locked: Callable[[], bool]
    ):
        """Where attempts are counted."""
        assert logged_in("anna").post("/offices/demo/unlock/file", file="R-1").status_code == 302
        assert not locked()

    def test_while_tagor_is_away_nothing_is_unlocked(
        self, logged_in: Callable[[str], Visitor], locked: Callable[[], bool], store: Repositories
    ):
        """And nothing is written down; the page says to try again."""
        answer = logged_in("anna").post("/offices/demo/unlock/file?lang=en", file="R-2")
        assert answer.status_code == 503
        assert "try again in a minute" in answer.text
        assert store.audit.newest(1)[0].what == "logged in"
        assert locked()


@pytest.mark.parametrize("address", ["/", "/report", "/report.csv", "/report.json"])
@pytest.mark.parametrize(
    "day", ["", "nonsense", "2026-13-01", "2026-03-05", "1999-12-31", "0001-01-01", "<script>"]
)
def test_a_day_that_no_page_can_show_is_refused(logged_in: Callable[[str], Visitor], address: str, day: str):
    """With what the address takes, and without what it had."""
    answer = logged_in("sara").get(address, query_string={"day": day, "lang": "en"})
    assert answer.status_code == 400
    assert "This takes a day as year, month and day, such as 2026-03-04" in answer.text
    assert "<script>" not in answer.text
    assert "nonsense" not in re.sub(r'href="[^"]*"', "", answer.text)


@pytest.mark.parametrize(
    ("language", "told"),
    [("nl", "Hier hoort een dag"), ("fr", "Indiquez un jour"), ("de", "Hierher gehört ein Tag")],
)
def test_what_an_address_takes_is_told_in_the_visitors_language(
    logged_in: Callable[[str], Visitor], language: str, told: str
):
    """A bookmark that was typed wrongly is mended without English."""
    answer = logged_in("sara").get("/report", query_string={"day": "nonsense", "lang": language})
    assert answer.status_code == 400
    assert told in answer.text


def test_a_call_is_found_and_its_path_read(logged_in: Callable[[str], Visitor], line: "Line"):
    """By the provider's id or the name in the log; step by step, and without a digit of what was keyed."""
    phone = line.phone(CALLER).ring().press("1").press(PIN).hang_up()
    visitor = logged_in("sara")
    found = visitor.get(f"/calls?call={phone.call_id}")
    name = found.headers["Location"].partition("?")[0].rpartition("/")[2]
    for shown in (name, name[:4].upper()):
        assert visitor.get(f"/calls?call={shown}").headers["Location"] == found.headers["Location"]
    path = visitor.get(f"/calls/demo/{name}").text
    assert "Defendant.main" in path
    assert "beller legde op" in path
    assert not [secret for secret in (PIN, CALLER, phone.call_id) if secret in path]


def test_a_transfer_is_under_way_however_long_it_takes(logged_in: Callable[[str], Visitor], line: "Line"):
    """It stands above the others until it ends; another office's people do not see it."""
    phone = line.phone(CALLER).ring().press("0")
    assert phone.state == "dialling"
    line.clock.move(minutes=40)
    line.phone(CALLER).ring().hang_up()
    sara, under_way = logged_in("sara"), "<strong>under way</strong>"
    shown = sara.get("/?lang=en").text
    assert shown.partition("Newest calls")[0].count(under_way) == 1
    assert shown.count(under_way) == 2
    assert under_way not in logged_in("hugo").get("/?lang=en").text
    assert under_way not in sara.get("/?lang=en&day=2026-03-03").text
    phone.hang_up()
    assert under_way not in sara.get("/?lang=en").text


def test_the_list_of_a_day_goes_on(logged_in: Callable[[str], Visitor], line: "Line"):
    """Fifty calls on a page, and a link to the older ones; each call stands on one page."""
    for _ in range(53):
        line.phone(CALLER).ring().hang_up()
    sara, address, pages = logged_in("sara"), "/?lang=en", []
    while address:
        shown = sara.get(address).text
        pages.append(re.findall(r"/console/calls/demo/([0-9a-f]{16})", shown))
        link = re.search(r'<a href="/console(/\?[^"]+)">Older calls of this day', shown)
        address = link[1].replace("&amp;", "&") if link else ""
    assert [len(page) for page in pages] == [50, 3]
    assert len({name for page in pages for name in page}) == 53


@pytest.mark.parametrize("before", ["", "-1", "1e3", "9" * 19, "<script>", "٣"])
def test_a_place_in_the_list_that_is_none_is_refused(logged_in: Callable[[str], Visitor], before: str):
    """With what the address takes."""
    answer = logged_in("sara").get("/", query_string={"before": before, "lang": "en"})
    assert answer.status_code == 400
    assert "This takes a number of at most 18 digits" in answer.text


def test_a_call_of_the_demos_terminal_is_found(logged_in: Callable[[str], Visitor], line: "Line"):
    """The terminal and the console give it one short name, which the console finds as well."""
    name = line.app.extensions["bridge"].repositories.calls.log_name(line.phone(CALLER).ring().call_id)
    told = TurnLine(line.clock.now(), name, "nl", "Defendant.main", "ring", 12)
    sara = logged_in("sara")
    assert f">{told.name}</a>" in sara.get("/").text
    found = sara.get(f"/calls?call={told.name}").headers["Location"].partition("?")[0]
    assert f"<h1>Call {told.name}</h1>" in sara.client.get(f"{found}?lang=en").text


def test_a_call_is_found_by_the_callers_number_and_the_minute(
    logged_in: Callable[[str], Visitor], line: "Line"
):
    """However the number is written; two minutes off too, and not three, nor another number or office."""
    name = line.app.extensions["bridge"].repositories.calls.log_name(
        line.phone(CALLER).ring().hang_up().call_id
    )
    began = line.clock.now().astimezone(BRUSSELS)
    line.clock.move(hours=1)
    line.phone(CALLER).ring().hang_up()
    sara = logged_in("sara")

    def found(number: str, later: int = 0, visitor: Visitor = sara) -> int | str:
        minute = f"{began + timedelta(minutes=later):%Y-%m-%dT%H:%M}"
        answer = visitor.post("/calls", number=number, minute=minute)
        assert CALLER not in str(answer.headers)
        return (
            answer.headers["Location"].rpartition("/")[2] if answer.status_code == 302 else answer.status_code
        )

    assert {found(number) for number in (CALLER, "0470 00 00 01", "0032 470/00.00.01")} == {name}
    assert [found(CALLER, later) for later in (-3, -2, 2, 3)] == [404, name, name, 404]
    assert found("+32470000002") == 404
    assert found(CALLER, visitor=logged_in("hugo")) == 404
    line.phone(CALLER).ring().hang_up()
    several = sara.post("/calls", number=CALLER, minute=f"{began + timedelta(hours=1):%Y-%m-%dT%H:%M}").text
    assert len(re.findall(r'href="/console/calls/demo/[0-9a-f]{16}', several)) == 2


@pytest.mark.parametrize(
    ("number", "minute", "takes"),
    [
        ("", "2026-03-04T09:00", "takes a telephone number"),
        ("470", "2026-03-04T09:00", "takes a telephone number"),
        ("+32 470 <b>", "2026-03-04T09:00", "takes a telephone number"),
        (CALLER, "", "takes a day and a time"),
        (CALLER, "yesterday", "takes a day and a time"),
        (CALLER, "0001-01-01T00:00", "takes a day and a time"),
    ],
)
def test_a_filter_that_cannot_be_read_says_what_it_takes(
    logged_in: Callable[[str], Visitor], number: str, minute: str, takes: str
):
    """And keeps what was typed, as text."""
    answer = logged_in("sara").post("/calls?lang=en", number=number, minute=minute)
    assert answer.status_code == 400
    assert takes in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    ("wanted", "status", "told"),
    [
        ("", 200, "Id or name of the call"),
        ("CA" + "0" * 32, 404, "No such call is known"),
        ("0" * 16, 404, "No such call is known"),
        *(
            (one, 400, "takes a provider&#39;s id")
            for one in ("../../etc/passwd", "%", "' OR 1=1 --", "a" * 500)
        ),
    ],
)
def test_an_unknown_call_is_told_in_words(
    logged_in: Callable[[str], Visitor], wanted: str, status: int, told: str
):
    """Also one whose id is none: then the page says what it takes."""
    answer = logged_in("sara").get("/calls", query_string={"call": wanted, "lang": "en"})
    assert answer.status_code == status
    assert told in answer.text


@pytest.mark.parametrize("address", ["demo/" + "0" * 16, "demo/none", "none/" + "0" * 16])
def test_an_address_of_no_call_says_so(logged_in: Callable[[str], Visitor], address: str):
    """A link to a call that the journal has deleted, say."""
    answer = logged_in("sara").get(f"/calls/{address}?lang=en")
    assert answer.status_code == 404
    assert "No such call is known at your offices." in answer.text


def test_every_ending_is_counted(logged_in: Callable[[str], Visitor], line: "Line", store: Repositories):
    """Beyond the eight most frequent ones as others, on the page of a day; no plan is told as none."""
    for step in range(11):
        opened = store.calls.read(f"CA{step}", 0, line.clock.now())
        assert isinstance(opened, OpenTurn)
        steps = TurnSteps(
            "demo", "nl", [("Defendant.main", f"way {step}")] if step else [("Defendant.main", "1")]
        )
        store.calls.save_reply(
            opened, 0, state=None, reply=b"", next_turn=1, now=line.clock.now(), office="demo", steps=steps
        )
    sara = logged_in("sara")
    assert "<td>others</td><td></td><td>3</td>" in sara.get("/?lang=en").text
    assert "others" in sara.get("/report?lang=en").text
    for page in ("/?lang=en", "/report?lang=en"):
        shown = sara.get(page).text
        assert "<td>Payment plan requested</td><td>0</td>" in shown
        assert "<td>Payment plan approved</td><td>0</td>" in shown
        assert "Text sent" not in shown


def test_a_journal_that_cannot_be_read_is_told(
    logged_in: Callable[[str], Visitor], line: "Line", monkeypatch: pytest.MonkeyPatch
):
    """In words, while the line goes on."""
    visitor = logged_in("sara")

    def away(*_: object) -> None:
        raise StoreDown("away")

    monkeypatch.setattr("bridge.store.step_journal.StepJournal.tally", away)
    for address in ("/?lang=en", "/?lang=en&part=1"):
        answer = visitor.get(address)
        assert answer.status_code == 503
        assert "The line goes on" in answer.text
    assert line.phone(CALLER).ring().state == "listening"


@pytest.mark.parametrize(
    "text",
    [
        "anna",
        "anna:see:*:plain",
        "anna:rule:*:$argon2id$v=19$x",
        "An na:see:*:$argon2id$v=19$x",
    ],
)
def test_a_user_that_cannot_be_read_is_told(text: str):
    """By its place; never with its hash."""
    with pytest.raises(UserError, match=r"^user \d+ ") as told:
        ConsoleUsers.read(text)
    assert "argon2" not in str(told.value)


def test_a_short_password_is_refused():
    """Twelve characters at least."""
    with pytest.raises(UserError, match="at least 12"):
        user_line("anna", "see", "*", "elf zeichen")


def test_a_hash_that_is_none_opens_nothing():
    """A user whose hash was damaged cannot log in, and nothing breaks."""
    assert ConsoleUsers.read("anna:see:*:$argon2id$v=19$damaged").check("anna", PASSWORD) is None


def test_a_flow_page_tells_how_often_exits_were_taken(
    logged_in: Callable[[str], Visitor], line: "Line", monkeypatch: pytest.MonkeyPatch
):
    """To whoever has logged in, of their own offices; hanging up is no exit of the table, and is told too."""
    line.phone(CALLER).ring().press("3").hang_up()
    line.phone(CALLER).ring().hang_up()
    sara = logged_in("sara")
    shown = sara.client.get("/flows/Defendant?lang=en").text
    assert 'key 3 <span class="times">1' in shown
    assert 'caller hung up <span class="times">1' in shown
    assert 'class="times"' not in logged_in("hugo").client.get("/flows/Defendant").text

    def away(*_: object) -> None:
        raise StoreDown("away")

    monkeypatch.setattr("bridge.store.step_journal.StepJournal.exits", away)
    answer = sara.client.get("/flows/Defendant?lang=en")
    assert answer.status_code == 200
    assert 'class="times"' not in answer.text
    assert "How often callers took each exit cannot be read at the moment." in answer.text


@pytest.mark.parametrize(("hours", "counted"), [(6 * 24 + 12, 1), (6 * 24 + 20, 0)])
def test_a_flow_page_counts_the_week_of_the_report(
    logged_in: Callable[[str], Visitor], line: "Line", hours: int, counted: int
):
    """Seven days of Belgium with today: a call of less than 168 hours ago may lie before them."""
    line.phone(CALLER).ring().press("3").hang_up()
    line.clock.move(hours=hours)
    line.phone(CALLER).ring().hang_up()
    sara = logged_in("sara")
    [told] = [one["figures"] for one in sara.get("/report.json").json if one["office"] == "demo"]
    assert told.get("taken: Defendant.main 3", 0) == counted
    page = sara.client.get("/flows/Defendant?lang=en").text
    shown = page.partition('id="Defendant-main"')[2].partition("</li>\n  <li")[0]
    exits = re.findall(r'<li>key (\d) <span class="times">(\d+)', shown)
    assert dict(exits) == {key: str(told.get(f"taken: Defendant.main {key}", 0)) for key, _ in exits}
    assert ("3", str(counted)) in exits


def test_a_flow_page_tells_how_often_a_sub_flow_ended(logged_in: Callable[[str], Visitor], line: "Line"):
    """In each of its ways that the journal can tell, at the step that runs it."""
    line.phone(CALLER).ring().press("1").press(PIN).press("9")
    line.phone(CALLER).ring().hang_up()
    page = logged_in("sara").client.get("/flows/Balance?lang=en").text
    identify = page.partition('id="Balance-identify"')[2].partition("</ul>")[0]
    assert re.search(r'known <span class="times">1', identify)
    assert "back <span aria-hidden" in identify


def test_callbacks_stand_first_and_in_the_order_of_their_promise(
    logged_in: Callable[[str], Visitor], store: Repositories, line: "Line"
):
    """What is overdue comes first, and is told as that."""
    now = line.clock.now()
    with store.calls._database.on_cursor("durable") as transaction:
        for name, hours in (("1", 5), ("2", -1), ("3", 2)):
            at = now + timedelta(hours=hours)
            store.callbacks.add(transaction, NewCallback(name, "demo", at, at, b"", now))
    shown = logged_in("sara").get("/work?lang=en").text
    titles = re.findall(r"<h[23][^>]*>([^<]+)", shown)
    assert titles[:4] == ["To do first", "Call-backs to come", "Voicemails", "Given up"]
    assert re.findall(r"<td>04/03 (\d\d):\d\d</td><td>(?:<strong>)?([a-z ]+)", shown) == [
        ("09", "overdue"),
        ("12", "not in the agenda yet"),
        ("15", "not in the agenda yet"),
    ]
