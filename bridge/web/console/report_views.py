"""Serves the report of a week: to read and print, as a spreadsheet, and for programs."""

from datetime import date, timedelta

from flask import Response, render_template, request

from bridge.call_statistics import DAYS, CallStatistics, as_csv, as_json, statistics_of
from bridge.office.hours import BRUSSELS
from bridge.web.console.context import ConsoleContext, UnfitFilter
from bridge.web.page_words import visitors_language
from bridge.web.week_report import charts_of

_FIRST_DAY = date(2000, 1, 1)
"""No line is older, and the days before any that is asked for can be counted."""


class ReportViews:
    """Shows the seven days that end with a day, with the very figures of `bridge report --week`."""

    rules = (
        ("/report", "report", "see", "GET"),
        ("/report.csv", "report_csv", "see", "GET"),
        ("/report.json", "report_json", "see", "GET"),
    )

    def __init__(self, context: ConsoleContext) -> None:
        self._context = context

    def report(self) -> str:
        """Show the report of every office of whoever asks."""
        last, today = self._last_day(), self._today()
        return render_template(
            "console/report.html",
            last=last,
            first=last - timedelta(days=DAYS - 1),
            today=today,
            before=last - timedelta(days=DAYS),
            after=min(last + timedelta(days=DAYS), today),
            reports=[
                (one, charts_of(one, self._context.flows, visitors_language())) for one in self._figures(last)
            ],
        )

    def report_csv(self) -> Response:
        """Give the figures as a spreadsheet reads them."""
        return self._file("csv", "text/csv", as_csv(self._figures(self._last_day())))

    def report_json(self) -> Response:
        """Give the figures as a program reads them."""
        return self._file("json", "application/json", as_json(self._figures(self._last_day())))

    def _figures(self, last: date) -> list[CallStatistics]:
        store, flows = self._context.store, self._context.flows
        first = last - timedelta(days=DAYS - 1)
        return [statistics_of(store, flows, office, first, last) for office in self._context.their_keys()]

    def _file(self, kind: str, mimetype: str, text: str) -> Response:
        name = f"report-{self._last_day():%Y-%m-%d}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(f"{text}\n", mimetype=mimetype, headers=headers)

    def _today(self) -> date:
        return self._context.clock.now().astimezone(BRUSSELS).date()

    def _last_day(self) -> date:
        return asked_day(self._today())


def asked_day(today: date) -> date:
    """Return the day that the address asks for, today when it asks for none; may raise `UnfitFilter`."""
    asked = request.args.get("day")
    if asked is None:
        return today
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise UnfitFilter("unfit_day") from None
    if not _FIRST_DAY <= day <= today:
        raise UnfitFilter("unfit_day")
    return day
