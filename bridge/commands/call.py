"""The command that is a telephone: it phones a line from this terminal, or plays a saved call."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.commands.errors import tells_errors
from bridge.provider_accounts import SHAPES

if TYPE_CHECKING:
    from bridge.simulators.provider.account import PhoneLine, Profile


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
# The environment, too: every user of a machine can read the arguments of its commands.
@click.option("--token", envvar="BRIDGE_CALL_TOKEN", help="The account's auth token.")
@click.option(
    "--provider",
    type=click.Choice(list(SHAPES)),
    help="Which provider the telephone plays; by default that of the running demo.",
)
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
    """Phone the line from this terminal.

    The exit status is 1 when the provider could not use an answer of the line, or got none; it is told why.
    """
    from bridge.simulators.provider.script import let_sound, play
    from bridge.simulators.provider.terminal import talk

    if story is not None:
        from bridge.commands.rehearse import replay

        replay(story)
        return
    called, profile = _line(line)
    if keys is None and not as_json:
        talk(called, caller, profile=profile)
        return
    turns = play(called, caller, keys or "", profile=profile, elapse=let_sound)
    for turn in turns:
        click.echo(json.dumps(turn, ensure_ascii=False) if as_json else _caption(turn))
    troubles = dict.fromkeys(str(turn["error"]) for turn in turns if "error" in turn)
    for trouble in troubles:
        click.echo(f"The provider held against the line: {trouble}", err=True)
    if troubles:
        sys.exit(1)


def _line(given: dict[str, str | None]) -> "tuple[PhoneLine, Profile]":
    """Return the line to phone and its provider: the running demo's, but for what the options say."""
    from bridge.simulators.demo import DemoError, read_card
    from bridge.simulators.provider.account import PhoneLine
    from bridge.simulators.provider.api import upload_to
    from bridge.simulators.provider.profiles import PROFILES
    from bridge.simulators.provider.recording_store import discard_recording

    known = read_card()
    card = known | {name: value for name, value in given.items() if value}
    if missing := [name for name in ("voice", "account", "token", "number") if name not in card]:
        raise DemoError(
            "No demo is running in this folder: start `bridge demo` here (in a checkout `make demo`), "
            f"or give --{', --'.join(missing)}."
        )
    base, profile = card["voice"], PROFILES[card.get("provider", "twilio")]
    # A token that is given signs, whatever the demo's own secret is.
    signs_with = given.get("token") or card.get("signs_with") or card["token"]
    line = PhoneLine(
        voice_url=base,
        account_sid=card["account"],
        auth_token=signs_with,
        number=card["number"],
        fallback_url=f"{base}/fallback",
        status_url=f"{base}/status",
        owned=frozenset(filter(None, [card.get("caller_id")])),
        keep=upload_to(card["api"], card["account"], card["token"], profile)
        if card.get("api")
        else discard_recording,
    )
    return line, profile


def _caption(turn: dict[str, Any]) -> str:
    keys = f"> {turn['keys']}\n" if turn.get("keys") else ""
    return keys + "\n".join(
        f"sound: {heard['audio']}" if "audio" in heard else f"{heard['language']}: {heard['text']}"
        for heard in turn["heard"]
    )
