"""A note at the line of a payment: once, whatever Tagor answers and whenever the worker dies."""

from collections.abc import Callable

import pytest
from after_call_bench import FILE, FILE_ID, Bench

from bridge.clock import SYSTEM_CLOCK
from bridge.tagor import Deadline, Tagor

DAY = "2026-03-04"


@pytest.fixture
def bench(open_bench: Callable[..., Bench]) -> Bench:
    """An office that says which lines are payments."""
    return open_bench({"# natures = [": "natures = ["})


def tagor_of(bench: Bench) -> Tagor:
    asked: Tagor = bench.line.app.extensions["bridge"].contexts["demo"].tagor
    return asked


def notes(bench: Bench) -> list[str]:
    """What stands at the lines of the file, payments or not."""
    tagor = tagor_of(bench)
    lines = tagor.amounts.lines(FILE_ID, deadline=Deadline(SYSTEM_CLOCK, 30))
    return [
        text
        for line in lines
        if line.id
        for text in tagor.amounts.notes_on_line(line.id, deadline=Deadline(SYSTEM_CLOCK, 30))
    ]


def missed(bench: Bench) -> str:
    """Let a caller have missed a payment; gives the reference of the note."""
    return bench.leave("line_note", file=FILE_ID, day=DAY)


def test_the_last_payment_gets_the_note(bench: Bench):
    """With its reference, in the office's language; the file itself gets no line by it."""
    reference = missed(bench)
    bench.round()
    [note] = notes(bench)
    assert note.startswith(f"Telefoonlijn ({reference}): schuldenaar zegt betaald te hebben")
    assert (bench.tagor.records.info_lines(FILE), bench.counts()) == ([], (0, 1, 0))


def test_it_is_written_once_whatever_tagor_answers(bench: Bench, fault: dict[str, object]):
    """An answer that got lost is looked for at the file's payments before anything is sent again."""
    bench.tagor.fault("Dossierlijn/CreateInfoLine", times=1, **fault)
    missed(bench)
    bench.run_forever()
    assert (len(notes(bench)), bench.counts()) == (1, (0, 1, 0))


def test_it_is_written_once_wherever_the_worker_dies(bench: Bench, kill: str):
    """The next one goes on with it."""
    missed(bench)
    bench.die(kill)
    bench.run_forever()
    assert (len(notes(bench)), bench.counts()) == (1, (0, 1, 0))


def test_a_file_without_a_payment_gets_none(bench: Bench):
    """Nor do lines that have no id, as in generation 1.08: the job is done with that."""
    bench.tagor.fault("Dossier/GetLines", "replace_fields", names=["TDOSLIJN_Id"], value="null")
    missed(bench)
    bench.round()
    bench.tagor.clear_faults()
    assert (notes(bench), bench.counts()) == ([], (0, 1, 0))


def test_lines_that_cannot_be_had_are_asked_for_again(bench: Bench):
    """Nothing was sent by then."""
    bench.tagor.fault("Dossier/GetLines", "status", status=500)
    missed(bench)
    bench.round()
    assert bench.counts() == (1, 0, 0)
    bench.tagor.clear_faults()
    bench.line.clock.move(minutes=2)
    bench.run_forever()
    assert (len(notes(bench)), bench.counts()) == (1, (0, 1, 0))
