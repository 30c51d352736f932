"""Keeps sessions of the console on the server, where they end: after half an hour unused, twelve in all."""

import time
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

from cachelib import SimpleCache
from flask import Flask, abort, current_app, redirect, session, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_session import Session
from flask_wtf import CSRFProtect

from bridge.web.console.users import ConsoleUser

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from bridge.web.console.users import ConsoleUsers

UNUSED = timedelta(minutes=30)
IN_ALL = timedelta(hours=12)
_MOST_SESSIONS = 500
_BEGAN, _KEPT = "began", "kept"


def keep_sessions(app: Flask, users: "ConsoleUsers", *, tls: bool) -> CSRFProtect:
    """Let people log in to this application; with `tls` their cookie never leaves an encrypted connection.

    Every form must then carry a token of its session; what is returned may exempt a blueprint.
    """
    app.config.update(
        SESSION_TYPE="cachelib",
        SESSION_CACHELIB=SimpleCache(threshold=_MOST_SESSIONS, default_timeout=int(UNUSED.total_seconds())),
        PERMANENT_SESSION_LIFETIME=UNUSED,
        SESSION_COOKIE_NAME="__Host-console" if tls else "console",
        SESSION_COOKIE_SECURE=tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        RATELIMIT_HEADERS_ENABLED=False,
    )
    Session(app)
    logins = LoginManager(app)
    logins.session_protection = None  # the session itself lies here, and addresses of people change

    @logins.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types
    def _user(name: str) -> ConsoleUser | None:
        if time.time() - session.get(_BEGAN, 0) > IN_ALL.total_seconds():
            return None
        kept = session.get(_KEPT)
        if kept is None:
            return users.get(name)
        name, role, offices = kept
        return ConsoleUser(name, role, frozenset(offices), password="")

    @logins.unauthorized_handler  # type: ignore[untyped-decorator]  # as above
    def _to_login() -> "Response":
        return redirect(url_for("console.login"))

    return CSRFProtect(app)


def login_limits() -> Limiter:
    """Make what counts tries to log in, by the address they come from; the counts are this process's own."""
    return Limiter(get_remote_address, storage_uri="memory://")


def begin_session(user: ConsoleUser, *, kept: bool = False) -> None:
    """Log somebody in, under a new session: whoever planted the old one holds nothing.

    With `kept` the session itself knows what they may do, because no list of ours names them.
    """
    session.clear()
    session[_BEGAN] = time.time()
    if kept:
        session[_KEPT] = [user.name, user.role, sorted(user.offices)]
    # An empty session would keep its id: only one that holds something is begun anew.
    current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]  # Flask-Session's own
    login_user(user)


def end_session() -> None:
    """Log out; what the server kept of the session is gone."""
    logout_user()
    session.clear()


def to_login() -> "Response | None":
    """Ask whoever has not logged in to do so."""
    return None if current_user.is_authenticated else redirect(url_for("console.login"))


def needs(role: str) -> "Callable[[Callable[..., Any]], Callable[..., Any]]":
    """Let a view be seen by people with this role only: others are asked to log in, or refused."""

    def guarded(view: "Callable[..., Any]") -> "Callable[..., Any]":
        @wraps(view)
        def answer(**names: Any) -> Any:  # noqa: ANN401 - the view's own
            if (login := to_login()) is not None:
                return login
            if not current_user.may(role):
                abort(403)
            return view(**names)

        return answer

    return guarded
