"""A Tagor that fails again and again is left alone, and nothing else is: who is asked, and what counts."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tagor_questions import FILE, PIN
from tagor_server import FakeClock, Play, ScriptedTagor, http, raw, reset, says

from bridge.tagor import (
    ApiKey,
    CircuitBreakers,
    ClientLogin,
    Deadline,
    FilePin,
    Tagor,
    TagorCircuitOpen,
    TagorError,
    TagorInvalidResponse,
    TagorRefused,
    TagorUnreachable,
)
from bridge.tagor.http.circuit_breaker import MAX_FAILURES, PROBE_SECONDS

YES, OPEN, LOGIN, SAVE = (
    "TagorService/GetVoxtronVerwByPin",
    "TagorService/KantoorOpen",
    "Login/Token",
    "TagorService/SavePaymentPlan",
)
FINE = says({"Success": True, "Error": "", "VerwIndex": "1", "KantoorOpen": True})
SICK: dict[str, Play] = {
    "500": http(500),
    "503 in HTML": http(503, b"<html>"),
    "429": http(429, b"", "Retry-After: 1"),
    "401": http(401),
    "403": http(403),
    "408": http(408),
    "elsewhere": http(302, b"", "Location: http://127.0.0.1:1/"),
    "204": http(204),
    "no JSON": http(200, b"<html>"),
    "no envelope": http(200, b"{}"),
    "breaks off": http(200, b"{", length=50),
    "packed": http(200, b"{}", "Content-Encoding: gzip"),
    "endless": http(200, b" " * (1 << 21)),
    "no HTTP": raw(b"hello\r\n\r\n"),
    "reset": reset,
}
ANSWERS: dict[str, Play] = {
    "no": says({"Success": False, "Error": "no such file"}),
    "an unknown form": says({"Success": "perhaps"}),
    "400": http(400),
    "404": http(404),
    "422": http(422),
}


@pytest.fixture
def breakers(clock: FakeClock) -> CircuitBreakers:
    return CircuitBreakers(clock)


@pytest.fixture
def tagor(server: ScriptedTagor, connect: Callable[..., Tagor], breakers: CircuitBreakers) -> Tagor:
    server.always_plays(FINE)
    return connect(server.url, breakers=breakers)


@pytest.fixture
def yes(tagor: Tagor, clock: FakeClock) -> Callable[[], bool]:
    """Whether the PIN opens the file, with plenty of time for every question."""
    return lambda: tagor.callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 30))


def fails(ask: Callable[[], object], times: int = MAX_FAILURES) -> None:
    """Ask so often; every time Tagor itself is to blame."""
    for _ in range(times):
        with pytest.raises(TagorError) as error:
            ask()
        assert not isinstance(error.value, TagorCircuitOpen)


@contextmanager
def out_of_reach() -> Iterator[None]:
    """Let Tagor's name be unknown, so that no request leaves the bridge."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror

    with pytest.MonkeyPatch.context() as network:
        network.setattr(socket, "getaddrinfo", unknown)
        yield


def spared(ask: Callable[[], object]) -> TagorCircuitOpen:
    with pytest.raises(TagorCircuitOpen) as error:
        ask()
    return error.value


@pytest.mark.parametrize("sick", SICK.values(), ids=SICK)
def test_five_failures_and_tagor_is_left_alone(
    server: ScriptedTagor, yes: Callable[[], bool], clock: FakeClock, sick: Play
):
    """The sixth caller hears at once that nothing was sent, ten seconds on one finds it well again."""
    server.plays(YES, sick)
    fails(yes)
    connections, asked = server.connections, len(server.asked)
    trouble = spared(yes)
    assert (trouble.sent, trouble.answered, trouble.operation) == (False, False, YES)
    assert isinstance(trouble, TagorUnreachable)
    assert (server.connections, len(server.asked)) == (connections, asked)
    server.plays(YES, FINE)
    clock.tick(PROBE_SECONDS)
    assert yes()
    assert yes()


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_nobody_likes_is_an_answer(server: ScriptedTagor, yes: Callable[[], bool], answer: Play):
    """Nothing about one file or one question closes the line to Tagor, and it ends any row of failures."""
    server.plays(YES, *[http(500)] * (MAX_FAILURES - 1), answer)
    fails(yes, MAX_FAILURES - 1)
    for _ in range(3 * MAX_FAILURES):
        try:
            yes()
        except (TagorRefused, TagorInvalidResponse) as trouble:
            assert trouble.answered  # noqa: PT017 - some of them are no error at all
    server.plays(YES, http(500))
    fails(yes)
    spared(yes)


def test_what_is_down_takes_nothing_else_with_it(
    server: ScriptedTagor, tagor: Tagor, yes: Callable[[], bool], by: Deadline
):
    """Half of the operations fail for ever; the other half is asked as always."""
    server.plays(YES, http(503))
    server.plays("TagorService/GetSaldo", http(503))
    for _ in range(4 * MAX_FAILURES):
        for ask in (yes, lambda: tagor.files.balance(FILE, deadline=by)):
            with pytest.raises(TagorError):
                ask()
        assert tagor.office.is_open(deadline=by)
    spared(yes)


def test_a_machine_that_is_away_is_left_alone_as_a_whole(
    server: ScriptedTagor, tagor: Tagor, yes: Callable[[], bool], by: Deadline
):
    """Nothing reaches it, so no other operation tries in its turn."""
    server.stop()
    fails(yes)
    assert spared(lambda: tagor.office.is_open(deadline=by)).operation == OPEN


def test_a_machine_that_can_be_reached_again_is_asked_everything(
    server: ScriptedTagor, tagor: Tagor, yes: Callable[[], bool], clock: FakeClock
):
    """Also when the probe itself gets no good answer: that says something about its own question only."""
    with out_of_reach():
        fails(yes)
    server.plays(YES, http(500))
    clock.tick(PROBE_SECONDS)
    fails(yes, 1)
    assert tagor.office.is_open(deadline=Deadline(clock, 30))


def test_who_has_no_time_is_no_probe(
    server: ScriptedTagor, tagor: Tagor, yes: Callable[[], bool], clock: FakeClock
):
    """A question that would be given up within a second leaves the probe to the next one."""
    server.plays(YES, http(500))
    fails(yes)
    server.plays(YES, FINE)
    clock.tick(PROBE_SECONDS)
    spared(lambda: tagor.callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 0.9)))
    assert yes()


def too_late(server: ScriptedTagor, tagor: Tagor, clock: FakeClock, *, seconds: float) -> None:
    """Five questions that are given so many seconds, and no answer by then."""

    def play(sock: socket.socket, _: ScriptedTagor) -> None:
        clock.tick(seconds)
        reset(sock)

    server.plays(YES, play)
    fails(lambda: tagor.callers.pin_opens(FILE, PIN, deadline=Deadline(clock, seconds)))
    server.plays(YES, FINE)


def test_impatience_is_not_tagors_fault(
    server: ScriptedTagor, tagor: Tagor, yes: Callable[[], bool], clock: FakeClock
):
    """An answer that is missing after less than a second says nothing about Tagor."""
    too_late(server, tagor, clock, seconds=0.9)
    assert yes()


def test_an_answer_that_is_missing_after_a_second_counts(
    server: ScriptedTagor, tagor: Tagor, yes: Callable[[], bool], clock: FakeClock
):
    """That is what a healthy Tagor never needs."""
    too_late(server, tagor, clock, seconds=1.0)
    spared(yes)


def test_a_write_that_meets_an_open_breaker_was_certainly_not_sent(
    server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Whoever agreed a plan hears that it was not made, and need not wait for a colleague to look."""

    def save() -> object:
        return tagor.plans.save(FILE, None, months=6, deadline=by)

    server.plays(SAVE, http(500))
    fails(save)
    assert not spared(save).sent
    assert [asked.path for asked in server.asked].count(SAVE) == MAX_FAILURES


class TestLogin:
    """The same for an office that logs in: a login is an operation like any other."""

    @pytest.fixture
    def tagor(self, server: ScriptedTagor, connect: Callable[..., Tagor], breakers: CircuitBreakers) -> Tagor:
        server.always_plays(FINE)
        server.plays(LOGIN, grant(1))
        return connect(server.url, ClientLogin("bridge", "s=cret"), breakers=breakers)

    @pytest.mark.parametrize("refusal", [http(401), http(400), says({"error": "invalid_client"})])
    def test_a_login_that_is_refused_is_not_tried_for_ever(
        self, server: ScriptedTagor, yes: Callable[[], bool], clock: FakeClock, refusal: Play
    ):
        """Five times, then Tagor is left alone; the first login that succeeds opens everything."""
        server.plays(LOGIN, refusal)
        fails(yes)
        asked = len(server.asked)
        assert spared(yes).operation == LOGIN
        assert len(server.asked) == asked
        server.plays(LOGIN, grant(2))
        clock.tick(PROBE_SECONDS)
        assert yes()

    def test_a_token_that_is_always_rejected(self, server: ScriptedTagor, yes: Callable[[], bool]):
        """Every token is new and none is accepted: after five questions there is no sixth."""
        server.plays(YES, http(401))
        fails(yes)
        asked = len(server.asked)
        spared(yes)
        assert len(server.asked) == asked

    def test_the_first_question_after_an_outage_logs_in(self, yes: Callable[[], bool], clock: FakeClock):
        """The probe is the login itself, and the question behind it is asked all the same."""
        with out_of_reach():
            fails(yes)
            spared(yes)
        clock.tick(PROBE_SECONDS)
        assert yes()

    def test_a_machine_that_goes_after_its_answer_was_there(
        self,
        server: ScriptedTagor,
        tagor: Tagor,
        yes: Callable[[], bool],
        clock: FakeClock,
    ):
        """The new login finds nobody, but the question had reached Tagor: it counts against itself."""
        assert tagor.office.is_open(deadline=Deadline(clock, 30))

        def last_words(sock: socket.socket, server: ScriptedTagor) -> None:
            server.stop_listening()
            http(401, b"", "Connection: close")(sock, server)
            sock.shutdown(socket.SHUT_RDWR)

        server.plays(YES, last_words)
        fails(yes, 1)
        # The way there has not failed once: it takes as many failures as ever until it is left alone.
        fails(lambda: tagor.office.is_open(deadline=Deadline(clock, 30)))
        spared(lambda: tagor.office.is_open(deadline=Deadline(clock, 30)))

    def test_a_login_that_fails_within_a_question_is_counted_once(
        self, server: ScriptedTagor, tagor: Tagor, yes: Callable[[], bool], by: Deadline
    ):
        """The question's own token was rejected, and the machine did answer: the way there is in order."""
        server.plays(LOGIN, grant(1), http(500))
        server.plays(YES, http(401))
        fails(yes, 1)
        server.plays(LOGIN, grant(2))
        assert tagor.office.is_open(deadline=by)


def test_a_defendant_whom_tagor_does_not_accept_is_no_failure(
    server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """A PIN of their own that Tagor turns down says nothing about Tagor."""
    guest = tagor.acting_as(FilePin("20230118", "482193"))
    server.plays(YES, http(401))
    for _ in range(3 * MAX_FAILURES):
        with pytest.raises(TagorRefused):
            guest.callers.pin_opens(FILE, PIN, deadline=by)
    host = tagor.acting_as(ApiKey("KEY-canary-5513"))
    fails(lambda: host.callers.pin_opens(FILE, PIN, deadline=by))
    spared(lambda: guest.callers.pin_opens(FILE, PIN, deadline=by))


def grant(number: int) -> Play:
    return says({"token_type": "Tgr", "expires_in": 3600, "token": f"token-{number}", "error": ""})
