"""Serves the console: how the days went, what a call did, what waits for somebody, and who did what."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_limiter import Limiter
from flask_login import current_user
from werkzeug.wrappers import Response

from bridge.call_statistics import statistics_of
from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.flow.graph import FlowGraph
from bridge.office.hours import BRUSSELS
from bridge.store.errors import StoreDown
from bridge.store.repositories import Repositories
from bridge.store.step_journal import SeenCall, Span
from bridge.web.console.sessions import begin_session, end_session, needs
from bridge.web.console.users import ConsoleUsers

_SHOWN_CALLS = 50
_SHOWN_LINES = 200
_SHOWN_ENDINGS = 8
_UNDER_WAY = timedelta(minutes=3)
_NAME = re.compile(r"[0-9a-f]{16}")
_PROVIDERS_ID = re.compile(r"[\w:-]{8,128}")
_REFUSED = 401


class Console:
    """Answers what people of the offices ask about their lines.

    Args:
        users: who may ask.
        repositories: the store that is shown.
        flows: the flows, which say what an exit means.
        offices: the keys of all offices.
        clock: the time.
    """

    def __init__(
        self,
        users: ConsoleUsers,
        repositories: Repositories,
        flows: FlowGraph,
        offices: tuple[str, ...],
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.users, self._store, self._flows, self._offices, self._clock = (
            users,
            repositories,
            flows,
            offices,
            clock,
        )

    def blueprint(self, limits: Limiter) -> Blueprint:
        """Make the pages below `/console`; `limits` counts tries to log in, by address and by name."""
        pages = Blueprint("console", __name__, url_prefix="/console")
        login = limits.limit("10 per minute; 60 per hour", methods=["POST"])(self.login)
        login = limits.limit(
            "6 per 15 minutes", methods=["POST"], key_func=_name_given, deduct_when=_was_refused
        )(login)
        pages.add_url_rule("/login", "login", login, methods=["GET", "POST"])
        pages.add_url_rule("/logout", "logout", needs("see")(self.logout), methods=["POST"])
        for rule, name, role, method in (
            ("/", "day", "see", "GET"),
            ("/calls", "find", "see", "GET"),
            ("/calls/<office>/<name>", "path", "see", "GET"),
            ("/work", "work", "see", "GET"),
            ("/work/<letter>/retry", "retry", "operate", "POST"),
            ("/offices/<office>/unlock", "unlock", "administer", "POST"),
            ("/audit", "audit", "administer", "GET"),
        ):
            pages.add_url_rule(rule, name, needs(role)(getattr(self, name)), methods=[method])
        pages.register_error_handler(StoreDown, _cannot_be_read)
        return pages

    def login(self) -> Response | str | tuple[str, int]:
        """Show the form, or let somebody in; who is refused learns nothing of why."""
        if request.method == "GET":
            return render_template("console/login.html", refused=False)
        name = _name_given()
        user = self.users.check(name, request.form.get("password", ""))
        if user is None:
            # A name that nobody has may be a password in the wrong field.
            self._note("was refused", who=name if self.users.get(name) else "somebody")
            return render_template("console/login.html", refused=True), _REFUSED
        begin_session(user)
        self._note("logged in")
        return redirect(url_for("console.day"))

    def logout(self) -> Response:
        """End the session."""
        end_session()
        return redirect(url_for("console.login"))

    def day(self) -> str:
        """Show how one day went, or the week that ends with it, at each office."""
        now = self._clock.now()
        today = now.astimezone(BRUSSELS).date()
        day = _asked_day(today)
        first = day - timedelta(days=6) if "week" in request.args else day
        offices = current_user.theirs(self._offices)
        return render_template(
            "console/day.html",
            day=day,
            today=today,
            first=first,
            before=day - timedelta(days=1),
            after=min(day + timedelta(days=1), today),
            figures=[statistics_of(self._store.steps, self._flows, office, first, day) for office in offices],
            calls=self._newest(offices, day),
            live=lambda seen: now - seen.newest < _UNDER_WAY and seen.exit not in {"goodbye", "hung up"},
            local=_local,
            most=_SHOWN_ENDINGS,
        )

    def find(self) -> Response | str:
        """Find a call by the provider's id of it, or by its name in the log."""
        wanted = request.args.get("call", "").strip()
        name = wanted if _NAME.fullmatch(wanted) else ""
        if not name and _PROVIDERS_ID.fullmatch(wanted):
            name = self._store.calls.log_name(wanted)
        for office in current_user.theirs(self._offices) if name else ():
            if self._store.steps.path_of(name, office):
                return redirect(
                    url_for("console.path", office=office, name=name, lang=request.args.get("lang"))
                )
        return abort(404)

    def path(self, office: str, name: str) -> str:
        """Show what a call did, step by step."""
        if not current_user.sees(office) or not _NAME.fullmatch(name):
            abort(404)
        path = self._store.steps.path_of(name, office)
        if not path:
            abort(404)
        return render_template("console/path.html", name=name, office=office, path=path, local=_local)

    def work(self) -> str:
        """Show what waits for somebody: dead letters, decisions that are not settled, call-backs to come."""
        since = self._clock.now() - timedelta(days=30)
        sees = current_user.sees
        return render_template(
            "console/work.html",
            letters=[one for one in self._store.outbox.dead_letters() if sees(one.office)],
            decisions=[
                one
                for one in self._store.decisions.report(since)
                if sees(one.office) and one.settled_at is None
            ],
            callbacks=[
                one
                for one in self._store.callbacks.report(since)
                if sees(one.office) and one.settled_at is None
            ],
            offices=current_user.theirs(self._offices),
            local=_local,
            now=self._clock.now(),
        )

    def retry(self, letter: str) -> Response:
        """Try a dead letter again."""
        found = next((one for one in self._store.outbox.dead_letters() if one.id == letter), None)
        if found is None or not current_user.sees(found.office):
            abort(404)
        self._note("retried", found.id[:10])
        self._store.outbox.retry(found.id, self._clock.now())
        flash("retried")
        return redirect(url_for("console.work"))

    def unlock(self, office: str) -> Response:
        """Let callers of an office prove who they are again."""
        if office not in self._offices or not current_user.sees(office):
            abort(404)
        self._note("unlocked", office)
        self._store.pin_attempts.unlock_office(office)
        flash("unlocked")
        return redirect(url_for("console.work"))

    def audit(self) -> str:
        """Show who did what."""
        return render_template(
            "console/audit.html", lines=self._store.audit.newest(_SHOWN_LINES), local=_local
        )

    def _newest(self, offices: list[str], day: date) -> list[SeenCall]:
        begin = datetime.combine(day, time(), tzinfo=BRUSSELS)
        spans = [Span(office, begin, begin + timedelta(days=1)) for office in offices]
        seen = [call for span in spans for call in self._store.steps.newest(span, _SHOWN_CALLS)]
        return sorted(seen, key=lambda call: call.newest, reverse=True)[:_SHOWN_CALLS]

    def _note(self, what: str, whom: str = "", *, who: str = "") -> None:
        """Write down what is done, before it is done: a change without its line must not be possible."""
        self._store.audit.add(self._clock.now(), who or current_user.name, what, whom)


def _name_given() -> str:
    return request.form.get("name", "")[:32].strip().lower()


def _was_refused(answer: Any) -> bool:  # noqa: ANN401 - Flask's response
    return bool(answer.status_code == _REFUSED)


def _asked_day(today: date) -> date:
    """Return the day that the address asks for; a day that is none, or to come, is today."""
    try:
        return min(date.fromisoformat(request.args.get("day", "")), today)
    except ValueError:
        return today


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(BRUSSELS):%d/%m %H:%M:%S}"


def _cannot_be_read(_error: Exception) -> tuple[str, int]:
    return render_template("console/away.html"), 503
