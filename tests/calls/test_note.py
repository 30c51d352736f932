"""The note on the file: what was asked, what was agreed, how the call ended; one for each identified call."""

import re
from typing import TYPE_CHECKING

import pytest

import voice_flows
from bridge.speech import NoteBook

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, Calling, PlanLine
    from tests.shared_line import Line

    Opening = Callable[..., Line]

AN, LUC = "20230118", "20230522"
RISK = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
REFERENCE = re.compile(r" \([0-9A-F]{10}\)$")
BOOK = NoteBook.load(voice_flows.NOTES)
VALUES = {"owed": ("money", "1234.56")}


def written(*marks: str, language: str = "nl") -> str:
    """The sentences for these things, in their order, as the office's own files have them."""
    return " ".join(BOOK.write(mark, VALUES, language) for mark in marks)


def notes(line: "Line", file: str = AN) -> list[str]:
    """The notes on a file, without the reference by which each is found again."""
    found = [record.text for record in line.tagor.records.info_lines(file)]
    assert all(REFERENCE.search(text) for text in found)
    return [REFERENCE.sub("", text) for text in found]


BALANCE, NOBODY = "Balance.look.owed", "Colleague.connect.unanswered"
ENDS: "dict[str, tuple[Callable[[Caller], object], list[str]]]" = {
    "says goodbye": (lambda caller: caller.keys("9").is_let_go(), ["Note.goodbye"]),
    "hangs up": (lambda caller: caller.hangs_up(), ["Note.hung_up"]),
    "talks": (
        lambda caller: caller.keys("0").talks().is_let_go(),
        ["Colleague.connect.answered", "Note.goodbye"],
    ),
    "reaches nobody": (
        lambda caller: caller.keys("0").finds_nobody().keys("3").is_let_go(),
        [NOBODY, "Note.goodbye"],
    ),
    "hangs up while it rings": (lambda caller: caller.keys("0").hangs_up(), [NOBODY, "Note.hung_up"]),
    "leaves a voicemail": (
        lambda caller: caller.keys("0").finds_nobody().keys("2").leaves(5).is_let_go(),
        [NOBODY, "Voicemail.tape.left", "Note.goodbye"],
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_one_note_however_a_call_ends(opened: "Calling", line: "Line", end: str):
    """The note tells what was told and what became of the call, in order; nothing more comes later."""
    does, told = ENDS[end]
    does(opened())
    line.after()
    line.after(hours=4)
    assert notes(line) == [written("Note.begin", BALANCE, *told)]


def test_a_promised_call_is_noted_with_its_time(opened: "Calling", line: "Line"):
    """Whoever opens the file sees the day, the hours and the number that the caller was told."""
    opened().keys("0").finds_nobody().keys("1").keys("1").keys("2").is_let_go()
    line.after()
    [note] = notes(line)
    assert all(told in note for told in ("04/03/2026", "13:30", "17:00", "+32470000001"))


def test_a_plan_is_noted_as_tagor_made_it(plans: "PlanLine"):
    """The note says that it was requested and then approved, with Tagor's amount and what was agreed to."""
    plans.at_agreement().keys("1").hangs_up()
    plans.line.after()
    [note] = notes(plans.line)
    assert (
        "Afbetalingsplan aangevraagd: 6 maanden, 204,76 EUR per maand. Afbetalingsplan goedgekeurd." in note
    )
    plans.at_request("Sarah Johnson").keys("1").hangs_up()
    plans.line.after()
    [line] = plans.tagor.records.info_lines("20230421")
    assert "Afbetalingsplan gevraagd en aanvaard: 6 maanden, 53,02 EUR per maand." in line.text


def test_a_message_is_noted(plans: "PlanLine"):
    """The note says that a text went out, and not where to."""
    plans.call().keys("1").keys("1").keys("1").keys("1").hears("Post.sent", "Balance.choose").keys("9")
    plans.line.after()
    [note] = notes(plans.line)
    assert "sms" in note.lower()
    assert "0001" not in note


def test_a_call_about_two_files_leaves_a_note_on_each(calling: "Calling", line: "Line"):
    """Each note has the balance of its own file only."""
    caller = (
        calling("")
        .keys("1")
        .keys("271828")
        .keys(f"{LUC}#")
        .keys("4")
        .keys("1")
        .keys("314159")
        .keys("20230523#")
    )
    caller.keys("9").hears("Defendant.goodbye")
    line.after()
    [first], [second] = notes(line, LUC), notes(line, "20230523")
    assert ("455,10" in first, "67,32" in first) == (True, False)
    assert ("455,10" in second, "67,32" in second) == (False, True)


# A call that nobody ends


def test_a_call_that_is_lost_is_noted_after_two_hours(opened: "Calling", line: "Line"):
    """When no end is ever told, one note says that the connection was lost."""
    opened()
    line.after(hours=1, minutes=55)
    assert notes(line) == []
    line.after(minutes=10)
    assert notes(line) == [written("Note.begin", BALANCE, "Note.lost")]
    line.after(hours=6)
    assert len(notes(line)) == 1


def test_an_end_that_is_told_twice_is_noted_once(opened: "Calling", line: "Line"):
    """The provider repeats its callback hours later, and the bridge is started anew in between."""
    caller = opened()
    line.start()
    caller.hangs_up()
    for _ in range(2):
        line.start()
        line.webhook("/voice/status", caller.phone.call_id, CallStatus="completed")
        line.after(hours=3)
    assert notes(line) == [written("Note.begin", BALANCE, "Note.hung_up")]


# No note


@pytest.mark.parametrize("keys", ["", "0", "2", "1,#", "1,111111,20230118#"])
def test_a_stranger_leaves_no_note(calling: "Calling", line: "Line", keys: str):
    """Whoever has proved nothing has nothing to do with any file."""
    caller = calling("+32470999999")
    for one in filter(None, keys.split(",")):
        caller.keys(one)
    if caller.phone.state != "over":
        caller.hangs_up()
    line.after(hours=3)
    assert [row for row in line.tagor.state()["info_records"] if not row["automatic"]] == []


@pytest.mark.parametrize(
    "office",
    [{'way = "pin"': f'way = "caller_number"{RISK}'}, {"\non = true": "\non = false"}],
    ids=["a weak proof", "an office without notes"],
)
def test_some_calls_leave_no_note(open_line: "Opening", calling_on: "Calling", office: dict[str, str]):
    """A weak proof may be anybody's, and an office may want no notes."""
    line = open_line(office=office)
    caller = calling_on(line).keys("1")
    caller = caller if "way" in str(office) else caller.keys("482193")
    caller.hears("Balance.tell", "Received.paid", "Payments.which", "Balance.choose").keys("9")
    line.after(hours=3)
    assert notes(line) == []
