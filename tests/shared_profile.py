"""Which functions of ours a turn enters: what somebody reads who follows it."""

import gc
import sys
from pathlib import Path
from types import CodeType, FrameType
from typing import Self

ROOT = Path(__file__).parents[1]


class Profile:
    """The functions of the bridge and its flows that were entered.

    No garbage is collected meanwhile: what an earlier test left would be ended in the middle of the turn.
    """

    def __init__(self) -> None:
        self.entered = set[CodeType]()

    def __call__(self, frame: FrameType, event: str, _given: object) -> None:
        if event == "call":
            self.entered.add(frame.f_code)

    def ours(self) -> set[CodeType]:
        """Those of the bridge and its flows, without comprehensions."""
        rooms = str(ROOT / "bridge"), str(ROOT / "voice_flows")
        simulators = str(ROOT / "bridge" / "simulators")
        return {
            code
            for code in self.entered
            if code.co_filename.startswith(rooms)
            and not code.co_filename.startswith(simulators)
            and not code.co_name.startswith("<")
        }

    def __enter__(self) -> Self:
        gc.disable()
        sys.setprofile(self)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        gc.enable()
