"""Leads people to the provider of their office's accounts, and lets them in when they come back."""

import secrets

from cachelib import SimpleCache
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bridge.web.console.context import ConsoleContext
from bridge.web.console.oidc import LoginAttempt, LoginRefused, OidcProvider, ProviderAway
from bridge.web.console.sessions import begin_session
from bridge.web.console.users import ConsoleUser

MINUTES = 10
"""How long somebody may take to log in at the provider."""
_MOST_ATTEMPTS = 500


class OidcViews:
    """Begins and ends logins at a provider.

    The session's cookie is not sent when another site leads here, so a login under way has a cookie of its
    own, which opens nothing by itself.

    Args:
        provider: tells who somebody is.
        context: the list of who did what.
        address: where browsers find the console; empty means this machine.
    """

    def __init__(self, provider: OidcProvider, context: ConsoleContext, address: str = "") -> None:
        self._provider, self._context, self._address = provider, context, address.rstrip("/")
        self._tls = address.startswith("https:")
        self._cookie = "__Host-console-login" if self._tls else "console-login"
        self._attempts = SimpleCache(threshold=_MOST_ATTEMPTS, default_timeout=60 * MINUTES)

    def begin(self) -> Response | tuple[str, int]:
        """Send somebody to the provider."""
        attempt, name = LoginAttempt(), secrets.token_urlsafe(32)
        try:
            answer = redirect(self._provider.address(attempt, self._back()))
        except ProviderAway:
            return render_template("console/login.html", wrong="provider_away"), 503
        # The provider knows nothing of the language, so it waits here.
        self._attempts.set(name, (attempt, request.args.get("lang")))
        answer.set_cookie(
            self._cookie, name, max_age=60 * MINUTES, secure=self._tls, httponly=True, samesite="Lax"
        )
        return answer

    def end(self) -> Response | tuple[str, int]:
        """Let in whoever comes back from the provider as they went; each attempt counts once."""
        name = request.cookies.get(self._cookie, "")
        try:
            user, language = self._who(name)
        except LoginRefused as refused:
            self._context.note("was refused", str(refused), who="somebody")
            return render_template("console/login.html", wrong="provider_refused"), 401
        except ProviderAway:
            return render_template("console/login.html", wrong="provider_away"), 503
        begin_session(user, kept=True)
        self._context.note("logged in")
        answer = make_response(render_template("console/entered.html"))
        answer.delete_cookie(self._cookie, secure=self._tls, httponly=True, samesite="Lax")
        # A redirect would still come from the provider's site, and the session's cookie stay at home.
        answer.headers["Refresh"] = f"0; url={url_for('console.day', lang=language)}"
        return answer

    def _who(self, name: str) -> tuple[ConsoleUser, str | None]:
        begun = self._attempts.get(name)
        self._attempts.delete(name)
        if begun is None:
            raise LoginRefused("no login was begun here")
        attempt, language = begun
        return self._provider.user(attempt, request.args, self._back()), language

    def _back(self) -> str:
        own = self._address or request.host_url.rstrip("/")
        return own + url_for("console.oidc_end", lang=None)
