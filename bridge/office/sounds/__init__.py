"""The sounds of a line: a chime when it answers, and a soft sound while a caller waits."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from bridge.wav_file import wav_seconds

SoundName = Literal["chime", "hold"]
LENGTHS: dict[SoundName, tuple[float, float]] = {"chime": (0.2, 1.5), "hold": (1.0, 1.5)}
"""The fewest and the most seconds of each. A wait is counted in hold sounds, and its end waits for one."""
MAX_BYTES = 64 * 1024

_ELSEWHERE = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._-]+)+\.wav")


@dataclass(frozen=True, slots=True)
class Sound:
    """What callers hear: a WAV file that the bridge serves, or the address of one that somebody else does."""

    wav: bytes = field(default=b"", repr=False)
    url: str = ""


@cache
def own_sound(name: SoundName) -> Sound:
    """Give the line's own sound, for offices that bring none."""
    return Sound((Path(__file__).parent / f"{name}.wav").read_bytes())


def read_sound(name: SoundName, entry: str, folder: Path) -> Sound:
    """Read what an office file names: an address, or a WAV file whose path counts from `folder`.

    Raises:
        ValueError: with what is wrong, to follow the name of the entry.
    """
    if "://" in entry:
        if not _ELSEWHERE.fullmatch(entry):
            raise ValueError("must be a plain address like https://sounds.example.be/chime.wav")
        return Sound(url=entry)
    path = folder / entry
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        raise ValueError("is no file of at most 64 kB: its path counts from the folder of the office files")
    content = path.read_bytes()
    seconds = wav_seconds(content)
    fewest, most = LENGTHS[name]
    if not fewest <= seconds <= most:
        raise ValueError(f"lasts {seconds:.1f} seconds: it must last {fewest} to {most}")
    return Sound(content)
