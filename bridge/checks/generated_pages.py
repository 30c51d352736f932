"""Compares and writes the pages that the program generates, so that none of them can go stale unnoticed."""

from collections.abc import Mapping
from pathlib import Path


def stale_pages(wanted: Mapping[Path, str], folder: Path) -> list[Path]:
    """Return the pages whose text differs from `wanted`, and the pages of `folder` that it does not name."""
    superfluous = sorted(set(folder.glob("*.md")) - set(wanted))
    different = [
        path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text
    ]
    return different + superfluous


def rewrite(wanted: Mapping[Path, str], folder: Path) -> list[Path]:
    """Write the pages that differ, remove the superfluous ones, and return both; others stay untouched."""
    changed = stale_pages(wanted, folder)
    for path in changed:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return changed
