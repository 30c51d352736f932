"""The note on the file: one for each call, whatever Tagor answers and whenever we die."""

from collections.abc import Callable
from typing import Any

import pytest
from after_call_bench import FILE, FILE_ID, Bench

OWED = {"mark": "Balance.look.owed", "facts": {"owed": {"kind": "money", "value": "1234.56"}}}
LEFT = {"mark": "Voicemail.tape.left", "facts": {}}
NOTE: dict[str, Any] = {"file": FILE_ID, "day": "2026-03-04", "entries": [OWED, LEFT], "ending": "goodbye"}

WORDS = {
    "nl": "Telefoonlijn: schuldenaar geïdentificeerd met pincode. Saldo meegedeeld: 1.234,56 EUR. "
    "Bericht ingesproken. Gesprek afgesloten.",
    "fr": "Ligne téléphonique : débiteur identifié par code PIN. Solde communiqué : 1.234,56 EUR. "
    "Message vocal laissé. Appel terminé.",
    "de": "Automatische Telefonansage: Schuldner mit PIN ausgewiesen. Saldo mitgeteilt: 1.234,56 EUR. "
    "Nachricht hinterlassen. Gespräch beendet.",
    "en": "Phone line: defendant identified by PIN. Balance told: 1,234.56 EUR. "
    "Voice message left. Call ended.",
}


def notes(bench: Bench) -> list[str]:
    return [line.text for line in bench.tagor.records.info_lines(FILE)]


@pytest.mark.parametrize("language", WORDS)
def test_a_note_is_in_the_offices_language(open_bench: Callable[..., Bench], language: str):
    """Whatever the caller spoke: who reads it works there; and it ends with the job's reference."""
    bench = open_bench({'default_language = "nl"': f'default_language = "{language}"'})
    ref = bench.leave("note", **NOTE)
    bench.round()
    assert notes(bench) == [f"{WORDS[language]} ({ref})"]
    assert bench.counts() == (0, 1, 0)


@pytest.mark.parametrize(
    ("ending", "said"), [("hung_up", "De beller heeft opgehangen."), ("lost", "De verbinding is verbroken.")]
)
def test_a_note_says_how_the_call_ended(bench: Bench, ending: str, said: str):
    """Hung up and cut off are no goodbye."""
    ref = bench.leave("note", **NOTE | {"ending": ending, "entries": []})
    bench.round()
    assert notes(bench) == [f"Telefoonlijn: schuldenaar geïdentificeerd met pincode. {said} ({ref})"]


def test_a_note_carries_the_offices_codes_and_the_day_of_the_call(open_bench: Callable[..., Bench]):
    """Where the office has codes for such a line; a note that waited is still of its own day."""
    bench = open_bench(
        {
            '# info_kind = "9000000000000000001"           # Tagor\'s codes for such': 'info_kind = "71" #',
            '# info_definition = "9000000000000000003"': 'info_definition = "73"',
        }
    )
    bench.leave("note", **NOTE | {"day": "2026-03-02"})
    bench.round()
    [sent] = [e["fields"] for e in bench.tagor.journal() if e["operation"] == "Dossier/CreateInfoLine"]
    text = str(sent)
    assert all(word in text for word in ("'71'", "'73'", "2026-03-02"))


def test_a_long_note_keeps_its_end_and_its_reference(bench: Bench):
    """Tagor takes a thousand characters: what was left out is marked, and it is still found again."""
    many = [OWED | {"facts": {"owed": {"kind": "money", "value": f"{n}.50"}}} for n in range(60)]
    ref = bench.leave("note", **NOTE | {"entries": many})
    bench.tagor.fault("Dossier/CreateInfoLine", "reset_after", times=1)
    bench.run_forever()
    [note] = notes(bench)
    assert note.endswith(f" ... Gesprek afgesloten. ({ref})")
    assert 970 <= len(note) <= 1000


def test_whatever_becomes_of_the_answer_there_is_one_note(bench: Bench, fault: dict[str, Any]):
    """Looked for by its reference half a minute later, and written again only if it is not there."""
    bench.tagor.fault("Dossier/CreateInfoLine", times=1, **fault)
    ref = bench.leave("note", **NOTE)
    bench.run_forever()
    [note] = notes(bench)
    assert ref in note
    assert bench.counts() == (0, 1, 0)


def test_nothing_is_written_while_nobody_can_look(bench: Bench, loss: dict[str, Any]):
    """Tagor took the note or not, and does not show its files: better a late note than two."""
    bench.tagor.fault("Dossier/CreateInfoLine", "reset_after", times=1)
    bench.tagor.fault("Dossier/GetInfo", times=None, **{**loss, "effect": "none"})
    bench.leave("note", **NOTE)
    bench.run_forever(8)
    assert (bench.asked("CreateInfoLine"), bench.counts()) == (1, (1, 0, 0))
    bench.tagor.clear_faults()
    bench.line.clock.move(hours=2)
    bench.round()
    assert (bench.asked("CreateInfoLine"), bench.counts()) == (1, (0, 1, 0))


def test_tagor_away_for_an_afternoon_costs_nothing(bench: Bench):
    """The note comes when Tagor does."""
    bench.tagor.stop()
    bench.leave("note", **NOTE)
    bench.run_forever(3)
    assert bench.counts() == (1, 0, 0)
    bench.line.clock.move(hours=4)
    bench.tagor.start()
    bench.run_forever()
    assert (len(notes(bench)), bench.asked("GetInfo")) == (1, 0)


def test_killed_anywhere_there_is_one_note(bench: Bench, kill: str):
    """The next process takes over when the lease is up, and looks before it writes."""
    bench.leave("note", **NOTE)
    bench.die(kill)
    bench.run_forever()
    assert (len(notes(bench)), bench.counts()) == (1, (0, 1, 0))


@pytest.mark.parametrize("lost", ["reset_after", "reset_before"])
def test_the_same_note_twice_is_two_calls(bench: Bench, lost: str):
    """Two calls in which the same happened are two notes: no note is taken for another's."""
    first = bench.leave("note", **NOTE)
    bench.round()
    bench.tagor.fault("Dossier/CreateInfoLine", lost, times=1)
    second = bench.leave("note", **NOTE | {"call": "another"})
    bench.run_forever()
    assert [ref in note for ref, note in zip((first, second), notes(bench), strict=True)] == [True, True]


def test_a_note_for_no_office_waits_for_the_office(bench: Bench):
    """A dead letter that says what to do, and nothing is asked of anybody's Tagor."""
    bench.leave("note", office="gone", **NOTE)
    bench.round()
    assert bench.letter().trouble.startswith("the office of this job has no office file any more")
    assert bench.asked("CreateInfoLine") == 0


def test_a_note_that_cannot_be_written_is_a_dead_letter(bench: Bench):
    """A file that is none is refused before anything is sent; the reason does not repeat it."""
    bench.leave("note", **NOTE | {"file": "no file"})
    bench.round()
    letter = bench.letter()
    assert letter.trouble == "The file id cannot be sent to Tagor: check its length and its characters."
    assert bench.asked("CreateInfoLine") == 0


def test_a_value_that_is_none_holds_a_note_back(bench: Bench):
    """Nobody reads half an amount on a file: it is tried again, and given up in the end."""
    odd = OWED | {"facts": {"owed": {"kind": "money", "value": "a lot"}}}
    bench.leave("note", **NOTE | {"entries": [odd]})
    bench.round()
    assert (notes(bench), bench.counts()) == ([], (1, 0, 0))
