"""Webhooks twice, late, out of order and from nowhere; and a bridge that changes in the middle of a call."""

from dataclasses import replace
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest

from bridge.clock import Clock
from bridge.simulators.provider.account import TWILIO
from voice_flows.identify import ByPin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.simulators.provider.wire import Form, Reply
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

TOLD = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")
TROUBLE = ("Anytime.trouble", "Colleague.connect")
STRANGER = "CA" + "5" * 32


def test_a_lost_reply_is_asked_for_again(line: "Line", calling_on: "Calling"):
    """The provider falls back: the caller hears what the lost reply said, and the call goes on."""
    lost = {f"{line.public}/voice/turn/3"}

    def losing(url: str, form: "Form | None", headers: "Mapping[str, str]") -> "Reply":
        reply = line.post(url, form, headers)
        return (502, {}, b"") if url in lost else reply

    caller = calling_on(line, post=losing).keys("1").keys("482193").hears(*TOLD)
    paths = [turn.url.partition("#")[0].rpartition("/")[2] for turn in caller.phone.turns[-2:]]
    assert paths == ["3", "fallback"]
    lost.clear()
    caller.keys("4").keys("1").keys("482193").hears(*TOLD)
    assert line.notes() == ["9000000000000000001"]


def test_a_lost_webhook_repeats_the_question(line: "Line", calling_on: "Calling"):
    """The provider falls back before the turn arrived: the last question is asked once more."""

    def deaf(url: str, form: "Form | None", headers: "Mapping[str, str]") -> "Reply":
        return (503, {}, b"") if url.endswith("/turn/3") else line.post(url, form, headers)

    caller = calling_on(line, post=deaf).keys("1").hears("ByPin.ask_pin").keys("482193")
    caller.hears("ByPin.ask_pin")
    assert line.asked("PinToFile") == []
    assert caller.phone.state == "listening"


@pytest.mark.parametrize("path", ["/voice/turn/1", "/voice/turn/9999"])
def test_a_call_that_nobody_knows_is_sent_to_a_person(line: "Line", path: str):
    """Its beginning was never heard here: an apology, and the switchboard."""
    status, _, body = line.webhook(path, STRANGER, Digits="1", ErrorCode="11200")
    assert status == 200
    assert f">{line.switchboard}</Number>".encode() in body
    assert b"<Gather" not in body
    assert line.asked() == []


def test_a_fallback_of_a_call_whose_ring_was_lost_begins_it(line: "Line"):
    """The worker died over the first webhook: the caller hears the chime, and the same bytes again."""
    first, again = (line.webhook("/voice/fallback", STRANGER, ErrorCode="11200") for _ in range(2))
    assert (first[0], first[2]) == (again[0], again[2])
    assert b"/sounds/chime-" in first[2]


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_late_webhook_changes_nothing(somebody: "Calling", turn: int):
    """It gets the reply that it got then, and the call is where it was."""
    caller = somebody().keys("1").keys("000000").hears("ByPin.ask_file")
    assert caller.phone.resend_turn(turn) == caller.phone.turns[turn].body
    caller.keys("20230118#").hears("ByPin.sorry", "ByPin.ask_pin")


def test_a_webhook_of_a_later_turn_gets_the_last_question(calling: "Calling", line: "Line"):
    """Nobody can jump over a question; nor is a very old turn kept."""
    caller = calling().keys("1")
    ahead = line.webhook("/voice/turn/7", caller.phone.call_id, Digits="20230118")
    assert ahead[2] == caller.phone.turns[-1].body
    for _ in range(4):
        caller.keys("*#")
    assert caller.phone.resend_turn(0) == caller.phone.turns[-1].body
    caller.keys("482193").hears(*TOLD)


def test_the_same_webhook_with_other_keys_changes_nothing(somebody: "Calling", line: "Line"):
    """Whoever replays a turn with another PIN gets the bytes of the first reply, and Tagor is not asked."""
    caller = somebody().keys("1").keys("000000").hears("ByPin.ask_file")
    asked = line.asked()
    again = line.webhook("/voice/turn/3", caller.phone.call_id, Digits="482193")
    assert again[2] == caller.phone.turns[-1].body
    assert line.asked() == asked


def test_twins_that_arrive_together_have_one_effect(line: "Line"):
    """Five deliveries at once get equal bytes, and leave one note on the file."""
    line.start(Clock())
    phone = line.phone().ring().press("1")
    start, replies = Barrier(5), list[bytes]()

    def deliver() -> None:
        start.wait()
        replies.append(line.webhook("/voice/turn/3", phone.call_id, Digits="482193")[2])

    twins = [Thread(target=deliver) for _ in range(5)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join()
    assert (len(replies), len(set(replies))) == (5, 1)
    assert b"1234 euro" in replies[0]
    assert line.notes() == ["9000000000000000001"]


@pytest.mark.parametrize("after", [1, 3])
def test_a_restart_between_two_turns_is_not_noticed(line: "Line", calling_on: "Calling", after: int):
    """Another worker, or a new version, takes the call where it was."""

    def newest(url: str, form: "Form | None", headers: "Mapping[str, str]") -> "Reply":
        return line.post(url, form, headers)

    caller = calling_on(line, post=newest)
    for number, keys in enumerate(["1", "000000", "20230118#", "482193"]):
        if number == after:
            line.start()
        caller.keys(keys)
    caller.hears(*TOLD)


@pytest.mark.parametrize(
    "steps",
    [
        {name: step for name, step in ByPin.steps.items() if name != "ask_pin"},
        {**ByPin.steps, "ask_pin": replace(ByPin.steps["ask_pin"], exits={"wrong": "stranger"})},
    ],
    ids=["no step", "no exit"],
)
def test_a_step_or_exit_that_a_new_version_lacks_leads_to_a_person(
    somebody: "Calling", line: "Line", monkeypatch: pytest.MonkeyPatch, steps: dict[str, object]
):
    """The caller stands at a step that is gone: one sentence, and the switchboard."""
    caller = somebody().keys("1").hears("ByPin.ask_pin")
    monkeypatch.setattr(ByPin, "steps", steps)
    caller.keys("482193").hears(*TROUBLE).reaches(line.switchboard)
    caller.finds_nobody().hears("Colleague.nobody", "LeaveWord.choose")
    assert line.asked("PinToFile") == []


def test_a_call_of_sixty_turns_reaches_a_person(line: "Line"):
    """An apology and a person, once; after the talk only goodbye."""
    patient = replace(TWILIO, max_documents=100)
    phone = line.phone(profile=patient).ring()
    while phone.state == "listening":
        phone.press("*")
    assert len(phone.turns) == 61
    assert phone.waiting.targets == (line.switchboard,)
    phone.answer_transfer()
    assert (phone.state, phone.dialled) == ("over", [line.switchboard])
    assert "Tot ziens" in phone.last[-1].text


def test_a_forged_webhook_gets_nothing(line: "Line"):
    """The answer is 403 with an empty body, and the call that it names is untouched."""
    phone = line.phone().ring()
    form = [*phone.turns[-1].form.items(), ("Digits", "1")]
    status, _, body = line.post(f"{line.public}/voice/turn/2", form, {"X-Twilio-Signature": "AAAA"})
    assert (status, body) == (403, b"")
    phone.press("1")
    assert len(phone.turns) == 3
