"""Transfers and voicemails as a strict provider carries them, from our document to what the office hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask

from bridge.conversation.reply import Answer, Dial, HangUp, Record, Said, Then, Whisper
from bridge.flow.inbound import CallEvent, Dialled, DialOutcome, Event, Recorded, Silence
from bridge.simulators.provider.account import PhoneLine as Number
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.script import perform
from bridge.simulators.provider.wire import wsgi
from bridge.telephony import voices
from bridge.telephony.provider import TWILIO
from bridge.telephony.recordings import Gone, Recordings
from bridge.telephony.twiml import Renderer
from bridge.telephony.views import CallHandler, blueprint

if TYPE_CHECKING:
    from bridge.simulators.provider.callbacks import CallbackDelivery

PUBLIC = "https://bridge.example.be"
ACCOUNT = "AC" + "0a" * 16
TOKEN = "a secret of the test account"
NUMBER, OFFICES_OWN, DESK = "+3225550101", "+3225550199", "+3225550100"
EXCHANGE = "sip:desk@pbx.example.be;transport=tls"
HELLO = {"nl": "Goedendag.", "fr": "Bonjour.", "de": "Guten Tag.", "en": "Good morning."}


class Desk:
    """An office that answers every call with one thing, and says goodbye at whatever comes back."""

    def __init__(self, then: Then, language: str = "nl") -> None:
        self._then, self._language = then, language
        self._renderer = Renderer(PUBLIC, TWILIO, voices.choose(TWILIO.voices))
        self.events: list[Event] = []
        self.whispers: list[Whisper] = []
        self.reports: list[tuple[str, str, str]] = []
        self.troubles: list[object] = []
        app = Flask("desk")
        app.register_blueprint(blueprint(self._line()))
        self.post = wsgi(app)

    def phone(self, api: RestApi | None = None, reports: CallbackDelivery = "once") -> Phone:
        more = {"keep": api.recordings.put} if api else {}
        line = Number(f"{PUBLIC}/voice", ACCOUNT, TOKEN, NUMBER, owned=frozenset({OFFICES_OWN}), **more)
        return Phone(line, post=self.post, reports=reports).ring()

    def _line(self) -> CallHandler:
        return CallHandler(
            public_url=PUBLIC,
            provider=TWILIO,
            account=ACCOUNT,
            secrets=[TOKEN],
            take=self._take,
            fallback=lambda _call, _code: self._renderer.last_words([self._said()]),
            hung_up=lambda _call: None,
            last_words={"": self._renderer.last_words([self._said()])},
            refused=self.troubles.append,
            failed=lambda view, what: self.troubles.append((view, what)),
            whisper=self._whisper,
            recorded=lambda *report: self.reports.append(report),
        )

    def _take(self, heard: CallEvent) -> bytes:
        self.events.append(heard.event)
        then = self._then if heard.turn == 0 else HangUp()
        return self._renderer.render(Answer((self._said(),), then, heard.turn + 1))

    def _whisper(self, whisper: Whisper) -> bytes:
        self.whispers.append(whisper)
        return self._renderer.whisper([Said(f"Taal {whisper.language}.", "nl")], [Said("Toets 1.", "nl")])

    def _said(self) -> Said:
        return Said(HELLO[self._language], self._language)


OUTCOMES: list[tuple[str, DialOutcome]] = [
    ("{answered}", "answered"),
    ("{busy}", "busy"),
    ("{no-answer}", "unanswered"),
    ("{failed}", "failed"),
    ("{canceled}", "unanswered"),
    ("{rejected}", "busy"),
    ("{mailbox}", "unanswered"),
    ("{declined}", "unanswered"),
    ("{hung-up}", "unanswered"),
]


@pytest.mark.parametrize("sip", ["", EXCHANGE], ids=["number", "exchange"])
@pytest.mark.parametrize(("script", "outcome"), OUTCOMES)
@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_every_end_of_a_transfer_comes_back_as_what_it_was(
    language: str, script: str, outcome: DialOutcome, sip: str
):
    """Only who talked to the caller answered; after everybody else the call goes on."""
    whisper = Whisper("demo", language, known=True, wish="payment_plan")
    desk = Desk(Dial(DESK, OFFICES_OWN, whisper=whisper, sip=sip, file="2023/17"), language)
    phone = desk.phone()
    perform(phone, script)
    assert desk.events[1:] == [Dialled(outcome)]
    assert phone.ended_by == "hangup"
    assert (phone.faults, desk.troubles) == ([], [])
    assert phone.dialled == [f"{sip}?X-Tagor-File=2023%2F17" if sip else DESK]
    picked_up = script in {"{answered}", "{mailbox}", "{declined}", "{hung-up}"}
    assert desk.whispers == ([whisper] if picked_up else [])


def test_a_mailbox_hears_two_rounds_and_nothing_of_the_file():
    """Language, and that is all there is to say."""
    phone = Desk(Dial(DESK, OFFICES_OWN, whisper=Whisper("demo", "fr", known=False), file="2023-17")).phone()
    phone.decline_transfer("mailbox")
    assert [one.text for one in phone.whispered] == ["Taal fr.", "Toets 1."]
    assert not any("2023" in turn.body.decode() for turn in phone.turns)


@pytest.mark.parametrize("end", [",", "#", "!"])
def test_a_voicemail_goes_from_the_callers_mouth_to_the_office(end: str):
    """Left, told, fetched with the account's token, deleted: however the caller ends it."""
    with RestApi(ACCOUNT, TOKEN) as api:
        desk = Desk(Record(120))
        phone = desk.phone(api)
        for step in ("{voicemail 12}", end):
            perform(phone, step)
        recordings = Recordings(api.url, ACCOUNT, TOKEN)
        (left,) = [event for event in desk.events if isinstance(event, Recorded)]
        assert left.seconds == 12
        assert desk.reports == [(phone.call_id, left.recording, "completed")]
        assert recordings.of_call(phone.call_id) == [left.recording]
        assert recordings.fetch(left.recording).startswith(b"RIFF")
        recordings.delete(left.recording)
        with pytest.raises(Gone):
            recordings.fetch(left.recording)


@pytest.mark.parametrize(("reports", "times"), [("once", 1), ("twice", 2), ("late", 1), ("lost", 0)])
def test_a_report_may_be_lost_doubled_or_late(reports: CallbackDelivery, times: int):
    """The caller's own turn has told the id already, and the provider's list has it too."""
    desk = Desk(Record(120))
    phone = desk.phone(reports=reports).leave_message(4).wait()
    (left,) = [event for event in desk.events if isinstance(event, Recorded)]
    assert desk.reports == [(phone.call_id, left.recording, "completed")] * times
    assert desk.troubles == []


@pytest.mark.parametrize("end", [",", "#"])
def test_a_voicemail_of_nothing_is_silence(end: str):
    """No recording comes to the office, and the caller is not left alone."""
    desk = Desk(Record(120))
    phone = desk.phone()
    perform(phone, end)
    assert desk.events[1:] == [Silence()]
    assert [status for _, _, status in desk.reports] == ["absent"]
    assert phone.ended_by == "hangup"
