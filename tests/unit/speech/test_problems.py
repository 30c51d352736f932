"""Mistakes in prompt files: each is told in a sentence, with its file and line, all at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.speech import Catalogue, CatalogueError

TELL = '[Balance.tell]\ntext = "Nog {owed}."\n'
OFFER = '[Plan.offer]\ntext = "Plan?"\n'
BRACE = "text has a brace that holds no placeholder: write a name of letters, digits and _, as in {owed}"
NO_TOML = 'this is no TOML: check the quotes, the "=" and the brackets'
MENU = '[A.menu]\n1 = "Druk 1."\n2 = "Druk 2."\n'


def problems_of(folder: Path) -> list[str]:
    """Load, and list the problems as `nl.toml 2 sentence`."""
    with pytest.raises(CatalogueError) as refused:
        Catalogue.load(folder)
    assert str(refused.value) == "\n".join(map(str, refused.value.problems))
    return [
        f"{Path(problem.file).name} {problem.line} {problem.sentence}" for problem in refused.value.problems
    ]


@pytest.mark.parametrize(
    ("table", "line", "sentence"),
    [
        ('text = ""', 2, "text is empty: write what the caller hears"),
        ('text = "   "', 2, "text is empty: write what the caller hears"),
        ("text = 3", 2, "text must be text between quotes"),
        (f'text = "{"x" * 3001}"', 2, "text has 3001 characters: a voice takes at most 3000"),
        (
            r'text = "a\u0007b"',
            2,
            "text holds an invisible control character (U+0007): remove it, keep all on one line",
        ),
        (
            'text = """a\nb"""',
            2,
            "text holds an invisible control character (U+000A): remove it, keep all on one line",
        ),
        (
            'text = "a\N{ZERO WIDTH SPACE}b"',
            2,
            "text holds an invisible control character (U+200B): remove it, keep all on one line",
        ),
        ('text = "a < b"', 2, "text holds the sign <, which no voice says: write a word instead"),
        ('text = "a > b"', 2, "text holds the sign >, which no voice says: write a word instead"),
        ('text = "Jan & Zoon"', 2, "text holds the sign &, which no voice says: write a word instead"),
        *(
            (f'text = "Nog {wrong} open."', 2, BRACE)
            for wrong in (
                *("{owed", "owed}", "{}", "{owed:.2f}", "{owed!r}", "{a.b}", "{0}", "{{owed}}", "{my owed}"),
            )
        ),
        ('txt = "a"\ntext = "b"', 2, "txt is no field of a prompt; did you mean text?"),
        ('text = "b"\n11 = "press 1"', 3, "11 is no field of a prompt"),
        ('silent = "a"', 1, "says nothing: give it a text, or a sentence for each key of a menu"),
        ('text = "a"\nsilent = ""', 3, "silent is empty: write what the caller hears"),
        ('text = "a"\nwrong = 3', 3, "wrong must be text between quotes"),
        ('text = "a"\ncount = 3', 3, "count must be text between quotes"),
        ('text = "a"\nprivate = "true"', 3, "private must be true or false, without quotes"),
        (
            'text = "a"\nprivate = false',
            1,
            "because and private = false belong together: say why everybody may hear this",
        ),
        (
            'text = "a"\nbecause = "no file"',
            3,
            "because and private = false belong together: say why everybody may hear this",
        ),
        ('text = "a"\n"#" = ""', 3, "# is empty: write what the caller hears"),
        ('1 = {text = "a", language = "es"}', 2, "1 speaks 'es': the languages are de, en, fr, nl"),
        ('1 = {text = "a", language = ["en"]}', 2, "1 speaks ['en']: the languages are de, en, fr, nl"),
        ('1 = {text = "press 1", voice = "Lisa"}', 2, "1 has voice: only text and language belong there"),
        ('1 = {language = "en"}', 2, "1 must be text between quotes"),
        ('1 = "The balance, press 2."', 2, '1 names key 2: end it with its own key, as in "press 1"'),
        ('2 = "In 2 parts, press 1."', 2, '2 names key 1: end it with its own key, as in "press 2"'),
        ('0 = "A person in 12 minutes."', 2, '0 names no key: end it with its own key, as in "press 0"'),
        ('3 = "For {key_3}."', 2, '3 names no key: end it with its own key, as in "press 3"'),
        (
            '1 = "Our hours, press 1."\n2 = "The balance, press 2."\nwords = {1 = ["Balance"]}',
            4,
            "words for key 1 has 'Balance', which key 2 says: move it there",
        ),
        ('text = "a"\ncount = "files"', 3, "count decides nothing: text has no plural forms"),
        ('1 = "press 1"\nwords = ["again"]', 3, 'words must be written as in {1 = ["again", "repeat"]}'),
        (
            '1 = "press 1"\nwords = {2 = ["again"]}',
            3,
            "words are given for key 2, which has no sentence here",
        ),
        (
            'text = "a"\nwords = {text = ["again"]}',
            3,
            "words are given for key text, which has no sentence here",
        ),
        (
            '1 = "press 1"\nwords = {1 = "again"}',
            3,
            'words for key 1 must be a list, as in ["again", "repeat"]',
        ),
        ('1 = "press 1"\nwords = {1 = [1]}', 3, 'words for key 1 must be a list, as in ["again", "repeat"]'),
        *(
            (
                f'1 = "press 1"\nwords = {{1 = ["{word}"]}}',
                3,
                f"words for key 1 has '{word}': use letters, no comma, at most 100 signs",
            )
            for word in ("", " - ", "yes, again", "x" * 101)
        ),
        (
            '1 = "press 1"\n2 = "press 2"\nwords = {1 = ["plan"], 2 = ["mijn Plan"]}',
            4,
            "words for keys 1 and 2, 'plan' and 'mijn Plan', cannot be told apart",
        ),
        (
            '1 = "press 1"\n2 = "press 2"\nwords = {1 = ["zoë"], 2 = ["Zoe"]}',
            4,
            "words for keys 1 and 2, 'zoë' and 'Zoe', cannot be told apart",
        ),
    ],
)
def test_a_mistake_in_a_prompt_is_told_with_its_line(
    table: str, line: int, sentence: str, write_alike: Callable[..., Path]
):
    """One sentence in each file, on the line where the office must look."""
    expected = [f"{language}.toml {line} [A.b] {sentence}" for language in ("de", "en", "fr", "nl")]
    assert problems_of(write_alike(f"[A.b]\n{table}\n")) == expected


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ('count = "n"\ntext = {other = "a"}', "needs the plural forms one, other: it has other"),
        ('count = "n"\ntext = {one = "a"}', "needs the plural forms one, other: it has one"),
        (
            'count = "n"\ntext = {one = "a", many = "b", other = "c"}',
            "needs the plural forms one, other: it has many, one, other",
        ),
        ('count = "n"\ntext = {}', "needs the plural forms one, other: it has nothing"),
        ('count = "n"\ntext = {one = "", other = "b"}', "is empty: write what the caller hears"),
        (
            'text = {one = "a", other = "b"}',
            'has plural forms: add count = "files", the placeholder that decides',
        ),
        (
            'count = "n"\ntext = {one = "{n} a", other = "{n} a {b}"}',
            "has other placeholders in one plural form than in another",
        ),
    ],
)
def test_a_mistake_in_plural_forms_is_told(table: str, sentence: str, write_alike: Callable[..., Path]):
    """Every form the language has, the number that decides, and the same values in each form."""
    french = '[A.b]\ncount = "n"\ntext = {one = "a {n}", many = "a {n}", other = "a {n}"}\n'
    told = problems_of(write_alike(f"[A.b]\n{table}\n", fr=french))
    line = 1 + table.split("\n").index(next(row for row in table.split("\n") if row.startswith("text"))) + 1
    assert f"nl.toml {line} [A.b] text {sentence}" in told


def test_french_wants_its_third_plural_form(write_alike: Callable[..., Path]):
    """French has a form of its own for whole millions; leaving it out is no option anybody would notice."""
    two_forms = '[A.b]\ncount = "n"\ntext = {one = "a", other = "b"}\n'
    assert problems_of(write_alike(two_forms)) == [
        "fr.toml 3 [A.b] text needs the plural forms many, one, other: it has one, other"
    ]


def test_an_empty_table_of_forms_says_nothing(write_alike: Callable[..., Path]):
    """A prompt whose text holds no form at all is told once, and not compared."""
    french = '[A.b]\ncount = "n"\ntext = {one = "a", many = "b", other = "c"}\n'
    good = '[A.b]\ncount = "n"\ntext = {one = "a", other = "b"}\n'
    assert problems_of(write_alike(good, fr=french, de='[A.b]\ncount = "n"\ntext = {}\n')) == [
        "de.toml 3 [A.b] text needs the plural forms one, other: it has nothing"
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b"\xef\xbb\xbf" + TELL.encode(),
            "1 the file begins with an invisible mark (BOM): save it as UTF-8 without BOM",
        ),
        (
            '[Balance.tell]\n\ntext = "één {owed}"\n'.encode("cp1252"),
            "3 a letter is not written in UTF-8 (Windows-1252, perhaps): save the file as UTF-8",
        ),
        (
            TELL.encode("utf-16"),
            "1 a letter is not written in UTF-8 (Windows-1252, perhaps): save the file as UTF-8",
        ),
        (
            TELL.encode() + b'[Balance.choose\n1 = "press 1"\n',
            f"3 {NO_TOML} (Expected ']' at the end of a table declaration)",
        ),
        (b"[Balance.tell]\ntext = \xe2\x80\x9cNog {owed}.\xe2\x80\x9d\n", f"2 {NO_TOML} (Invalid value)"),
        (TELL.encode() * 2, f"3 {NO_TOML} (Cannot declare ('Balance', 'tell') twice)"),
        (b'[Balance.tell]\ntext = """Nog {owed}.\n\n', f"2 {NO_TOML} (Unterminated string)"),
        (None, "1 the file is missing: every language of the line needs its own"),
        (
            b'title = "x"\n' + TELL.encode(),
            "1 title stands outside a prompt: begin with a line like [Balance.tell]",
        ),
        (
            b'[Other]\ntext = "x"\n' + TELL.encode(),
            "2 [Other] text: a prompt is named by flow and step, as in [Other.tell]",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_office_words(
    content: bytes | None, told: str, write_files: Callable[..., Path]
):
    """An editor's mark, a wrong encoding, broken TOML or no file: one sentence, no false alarm elsewhere."""
    folder = write_files(nl=TELL, de=TELL, en=TELL, fr=content)
    assert problems_of(folder) == [f"fr.toml {told}"]


def test_a_folder_in_place_of_a_file_is_told(write_files: Callable[..., Path], tmp_path: Path):
    """What cannot be read at all says so, in the system's own words."""
    (tmp_path / "fr.toml").mkdir()
    assert problems_of(write_files(nl=TELL, de=TELL, en=TELL, fr=None)) == [
        "fr.toml 1 the file cannot be read: Is a directory"
    ]


def test_a_missing_folder_is_four_missing_files(tmp_path: Path):
    """A wrong path in the settings is told like any other mistake."""
    told = problems_of(tmp_path / "nowhere")
    assert [line.split(" ", 2)[0] for line in told] == ["de.toml", "en.toml", "fr.toml", "nl.toml"]
    assert all(
        line.endswith("the file is missing: every language of the line needs its own") for line in told
    )


def test_a_language_nobody_speaks_is_told(write_files: Callable[..., Path]):
    """A file more than the four is a misspelt one, and would never be read."""
    assert problems_of(write_files(es=TELL)) == [
        "es.toml 1 es is no language of the line: the files are named de, en, fr, nl"
    ]


def test_other_files_in_the_folder_are_left_alone(write_files: Callable[..., Path], tmp_path: Path):
    """An editor's backup or a note beside the prompts disturbs nobody."""
    (tmp_path / "nl.toml~").write_text("old")
    (tmp_path / "README").write_text("note")
    assert Catalogue.load(write_files()).prompts("nl")


def test_a_prompt_missing_in_one_language_is_told_there(write_alike: Callable[..., Path]):
    """The file that lacks it is named, and where the others have it."""
    folder = write_alike(OFFER + TELL, fr=OFFER)
    assert problems_of(folder) == [
        f"fr.toml 1 [Balance.tell] is missing: it is in {folder / 'nl.toml'}, line 3"
    ]


def test_of_two_readable_files_the_shorter_one_is_told(write_files: Callable[..., Path]):
    """With half the files broken a missing prompt still counts as missing, not as one too many."""
    folder = write_files(nl=OFFER + TELL, fr=OFFER, de=None, en=None)
    assert f"fr.toml 1 [Balance.tell] is missing: it is in {folder / 'nl.toml'}, line 3" in problems_of(
        folder
    )


def test_a_misspelt_prompt_is_told_once_with_a_guess(write_alike: Callable[..., Path]):
    """A slip in a name is neither a missing prompt nor an orphan, but a slip."""
    folder = write_alike(OFFER + TELL, fr=OFFER + TELL.replace("tell", "tel"))
    assert problems_of(folder) == [
        "fr.toml 3 [Balance.tel] is in no other language; did you mean [Balance.tell]?"
    ]


def test_a_prompt_in_one_language_only_is_told_there(write_alike: Callable[..., Path]):
    """Words nobody else has are forgotten, or not needed."""
    assert problems_of(write_alike(TELL, en=TELL + OFFER)) == [
        "en.toml 3 [Plan.offer] is in no other language"
    ]


@pytest.mark.parametrize(
    ("good", "french", "told"),
    [
        (
            TELL,
            TELL.replace("owed", "owned"),
            ["fr.toml 1 [Balance.tell] text has the placeholders owned: the other languages have owed"],
        ),
        (
            TELL,
            TELL.replace("{owed}", "veel"),
            ["fr.toml 1 [Balance.tell] text has the placeholders nothing: the other languages have owed"],
        ),
        (
            MENU,
            MENU.replace("Druk 2", "Voor {n}, druk 2"),
            ["fr.toml 1 [A.menu] 2 has the placeholders n: the other languages have nothing"],
        ),
        (MENU, '[A.menu]\n1 = "Druk 1."\n', ["fr.toml 1 [A.menu] 2 is missing: the other languages have it"]),
        (MENU, MENU + '3 = "Druk 3."\n', ["fr.toml 1 [A.menu] 3 is missing in the other languages"]),
        (
            TELL + 'silent = "Niets."\n',
            TELL,
            ["fr.toml 1 [Balance.tell] silent is missing: the other languages have it"],
        ),
        (
            TELL + "private = true\n",
            TELL,
            ["fr.toml 1 [Balance.tell] private is false: in the other languages it is true"],
        ),
        (
            TELL,
            TELL.replace("Nog {owed}.", ""),
            ["fr.toml 2 [Balance.tell] text is empty: write what the caller hears"],
        ),
    ],
)
def test_a_prompt_unlike_the_other_languages_is_told(
    good: str, french: str, told: list[str], write_alike: Callable[..., Path]
):
    """Every language says the same with the same values, or the odd one out is named."""
    assert problems_of(write_alike(good, fr=french)) == told


def test_the_odd_one_out_is_named_whichever_it_is(write_alike: Callable[..., Path]):
    """Dutch is first in the list, not the measure: a slip there is told there."""
    assert problems_of(write_alike(TELL, nl=TELL.replace("owed", "owned"))) == [
        "nl.toml 1 [Balance.tell] text has the placeholders owned: the other languages have owed"
    ]


def test_a_plural_in_one_language_needs_none_in_another(write_alike: Callable[..., Path]):
    """Languages may differ in grammar, as long as they get the same values."""
    forms = '[A.b]\ncount = "n"\ntext = {one = "one file", other = "{n} files"}\n'
    assert Catalogue.load(write_alike('[A.b]\ntext = "dossiers: {n}"\n', en=forms)).prompts("en")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('# [A.b]\n\n[ A . "b" ]  # a menu\n\n"text" = ""\n', 5),
        ("[A.b]\n'text' = ''\n", 2),
        ('[A]\nb = {text = ""}\n', 2),
        ('[A]\nb.text = ""\n', 2),
        ('A.b.text = ""\n', 1),
    ],
)
def test_a_mistake_is_found_however_the_table_is_written(
    content: str, line: int, write_alike: Callable[..., Path]
):
    """TOML allows many spellings; the line shown is the field's, or the nearest above it that is known."""
    assert (
        problems_of(write_alike(content))[-1]
        == f"nl.toml {line} [A.b] text is empty: write what the caller hears"
    )


def test_all_mistakes_are_told_at_once(write_files: Callable[..., Path]):
    """Nobody mends one line to be told of the next: every file's mistakes come together, in order."""
    folder = write_files(
        nl=TELL + '[A.b]\ntext = ""\nprivate = 1\n',
        fr=b"\xef\xbb\xbf" + TELL.replace("owed", "owned").encode(),
        de=None,
        en=TELL + '[A.b]\ntext = "<"\n',
        es=TELL,
    )
    assert problems_of(folder) == [
        "de.toml 1 the file is missing: every language of the line needs its own",
        "en.toml 4 [A.b] text holds the sign <, which no voice says: write a word instead",
        "es.toml 1 es is no language of the line: the files are named de, en, fr, nl",
        f"fr.toml 1 [A.b] is missing: it is in {folder / 'nl.toml'}, line 3",
        "fr.toml 1 [Balance.tell] text has the placeholders owned: the other languages have owed",
        "fr.toml 1 the file begins with an invisible mark (BOM): save it as UTF-8 without BOM",
        "nl.toml 4 [A.b] text is empty: write what the caller hears",
        "nl.toml 5 [A.b] private must be true or false, without quotes",
    ]
