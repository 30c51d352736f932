"""The drawings tell what the tables tell, and whoever changes a table is told to draw it again."""

from pathlib import Path

from bridge.checks.flow_drawings import FOLDER, drawings
from bridge.checks.generated_pages import rewrite
from voice_flows import CALL


def test_a_folder_without_a_readme_gets_its_pages_only(tmp_path: Path):
    """As where an installed package is called in an empty folder."""
    written = rewrite(drawings(CALL, tmp_path), tmp_path / FOLDER)
    assert {path.stem for path in written} == set(CALL.flows)
