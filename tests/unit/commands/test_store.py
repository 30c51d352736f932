"""`bridge migrate` and `bridge unlock`: what an operator does to the database."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bridge.app.create import open_repositories
from bridge.settings import Settings
from bridge.store.migrate import head

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from tests.conftest import Line

FILE = "20230118"


@pytest.fixture
def settings(environ: dict[str, str], tmp_path: "Path") -> dict[str, str]:
    return environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/var/bridge.db"}


def test_migrating_twice_is_migrating_once(command: "Callable[..., Result]", settings: dict[str, str]):
    """The second time there is nothing to do, and it says the same."""
    said = f"The database is at {head()}.\n"
    for _ in range(2):
        result = command("migrate", environ=settings)
        assert (result.exit_code, result.output) == (0, said)


def test_an_older_version_leaves_newer_tables_alone(command: "Callable[..., Result]", line: "Line"):
    """After a roll-back: it says so, with status 0."""
    with closing(sqlite3.connect(line.database)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    result = command("migrate", environ=line.environ)
    assert result.exit_code == 0
    assert result.output == (
        "The database is at 9999, which a newer version made: it is left as it is. "
        f"This version, of {head()}, works on it.\n"
    )


def test_a_folder_that_cannot_be_written_is_told(
    command: "Callable[..., Result]", settings: dict[str, str], tmp_path: "Path"
):
    """A sentence, and status 1."""
    (tmp_path / "var").write_text("a file in the folder's place")
    result = command("migrate", environ=settings)
    assert result.exit_code == 1
    assert result.stderr.startswith("The database cannot be used (")


def test_a_call_is_found_in_the_log_by_the_providers_id(command: "Callable[..., Result]", line: "Line"):
    """`bridge call-id` makes of it what stands in the log, and nobody else's id gives the same."""
    call = line.phone().ring().call_id
    told = command("call-id", call, environ=line.environ).output
    assert told == f"{line.app.extensions['bridge'].repositories.calls.log_name(call)}\n"
    assert command("call-id", f"{call[:-1]}x", environ=line.environ).output != told


def lock(line: "Line") -> None:
    for _ in range(5):
        tries = open_repositories(Settings.read(line.environ)).pin_attempts
        tries.count_attempts("demo", [FILE], caller=None, named=True, now=datetime.now(UTC))


def test_a_file_is_unlocked(command: "Callable[..., Result]", line: "Line"):
    """How many tries were forgotten, and that there were none left; the audit list names no file."""
    lock(line)
    first = command("unlock", FILE, "--office", "demo", environ=line.environ)
    assert (first.exit_code, first.output) == (0, "5 failed tries are forgotten.\n")
    again = command("unlock", FILE, "--office", "demo", environ=line.environ)
    assert (again.exit_code, again.output) == (0, "Nothing was locked: no failed tries on this file.\n")
    written = open_repositories(Settings.read(line.environ)).audit.newest(9)
    assert [(entry.what, entry.whom) for entry in written] == [("unlocked a file", "demo")] * 2


def test_an_office_is_unlocked(command: "Callable[..., Result]", line: "Line"):
    """Twenty wrong PINs lock an office; the report says so and how to lift it, and it is lifted."""
    tries = open_repositories(Settings.read(line.environ)).pin_attempts
    for number in range(20):
        tries.count_attempts("demo", [str(number)], caller=None, named=True, now=datetime.now(UTC))
    alert = command("report", environ=line.environ)
    assert alert.stderr.startswith("demo: too many PINs were wrong")
    assert "`bridge unlock --office demo`" in alert.stderr
    assert command("report", "decisions", environ=line.environ).stderr == alert.stderr
    lifted = command("unlock", "--office", "demo", environ=line.environ)
    assert (lifted.exit_code, lifted.output) == (0, "20 failed tries are forgotten.\n")
    assert command("report", environ=line.environ).output.startswith("No office is locked.")
    again = command("unlock", "--office", "demo", environ=line.environ)
    assert again.output == "Nothing was locked: no failed tries in this office.\n"
    written = open_repositories(Settings.read(line.environ)).audit.newest(9)
    assert [(entry.what, entry.whom) for entry in written] == [("unlocked", "demo")] * 2


def test_a_reference_unlocks_the_file_behind_it(command: "Callable[..., Result]", line: "Line"):
    """Where callers key in references, attempts are counted on the file, whatever the reference."""
    sheet = line.offices / "demo.toml"
    sheet.write_text(sheet.read_text().replace('way = "pin"', 'way = "reference_pin"'))
    attempts = open_repositories(Settings.read(line.environ)).pin_attempts
    for _ in range(3):
        attempts.count_attempts(
            "demo", ["9000000000000000001"], caller=None, named=True, now=datetime.now(UTC)
        )
    result = command("unlock", "7700011", "--office", "demo", environ=line.environ)
    assert (result.exit_code, result.output) == (0, "3 failed tries are forgotten.\n")


def test_a_misspelt_office_unlocks_nothing(command: "Callable[..., Result]", line: "Line"):
    """Nobody goes home believing that a file is open which is not."""
    lock(line)
    result = command("unlock", FILE, "--office", "dmeo", environ=line.environ)
    assert result.exit_code == 1
    assert "dmeo.toml is no office file: --office takes its name without .toml." in result.stderr
    assert command("unlock", FILE, "--office", "demo", environ=line.environ).output.startswith("5 ")


@pytest.mark.parametrize(
    "arguments", ["unlock 20230118 --office demo", "outbox", "outbox retry all", "report decisions", "worker"]
)
def test_a_database_without_tables_says_what_to_do(
    command: "Callable[..., Result]", line: "Line", tmp_path: "Path", arguments: str
):
    """Not yet migrated: a sentence with the command that helps, and status 1."""
    empty = line.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"}
    result = command(*arguments.split(), environ=empty)
    assert result.exit_code == 1
    assert "run `bridge migrate`" in result.stderr
