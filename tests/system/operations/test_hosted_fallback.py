"""What `bridge connect` hosts at the provider: it serves a caller while the line is down, else leads back."""

import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import pytest
import requests
from shared_process import until
from shared_programs import needed
from shared_server import Server, is_ready, real_server

from bridge.checks.provider_numbers import Connection
from bridge.settings import Settings
from bridge.simulators.demo import line_of
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.recording_store import discard_recording
from bridge.simulators.provider.wire import Form, Reply, http, new_session
from bridge.simulators.tagor import CASES

ACCOUNT, TOKEN = "AC" + "0a1b2c3d" * 4, "3f1e5a7b9c2d4068"
SARAH = next(case for case in CASES if case.name == "Sarah Johnson")


class Connected(NamedTuple):
    """A line whose numbers `bridge connect` has set up, and the provider's side."""

    server: Server
    api: RestApi
    session: requests.Session

    def phone(self, *, loses: str = "never") -> Phone:
        """Make a handset; whatever is posted to an address that holds `loses` finds no answer."""
        number = self.server.card.number
        line = replace(
            line_of(self.server.card, discard_recording),
            fallback_url=self.api.numbers[number]["voice_fallback_url"],
        )
        real = http(self.session, 2.0, 5.0, 100_000)

        def post(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
            if ".twil.io/" in url:
                return self.api.functions.run(url, dict(form or ()))
            return (502, {}, b"") if loses in url else real(url, form, headers)

        return Phone(line, SARAH.phone or "", post=post)


@pytest.fixture
def connected() -> Iterator[Connected]:
    needed("node", "nodejs")  # the function is JavaScript
    account = {"BRIDGE_ACCOUNT": ACCOUNT, "BRIDGE_TOKENS": TOKEN}
    with (
        RestApi(ACCOUNT, TOKEN) as api,
        new_session() as session,
        real_server({**account, "BRIDGE_PROVIDER_API": api.url}) as server,
    ):
        for number in ("+3220000001", "+3220000002"):
            api.own(number)
        Connection(Settings.read(server.environ), server.environ).carry_out()
        yield Connected(server, api, session)


def test_a_lost_turn_leads_back_into_the_call_and_a_line_that_is_down_to_the_switchboard(
    connected: Connected,
):
    """The call goes on as if nothing had been; without a line, every language is there at the provider."""
    phone = connected.phone(loses="/voice/turn/2").ring().press("1")
    assert phone.dialled == []
    assert phone.state == "listening"
    phone = connected.phone().ring().press("1")
    connected.server.process.send_signal(signal.SIGTERM)
    until(lambda: connected.server.process.poll() is not None)
    port = int(connected.server.environ["BRIDGE_PORT"])
    until(lambda: not is_ready(port))
    phone.press(str(SARAH.pin))
    assert {heard.language[:2] for heard in phone.last} == {"nl", "fr", "de", "en"}
    assert phone.dialled == ["+3220000010"]
    assert phone.miss_transfer().ended_by == "hangup"
