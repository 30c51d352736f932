"""The catalogue: what an office wrote is what the caller hears, in the language it was written for."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from bridge.speech import LANGUAGES, Catalogue, Sentence, SpokenText, Unspeakable

OWED = {"owed": ("money", "1234.56")}

RICH = """
[Plan.offer]
text = "{months} x {part}."
silent = "Nothing heard, {months}."
wrong = "Not that key."
private = true
1 = "Press 1 for {months}."
"*" = "Again: sterretje, étoile, Stern, star."
"""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Op dit dossier staat nog 1234 euro en 56 cent open."),
        ("fr", "Il reste 1234 euros et 56 centimes à payer dans ce dossier."),
        ("de", "In dieser Akte sind noch 1234 Euro und 56 Cent offen."),
        ("en", "On this file 1234 euros and 56 cents is still open."),
    ],
)
def test_a_prompt_is_spoken_with_its_values(
    language: str, text: str, write_files: Callable[..., Path], today: date
):
    """The office's words, the value said right, the voice of the language."""
    catalogue = Catalogue.load(write_files())
    assert catalogue.say("Balance.tell", "text", OWED, language, today) == SpokenText(text, language)


def test_a_key_may_be_spoken_in_another_language(write_files: Callable[..., Path], today: date):
    """Who does not understand the menu hears in their own language how to leave it."""
    catalogue = Catalogue.load(write_files())
    said = catalogue.say("Balance.choose", "4", {}, "fr", today)
    assert said == SpokenText("For another language, press 4.", "en")
    assert catalogue.say("Balance.choose", "1", {}, "fr", today).language == "fr"


def test_every_field_of_a_prompt_is_kept(write_alike: Callable[..., Path], today: date):
    """What the flow checks and the renderer need is there, with the file and line it came from."""
    folder = write_alike(RICH)
    catalogue = Catalogue.load(folder)
    prompt = catalogue.prompts("nl")["Plan.offer"]
    assert (prompt.key, prompt.text, prompt.silent, prompt.wrong) == (
        "Plan.offer",
        "{months} x {part}.",
        "Nothing heard, {months}.",
        "Not that key.",
    )
    assert prompt.keys == {
        "1": Sentence("Press 1 for {months}.", "nl"),
        "*": Sentence("Again: sterretje, étoile, Stern, star.", "nl"),
    }
    assert prompt.placeholders == {"months", "part"}
    assert (prompt.private, prompt.words) == (True, {})
    assert (prompt.file, prompt.line) == (str(folder / "nl.toml"), 2)
    values = {"months": ("months", "3"), "part": ("money", "10")}
    assert catalogue.say("Plan.offer", "silent", values, "nl", today).text == "Nothing heard, 3 maanden."
    assert catalogue.say("Plan.offer", "wrong", values, "nl", today).text == "Not that key."


def test_what_an_office_left_out_is_empty(write_files: Callable[..., Path]):
    """A menu needs no words before its keys, a statement no keys; nothing is private unless it says so."""
    prompts = Catalogue.load(write_files()).prompts("nl")
    assert list(prompts) == ["Balance.tell", "Balance.choose"]
    assert (
        prompts["Balance.choose"].text
        == prompts["Balance.tell"].silent
        == prompts["Balance.tell"].wrong
        == ""
    )
    assert not prompts["Balance.tell"].keys
    assert not prompts["Balance.tell"].private
    assert prompts["Balance.choose"].placeholders == frozenset()


def test_a_bad_value_stops_the_sentence_without_being_named(write_files: Callable[..., Path], today: date):
    """A caller never hears half a sentence, or an amount that is none."""
    catalogue = Catalogue.load(write_files())
    with pytest.raises(Unspeakable, match="'money'") as refused:
        catalogue.say("Balance.tell", "text", {"owed": ("money", "-7391")}, "nl", today)
    assert "7391" not in str(refused.value)


def test_a_text_may_be_as_long_as_a_voice_allows(write_alike: Callable[..., Path], today: date):
    """Three thousand characters are spoken; one more is a mistake."""
    catalogue = Catalogue.load(write_alike(f'[A.b]\ntext = "{"x" * 3000}"\n'))
    assert len(catalogue.say("A.b", "text", {}, "de", today).text) == 3000


def test_a_value_with_braces_is_spoken_as_it_is(write_alike: Callable[..., Path], today: date):
    """A name from Tagor is never taken for a placeholder."""
    catalogue = Catalogue.load(write_alike('[A.b]\ntext = "{name}, {owed}"\n'))
    values = {"name": ("text", "Jan {owed} 100 %s"), "owed": ("money", "5")}
    assert catalogue.say("A.b", "text", values, "en", today).text == "Jan {owed} 100 %s, 5 euros"


PLURAL = """
[Files.how_many]
count = "files"
text.one = "Er is één dossier van {name}."
text.other = "Er zijn {files} dossiers van {name}."
"""
PLURAL_FR = """
[Files.how_many]
count = "files"
[Files.how_many.text]
one = "Il y a {files} dossier au nom de {name}."
many = "Il y a {files} de dossiers au nom de {name}."
other = "Il y a {files} dossiers au nom de {name}."
"""


@pytest.mark.parametrize(
    ("files", "nl", "fr"),
    [
        ("0", "Er zijn 0 dossiers van Jan.", "Il y a 0 dossier au nom de Jan."),
        ("1", "Er is één dossier van Jan.", "Il y a 1 dossier au nom de Jan."),
        ("4", "Er zijn 4 dossiers van Jan.", "Il y a 4 dossiers au nom de Jan."),
    ],
)
def test_a_number_picks_its_plural_form(
    files: str, nl: str, fr: str, write_alike: Callable[..., Path], today: date
):
    """One file is not `1 files`, and none is singular in French."""
    catalogue = Catalogue.load(write_alike(PLURAL, fr=PLURAL_FR))
    values = {"files": ("count", files), "name": ("text", "Jan")}
    assert catalogue.say("Files.how_many", "text", values, "nl", today).text == nl
    assert catalogue.say("Files.how_many", "text", values, "fr", today).text == fr


def test_the_deciding_number_is_needed_even_where_no_form_says_it(write_alike: Callable[..., Path]):
    """The flow must supply what picks the form, so it is listed with the placeholders."""
    text = '[A.b]\ncount = "files"\ntext = {one = "Eén.", other = "Meer."}\n'
    french = '[A.b]\ncount = "files"\ntext = {one = "Un.", many = "Plus.", other = "Plus."}\n'
    catalogue = Catalogue.load(write_alike(text, fr=french))
    assert catalogue.prompts("nl")["A.b"].placeholders == {"files"}
    assert catalogue.prompts("nl")["A.b"].text == "Meer."


def test_a_plural_is_never_decided_by_what_is_no_number(write_alike: Callable[..., Path], today: date):
    """A bad count stops the sentence; no form is guessed."""
    catalogue = Catalogue.load(write_alike(PLURAL, fr=PLURAL_FR))
    values = {"files": ("count", "many"), "name": ("text", "Jan")}
    with pytest.raises(Unspeakable) as refused:
        catalogue.say("Files.how_many", "text", values, "nl", today)
    assert refused.value.kind == "count"


def test_files_typed_on_windows_are_read_alike(write_files: Callable[..., Path], tmp_path: Path):
    """Line ends of another system change neither words nor line numbers."""
    plain = {language: Catalogue.load(write_files()).prompts(language) for language in LANGUAGES}
    for path in tmp_path.glob("*.toml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    windows = Catalogue.load(tmp_path)
    assert plain == {language: windows.prompts(language) for language in LANGUAGES}


def test_many_calls_may_speak_at_once(write_files: Callable[..., Path], today: date):
    """One catalogue serves all threads of a worker, each with its own values."""
    catalogue = Catalogue.load(write_files())
    wrong: list[str] = []

    def call(euros: int) -> None:
        for _ in range(200):
            text = catalogue.say("Balance.tell", "text", {"owed": ("money", str(euros))}, "nl", today).text
            if text != f"Op dit dossier staat nog {euros} euro open.":
                wrong.append(text)

    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [Thread(target=call, args=(euros,)) for euros in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(switching)
    assert wrong == []
