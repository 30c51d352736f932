"""Makes and measures sounds: WAV files as a telephone line carries them."""

import io
import math
import wave
from array import array
from collections.abc import Iterator
from functools import lru_cache
from itertools import cycle, islice
from struct import Struct

RATE = 8000
"""Samples in a second, each of 16 bits."""
_CHUNK = Struct("<4sI")
_LAYOUT = Struct("<HHII")
_PLAYED = frozenset({1, 7})  # PCM, and mu-law as in G.711


@lru_cache(maxsize=64)  # a long message is a megabyte
def wav_tone(seconds: float, pitch: int) -> bytes:
    """Return a soft tone of `seconds`; its `pitch`, any whole number, tells recordings apart."""
    length = 20 + pitch % 40
    period = array("h", (round(4000 * math.sin(math.tau * at / length)) for at in range(length)))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(array("h", islice(cycle(period), round(seconds * RATE))).tobytes())
    return file.getvalue()


def wav_seconds(file: bytes) -> float:
    """Return how many seconds a WAV file lasts: PCM, or the mu-law of telephone lines.

    Raises:
        ValueError: it is no such file.
    """
    chunks = dict(_chunks(file))
    layout, samples = chunks.get(b"fmt ", b""), chunks.get(b"data")
    if len(layout) < _LAYOUT.size or samples is None:
        raise ValueError("the file is no WAV file with samples")
    kind, _channels, _rate, bytes_per_second = _LAYOUT.unpack_from(layout)
    if kind not in _PLAYED or not bytes_per_second:
        raise ValueError("the WAV file holds neither PCM nor mu-law")
    return len(samples) / float(bytes_per_second)


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of a RIFF file: name and content; of a file that was cut off, what there is."""
    place = len(b"RIFF....WAVE") if file[:4] == b"RIFF" and file[8:12] == b"WAVE" else len(file)
    while place + _CHUNK.size <= len(file):
        name, size = _CHUNK.unpack_from(file, place)
        place += _CHUNK.size
        yield name, file[place : place + size]
        place += size + size % 2
