"""Recordings in place of words: each is whole, usable and of the words of today, or its mistake is told."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from wave import open as open_wave

import pytest

from bridge.speech import Catalogue, CatalogueError, RecordedWords

OWED = {"owed": ("money", "1234.56")}
BEFORE, AFTER = "Balance.tell.text.1", "Balance.tell.text.2"
WORDS = {BEFORE: "Op dit dossier staat nog", AFTER: "open."}
COUNTED = """
[Files.tell]
count = "files"
text = {one = "One file.", other = "{files} files, press star."}
"*" = "For another: sterretje, étoile, Stern, star."
"""


def sound(seconds: float = 0.5, *, rate: int = 8000, sample: bytes = b"\x01\x02") -> bytes:
    """A WAV file of 16 bits, mono."""
    file = BytesIO()
    with open_wave(file, "wb") as written:
        written.setparams((1, 2, rate, 0, "NONE", ""))
        written.writeframes(sample * round(seconds * rate))
    return file.getvalue()


@pytest.fixture
def recorded(write_files: Callable[..., Path]) -> Callable[..., Path]:
    """Write prompt files with Dutch recordings: their sounds by name, and the words they say."""

    def write(
        sounds: dict[str, bytes], words: dict[str, str] | str = WORDS, **files: str | bytes | None
    ) -> Path:
        folder = write_files(**files)
        place = folder / "audio" / "nl"
        place.mkdir(parents=True)
        for name, content in sounds.items():
            (place / f"{name}.wav").write_bytes(content)
        if not isinstance(words, str):
            words = "".join(f'"{name}" = "{said}"\n' for name, said in words.items())
        (place / "recorded.toml").write_text(words, encoding="utf-8")
        return folder

    return write


def test_recordings_and_spoken_values_take_turns(recorded: Callable[..., Path], today: date):
    """The value is spoken between them; in a language without recordings everything is."""
    catalogue = Catalogue.load(recorded({BEFORE: sound(), AFTER: sound(rate=16000)}))
    said = catalogue.say("Balance.tell", "text", OWED, "nl", today)
    first, last = RecordedWords(f"nl-{BEFORE}", b""), RecordedWords(f"nl-{AFTER}", b"")
    assert said.pieces == (first, "1234 euro en 56 cent", last)
    assert said.text == "Op dit dossier staat nog 1234 euro en 56 cent open."
    assert catalogue.say("Balance.tell", "text", OWED, "fr", today).pieces == ()
    assert catalogue.say("Balance.choose", "1", {}, "nl", today).pieces == ()
    assert [one.wav for one in catalogue.recorded_words()] == [sound(), sound(rate=16000)]


def test_plural_forms_and_keys_have_recordings_of_their_own(recorded: Callable[..., Path], today: date):
    """A key that is no letter or digit has a name; signs alone need no recording."""
    names = ("Files.tell.text.one.1", "Files.tell.text.other.1", "Files.tell.star.1")
    said = ("One file.", "files, press star.", "For another: sterretje, étoile, Stern, star.")
    files = dict.fromkeys(("nl", "de", "en"), COUNTED)
    files["fr"] = COUNTED.replace("other =", 'many = "{files}.", other =')
    catalogue = Catalogue.load(
        recorded(dict.fromkeys(names, sound()), dict(zip(names, said, strict=True)), **files)
    )
    one, other, star = (RecordedWords(f"nl-{name}", b"") for name in names)
    count = {"files": ("count", "1")}
    assert catalogue.say("Files.tell", "text", count, "nl", today).pieces == (one,)
    assert catalogue.say("Files.tell", "text", {"files": ("count", "3")}, "nl", today).pieces == ("3", other)
    assert catalogue.say("Files.tell", "*", count, "nl", today).pieces == (star,)


@pytest.mark.parametrize(
    ("sounds", "words", "file", "sentence"),
    [
        ({BEFORE: sound()}, WORDS, AFTER, 'is missing: record "open.", or take the other'),
        ({}, WORDS, BEFORE, 'is missing: record "Op dit dossier staat nog"'),
        ({BEFORE: sound(), AFTER: sound()}, {BEFORE: WORDS[BEFORE]}, AFTER, "is not in recorded.toml"),
        (
            {BEFORE: sound(), AFTER: sound()},
            {**WORDS, AFTER: "te betalen."},
            AFTER,
            'says "te betalen.", and the',
        ),
        ({BEFORE: sound(), AFTER: b"no sound"}, WORDS, AFTER, "must be a WAV file of 16 bits"),
        ({BEFORE: sound(), AFTER: sound(0)}, WORDS, AFTER, "is silent or longer than 60 seconds"),
        ({BEFORE: sound(), AFTER: sound(61)}, WORDS, AFTER, "is silent or longer than 60 seconds"),
        ({BEFORE: sound(), AFTER: sound(sample=b"\0\0")}, WORDS, AFTER, "is silent or longer than"),
        ({BEFORE: sound(), AFTER: bytes(2_000_001)}, WORDS, AFTER, "has more than 2000000 bytes"),
        (
            {BEFORE: sound(), AFTER: sound(), "Gone.step.text.1": sound()},
            WORDS,
            "Gone.step.text.1",
            "belongs to no words",
        ),
        (
            {BEFORE: sound(), AFTER: sound()},
            {**WORDS, "Gone.step.text.1": "Weg"},
            "Gone.step.text.1",
            "belongs to no words",
        ),
    ],
)
def test_a_recording_that_callers_must_not_hear_is_told(
    recorded: Callable[..., Path],
    *,
    sounds: dict[str, bytes],
    words: dict[str, str],
    file: str,
    sentence: str,
):
    """Half a sentence, other words than the prompt's, nothing at all: the line does not start so."""
    folder = recorded(sounds, words)
    with pytest.raises(CatalogueError) as refused:
        Catalogue.load(folder)
    place = folder / "audio" / "nl" / f"{file}.wav"
    assert [told for told in refused.value.problems if told.file == str(place) and sentence in told.sentence]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("no toml", "cannot be read as TOML"), ('"A.b.text.1" = 3', "must be written as in")],
)
def test_a_list_of_words_that_cannot_be_read_is_told(
    recorded: Callable[..., Path], words: str, sentence: str
):
    """With its name and what it should look like."""
    with pytest.raises(CatalogueError, match=sentence):
        Catalogue.load(recorded({}, words))


def test_a_folder_without_anything_records_nothing(write_files: Callable[..., Path], today: date):
    """Not even the list is needed."""
    folder = write_files()
    (folder / "audio" / "nl").mkdir(parents=True)
    assert Catalogue.load(folder).say("Balance.tell", "text", OWED, "nl", today).pieces == ()
