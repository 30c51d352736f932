"""The commands about the outbox: how much work of calls waits, what was given up, and how to try it again."""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bridge.commands.errors import tells_errors
from bridge.commands.running_demo import DemoGroup, asks_demo

if TYPE_CHECKING:
    from bridge.store.job import DeadLetter, JobState
    from bridge.store.repositories import Repositories

JOB_KINDS = {
    "note": "note on a file",
    "task": "task for an employee",
    "line_note": "note at a payment's line",
    "voicemail": "voicemail",
    "callback": "call-back",
    "delete_recording": "recording to delete at the provider",
    "check_callback": "look whether a call-back was kept",
    "read_message": "message to mark as read",
    "answers": "answers to a questionnaire",
}
SHOWN_OF_ID = 10
"""How many characters of a job's id are printed: enough to tell jobs apart, and short enough to type."""


@click.group(cls=DemoGroup, invoke_without_command=True)
@asks_demo
@click.pass_context
@tells_errors
def outbox(context: click.Context) -> None:
    """Show what calls leave to be done, and dead letters."""
    if context.invoked_subcommand is None:
        box = _repositories().outbox
        for line in outbox_lines(box.counts(), box.dead_letters()):
            click.echo(line)


@outbox.command()
@click.argument("letters", nargs=-1, required=True)
@tells_errors
def retry(letters: tuple[str, ...]) -> None:
    """Try dead letters again: `all` of them, or those whose ids begin as given.

    Each stands in the console's list of who did what.
    """
    from bridge.commands.audit_line import write_down

    store, now = _repositories(), datetime.now(UTC)
    box = store.outbox
    named = tuple(filter(None, letters))  # every id begins with an empty text, so '' would name all of them
    revived = 0
    for one in box.dead_letters():
        if "all" in named or one.id.startswith(named):
            write_down(store, "retried", f"{one.office} {one.id[:SHOWN_OF_ID]}")
            revived += box.retry(one.id, now)
    click.echo(f"{revived} of them will be tried again now." if revived else "There is no such dead letter.")


def outbox_lines(counts: "Mapping[JobState, int]", letters: "Sequence[DeadLetter]") -> Iterator[str]:
    """Yield how many jobs wait, and a table of the dead letters with the trouble of each."""
    from bridge.commands.tables import moment, table
    from bridge.store.job import JobState

    yield f"{counts[JobState.READY]} to be done, {len(letters)} given up."
    if letters:
        titles = ("id", "office", "what", "tries", "trouble", "given up")
        rows = [
            (
                letter.id[:SHOWN_OF_ID],
                letter.office,
                JOB_KINDS[letter.kind],
                str(letter.tries),
                letter.trouble,
                moment(letter.died_at),
            )
            for letter in letters
        ]
        yield ""
        yield from table([titles, *rows])
        yield ""
        yield "Mend the trouble, then try them again: bridge outbox retry all"


def _repositories() -> "Repositories":
    from bridge.app.create import open_repositories
    from bridge.settings import Settings

    return open_repositories(Settings.read(os.environ))
