"""The commands of the line: run it, check it, draw it, phone it, ask it what happened."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bridge.checks.flow_drawings import redraw, stale
from bridge.checks.generated_pages import rewrite, stale_pages
from bridge.commands.doctor import doctor
from bridge.commands.errors import told
from bridge.commands.office import outbox, report, unlock, work
from bridge.commands.rehearse import rehearse, replay
from bridge.settings import Settings
from bridge.simulators.demo import CARD, Card, DemoError, run
from bridge.simulators.provider.account import PhoneLine
from bridge.simulators.provider.api import upload_to
from bridge.simulators.provider.recording_store import discard_recording
from bridge.simulators.provider.script import play
from bridge.simulators.provider.terminal import talk
from bridge.simulators.tagor import cases
from bridge.simulators.tagor import serve as serve_tagor
from bridge.store.migrate import migrate as migrate_store

ROOT = Path(__file__).parents[2]
PORT = click.IntRange(0, 65535)


@click.group()
def main() -> None:
    """The phone line of a bailiff's office."""


@main.command()
@told
def serve() -> None:
    """Serve the line: what the Procfile's `gunicorn` does, from any folder."""
    Settings.read(os.environ)
    arguments = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")]
    os.execv(sys.executable, arguments)  # noqa: S606 - our own server takes this process over


@main.command()
@told
def migrate() -> None:
    """Bring the database to this version's tables; safe to run twice, also at once."""
    revision = migrate_store(Settings.read(os.environ).database_url.get_secret_value())
    click.echo(f"The database is at {revision}.")


@main.command()
@told
def check() -> None:
    """Check flows, words, settings and office files; status 1 when anything is wrong."""
    from bridge.checks.check import examine  # noqa: PLC0415 - importing flows is itself the first check

    report = examine(os.environ)
    for line in (*report.problems, *report.warnings, *report.notes):
        click.echo(str(line), err=line in report.problems)
    if report.problems:
        sys.exit(1)


@main.command()
@click.option("--check", "only_check", is_flag=True, help="write nothing; status 1 when a drawing is stale")
@told
def draw(only_check: bool) -> None:  # noqa: FBT001 - click's flag
    """Redraw the flows in docs/flows and README.md."""
    from voice_flows import CALL  # noqa: PLC0415 - a broken flow is told in sentences

    _tell_changed(
        stale(CALL, ROOT) if only_check else redraw(CALL, ROOT), "draw", "redrawn", only_check=only_check
    )


@main.command()
@click.option("--check", "only_check", is_flag=True, help="write nothing; status 1 when a page is stale")
@told
def record(only_check: bool) -> None:  # noqa: FBT001 - click's flag
    """Play the calls of docs/calls against a stand-in Tagor, and write them down anew."""
    from bridge.checks.recorded_calls import folder_of, recordings  # noqa: PLC0415 - as in draw

    keep = stale_pages if only_check else rewrite
    _tell_changed(keep(recordings(ROOT), folder_of(ROOT)), "record", "recorded", only_check=only_check)


@main.command()
@click.option("--port", type=PORT, default=9000, show_default=True, help="where to listen")
@click.option(
    "--generation", type=click.Choice(["1.08", "2.00"]), default="2.00", show_default=True, help="Tagor's own"
)
@click.option("--cases", "only_cases", is_flag=True, help="print the documented cases as JSON and end")
@told
def tagor(port: int, generation: str, only_cases: bool) -> None:  # noqa: FBT001 - click's flag
    """Run a stand-in Tagor until it is interrupted."""
    if only_cases:
        click.echo(json.dumps(cases(), ensure_ascii=False, indent=2))
        return
    serve_tagor(
        port,
        generation=generation,
        ready=lambda tagor: click.echo(f"Tagor listens at {tagor.url} (key: {tagor.key})"),
    )


@main.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="where the line listens"
)
@click.option(
    "--tagor-port", type=PORT, default=0, help="where the stand-in Tagor listens; 0 takes a free port"
)
@click.option(
    "--json", "as_json", is_flag=True, help="print one JSON line with all that is needed to phone in"
)
@told
def demo(port: int, tagor_port: int, as_json: bool) -> None:  # noqa: FBT001 - click's flag
    """Run the whole line on this machine, with a stand-in Tagor, until it is interrupted."""
    run(port, tagor_port, tell=_print_json if as_json else _print_welcome)


@main.command()
@click.option(
    "--from", "caller", default="+32470000001", show_default=True, help="the caller's number; '' is withheld"
)
@click.option(
    "--keys", help='a script: keys, "words", "," for silence, "!" to hang up; without it the phone is live'
)
@click.option("--json", "as_json", is_flag=True, help="print every turn as JSON")
@click.option("--voice", help="the line's first webhook; by default the running demo's")
@click.option("--account", help="the provider's account id")
@click.option("--token", envvar="BRIDGE_CALL_TOKEN", help="the account's auth token")
@click.option("--number", help="the number that is dialled")
@click.option("--caller-id", help="the number of the account that a transfer shows")
@click.option(
    "--replay",
    "story",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="play a call that a rehearsal saved, and tell it turn by turn",
)
@told
def call(
    caller: str,
    keys: str | None,
    as_json: bool,  # noqa: FBT001 - click's flag
    story: Path | None,
    **line: str | None,
) -> None:
    """Phone the line from this terminal."""
    if story is not None:
        replay(story)
        return
    called = _line(line)
    if keys is None and not as_json:
        talk(called, caller)
        return
    turns = play(called, caller, keys or "")
    for turn in turns:
        click.echo(json.dumps(turn, ensure_ascii=False) if as_json else _caption(turn))


main.add_command(unlock)
main.add_command(report)
main.add_command(outbox)
main.add_command(work)
main.add_command(doctor)
main.add_command(rehearse)


def _tell_changed(pages: list[Path], command: str, done: str, *, only_check: bool) -> None:
    """Name the pages that are stale, or were; status 1 when they were only checked."""
    what = f"is stale: run `bridge {command}`" if only_check else done
    for path in pages:
        click.echo(f"{path.relative_to(ROOT)}: {what}")
    if only_check and pages:
        sys.exit(1)


def _line(given: dict[str, str | None]) -> PhoneLine:
    known = json.loads(CARD.read_text()) if CARD.exists() else {}
    card = known | {name: value for name, value in given.items() if value}
    if missing := [name for name in ("voice", "account", "token", "number") if name not in card]:
        raise DemoError(f"no demo is running here: start `make demo`, or give --{', --'.join(missing)}")
    base = card["voice"]
    return PhoneLine(
        voice_url=base,
        account_sid=card["account"],
        auth_token=card["token"],
        number=card["number"],
        fallback_url=f"{base}/fallback",
        status_url=f"{base}/status",
        owned=frozenset(filter(None, [card.get("caller_id")])),
        keep=upload_to(card["api"], card["account"], card["token"]) if card.get("api") else discard_recording,
    )


def _print_json(card: Card) -> None:
    click.echo(json.dumps(asdict(card)))
    sys.stdout.flush()


def _print_welcome(card: Card) -> None:
    first = cases()[0]
    click.echo(
        f"The line listens at {card.voice}, with a stand-in Tagor at {card.tagor}.\n"
        "Phone in from another terminal, in this folder:\n\n"
        f"    .venv/bin/bridge call --from {first['phone']}\n\n"
        f"Press 1 for the balance, then the PIN {first['pin']}. h hangs up. "
        "`.venv/bin/bridge tagor --cases` tells whom else you can be.\n"
        "Ctrl-C ends the demo."
    )


def _caption(turn: dict[str, Any]) -> str:
    keys = f"> {turn['keys']}\n" if turn.get("keys") else ""
    return keys + "\n".join(f"{heard['language']}: {heard.get('text', '')}" for heard in turn["heard"])
