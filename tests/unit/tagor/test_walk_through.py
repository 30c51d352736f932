"""The walk-through in CONTRIBUTING leads from Tagor's contract to a service that answers."""

from pathlib import Path
from textwrap import dedent

from shared_walk_through import blocks, copy_after, python, steps

PAGE = "CONTRIBUTING.md", "Adding a question to Tagor"
MAX_FILES = 8
ASK = """
import time
from types import SimpleNamespace

from bridge.clock import SYSTEM_CLOCK
from bridge.conversation.services.file import FileService
from bridge.simulators.tagor import CASES, StandIn
from bridge.tagor import ApiKey, Deadline, Tagor

with StandIn() as standin:
    tagor = Tagor(standin.url, ApiKey(standin.key), allow_http=True)
    scope = SimpleNamespace(tagor=tagor, deadline=Deadline(SYSTEM_CLOCK, 30))
    for case in CASES[:2]:
        print(FileService(scope).opened(SimpleNamespace(id=case.file_id)))
"""


def test_whoever_follows_the_steps_gets_an_answer(tmp_path: Path):
    """The days on which two files were opened; the code keeps to the project's rules."""
    followed = steps(*PAGE)
    assert len(followed) == blocks(*PAGE), "every block of code names its file"
    copy = copy_after(followed, tmp_path)
    assert python(copy, "-c", dedent(ASK)).split("\n") == ["2023-01-18", "2023-02-19", ""]
    written = sorted({step.path for step in followed})
    assert len(written) <= MAX_FILES
    python(copy, "-m", "ruff", "check", "--no-cache", *written)
