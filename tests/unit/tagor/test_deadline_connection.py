"""What surrounds a request: neither the machine's settings nor Tagor itself can lead it astray."""

import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from tagor_questions import FILE, PIN
from tagor_server import FakeClock, ScriptedTagor, http, says
from tagor_staff_questions import WORDS

from bridge.tagor import ApiKey, Deadline, FilePin, Tagor, TagorInvalidResponse, TagorUnreachable
from bridge.tagor.http.deadline import current_scope, within_deadline

Connect = Callable[..., Tagor]
PATH = "TagorService/GetVoxtronVerwByPin"
YES = b'{"response": {"Success": true}}'


def test_a_netrc_does_not_replace_the_credential(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Requests would send the login from the file instead of ours (psf/requests#3929)."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert server.asked[0].headers["authorization"] == "Tgr KEY-canary-5513"


def test_a_proxy_in_the_environment_hears_nothing(
    server: ScriptedTagor,
    tagor: Tagor,
    by: Deadline,
    serve: Callable[..., ScriptedTagor],
    monkeypatch: pytest.MonkeyPatch,
):
    """What defendants key in goes to Tagor and to nobody on the way."""
    proxy = serve()
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.setenv("NO_PROXY", "")
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert (len(server.asked), proxy.connections) == (1, 0)


def test_a_cookie_of_one_caller_is_not_shown_for_the_next(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """One session serves all callers, so nothing Tagor hands out may stick to it."""
    server.plays(PATH, http(200, YES, "Set-Cookie: JSESSIONID=first; Path=/"), says({"Success": True}))
    tagor.acting_as(FilePin("20230118", PIN)).callers.pin_opens(FILE, PIN, deadline=by)
    tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert "cookie" not in server.asked[1].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, serve: Callable[..., ScriptedTagor], status: int
):
    """Whoever answers for Tagor does not get the key of the office passed on."""
    elsewhere = serve()
    elsewhere.plays(PATH, says({"Success": True}))
    server.plays(PATH, http(status, b"", f"Location: {elsewhere.url}/{PATH}"))
    with pytest.raises(TagorInvalidResponse):
        tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert (len(server.asked), elsewhere.connections) == (1, 0)


def test_connections_are_kept_and_shared(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Four threads that ask at once need four connections, and go on with them afterwards."""
    together = Barrier(4)

    def answer(sock: object, scripted: ScriptedTagor) -> None:
        together.wait()
        says({"Success": True})(sock, scripted)

    server.plays(PATH, answer)
    for _ in range(3):
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(lambda _: tagor.callers.pin_opens(FILE, PIN, deadline=by), range(4)))
    assert server.connections == 4


def test_a_closed_client_keeps_no_connection(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """What is asked after closing opens a connection anew."""
    for _ in range(2):
        assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
        tagor.close()
    assert server.connections == 2


def test_a_connection_tagor_has_closed_is_replaced(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """An idle connection ends some time; nobody hears of it."""
    server.plays(PATH, http(200, YES, "Connection: close"), says({"Success": True}))
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert server.connections == 2


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tagor.example.be",
        "https://",
        "https://:443/v1",
        "https://tagor.example.be:port/v1",
        "https://tagor.example.be:99999/v1",
        "https://[::1/v1",
        "https://user:canary@tagor.example.be/v1",
        "https://@tagor.example.be/v1",
        "https://tagor.example.be/v1?canary=1",
        "https://tagor.example.be/v1#canary",
    ],
)
def test_an_address_that_is_none_is_refused_at_the_start(connect: Connect, url: str):
    """The sentence shows how one looks, and repeats nothing of what was given."""
    with pytest.raises(ValueError, match=r"must look like https://tagor\.example\.be/v1/web") as caught:
        connect(url)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "allow_http"),
    [
        ("http://tagor.example.be/v1/web", True),
        ("http://10.0.0.1/v1/web", True),
        ("http://127.0.0.1/v1/web", False),
        ("ftp://127.0.0.1/v1/web", True),
    ],
)
def test_http_is_for_this_machine_and_only_when_allowed(connect: Connect, url: str, *, allow_http: bool):
    """A PIN never crosses a network in the clear."""
    with pytest.raises(ValueError, match="must begin with https:"):
        connect(url, allow_http=allow_http)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_this_machine_has_several_names(connect: Connect, host: str):
    """All of them may be asked without TLS where that is allowed."""
    assert connect(f"http://{host}:8080/v1/web")


@pytest.mark.parametrize("slash", ["", "/", "//"])
def test_a_slash_at_the_end_of_the_address_does_not_matter(
    server: ScriptedTagor, connect: Connect, by: Deadline, slash: str
):
    """Offices write their address either way."""
    assert connect(server.url + slash).callers.pin_opens(FILE, PIN, deadline=by)
    assert [asked.path for asked in server.asked] == [PATH]


def test_a_long_request_keeps_the_deadline_too(
    server: ScriptedTagor, connect: Connect, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
):
    """A voicemail of a megabyte is sent in pieces, and each waits only for what is left."""
    tagor, sent = connect(server.url), []

    def slowly(_: object, data: memoryview) -> None:
        sent.append(len(data))
        clock.tick(1)

    monkeypatch.setattr("socket.socket.sendall", slowly)
    with pytest.raises(TagorUnreachable):
        tagor.documents.add(FILE, replace(WORDS, content=b"x" * (1 << 20)), deadline=Deadline(clock, 5))
    assert len(sent) == 5
    assert max(sent) <= 16_384


def test_a_connection_waits_only_inside_a_call(clock: FakeClock):
    """The deadline of one call is gone with it, also after an error."""
    for trouble in (None, RuntimeError()):
        with pytest.raises(RuntimeError) if trouble else within_deadline(Deadline(clock, 1)) as attempt:
            if trouble:
                with within_deadline(Deadline(clock, 1)):
                    raise trouble
            assert not attempt.sent


def test_no_time_is_ever_below_zero(clock: FakeClock):
    """A deadline that has passed leaves nothing, not less."""
    by = Deadline(clock, 2)
    left = [by.left()]
    for _ in range(3):
        clock.tick(1)
        left.append(by.left())
    assert left == [2, 1, 0, 0]


def test_the_public_authorities_are_read_once(connect: Connect, monkeypatch: pytest.MonkeyPatch):
    """Requests reads them for every connection; the client when it is made, and never for plain HTTP."""
    reads = []
    create = ssl.create_default_context
    monkeypatch.setattr(
        ssl, "create_default_context", lambda **settings: (reads.append(1), create(**settings))[1]
    )
    connect("https://tagor.example.be/v1/web", ApiKey("key"))
    connect("http://127.0.0.1/v1/web")
    assert len(reads) == 1


def test_what_carries_a_request_knows_whose_it_is(by: Deadline):
    """One made within another one has its own time, and gives it back."""
    with within_deadline(by) as outer:
        with within_deadline(by) as inner:
            assert current_scope() is inner
        assert current_scope() is outer
