"""What doctor asks Tagor about a file that does not exist, and what it leaves for a person to look at."""

from collections.abc import Callable
from contextlib import closing

import pytest
from shared_line import FakeClock, Line

from bridge.app.create import offices_of
from bridge.app.tagor import office_tagor
from bridge.checks import tagor_operations
from bridge.checks.check import Findings
from bridge.settings import Settings
from bridge.tagor import Deadline


def examined(line: Line) -> Findings:
    """Examine the line's office, and nothing else."""
    settings, found, clock = Settings.read(line.environ), Findings(), FakeClock()
    [office] = offices_of(settings, line.environ)
    with closing(office_tagor(office, demo=True, threads=1)) as tagor:
        tagor_operations.examine(office, tagor, found, lambda: Deadline(clock, 5.0))
    return found


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


def test_what_is_switched_off_is_not_asked_and_left_to_nobody(open_line: Callable[..., Line]):
    """A right that no caller needs is nobody's trouble."""
    line = open_line(office={'# switched_off = ["balance"]': 'switched_off = ["paymentplan"]'}, started=False)
    line.tagor.fault("TagorService/GetPaymentPlanCriteria", "status", status=403)
    found = examined(line)
    assert found.warnings == []
    [note] = map(str, found.notes)
    assert "SavePaymentPlan" not in note
    assert "SetUserDossier (transfer)" in note


def test_a_tagor_that_is_away_is_told_once(open_line: Callable[..., Line]):
    """Each further question would wait as long."""
    line = open_line(started=False)
    line.tagor.stop()
    [told] = map(str, examined(line).warnings)
    assert "Tagor cannot be asked all that every call needs" in told
