"""`bridge office`: the first file of an office, by questions or by options, and what editors need of it."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bridge.checks.check import examine
from bridge.office.options import SCHEMA_FILE, options
from bridge.office.reading import read_offices

if TYPE_CHECKING:
    from click.testing import Result

ROOT = Path(__file__).parents[3]
ANSWERS = {
    "name": "Kantoor Claes",
    "numbers": "+32 2 555 00 01",
    "languages": "nl,fr",
    "account": "BE68 5390 0754 7034",
    "switchboard": "+32 2 555 00 10",
    "tagor": "https://tagor.claes.be/v1/web",
    "hours": "monday-thursday 09:00-12:00, 13:30-17:00; friday 09:00-12:00",
}
ADDRESSES = ["--address", "nl=Markt 1", "--address", "fr=place 1"]


def options_of(**changes: str) -> list[str]:
    """Everything that must be told, as options; "" leaves one out."""
    told = {**ANSWERS, **changes}
    return [part for name, value in told.items() if value for part in (f"--{name}", value)]


@pytest.fixture
def new(command: Callable[..., "Result"], tmp_path: Path) -> Callable[..., "Result"]:
    """Ask for a new file in a folder of the test's, as in `new("claes", "--no-questions")`."""

    def run(*arguments: str, typed: str = "", environ: Mapping[str, str] | None = None) -> "Result":
        return command("office", "new", "--folder", str(tmp_path), *arguments, typed=typed, environ=environ)

    return run


def found(folder: Path, environ: Mapping[str, str], **more: str) -> list[str]:
    """What `bridge check` says of the folder, with real settings."""
    settings = {"BRIDGE_OFFICES": str(folder), **environ, **more}
    report = examine(settings)
    return list(map(str, (*report.problems, *report.warnings)))


def test_options_alone_write_a_file_that_check_accepts(
    new: Callable[..., "Result"], tmp_path: Path, environ: dict[str, str]
):
    """Nothing is asked; the key's variable is named, and what to do next is told."""
    result = new("claes", *options_of(), *ADDRESSES, "--no-questions")
    assert result.exit_code == 0, result.output
    assert "TAGOR_KEY_CLAES" in result.output
    assert found(tmp_path, environ, TAGOR_KEY_CLAES="k") == []
    (office,) = read_offices(tmp_path, {"TAGOR_KEY_CLAES": "k"}, demo=False)
    assert (office.name_in("fr"), office.address["fr"], office.default_language) == (
        "Kantoor Claes",
        "place 1",
        "nl",
    )
    assert (len(office.hours.monday), len(office.hours.friday), office.hours.saturday) == (2, 1, ())


def test_wrong_answers_are_asked_again_with_what_is_expected(
    new: Callable[..., "Result"], tmp_path: Path, environ: dict[str, str]
):
    """The sentences are those of `bridge check`; a return takes what is offered."""
    typed = [
        "telco",
        "",  # twilio
        "Kantoor Claes",
        "02 555 00 01",
        "+32 2 555 00 01",
        "nl,it",
        "nl,fr",
        "Markt 1",
        "place 1",
        "BE68 5390 0754 7035",
        "BE68 5390 0754 7034",
        "+32 2 555 00 01",
        "+32 2 555 00 10",
        "+32 70 12 34 56",
        "",
        "",
        "http://tagor.claes.be/v1/web",
        "https://tagor.claes.be/v1/web",
        "key",
        "CLAES_KEY",
        "9 to 5",
        "monday 17:00-09:00",
        ANSWERS["hours"],
    ]
    result = new("claes", typed="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    complaints = [row.partition("Error: ")[2] for row in result.output.splitlines() if "Error: " in row]
    for said, told in zip(
        complaints,
        [
            "'telco' is not one of",
            "with its country",
            "languages, entry 2, should be",
            "account is mistyped",
            "which is this line itself",
            "070 or 090x",
            "must start with https://",
            "must be the NAME of an environment variable",
            "Write hours like monday-friday",
            "the earlier time first",
        ],
        strict=True,
    ):
        assert told in said
    assert found(tmp_path, environ, CLAES_KEY="k") == []


def test_nothing_is_ever_overwritten(new: Callable[..., "Result"], tmp_path: Path):
    """A file that is there stays as it is, whatever is answered."""
    file = tmp_path / "claes.toml"
    file.write_text("mine")
    result = new("claes", *options_of(), *ADDRESSES, "--no-questions")
    assert (result.exit_code, file.read_text()) == (1, "mine")
    assert "is there already" in result.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"account": ""}, "--account is missing: the account that debtors pay to"),
        ({"languages": "nl,de"}, "--address de= is missing"),
        ({"hours": "soon"}, "Write hours like"),
        ({"switchboard": "+32 2 555 00 01"}, "which is this line itself"),
        ({"provider": "somleng"}, "would swallow the caller"),
    ],
)
def test_without_questions_a_wrong_option_ends_it(
    new: Callable[..., "Result"], tmp_path: Path, changes: dict[str, str], sentence: str
):
    """A sentence, a status that is not 0, and no file."""
    result = new("claes", *options_of(**changes), *ADDRESSES, "--no-questions")
    assert result.exit_code != 0
    assert sentence in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["Claes", "../claes", "claes.toml"])
def test_a_name_that_no_office_can_have_is_refused(new: Callable[..., "Result"], tmp_path: Path, name: str):
    """It stands in logs and reports, and is the name of a file in this folder."""
    result = new(name, *options_of(), *ADDRESSES, "--no-questions")
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "file name must begin with a small letter" in result.stderr


def test_where_no_key_is_asked_for_somebody_must_always_pick_up(
    new: Callable[..., "Result"], tmp_path: Path, environ: dict[str, str]
):
    """By an option, or by a yes to the question; after a no there is no file."""
    somleng = {"provider": "somleng"}
    typed = "\n\n\n{}\n"  # employees, caller id, key's variable
    assert new("claes", *options_of(**somleng), *ADDRESSES, typed=typed.format("n")).exit_code == 1
    assert list(tmp_path.iterdir()) == []
    assert new("claes", *options_of(**somleng), *ADDRESSES, typed=typed.format("y")).exit_code == 0
    second = {"numbers": "+32 2 555 00 02", **somleng}
    assert new("dams", *options_of(**second), *ADDRESSES, "--staffed", "--no-questions").exit_code == 0
    account = {"BRIDGE_PROVIDER": "somleng", "BRIDGE_ACCOUNT": "01234567-89ab-cdef-0123-456789abcdef"}
    assert found(tmp_path, environ | account, TAGOR_KEY_CLAES="k", TAGOR_KEY_DAMS="k") == []


def test_a_number_of_another_office_is_refused(new: Callable[..., "Result"], tmp_path: Path):
    """Whoever dials it could reach one of them only; a file that cannot be read is no hindrance."""
    (tmp_path / "broken.toml").write_text("= 1")
    assert new("claes", *options_of(), *ADDRESSES, "--no-questions").exit_code == 0
    again = new("dams", *options_of(), *ADDRESSES, "--no-questions")
    assert "numbers holds +32 2 555 00 01, which claes.toml has already." in again.stderr


def test_a_new_file_shows_every_option(new: Callable[..., "Result"], tmp_path: Path):
    """Written or behind a #; and taking every # out gives a file that has no unknown entry."""
    new("claes", *options_of(), *ADDRESSES, "--no-questions")
    text = (tmp_path / "claes.toml").read_text("utf-8")
    assert text.startswith(f"#:schema ./{SCHEMA_FILE}\n")
    shown = re.sub(r"(?m)^# (\[\w+\]|[a-z_]+ = .*)", r"\1", text).replace("demo = true", "")
    written = tomllib.loads(shown)

    def has(path: str) -> bool:
        part: Any = written
        for name in path.split("."):
            if not isinstance(part, dict) or name not in part:
                return False
            part = part[name]
        return True

    both_ways = {f"messages.{subject}.sms" for subject in ("faq", "copy", "statement")}
    both_ways |= {"demo", "hours.saturday", "hours.sunday"}
    both_ways |= {f"situation.questions.{language}" for language in ("fr", "de", "en")}  # shown in Dutch
    assert [one.path for one in options() if not has(one.path) and one.path not in both_ways] == []


def fits(  # noqa: PLR0911 - one for each kind of value
    value: object, schema: Mapping[str, Any], root: Mapping[str, Any]
) -> bool:
    """Whether a value is as the schema says: as much of JSON Schema as ours has."""
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        return any(fits(value, one, root) for one in schema["anyOf"])
    kinds = {"string": str, "object": dict, "array": list, "integer": int, "boolean": bool}
    plain = value.isoformat() if hasattr(value, "isoformat") else value
    if not isinstance(plain, kinds[schema.get("type", "string")]) or plain not in schema.get("enum", [plain]):
        return False
    if isinstance(plain, str):
        return re.search(schema.get("pattern", ""), plain) is not None
    if isinstance(plain, list):
        return all(fits(one, schema["items"], root) for one in plain)
    if isinstance(plain, dict):
        entries, others = schema.get("properties", {}), schema.get("additionalProperties", False)
        names = schema.get("propertyNames", {}).get("enum", plain)
        return set(schema.get("required", ())) <= set(plain) and all(
            name in names
            and (fits(one, entries[name], root) if name in entries else others and fits(one, others, root))
            for name, one in plain.items()
        )
    return schema.get("minimum", plain) <= plain <= schema.get("maximum", plain)


def test_the_schema_takes_what_check_takes(command: Callable[..., "Result"]):
    """The demo's own file is right; with a slip it is not."""
    schema = json.loads(command("office", "schema").output)
    demo = tomllib.loads((ROOT / "offices" / "demo.toml").read_text("utf-8"))
    assert fits(demo, schema, schema)
    for slip in (
        {"employes": []},
        {"languages": ["it"]},
        {"switched_off": ["plans"]},
        {"limits": {"calls_a_minute": 0}},
        {"hours": {"monday": ["9-12"]}},
        {"switchboard": "02 555 00 10"},
        {"tagor": {"url": "https://x.be", "key_env": "key"}},
    ):
        assert not fits({**demo, **slip}, schema, schema), slip
    assert not fits({name: demo[name] for name in demo if name != "account"}, schema, schema)


def test_the_schema_tells_what_each_entry_is_for(command: Callable[..., "Result"]):
    """No entry is without words, and none speaks of Python's nothing."""
    schema = json.loads(command("office", "schema").output)
    tables = [schema, *schema["$defs"].values()]
    words = [
        one.get("description", "")
        for table in tables
        for one in table["properties"].values()
        if "$ref" not in one
    ]
    assert all(words)
    assert not [one for one in words if "None" in one]
    assert all(one.description for one in options())


def test_the_schema_in_the_documents_is_the_programs_own(command: Callable[..., "Result"]):
    """Editors of a checkout read it there; `bridge draw` writes it anew."""
    assert (ROOT / "docs" / "reference" / SCHEMA_FILE).read_text("utf-8") == command(
        "office", "schema"
    ).output
