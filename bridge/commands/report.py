"""The commands that tell an office what happened on its line; they say nothing about any person."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from bridge.commands.errors import tells_errors
from bridge.commands.running_demo import DemoGroup, asks_demo

if TYPE_CHECKING:
    from bridge.settings import Settings
    from bridge.store.callbacks import CallbackEntry
    from bridge.store.decision import DecisionEntry
    from bridge.store.repositories import Repositories

DECISION_KINDS = {
    "plan": "payment plan",
    "approval": "approval of a plan",
    "text": "text message",
    "mail": "mail",
    "contact": "mobile as a contact",
    "document": "document by post",
    "answers": "answers to a questionnaire",
}
DECISION_STATES = {
    "ready": "confirmed, not sent yet",
    "sent": "sent, no answer yet",
    "unknown": "unclear, being looked up",
    "done": "done",
    "refused": "refused by Tagor",
    "escalated": "a task for an employee",
}
CALLBACK_STATES = {
    "promised": "not yet in the agenda",
    "scheduled": "to come",
    "kept": "kept",
    "missed": "missed",
}

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _days_option(always: str) -> Decorator:
    return click.option(
        "--since",
        "days",
        type=click.IntRange(1, 3650),
        default=30,
        show_default=True,
        metavar="DAYS",
        help=f"How many days to look back; {always} is always told.",
    )


@click.group(cls=DemoGroup, invoke_without_command=True)
@asks_demo
@click.option("--week", is_flag=True, help="Tell the last seven days in figures, today included.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json", "html"]),
    default="text",
    show_default=True,
    help="How the figures of the week are written; html is a page with charts, to print or to send.",
)
@click.option(
    "--language",
    type=click.Choice(["nl", "fr", "de", "en"]),
    default="en",
    show_default=True,
    help="The language of the page; the other forms are in English.",
)
@click.pass_context
@tells_errors
def report(context: click.Context, week: bool, form: str, language: str) -> None:  # noqa: FBT001 - click's flag
    """Tell what happened on the line, about no person.

    Every report begins with the offices in which nobody can prove who they are at the moment.
    """
    from bridge.settings import Settings

    settings = Settings.read(os.environ)
    alerts = list(alert_lines(settings))
    # On stderr, so that a report which is written to a file holds its table only.
    for line in alerts:
        click.echo(line, err=True)
    if week:
        _tell_week(settings, form, language)
    elif context.invoked_subcommand is None and not alerts:
        click.echo("No office is locked. `bridge report --week`, `decisions` and `callbacks` tell more.")


@report.command()
@_days_option("what is unsettled")
@tells_errors
def decisions(days: int) -> None:
    """List the plans and messages that callers confirmed, unsettled ones first."""
    entries = _repositories().decisions.report(_days_ago(days))
    for line in decision_lines(entries, days):
        click.echo(line)


@report.command()
@_days_option("what is still to come")
@tells_errors
def callbacks(days: int) -> None:
    """List the call-backs that callers were promised: to come, kept, and missed."""
    entries = _repositories().callbacks.report(_days_ago(days))
    for line in callback_lines(entries, days, datetime.now(UTC)):
        click.echo(line)


def _tell_week(settings: "Settings", form: str, language: str) -> None:
    import voice_flows
    from bridge.call_statistics import week
    from bridge.commands.week import WRITTEN, as_page

    now = datetime.now(UTC)
    figures = week(_repositories(), voice_flows.CALL, now)
    click.echo(as_page(figures, settings, now, language) if form == "html" else WRITTEN[form](figures))


def alert_lines(settings: "Settings") -> Iterator[str]:
    """Yield a sentence for each office whose own budget of wrong PINs is used up."""
    from bridge.app.create import offices_of
    from bridge.conversation.services.identification import pin_limits

    attempts, now = _repositories().pin_attempts, datetime.now(UTC)
    for rules in offices_of(settings):
        office = rules.key
        if attempts.is_office_exhausted(office, now, pin_limits(rules)):
            yield (
                f"{office}: too many PINs were wrong, so nobody can prove who they are. Somebody may be "
                f"guessing PINs; once that is clear, `bridge unlock --office {office}` lets callers in again."
            )


def decision_lines(entries: "Sequence[DecisionEntry]", days: int) -> Iterator[str]:
    """Yield the report on the decisions of the last `days` days: a table and a sentence."""
    from bridge.commands.tables import moment, table

    if not entries:
        yield f"No decisions in the last {days} days, and none unsettled."
        return
    titles = ("office", "decision", "state", "confirmed", "sent", "settled")
    in_order = sorted(entries, key=lambda entry: (entry.settled_at is not None, entry.opened_at))
    rows = [
        (
            entry.office,
            DECISION_KINDS[entry.kind],
            DECISION_STATES[entry.state.name.lower()],
            *map(moment, (entry.opened_at, entry.sent_at, entry.settled_at)),
        )
        for entry in in_order
    ]
    yield from table([titles, *rows])
    yield ""
    unsettled = sum(entry.settled_at is None for entry in entries)
    yield f"{len(entries)} in the last {days} days or unsettled; unsettled: {unsettled}."


def callback_lines(entries: "Sequence[CallbackEntry]", days: int, now: datetime) -> Iterator[str]:
    """Yield the report on the call-backs promised in the last `days` days, those to come first."""
    from bridge.commands.tables import moment, table

    if not entries:
        yield f"No call-backs were promised in the last {days} days, and none is to come."
        return
    titles = ("office", "from", "until", "state", "promised", "settled")
    in_order = sorted(entries, key=lambda entry: (entry.settled_at is not None, entry.starts))
    rows = []
    for entry in in_order:
        overdue = entry.settled_at is None and entry.ends < now
        state = "overdue" if overdue else CALLBACK_STATES[entry.state.name.lower()]
        times = map(moment, (entry.starts, entry.ends))
        rows.append((entry.office, *times, state, moment(entry.promised_at), moment(entry.settled_at)))
    yield from table([titles, *rows])
    counted = Counter(entry.state.name.lower() for entry in entries)
    yield ""
    yield (
        f"{len(entries)} in the last {days} days or to come; kept: {counted['kept']}, "
        f"missed: {counted['missed']}."
    )


def _repositories() -> "Repositories":
    from bridge.app.create import open_repositories
    from bridge.settings import Settings

    return open_repositories(Settings.read(os.environ))


def _days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
