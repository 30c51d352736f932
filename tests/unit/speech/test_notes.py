"""The note book: every mistake in an office's four files is told with file and line, before a call."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.speech import LANGUAGES, CatalogueError, NoteBook
from bridge.speech.notes import LONGEST, TASK_SUBJECTS, WITHOUT_STEP

Write = Callable[..., Path]

BOOK = """[Note]
begin = "The line."
goodbye = "Ended."
hung_up = "Hung up."
lost = "Lost."

[Task]
voicemail = "Voicemail {ref}"
voicemail_text = "By {caller} on {day} in {language}."
callback = "Call {number} {ref}"
callback_text = "Call {number} on {day}, {from} to {until}."
not_agreed = "Contact {ref}"
unapproved = "Look at it {ref}"
unconfirmed = "Confirm {ref}"
moved = "Moved {ref}"
disputed_paid = "Paid {ref}"
disputed_amount = "Amount {ref}"
disputed_debtor = "Not theirs {ref}"
disputed_other = "Disputed {ref}"
paid = "Missing {ref}"
paid_line = "At it {ref}"

[Balance]
"look.owed" = "Told: {owed}."
"look.settled" = 'Nothing owed.'
"""
OWED = 24
"""The line on which the balance stands."""


@pytest.fixture
def book(tmp_path: Path) -> Write:
    """Write the book in every language, and one language differently, as in `book(fr="...")`."""

    def write(**other: str) -> Path:
        for language in LANGUAGES:
            (tmp_path / f"{language}.toml").write_text(other.get(language, BOOK), "utf-8")
        return tmp_path

    return write


def mistakes(folder: Path) -> list[str]:
    """What is told, each with its file's name only."""
    with pytest.raises(CatalogueError) as refused:
        NoteBook.load(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in refused.value.problems]


def line(text: str, start: str) -> int:
    """The number of the line that starts so."""
    return next(at for at, row in enumerate(text.splitlines(), start=1) if row.startswith(start))


def test_a_sentence_is_written_with_its_values(book: Write):
    """As an employee reads them, not as a voice says them."""
    notes = NoteBook.load(book())
    assert notes.write("Balance.look.owed", {"owed": ("money", "1234.5")}, "nl") == "Told: 1.234,50 EUR."
    assert notes.write("Note.begin", {}, "fr") == "The line."


def test_a_sentence_is_shown_with_the_names_of_its_values(book: Write):
    """A page about the flow shows it as the office wrote it."""
    assert NoteBook.load(book()).sentence("Balance.look.owed", "nl") == "Told: {owed}."


def test_what_is_noted_is_told_with_what_it_needs(book: Write):
    """The flows are proved against this; what belongs to no step is not among it."""
    notes = NoteBook.load(book())
    assert notes.marks == {"Balance.look.owed": {"owed"}, "Balance.look.settled": frozenset()}


def test_a_sentence_is_found_in_its_file(book: Write):
    """For whoever must mend it."""
    folder = book()
    assert NoteBook.load(folder).place("Balance.look.settled") == (f"{folder}/nl.toml", OWED + 1)


def test_a_value_with_braces_is_written_as_it_is(book: Write):
    """What a caller or Tagor says is never taken for a placeholder."""
    notes = NoteBook.load(book())
    values = {"caller": ("text", "{ref} {day}"), "day": ("date", "2026-03-04"), "language": ("text", "nl")}
    assert notes.write("Task.voicemail_text", values, "en") == "By {ref} {day} on 04/03/2026 in nl."


def test_a_sentence_may_be_as_long_as_that(book: Write):
    """A hundred and sixty characters stand; one more is a mistake."""
    fitting = BOOK.replace("Nothing owed.", "x" * LONGEST)
    assert NoteBook.load(book(de=fitting)).write("Balance.look.settled", {}, "de") == "x" * LONGEST


@pytest.mark.parametrize(
    "wrong",
    [
        '""',
        '"   "',
        f'"{"x" * (LONGEST + 1)}"',
        "7",
        '["Told."]',
        r'"Told:\n{owed}"',
        r'"Told:\t{owed}"',
        r'"Told\u0000"',
        r'"Told\u007f"',
    ],
    ids=["empty", "blank", "too long", "number", "list", "two lines", "tab", "null", "delete"],
)
def test_what_is_no_sentence_is_told(book: Write, wrong: str):
    """Tagor takes one line of text, so it must be one here; its place is told, and what to write."""
    [told] = mistakes(book(fr=BOOK.replace('"Told: {owed}."', wrong)))
    advice = f'write "step.exit" = "a sentence of at most {LONGEST} characters, on one line"'
    assert told == f"fr.toml:{OWED}: Balance.look.owed: {advice}"


def test_a_step_with_a_table_of_its_own_is_told(book: Write):
    """That is how prompts are written, not notes."""
    wrong = BOOK.replace('[Balance]\n"look.owed"', "[Balance.look]\nowed").replace(
        '"look.settled"', "settled"
    )
    told = mistakes(book(en=wrong))
    assert all(one.startswith("en.toml") for one in told)
    assert told[-1].startswith(f"en.toml:{line(wrong, '[Balance.look]')}: Balance.look: write ")


def test_a_sentence_outside_a_flow_is_told(book: Write):
    """It would belong to nothing."""
    [told] = mistakes(book(nl=f'Balance2 = "Told."\n{BOOK}'))
    assert told == "nl.toml:1: Balance2 stands outside a flow: begin with a line like [Balance]"


@pytest.mark.parametrize("mark", ["Balance.look.owed", "Note.lost", "Task.callback_text"])
def test_a_sentence_missing_in_one_language_is_told(book: Write, mark: str):
    """An office that changes its language would lose its notes."""
    name = mark.partition(".")[2]
    row = next(row for row in BOOK.splitlines() if row.startswith((f'"{name}"', f"{name} =")))
    [told] = mistakes(book(fr=BOOK.replace(f"{row}\n", "")))
    where = line(BOOK.replace(f"{row}\n", ""), f"[{mark.partition('.')[0]}]")
    assert told == f"fr.toml:{where}: {mark}: has no sentence here"


def test_a_misspelt_name_is_guessed(book: Write):
    """Where one is missing and a strange one stands near, that was meant; and the others lack it."""
    told = mistakes(book(fr=BOOK.replace("look.owed", "look.owde")))
    assert "(is Balance.look.owde what was meant?)" in next(one for one in told if one.startswith("fr"))
    assert [one.split(":")[0] for one in told] == ["de.toml", "en.toml", "fr.toml", "nl.toml"]


def test_a_name_that_is_missing_everywhere_is_told(book: Write):
    """What the bridge itself needs does not depend on what the files agree on."""
    less = BOOK.replace('lost = "Lost."\n', "")
    told = mistakes(book(**dict.fromkeys(LANGUAGES, less)))
    assert [one.split(": ", 1)[1] for one in told] == ["Note.lost: has no sentence here"] * 4


def test_other_values_than_in_another_language_are_told(book: Write):
    """One of the two does not say what happened."""
    [told] = mistakes(book(nl=BOOK.replace("{owed}", "{amount}")))
    assert told == (f"nl.toml:{OWED}: Balance.look.owed: mentions other {{names}} than in another language")


@pytest.mark.parametrize("mark", WITHOUT_STEP)
def test_a_value_the_bridge_does_not_have_there_is_told(book: Write, mark: str):
    """Also when all four files agree on it: no note could ever be written."""
    text = BOOK
    name = mark.partition(".")[2]
    row = next(row for row in BOOK.splitlines() if row.startswith(f"{name} ="))
    text = text.replace(row, f'{row[:-1]} {{owed}}"')
    told = mistakes(book(**dict.fromkeys(LANGUAGES, text)))
    assert told == [
        f"{language}.toml:{line(text, name)}: {mark}: mentions {{owed}}, which is not known there"
        for language in sorted(LANGUAGES)
    ]


@pytest.mark.parametrize("mark", TASK_SUBJECTS)
def test_a_subject_without_its_reference_is_told(book: Write, mark: str):
    """By it a task is found again: without it an employee would be told twice."""
    name = mark.partition(".")[2]
    text = "\n".join(
        row.replace(" {ref}", "") if row.startswith(f"{name} =") else row for row in BOOK.splitlines()
    )
    told = mistakes(book(**dict.fromkeys(LANGUAGES, text)))
    assert len(told) == 4
    assert told[0] == f"de.toml:{line(text, name)}: {mark}: must mention {{ref}}, by which it is found again"


def test_a_name_of_nothing_is_told(book: Write):
    """In all four files, so that comparing them cannot find it."""
    told = mistakes(book(**dict.fromkeys(LANGUAGES, BOOK.replace("[Task]", 'bye = "Bye."\n[Task]'))))
    assert told[0] == f"de.toml:{line(BOOK, '[Task]')}: Note.bye: nothing that happens has this name"


def test_a_file_that_cannot_be_read_is_told_with_the_others_mistakes(book: Write):
    """All at once: one walk to the keyboard."""
    folder = book(fr=BOOK.replace("{owed}", "{amount}"))
    (folder / "de.toml").unlink()
    (folder / "nl.toml").write_bytes(b'[Note]\nbegin = "Lijn\xe9"\n')
    told = mistakes(folder)
    assert told[0].startswith("de.toml:1: the file is missing")
    assert told[1].startswith("fr.toml:")
    assert told[2].startswith("nl.toml:2: a letter is not written in UTF-8")
