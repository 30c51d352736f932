"""What doctor asks Tagor about a file that does not exist, and what it leaves for a person to look at."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest
from shared_line import FakeClock, Line

import bridge
from bridge.app.create import offices_of
from bridge.app.tagor import office_tagor
from bridge.checks import office_tagor as tagor_checks
from bridge.checks import tagor_operations
from bridge.checks.check import Findings
from bridge.settings import Settings
from bridge.tagor import ApiKey, Deadline, Tagor
from bridge.tagor.schema.operation import Operation

ROOMS_OF_CALLS = "conversation", "after_call"
"""The rooms of the package that ask Tagor during a call and after it."""
EVERY_OPTION = {
    "# pin_scheme = true": "pin_scheme = true",
    '# self_service = "PLAN"': 'self_service = "PLAN"',
    'keep = "message"': 'keep = "attachment"',
    "# correspondence = true": "correspondence = true",
    "# slips = true": "slips = true",
    "# natures = [": "natures = [",
    "# questions = {": "questions = {",
}
"""What is off in the demo's office file and makes calls ask more of Tagor."""


def examined(line: Line) -> Findings:
    """Examine the line's office, and nothing else."""
    settings, found, clock = Settings.read(line.environ), Findings(), FakeClock()
    [office] = offices_of(settings, line.environ)
    with closing(office_tagor(office, demo=True, threads=1)) as tagor:
        tagor_operations.examine(office, tagor, found, lambda: Deadline(clock, 5.0))
    return found


def asked_paths(line: Line) -> set[str]:
    """Return the operations that Tagor was asked, with their groups."""
    return {entry["operation"] for entry in line.tagor.journal()}


@pytest.mark.parametrize(
    ("way", "asked"),
    [
        ("reference_pin", {"GetVoxtronReferentie", "GetVoxtronVerwByPin"}),
        ("house_number", {"GetVoxtronReferentie", "GetVoxtronVerwByHuisNr"}),
        ("pin", {"PinToFile"}),
    ],
)
def test_each_way_to_identify_is_asked_by_its_own_operations(
    open_line: Callable[..., Line], way: str, asked: set[str]
):
    """Without anybody's number, which a look-up would write onto a file."""
    line = open_line(
        office={
            'way = "pin"  ': f'way = "{way}"\naccepted_by = "Claes"\naccepted_on = 2026-03-02 ',
        },
        started=False,
    )
    found = examined(line)
    assert found.warnings == []
    every = {"GetVoxtronReferentie", "GetVoxtronVerwByPin", "GetVoxtronVerwByHuisNr", "PinToFile"}
    assert set(line.asked()) & every >= asked
    assert "Telnr" not in str([entry["fields"] for entry in line.tagor.journal()])


@pytest.mark.parametrize(
    ("option", "operations"),
    [
        ({}, {"Dossier/GetAppearance", "Dossier/GetTitle"}),
        ({"# natures = [": "natures = ["}, {"Dossier/GetLines", "Dossierlijn/GetInfo"}),
        ({"# correspondence = true": "correspondence = true"}, {"Dossier/GetCorrespondence"}),
    ],
)
def test_an_option_is_asked_for_all_that_it_needs(
    open_line: Callable[..., Line], option: dict[str, str], operations: set[str]
):
    """Also where no other option needs the same operation."""
    line = open_line(office=option, started=False)
    assert examined(line).warnings == []
    assert asked_paths(line) >= operations


def test_a_note_at_a_payment_and_a_payment_slip_are_left_to_a_person(open_line: Callable[..., Line]):
    """The one writes; the other takes a defendant's own PIN, so nobody's PIN is tried with it."""
    line = open_line(office=EVERY_OPTION, started=False)
    writes, slips = map(str, examined(line).notes)
    assert "Dossierlijn/CreateInfoLine (payments.natures)" in writes
    assert "TagorService/ScanBarcode (letters.slips)" in slips
    assert line.asked("ScanBarcode") == []


def test_no_operation_of_calls_is_forgotten(open_line: Callable[..., Line]):
    """With every option on, doctor asks it or names it: whoever adds one has to say which."""
    asked, told = set[str](), set[str]()
    for way in ("pin", "reference_pin", "house_number"):
        weak = 'accepted_by = "Claes"\naccepted_on = 2026-03-02'
        line = open_line(office=EVERY_OPTION | {'way = "pin"  ': f'way = "{way}"\n{weak} '}, started=False)
        settings, found = Settings.read(line.environ), Findings()
        [office] = offices_of(settings, line.environ)
        tagor_checks.examine(office, settings, found)
        assert found.problems == []
        asked |= asked_paths(line)
        told |= {word for note in found.notes for word in re.findall(r"[A-Za-z/]+", str(note))}
    needed = operations_of_calls()
    assert needed >= {"TagorService/ScanBarcode", "Dossierlijn/GetInfo", "Dossierlijn/CreateInfoLine"}
    assert {one for one in needed - asked if not told & {one, one.rpartition("/")[2]}} == set()


def operations_of_calls() -> set[str]:
    """Return the operations behind each `subject.method` of the client that the rooms of calls name."""
    needed = set[str]()
    with closing(Tagor("https://tagor.example.be", ApiKey("key"))) as tagor:
        for room in ROOMS_OF_CALLS:
            for path in Path(bridge.__file__).parent.joinpath(room).rglob("*.py"):
                for subject, method in named_in(path.read_text(encoding="utf-8")):
                    kind = type(getattr(tagor, subject, None))
                    if kind.__module__.startswith("bridge.tagor.") and inspect.isfunction(
                        getattr(kind, method, None)
                    ):
                        needed |= set(operations_behind(kind, method, set()))
    return needed


def named_in(source: str) -> Iterator[tuple[str, str]]:
    """Yield every `a.b`, also the last two names of a longer chain."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Attribute(attr=subject) | ast.Name(id=subject), attr=method):
                yield subject, method


def operations_behind(kind: type, method: str, seen: set[str]) -> Iterator[str]:
    """Yield what a method of the client sends, also through other methods of its class."""
    seen.add(method)
    function = getattr(kind, method)
    for node in ast.walk(ast.parse(dedent(inspect.getsource(function)))):
        match node:
            case ast.Name(id=name) if isinstance(operation := function.__globals__.get(name), Operation):
                yield operation.path
            case ast.Attribute(attr=name) if name not in seen and inspect.isfunction(
                getattr(kind, name, None)
            ):
                yield from operations_behind(kind, name, seen)


def test_what_is_switched_off_is_not_asked_and_left_to_nobody(open_line: Callable[..., Line]):
    """A right that no caller needs is nobody's trouble."""
    line = open_line(office={'# switched_off = ["balance"]': 'switched_off = ["paymentplan"]'}, started=False)
    line.tagor.fault("TagorService/GetPaymentPlanCriteria", "status", status=403)
    found = examined(line)
    assert found.warnings == []
    [note] = map(str, found.notes)
    assert "SavePaymentPlan" not in note
    assert "SetUserDossier (transfer)" in note


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (403, "Tagor refuses the line Dossier/GetTitle, which details needs"),
        (404, "details needs what this Tagor does not answer (Dossier/GetTitle"),
        (500, "Dossier/GetTitle, which details needs, could not be tried (status 500)"),
        (503, "Dossier/GetTitle, which details needs, could not be tried (status 503)"),
    ],
)
def test_a_status_is_told_for_what_it_says(open_line: Callable[..., Line], status: int, sentence: str):
    """A Tagor that fails over a file that does not exist may well answer about one that does."""
    line = open_line(started=False)
    line.tagor.fault("Dossier/GetTitle", "status", status=status)
    [told] = map(str, examined(line).warnings)
    assert sentence in told


def test_a_tagor_that_is_away_is_told_once(open_line: Callable[..., Line]):
    """Each further question would wait as long."""
    line = open_line(started=False)
    line.tagor.stop()
    [told] = map(str, examined(line).warnings)
    assert "Tagor cannot be asked all that every call needs" in told
