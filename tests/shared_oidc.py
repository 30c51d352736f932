"""A small OpenID provider over real HTTP, that can be told to lie about one thing at a time."""

import hmac
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "the console", "a secret: of the console"

Claims = dict[str, Any]


class OidcSite:
    """Knows one person, `claims`, and lets them in without a word.

    `lie` changes what an id token says before it is signed; `sign` signs it.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.claims: Claims = {"sub": "f3a1", "preferred_username": "anna@office.example", "groups": ["line"]}
        self.lie: Callable[[Claims], Any] = lambda claims: claims
        self.sign: Callable[[Claims], str] = self.signed
        self.issuer_told = ""
        self.status = 200
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Iterator["OidcSite"]:
        """Answer, until the end."""
        thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stop()
            thread.join()

    def stop(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()

    def signed(self, claims: Claims, *, key: Any = None, alg: str = "RS256") -> str:  # noqa: ANN401 - any kind
        """Sign an id token, as the provider does it by default."""
        return jwt.encode({"alg": alg, "kid": "first"}, claims, key or self.key, algorithms=[alg])

    def unsigned(self, claims: Claims) -> str:
        """Write an id token that nobody signed."""
        return _written("none", claims) + "."

    def signed_by_public_key(self, claims: Claims) -> str:
        """Sign with the public key, as if it were a secret that both sides share; no library would do so."""
        text = _written("HS256", claims)
        return f"{text}.{_plain(hmac.digest(self.key.as_pem(private=False), text.encode(), 'sha256'))}"

    def get(self, address: str) -> tuple[int, dict[str, str], Any]:
        """Answer a page or a document."""
        parts = urlsplit(address)
        match parts.path:
            case "/.well-known/openid-configuration":
                return self.status, {}, self._configuration()
            case "/keys":
                return 200, {}, {"keys": [self.key.as_dict(private=False)]}
            case "/authorize":
                given = {name: values[0] for name, values in parse_qs(parts.query).items()}
                code = f"code{len(self._codes)}"
                self._codes[code] = given
                back = urlencode({"code": code, "state": given["state"], "iss": self.issuer})
                return 302, {"Location": f"{given['redirect_uri']}?{back}"}, {}
        return 404, {}, {}

    def post(self, form: dict[str, str], login: str) -> tuple[int, dict[str, str], Any]:
        """Give a token for a code, once, to the console that shows its secret and the verifier."""
        begun = self._codes.pop(form.get("code", ""), {})
        challenge = _plain(sha256(form.get("code_verifier", "").encode()).digest())
        right = {
            "challenge": begun.get("code_challenge") == challenge
            and begun["code_challenge_method"] == "S256",
            "back": begun.get("redirect_uri") == form.get("redirect_uri"),
            "login": b64decode(login.removeprefix("Basic ")).decode() == f"{CLIENT}:{SECRET}",
        }
        if not all(right.values()):
            return 400, {}, {"error": "invalid_grant"}
        now = int(self._now())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": begun["nonce"]}
        token = self.sign(self.lie(claims | self.claims))
        return 200, {}, {"access_token": "opens nothing", "token_type": "Bearer", "id_token": token}

    def _configuration(self) -> dict[str, object]:
        return {
            "issuer": self.issuer_told or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            # A provider that lists none must not be believed.
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        }


def _written(alg: str, claims: Claims) -> str:
    return ".".join(_plain(json.dumps(part).encode()) for part in ({"alg": alg, "kid": "first"}, claims))


def _plain(text: bytes) -> str:
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def _handler(site: OidcSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            self._answer(*site.get(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            site.asked.append(self.path)
            self._answer(*site.post(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, headers: dict[str, str], document: object) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
