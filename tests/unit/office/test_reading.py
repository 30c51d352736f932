"""What an office's own people may write, and the sentence each slip of theirs earns, with file and line."""

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import certifi
import pytest

from bridge.office.model import Office
from bridge.office.reading import OfficeError, Offices, read_offices
from bridge.office.sounds import Sound, own_sound

OfficeMaker = Callable[..., Office]
Mistake = Callable[..., str]

LINES = """\
name = "Kantoor Claes"
numbers = ["+32 2 555 00 01"]
languages = ["nl", "fr"]
default_language = "nl"
account = "BE68 5390 0754 7034"
switchboard = "+32 2 555 00 10"
caller_id = "+3225550010"
address.nl = "Markt 1"
address.fr = "place 1"
tagor.url = "https://tagor.claes.be/v1/web"
tagor.key_env = "CLAES_KEY"
hours.monday = ["09:00-12:00", "13:00-17:00"]
"""
ENVIRON = {"CLAES_KEY": "canary-7f31"}
SERVICES = ("balance", "plan")


class Folder:
    """A folder of office files; `write` puts one there, `read` reads them all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(
        self, file_name: str = "claes.toml", *, without: str = "", raw: bytes | None = None, **lines: str
    ) -> Path:
        """Write the good office file with some entries changed (`tagor__url` is `tagor.url`) or left out."""
        entries = dict(line.split(" = ", 1) for line in LINES.splitlines())
        entries |= {key.replace("__", "."): value for key, value in lines.items()}
        entries.pop(without, None)
        text = "".join(f"{key} = {value}\n" for key, value in entries.items())
        file = self.path / file_name
        file.write_bytes(text.encode() if raw is None else raw)
        return file

    def read(self, environ: Mapping[str, str] = ENVIRON, *, demo: bool = False) -> Offices:
        return read_offices(self.path, environ, demo=demo, services=SERVICES)

    def problems(self, *, demo: bool = False) -> list[str]:
        with pytest.raises(OfficeError) as error:
            self.read(demo=demo)
        return [str(problem).removeprefix(f"{self.path}/") for problem in error.value.problems]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def office(folder: Folder) -> Callable[..., Office]:
    """One good office, some of its entries changed."""

    def read(**lines: str) -> Office:
        folder.write(**lines)
        (only,) = folder.read()
        return only

    return read


@pytest.fixture
def mistake(folder: Folder) -> Callable[..., str]:
    """The one sentence that a changed office file earns."""

    def read(**lines: str) -> str:
        folder.write(**lines)
        (problem,) = folder.problems()
        return problem

    return read


def test_an_office_is_chosen_by_the_dialled_number(folder: Folder) -> None:
    """Two offices share one bridge, and nobody else's number is answered."""
    folder.write()
    folder.write("peeters.toml", numbers='["+32 2 555 00 02", "+32 2 555 00 03"]')
    offices = folder.read()
    assert [office.key for office in offices] == ["claes", "peeters"]
    assert offices.for_number("+3225550003").key == "peeters"
    assert offices.for_number("+3225550009") is None


def test_numbers_and_account_are_brought_into_one_form(office: OfficeMaker) -> None:
    """People write blanks; the rest of the bridge never sees them."""
    claes = office()
    assert claes.numbers == ("+3225550001",)
    assert claes.switchboard == "+3225550010"
    assert claes.account == "BE68539007547034"


def test_only_the_offices_own_people_may_be_dialled(office: OfficeMaker) -> None:
    """The list of numbers that can ever be rung comes from the file alone."""
    claes = office(employees='["+32 470 00 00 01"]')
    assert claes.may_dial == {"+3225550010", "+32470000001"}


def test_secrets_are_fetched_by_name_and_never_shown(office: OfficeMaker) -> None:
    """The file can be mailed around: it holds the name of the key only."""
    claes = office()
    assert claes.tagor.key is not None
    assert claes.tagor.key.get_secret_value() == "canary-7f31"
    assert "canary" not in repr(claes)


def test_a_login_stands_in_for_a_key(folder: Folder) -> None:
    """Some offices have a client and its secret in place of an API key."""
    folder.write(without="tagor.key_env", tagor__client_id_env='"ID"', tagor__client_secret_env='"WORD"')
    (office,) = folder.read({"ID": "claes", "WORD": "s"})
    assert (office.tagor.key, office.tagor.client_id.get_secret_value()) == (None, "claes")


@pytest.mark.parametrize(("key", "secret"), [(True, False), (True, True), (False, False)])
def test_one_whole_way_to_log_in_is_wanted(folder: Folder, *, key: bool, secret: bool) -> None:
    """It must be clear what opens Tagor, and a client without its secret opens nothing."""
    names = ("tagor__client_id_env", "tagor__client_secret_env") if secret else ("tagor__client_id_env",)
    login = dict.fromkeys(names, '"CLAES_KEY"')
    folder.write(without="" if key else "tagor.key_env", **login)
    (problem,) = folder.problems()
    assert "tagor needs either key_env, or client_id_env and client_secret_env." in problem


def test_a_key_that_is_not_in_the_environment_is_told(folder: Folder) -> None:
    """The sentence names the variable to set."""
    folder.write()
    with pytest.raises(
        OfficeError, match=r"claes.toml:11: tagor.key_env points to CLAES_KEY, which the environ"
    ):
        folder.read({})


def test_a_key_may_be_a_mounted_file(folder: Folder, tmp_path: Path) -> None:
    """The office file names the variable as ever; a file that is not there is told."""
    (tmp_path / "key").write_text("canary-7f31\n")
    folder.write()
    (claes,) = folder.read({"CLAES_KEY_FILE": str(tmp_path / "key")})
    assert claes.tagor.key.get_secret_value() == "canary-7f31"
    with pytest.raises(OfficeError, match="CLAES_KEY, and CLAES_KEY_FILE names no file that can be read"):
        folder.read({"CLAES_KEY_FILE": "/no/such/file"})


@pytest.mark.parametrize("name", ["9f2c4e71d0b3", "claes_key", "BRIDGE_SECRET", "CLAES-KEY"])
def test_a_key_in_the_file_itself_is_refused_and_not_repeated(mistake: Mistake, name: str) -> None:
    """Somebody will paste the key where its name belongs."""
    sentence = mistake(tagor__key_env=f'"{name}"')
    assert "must be the NAME of an environment variable" in sentence
    assert name not in sentence


SLIPS = {
    "1: name must be words": {"name": "12"},
    "1: name must not be empty": {"name": '" "'},
    "1: name has no words for fr": {"name": '{ nl = "Kantoor Claes" }'},
    "1: name.nl must not be empty": {"name": '{ nl = "", fr = "Étude Claes" }'},
    "2: numbers must be a list": {"numbers": '"+3225550001"'},
    "2: numbers must hold at least one entry": {"numbers": "[]"},
    "2: numbers must hold at least one entry, and none twice": {
        "numbers": '["+3225550001", "+32 2 555 00 01"]'
    },
    "2: numbers, entry 1, must be a telephone number with its country": {"numbers": '["025550001"]'},
    "3: languages, entry 2, should be 'nl'": {"languages": '["nl", "it"]'},
    "3: languages must hold at least one entry, and none twice": {"languages": '["nl", "nl"]'},
    "4: default_language must be one of languages": {"default_language": '"de"'},
    "5: account must be an account number like": {"account": '"12"'},
    "5: account is mistyped: its check": {"account": '"BE68 5390 0754 7043"'},
    "5: account is mistyped: its check digits": {"account": '"BE99 0000 0000 4040"'},
    "5: account is mistyped": {"account": '"BE41 5390 0754 7035"'},
    "6: switchboard holds +3225550001, which is this line itself": {"switchboard": '"+32 2 555 00 01"'},
    "13: employees holds +3225550001, which is this line itself": {
        "employees": '["+32 2 555 00 11", "+3225550001"]'
    },
    '12: hours.monday, entry 1, must be written like "09:00-12:00", th': {"hours__monday": '["18:00-00:00"]'},
    "8: address has no words for de": {"languages": '["nl", "fr", "de"]'},
    "10: tagor.url must start with https://": {"tagor__url": '"http://127.0.0.1:9000/v1/web"'},
    "10: tagor.url must be a plain address": {"tagor__url": '"https://u:w@tagor.be/v1"'},
    "10: tagor.url must be a plain addres": {"tagor__url": '"https://tagor.be/v1?x=1"'},
    "13: tagor.ca_file is no file": {"tagor__ca_file": '"nowhere.pem"'},
    "13: chime is no file": {"chime": '"nowhere.wav"'},
    "13: hold_sound must be a plain address": {"hold_sound": '"http://sounds.example.be/a.wav"'},
    "13: limits.calls_a_minute should be greater than or equal to 1": {"limits__calls_a_minute": "0"},
    "13: limits.calls_a_number should be less than or equal to 10000": {"limits__calls_a_number": "10001"},
    "13: tagor.at_a_time should be greater than or equal to 1": {"tagor__at_a_time": "0"},
    "13: employes is unknown: did you mean employees?": {"employes": "[]"},
    "13: tagor.kee_env is unknown: did you mean key_env?": {"tagor__kee_env": '"X"'},
    "13: hours.noonday is unknown: did you mean monday?": {"hours__noonday": "[]"},
    "13: zz is unknown: take it out.": {"zz": "1"},
    "13: address.it should be 'nl'": {"address__it": '"via 1"'},
    "13: switched_off, entry 1, is nothing that can be switched off: there is balance, plan.": {
        "switched_off": '["blance"]'
    },
    "13: identification.pin_digits should be greater than or equal to 4": {"identification__pin_digits": "3"},
    "13: identification needs file_digits as [fewest, most].": {"identification__file_digits": "[9, 3]"},
    "13: identification.file_digits, entry 2, should be less than": {
        "identification__file_digits": "[1, 13]"
    },
    "13: identification.way should be 'pin'": {"identification__way": '"birthday"'},
    "12: hours must open on at least one day": {"hours__monday": "[]"},
    '12: hours.monday, entry 1, must be written like "09:00-12:00"': {"hours__monday": '["9-12"]'},
    "12: hours.monday, entry 1, must be written like": {"hours__monday": '["12:00-09:00"]'},
    "12: hours.monday, entry 1, must be": {"hours__monday": '["09:00"]'},
    "12: hours.monday must follow each other with a break": {
        "hours__monday": '["09:00-12:00", "11:00-13:00"]'
    },
    "13: hours.closures, entry 1, should be a valid date": {"hours__closures": '["christmas"]'},
}


@pytest.mark.parametrize(("sentence", "lines"), SLIPS.items(), ids=SLIPS.keys())
def test_each_slip_earns_one_sentence_with_its_line(
    mistake: Mistake, sentence: str, lines: dict[str, str]
) -> None:
    """One wrong entry, one sentence, on the line where it stands."""
    assert mistake(**lines).startswith(f"claes.toml:{sentence}")


@pytest.mark.parametrize("entry", ["name", "numbers", "account", "switchboard", "tagor.url"])
def test_what_is_left_out_is_told_by_name(folder: Folder, entry: str) -> None:
    """The sentence says where to look it up."""
    folder.write(without=entry)
    (problem,) = folder.problems()
    assert f": {entry} is missing: offices/demo.toml shows how" in problem


def test_a_table_is_found_under_its_header(folder: Folder) -> None:
    """Lines are counted in tables just as in dotted entries, and list entries on many lines at their name."""
    text = b"# office\n[hours]\n  monday = [\n'9-12',\n]\n[tagor]\nurl = 'ftp://x'\n[identification]\n"
    folder.write(raw=text)
    problems = folder.problems()
    assert any(problem.startswith("claes.toml:3: hours.monday, entry 1,") for problem in problems)
    assert any(problem.startswith("claes.toml:7: tagor.url") for problem in problems)
    assert any(problem.startswith("claes.toml:1: name is missing") for problem in problems)


def test_all_mistakes_of_all_files_are_told_at_once(folder: Folder) -> None:
    """Nobody should have to start the bridge ten times to correct ten slips."""
    folder.write(name="1", account='"x"')
    folder.write("peeters.toml", raw=b"name = \n")
    folder.write("wit.toml", switchboard='"+32 70 12 34 56"')
    assert [problem.split(": ")[0] for problem in folder.problems()] == [
        "claes.toml:1",
        "claes.toml:5",
        "peeters.toml:1",
        "wit.toml:6",
    ]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(folder: Folder) -> None:
    """That is how some editors save a file."""
    good = folder.write().read_bytes()
    folder.write(raw=b"\xef\xbb\xbf" + good.replace(b"\n", b"\r\n"))
    assert folder.read().for_number("+3225550001").name_in("nl") == "Kantoor Claes"


def test_a_file_in_windows_letters_is_told_where(folder: Folder) -> None:
    """The line with the first such letter, and what to do in the editor."""
    folder.write(raw='name = "x"\n# café\n'.encode("cp1252"))
    assert folder.problems() == [
        "claes.toml:2: holds a letter that is not UTF-8: save the file again with the encoding UTF-8."
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name = "x"\nopen = yes\n', 2),
        ("name = “x”\n", 1),
        ('name = "x"\nname = "y"\n', 2),
        ("hours.monday = [\n'09:00-12:00'\n", 3),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(folder: Folder, text: str, line: int) -> None:
    """A sentence for people who never heard of TOML."""
    folder.write(raw=text.encode())
    (problem,) = folder.problems()
    assert problem.startswith(f"claes.toml:{line}: cannot be read as TOML (")
    assert problem.endswith('words stand in "quotes", a list in [brackets], every name once.')


def test_a_file_that_cannot_be_opened_is_told(folder: Folder) -> None:
    """A dangling link stands for every file the bridge has no way to read."""
    (folder.path / "claes.toml").symlink_to(folder.path / "gone")
    assert folder.problems() == ["claes.toml:1: cannot be opened: No such file or directory."]


def test_two_offices_cannot_share_a_number(folder: Folder) -> None:
    """A caller would reach one of them by chance."""
    folder.write()
    folder.write("peeters.toml")
    told = "peeters.toml:2: numbers holds +3225550001, which claes.toml has already: take it out of one."
    assert folder.problems() == [told]


@pytest.mark.parametrize("name", ["Claes.toml", "kantoor claes.toml", "1.toml"])
def test_a_file_name_that_cannot_be_a_key_is_told(folder: Folder, name: str) -> None:
    """The name stands in logs and reports, so it is kept plain."""
    folder.write(name)
    (problem,) = folder.problems()
    assert "file name must begin with a small letter" in problem


def test_a_folder_without_an_office_is_told(folder: Folder) -> None:
    """A line that answers for nobody is a mistake."""
    with pytest.raises(OfficeError, match=r"holds no office: bridge office new NAME"):
        folder.read()


def test_the_demo_office_counts_in_the_demo_only(folder: Folder) -> None:
    """A real line does not answer for an office that does not exist."""
    folder.write(demo="true", tagor__url='"http://127.0.0.1:9000/v1/web"', switchboard='"+3220000010"')
    assert folder.read(demo=True).for_number("+3225550001").demo
    with pytest.raises(OfficeError, match=r"holds no office"):
        folder.read()


def test_even_the_demo_asks_only_a_tagor_at_home(folder: Folder) -> None:
    """Without encryption nothing leaves the machine."""
    folder.write(tagor__url='"http://tagor.claes.be/v1/web"')
    assert "tagor.url must start with https://" in folder.problems(demo=True)[0]


def test_the_demo_office_of_the_project_is_in_order() -> None:
    """What everybody copies speaks four languages, and one line of it points at its Tagor."""
    file = Path(__file__).parents[3] / "offices" / "demo.toml"
    (office,) = read_offices(file.parent, {"TAGOR_KEY": "k"}, demo=True)
    assert office.demo
    assert set(office.languages) == set(office.address) == {"nl", "fr", "de", "en"}
    lines = [line for line in file.read_text("utf-8").splitlines() if line.startswith("url = ")]
    assert lines == [f'url = "{office.tagor.url}"']


def test_a_private_certificate_lies_beside_the_office_file(folder: Folder) -> None:
    """The path counts from the folder, wherever the bridge is started."""
    shutil.copy(certifi.where(), folder.path / "ca.pem")
    folder.write(tagor__ca_file='"ca.pem"')
    assert folder.read().for_number("+3225550001").tagor.ca_file == folder.path / "ca.pem"


def test_an_office_has_sounds_of_its_own_or_those_of_the_line(office: OfficeMaker, folder: Folder) -> None:
    """A path counts from the folder of the office files; an address is the provider's to fetch."""
    (folder.path / "bell.wav").write_bytes(own_sound("chime").wav)
    own = office(chime='"bell.wav"', hold_sound='"https://sounds.example.be/soft.wav"')
    assert (own.chime, own.hold_sound) == (
        own_sound("chime"),
        Sound(url="https://sounds.example.be/soft.wav"),
    )
    assert (office().chime, office().hold_sound) == (own_sound("chime"), own_sound("hold"))


@pytest.mark.parametrize("way", ["house_number", "caller_number"])
def test_a_weak_way_needs_somebody_who_accepts_it(mistake: Mistake, way: str) -> None:
    """Nobody lets strangers closer by a slip of the pen."""
    assert f"lets callers in by {way}, which is weak" in mistake(identification__way=f'"{way}"')


@pytest.mark.parametrize("way", ["house_number", "caller_number"])
def test_a_weak_way_is_warned_of_every_time(folder: Folder, way: str) -> None:
    """Accepted once, it is still said at every start."""
    folder.write(
        identification__way=f'"{way}"',
        identification__accepted_by='"mr. Claes"',
        identification__accepted_on="2026-12-01",
    )
    for offices in (folder.read(), folder.read()):
        (warning,) = offices.warnings
        assert warning.line == 13
        assert f"identification.way {way} is weak" in warning.sentence
        assert "accepted by mr. Claes on 2026-12-01" in warning.sentence


def test_files_that_open_without_their_pin_are_warned_of(folder: Folder) -> None:
    """Accepted once, it is still said at every start."""
    folder.write(
        other_files__told="true",
        other_files__open="true",
        other_files__accepted_by='"mr. Claes"',
        other_files__accepted_on="2026-12-01",
    )
    (warning,) = folder.read().warnings
    assert "other_files.open is weak" in warning.sentence
    assert "accepted by mr. Claes on 2026-12-01" in warning.sentence


def test_a_short_pin_is_warned_of(folder: Folder) -> None:
    """Five digits are too few for more than a look."""
    folder.write(identification__pin_digits="5")
    assert [warning.line for warning in folder.read().warnings] == [13]


@pytest.mark.parametrize("way", ["pin", "reference_pin"])
def test_a_strong_way_is_not_warned_of(folder: Folder, way: str) -> None:
    """Warnings that always come are not read."""
    folder.write(identification__way=f'"{way}"')
    assert folder.read().warnings == ()


def test_what_the_line_offers_can_be_switched_off(office: OfficeMaker) -> None:
    """By the names that the flows give it."""
    assert office(switched_off='["plan"]').switched_off == {"plan"}


def test_closures_may_be_written_with_or_without_quotes(office: OfficeMaker) -> None:
    """TOML has dates of its own; both spellings mean the same day."""
    day = date(2026, 12, 24)
    assert office(hours__closures='["2026-12-24"]').hours.closures == {day}
    assert office(hours__closures="[2026-12-24]").hours.closures == {day}


def test_two_lines_do_not_dial_each_other(folder: Folder) -> None:
    """A transfer to another office's line would be transferred again, and again."""
    folder.write("claes.toml")
    folder.write("dams.toml", numbers='["+32 2 555 00 02"]', switchboard='"+32 2 555 00 01"')
    told = "dams.toml:6: switchboard holds +3225550001, which is the line of claes: write another."
    assert folder.problems() == [told]


def test_without_a_whisper_only_staffed_numbers_are_rung(folder: Folder) -> None:
    """A mailbox would swallow the caller: others are taken out, and the switchboard must be staffed."""
    people = {"employees": '["+32 2 555 00 11", "+32 2 555 00 12"]'}

    def read(**lines: str) -> Office:
        folder.write(**people, **lines)
        (only,) = read_offices(folder.path, ENVIRON, demo=False, whispers=False)
        return only

    assert read(staffed='["+3225550010", "+3225550012"]').may_dial == {"+3225550010", "+3225550012"}
    with pytest.raises(OfficeError, match="a mailbox would swallow the caller") as error:
        read(staffed='["+3225550012"]')
    assert "claes.toml:6: switchboard +3225550010 is not marked as staffed" in str(error.value)
    assert len(folder.read().by_number["+3225550001"].may_dial) == 3


def test_only_numbers_that_may_be_dialled_are_staffed(mistake: Mistake) -> None:
    """Another number is mistyped."""
    assert mistake(staffed='["+32 2 555 00 13"]') == (
        "claes.toml:13: staffed holds +3225550013, which is neither the switchboard nor one of employees."
    )


def test_a_voice_that_the_provider_lacks_is_named(folder: Folder) -> None:
    """A misspelt voice would fail every prompt of its language; the nearest one is probably meant."""
    voices = {"nl": frozenset({"Polly.Lisa-Neural", "Google.nl-BE-Wavenet-C"})}

    def read(voice: str) -> Offices:
        folder.write(voices__nl=f'"{voice}"', voices__fr='"Polly.Anybody"')
        return read_offices(folder.path, ENVIRON, demo=False, voices=voices)

    assert read("Polly.Lisa-Neural").by_number
    with pytest.raises(OfficeError) as error:
        read("Polly.Liza-Neural")
    [problem] = error.value.problems
    assert (problem.line, problem.sentence) == (
        13,
        (
            "voices names Polly.Liza-Neural for nl, which the provider does not have: "
            "the nearest is Polly.Lisa-Neural."
        ),
    )


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ({}, []),
        ({"callbacks__afternoon": '"17:00-18:00"'}, ["claes.toml:13: callbacks.afternoon is outside"]),
        ({"callbacks__morning": '"07:00-09:00"'}, ["claes.toml:13: callbacks.morning is outside"]),
        ({"callbacks__afternoon": '"16:59-18:00"'}, []),
        ({"hours__monday": '["09:00-12:00"]'}, ["claes.toml:1: callbacks.afternoon is outside"]),
    ],
    ids=["as it is", "afternoon", "morning", "a minute", "by default"],
)
def test_a_call_back_that_nobody_can_be_promised_is_named(
    folder: Folder, lines: dict[str, str], told: list[str]
) -> None:
    """Windows that lie outside the hours of every day are never offered, so somebody has mistyped them."""
    folder.write(**lines)
    warnings = [str(warning).removeprefix(f"{folder.path}/") for warning in folder.read().warnings]
    assert [warning.partition(" the hours")[0] for warning in warnings] == told


@pytest.mark.parametrize("language", ["nl", "de"])
def test_questions_in_a_language_that_is_not_spoken_are_named(folder: Folder, language: str) -> None:
    """Nobody would ever be asked them."""
    folder.write(situation__questions=f'{{ {language} = "9000000000000000861" }}', languages='["nl", "fr"]')
    told = [str(warning).partition(": ")[2] for warning in folder.read().warnings]
    assert told == (
        ["situation.questions has one in de, which is none of languages: nobody is asked it."]
        if language == "de"
        else []
    )
