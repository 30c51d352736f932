"""The drawings tell what the tables tell, and whoever changes a table is told to draw it again."""

import shutil
from pathlib import Path

import pytest

from bridge.checks.flow_drawings import FOLDER, drawings
from bridge.checks.generated_pages import rewrite, stale_pages
from voice_flows import CALL

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a copy of all that holds drawings."""
    shutil.copy(ROOT / "README.md", tmp_path)
    shutil.copytree(ROOT / FOLDER, tmp_path / FOLDER)
    return tmp_path


def test_every_flow_has_its_page_with_its_sentence_and_its_drawing(project: Path):
    """An office that looks at a page reads first what the flow is for."""
    pages = drawings(CALL, project)
    assert {path.name for path in pages} == {"README.md", *(f"{name}.md" for name in CALL.flows)}
    for name, flow in CALL.flows.items():
        page = pages[project / FOLDER / f"{name}.md"]
        assert page.startswith(f"# {name}\n\n{flow.__doc__}\n\n```mermaid\nflowchart TD\n")
        assert all(f"    {step}" in page for step in flow.steps)


def test_the_readme_shows_the_main_flow(project: Path):
    """Between its two marks stands the drawing of the flow that every call begins with."""
    pages = drawings(CALL, project)
    drawn = pages[project / FOLDER / "Defendant.md"].partition("```mermaid")[2]
    marked = f"<!-- drawing: Defendant -->\n```mermaid{drawn}<!-- end of drawing -->"
    assert marked in pages[project / "README.md"]


@pytest.mark.parametrize("name", ["README.md", "docs/flows/Defendant.md"])
def test_a_drawing_that_tells_something_else_is_stale(project: Path, name: str):
    """One arrow to another step is enough; drawing again mends it."""
    page = project / name
    true = page.read_text("utf-8")
    page.write_text(true.replace("welcome --> main", "welcome --> goodbye"), "utf-8")
    pages = drawings(CALL, project)
    assert stale_pages(pages, project / FOLDER) == rewrite(pages, project / FOLDER) == [page]
    assert page.read_text("utf-8") == true


def test_a_folder_without_a_readme_gets_its_pages_only(tmp_path: Path):
    """As where an installed package is called in an empty folder."""
    written = rewrite(drawings(CALL, tmp_path), tmp_path / FOLDER)
    assert {path.stem for path in written} == set(CALL.flows)
