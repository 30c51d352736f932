"""Finds the files that belong to the program itself, both in a checkout and in an installed package.

In a checkout `offices/` and `gunicorn.conf.py` stand beside the folder `bridge/`. A built wheel carries them
in `bridge/packaged/`, because only packages are installed (see `force-include` in `pyproject.toml`).
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent
_PACKAGED = _PACKAGE / "packaged"

DEMO_OFFICE = "offices/demo.toml"
GUNICORN_CONFIGURATION = "gunicorn.conf.py"


def package_file(name: str) -> Path:
    """Return where the program's own file or folder `name` is, such as `offices/demo.toml`."""
    return _PACKAGED / name if _PACKAGED.is_dir() else _CHECKOUT / name


def project_folder() -> Path:
    """Return the folder whose `docs/` the commands write: the checkout, else the current one."""
    return Path.cwd() if _PACKAGED.is_dir() else _CHECKOUT


def import_folder() -> Path:
    """Return the folder from which `bridge` is imported, as another process needs it on its PYTHONPATH."""
    return _CHECKOUT
