"""Measures a WAV file, and refuses one that not every provider plays."""

import wave
from io import BytesIO

_RATES = (8000, 16000)


def wav_seconds(content: bytes) -> float:
    """Give how long a sound lasts that every provider plays.

    Raises:
        ValueError: with what is wrong, to follow the file's name.
    """
    try:
        with wave.open(BytesIO(content)) as sound:
            layout = sound.getparams()
    except (wave.Error, EOFError):
        layout = None
    if layout is None or layout[:2] != (1, 2) or layout.framerate not in _RATES:
        raise ValueError("must be a WAV file of 16 bits, mono, 8 or 16 kHz: convert it")
    return float(layout.nframes / layout.framerate)


def is_silent(content: bytes) -> bool:
    """Tell whether nothing at all is heard in such a file."""
    with wave.open(BytesIO(content)) as sound:
        return not any(sound.readframes(sound.getnframes()))
