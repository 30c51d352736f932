"""What the office is sent: parameters, headers, retries, redirects, the fallback and the status callback."""

import re
import socket
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.provider.account import TWILIO, PhoneLine
from bridge.simulators.provider.errors import DocumentRefused, WebhookFailed
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.wire import Form, NoAnswer, Reply, wsgi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.simulators.provider.conftest import Asked, Office

HANGUP = "<Response><Hangup/></Response>"
APOLOGY = "An application error has occurred. Goodbye."


@pytest.fixture
def nobody() -> "Iterator[str]":
    """The address of a port that is taken but listens to nobody."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


# --- The request: twilio.com/docs/voice/twiml#request-parameters ---


def test_the_first_webhook_carries_these_parameters(office: "Office"):
    """Every name a voice request carries, the old twins and the empty places included, in ASCII order."""
    office.answers("/voice", HANGUP)
    phone = office.phone("+32470000001").ring()
    twins = {
        f"{who}{what}": value
        for who, number in (("From", "+32470000001"), ("Caller", "+32470000001"), ("To", "+3225550100"))
        for what, value in (("", number), ("City", ""), ("Country", "BE"), ("State", ""), ("Zip", ""))
    }
    called = {name.replace("To", "Called"): value for name, value in twins.items() if name.startswith("To")}
    call = {
        "AccountSid": "AC" + "0" * 32,
        "ApiVersion": "2010-04-01",
        "CallSid": phone.call_id,
        "CallStatus": "ringing",
        "Direction": "inbound",
    }
    assert office.forms == [call | twins | called]
    assert list(office.forms[0]) == sorted(office.forms[0])
    assert re.fullmatch(r"CA[0-9a-f]{32}", phone.call_id)


def test_once_answered_the_call_is_in_progress(office: "Office"):
    """CallStatus tells the first webhook from the later ones, CallSid ties them together."""
    office.says("/voice", office.gather(office.say("Pincode")), office.redirect())
    office.answers("/turn/1", HANGUP)
    office.phone().ring().press("1#")
    assert [form["CallStatus"] for form in office.forms] == ["ringing", "in-progress"]
    assert len({form["CallSid"] for form in office.forms}) == 1


@pytest.mark.parametrize("caller", ["", "anonymous", "Anonymous"])
def test_a_withheld_number_arrives_as_its_keypad_spelling(office: "Office", caller: str):
    """A withheld number arrives as +266696687, which spells ANONYMOUS on the keys."""
    office.answers("/voice", HANGUP)
    office.phone(caller).ring()
    assert (office.forms[0]["From"], office.forms[0]["FromCountry"]) == ("+266696687", "")


@pytest.mark.parametrize(
    ("caller", "country"),
    [
        ("+33612345678", "FR"),
        ("+352621000000", "LU"),
        ("+12125550100", ""),
        ("sip:jan@pbx.be", ""),
        ("client:x", ""),
    ],
)
def test_other_callers_arrive_as_they_are(office: "Office", caller: str, country: str):
    """Foreign numbers with their country, SIP users and clients without one."""
    office.answers("/voice", HANGUP)
    office.phone(caller).ring()
    assert (office.forms[0]["From"], office.forms[0]["FromCountry"]) == (caller, country)


def test_the_headers_are_the_providers(office: "Office"):
    """Nothing of the HTTP library's own shows."""
    office.answers("/voice", HANGUP)
    office.phone().ring()
    headers = office.asked[0].headers
    assert headers.keys() - {"Host", "Accept-Encoding", "Content-Length", "Connection"} == {
        *("Accept", "Content-Type", "User-Agent", "X-Home-Region"),
        *("X-Twilio-Signature", "I-Twilio-Idempotency-Token"),
    }
    assert headers["User-Agent"] == "TwilioProxy/1.1"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"


def test_each_request_has_its_own_idempotency_token(office: "Office"):
    """It tells retries apart from new requests."""
    office.says("/voice", office.redirect("/next"))
    office.answers("/next", HANGUP)
    office.phone().ring()
    assert len({asked.headers["I-Twilio-Idempotency-Token"] for asked in office.asked}) == 2


def test_the_fragment_and_credentials_stay_at_home(office: "Office"):
    """Connection overrides are read and not sent."""
    office.answers("/voice", HANGUP)
    base = office.base.replace("//", "//user:pass@")
    Phone(office.line(f"{base}/voice?a=1#ct=2000&rt=5000")).ring()
    assert office.targets == ["/voice?a=1"]
    assert "Authorization" not in office.asked[0].headers


def test_the_same_seed_makes_the_same_call(office: "Office"):
    """A failing call can be played again byte for byte; without a seed every call is a new one."""
    office.answers("/voice", HANGUP)
    once, twice = (office.phone(seed=7).ring().call_id for _ in range(2))
    assert once == twice
    assert office.asked[0].headers == office.asked[1].headers
    assert office.phone().call_id != office.phone().call_id


# --- Failures and the fallback: twilio.com/docs/usage/security/availability-reliability ---


@pytest.mark.parametrize(
    ("status", "code"), [(400, 11200), (403, 11200), (404, 11200), (500, 11200), (503, 11200)]
)
def test_without_fallback_a_failure_ends_in_the_providers_apology(office: "Office", status: int, code: int):
    """What the caller of a broken line really hears; also when the phone is strict."""
    office.answers("/voice", HANGUP, status=status)
    phone = office.phone().ring()
    assert [utterance.text for utterance in phone.heard] == [APOLOGY]
    assert (phone.state, phone.ended_by, phone.turns[0].then) == ("over", "application error", "error")
    assert isinstance(phone.turns[0].fault, WebhookFailed)
    assert phone.faults[0].code == code
    assert len(office.asked) == 1


def test_the_fallback_takes_the_call_over(office: "Office"):
    """It hears the code and the URL that failed beside the usual parameters, and its document is played."""
    office.says("/voice", office.gather(office.say("Pincode")), office.redirect())
    office.answers("/turn/1", "boom", status=500)
    office.says("/fallback", office.say("Er ging iets mis"), "<Hangup/>")
    phone = Phone(office.line(fallback_url="/fallback")).ring().press("482193#")
    form = office.forms[2]
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{office.base}/turn/1")
    assert form["CallSid"] == phone.call_id
    assert "Digits" not in form
    assert (phone.heard[-1].text, phone.ended_by) == ("Er ging iets mis", "hangup")


def test_the_fallback_covers_later_turns_as_well(office: "Office"):
    """A second failure in the same call is rescued again."""
    office.says("/fallback", office.gather(office.say("Nog eens")), office.redirect())
    phone = Phone(office.line("/voice", fallback_url="/fallback")).ring().press("1#")
    assert office.targets == ["/voice", "/fallback", "/turn/1", "/fallback"]
    assert phone.state == "listening"


def test_a_provider_without_fallback_ends_the_call(office: "Office"):
    """Somleng has none: one value of the profile."""
    Phone(office.line(fallback_url="/fallback"), profile=replace(TWILIO, fallback=False)).ring()
    assert office.targets == ["/voice"]


BROKEN = [
    ("<Response><Say>", "12100"),
    ("<Response><say>hi</say></Response>", "12200"),
    ("<Response>" + "x" * 65536 + "</Response>", "11750"),
    ('<Response><Dial callerId="+33155550000"><Number>+3225550199</Number></Dial></Response>', "13214"),
]


@pytest.mark.parametrize(("body", "code"), BROKEN)
def test_what_cannot_be_played_goes_to_the_fallback(office: "Office", body: str, code: str):
    """As a provider leads it: also what fails only when it is played."""
    office.answers("/voice", body)
    office.answers("/fallback", HANGUP)
    phone = Phone(office.line(fallback_url="/fallback"), strict=False).ring()
    assert office.forms[1]["ErrorCode"] == code
    assert phone.ended_by == "hangup"


@pytest.mark.parametrize(("body", "code"), BROKEN)
def test_a_strict_phone_raises_what_cannot_be_played(office: "Office", body: str, code: str):
    """No fallback may hide a document nobody should have sent."""
    office.answers("/voice", body)
    phone = Phone(office.line(fallback_url="/fallback", status_url="/status"))
    with pytest.raises(DocumentRefused, match=code):
        phone.ring()
    assert (phone.state, phone.ended_by) == ("over", "application error")
    assert office.targets == ["/voice", "/status"]


def test_a_document_is_not_read_further_than_its_limit(office: "Office"):
    """An endless body costs 64 kB, not the memory of the machine."""
    office.answers("/voice", b"<" * 10_000_000)
    phone = office.phone(strict=False).ring()
    assert len(phone.turns[0].body) == 64 * 1024 + 1


def test_a_bad_override_in_a_document_is_held_against_it(office: "Office"):
    """11243 names the turn that went wrong."""
    office.says("/voice", office.redirect("/next#rp=sometimes"))
    with pytest.raises(DocumentRefused, match="11243"):
        office.phone().ring()


def test_a_provider_that_knows_no_overrides_ignores_the_fragment(office: "Office"):
    """Somleng."""
    office.says("/voice", office.redirect("/next#rp=sometimes"))
    office.answers("/next", HANGUP)
    assert office.phone(profile=replace(TWILIO, overrides=False)).ring().ended_by == "hangup"


# --- Time-outs and retries: twilio.com/docs/usage/webhooks/webhooks-connection-overrides ---


def test_a_refused_connection_is_tried_twice_and_then_rescued(office: "Office", nobody: str):
    """11205 after one retry."""
    office.answers("/fallback", HANGUP)
    phone = Phone(office.line(f"{nobody}/voice", fallback_url="/fallback")).ring()
    assert office.forms[0].items() >= {"ErrorCode": "11205", "ErrorUrl": f"{nobody}/voice"}.items()
    assert phone.turns[0].status == 0
    assert phone.ended_by == "hangup"


def test_a_slow_answer_is_given_up(office: "Office"):
    """The read time-out of the fragment holds over real HTTP; the answer that comes later is not played."""
    enough = threading.Event()

    def dawdle(_asked: "Asked") -> str:
        enough.wait(30)
        return HANGUP

    office.does("/voice", dawdle)
    phone = Phone(office.line("/voice#rt=100")).ring()
    enough.set()
    assert (phone.ended_by, phone.faults[0].sentence.endswith("no answer in time")) == (
        "application error",
        True,
    )
    assert len(office.asked) == 1


class Flaky:
    """A wire that fails as told, answers afterwards, and moves the clock."""

    def __init__(self, *troubles: str | int, seconds: float = 0.0) -> None:
        self.troubles, self.seconds = list(troubles), seconds
        self.now = 1_000.0
        self.sent: list[tuple[str, Form | None, Mapping[str, str]]] = []

    def clock(self) -> float:
        return self.now

    def __call__(self, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        self.sent.append((url, form, headers))
        self.now += self.seconds
        trouble = self.troubles.pop(0) if self.troubles else 200
        if isinstance(trouble, str):
            raise NoAnswer(trouble, 11205, "no connection")
        return trouble, {"content-type": "text/xml"}, HANGUP.encode()

    def ring(self, overrides: str = "") -> Phone:
        line = PhoneLine(f"https://bridge.example.be/voice{overrides}", "AC" + "0" * 32, "token")
        return Phone(line, post=self, clock=self.clock).ring()


@pytest.mark.parametrize(
    ("troubles", "overrides", "attempts", "ended"),
    [
        (("ct",), "", 2, "hangup"),
        (("ct", "ct"), "", 2, "application error"),
        (("ct", "ct", "ct"), "#rc=3", 4, "hangup"),
        (("ct",), "#rc=0", 1, "application error"),
        (("rt",), "", 1, "application error"),
        (("rt",), "#rp=ct,rt", 2, "hangup"),
        ((500,), "", 1, "application error"),
        ((500,), "#rp=5xx", 2, "hangup"),
        ((503, 404), "#rp=5xx&rc=5", 2, "application error"),
        ((404,), "#rp=all", 2, "hangup"),
        (("broken",), "#rp=all&rc=5", 1, "application error"),
    ],
)
def test_retries(troubles: tuple[str | int, ...], overrides: str, attempts: int, ended: str):
    """One retry on connect failure by default; others as asked for; never after a partial response."""
    wire = Flaky(*troubles)
    assert wire.ring(overrides).ended_by == ended
    assert len(wire.sent) == attempts


def test_a_retry_is_the_same_request():
    """Same form, same signature, same idempotency token."""
    wire = Flaky("ct")
    wire.ring()
    assert wire.sent[0] == wire.sent[1]


def test_all_attempts_share_fifteen_seconds():
    """With 6 s each, two fit and a third is not begun after 15 s."""
    wire = Flaky("ct", "ct", "ct", "ct", "ct", seconds=6.0)
    wire.ring("#rc=5")
    assert len(wire.sent) == 3


@pytest.mark.parametrize(("seconds", "ended"), [(14.9, "hangup"), (15.1, "application error")])
def test_an_answer_counts_within_fifteen_seconds(seconds: float, ended: str):
    """A wire without time-outs of its own is judged by the clock."""
    wire = Flaky(seconds=seconds)
    phone = wire.ring()
    assert phone.ended_by == ended
    assert phone.turns[0].seconds == pytest.approx(seconds)


# --- Status callback: twilio.com/docs/voice/twiml#ending-the-call-callback-requests ---


def test_the_status_callback_comes_last(office: "Office"):
    """`completed`, how long the call lasted, when, and a sequence number."""
    now = [1_764_000_000.0]
    office.says("/voice", office.gather(office.say("Pincode")), office.redirect())
    office.answers("/status", status=204)
    phone = Phone(office.line(status_url="/status"), clock=lambda: now[0]).ring()
    now[0] += 83
    phone.hang_up()
    assert office.targets == ["/voice", "/status"]
    assert (
        office.forms[1].items()
        >= {
            "CallStatus": "completed",
            "CallDuration": "83",
            "CallbackSource": "call-progress-events",
            "SequenceNumber": "0",
            "Timestamp": "Mon, 24 Nov 2025 16:01:23 +0000",
        }.items()
    )
    assert phone.callbacks == [office.forms[1]]


def test_a_rejected_call_was_never_answered(office: "Office"):
    """Reject: no seconds, not completed."""
    office.says("/voice", "<Reject/>")
    Phone(office.line(status_url="/status")).ring()
    assert office.forms[1].items() >= {"CallStatus": "no-answer", "CallDuration": "0"}.items()


def test_a_status_callback_that_fails_is_only_noted(office: "Office"):
    """Nobody hears it."""
    office.answers("/voice", HANGUP)
    office.answers("/status", "boom", status=500)
    phone = Phone(office.line(status_url="/status")).ring()
    assert (phone.ended_by, phone.faults, len(phone.callbacks)) == ("hangup", [], 1)


# --- The wire ---


def test_an_application_in_the_same_process_sees_the_same_request(office: "Office"):
    """`wsgi` hands over the raw target, so that a signature over it verifies."""
    office.answers("/v/a/b", HANGUP)
    over_http = Phone(office.line("/v/a%2Fb?x=%C3%A9&t=7"), seed=1).ring()
    in_process = Phone(office.line("/v/a%2Fb?x=%C3%A9&t=7"), seed=1, post=wsgi(office)).ring()
    assert over_http.ended_by == in_process.ended_by == "hangup"
    first, second = office.asked
    assert (first.target, first.form) == (second.target, second.form) == ("/v/a%2Fb?x=%C3%A9&t=7", first.form)
    kept = ("X-Twilio-Signature", "I-Twilio-Idempotency-Token", "User-Agent", "Content-Type", "Host")
    assert [first.headers[name] for name in kept] == [second.headers[name] for name in kept]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://{place}/voice", 11220),
        ("http://bridge.invalid/voice", 11210),
        ("http://127.0.0.1:99999/voice", 11210),
    ],
)
def test_each_way_not_to_connect_has_its_code(office: "Office", url: str, code: int):
    """TLS to a server without it, a host that is none, a port that is none."""
    phone = Phone(office.line(url.format(place=office.base.removeprefix("http://")))).ring()
    assert [fault.code for fault in phone.faults] == [code]


def test_an_answer_that_breaks_off_is_not_retried():
    """11206: the bridge may have acted on the request, so it is not sent again."""
    asked = []

    def break_off() -> None:
        connection, _ = listener.accept()
        with connection:
            asked.append(connection.recv(65536))
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 500\r\n\r\n<Resp"
            )

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=break_off)
        server.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/voice#rp=all&rc=5"
        phone = Phone(PhoneLine(url, "AC" + "0" * 32, "token")).ring()
        server.join()
    assert [fault.code for fault in phone.faults] == [11206]
    assert len(asked) == 1
