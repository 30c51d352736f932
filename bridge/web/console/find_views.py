"""Finds calls: by the provider's id, by name, or by number and minute; and shows what they did."""

import re
from datetime import UTC, datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bridge.office.hours import BRUSSELS
from bridge.office.numbers import typed
from bridge.store.step_journal import SeenCall
from bridge.web.console.context import TYPED_MOMENT, ConsoleContext, local

_NAME = re.compile(r"[0-9a-f]{4,16}", re.IGNORECASE)
_WHOLE_NAME = re.compile(r"[0-9a-f]{16}")
_PROVIDERS_ID = re.compile(r"[\w:-]{8,128}", re.ASCII)

Page = str | Response | tuple[str, int]


class FindViews:
    """Leads to one call, or lists those that may be meant; only at the offices of whoever asks."""

    rules = (
        ("/calls", "find", "see", "GET"),
        ("/calls", "look_up", "see", "POST"),
        ("/calls/<office>/<name>", "path", "see", "GET"),
    )

    def __init__(self, context: ConsoleContext) -> None:
        self._context, self._store = context, context.store

    def find(self) -> Page:
        """Find a call by the provider's id of it, or by how its name in the log begins."""
        wanted = request.args.get("call", "").strip()
        if not wanted:
            return self._page()
        named, told = _NAME.fullmatch(wanted), _PROVIDERS_ID.fullmatch(wanted)
        if not named and not told:
            return self._page(wrong="unfit_call"), 400
        found = self._named(wanted.lower()) if named else []
        return self._answer(found or (self._named(self._store.calls.log_name(wanted)) if told else []))

    def look_up(self) -> Page:
        """Find a call by the caller's number and the minute in which it began.

        It is a POST, so that no number stands in an address, and so in no history and no log.
        """
        try:
            number = typed(request.form.get("number", ""))
        except ValueError:
            return self._page(wrong="unfit_number"), 400
        try:
            moments = _minutes(request.form.get("minute", ""))
        except (ValueError, OverflowError):
            return self._page(wrong="unfit_minute"), 400
        journal, offices = self._store.steps, self._context.their_keys()
        return self._answer(
            [call for office in offices for call in journal.of_caller(number, moments, office)]
        )

    def path(self, office: str, name: str) -> Page:
        """Show what a call did, step by step; one of another office is as unknown as one that never was."""
        path = (
            self._store.steps.path_of(name, office)
            if office in self._context.their_keys() and _WHOLE_NAME.fullmatch(name)
            else []
        )
        if not path:
            return render_template("console/told.html", told="found_none"), 404
        return render_template("console/path.html", name=name, office=office, path=path, local=local)

    def _named(self, name: str) -> list[SeenCall]:
        journal = self._store.steps
        return [call for office in self._context.their_keys() for call in journal.named(name, office)]

    def _answer(self, found: list[SeenCall]) -> Page:
        """Lead to the call that was found, list several, or say that there is none."""
        if not found:
            return self._page(wrong="found_none"), 404
        if len(found) > 1:
            return self._page(found)
        return redirect(url_for("console.path", office=found[0].office, name=found[0].name))

    def _page(self, found: list[SeenCall] | None = None, *, wrong: str = "") -> str:
        calls = found or []
        return render_template(
            "console/find.html",
            calls=calls,
            wrong=wrong,
            live={call.name for call in self._context.live()} if calls else set(),
            did=self._context.did(calls) if calls else {},
            local=local,
        )


def _minutes(text: str) -> set[datetime]:
    """Read a minute of Belgium; in the hour that comes twice a year both of its minutes may be meant."""
    asked = datetime.strptime(text, TYPED_MOMENT).replace(tzinfo=BRUSSELS)
    return {one.astimezone(UTC) for one in (asked, asked.replace(fold=1))}
