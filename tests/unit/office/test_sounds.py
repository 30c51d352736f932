"""The sounds of a line: its own, and what an office may bring in their place."""

from io import BytesIO
from pathlib import Path
from wave import open as open_wave

import pytest

from bridge.office import sounds
from bridge.office.sounds import Sound, SoundName, compose, read_sound


def wav(seconds: float, *, channels: int = 1, width: int = 2, rate: int = 8000) -> bytes:
    file = BytesIO()
    with open_wave(file, "wb") as sound:
        sound.setparams((channels, width, rate, 0, "NONE", ""))
        sound.writeframes(bytes(round(seconds * rate) * channels * width))
    return file.getvalue()


def test_the_own_sounds_are_composed_by_the_project():
    """Nobody else has a right to them: this is all that they are made of."""
    own = Path(sounds.__file__).parent
    assert {file.name: file.read_bytes() for file in own.glob("*.wav")} == compose.files()


@pytest.mark.parametrize(
    ("name", "file", "sentence"),
    [
        ("hold", wav(0.9), "lasts 0.9 seconds: it must last 1.0 to 1.5"),
        ("hold", wav(1.6), "lasts 1.6 seconds: it must last 1.0 to 1.5"),
        ("chime", wav(0.1), "lasts 0.1 seconds: it must last 0.2 to 1.5"),
        *(
            ("chime", file, "must be a WAV file of 16 bits, mono, 8 or 16 kHz: convert it")
            for file in (b"", b"no sound", wav(0.5, channels=2), wav(1, width=1), wav(0.5, rate=44100))
        ),
        ("chime", bytes(65_537), "is no file of at most 64 kB"),
    ],
)
def test_a_sound_that_does_not_fit_is_refused(tmp_path: Path, name: SoundName, file: bytes, sentence: str):
    """Some provider would not play it, or callers would wait longer for each answer."""
    (tmp_path / "own.wav").write_bytes(file)
    with pytest.raises(ValueError, match=sentence):
        read_sound(name, "own.wav", tmp_path)


def test_a_sound_of_the_office_itself_is_read(tmp_path: Path):
    """In either rate that telephone lines carry."""
    (tmp_path / "bell.wav").write_bytes(bell := wav(0.8, rate=16000))
    assert read_sound("chime", "bell.wav", tmp_path) == Sound(bell)
