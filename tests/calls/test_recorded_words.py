"""Recordings in place of a voice: callers hear them, with values spoken between them."""

import shutil
from io import BytesIO
from typing import TYPE_CHECKING
from wave import open as open_wave

import pytest

import voice_flows
from bridge.app.overrides import Speech
from bridge.speech import Catalogue, NoteBook

if TYPE_CHECKING:
    from tests.shared_line import Line

PROMPT = "Balance.tell"
AN, PIN = "+32470000001", "482193"


def _sound() -> bytes:
    file = BytesIO()
    with open_wave(file, "wb") as written:
        written.setparams((1, 2, 8000, 0, "NONE", ""))
        written.writeframes(b"\x01\x02" * 4000)
    return file.getvalue()


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Speech:
    """All words of the line, with recordings of the sentence that tells the balance in Dutch."""
    folder = tmp_path_factory.mktemp("words") / "prompts"
    shutil.copytree(voice_flows.PROMPTS, folder)
    literal = Catalogue.load(folder).prompts("nl")[PROMPT].parts["text"].literal_words
    place = folder / "audio" / "nl"
    place.mkdir(parents=True)
    names = {f"{PROMPT}.text.{number}": words for number, words in enumerate(literal, 1)}
    for name in names:
        (place / f"{name}.wav").write_bytes(_sound())
    said = "".join(f'"{name}" = "{words}"\n' for name, words in names.items())
    (place / "recorded.toml").write_text(said, encoding="utf-8")
    return Speech(Catalogue.load(folder), NoteBook.load(voice_flows.NOTES))


def test_a_caller_hears_the_recording_and_the_amount(line: "Line"):
    """The provider fetches the sound from the line, and a voice says the value beside it."""
    phone = line.phone(AN).ring().press("1").press(PIN)
    heard = [(one.audio, one.text) for one in phone.heard]
    [place] = [place for place, (audio, _) in enumerate(heard) if f"nl-{PROMPT}.text.1-" in audio]
    assert "euro" in heard[place + 1][1]
    assert phone.heard[place].lasting == pytest.approx(0.5)
    assert phone.faults == []


def test_who_wants_it_slower_hears_a_voice(line: "Line"):
    """A recording cannot be slowed down."""
    phone = line.phone(AN).ring().press("1").press(PIN).press("8")
    again = [one for one in phone.last if one.audio or "euro" in one.text]
    assert again
    assert not any(one.audio for one in again)
    assert phone.faults == []
