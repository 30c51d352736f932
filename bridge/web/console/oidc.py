"""Lets people log in with the account that their office gives them: OpenID Connect, its code flow with PKCE.

Authlib speaks with the provider and checks what its tokens say; joserfc, on which Authlib stands, opens them.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.web.console.oidc_settings import OidcSettings
from bridge.web.console.users import ConsoleUser

SECONDS = 5
"""How long one question to the provider may take."""
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""What may sign a token: the private half of a public key; never a shared secret, never nothing."""
LEEWAY_SECONDS = 60
_DISCOVERY = "/.well-known/openid-configuration"


class ProviderAway(Exception):
    """The provider cannot be asked, or says nothing that makes sense."""


class LoginRefused(Exception):
    """Whoever came back may not enter; the text says why, without anything of theirs."""


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """What belongs to one login: `state` and `nonce` come back, the `verifier` goes last."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)


class OidcProvider:
    """Asks the provider who somebody is; any thread may use it.

    What it says of itself is asked for at every login, so that it may change its keys and addresses.
    """

    def __init__(self, settings: OidcSettings, clock: Clock = SYSTEM_CLOCK) -> None:
        self._settings, self._clock = settings, clock

    def address(self, attempt: LoginAttempt, back: str) -> str:
        """Give where to send somebody, who then comes back to the address `back`; raises `ProviderAway`."""
        with self._session(back) as session:
            endpoint = self._metadata(session)["authorization_endpoint"]
            sent = {"state": attempt.state, "nonce": attempt.nonce, "code_verifier": attempt.verifier}
            address: str = session.create_authorization_url(endpoint, **sent)[0]
            return address

    def user(self, attempt: LoginAttempt, given: Mapping[str, str], back: str) -> ConsoleUser:
        """Tell who came back with this in the address.

        Raises:
            LoginRefused: they may not enter.
            ProviderAway: the provider cannot be asked.
        """
        if not secrets.compare_digest(given.get("state", "").encode(), attempt.state.encode()):
            raise LoginRefused("this login was not begun here")
        if given.get("iss", self._settings.issuer) != self._settings.issuer:
            raise LoginRefused("another provider answered")
        if not given.get("code"):
            raise LoginRefused("the provider let nobody in")
        with self._session(back) as session:
            claims = self._claims(session, given["code"], attempt)
        user = self._settings.user(claims)
        if user is None:
            raise LoginRefused("no role is written for them")
        return user

    def _claims(self, session: OAuth2Session, code: str, attempt: LoginAttempt) -> Mapping[str, Any]:
        """Take the code to the provider, and read the token that it gives for it."""
        metadata = self._metadata(session)
        token = _redeemed(session, metadata["token_endpoint"], code, attempt.verifier)
        keys = KeySet.import_key_set(_asked(session, metadata["jwks_uri"]))
        try:
            opened = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
            given = {"nonce": attempt.nonce, "client_id": self._settings.client}
            claims = CodeIDToken(opened.claims, opened.header, self._expected(), given)
            claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY_SECONDS)
        except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            raise LoginRefused(f"its token does not hold: {type(error).__name__}") from None
        return dict(claims)

    def _expected(self) -> dict[str, Any]:
        own = {"iss": self._settings.issuer, "aud": self._settings.client}
        return {name: {"essential": True, "value": value} for name, value in own.items()} | {
            name: {"essential": True} for name in ("sub", "exp", "iat", "nonce")
        }

    def _metadata(self, session: OAuth2Session) -> Mapping[str, Any]:
        found: Mapping[str, Any] = _asked(session, self._settings.issuer.rstrip("/") + _DISCOVERY)
        if found["issuer"] != self._settings.issuer:
            raise ProviderAway("it calls itself by another address")
        return found

    @contextmanager
    def _session(self, back: str) -> Iterator[OAuth2Session]:
        own = {"client_id": self._settings.client, "client_secret": self._settings.secret}
        with OAuth2Session(
            **own,
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            default_timeout=SECONDS,
        ) as session:
            # Neither a proxy of the environment nor another address hears our secret.
            session.trust_env, session.max_redirects = False, 0
            try:
                yield session
            except (AuthlibBaseError, JoseError, OSError, ValueError, KeyError, TypeError) as error:
                raise ProviderAway(type(error).__name__) from None


def _asked(session: OAuth2Session, address: str) -> Any:  # noqa: ANN401 - JSON
    answer = session.get(address, withhold_token=True)
    answer.raise_for_status()
    return answer.json()


def _redeemed(session: OAuth2Session, address: str, code: str, verifier: str) -> Mapping[str, Any]:
    """Take a code to the provider, which gives a token for one that it knows."""
    try:
        token: Mapping[str, Any] = session.fetch_token(
            address, grant_type="authorization_code", code=code, code_verifier=verifier
        )
    except (AuthlibBaseError, OSError) as error:
        # What requests raises is an OSError, with the answer if there was one.
        answer = getattr(error, "response", None)
        if isinstance(error, AuthlibBaseError) or (answer is not None and answer.status_code < 500):  # noqa: PLR2004
            raise LoginRefused("the provider does not know its code") from None
        raise
    return token
