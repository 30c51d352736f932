"""What fuzzing once found, so that it stays mended."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from bridge.office.hours import Period
from bridge.office.office_file import OfficeFileError, read_office_file


def test_an_office_file_of_lists_in_lists_is_told_in_a_sentence(tmp_path: Path):
    """Python's own reader gives up with an error of its own at some hundreds of brackets."""
    file = tmp_path / "deep.toml"
    file.write_text("numbers = " + "[" * 5_000, encoding="utf-8")
    with pytest.raises(OfficeFileError) as caught:
        read_office_file(file)
    assert str(caught.value.problem).startswith(f"{file}:1: holds a list in a list")


@pytest.mark.parametrize("text", ["09:00-12:00Z", "09:00+01:00-12:00", "09:00:30-12:00", "0900-1200", "9-12"])
def test_hours_are_those_of_a_wall_clock(text: str):
    """Times of two zones cannot be compared, and Python says so with an error of its own."""
    with pytest.raises(ValidationError, match="must be written like"):
        TypeAdapter(Period).validate_python(text)
