"""Transfers and voicemails as a strict provider carries them, from our document to what the office hears."""

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs
from telephony_bridge import ACCOUNT, ACCOUNT_GIVEN, PUBLIC, Bridge

from bridge.conversation.reply import Answer, DialTarget, ReplyEnd, Said, Whisper
from bridge.flow.inbound import CallEvent, Dialled, DialOutcome, Event, Recorded, Silence
from bridge.flow.turn_output import HangUp, Record
from bridge.simulators.provider.account import PhoneLine as Number
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.callbacks import CallbackDelivery
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.script import perform
from bridge.simulators.provider.wire import wsgi
from bridge.telephony.recordings import Gone, Recordings

TOKEN = "a secret of the test account"
NUMBER, OFFICES_OWN, DESK = "+3225550101", "+3225550199", "+3225550100"
EXCHANGE = "sip:desk@pbx.example.be;transport=tls"
HELLO = {"nl": "Goedendag.", "fr": "Bonjour.", "de": "Guten Tag.", "en": "Good morning."}


class Desk(Bridge):
    """An office that answers every call with one thing, and says goodbye at whatever comes back."""

    def __init__(
        self, logged: Sequence[MutableMapping[str, Any]], then: ReplyEnd, language: str = "nl"
    ) -> None:
        super().__init__(logged)
        self._then, self._said = then, (Said(HELLO[language], language),)
        self.post = wsgi(self.opened(replace(ACCOUNT_GIVEN, secrets=[TOKEN])).application)

    def take(self, event: CallEvent) -> bytes:
        super().take(event)
        then = self._then if event.turn == 0 else HangUp()
        return self.renderer.render(Answer(self._said, then, event.turn + 1))

    def phone(self, api: RestApi | None = None, reports: CallbackDelivery = "once") -> Phone:
        more = {"keep": api.recordings.put} if api else {}
        line = Number(f"{PUBLIC}/voice", ACCOUNT, TOKEN, NUMBER, owned=frozenset({OFFICES_OWN}), **more)
        return Phone(line, post=self.post, reports=reports).ring()

    @property
    def events(self) -> list[Event]:
        return [heard.event for heard in self.heard]


@pytest.fixture
def open_desk() -> Iterator[Callable[..., Desk]]:
    with capture_logs() as logged:
        yield partial(Desk, logged)


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
def test_every_end_of_a_transfer_comes_back_as_what_it_was(
    open_desk: Callable[..., Desk], script: str, outcome: DialOutcome, sip: str
):
    """Only who talked to the caller answered; after everybody else the call goes on."""
    whisper = Whisper("demo", "fr", known=True, wish="payment_plan")
    desk = open_desk(DialTarget(DESK, OFFICES_OWN, whisper=whisper, sip=sip, file="2023/17"), "fr")
    phone = desk.phone()
    perform(phone, script)
    assert desk.events[1:] == [Dialled(outcome)]
    assert phone.ended_by == "hangup"
    assert (phone.faults, desk.refused, desk.failed) == ([], [], [])
    assert phone.dialled == [f"{sip}?X-Tagor-File=2023%2F17" if sip else DESK]
    picked_up = script in {"{answered}", "{mailbox}", "{declined}", "{hung-up}"}
    assert desk.whispered == ([whisper] if picked_up else [])


def test_a_mailbox_hears_two_rounds_and_nothing_of_the_file(open_desk: Callable[..., Desk]):
    """It hears the whisper twice, and no document holds the file."""
    dial = DialTarget(DESK, OFFICES_OWN, whisper=Whisper("demo", "fr", known=False), file="2023-17")
    phone = open_desk(dial).phone()
    phone.decline_transfer("mailbox")
    assert [one.text for one in phone.whispered] == ["Een beller.", "Toets 1."]
    assert not any("2023" in turn.body.decode() for turn in phone.turns)


@pytest.mark.parametrize("end", [",", "#", "!"])
def test_a_voicemail_goes_from_the_callers_mouth_to_the_office(open_desk: Callable[..., Desk], end: str):
    """Left, told, fetched with the account's token, deleted: however the caller ends it."""
    with RestApi(ACCOUNT, TOKEN) as api:
        desk = open_desk(Record(120))
        phone = desk.phone(api)
        for step in ("{voicemail 12}", end):
            perform(phone, step)
        recordings = Recordings(api.url, ACCOUNT, TOKEN)
        (left,) = [event for event in desk.events if isinstance(event, Recorded)]
        assert left.seconds == 12
        assert desk.reports == [(phone.call_id, "completed")]
        assert recordings.of_call(phone.call_id) == [left.recording]
        assert recordings.fetch(left.recording).startswith(b"RIFF")
        recordings.delete(left.recording)
        with pytest.raises(Gone):
            recordings.fetch(left.recording)


@pytest.mark.parametrize(("reports", "times"), [("once", 1), ("twice", 2), ("late", 1), ("lost", 0)])
def test_a_report_may_be_lost_doubled_or_late(
    open_desk: Callable[..., Desk], reports: CallbackDelivery, times: int
):
    """The caller's own turn has told the id already, and the provider's list has it too."""
    desk = open_desk(Record(120))
    phone = desk.phone(reports=reports).leave_message(4).wait()
    assert desk.reports == [(phone.call_id, "completed")] * times
    assert desk.failed == []


@pytest.mark.parametrize("end", [",", "#"])
def test_a_voicemail_of_nothing_is_silence(open_desk: Callable[..., Desk], end: str):
    """No recording comes to the office, and the caller is not left alone."""
    desk = open_desk(Record(120))
    phone = desk.phone()
    perform(phone, end)
    assert desk.events[1:] == [Silence()]
    assert [status for _, status in desk.reports] == ["absent"]
    assert phone.ended_by == "hangup"
