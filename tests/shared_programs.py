"""Programs that tests need beside Python, such as nginx."""

import os
import shutil

import pytest

PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))


def needed(program: str, package: str) -> str:
    """Find a program; without it the test is skipped, and says which package has it.

    With `REQUIRE_` and its name in the environment, as `.ci/run` sets it, a missing one is a failure.
    """
    if found := shutil.which(program, path=PLACES):
        return found
    why = f"{program} is missing, so nothing was tried with it: apt-get install {package}"
    if f"REQUIRE_{program.upper()}" in os.environ:
        pytest.fail(why)
    return pytest.skip(why)
