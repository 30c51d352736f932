"""What a fresh root lacks: systemd and a certificate authority. Here is done what a page asks of them."""

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import requests
from fresh_root import PATH, FreshRoot
from shared_process import until

if TYPE_CHECKING:
    import subprocess

_NOTES = """#!/bin/sh
{ basename "$0"; printf '%s\\t' "$@"; } | tr '\\n' '\\t' >> /root/asked
echo >> /root/asked
"""
"""A program that notes by which name and with which words it was called."""
_READY = "http://127.0.0.1:8000/readyz"


class Services:
    """Does what a page asks of `systemctl` and `certbot`, in a root without either.

    A unit's commands run with its environment, user, folders and umask; what its other lines forbid it is not
    tried. The authority proves that a name leads here as a real one does, over port 80.
    """

    def __init__(self, root: FreshRoot) -> None:
        self._root = root
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        for program in ("systemctl", "certbot"):  # before the package's own in the path
            root.write(f"/usr/local/bin/{program}", _NOTES, mode=0o755)
        root.write("/root/asked", "")

    def do_what_was_asked(self) -> None:
        """Do it in the order in which it was asked, and forget it; first start what a package has brought."""
        nginx, runs = (self._root.path(name) for name in ("/etc/init.d/nginx", "/run/nginx.pid"))
        if nginx.exists() and not runs.exists():  # where an init runs, Debian starts what it installs
            self._root.run("service", "nginx", "start")
        for program, verb, *words in iter(self._next_asked, [""]):
            match program, verb:
                case "systemctl", "enable":
                    assert words[0] == "--now"
                    for unit in words[1:]:
                        self._enable(unit)
                case "systemctl", "reload":
                    self._root.run("service", words[0], "reload")
                case "certbot", "certonly":
                    self._certify(words)
                case _:
                    raise AssertionError(f"{program} {verb}: this test does not know how")

    def _next_asked(self) -> list[str]:
        first, _, others = self._root.path("/root/asked").read_text().partition("\n")
        self._root.write("/root/asked", others)
        return first.rstrip("\t").split("\t")

    def _enable(self, unit: str) -> None:
        text = self._root.path(f"/etc/systemd/system/{unit}.service").read_text()
        entries = re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)
        told = dict(entries)
        user, at = told["User"], told["WorkingDirectory"]
        for entry, above in (("StateDirectory", "/var/lib"), ("RuntimeDirectory", "/run")):
            if entry in told:
                self._root.run("install", "-d", "-o", user, "-g", user, f"{above}/{told[entry]}")
        environ = {"PATH": PATH}
        environ |= dict(value.split("=", 1) for entry, value in entries if entry == "Environment")
        environ |= self._in_file(told["EnvironmentFile"])
        alone = ("env", "-i", *(f"{name}={value}" for name, value in environ.items()))
        masked = (*alone, "sh", "-c", f'umask {told["UMask"]}; exec "$@"', "sh")
        for entry, value in entries:
            if entry == "ExecStartPre":
                self._root.run(*masked, *shlex.split(value), user=user, at=at)
        start = (*masked, *shlex.split(told["ExecStart"]))
        self.running[unit] = self._root.start(unit, *start, user=user, at=at, environ=environ)
        if told.get("Type") == "notify":  # systemd goes on when the server says that it serves
            until(lambda: answers(_READY) or self.running[unit].poll() is not None)

    def _in_file(self, name: str) -> dict[str, str]:
        rows = self._root.path(name).read_text().splitlines()
        return dict(row.split("=", 1) for row in rows if row and not row.startswith("#"))

    def _certify(self, words: list[str]) -> None:
        """Look whether the name leads here, and lay a certificate there that vouches for itself."""
        told = dict(zip(words[1::2], words[2::2], strict=True))
        assert words[0] == "--webroot"
        name = told["-d"]
        self.proves(name, told["-w"])
        live = f"/etc/letsencrypt/live/{name}"
        self._root.path(live).mkdir(parents=True)
        self._root.run(
            *("openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
            *("-keyout", f"{live}/privkey.pem", "-out", f"{live}/fullchain.pem"),
        )
        # A public authority is known to every machine; this one must be made known.
        self._root.run("cp", f"{live}/fullchain.pem", "/usr/local/share/ca-certificates/itself.crt")
        self._root.run("update-ca-certificates")
        self._root.run("sh", "-c", told["--deploy-hook"])

    def proves(self, name: str, webroot: str) -> None:
        """Prove over port 80 that the name leads here, as is done for every renewal."""
        token = "/.well-known/acme-challenge/token"
        self._root.write(f"{webroot}{token}", "it is mine")
        reply = requests.get(f"http://127.0.0.1{token}", headers={"Host": name}, timeout=10)
        assert reply.text == "it is mine"

    def log(self, unit: str) -> str:
        """Give what a unit has logged."""
        return self._root.path(f"/var/log/{unit}.log").read_text()

    def certificate(self, name: str) -> Path:
        """Give the file of the name's certificate."""
        return self._root.path(f"/etc/letsencrypt/live/{name}/fullchain.pem")


def answers(url: str) -> bool:
    """Tell whether somebody answers there, and is content."""
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False
