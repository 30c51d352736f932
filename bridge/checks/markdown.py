"""Writes the Markdown of generated pages: titles and tables."""

from collections.abc import Iterable, Sequence

_MADE = "<!-- `bridge draw` writes this page; edit what it is made of. -->"


def page(title: str, parts: Iterable[str]) -> str:
    """Return a page of parts under a title, which says that nobody edits it."""
    return "\n\n".join((f"# {title}", _MADE, *parts)) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a cell's line breaks and bars are made harmless."""
    lines = [heads, ["---"] * len(heads), *rows]
    cells = ([cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
