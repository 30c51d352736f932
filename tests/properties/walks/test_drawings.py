"""The drawings tell what the tables tell, and whoever changes a table is told to draw it again."""

import shutil
from pathlib import Path

import pytest

from bridge.checks.flow_drawings import pages, redraw, stale
from voice_flows import CALL

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a copy of all that holds drawings."""
    shutil.copy(ROOT / "README.md", tmp_path)
    shutil.copytree(ROOT / "docs" / "flows", tmp_path / "docs" / "flows")
    redraw(CALL, tmp_path)
    return tmp_path


def test_the_drawings_are_fresh():
    """`make check` holds this too; when it fails, run `bridge draw`."""
    assert stale(CALL, ROOT) == []


def test_every_flow_has_its_page_with_its_sentence_and_its_drawing(project: Path):
    """An office that looks at a page reads first what the flow is for."""
    assert {path.name for path in pages(CALL, project)} == {
        "README.md",
        *(f"{name}.md" for name in CALL.flows),
    }
    for name, flow in CALL.flows.items():
        page = (project / "docs" / "flows" / f"{name}.md").read_text("utf-8")
        assert page.startswith(f"# {name}\n\n{flow.__doc__}\n\n```mermaid\nflowchart TD\n")
        assert all(f"    {step}" in page for step in flow.steps)


def test_the_readme_shows_the_main_flow(project: Path):
    """Between its two marks stands the drawing of the flow that every call begins with."""
    drawn = (project / "docs" / "flows" / "Defendant.md").read_text("utf-8").partition("```mermaid")[2]
    assert f"<!-- drawing: Defendant -->\n```mermaid{drawn}<!-- end of drawing -->" in (
        project / "README.md"
    ).read_text("utf-8")


@pytest.mark.parametrize("name", ["README.md", "docs/flows/Defendant.md"])
def test_a_drawing_that_tells_something_else_is_stale(project: Path, name: str):
    """One arrow to another step is enough; drawing again mends it."""
    page = project / name
    true = page.read_text("utf-8")
    page.write_text(true.replace("welcome --> main", "welcome --> goodbye"), "utf-8")
    assert stale(CALL, project) == [page]
    assert redraw(CALL, project) == [page]
    assert page.read_text("utf-8") == true


def test_a_missing_page_is_stale(project: Path):
    """A flow that is new has no page yet."""
    shutil.rmtree(project / "docs" / "flows")
    assert {path.stem for path in redraw(CALL, project)} == set(CALL.flows)
    assert stale(CALL, project) == []


def test_a_page_of_a_flow_that_is_gone_is_stale(project: Path):
    """It would show calls that nobody can make."""
    gone = project / "docs" / "flows" / "Gone.md"
    gone.write_text("# Gone\n", "utf-8")
    assert stale(CALL, project) == [gone]
    assert redraw(CALL, project) == [gone]
    assert not gone.exists()
