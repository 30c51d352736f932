"""Pages that the program writes itself: which are stale, and all of them anew."""

from collections.abc import Mapping
from pathlib import Path


def stale_pages(wanted: Mapping[Path, str], folder: Path) -> list[Path]:
    """The pages whose text is not the wanted one, and those in `folder` that are not wanted any more."""
    gone = sorted(set(folder.glob("*.md")) - set(wanted))
    old = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    return old + gone


def rewrite(wanted: Mapping[Path, str], folder: Path) -> list[Path]:
    """Write or remove whatever is stale; gives the pages that changed."""
    changed = stale_pages(wanted, folder)
    for path in changed:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return changed
