"""A line behind a real nginx with TLS, configured by the kit's file; it may get a second server."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from shared_process import free_port, until
from shared_programs import needed
from shared_server import Server, end, real_server, start

from bridge.operations.processes import children_of, is_alive
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.wire import Post, http, new_session
from bridge.simulators.tagor import CASES, Case

sys.path.insert(0, str(Path(__file__).parents[2] / "unit" / "telephony"))

from telephony_sounds import certified  # a certificate that vouches for itself

CONFIGURATION = Path(__file__).parents[3] / "deploy" / "nginx.conf"
SARAH = next(case for case in CASES if case.name == "Sarah Johnson")


@dataclass
class Proxy:
    """An nginx with the kit's file, and with ports of this machine; its certificate lies in `folder`."""

    folder: Path
    secure: int = field(default_factory=free_port)
    plain: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @contextmanager
    def leading_to(self, port: int) -> Iterator[None]:
        """Run it in front of the server on this port."""
        nginx = needed("nginx", "nginx-light")
        self._write([port])
        self._process = subprocess.Popen(  # noqa: S603 - the proxy of the kit
            [nginx, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")], stderr=subprocess.DEVNULL
        )
        try:
            until(lambda: listens(self.secure) or self._process.poll() is not None)
            assert self._process.poll() is None, (self.folder / "error.log").read_text()
            yield
        finally:
            self._process.terminate()
            self._process.wait(timeout=20)

    def lead_to(self, *ports: int) -> None:
        """Lead to the servers on these ports from now on; returns when no request is under way to others."""
        self._write(ports)
        before = set(children_of(self._process.pid))
        self._process.send_signal(signal.SIGHUP)
        # Its old workers end once they have passed on every answer that they wait for.
        until(lambda: (now := set(children_of(self._process.pid))) and not before & now)

    def _write(self, ports: Iterable[int]) -> None:
        text = CONFIGURATION.read_text("utf-8")
        for old, new in (
            ("listen 443 ssl", f"listen 127.0.0.1:{self.secure} ssl"),
            ("listen 80", f"listen 127.0.0.1:{self.plain}"),
            ("server 127.0.0.1:8000", "; ".join(f"server 127.0.0.1:{port}" for port in ports)),
            ("/etc/letsencrypt/live/phone.example.be/fullchain.pem", str(self.folder / "known.pem")),
            ("/etc/letsencrypt/live/phone.example.be/privkey.pem", str(self.folder / "server.pem")),
        ):
            assert old in text
            text = text.replace(old, new)
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log;"
            f"events {{}} http {{ {temporary} {text} }}"
        )


@dataclass(frozen=True)
class Site:
    """A line behind a proxy: its first server, its address, and the certificate that the proxy shows."""

    server: Server
    proxy: Proxy
    certificate: str
    later: ExitStack
    """Ends the servers that were started since."""

    @property
    def url(self) -> str:
        """The line's address, as the provider has it."""
        return f"https://127.0.0.1:{self.proxy.secure}"

    def post(self) -> Post:
        """Post as a provider does, to a proxy whose certificate is known."""
        session = new_session()
        session.verify = self.certificate
        return http(session, 2.0, 15.0, 65_536)

    def phone(self, post: Post | None = None) -> Phone:
        """Make a handset whose provider posts through the proxy."""
        return self.server.phone(SARAH.phone or "", post or self.post())

    @contextmanager
    def second_server(self) -> Iterator["Machines"]:
        """Let the proxy lead to a second server too, of the same line on the same database."""
        first, port = self.server.environ, free_port()
        second = {
            **first,
            "BRIDGE_PORT": str(port),
            "BRIDGE_PID_FILE": str(self.server.folder / "second.pid"),
        }
        machines = Machines(self, (first, second))
        machines.start(second)
        self.proxy.lead_to(int(first["BRIDGE_PORT"]), port)
        try:
            yield machines
        finally:
            self.proxy.lead_to(int(first["BRIDGE_PORT"]))
            machines.stop(second)


@dataclass(frozen=True)
class Machines:
    """The servers of one line behind its proxy, each told by its settings."""

    site: Site
    environs: tuple[Mapping[str, str], ...]

    def replace_in_turn(self) -> None:
        """Replace one server after the other, as docs/machines.md says of a new version."""
        ports = [int(environ["BRIDGE_PORT"]) for environ in self.environs]
        for environ, port in zip(self.environs, ports, strict=True):
            self.site.proxy.lead_to(*(other for other in ports if other != port))
            self.stop(environ)
            self.start(environ)
            self.site.proxy.lead_to(*ports)

    def start(self, environ: Mapping[str, str]) -> None:
        """Start a server; returns when it takes calls."""
        folder = self.site.server.folder
        self.site.later.callback(end, start(environ, folder, folder / f"log {environ['BRIDGE_PORT']}"))

    def stop(self, environ: Mapping[str, str]) -> None:
        """Let a server answer the turns in hand, and end."""
        master = int(Path(environ["BRIDGE_PID_FILE"]).read_text())
        os.kill(master, signal.SIGTERM)
        until(lambda: not is_alive(master))


@contextmanager
def behind_proxy(folder: Path, cases: Iterable[Case] = (), **settings: str) -> Iterator[Site]:
    """Run a line with these settings besides, and a proxy in front of it."""
    own, proxy = free_port(), Proxy(folder)
    _, certificate = certified(folder)
    url = f"https://127.0.0.1:{proxy.secure}"
    settings |= {"BRIDGE_HOST": "127.0.0.1", "BRIDGE_PID_FILE": str(folder / "bridge.pid")}
    with (
        real_server(settings, port=own, public=url, cases=cases) as server,
        ExitStack() as later,
        proxy.leading_to(own),
    ):
        yield Site(server, proxy, certificate, later)


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
