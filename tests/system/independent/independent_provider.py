"""A telephony provider that knows nothing of the bridge but its documents: standard library only.

It signs and posts webhooks as Twilio does and follows the TwiML it gets. It delivers some webhooks twice, at
the same time or late, tries a broken connection once more, and then asks the fallback address.
"""

import base64
import hashlib
import hmac
import http.client
import threading
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode, urlsplit

SECONDS = 15.0
"""How long the provider waits for an answer."""


@dataclass(frozen=True)
class Account:
    """What the office set up at the provider: its number, its addresses and the account's secret."""

    sid: str
    token: str = field(repr=False)
    number: str
    public: str


@dataclass
class Document:
    """One answer of the bridge: what is spoken, and what happens then.

    `verb` is the first verb that decides what happens next: Gather, Dial, Record, Redirect or Hangup.
    """

    spoken: list[str]
    verb: str
    address: str


def read(body: bytes) -> Document:
    """Read a TwiML document; raises `ET.ParseError` when it is none."""
    spoken: list[str] = []
    response = ET.fromstring(body)  # noqa: S314 - the document is the bridge's own
    for verb in response:
        if verb.tag == "Say":
            spoken.append("".join(verb.itertext()))
            continue
        if verb.tag == "Gather":
            spoken += ["".join(said.itertext()) for said in verb.iter("Say")]
            return Document(spoken, "Gather", verb.get("action", ""))
        if verb.tag in ("Dial", "Record"):
            return Document(spoken, verb.tag, verb.get("action", ""))
        if verb.tag == "Redirect":
            return Document(spoken, "Redirect", verb.text or "")
        if verb.tag == "Hangup":
            break
    return Document(spoken, "Hangup", "")


@dataclass
class Delivery:
    """One webhook as it was posted, so that it can be posted again to the letter."""

    path: str
    body: bytes
    signature: str
    answers: list[bytes] = field(default_factory=list)


class Line:
    """One call's line to the bridge: posts its webhooks, some of them more than once."""

    def __init__(self, account: Account, caller: str, rng: Random) -> None:
        self._account, self._rng = account, rng
        self.call = "CA" + f"{rng.getrandbits(128):032x}"
        self._parties = {
            "AccountSid": account.sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.call,
            "CallStatus": "in-progress",
            "Called": account.number,
            "Caller": caller,
            "Direction": "inbound",
            "From": caller,
            "To": account.number,
        }
        self.deliveries: list[Delivery] = []
        self._late: list[threading.Thread] = []
        self._pause = threading.Event()

    def ask(self, address: str, **fields: str) -> Document:
        """Post one webhook and read its answer; falls back like the provider when none comes."""
        delivery = self._signed(address, fields)
        self.deliveries.append(delivery)
        twin = self._rng.random() < 0.15 and threading.Thread(target=self._post, args=(delivery,))
        if twin:
            twin.start()
        body = self._post(delivery)
        if body is None:
            body = self._post(delivery)  # the provider tries a broken connection once more
        if twin:
            twin.join()
        if body is None:
            body = self._fall_back()
        self._repeat_some()
        return read(body)

    def hang_up(self) -> None:
        """Tell the bridge that the call is over, and wait for what is still under way."""
        self._post(self._signed("/voice/status", {"CallStatus": "completed", "CallDuration": "60"}))
        for late in self._late:
            late.join()

    def replay(self) -> list[bytes]:
        """Post every webhook of the finished call again, to the letter; give the answers."""
        answers = []
        for delivery in self.deliveries:
            answer = self._post(delivery)
            answers.append(answer if answer is not None else b"")
        return answers

    def _repeat_some(self) -> None:
        """A router brings an old webhook a second time, or brings it late."""
        if self._rng.random() < 0.2:
            old = self._rng.choice(self.deliveries)
            if self._rng.random() < 0.5:
                self._post(old)
            else:
                late = threading.Timer(self._rng.uniform(0.05, 1.5), self._post, args=(old,))
                late.start()
                self._late.append(late)

    def _fall_back(self) -> bytes:
        """Ask the fallback address until it answers: a killed worker is back within seconds."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            fields = {"ErrorCode": "11200", "ErrorUrl": self._account.public + self.deliveries[-1].path}
            body = self._post(self._signed("/voice/fallback", fields))
            if body is not None:
                return body
            self._pause.wait(0.2)
        raise AssertionError("the bridge did not answer its fallback for half a minute")

    def _signed(self, address: str, fields: dict[str, str]) -> Delivery:
        path = urlsplit(address).path
        form = {**self._parties, **fields}
        signed = self._account.public + path + "".join(name + form[name] for name in sorted(form))
        digest = hmac.digest(self._account.token.encode(), signed.encode(), hashlib.sha1)
        return Delivery(path, urlencode(form).encode(), base64.b64encode(digest).decode())

    def _post(self, delivery: Delivery) -> bytes | None:
        """One attempt; None when the connection broke or the answer is no document."""
        host = urlsplit(self._account.public).netloc
        connection = http.client.HTTPConnection(host, timeout=SECONDS)
        try:
            connection.request(
                "POST",
                delivery.path,
                delivery.body,
                {
                    "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
                    "X-Twilio-Signature": delivery.signature,
                },
            )
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer.status not in (200, 204):
            return None
        delivery.answers.append(body)
        return body
