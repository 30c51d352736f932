"""The site of docs/ can be built, and every link in it and in the pages of the root leads somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.timeout(600)  # 120 pages, on a machine that may be busy with other work
def test_the_site_can_be_built_and_its_links_lead_somewhere(tmp_path: Path):
    """A page without a place in the site, and a link to no page or heading, are mistakes."""
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "dummy",
        "docs",
        str(tmp_path),
    ]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own pages
    assert (built.returncode, built.stderr) == (0, "")
    assert (tmp_path / ".doctrees" / "flows" / "Defendant.doctree").is_file()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "benchmarks/README.md"])
def test_links_beside_the_site_lead_somewhere(page: str):
    """To a file or folder of the project."""
    place = ROOT / page
    targets = [target for target in LINK.findall(place.read_text("utf-8")) if "://" not in target]
    assert [target for target in targets if not (place.parent / target).exists()] == []
