"""Takes secrets out of mounted files, as Docker and Kubernetes hand them over: `NAME_FILE` names the file."""

from collections.abc import Mapping
from pathlib import Path

SUFFIX = "_FILE"


def secret_of(environ: Mapping[str, str], name: str) -> str:
    """Give what the environment holds under `name`, else what the file that `name` + `_FILE` names holds.

    Blanks and line ends around it do not count; without either it is empty.

    Raises:
        ValueError: both are there, or the file cannot be read; a sentence that follows the file's variable.
    """
    value, file = (environ.get(key, "").strip() for key in (name, name + SUFFIX))
    if not file:
        return value
    if value:
        raise ValueError(f"is set, and {name} as well: take one of them out")
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, ValueError):
        raise ValueError("names no file that can be read: mount it, or correct the path") from None
