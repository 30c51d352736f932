"""Serves the console: how the days went, what a call did, what waits for somebody, and who did what."""

import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_limiter import Limiter
from flask_login import current_user
from werkzeug.wrappers import Response

from bridge.call_statistics import span_of, statistics_of, week_until
from bridge.office.hours import BRUSSELS
from bridge.store.errors import StoreDown
from bridge.store.step_journal import SeenCall, Span
from bridge.store.step_tally import Mark
from bridge.web.console.context import ConsoleContext, UnfitFilter, local
from bridge.web.console.find_views import FindViews
from bridge.web.console.line_views import LineViews
from bridge.web.console.report_views import ReportViews, asked_day
from bridge.web.console.sessions import begin_session, end_session, needs
from bridge.web.console.users import ConsoleUsers
from bridge.web.console.work_views import WorkViews
from bridge.web.page_words import visitors_language
from bridge.web.run_counts import run_exits

if TYPE_CHECKING:
    from bridge.web.console.oidc_views import OidcViews

_SHOWN_CALLS = 50
_SHOWN_ENDINGS = 8
_REFUSED = 401
_POSITION = re.compile(r"[0-9]{1,18}")


class Console:
    """Answers what people of the offices ask about their lines.

    Args:
        users: who may ask.
        context: what is shown to them.
        oidc: lets people in with the accounts that their office gives them; without it passwords alone do.
    """

    rules = (("/", "day", "see", "GET"),)

    def __init__(self, users: ConsoleUsers, context: ConsoleContext, oidc: "OidcViews | None" = None) -> None:
        self.users, self.oidc, self._context, self._store = users, oidc, context, context.store

    def blueprint(self, limits: Limiter) -> Blueprint:
        """Make the pages below `/console`; `limits` counts tries to log in, by address and by name."""
        pages = Blueprint("console", __name__, url_prefix="/console")
        login = limits.limit("10 per minute; 60 per hour", methods=["POST"])(self.login)
        login = limits.limit(
            "6 per 15 minutes", methods=["POST"], key_func=_name_given, deduct_when=_was_refused
        )(login)
        pages.add_url_rule("/login", "login", login, methods=["GET", "POST"])
        if self.oidc:
            for rule, name in (("/oidc", "begin"), ("/oidc/back", "end")):
                seldom = limits.limit("20 per minute")(getattr(self.oidc, name))
                pages.add_url_rule(rule, f"oidc_{name}", seldom, methods=["GET"])
        pages.add_url_rule("/logout", "logout", needs("see")(self.logout), methods=["POST"])
        for views in (
            self,
            *(make(self._context) for make in (FindViews, WorkViews, LineViews, ReportViews)),
        ):
            for rule, name, role, method in views.rules:
                pages.add_url_rule(rule, name, needs(role)(getattr(views, name)), methods=[method])
        pages.register_error_handler(StoreDown, _cannot_be_read)
        pages.register_error_handler(UnfitFilter, _what_it_takes)
        return pages

    def login(self) -> Response | str | tuple[str, int]:
        """Show the form, or let somebody in; who is refused learns nothing of why."""
        if request.method == "GET":
            return render_template("console/login.html", wrong="")
        name = _name_given()
        user = self.users.check(name, request.form.get("password", ""))
        if user is None:
            # A name that nobody has may be a password in the wrong field.
            self._context.note("was refused", who=name if self.users.get(name) else "somebody")
            return render_template("console/login.html", wrong="refused"), _REFUSED
        begin_session(user)
        self._context.note("logged in")
        return redirect(url_for("console.day"))

    def logout(self) -> Response:
        """End the session."""
        end_session()
        return redirect(url_for("console.login"))

    def day(self) -> Response:
        """Show how one day went, or the week that ends with it, at each office.

        The page of today asks for its `part` again and again; by its ETag it travels only once it changed.
        """
        now = self._context.clock.now()
        today = now.astimezone(BRUSSELS).date()
        day = asked_day(today)
        first = day - timedelta(days=6) if "week" in request.args else day
        offices, before = self._context.their_keys(), _asked_position()
        follows = first == day == today and before is None
        live = self._context.live() if follows else []
        calls = self._newest(offices, day, before)
        shown = calls[:_SHOWN_CALLS]
        part = "part" in request.args
        answer = make_response(
            render_template(
                "console/day_part.html" if part else "console/day.html",
                follows=follows,
                day=day,
                today=today,
                first=first,
                before=day - timedelta(days=1),
                after=min(day + timedelta(days=1), today),
                figures=[
                    statistics_of(self._store, self._context.flows, office, first, day) for office in offices
                ],
                going_on=live,
                calls=shown,
                older=calls[_SHOWN_CALLS - 1].position if len(calls) > _SHOWN_CALLS else None,
                live={call.name for call in live},
                local=local,
                did=self._context.did([*live, *shown]),
                most=_SHOWN_ENDINGS,
            )
        )
        if part:
            answer.add_etag()
        return answer.make_conditional(request)

    def office_name(self, key: str) -> str:
        """Give what an office is called in the visitor's language, where it is called anything there."""
        return self._context.name_of(key, visitors_language())

    def taken(self) -> Counter[Mark] | None:
        """Count how often each exit was taken in the week of `bridge report`, at the offices of whoever asks.

        None when the journal cannot be read: a flow page says so, and is read all the same.
        """
        if not current_user.is_authenticated:
            return Counter()
        days, counted = week_until(self._context.clock.now()), Counter[Mark]()
        try:
            for office in self._context.their_keys():
                counted += self._store.steps.exits(span_of(office, *days))
        except StoreDown:
            return None
        ends = run_exits(self._context.flows, counted) if counted else {}
        return Counter(dict(counted.most_common()) | ends)

    def _newest(self, offices: list[str], day: date, before: int | None) -> list[SeenCall]:
        """List the calls of a day, newest first: one more than is shown, if there are more."""
        begin = datetime.combine(day, time(), tzinfo=BRUSSELS)
        spans = [Span(office, begin, begin + timedelta(days=1)) for office in offices]
        seen = [call for span in spans for call in self._store.steps.newest(span, _SHOWN_CALLS + 1, before)]
        return sorted(seen, key=lambda call: call.position, reverse=True)[: _SHOWN_CALLS + 1]


def _asked_position() -> int | None:
    """Return before which step the list of calls goes on, None for its beginning; may raise `UnfitFilter`."""
    asked = request.args.get("before")
    if asked is None:
        return None
    if not _POSITION.fullmatch(asked):
        raise UnfitFilter("unfit_before")
    return int(asked)


def _name_given() -> str:
    return request.form.get("name", "")[:32].strip().lower()


def _was_refused(answer: Any) -> bool:  # noqa: ANN401 - Flask's response
    return bool(answer.status_code == _REFUSED)


def _cannot_be_read(_error: Exception) -> tuple[str, int]:
    return render_template("console/away.html"), 503


def _what_it_takes(error: UnfitFilter) -> tuple[str, int]:
    return render_template("console/told.html", told=error.takes), 400
