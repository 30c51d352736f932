"""docs/security.md names tests: each is there, every threat has a row, and the page can be read."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([a-z_/]+/test_\w+\.py)(?:::(\w+))?`", PAGE)))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_that_is_named_is_there(file: str, name: str):
    """A control whose test is gone or renamed would be a mere claim."""
    source = (ROOT / "tests" / file).read_text("utf-8")
    assert re.search(rf"^    def {name}\(|^def {name}\(" if name else r"^def test_", source, re.MULTILINE)


def test_every_threat_has_its_row_and_a_test_or_says_why_not():
    """T1 to T24, in order."""
    rows = re.findall(r"^\| (T\d+) \|.*\| (.+) \|$", PAGE, re.MULTILINE)
    assert [number for number, _ in rows] == [f"T{number}" for number in range(1, 25)]
    assert [number for number, tests in rows if "::" not in tests and "no test" not in tests] == []


def test_the_page_is_soon_read():
    """Two hundred lines at most, and it says what it does not cover."""
    assert len(PAGE.splitlines()) <= 200
    assert len(NAMED) > 40
    assert "## Not covered" in PAGE
