"""Recordings at the provider: fetched with the account's token from addresses of our own making."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telephony_sounds import certified, dripping, provider, saying

from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.recording_store import StoredRecording
from bridge.simulators.provider.sound import wav_tone
from bridge.telephony import recordings
from bridge.telephony.providers import TWILIO
from bridge.telephony.recordings import AccountRefused, Gone, NotReady, Recordings, TooLarge, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from telephony_sounds import Play

ACCOUNT = "AC" + "0a" * 16
TOKEN = "a token of the test account"
CALL, OTHER_CALL = "CA" + "1b" * 16, "CA" + "3d" * 16
ONE, TWO = "RE" + "2c" * 16, "RE" + "4e" * 16
SOUND = wav_tone(1, 7)
WAV = saying("200 OK", SOUND)
NOT_FOUND = saying("404 Not Found", b"{}")


@pytest.fixture
def api() -> Iterator[RestApi]:
    """A provider that keeps two recordings of a call."""
    with RestApi(ACCOUNT, TOKEN) as running:
        for name in (ONE, TWO):
            running.recordings.put(StoredRecording(name, CALL, 1, SOUND))
        yield running


def ours(url: str, **more: object) -> Recordings:
    return Recordings(url, ACCOUNT, TOKEN, **more)


def fetching(*plays: Play, seconds: float = 20.0) -> bytes:
    with provider(*plays) as (url, _):
        return ours(url, seconds=seconds).fetch(ONE)


def test_a_recording_is_fetched_as_it_was_spoken(api: RestApi):
    """Byte for byte, with one request."""
    assert ours(api.url).fetch(ONE) == SOUND
    assert api.asked == {"GET sound": 1}


def test_an_account_is_checked_by_a_call_that_nobody_made(api: RestApi):
    """No recordings are no trouble; a token that is not the account's is."""
    ours(api.url).check_account(OTHER_CALL)
    with pytest.raises(AccountRefused):
        Recordings(api.url, ACCOUNT, "somebody else's token").check_account(OTHER_CALL)
    with provider(NOT_FOUND) as (url, _):
        ours(url).check_account(OTHER_CALL)


def test_a_calls_recordings_are_found_without_any_webhook(api: RestApi):
    """A report that was lost is made good by asking."""
    assert ours(api.url).of_call(CALL) == [TWO, ONE]
    assert ours(api.url).of_call(OTHER_CALL) == []


def test_a_deleted_recording_is_gone_and_may_be_deleted_again(api: RestApi):
    """An outbox may try more than once."""
    mine = ours(api.url)
    mine.delete(ONE)
    mine.delete(ONE)
    assert mine.of_call(CALL) == [TWO]
    with pytest.raises(Gone):
        mine.fetch(ONE)


def test_a_sound_that_is_still_written_is_asked_for_later():
    """Right after a call the provider knows the recording and has no file yet."""
    with RestApi(ACCOUNT, TOKEN, early=1) as api:
        api.recordings.put(StoredRecording(ONE, CALL, 1, SOUND))
        with pytest.raises(NotReady):
            ours(api.url).fetch(ONE)
        assert ours(api.url).fetch(ONE) == SOUND


@pytest.mark.parametrize(("account", "token"), [(ACCOUNT, "another token"), ("AC" + "9" * 32, TOKEN)])
def test_another_account_is_told_where_to_look(api: RestApi, account: str, token: str):
    """A wrong token is the office's to mend; the sentence names the settings and no value."""
    with pytest.raises(Unreachable, match="BRIDGE_ACCOUNT and BRIDGE_TOKENS") as caught:
        Recordings(api.url, account, token).fetch(ONE)
    assert token not in str(caught.value)


@pytest.mark.parametrize("status", ["processing", "in-progress", "paused", "stopped", "completed"])
def test_what_the_provider_still_has_is_not_given_up(status: str):
    """Its sound may only be late."""
    with pytest.raises(NotReady):
        fetching(NOT_FOUND, saying("200 OK", b'{"status": "%s"}' % status.encode()))


@pytest.mark.parametrize("status", ["absent", "deleted"])
def test_what_the_provider_will_never_have_is_given_up(status: str):
    """Nothing was said, or somebody deleted it."""
    with pytest.raises(Gone):
        fetching(NOT_FOUND, saying("200 OK", b'{"status": "%s"}' % status.encode()))


@pytest.mark.parametrize(
    "entry",
    [b"", b"[]", b"null", b'"x"', b"{}", b'{"status": []}', b"{" * 100_000, b"\xff\xfe", b"[" * 100_000],
)
def test_an_entry_that_cannot_be_read_gives_nothing_up(entry: bytes):
    """Whoever asks later may learn more."""
    with pytest.raises(NotReady):
        fetching(NOT_FOUND, saying("200 OK", entry))


def test_an_empty_sound_is_not_ready():
    """Some answer 200 before there is anything."""
    with pytest.raises(NotReady):
        fetching(saying("200 OK"))


@pytest.mark.parametrize(
    "play",
    [
        pytest.param(saying("500 Internal Server Error", SOUND), id="500"),
        pytest.param(saying("204 No Content"), id="204"),
        pytest.param(saying("401 Unauthorized"), id="401"),
        pytest.param(saying("403 Forbidden"), id="403"),
        pytest.param(saying("429 Too Many Requests"), id="429"),
        pytest.param(saying("200 OK", b"<html>please sign in</html>"), id="no sound"),
        pytest.param(saying("302 Found", b"", "Location: http://169.254.169.254/latest"), id="redirect"),
        pytest.param(saying("301 Moved", b"", "Location: https://evil.example/x"), id="moved"),
        pytest.param(saying("307 Moved", b"", "Location: file:///etc/passwd"), id="moved to a file"),
        pytest.param(lambda sock, _over: sock.sendall(b"SSH-2.0-OpenSSH_9\r\n\r\n"), id="not HTTP"),
        pytest.param(lambda sock, _over: sock.sendall(b"HTTP/1.1 200 " + b"x" * 70_000), id="endless status"),
        pytest.param(
            lambda sock, _over: sock.sendall(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200), id="headers"
        ),
        pytest.param(
            lambda sock, _over: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nRIFF"), id="cut"
        ),
        pytest.param(lambda _sock, _over: None, id="hangs up"),
    ],
)
def test_an_answer_of_no_use_is_unreachable(play: Play):
    """Nothing is followed and nothing is believed; no socket leaves this machine."""
    with pytest.raises(Unreachable):
        fetching(play)


@pytest.mark.parametrize(
    "play",
    [
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nX-Drip: ", b"x"), id="headers"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nRIFF", b"x"), id="body"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\n\r\nRIFF", b"x"), id="body without an end"),
        pytest.param(
            dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), id="chunks"
        ),
        pytest.param(lambda _sock, over: over.wait(), id="nothing"),
    ],
)
def test_a_provider_that_drips_is_cut_off(play: Play):
    """A drop now and then keeps no worker: the whole has one time, and what came so far is not believed."""
    with pytest.raises(Unreachable, match="did not answer"):
        fetching(play, seconds=0.3)


def test_a_provider_that_drips_over_tls_is_cut_off(tmp_path: Path):
    """Encryption changes nothing about it."""
    context, known = certified(tmp_path)
    drip = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nRIFF", b"x")
    with provider(drip, tls=context) as (url, _), pytest.raises(Unreachable, match="did not answer"):
        ours(url, ca_file=known, seconds=0.3).fetch(ONE)


def test_nobody_there_is_unreachable():
    """A port without a listener."""
    with provider(WAV) as (url, _):
        pass
    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        ours(url).delete(ONE)


def test_ten_megabytes_are_taken_and_no_byte_more(monkeypatch: pytest.MonkeyPatch):
    """What nobody can store is not even read; the provider keeps it."""
    assert recordings.MAX_BYTES == 10_000_000
    monkeypatch.setattr(recordings, "MAX_BYTES", len(SOUND))
    assert fetching(WAV) == SOUND
    with pytest.raises(TooLarge):
        fetching(saying("200 OK", SOUND + b"\0"))


def test_a_call_the_provider_does_not_know_has_no_recordings():
    """It says so with 404, and has an empty list for those it knows."""
    with provider(saying("404 Not Found", b"{}")) as (url, _):
        assert ours(url).of_call(CALL) == []


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        (b'{"recordings": []}', []),
        (b'{"recordings": [{"sid": "%s"}, {"sid": "%s"}]}' % (TWO.encode(), ONE.encode()), [TWO, ONE]),
        (b'{"recordings": [{"sid": "../Calls"}, {"sid": "%s/x"}, {"sid": 7}]}' % ONE.encode(), []),
        (b'{"recordings": [{"sid": "RE%s"}]}' % ("²c" * 16).encode(), []),
    ],
)
def test_only_ids_come_out_of_a_list(listed: bytes, found: list[str]):
    """What has not the provider's own shape is left out, and never becomes a part of an address."""
    with provider(saying("200 OK", listed)) as (url, asked):
        assert ours(url).of_call(CALL) == found
    assert asked == [f"GET /2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL}/Recordings.json HTTP/1.1"]


@pytest.mark.parametrize(
    "listed",
    [
        b"",
        b"x",
        b"[]",
        b"null",
        b'{"recordings": 1}',
        b'{"recordings": [1]}',
        b'{"recordings": [{}]}',
        b"[" * 99_999,
    ],
)
def test_a_list_that_cannot_be_read_is_no_empty_list(listed: bytes):
    """Whoever believes there is no recording would lose one."""
    with provider(saying("200 OK", listed)) as (url, _), pytest.raises(Unreachable, match="cannot be read"):
        ours(url).of_call(CALL)


def test_a_deletion_that_may_have_failed_says_so():
    """It is tried again."""
    with provider(saying("503 Service Unavailable")) as (url, asked), pytest.raises(Unreachable, match="503"):
        ours(url).delete(ONE)
    assert asked == [f"DELETE /2010-04-01/Accounts/{ACCOUNT}/Recordings/{ONE}.json HTTP/1.1"]


HOSTILE_IDS = [
    *("", " ", "RE", "RE1", ONE.upper(), ONE + "\n", ONE + "0", ONE[:-1], "AC" + "2c" * 16, "RE" + "٣" * 32),
    *(ONE + tail for tail in ("/..", "?x", "#x", ".json", "%00", "\r\nHost: evil.example", "@evil.example")),
    *("http://169.254.169.254/", "//evil.example/x", "../../../etc/passwd", "RE" + "2c" * 5000),
]


@pytest.mark.parametrize("name", HOSTILE_IDS, ids=range(len(HOSTILE_IDS)))
def test_an_id_of_another_shape_is_never_asked_for(name: str):
    """Not one request is made."""
    with provider(WAV) as (url, asked):
        mine = ours(url)
        for ask in (mine.fetch, mine.delete, mine.of_call):
            with pytest.raises(ValueError, match="this is no"):
                ask(name)
    assert asked == []


@pytest.mark.parametrize(
    ("api", "account", "token"),
    [
        ("http://api.twilio.com", ACCOUNT, TOKEN),
        ("https://user:pass@api.twilio.com", ACCOUNT, TOKEN),
        ("https://api.twilio.com/", ACCOUNT, TOKEN),
        ("https://api.twilio.com/2010", ACCOUNT, TOKEN),
        ("https://api.twilio.com?x", ACCOUNT, TOKEN),
        ("https://API.twilio.com", ACCOUNT, TOKEN),
        ("api.twilio.com", ACCOUNT, TOKEN),
        ("", ACCOUNT, TOKEN),
        (TWILIO.recordings.address, "AC/..", TOKEN),
        (TWILIO.recordings.address, "", TOKEN),
        (TWILIO.recordings.address, ACCOUNT, ""),
    ],
)
def test_an_address_or_account_that_cannot_be_is_refused_at_the_start(api: str, account: str, token: str):
    """Encrypted, or this machine; a plain host, nothing else."""
    with pytest.raises(ValueError, match="recordings need the provider's address"):
        Recordings(api, account, token)


def test_whether_sounds_are_protected_is_asked_without_the_token(api: RestApi):
    """The account is refused like any stranger then, or hears that there is no such sound."""
    mine = Recordings(api.url, ACCOUNT, TOKEN)
    assert mine.are_protected()
    api.protected = False
    assert not mine.are_protected()


def test_an_answer_that_tells_nothing_of_protection_is_told():
    """Nothing is said about recordings then."""
    with (
        provider(saying("302 Found")) as (url, _),
        pytest.raises(Unreachable, match="with status 302"),
    ):
        Recordings(url, ACCOUNT, TOKEN).are_protected()


def test_the_real_provider_is_spoken_to_over_tls(tmp_path: Path):
    """A certificate that is known is believed, and no other."""
    context, known = certified(tmp_path)
    with provider(WAV, tls=context) as (url, asked):
        assert ours(url, ca_file=known).fetch(ONE) == SOUND
        with pytest.raises(Unreachable, match="SSLCertVerificationError"):
            ours(url).fetch(ONE)
    assert len(asked) == 1


def test_a_proxy_of_the_environment_is_not_asked(api: RestApi, monkeypatch: pytest.MonkeyPatch):
    """The token goes to the provider and to nobody between."""
    for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://evil.example:3128")
    assert ours(api.url).fetch(ONE) == SOUND


def test_a_secret_shows_nowhere(api: RestApi):
    """Neither the token nor what is made of it."""
    mine = ours(api.url)
    assert TOKEN not in repr(mine)
    with pytest.raises(Gone) as caught:
        mine.fetch("RE" + "9" * 32)
    assert TOKEN not in repr(caught.value)
    assert "RE9" not in repr(caught.value)
