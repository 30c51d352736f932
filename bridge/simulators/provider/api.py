"""Serves the part of the provider's REST API that lists, fetches and deletes recordings, over real HTTP."""

import hmac
import json
import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, Unauthorized
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from bridge.simulators.provider import applications
from bridge.simulators.provider.account import TWILIO, Profile
from bridge.simulators.provider.functions import FunctionHost
from bridge.simulators.provider.recording_store import ProviderRecordings, StoredRecording, StoreRecording
from bridge.simulators.provider.wire import new_session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PathValues = Mapping[str, Any]
"""The parts of an address, by name."""


_UPPER = re.compile(r"([A-Z])")


def _urls(accounts: str) -> Map:
    account = f"{accounts}/<account>"
    return Map(
        [
            Rule(f"{account}/Calls/<call>/Recordings.json", endpoint="listed", methods=["GET"]),
            Rule(f"{account}/Recordings/<name>.json", endpoint="described", methods=["GET"]),
            Rule(f"{account}/Recordings/<name>.wav", endpoint="played", methods=["GET"]),
            Rule(f"{account}/Recordings/<name>.json", endpoint="deleted", methods=["DELETE"]),
            # No provider has such a thing: a phone in another process hands over what its caller left.
            Rule(f"{account}/Calls/<call>/Recordings/<name>/<int:seconds>", endpoint="kept", methods=["PUT"]),
            Rule("/media/<name>.wav", endpoint="media", methods=["GET"]),
            Rule(f"{account}/IncomingPhoneNumbers.json", endpoint="numbers", methods=["GET"]),
            Rule(f"{account}/IncomingPhoneNumbers/<name>.json", endpoint="number_changed", methods=["POST"]),
            Rule(f"{account}.json", endpoint="account_told", methods=["GET"]),
            Rule(f"{account}/OutgoingCallerIds.json", endpoint="verified", methods=["GET"]),
        ]
    )


class RestApi:
    """Serves one account's `recordings` on this machine while the `with` block runs.

    - `port` 0 takes any free one; `url` is what the bridge is told as the provider's address.
    - `early`: so many times each sound is asked for before it is ready, as happens right after a call.
    - `profile` is the provider whose API it is: its paths, and how it is opened.
    - `numbers` are the account's own, each with its settings by the API's names; `verified` are further ones
      that it may show; `state` is the account's own, such as a suspended one.
    - `protected`: sounds are given only to the account, as its console can be told.
    - `functions` hosts functions, where the provider does so.
    - `asked` counts requests by `METHOD what`, such as `DELETE recording`.
    """

    def __init__(
        self,
        account: str,
        token: str,
        recordings: ProviderRecordings | None = None,
        *,
        port: int = 0,
        early: int = 0,
        profile: Profile = TWILIO,
    ) -> None:
        """Bind the port; requests are answered once the `with` block begins."""
        self.recordings = recordings or ProviderRecordings()
        self.asked: Counter[str] = Counter()
        self.numbers: dict[str, dict[str, Any]] = {}
        self.verified: set[str] = set()
        self.protected = True
        self.functions = FunctionHost()
        self.state = {"status": "active", "type": "Full"}
        self._account, self.token, self.early = account, token, early
        self._profile, self._urls = profile, _urls(profile.accounts)
        self._fetched: Counter[str] = Counter()
        self._http = make_server("127.0.0.1", port, self, threaded=True, request_handler=_SilentHandler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self.url = f"http://127.0.0.1:{self._http.port}"

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop and give the port back."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request, as a WSGI application does."""
        request = Request(environ)
        try:
            if self._profile.functions and request.path.startswith("/v1/Services"):
                self.asked[f"{request.method} functions"] += 1
                self._check(request, self._account)
                return self.functions.answer(request)(environ, start_response)
            if self._profile.applications and applications.is_asked(request.path):
                self.asked[f"{request.method} application"] += 1
                self._check(request, self._account)
                return applications.answer(request, self.numbers, self.verified)(environ, start_response)
            endpoint, values = self._urls.bind_to_environ(environ).match()
            # The address of a medium opens it by itself, for some minutes.
            if endpoint != "media" and (self.protected or endpoint != "played"):
                self._check(request, values["account"])
            answer: Response | HTTPException = getattr(self, f"_{endpoint}")(request, values)
        except HTTPException as error:
            answer = error
        return answer(environ, start_response)

    def _check(self, request: Request, account: str) -> None:
        """Raise Unauthorized without the account's token, and NotFound for another account."""
        given = request.authorization
        if self._profile.bearer:
            proof, needed = (given.token or "") if given and given.type == "bearer" else "", self.token
        else:
            proof = f"{given.username}:{given.password}" if given and given.type == "basic" else ""
            needed = f"{self._account}:{self.token}"
        if not hmac.compare_digest(proof.encode(), needed.encode()):
            raise Unauthorized
        if account != self._account:
            raise NotFound

    def _listed(self, _request: Request, values: PathValues) -> Response:
        self.asked["GET list"] += 1
        newest_first = reversed(self.recordings.of_call(values["call"]))
        return _json({"recordings": [self._entry(one) for one in newest_first]})

    def _described(self, _request: Request, values: PathValues) -> Response:
        self.asked["GET entry"] += 1
        return _json(self._entry(self._found(values)))

    def _played(self, _request: Request, values: PathValues) -> Response:
        if self._profile.media:
            raise NotFound
        return self._media(_request, values)

    def _media(self, _request: Request, values: PathValues) -> Response:
        self.asked["GET sound"] += 1
        recording = self._found(values)
        self._fetched[recording.id] += 1
        if self._fetched[recording.id] <= self.early:
            raise NotFound
        return Response(recording.sound, mimetype="audio/x-wav")

    def _deleted(self, _request: Request, values: PathValues) -> Response:
        self.asked["DELETE recording"] += 1
        if not self._profile.deletes:
            raise MethodNotAllowed
        if not self.recordings.remove(values["name"]):
            raise NotFound
        return Response(status=204)

    def _kept(self, request: Request, values: PathValues) -> Response:
        self.asked["PUT recording"] += 1
        self.recordings.put(
            StoredRecording(values["name"], values["call"], values["seconds"], request.get_data())
        )
        return Response(status=204)

    def own(self, number: str, **settings: str) -> None:
        """Give the account a number (E.164), set up as `settings` say."""
        sid = self._profile.number_id(len(self.numbers))
        self.numbers[number] = {"sid": sid, "phone_number": number, **settings}

    def _numbers(self, request: Request, _values: PathValues) -> Response:
        self.asked["GET numbers"] += 1
        asked = request.args.get("PhoneNumber", "")
        found = [row for number, row in self.numbers.items() if asked in {"", number}]
        return _json({"incoming_phone_numbers": found})

    def _number_changed(self, request: Request, values: PathValues) -> Response:
        self.asked["POST number"] += 1
        row = next((row for row in self.numbers.values() if row["sid"] == values["name"]), None)
        if row is None:
            raise NotFound
        # VoiceUrl is voice_url in answers.
        told = {_UPPER.sub(r"_\1", name).lower().lstrip("_"): value for name, value in request.form.items()}
        row |= {
            name: value for name, value in told.items() if self._profile.fallback or "fallback" not in name
        }
        return _json(row)

    def _account_told(self, _request: Request, _values: PathValues) -> Response:
        self.asked["GET account"] += 1
        return _json({"sid": self._account, **self.state})

    def _verified(self, request: Request, _values: PathValues) -> Response:
        self.asked["GET verified"] += 1
        if not self._profile.verified:
            raise NotFound
        asked = request.args.get("PhoneNumber", "")
        return _json(
            {"outgoing_caller_ids": [{"phone_number": one} for one in self.verified if one == asked]}
        )

    def _found(self, values: PathValues) -> StoredRecording:
        recording = self.recordings.get(values["name"])
        if recording is None:
            raise NotFound
        return recording

    def _entry(self, recording: StoredRecording) -> dict[str, str]:
        ready = self._fetched[recording.id] >= self.early
        return {
            "sid": recording.id,
            "account_sid": self._account,
            "call_sid": recording.call,
            "status": "completed" if ready else "processing",
            "duration": str(recording.seconds),
            "source": "RecordVerb",
            **({"media_url": f"{self.url}/media/{recording.id}.wav"} if self._profile.media else {}),
        }


def upload_to(url: str, account: str, token: str, profile: Profile = TWILIO) -> StoreRecording:
    """Return a `StoreRecording` for a phone in another process than the RestApi at `url`.

    The returned function raises requests.HTTPError when the API refuses.
    """

    def keep(recording: StoredRecording) -> None:
        place = f"{url}{profile.accounts}/{account}/Calls/{recording.call}/Recordings"
        opened: dict[str, Any] = {"auth": (account, token)}
        if profile.bearer:
            opened = {"headers": {"Authorization": f"Bearer {token}"}}
        with new_session() as session:
            session.put(
                f"{place}/{recording.id}/{recording.seconds}",
                data=recording.sound,
                timeout=10,
                **opened,
            ).raise_for_status()

    return keep


def _json(content: Mapping[str, object]) -> Response:
    return Response(json.dumps(content), mimetype="application/json")


class _SilentHandler(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Log nothing: the terminal belongs to whoever phones."""
