"""Draws the flows: one page for each flow, and the main flow in the README."""

import re
from pathlib import Path

from bridge.flow.drawing import draw
from bridge.flow.graph import FlowGraph

FOLDER = Path("docs") / "flows"
"""Where the pages are, below the project's folder."""

_BEGIN = "<!-- drawing: {} -->\n"
_END = "<!-- end of drawing -->"
_DRAWING = re.compile(_BEGIN.format(r"(\w+)") + ".*?" + _END, re.DOTALL)


def drawings(flows: FlowGraph, root: Path) -> dict[Path, str]:
    """Return every file below `root` that holds drawings, with the text it should have.

    A README is redrawn where there is one: an installed package draws into a folder without it.
    """
    pages = {
        root / FOLDER / f"{name}.md": f"# {name}\n\n{(flow.__doc__ or '').strip()}\n\n{_mermaid(name, flows)}"
        for name, flow in flows.flows.items()
    }
    # A part of a page that people write: only what stands between the two marks is ours.
    readme = root / "README.md"
    if readme.is_file():
        pages[readme] = _DRAWING.sub(
            lambda found: _BEGIN.format(found[1]) + _mermaid(found[1], flows) + _END,
            readme.read_text(encoding="utf-8"),
        )
    return pages


def _mermaid(name: str, flows: FlowGraph) -> str:
    return f"```mermaid\n{draw(flows.flows[name])}```\n"
