"""A telephony provider for tests: it signs with twilio's own validator and posts to the real blueprint."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from bridge.conversation.reply import DialTarget, Said, Whisper
from bridge.flow.inbound import CallEvent, FallbackRequest
from bridge.telephony import voices
from bridge.telephony.call_handler import CallHandler, ProviderAccount
from bridge.telephony.fallback_documents import FallbackDocuments, FallbackSet
from bridge.telephony.providers import TWILIO
from bridge.telephony.twiml import Renderer
from bridge.telephony.webhooks import voice_blueprint

PUBLIC = "https://bridge.example.be"
ACCOUNT = "AC" + "0a" * 16
CALL = "CA" + "1b" * 16
RECORDING = "RE" + "2c" * 16
SECRETS = ("new secret", "old secret")
VECTOR_FIELDS = [
    ("AccountSid", "b3877c40-da60-4998-90ad-b792e98472af"),
    ("ApiVersion", "2010-04-01"),
    ("CallSid", "7a3d1f1e-5c1b-4c2e-9f0a-0d8c2b7e4a11"),
    ("CallStatus", "in-progress"),
    ("Digits", "1"),
    ("Direction", "inbound"),
    ("From", "+32470000001"),
    ("To", "+3220000001"),
]
"""The fields of which published signatures are known."""


ACCOUNT_GIVEN = ProviderAccount(
    public_url=PUBLIC, provider=TWILIO, account=ACCOUNT, secrets=SECRETS, signing_keys=["shared key"]
)


class Bridge(CallHandler):
    """A call handler for tests: it remembers what it was told and answers with a fixed document."""

    def __init__(self, logged: Sequence[MutableMapping[str, Any]]) -> None:
        self.renderer = Renderer(PUBLIC, TWILIO, voices.choose(TWILIO.voices))
        self.heard: list[CallEvent] = []
        self.fallbacks: list[FallbackRequest] = []
        self.over: list[str] = []
        self.whispered: list[Whisper] = []
        self.reports: list[tuple[str, str]] = []
        self.logged = logged
        self.trouble: Exception | None = None
        self.admitted: Callable[[CallEvent], bool] = lambda _ring: True
        self.reply = self.renderer.fallback_document([Said("Goedendag.", "nl")])
        self.words = self.renderer.whisper([Said("Een beller.", "nl")], [Said("Toets 1.", "nl")])
        self.sorry = self.renderer.fallback_document(
            [Said("Er ging iets mis.", "nl")],
            DialTarget("+3225550100", "+3225550199"),
            [Said("Tot later.", "nl")],
        )
        self.bye = self.renderer.fallback_document([Said("Tot ziens.", "nl")])
        self.later = self.renderer.fallback_document([Said("Belt u later terug.", "nl")])
        self.sorry_elsewhere = self.renderer.fallback_document([Said("Une erreur s'est produite.", "fr")])

    def admit(self, ring: CallEvent) -> bool:
        return self.admitted(ring)

    def take(self, event: CallEvent) -> bytes:
        self._stumble()
        self.heard.append(event)
        return self.reply

    def fallback(self, request: FallbackRequest) -> bytes:
        self._stumble()
        self.fallbacks.append(request)
        return self.reply

    def ended(self, call_id: str) -> None:
        self._stumble()
        self.over.append(call_id)

    def recorded(self, call_id: str, status: str) -> None:
        self._stumble()
        self.reports.append((call_id, status))

    def whisper(self, whisper: Whisper) -> bytes:
        self._stumble()
        self.whispered.append(whisper)
        return self.words

    def opened(self, account: ProviderAccount = ACCOUNT_GIVEN, otherwise: bytes = b"") -> FlaskClient:
        """Open the line: a client of an app that has nothing but its blueprint."""
        documents = FallbackDocuments(
            account,
            {} if otherwise else {"+3225550200": FallbackSet(self.sorry_elsewhere, self.bye, self.later)},
            FallbackSet(otherwise or self.sorry, self.bye, self.later),
        )
        app = Flask("line")
        app.register_blueprint(voice_blueprint(account, self, documents))
        return app.test_client()

    @property
    def refused(self) -> list[str]:
        """The reasons of all refusals that were logged."""
        return [str(line["reason"]) for line in self.logged if line["event"] == "refused"]

    @property
    def failed(self) -> list[tuple[str, str]]:
        """The view and the place of all failures that were logged."""
        return [(line["view"], line["where"]) for line in self.logged if line["event"] == "failed"]

    @property
    def told(self) -> list[object]:
        """Everything that was heard, brought back, ended, whispered or recorded."""
        return [*self.heard, *self.fallbacks, *self.over, *self.whispered, *self.reports]

    @property
    def untouched(self) -> bool:
        """Whether nothing was heard, brought back, ended, whispered or recorded."""
        return not self.told

    def forget(self) -> None:
        """Forget everything that was told."""
        for told in (self.heard, self.fallbacks, self.over, self.whispered, self.reports):
            told.clear()

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
