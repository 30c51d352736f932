"""From a clone to the first call on a fresh Debian, by typing what docs/deployment.md says, to the letter."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fresh_office import NAME, Office, post_to
from fresh_root import PROJECT, FreshRoot, Shell, cloned_into, copied
from fresh_services import Services

PAGE = PROJECT / "docs" / "deployment.md"
REPOSITORY = "https://git.example.be/tagor-bridge.git"
"""The page's own address of the project; git is told that it lies in the root itself."""
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)

CHANGED = {"NAME=phone.example.be": f"NAME={NAME}"}
"""Lines in which the reader writes something of their own."""
ANSWERED: dict[str, Callable[[Office], str]] = {
    ".venv/bin/bridge office new": lambda office: office.answers,
    ".venv/bin/bridge connect": lambda _office: "y\n",
}
"""What the reader answers to a line that asks."""
FILLED_IN: dict[str, Callable[[Office, FreshRoot], None]] = {
    "cp deploy/bridge.env.example": lambda office, root: office.fill_in(root, "/etc/bridge/bridge.env"),
}
"""What the reader does with the files that a line has made."""


def typed_lines() -> list[str]:
    """Give the lines of the page's first part that are typed into a shell, in their order."""
    part = PAGE.read_text("utf-8").partition("\n## The first real call")[2].partition("\n## ")[0]
    return [line.strip() for block in BLOCK.findall(part) for line in block.splitlines()]


def of(table: dict[str, Callable[..., object]], line: str) -> Callable[..., object]:
    return next((act for begin, act in table.items() if line.startswith(begin)), lambda *_: "")


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
def test_the_page_leads_from_a_clone_to_an_answered_call(debian: Path, office: Office):
    """Behind Debian's own nginx with TLS a signed call hears the balance; no line of the page was left out.

    There is no systemd in the root: the units' commands run as their files say (`Services`). The certificate
    vouches for itself, and its authority is one of this test, which asks port 80 as a real one does.
    """
    lines = typed_lines()
    for table in (CHANGED, ANSWERED, FILLED_IN):
        assert [begin for begin in table if not any(line.startswith(begin) for line in lines)] == []
    with copied(debian) as root:
        cloned_into(root, "/srv/tagor-bridge.git")
        root.write("/etc/hosts", f"127.0.0.1 localhost {NAME}\n")
        root.write("/etc/gitconfig", f'[url "/srv/tagor-bridge.git"]\n\tinsteadOf = {REPOSITORY}\n')
        services = Services(root)
        with Shell(root) as shell:
            for line in lines:
                print(f"# {line}")  # noqa: T201 - where it stands, when it fails
                print(shell.type(CHANGED.get(line, line), str(of(ANSWERED, line)(office)))[-2000:])  # noqa: T201
                services.do_what_was_asked()
                of(FILLED_IN, line)(office, root)
        office.hears_the_balance(post_to("https://127.0.0.1", str(services.certificate(NAME))))
        assert {unit for unit, process in services.running.items() if process.poll() is None} == {
            "bridge",
            "bridge-worker",
        }
        services.proves(NAME, "/var/www/html")  # the certificate can be renewed
