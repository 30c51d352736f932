"""The office that is put into service on a fresh machine: its people's answers, its Tagor, and who phones."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLContext
from typing import Any

from fresh_root import FreshRoot
from requests.adapters import HTTPAdapter
from telephony_sounds import certified  # a certificate that vouches for itself

from bridge.simulators.provider.account import PhoneLine
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.wire import Form, Post, Reply, http, new_session
from bridge.simulators.tagor import CASES, StandIn

NAME = "phone.claes.example.be"
"""The name that the reader has; it leads to this machine."""
NUMBER, SWITCHBOARD = "+3225550001", "+3225550010"
ACCOUNT, TOKEN = "AC" + "5b" * 16, "4f1c9a07d2e6b583" * 2
SECRET = "0123456789abcdef" * 4
SARAH = next(case for case in CASES if case.name == "Sarah Johnson")
AUTHORITY = "/etc/bridge/authority.pem"


@dataclass(frozen=True)
class Office:
    """What the office has already when it takes the bridge: a Tagor and an account, each behind TLS."""

    tagor: StandIn
    api: RestApi
    certificate: str

    @property
    def answers(self) -> str:
        """What its people answer to `bridge office new`, one line for each question."""
        return "\n".join(
            (
                "twilio",
                "Kantoor Claes",
                NUMBER,
                "en,nl",
                "Market 1",
                "Markt 1",
                "BE68 5390 0754 7034",
                SWITCHBOARD,
                "",  # nobody else
                SWITCHBOARD,
                secure(self.tagor.url),
                "TAGOR_KEY",
                "monday-friday 09:00-17:00",
                "",
            )
        )

    @property
    def settings(self) -> Mapping[str, str]:
        """What they fill in where the example is empty, and where the Twilio of this machine is."""
        return {
            "BRIDGE_PUBLIC_URL": f"https://{NAME}",
            "BRIDGE_ACCOUNT": ACCOUNT,
            "BRIDGE_TOKENS": TOKEN,
            "BRIDGE_SECRET": SECRET,
            "TAGOR_KEY": self.tagor.key,
            "BRIDGE_PROVIDER_API": secure(self.api.url),
            "BRIDGE_PROVIDER_CA": AUTHORITY,
        }

    def fill_in(self, root: FreshRoot, file: str) -> None:
        """Write the settings into a copy of `bridge.env.example`, and which authority vouches for Tagor."""
        kept = [
            row for row in root.path(file).read_text().splitlines() if row.split("=")[0] not in self.settings
        ]
        filled = [f"{name}={value}" for name, value in self.settings.items()]
        root.path(file).write_text("\n".join([*kept, *filled, ""]))
        self.trust(root)

    def trust(self, root: FreshRoot) -> None:
        """Say in the office file which authority vouches for Tagor, as its comment shows."""
        office = root.path("/etc/bridge/offices/myoffice.toml")
        shown = '# ca_file = "tagor-ca.pem"'
        assert shown in office.read_text()
        office.write_text(office.read_text().replace(shown, f'ca_file = "{AUTHORITY}"'))
        root.write(AUTHORITY, self.certificate)

    def hears_the_balance(self, post: Post) -> None:
        """Let Sarah phone: every webhook is signed over the public address, and she hears what she owes."""
        public = f"https://{NAME}"
        line = PhoneLine(
            voice_url=f"{public}/voice",
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            number=NUMBER,
            fallback_url=f"{public}/voice/fallback",
            status_url=f"{public}/voice/status",
            owned=frozenset({SWITCHBOARD}),
        )
        phone = Phone(line, SARAH.phone or "", post=post).ring().press("1").press(str(SARAH.pin))
        assert any("318 euros" in heard.text for heard in phone.heard), phone.heard
        phone.hang_up()
        assert phone.faults == []


def post_to(address: str, certificate: str = "") -> Post:
    """Post there whatever goes to the office's name, as a provider does that trusts this certificate."""
    session = new_session()
    session.verify = certificate or True
    if certificate:  # the certificate is for the name, wherever that leads
        adapter = HTTPAdapter()
        adapter.init_poolmanager(1, 1, server_hostname=NAME, assert_hostname=NAME)
        session.mount("https://", adapter)
    post = http(session, 2.0, 15.0, 65_536)

    def posted(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        return post(url.replace(f"https://{NAME}", address), form, {**headers, "Host": NAME})

    return posted


def secure(url: str) -> str:
    """Give the address of a stand-in whose socket speaks TLS."""
    return url.replace("http://", "https://")


@contextmanager
def office_of_claes(folder: Path) -> Iterator[Office]:
    """Run the office's Tagor and its account at the simulated Twilio, behind one certificate of their own."""
    context, certificate = certified(folder)
    with ExitStack() as ends:
        tagor = ends.enter_context(StandIn(0))
        api = ends.enter_context(RestApi(ACCOUNT, TOKEN))
        _speak_tls(tagor._server, context)
        _speak_tls(api._http, context)
        api.own(NUMBER)
        api.verified.add(SWITCHBOARD)
        yield Office(tagor, api, Path(certificate).read_text())


def _speak_tls(server: Any, context: SSLContext) -> None:  # noqa: ANN401 - either kind of socketserver
    server.socket = context.wrap_socket(server.socket, server_side=True)
