"""Keeps the drawings of the flows true: one page per flow, and the main flow in the README."""

import re
from pathlib import Path

from bridge.checks.generated_pages import rewrite, stale_pages
from bridge.flow.drawing import draw
from bridge.flow.graph import FlowGraph

_MARKED = "<!-- drawing: {} -->\n"
_END = "<!-- end of drawing -->"
_DRAWING = re.compile(_MARKED.format(r"(\w+)") + ".*?" + _END, re.DOTALL)


def pages(flows: FlowGraph, root: Path) -> dict[Path, str]:
    """Every file that holds drawings and the text it should have, below the project's folder."""
    folder = root / "docs" / "flows"
    drawn = {folder / f"{name}.md": _page(name, flows) for name in flows.flows}
    readme = root / "README.md"
    return drawn | {readme: _redrawn(readme.read_text(encoding="utf-8"), flows)}


def stale(flows: FlowGraph, root: Path) -> list[Path]:
    """The files whose drawings tell something else than the tables, and pages of flows that are gone."""
    return stale_pages(pages(flows, root), root / "docs" / "flows")


def redraw(flows: FlowGraph, root: Path) -> list[Path]:
    """Write whatever is stale; gives the files that changed."""
    return rewrite(pages(flows, root), root / "docs" / "flows")


def _page(name: str, flows: FlowGraph) -> str:
    flow = flows.flows[name]
    return f"# {name}\n\n{(flow.__doc__ or '').strip()}\n\n{_fenced(name, flows)}"


def _fenced(name: str, flows: FlowGraph) -> str:
    return f"```mermaid\n{draw(flows.flows[name])}```\n"


def _redrawn(text: str, flows: FlowGraph) -> str:
    def redrawn(found: re.Match[str]) -> str:
        return _MARKED.format(found[1]) + _fenced(found[1], flows) + _END

    return _DRAWING.sub(redrawn, text)
