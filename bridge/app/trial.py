"""Starts the application and ends at once: `python -m bridge.app.trial` says in sentences why it cannot."""

import sys

from bridge.app.create import CANNOT_START, create_app


def main() -> int:
    """Make the application, as a worker does, without its background; give the exit status."""
    try:
        create_app()
    except CANNOT_START as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
