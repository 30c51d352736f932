"""The office's handbook leaves out no entry of the office file, and no option that may be off."""

from pathlib import Path

import voice_flows
from bridge.conversation.office_context import services_of
from bridge.office.options import options

HANDBOOK = (Path(__file__).parents[3] / "docs" / "handbook.md").read_text("utf-8")


def test_every_entry_of_the_office_file_says_what_it_does_to_a_call():
    """In a row of a table, by the name that it has in the reference."""
    first_cells = "\n".join(row.split(" | ")[0] for row in HANDBOOK.splitlines() if row.startswith("| `"))
    assert [one.path for one in options() if f"`{one.path}`" not in first_cells] == []


def test_every_option_that_may_be_off_is_named():
    """As `switched_off` wants it."""
    part = HANDBOOK.partition("### Options that are off")[2].partition("\n## ")[0]
    assert [name for name in services_of(voice_flows.CALL) if f"`{name}`" not in part] == []
