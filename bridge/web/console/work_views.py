"""Serves what waits for somebody: call-backs and voicemails, then what went wrong; and who did what."""

import re
from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bridge.web.console.context import ConsoleContext, local
from bridge.web.console.users import EVERY_OFFICE

_SHOWN_LINES = 200
_LOOKED_BACK = timedelta(days=30)
_FILE_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}")
"""How offices number their files, and how the references of their letters look."""


class WorkViews:
    """Shows what is to be done, and does what a button there says."""

    rules = (
        ("/work", "work", "see", "GET"),
        ("/work/<letter>/retry", "retry", "operate", "POST"),
        ("/work/<voicemail>/sound", "sound", "operate", "GET"),
        ("/offices/<office>/unlock", "unlock", "administer", "POST"),
        ("/offices/<office>/unlock/file", "unlock_file", "administer", "POST"),
        ("/audit", "audit", "administer", "GET"),
    )

    def __init__(self, context: ConsoleContext) -> None:
        self._context, self._store = context, context.store

    def work(self) -> str:
        """Show what waits for somebody: call-backs in the order of their promise, voicemails, the rest."""
        return self._page()

    def _page(self, wrong: str = "", wrong_office: str = "") -> str:
        now, sees = self._context.clock.now(), current_user.sees
        since = now - _LOOKED_BACK
        return render_template(
            "console/work.html",
            letters=[one for one in self._store.outbox.dead_letters() if sees(one.office)],
            decisions=[
                one
                for one in self._store.decisions.report(since)
                if sees(one.office) and one.settled_at is None
            ],
            callbacks=sorted(
                (
                    one
                    for one in self._store.callbacks.report(since)
                    if sees(one.office) and one.settled_at is None
                ),
                key=lambda one: (one.ends, one.starts),
            ),
            voicemails=[one for one in self._store.outbox.waiting("voicemail") if sees(one.office)],
            can_hear=self._context.sound is not None,
            offices=[
                (
                    one.key,
                    self._store.pin_attempts.is_office_exhausted(one.key, now, one.pin_limits),
                    self._store.pin_attempts.used_up(one.key, now),
                )
                for one in self._context.theirs()
            ],
            wrong=wrong,
            wrong_office=wrong_office,
            local=local,
            now=now,
        )

    def retry(self, letter: str) -> Response:
        """Try a dead letter again."""
        found = next((one for one in self._store.outbox.dead_letters() if one.id == letter), None)
        if found is None or not current_user.sees(found.office):
            abort(404)
        self._context.note("retried", f"{found.office} {found.id[:10]}")
        self._store.outbox.retry(found.id, self._context.clock.now())
        flash("retried")
        return redirect(url_for("console.work"))

    def sound(self, voicemail: str) -> Response:
        """Let somebody hear a voicemail that Tagor does not have yet; who heard it is written down."""
        waiting = self._store.outbox.waiting("voicemail")
        found = next((one for one in waiting if one.id == voicemail and current_user.sees(one.office)), None)
        payload = self._store.outbox.payload_of(found) if found else None
        if found is None or payload is None or self._context.sound is None:
            abort(404)
        self._context.note("heard a voicemail", f"{found.office} {found.id[:10]}")
        heard = self._context.sound(payload)
        if heard is None:
            abort(404)
        return Response(heard, mimetype="audio/wav", headers={"Cache-Control": "no-store"})

    def unlock(self, office: str) -> Response:
        """Let callers of an office prove who they are again."""
        key = self._context.office(office).key
        self._context.note("unlocked", key)
        self._store.pin_attempts.unlock_office(key)
        flash("unlocked")
        return redirect(url_for("console.work"))

    def unlock_file(self, office: str) -> Response | tuple[str, int]:
        """Let PINs of one file be tried again.

        Its number comes in the form and goes nowhere else: not into an address, the list of who did what, or
        the page that answers.
        """
        key, number = self._context.office(office).key, request.form.get("file", "").strip()
        if not _FILE_NUMBER.fullmatch(number):
            return self._page("unfit_file", key), 400
        names = self._context.locked_names(key, number)
        if names is None:
            return self._page("tagor_away", key), 503
        self._context.note("unlocked a file", key)
        if not sum(self._store.pin_attempts.unlock(key, name) for name in names):
            return self._page("not_locked_file", key), 404
        flash("file_unlocked")
        return redirect(url_for("console.work"))

    def audit(self) -> str:
        """Show who did what: all of it, or what was done at the offices of whoever asks, and by them."""
        offices = None if current_user.sees(EVERY_OFFICE) else current_user.offices
        lines = self._store.audit.newest(_SHOWN_LINES, offices=offices, who=current_user.name)
        return render_template("console/audit.html", lines=lines, local=local)
