"""Puts the pages together: one Flask application, apart from the one that answers calls."""

import secrets
from urllib.parse import urlencode, urlsplit

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from bridge.flow.graph import FlowGraph
from bridge.speech import LANGUAGES, Catalogue, NoteBook
from bridge.web.console.sessions import keep_sessions, login_limits, to_login
from bridge.web.console.views import Console
from bridge.web.flow_page import FlowPages
from bridge.web.flow_views import flows_blueprint
from bridge.web.page_environment import teach
from bridge.web.page_words import NAMES, keep_language, page_words, visitors_language
from bridge.web.phone_views import BrowserPhone, phone_blueprint
from bridge.web.security import secure

_LARGEST_POST = 8192


def create_web(
    flows: FlowGraph,
    catalogue: Catalogue,
    notes: NoteBook,
    *,
    phone: BrowserPhone | None = None,
    console: Console | None = None,
    address: str = "",
) -> Flask:
    """Make the application of all pages: the flows, the demo's phone, and the console.

    Args:
        flows: what the flow pages show.
        catalogue: the words of the line.
        notes: what is written on files.
        phone: carries the calls of the phone page; without it there is none.
        console: answers for the console; without it there is none.
        address: where browsers find the pages, such as https://console.example.be; this machine by default.
    """
    app = Flask(__name__)
    app.url_map.strict_slashes = False  # people type /flows/ too
    found_at = urlsplit(address)
    # Another name for this machine would let any site in the browser ask it (DNS rebinding).
    hosts = [found_at.hostname] if found_at.hostname else ["127.0.0.1", "localhost"]
    app.config.update(TRUSTED_HOSTS=hosts, MAX_CONTENT_LENGTH=_LARGEST_POST, SECRET_KEY=secrets.token_hex(32))
    teach(app.jinja_env, flows)
    app.jinja_env.globals["office_name"] = console.office_name if console else None
    secure(app, address)
    first = "phone.page" if phone else "console.day" if console else "flows.every"
    phone_pages = phone_blueprint(phone) if phone else None
    if console:
        tokens = keep_sessions(app, console.users, tls=found_at.scheme == "https")
        if phone_pages:
            tokens.exempt(
                phone_pages
            )  # its posts are JSON, of which the origin is checked, and need no session
        limits = login_limits()
        app.register_blueprint(console.blueprint(limits))
        limits.init_app(app)
    if phone_pages:
        app.register_blueprint(phone_pages)
    # Beside the demo's phone everybody sees the flows: the phone's page shows the one that a call is in.
    refuse = to_login if console and not phone else None
    flow_pages = FlowPages(flows, catalogue, notes)
    app.register_blueprint(flows_blueprint(flow_pages, console.taken if console else dict, refuse))
    app.add_url_rule("/", "start", lambda: redirect(url_for(first)))
    app.url_defaults(keep_language)
    app.context_processor(lambda: _for_every_page() | {"phone": phone, "console": console})
    app.register_error_handler(HTTPException, _in_words)
    return app


def _for_every_page() -> dict[str, object]:
    language = visitors_language()
    return {
        "lang": language,
        "w": page_words(language),
        "names": NAMES,
        "languages": [
            (one, NAMES[one], f"?{urlencode(request.args.to_dict() | {'lang': one})}") for one in LANGUAGES
        ],
    }


def _in_words(error: HTTPException) -> Response | tuple[str, int] | HTTPException:
    """Answer a page that is not there, or is used wrongly, in the visitor's language."""
    status = error.code or 500
    # A wrong host is refused before there are addresses to write a page with.
    if request.url_rule is None and status == 400:  # noqa: PLR2004 - bad request
        return error
    return render_template("error.html", gone=status == 404), status  # noqa: PLR2004 - not found
