"""The command that is a telephone: it phones a line from this terminal, or plays a saved call."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.commands.errors import tells_errors

if TYPE_CHECKING:
    from bridge.simulators.provider.account import PhoneLine


@click.command()
@click.option(
    "--from", "caller", default="+32470000001", show_default=True, help="The caller's number; '' is withheld."
)
@click.option(
    "--keys", help='A script: keys, "words", "," for silence, "!" to hang up. Without it the phone is live.'
)
@click.option("--json", "as_json", is_flag=True, help="Print every turn as JSON.")
@click.option("--voice", help="The line's first webhook; by default that of the running demo.")
@click.option("--account", help="The provider's account id.")
@click.option("--token", envvar="BRIDGE_CALL_TOKEN", help="The account's auth token.")
@click.option("--number", help="The number that is dialled.")
@click.option("--caller-id", help="The number of the account that a transfer shows.")
@click.option(
    "--replay",
    "story",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Play a call that a rehearsal saved, and tell it turn by turn.",
)
@tells_errors
def call(
    caller: str,
    keys: str | None,
    as_json: bool,  # noqa: FBT001 - click's flag
    story: Path | None,
    **line: str | None,
) -> None:
    """Phone the line from this terminal."""
    from bridge.simulators.provider.script import play
    from bridge.simulators.provider.terminal import talk

    if story is not None:
        from bridge.commands.rehearse import replay

        replay(story)
        return
    called = _line(line)
    if keys is None and not as_json:
        talk(called, caller)
        return
    for turn in play(called, caller, keys or ""):
        click.echo(json.dumps(turn, ensure_ascii=False) if as_json else _caption(turn))


def _line(given: dict[str, str | None]) -> "PhoneLine":
    """Return the line to phone: the running demo's, with whatever the options say in its place."""
    from bridge.simulators.demo import CARD, DemoError
    from bridge.simulators.provider.account import PhoneLine
    from bridge.simulators.provider.api import upload_to
    from bridge.simulators.provider.recording_store import discard_recording

    known = json.loads(CARD.read_text()) if CARD.exists() else {}
    card = known | {name: value for name, value in given.items() if value}
    if missing := [name for name in ("voice", "account", "token", "number") if name not in card]:
        raise DemoError(
            "No demo is running in this folder: start `bridge demo` here (in a checkout `make demo`), "
            f"or give --{', --'.join(missing)}."
        )
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


def _caption(turn: dict[str, Any]) -> str:
    keys = f"> {turn['keys']}\n" if turn.get("keys") else ""
    return keys + "\n".join(f"{heard['language']}: {heard.get('text', '')}" for heard in turn["heard"])
