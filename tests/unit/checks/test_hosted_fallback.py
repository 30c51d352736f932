"""The function that the provider hosts: back into the call while the bridge is ready, else an apology."""

import json
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from xml.etree import ElementTree as ET

import pytest
from shared_programs import needed

from bridge.checks.hosted_fallback import function_source
from bridge.telephony.providers.twilio import TWILIO

DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?><Response><Say>"Zoë" & <b>\\</Say></Response>'
# What Twilio gives a function, and one run of it whose answer is printed.
RUN = """
global.Twilio = {{ Response: class {{
  appendHeader(name, value) {{ this.header = [name, value]; }}
  setBody(body) {{ this.body = body; }}
}} }};
{source}
exports.handler({{}}, {event}, (trouble, response) => console.log(JSON.stringify(response)));
"""


class Bridge:
    """Something at the bridge's address, which answers every question with one status, or never."""

    def __init__(self) -> None:
        self.status, self.asked, self.over = 200, list[str](), Event()
        bridge = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                bridge.asked.append(self.path)
                if not bridge.status:
                    bridge.over.wait(30)
                    return
                self.send_response(bridge.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    opened = Bridge()
    yield opened
    opened.close()


def answer(bridge: Bridge, error_url: str, look_seconds: float = 20) -> str:
    """What the function answers when the provider could not use the reply from `error_url`."""
    source = function_source(bridge.url, DOCUMENT.encode(), TWILIO.fragment, look_seconds=look_seconds)
    run = RUN.format(source=source, event=json.dumps({"ErrorUrl": error_url, "ErrorCode": "11200"}))
    done = subprocess.run([needed("node", "nodejs"), "-e", run], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    told = json.loads(done.stdout)
    assert told["header"] == ["Content-Type", "text/xml"]
    return str(told["body"])


def test_a_caller_goes_back_into_the_call_while_the_bridge_is_ready(bridge: Bridge):
    """The turn failed, the bridge did not: it is asked once, and leads the call on, with short time-outs."""
    [back] = ET.fromstring(answer(bridge, f"{bridge.url}/voice/turn/3"))  # noqa: S314 - ours
    assert (back.tag, back.attrib) == ("Redirect", {"method": "POST"})
    assert back.text == f"{bridge.url}/voice/fallback#ct=2000&rt=5000&rc=1&rp=ct,rt,5xx&e=dublin,frankfurt"
    assert bridge.asked == ["/readyz"]


@pytest.mark.parametrize(("status", "look_seconds"), [(503, 20), (404, 20), (0, 0.2)])
def test_without_a_ready_bridge_the_caller_hears_the_apology(
    bridge: Bridge, status: int, look_seconds: float
):
    """It says no, is something else, or does not answer in time."""
    bridge.status = status
    assert answer(bridge, f"{bridge.url}/voice", look_seconds) == DOCUMENT


def test_without_a_machine_the_caller_hears_the_apology(bridge: Bridge):
    """Nothing listens at the bridge's address."""
    bridge.close()
    assert answer(bridge, f"{bridge.url}/voice") == DOCUMENT


def test_a_bridge_whose_fallback_failed_is_not_asked_again(bridge: Bridge):
    """It calls itself ready and fails all the same: the caller would go round in a circle."""
    assert answer(bridge, f"{bridge.url}/voice/fallback") == DOCUMENT
    assert bridge.asked == []
