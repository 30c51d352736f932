"""What fuzzing once found, so that it stays mended."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from bridge.office.hours import Stretch
from bridge.office.sheet import SheetError, read_sheet


def test_an_office_file_of_lists_in_lists_is_told_in_a_sentence(tmp_path: Path):
    """Python's own reader gives up with an error of its own at some hundreds of brackets."""
    file = tmp_path / "deep.toml"
    file.write_text("numbers = " + "[" * 5_000, encoding="utf-8")
    with pytest.raises(SheetError) as caught:
        read_sheet(file)
    assert str(caught.value.problem).startswith(f"{file}:1: holds a list in a list")


@pytest.mark.parametrize("text", ["09:00-12:00Z", "09:00+01:00-12:00", "09:00:30-12:00", "0900-1200", "9-12"])
def test_hours_are_those_of_a_wall_clock(text: str):
    """Times of two zones cannot be compared, and Python says so with an error of its own."""
    with pytest.raises(ValidationError, match="must be written like"):
        TypeAdapter(Stretch).validate_python(text)
