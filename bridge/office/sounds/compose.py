"""Composes the line's own sounds: `python -m bridge.office.sounds.compose` writes the two files beside it.

Both are soft bells from nothing but sines. Each fades to nothing at its end, because other sounds follow it.
"""

import math
from array import array
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from wave import open as open_wave

RATE = 8000
_LOUDEST = 32767

Note = tuple[float, float, float]
"""When a bell is struck (seconds), its pitch (Hz), and how loud it is (1 is all that a file can hold)."""
CHIME: Sequence[Note] = ((0.0, 659.26, 0.16), (0.16, 987.77, 0.16))
HOLD: Sequence[Note] = ((0.05, 392.0, 0.06), (0.45, 493.88, 0.06), (0.85, 587.33, 0.06))
CHIME_SECONDS, HOLD_SECONDS = 0.6, 1.5


def compose(notes: Sequence[Note], seconds: float, decay: float) -> bytes:
    """Give the WAV file of these notes: 8 kHz, mono, 16 bits; `decay` is how fast a bell fades (1/s)."""
    size = round(seconds * RATE)
    samples = array(
        "h", (round(_LOUDEST * _at(place / RATE, notes, seconds, decay)) for place in range(size))
    )
    file = BytesIO()
    with open_wave(file, "wb") as sound:
        sound.setparams((1, 2, RATE, size, "NONE", ""))
        sound.writeframes(samples.tobytes())
    return file.getvalue()


def _at(time: float, notes: Sequence[Note], seconds: float, decay: float) -> float:
    wave = 0.0
    for struck, pitch, loudness in notes:
        if (since := time - struck) >= 0:
            angle = math.tau * pitch * since
            bell = math.sin(angle) + 0.3 * math.exp(-decay * since) * math.sin(2 * angle)
            # It swells for a hundredth of a second: a wave that begins at once clicks.
            wave += loudness * bell * math.exp(-decay * since) * min(1.0, since * 100)
    return wave * min(1.0, (seconds - time) * 10)


def files() -> dict[str, bytes]:
    """Give both files by their names."""
    return {
        "chime.wav": compose(CHIME, CHIME_SECONDS, 5.0),
        "hold.wav": compose(HOLD, HOLD_SECONDS, 2.5),
    }


if __name__ == "__main__":
    for name, content in files().items():
        (Path(__file__).parent / name).write_bytes(content)
