"""Tests that need a program beside Python: skipped at home without it, and a failure in CI."""

import re
from pathlib import Path

import pytest
from shared_programs import needed

ROOT = Path(__file__).parents[1]
ASKED = re.compile(r'needed\("(\w+)", "([\w-]+)"\)')


def test_without_its_program_a_test_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    """It is skipped, and fails where the program must be there."""
    with pytest.raises(pytest.skip.Exception, match=r"nowhere is missing.*apt-get install nothing"):
        needed("nowhere", "nothing")
    monkeypatch.setenv("REQUIRE_NOWHERE", "1")
    with pytest.raises(pytest.fail.Exception, match="nowhere is missing"):
        needed("nowhere", "nothing")


def test_ci_installs_and_demands_every_program():
    """One that only tests know would be skipped there, and nobody would see it."""
    files = [file for file in (ROOT / "tests").rglob("*.py") if file != Path(__file__)]
    asked = {pair for file in files for pair in ASKED.findall(file.read_text("utf-8"))}
    assert {program for program, _ in asked} == {"chromium", "node", "nginx", "promtool"}
    run, programs = ((ROOT / ".ci" / name).read_text("utf-8") for name in ("run", "programs"))
    for program, package in asked:
        assert f"REQUIRE_{program.upper()}=1" in run
        assert f"missing+=({package})" in programs
