"""The note on the file: what was asked, what was agreed, how it ended; one for each identified call."""

import re
from typing import TYPE_CHECKING

import pytest

import voice_flows
from bridge.speech import NoteBook

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, Calling, PlanLine
    from tests.conftest import Line

    Opening = Callable[..., Line]

AN, LUC = "20230118", "20230522"
RISK = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
REFERENCE = re.compile(r" \([0-9A-F]{10}\)$")
LANGUAGES = ("nl", "fr", "de", "en")
BOOK = NoteBook.load(voice_flows.NOTES)
VALUES = {"owed": ("money", "1234.56")}


def written(*marks: str, language: str = "nl") -> str:
    """The sentences for these things, in order, as the office's own files have them."""
    return " ".join(BOOK.write(mark, VALUES, language) for mark in marks)


def notes(line: "Line", file: str = AN) -> list[str]:
    """The notes on a file, without what they are found again by."""
    found = [record.text for record in line.tagor.info_lines(file)]
    assert all(REFERENCE.search(text) for text in found)
    return [REFERENCE.sub("", text) for text in found]


def says_goodbye(caller: "Caller") -> None:
    caller.keys("9").hears("Defendant.goodbye").is_let_go()


def hangs_up(caller: "Caller") -> None:
    caller.hangs_up()


def talks(caller: "Caller") -> None:
    caller.keys("0").talks().is_let_go()


def reaches_nobody(caller: "Caller") -> None:
    caller.keys("0").finds_nobody().keys("3").is_let_go()


def hangs_up_while_it_rings(caller: "Caller") -> None:
    caller.keys("0").hangs_up()


def leaves_word(caller: "Caller") -> None:
    caller.keys("0").finds_nobody().keys("2").leaves(5).is_let_go()


def hangs_up_while_speaking(caller: "Caller") -> None:
    caller.keys("0").finds_nobody().keys("2").phone.leave_message(5)
    caller.hangs_up()


def wishes_a_call(caller: "Caller") -> None:
    caller.keys("0").finds_nobody().keys("1").keys("1").keys("2").is_let_go()


BALANCE, NOBODY = "Balance.look.owed", "Colleague.connect.unanswered"
WAYS = [
    (says_goodbye, ["Note.goodbye"]),
    (hangs_up, ["Note.hung_up"]),
    (talks, ["Colleague.connect.answered", "Note.goodbye"]),
    (reaches_nobody, [NOBODY, "Note.goodbye"]),
    (hangs_up_while_it_rings, [NOBODY, "Note.hung_up"]),
    (leaves_word, [NOBODY, "Voicemail.tape.left", "Note.goodbye"]),
    (hangs_up_while_speaking, [NOBODY, "Voicemail.tape.left", "Note.goodbye"]),
]


@pytest.mark.parametrize(("way", "told"), WAYS, ids=[way.__name__ for way, _ in WAYS])
def test_one_note_however_a_call_ends(
    opened: "Calling", line: "Line", way: "Callable[[Caller], None]", told: list[str]
):
    """What was told and what became of it, in order; nothing more comes later."""
    way(opened())
    line.after()
    line.after(hours=4)
    assert notes(line) == [written("Note.begin", BALANCE, *told)]


def test_a_promised_call_is_noted_with_its_time(opened: "Calling", line: "Line"):
    """Whoever opens the file sees what the caller was told."""
    wishes_a_call(opened())
    line.after()
    [note] = notes(line)
    assert "04/03/2026" in note
    assert "13:30" in note
    assert "17:00" in note
    assert "+32470000001" in note


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_is_written_in_the_offices_language(
    open_line: "Opening", calling_on: "Calling", language: str
):
    """Whatever the caller speaks: it is for those who work there."""
    line = open_line(office={'default_language = "nl"': f'default_language = "{language}"'})
    calling_on(line, "+32470000002", language="fr").keys("1").keys("150937").keys("9")
    line.after()
    [note] = notes(line, "20230219")
    assert note.startswith(written("Note.begin", language=language))
    assert note.endswith(written("Note.goodbye", language=language))
    assert ("871.91" if language == "en" else "871,91") in note


@pytest.mark.parametrize("ends", [says_goodbye, hangs_up])
def test_a_plan_is_noted_as_tagor_made_it(plans: "PlanLine", ends: "Callable[[Caller], None]"):
    """Asked for, agreed, approved."""
    caller = plans.call().keys("2").keys("1").keys("1").keys("1").keys("1")
    ends(caller)
    plans.line.after()
    [note] = notes(plans.line)
    assert "205,76 EUR" in note
    assert note.index("aangevraagd") < note.index("goedgekeurd")


def test_a_message_is_noted(plans: "PlanLine"):
    """That it went out, not where to."""
    plans.call().keys("1").keys("1").keys("1").keys("1").hears("Post.sent", "Balance.choose").keys("9")
    plans.line.after()
    [note] = notes(plans.line)
    assert "sms" in note.lower()
    assert "0001" not in note


def test_a_call_about_two_files_leaves_a_note_on_each(calling: "Calling", line: "Line"):
    """And on each only what is its own."""
    caller = calling("").keys("1").keys("271828").keys(f"{LUC}#").keys("3").keys("314159").keys("20230523#")
    caller.keys("9").hears("Defendant.goodbye")
    line.after()
    [first], [second] = notes(line, LUC), notes(line, "20230523")
    assert "455,10" in first
    assert "67,32" not in first
    assert "67,32" in second
    assert "455,10" not in second


# A call that nobody ends


def test_a_call_that_is_lost_is_noted_after_two_hours(opened: "Calling", line: "Line"):
    """The bridge was killed, the provider never told the end: one note says that the connection was lost."""
    opened()
    line.after(hours=1, minutes=55)
    assert notes(line) == []
    line.after(minutes=10)
    assert notes(line) == [written("Note.begin", BALANCE, "Note.lost")]
    line.after(hours=6)
    assert len(notes(line)) == 1


def test_a_bridge_that_is_started_anew_still_notes_the_call(opened: "Calling", line: "Line"):
    """What is to be written is in the database, and not in a process."""
    caller = opened()
    line.start()
    caller.phone.hang_up()
    line.start()
    line.after()
    assert notes(line) == [written("Note.begin", BALANCE, "Note.hung_up")]


def test_an_end_that_is_told_twice_is_noted_once(opened: "Calling", line: "Line"):
    """The provider repeats its callbacks, also hours later."""
    caller = opened()
    caller.hangs_up()
    for _ in range(2):
        line.webhook("/voice/status", caller.phone.call_id, CallStatus="completed")
        line.after(hours=3)
    assert len(notes(line)) == 1


@pytest.mark.parametrize("fault", ["reset_after", "truncated", "status", "no_reply"])
@pytest.mark.parametrize("effect", ["done", "none", "later"])
def test_a_reply_that_got_lost_makes_no_second_note(opened: "Calling", line: "Line", fault: str, effect: str):
    """It is looked for on the file before it is written again, also when it comes late."""
    opened().hangs_up()
    line.tagor.fault("Dossier/CreateInfoLine", fault, effect=effect, times=1, seconds=0.05, later=0.1)
    line.after()
    line.tagor.settle()
    line.after(hours=1)
    assert len(notes(line)) == 1


def test_a_tagor_that_is_away_gets_the_note_later(opened: "Calling", line: "Line"):
    """A night is nothing."""
    opened().hangs_up()
    line.tagor.stop()
    line.after(hours=10)
    line.tagor.start()
    line.after(hours=2)
    assert len(notes(line)) == 1


# None


@pytest.mark.parametrize("keys", ["", "0", "2", "4", "1,#", "1,111111", "1,111111,20230118#"])
def test_a_stranger_leaves_no_note(calling: "Calling", line: "Line", keys: str):
    """Who proved nothing has nothing to do with any file."""
    caller = calling("+32470999999")
    for one in filter(None, keys.split(",")):
        caller.keys(one)
    if caller.phone.state != "over":
        caller.hangs_up()
    line.after(hours=3)
    assert [row for row in line.tagor.state()["info_records"] if not row["automatic"]] == []


@pytest.mark.parametrize(("way", "keys"), [("house_number", ["7700011#", "12#"]), ("caller_number", [])])
def test_a_weak_proof_leaves_no_note(open_line: "Opening", calling_on: "Calling", way: str, keys: list[str]):
    """It may have been anybody who knows a number."""
    line = open_line(office={'way = "pin"': f'way = "{way}"{RISK}'})
    caller = calling_on(line).keys("1")
    for one in keys:
        caller.keys(one)
    caller.hears("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose").keys("9")
    line.after(hours=3)
    assert notes(line) == []


def test_an_office_may_want_no_notes(open_line: "Opening", calling_on: "Calling"):
    """Its own decision."""
    line = open_line(office={"\non = true": "\non = false"})
    calling_on(line).keys("1").keys("482193").keys("9")
    line.after(hours=3)
    assert notes(line) == []


def test_a_note_carries_the_codes_of_the_office(open_line: "Opening", calling_on: "Calling"):
    """Tagor's own numbers for such a line."""
    line = open_line(
        office={'# info_definition = "9000000000000000003"': 'info_definition = "9000000000000000003"'}
    )
    calling_on(line).keys("1").keys("482193").keys("9")
    line.after()
    [record] = line.tagor.info_lines(AN)
    assert record.definition == "9000000000000000003"
