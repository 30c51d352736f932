"""Messages that the office left for a defendant: told after the amount, read out, marked as read once."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.tagor import Case
    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import Line

NAMES = ("An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson")
AN, MARIE = "20230118", "20230219"
TOLD = ("Balance.tell", "Received.paid", "Payments.which")
TEXT = "Wij wachten nog op uw loonfiche. Stuur ze voor vrijdag op."
SPOKEN = f"Uw loonfiche. {TEXT}"


def case_of(name: str) -> "Case":
    return next(case for case in CASES if case.name == name)


def wrote(line: "Line", name: str = "An Peeters", text: str = TEXT, subject: str = "Uw loonfiche") -> str:
    """Let the office write to this person about their file; gives the message's id."""
    case = case_of(name)
    return line.tagor.controls.leave_message(case.file_id, case.party_id, subject, text)


def read(line: "Line", name: str = "An Peeters") -> list[bool]:
    """Whether each message to this person was read, once the work after the calls is done."""
    line.after()
    return [one.read for one in line.tagor.records.messages_to_defendants(case_of(name).file)]


@pytest.mark.parametrize("name", NAMES)
def test_a_message_is_told_after_the_amount_and_read_out_on_request(
    opened: "Calling", line: "Line", name: str
):
    """In each language; once it was heard it is marked as read, and the note on the file says so."""
    wrote(line, name)
    caller = opened(name).hears(*TOLD, "Messages.choose").keys("1").hears("Messages.part_1", "Messages.heard")
    assert caller.told["part_1"] == SPOKEN
    caller.keys("2").hears("Balance.choose").hangs_up()
    assert read(line, name) == [True]
    [note] = line.tagor.records.info_lines(case_of(name).file)
    assert "Bericht van het kantoor voorgelezen." in note.text
    opened(name).hears(*TOLD, "Balance.choose")


def test_the_star_says_the_message_again(opened: "Calling", line: "Line"):
    """It is one message all the same: it is marked once."""
    wrote(line)
    caller = opened().keys("1").keys("*").hears("Messages.part_1", "Messages.heard").silent(2)
    caller.hears("Balance.choose").hangs_up()
    assert read(line) == [True]
    assert len(line.asked("ToggleRead")) == 1


@pytest.mark.parametrize("leave", ["2", ",", "!"])
def test_who_does_not_hear_it_keeps_it_unread(opened: "Calling", line: "Line", leave: str):
    """Who goes on, is silent or hangs up hears of it again in the next call."""
    wrote(line)
    caller = opened()
    if leave == "!":
        caller.keys("1").hears("Messages.part_1", "Messages.heard").hangs_up()
    else:
        (caller.keys(leave) if leave != "," else caller.silent(2)).hears("Balance.choose").hangs_up()
    assert read(line) == [False]
    opened().hears(*TOLD, "Messages.choose")


def test_several_messages_are_heard_one_after_the_other(opened: "Calling", line: "Line"):
    """The oldest first, each with its own question."""
    wrote(line, text="Eerste.", subject="")
    wrote(line, text="Tweede.", subject="")
    caller = opened().keys("1").hears("Messages.part_1", "Messages.heard")
    assert caller.told["part_1"] == "Eerste."
    caller.keys("2").hears("Messages.choose").keys("1").hears("Messages.part_1", "Messages.heard")
    assert caller.told["part_1"] == "Tweede."
    caller.keys("2").hears("Balance.choose").hangs_up()
    assert read(line) == [True, True]


def test_a_long_message_is_spoken_in_parts_and_then_cut(opened: "Calling", line: "Line"):
    """Nobody listens to a page; the caller hears that there is more."""
    wrote(line, text=" ".join(f"Dit is zin nummer {number} van deze brief." for number in range(40)))
    parts = [f"Messages.part_{number}" for number in (4, 3, 2, 1)]
    opened().keys("1").hears(*parts, "Messages.cut", "Messages.heard")


@pytest.mark.parametrize("text", ["---", "<p></p>", "https://example.be/een-heel-lang-adres-zonder-woorden"])
def test_a_message_without_a_word_costs_its_own_sentence(opened: "Calling", line: "Line", text: str):
    """It stays unread, and the call goes on."""
    wrote(line, text=text, subject="")
    opened().keys("1").hears("Messages.unspoken", "Balance.choose").hangs_up()
    assert read(line) == [False]


def test_the_caller_may_answer_by_voice(opened: "Calling", line: "Line"):
    """The recording lies with the file, and the message is read."""
    wrote(line)
    caller = opened().keys("1").keys("1").hears("Voicemail.purpose", "Voicemail.tape").leaves(4)
    caller.hears("Voicemail.thanks", "Balance.choose").hangs_up()
    assert read(line) == [True]


def test_nobody_hears_what_was_written_to_somebody_else(opened: "Calling", line: "Line"):
    """Neither a co-defendant's message, nor one about another file, nor one that somebody has read."""
    an, marie = case_of("An Peeters"), case_of("Marie Dubois")
    line.tagor.controls.leave_message(an.file_id, marie.party_id, "Geheim", "Geheim.")
    line.tagor.controls.leave_message(marie.file_id, an.party_id, "Geheim", "Geheim.")
    opened().hears(*TOLD, "Balance.choose")


def test_an_office_that_does_not_switch_it_on_asks_nothing(
    open_line: "Callable[..., Line]", calling_on: "Calling"
):
    """Its callers hear no more than before, and its messages stay as they are."""
    line = open_line(office={"messages = true ": "messages = false "})
    wrote(line)
    caller: Caller = calling_on(line).keys("1").keys("482193").hears(*TOLD, "Balance.choose")
    caller.hangs_up()
    assert line.asked("GetListFilter") == []


@pytest.mark.parametrize("operation", ["Message/GetListFilter", "Message/GetMessage"])
def test_a_tagor_that_fails_costs_the_message_only(opened: "Calling", line: "Line", operation: str):
    """The amount was told before, and the file menu follows."""
    wrote(line)
    line.tagor.fault(operation, "status", status=500)
    caller = opened()
    if operation.endswith("GetMessage"):
        caller.hears(*TOLD, "Messages.choose").keys("1").hears("Messages.unspoken", "Balance.choose")
    else:
        caller.hears(*TOLD, "Balance.choose")
    caller.hangs_up()
    line.tagor.clear_faults()
    assert read(line) == [False]
