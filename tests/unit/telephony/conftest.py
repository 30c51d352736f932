"""A telephony provider for tests: it signs with twilio's own validator and posts to the real blueprint."""

import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from bridge.conversation.reply import Dial, Said, Whisper
from bridge.flow.inbound import CallEvent
from bridge.telephony import voices
from bridge.telephony.provider import TWILIO
from bridge.telephony.twiml import Renderer
from bridge.telephony.views import CallHandler, blueprint

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

PUBLIC = "https://bridge.example.be"
ACCOUNT = "AC" + "0a" * 16
CALL = "CA" + "1b" * 16
RECORDING = "RE" + "2c" * 16
SECRETS = ("new secret", "old secret")


class Bridge:
    """What stands behind the line in tests: it remembers what it was told and answers with a fixed reply."""

    def __init__(self) -> None:
        self.renderer = Renderer(PUBLIC, TWILIO, voices.choose(TWILIO.voices))
        self.heard: list[CallEvent] = []
        self.fallbacks: list[tuple[CallEvent, str]] = []
        self.ended: list[str] = []
        self.whispered: list[Whisper] = []
        self.recorded: list[tuple[str, str, str]] = []
        self.refused: list[str] = []
        self.failed: list[tuple[str, str]] = []
        self.trouble: Exception | None = None
        self.reply = self.renderer.last_words([Said("Goedendag.", "nl")])
        self.words = self.renderer.whisper([Said("Een beller.", "nl")], [Said("Toets 1.", "nl")])
        self.sorry = self.renderer.last_words(
            [Said("Er ging iets mis.", "nl")], Dial("+3225550100", "+3225550199"), [Said("Tot later.", "nl")]
        )
        self.sorry_elsewhere = self.renderer.last_words([Said("Une erreur s'est produite.", "fr")])

    def take(self, heard: CallEvent) -> bytes:
        self._stumble()
        self.heard.append(heard)
        return self.reply

    def fallback(self, ring: CallEvent, code: str) -> bytes:
        self._stumble()
        self.fallbacks.append((ring, code))
        return self.reply

    def hung_up(self, call: str) -> None:
        self._stumble()
        self.ended.append(call)

    def whisper(self, whisper: Whisper) -> bytes:
        self._stumble()
        self.whispered.append(whisper)
        return self.words

    def heard_of(self, call: str, recording: str, status: str) -> None:
        self._stumble()
        self.recorded.append((call, recording, status))

    def saw_failure(self, view: str, what: str) -> None:
        self.failed.append((view, what))

    def settings(self) -> dict[str, object]:
        """Give everything a line needs."""
        return {
            "public_url": PUBLIC,
            "provider": TWILIO,
            "account": ACCOUNT,
            "secrets": SECRETS,
            "take": self.take,
            "fallback": self.fallback,
            "hung_up": self.hung_up,
            "last_words": {"": self.sorry, "+3225550200": self.sorry_elsewhere},
            "refused": self.refused.append,
            "failed": self.saw_failure,
            "whisper": self.whisper,
            "recorded": self.heard_of,
        }

    def line(self, **changes: object) -> CallHandler:
        return CallHandler(**(self.settings() | changes))

    def opened(self, **changes: object) -> FlaskClient:
        """Open the line: a client of an app that has nothing but its blueprint."""
        return self.open_with(self.settings() | changes)

    def open_with(self, settings: Mapping[str, object]) -> FlaskClient:
        """Open a line with these settings and no others."""
        app = Flask("line")
        app.register_blueprint(blueprint(CallHandler(**settings)))
        return app.test_client()

    def plain(self, public: str) -> bytes:
        """Give last words for a line at another address."""
        return Renderer(public, TWILIO, voices.choose(TWILIO.voices)).last_words([Said("Dag.", "nl")])

    def _stumble(self) -> None:
        if self.trouble:
            raise self.trouble


class Twilio:
    """Posts webhooks as Twilio does: form-encoded, signed over the public address and every parameter."""

    def __init__(self, client: FlaskClient, public: str = PUBLIC) -> None:
        self.client = client
        self.public = public

    def fields(self, **changes: str | None) -> dict[str, str]:
        """Give a webhook's usual parameters; a change to None leaves one out."""
        usual = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "CallSid": CALL,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "From": "+32470000001",
            "FromCountry": "BE",
            "To": "+3225550101",
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def report(self, **changes: str | None) -> dict[str, str]:
        """Give what Twilio posts about a recording, which is little of the call; None leaves one out."""
        usual = {
            "AccountSid": ACCOUNT,
            "CallSid": CALL,
            "ErrorCode": "0",
            "RecordingChannels": "1",
            "RecordingDuration": "12",
            "RecordingSid": RECORDING,
            "RecordingSource": "RecordVerb",
            "RecordingStartTime": "Thu, 29 Jul 2021 06:59:25 +0000",
            "RecordingStatus": "completed",
            "RecordingUrl": f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}",
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def sign(self, path: str, fields: Mapping[str, str], secret: str = SECRETS[0]) -> str:
        return RequestValidator(secret).compute_signature(self.public + path, fields)

    def post(self, path: str = "/voice", **changes: str | None) -> TestResponse:
        """Post a properly signed webhook."""
        return self.post_fields(path, self.fields(**changes))

    def post_report(self, **changes: str | None) -> TestResponse:
        """Post a properly signed report about a recording."""
        return self.post_fields("/voice/recording", self.report(**changes))

    def post_fields(self, path: str, fields: Mapping[str, str]) -> TestResponse:
        """Post these parameters and no others, properly signed."""
        return self.post_raw(path, urlencode(fields), self.sign(path, fields))

    def post_raw(
        self,
        path: str,
        body: str | bytes,
        signature: str | None,
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> TestResponse:
        """Post any bytes with any signature, or none."""
        signed = {"X-Twilio-Signature": signature} if signature is not None else {}
        sent = {"content_type": "application/x-www-form-urlencoded; charset=UTF-8"} | more
        return self.client.post(path, data=body, headers=signed | dict(headers or {}), **sent)


@pytest.fixture
def bridge() -> Bridge:
    return Bridge()


@pytest.fixture
def twilio(bridge: Bridge) -> Twilio:
    return Twilio(bridge.opened())
