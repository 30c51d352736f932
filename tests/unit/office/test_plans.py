"""The office file's part about payment plans: what callers may agree, and the sentence each slip earns."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.office.model import Office, PlanRules
from bridge.office.reading import OfficeError, read_offices

ROOT = Path(__file__).parents[3]
FILE = """\
name = "Kantoor Claes"
numbers = ["+32 2 555 00 01"]
languages = ["nl"]
default_language = "nl"
account = "BE68 5390 0754 7034"
switchboard = "+32 2 555 00 10"
caller_id = "+3225550010"
address.nl = "Markt 1"
tagor.url = "https://tagor.claes.be/v1/web"
tagor.key_env = "CLAES_KEY"
hours.monday = ["09:00-12:00"]
[plans]
"""
LINE = FILE.count("\n")
"""Where the part about plans begins."""

Reading = Callable[[str], Office]
Mistake = Callable[[str], str]


@pytest.fixture
def office(tmp_path: Path) -> Reading:
    """The office whose file says this about plans."""

    def read(plans: str) -> Office:
        (tmp_path / "claes.toml").write_text(FILE + plans, "utf-8")
        (only,) = read_offices(tmp_path, {"CLAES_KEY": "canary"}, demo=False)
        return only

    return read


@pytest.fixture
def mistake(office: Reading, tmp_path: Path) -> Mistake:
    """The one sentence that this part earns, behind file and line."""

    def read(plans: str) -> str:
        with pytest.raises(OfficeError) as error:
            office(plans)
        (problem,) = error.value.problems
        return str(problem).removeprefix(f"{tmp_path}/")

    return read


def test_an_office_that_says_nothing_lets_callers_replace_nothing(office: Reading):
    """What is not allowed in so many words is not allowed; a plan begins a fortnight after the call."""
    assert office("").plans == PlanRules(
        replace=False,
        begin_days=14,
        stop_statuses=frozenset(),
        self_service=None,
        info_kind="",
        info_definition="",
        short_pin_accepted_by=None,
    )


def test_everything_an_office_can_say_is_read(office: Reading):
    """As the demo's file shows it."""
    said = """\
replace = true
begin_days = 7
stop_statuses = ["DAGV", " VONNIS "]
self_service = "PLAN"
info_kind = "9000000000000000001"
info_definition = "9000000000000000002"
short_pin_accepted_by = "mr. Voorbeeld"
"""
    plans = office(said).plans
    assert (plans.replace, plans.begin_days, plans.self_service) == (True, 7, "PLAN")
    assert plans.stop_statuses == {"DAGV", "VONNIS"}
    assert (plans.info_kind, plans.info_definition) == ("9000000000000000001", "9000000000000000002")
    assert plans.short_pin_accepted_by == "mr. Voorbeeld"


def test_the_demos_file_shows_every_entry():
    """Whoever copies it sees all there is to decide, what is switched off behind a #."""
    part = (ROOT / "offices" / "demo.toml").read_text("utf-8").partition("[plans]")[2].partition("\n[")[0]
    shown = {line.lstrip("# ").partition(" =")[0] for line in part.splitlines()[1:] if " =" in line}
    assert shown == set(PlanRules.model_fields)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("begin_days = -1", "plans.begin_days should be greater than or equal to 0."),
        ("begin_days = 32", "plans.begin_days should be less than or equal to 31."),
        ('replace = "perhaps"', "plans.replace should be a valid boolean"),
        ('stop_statuses = "DAGV"', 'plans.stop_statuses must be a list, like ["one", "other"].'),
        ('stop_statuses = ["DAGV", ""]', "plans.stop_statuses, entry"),
        ('self_service = ""', "plans.self_service must be the name of a configuration in Tagor"),
        ('self_service = "PLAN!"', "plans.self_service must be the name of a configuration in Tagor"),
        ('short_pin_accepted_by = ""', "plans.short_pin_accepted_by must not be empty."),
        ("replaces = true", "plans.replaces is unknown: did you mean replace?"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line(mistake: Mistake, entry: str, sentence: str):
    """File and line, and what would be right."""
    assert mistake(f"# ours\n{entry}\n").startswith(f"claes.toml:{LINE + 2}: {sentence}")


@pytest.mark.parametrize("entry", ["info_kind", "info_definition"])
@pytest.mark.parametrize("code", ['"TAAK"', '"123456789012345678901"', '" 1"'])
def test_tagors_codes_are_digits(mistake: Mistake, entry: str, code: str):
    """They stand in a request as they are."""
    sentence = f'plans.{entry} must be a number of Tagor\'s in "quotes", digits only.'
    assert mistake(f"{entry} = {code}\n") == f"claes.toml:{LINE + 1}: {sentence}"
