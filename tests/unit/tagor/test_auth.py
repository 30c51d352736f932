"""The office's login: one token for all threads, renewed in time, once, and never shown to anybody."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Semaphore
from urllib.parse import parse_qsl

import pytest
from tagor_questions import FILE, PIN, Question
from tagor_server import FakeClock, Play, ScriptedTagor, http, says

from bridge.tagor import (
    ClientLogin,
    Deadline,
    Tagor,
    TagorError,
    TagorInvalidResponse,
    TagorRefused,
    TagorUnreachable,
)
from bridge.tagor.http.auth import TokenAuth, TokenResponse

LOGIN, YES = "Login/Token", "TagorService/GetVoxtronVerwByPin"
THREADS = 32


def grant(number: int, expires_in: object = 3600) -> Play:
    return says({"token_type": "Tgr", "expires_in": expires_in, "token": f"token-{number}", "error": ""})


@pytest.fixture
def tagor(server: ScriptedTagor, connect: Callable[..., Tagor]) -> Tagor:
    """A client that logs in; the first three logins give three tokens."""
    server.plays(LOGIN, grant(1), grant(2), grant(3))
    return connect(server.url, ClientLogin("bridge&co", "s=cret"), pool=THREADS)


def shown(server: ScriptedTagor) -> list[str]:
    return [asked.headers["authorization"] for asked in server.asked if asked.path != LOGIN]


def logins(server: ScriptedTagor) -> int:
    return [asked.path for asked in server.asked].count(LOGIN)


def in_parallel(ask: Callable[[], object]) -> list[object]:
    """Ask in 32 threads that start together; errors are returned like answers."""
    together = Barrier(THREADS)

    def one() -> object:
        together.wait()
        try:
            return ask()
        except TagorError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return [future.result() for future in [pool.submit(one) for _ in range(THREADS)]]


def test_a_login_is_a_form_without_an_envelope(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Id and secret go as form fields, and the token that comes back is shown from then on."""
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
    login = server.asked[0]
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in login.headers
    assert parse_qsl(login.body.decode()) == [
        ("grant_type", "client_credentials"),
        ("client_id", "bridge&co"),
        ("client_secret", "s=cret"),
    ]
    assert shown(server) == ["Tgr token-1"]


@pytest.mark.parametrize("life", [3600, "3600"])
def test_a_token_is_renewed_at_four_fifths_of_its_life(
    server: ScriptedTagor, tagor: Tagor, clock: FakeClock, life: object
):
    """Not a second earlier, and not when it has run out already."""
    server.plays(LOGIN, grant(1, life), grant(2, life))
    for seconds in (0, 2879, 1, 2879):
        clock.tick(seconds)
        tagor.callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 30))
    assert shown(server) == ["Tgr token-1"] * 2 + ["Tgr token-2"] * 2
    assert logins(server) == 2


class Waiting(Deadline):
    """A deadline that tells when somebody begins to wait until it."""

    def __init__(self, clock: FakeClock, seconds: float = 30) -> None:
        super().__init__(clock, seconds)
        self.waits = Semaphore(0)

    def left(self) -> float:
        self.waits.release()
        return super().left()


@pytest.mark.parametrize("granted", [True, False])
def test_32_threads_share_one_login_and_its_outcome(clock: FakeClock, *, granted: bool):
    """One login for all, and a wrong secret must not look like 32 attacks; each gets an error of its own."""
    by, logged_in = Waiting(clock), []

    def log_in(deadline: Deadline) -> TokenResponse:
        logged_in.append(deadline)
        for _ in range(THREADS - 1):
            by.waits.acquire()
        if granted:
            return TokenResponse("token-1", 3600)
        raise TagorRefused(LOGIN, "no.")

    auth = TokenAuth(log_in, clock)
    told = in_parallel(lambda: auth.header(by))
    assert len(logged_in) == 1
    if granted:
        assert told == ["Tgr token-1"] * THREADS
    else:
        assert {repr(error) for error in told} == {repr(TagorRefused(LOGIN, "no."))}
        assert len({id(error) for error in told}) == THREADS


def test_32_threads_that_meet_an_expired_token_renew_it_once(
    server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Tagor forgets a token: everybody is turned away once, one login follows, everybody gets an answer."""
    turned_away = Barrier(THREADS)

    def expired(sock: socket.socket, scripted: ScriptedTagor) -> None:
        turned_away.wait()
        http(401)(sock, scripted)

    server.plays(YES, *[expired] * THREADS, says({"Success": True}))
    assert in_parallel(lambda: tagor.callers.pin_opens(FILE, PIN, deadline=by)) == [True] * THREADS
    assert logins(server) == 2
    assert shown(server) == ["Tgr token-1"] * THREADS + ["Tgr token-2"] * THREADS


def test_while_one_thread_renews_the_others_go_on(server: ScriptedTagor, tagor: Tagor, clock: FakeClock):
    """A token in the last fifth of its life still opens doors; only one thread waits for the next."""
    tagor.callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 30))
    clock.tick(2880)
    by = Deadline(clock, 10)
    asked, may_answer = Event(), Event()

    def slow(sock: object, scripted: object) -> None:
        asked.set()
        may_answer.wait(10)
        grant(2)(sock, scripted)

    server.plays(LOGIN, slow)
    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(tagor.callers.pin_opens, FILE, PIN, deadline=by)
        asked.wait()
        assert in_parallel(lambda: tagor.callers.pin_opens(FILE, PIN, deadline=by)) == [True] * THREADS
        may_answer.set()
        assert renewing.result()
    assert shown(server) == ["Tgr token-1"] * (THREADS + 1) + ["Tgr token-2"]
    assert logins(server) == 2


def test_a_login_that_takes_too_long_frees_who_waits(clock: FakeClock):
    """Each thread waits until its own deadline only, also for a login that another one began."""
    began, may_end = Event(), Event()

    def log_in(_: Deadline) -> TokenResponse:
        began.set()
        may_end.wait()
        return TokenResponse("token-1", 3600)

    auth = TokenAuth(log_in, clock)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(auth.header, Deadline(clock, 30))
        began.wait()
        with pytest.raises(TagorUnreachable, match="took too long") as caught:
            auth.header(Deadline(clock, 0.01))
        may_end.set()
        assert first.result() == "Tgr token-1"
    assert not caught.value.sent
    assert caught.value.__context__ is None


def test_a_renewal_that_fails_leaves_the_old_token_in_use(
    server: ScriptedTagor, tagor: Tagor, clock: FakeClock
):
    """While the old one holds, a failed renewal costs nobody an answer and is not tried again at once."""
    server.plays(LOGIN, grant(1), http(500), http(500), grant(2))
    for seconds in (0, 2880, 4, 1, 5):
        clock.tick(seconds)
        assert tagor.callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 30))
    assert shown(server) == ["Tgr token-1"] * 4 + ["Tgr token-2"]
    assert logins(server) == 4


def test_without_a_token_that_holds_a_failed_login_is_an_error(
    server: ScriptedTagor, tagor: Tagor, clock: FakeClock
):
    """A token that has run out opens nothing; the next call tries to log in again."""
    server.plays(LOGIN, grant(1), http(500), grant(2))
    tagor.callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 30))
    clock.tick(3600)
    with pytest.raises(TagorInvalidResponse) as caught:
        tagor.callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 30))
    assert caught.value.operation == LOGIN
    assert tagor.callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 30))


def test_a_login_that_dies_frees_the_way_for_the_next(clock: FakeClock):
    """Not even an error nobody foresaw leaves the others waiting for ever."""
    grants = iter([TokenResponse("token-1", 3600)])

    def log_in(_: Deadline) -> TokenResponse:
        if not died:
            died.append(True)
            raise KeyboardInterrupt
        return next(grants)

    died: list[bool] = []
    auth = TokenAuth(log_in, clock)
    with pytest.raises(KeyboardInterrupt):
        auth.header(Deadline(clock, 30))
    assert auth.header(Deadline(clock, 30)) == "Tgr token-1"


def test_a_token_tagor_turned_down_is_not_spared(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """After a 401 the old token is gone, also when no new one can be had."""
    server.plays(LOGIN, grant(1), http(503))
    server.plays(YES, http(401))
    with pytest.raises(TagorInvalidResponse) as caught:
        tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert caught.value.operation == LOGIN
    assert shown(server) == ["Tgr token-1"]


def test_a_token_that_is_turned_down_twice_is_a_refusal(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """One new token, one more try, then the office has to look at its rights."""
    server.plays(YES, http(401))
    with pytest.raises(TagorRefused):
        tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert shown(server) == ["Tgr token-1", "Tgr token-2"]


def test_403_is_a_refusal_at_once(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """A right that is missing does not come with a new token."""
    server.plays(YES, http(403))
    with pytest.raises(TagorRefused):
        tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert shown(server) == ["Tgr token-1"]


def test_the_balance_is_asked_once_whatever_the_token(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """`GetSaldo` leaves a note, so a 401 is not tried again; the next question has a new token."""
    server.plays("TagorService/GetSaldo", http(401))
    with pytest.raises(TagorRefused):
        tagor.files.balance(FILE, deadline=by)
    assert shown(server) == ["Tgr token-1"]
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert shown(server) == ["Tgr token-1", "Tgr token-2"]


def test_every_question_that_leaves_nothing_is_asked_again_with_a_new_token(
    some_read: Question, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """A token that Tagor has forgotten costs the caller nothing."""
    if some_read.name in ("ping", "balance"):
        return
    server.plays(some_read.path, http(401), says(some_read.content))
    assert some_read.ask(tagor, by) == some_read.told
    assert shown(server) == ["Tgr token-1", "Tgr token-2"]


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_wrong_secret_is_a_refusal(server: ScriptedTagor, tagor: Tagor, by: Deadline, status: int):
    """The login is the one operation whose contract knows a 400."""
    server.plays(LOGIN, http(status, b'{"response": {"error": "canary"}}'))
    with pytest.raises(TagorRefused) as caught:
        tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert caught.value.operation == LOGIN
    assert shown(server) == []


@pytest.mark.parametrize("content", [{"error": "canary"}, {"error": "canary", "token": "", "expires_in": 0}])
def test_an_error_instead_of_a_token_is_a_refusal(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, content: dict[str, object]
):
    """Tagor may also say no with a 200."""
    server.plays(LOGIN, says(content))
    with pytest.raises(TagorRefused):
        tagor.callers.pin_opens(FILE, PIN, deadline=by)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"token": "t"},
        {"token": "t", "expires_in": 0},
        {"token": "t", "expires_in": -1},
        {"token": "t", "expires_in": True},
        {"token": "t", "expires_in": None},
        {"token": "", "expires_in": 3600},
        {"token": 7, "expires_in": 3600},
        {"token": "t\r\nX-Evil: 1", "expires_in": 3600},
        {"token": "t\n", "expires_in": 3600},
        {"token": "t\u00e9", "expires_in": 3600},
        {"token": "t" * 4097, "expires_in": 3600},
    ],
)
def test_a_token_nobody_can_use_is_broken(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, content: dict[str, object]
):
    """What cannot stand in a header, or lives for no time, is never shown."""
    server.plays(LOGIN, says(content))
    with pytest.raises(TagorInvalidResponse):
        tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert shown(server) == []


def test_a_login_may_answer_under_request(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """As the samples of generation 1.08 do."""
    server.plays(LOGIN, says({"token": "t", "expires_in": 60}, envelope="request"))
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
