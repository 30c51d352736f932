"""Serves what people change while the line runs: the announcement of an office, and its options."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bridge.office.hours import BRUSSELS
from bridge.speech import speaking_seconds
from bridge.store.live_settings import NOTHING_CHANGED, Announcement, OfficeSettings
from bridge.web.console.context import TYPED_MOMENT, ConsoleContext, ConsoleOffice, local
from bridge.web.page_words import page_words

LONGEST_SECONDS = 12
"""How long an announcement may take in any language: as long as any other sentence of the line."""
LONGEST_TEXT = 200
LONGEST_TIME = timedelta(days=31)
"""How long it may stay up: nobody should hear of a closing day a year later."""


class LineViews:
    """Shows what each office says and offers now, and changes it; calls know of it at their next turn."""

    rules = (
        ("/line", "line", "see", "GET"),
        ("/line", "announce", "operate", "POST"),
        ("/line/<office>/announcement/end", "take_down", "operate", "POST"),
        ("/line/<office>/services/<service>/<state>", "switch", "operate", "POST"),
    )

    def __init__(self, context: ConsoleContext) -> None:
        self._context, self._live = context, context.store.live_settings

    def line(self) -> str:
        """Show the announcement and the options of each office."""
        return self._page()

    def announce(self) -> Response | tuple[str, int]:
        """Put up what was typed, or a ready sentence, in every language of the office."""
        asked, now = self._context.office(request.form.get("office", "")), self._context.clock.now()
        announcement, wrong = _read_form(asked, now)
        if announcement is None:
            return self._page(wrong, asked.key), 400
        shown = announcement.words[asked.languages[0]]
        self._context.note("announced", f"{asked.key} until {local(announcement.until)}: {shown}")
        self._live.announce(asked.key, announcement)
        flash("announced")
        return redirect(url_for("console.line"))

    def take_down(self, office: str) -> Response:
        """Take the announcement down."""
        key = self._context.office(office).key
        self._context.note("took the announcement down", key)
        self._live.take_down(key)
        flash("taken_down")
        return redirect(url_for("console.line"))

    def switch(self, office: str, service: str, state: str) -> Response:
        """Switch an option off, or on again; only what the office's file offers."""
        asked = self._context.office(office)
        if service not in asked.services or state not in {"on", "off"}:
            abort(404)
        self._context.note(f"switched {state}", f"{asked.key} {service}")
        self._live.switch(asked.key, service, on=state == "on")
        flash("switched_on" if state == "on" else "switched_off")
        return redirect(url_for("console.line"))

    def _page(self, wrong: str = "", wrong_office: str = "") -> str:
        changed, now = self._live.read(), self._context.clock.now()
        counts = self._context.tagor
        return render_template(
            "console/line.html",
            offices=[
                (office, _still_up(changed.get(office.key, NOTHING_CHANGED), now))
                for office in self._context.theirs()
            ],
            counts=counts is not None,
            tagor=counts() if counts else None,
            wrong=wrong,
            wrong_office=wrong_office,
            earliest=_typed(now),
            latest=_typed(now + LONGEST_TIME),
            longest=LONGEST_TEXT,
            local=local,
        )


def _read_form(office: ConsoleOffice, now: datetime) -> tuple[Announcement | None, str]:
    """Read what was typed; gives no announcement, and the name of what is wrong with it, if it is not fit."""
    try:
        until = datetime.strptime(request.form.get("until", ""), TYPED_MOMENT).replace(tzinfo=BRUSSELS)
    except ValueError:
        return None, "no_time"
    if not now < until <= now + LONGEST_TIME:
        return None, "no_time"
    ready = request.form.get("ready", "")
    words = {language: _words(language, ready) for language in office.languages}
    if not all(words.values()):
        return None, "no_words"
    if any(not text.isprintable() or len(text) > LONGEST_TEXT for text in words.values()):
        return None, "unfit_words"
    if any(speaking_seconds(text) > LONGEST_SECONDS for text in words.values()):
        return None, "too_long"
    return Announcement(words, until), ""


def _words(language: str, ready: str) -> str:
    """Give a ready sentence in a language, or what was typed for it, on one line."""
    typed = request.form.get(f"words-{language}", "")
    return " ".join((page_words(language)["ready"].get(ready) or typed).split())


def _still_up(settings: OfficeSettings, now: datetime) -> OfficeSettings:
    announcement = settings.announcement
    return settings if announcement and now < announcement.until else replace(settings, announcement=None)


def _typed(moment: datetime) -> str:
    """Write a moment as a browser's field for one holds it."""
    return moment.astimezone(BRUSSELS).strftime(TYPED_MOMENT)
