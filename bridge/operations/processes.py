"""Looks at processes of this machine and ends them; which are a server's workers, only Linux tells."""

import os
from contextlib import suppress
from pathlib import Path


def pid_in(file: Path) -> int | None:
    """Read the id that a process wrote down; None where there is none."""
    with suppress(OSError, ValueError):
        return int(file.read_text(encoding="ascii"))
    return None


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and was not collected yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        pass
    else:
        return state != "Z"
    if Path("/proc/self/stat").exists():
        return False
    try:  # a system without /proc
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def children_of(pid: int) -> list[int]:
    """Return the ids of the processes that a process has started, oldest first; none where nobody tells."""
    with suppress(OSError):
        return sorted(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    return []


def send_signal(pid: int, number: int) -> None:
    """Send a signal to a process that may have ended meanwhile."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
