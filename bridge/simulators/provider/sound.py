"""Makes the sound of a voicemail: a WAV file as a telephone line would carry it."""

import io
import math
import wave
from array import array
from itertools import cycle, islice

RATE = 8000
"""Samples in a second, each of 16 bits."""


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
