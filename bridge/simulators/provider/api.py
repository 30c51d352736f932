"""Serves the part of the provider's REST API that lists, fetches and deletes recordings, over real HTTP."""

import hmac
import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from werkzeug.exceptions import HTTPException, NotFound, Unauthorized
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from bridge.simulators.provider.recording_store import ProviderRecordings, StoredRecording, StoreRecording
from bridge.simulators.provider.wire import new_session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_ACCOUNT = "/2010-04-01/Accounts/<account>"
PathValues = Mapping[str, Any]
"""The parts of an address, by name."""

_URLS = Map(
    [
        Rule(f"{_ACCOUNT}/Calls/<call>/Recordings.json", endpoint="listed", methods=["GET"]),
        Rule(f"{_ACCOUNT}/Recordings/<name>.json", endpoint="described", methods=["GET"]),
        Rule(f"{_ACCOUNT}/Recordings/<name>.wav", endpoint="played", methods=["GET"]),
        Rule(f"{_ACCOUNT}/Recordings/<name>.json", endpoint="deleted", methods=["DELETE"]),
        # Twilio has no such thing: a phone in another process hands over what its caller left.
        Rule(f"{_ACCOUNT}/Calls/<call>/Recordings/<name>/<int:seconds>", endpoint="kept", methods=["PUT"]),
    ]
)


class RestApi:
    """Serves one account's `recordings` on this machine while the `with` block runs.

    - `port` 0 takes any free one; `url` is what the bridge is told as the provider's address.
    - `early`: so many times each sound is asked for before it is ready, as happens right after a call.
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
    ) -> None:
        """Bind the port; requests are answered once the `with` block begins."""
        self.recordings = recordings or ProviderRecordings()
        self.asked: Counter[str] = Counter()
        self._account, self._token, self._early = account, token, early
        self._fetched: Counter[str] = Counter()
        self._http = make_server("127.0.0.1", port, self, threaded=True, request_handler=_Quiet)
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
            endpoint, values = _URLS.bind_to_environ(environ).match()
            self._check(request, values["account"])
            answer: Response | HTTPException = getattr(self, f"_{endpoint}")(request, values)
        except HTTPException as error:
            answer = error
        return answer(environ, start_response)

    def _check(self, request: Request, account: str) -> None:
        """Raise Unauthorized without the account's token, and NotFound for another account."""
        given = request.authorization
        proof = f"{given.username}:{given.password}" if given and given.type == "basic" else ""
        if not hmac.compare_digest(proof.encode(), f"{self._account}:{self._token}".encode()):
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
        self.asked["GET sound"] += 1
        recording = self._found(values)
        self._fetched[recording.id] += 1
        if self._fetched[recording.id] <= self._early:
            raise NotFound
        return Response(recording.sound, mimetype="audio/x-wav")

    def _deleted(self, _request: Request, values: PathValues) -> Response:
        self.asked["DELETE recording"] += 1
        if not self.recordings.remove(values["name"]):
            raise NotFound
        return Response(status=204)

    def _kept(self, request: Request, values: PathValues) -> Response:
        self.asked["PUT recording"] += 1
        self.recordings.put(
            StoredRecording(values["name"], values["call"], values["seconds"], request.get_data())
        )
        return Response(status=204)

    def _found(self, values: PathValues) -> StoredRecording:
        recording = self.recordings.get(values["name"])
        if recording is None:
            raise NotFound
        return recording

    def _entry(self, recording: StoredRecording) -> dict[str, str]:
        ready = self._fetched[recording.id] >= self._early
        return {
            "sid": recording.id,
            "account_sid": self._account,
            "call_sid": recording.call,
            "status": "completed" if ready else "processing",
            "duration": str(recording.seconds),
            "source": "RecordVerb",
        }


def upload_to(url: str, account: str, token: str) -> StoreRecording:
    """Return a `StoreRecording` for a phone in another process than the RestApi at `url`.

    The returned function raises requests.HTTPError when the API refuses.
    """

    def keep(recording: StoredRecording) -> None:
        place = f"{url}/2010-04-01/Accounts/{account}/Calls/{recording.call}/Recordings"
        with new_session() as session:
            session.put(
                f"{place}/{recording.id}/{recording.seconds}",
                data=recording.sound,
                auth=(account, token),
                timeout=10,
            ).raise_for_status()

    return keep


def _json(content: Mapping[str, object]) -> Response:
    return Response(json.dumps(content), mimetype="application/json")


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Log nothing: the terminal belongs to whoever phones."""
