"""Recorded conversations: calls played against the stand-in Tagor and written down as they were heard."""

import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bridge.app.create import create_app
from bridge.clock import Clock
from bridge.settings import Settings
from bridge.simulators.demo import Card, card_of, environment
from bridge.simulators.provider.account import PhoneLine
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.script import perform
from bridge.simulators.provider.turn import ProviderTurn, Utterance
from bridge.simulators.provider.wire import wsgi
from bridge.simulators.tagor import CASES, Case, StandIn
from bridge.store.migrate import migrate

MOMENT = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))
"""A Wednesday morning on which the demo's office is open; no time passes, so that nothing is ever late."""

CALLERS = ("An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson")
"""One for each language; each has one file, a debt, and a mobile of their own."""

_LANGUAGE_NAMES = {"nl": "Dutch", "fr": "French", "de": "German", "en": "English"}
_DEEDS = {
    "answered": "A colleague takes the call with key 1; in the end they hang up.",
    "no-answer": "The colleague's telephone rings in vain.",
    "busy": "The colleague is on the telephone.",
    "voicemail": "The caller speaks for 20 seconds.",
}
_FIRST_LANGUAGE = re.compile(r'^default_language = ".."', re.MULTILINE)
_PORT = 8000
_SECRET = "the secret of a line that only ever plays recorded calls"  # noqa: S105 - guards nothing
_BRIEFLY = 0.005


@dataclass(frozen=True, slots=True)
class Talk:
    """What a caller calls about: the page's `name` and `title`, and what is done in turn, as in a script.

    `PIN` stands for the six digits of the caller's letter.
    """

    name: str
    title: str
    deeds: tuple[str, ...]


TALKS = (
    Talk("balance", "The balance of a file", ("1", "PIN", "9")),
    Talk("person", "A person", ("1", "PIN", "0", "{answered}")),
    Talk("voicemail", "A voicemail", ("1", "PIN", "0", "{no-answer}", "2", "{voicemail 20}", ",")),
    Talk("call-back", "A call-back", ("1", "PIN", "0", "{busy}", "1", "1", "2")),
    Talk("message", "A text message", ("1", "PIN", "1", "1", "1", "1", "9")),
    Talk("hardship", "Somebody who cannot pay", ("1", "PIN", "2", "4", "2", "1", "1", "9")),
    Talk("trust", "Is this letter really from you?", ("4", "2", "9")),
    Talk("payment-plan", "A payment plan", ("1", "PIN", "2", "1", "1", "1", "1", "9")),
)


@dataclass(frozen=True, slots=True)
class Played:
    """A talk as it went: its turns, and what it left on the caller's file in Tagor."""

    turns: list[ProviderTurn]
    left: list[str]


def recordings(root: Path) -> dict[Path, str]:
    """Every page of recorded calls and the text it should have, below the project's folder."""
    return {
        folder_of(root) / f"{talk.name}-{case.language}.md": _page(talk, case, played)
        for case in (case for case in CASES if case.name in CALLERS)
        for talk, played in zip(TALKS, _played(case), strict=True)
    }


def folder_of(root: Path) -> Path:
    """Where the recorded calls are."""
    return root / "docs" / "calls"


def _played(case: Case) -> Iterator[Played]:
    """Play every talk, one call after the other, to an office whose first language is the caller's."""
    with tempfile.TemporaryDirectory(prefix="bridge-record-") as folder, StandIn(clock=_now) as tagor:
        environ = {**environment(Path(folder), _PORT, tagor), "BRIDGE_SECRET": _SECRET}
        account, token = environ["BRIDGE_ACCOUNT"], environ["BRIDGE_TOKENS"]
        _speak_first(case.language, Path(environ["BRIDGE_OFFICES"]) / "demo.toml")
        migrate(environ["DATABASE_URL"])
        with RestApi(account, token) as api:
            environ["BRIDGE_PROVIDER_API"] = api.url
            clocks = Clock(_now, ticks=lambda: 0.0, sleep=lambda _seconds: time.sleep(_BRIEFLY))
            app = create_app(Settings.read(environ), clocks, environ)
            line = replace(_line(card_of(environ, tagor)), keep=api.recordings.put)
            for number, talk in enumerate(TALKS):
                phone = Phone(line, case.phone or "", post=wsgi(app), clock=MOMENT.timestamp, seed=number)
                before = _left(tagor, case)
                phone.ring()
                for deed in talk.deeds:
                    perform(phone, case.pin if deed == "PIN" else deed)
                perform(phone, "!")
                while app.extensions["bridge"].outbox_worker.round():
                    pass
                yield Played(phone.turns, [one for one in _left(tagor, case) if one not in before])


def _left(tagor: StandIn, case: Case) -> list[str]:
    """What stands on the caller's file that the line has written."""
    return [
        *(f"a note: {line.text}" for line in tagor.info_lines(case.file)),
        *(f"a message, with the recording: {one.subject}" for one in tagor.office_messages(case.file)),
        *(f"a task in the agenda: {one.subject}. {one.text}" for one in tagor.agenda(case.file)),
    ]


def _now() -> datetime:
    return MOMENT


def _speak_first(language: str, office: Path) -> None:
    first = f'default_language = "{language}"'
    office.write_text(_FIRST_LANGUAGE.sub(first, office.read_text("utf-8")), "utf-8")


def _line(card: Card) -> PhoneLine:
    return PhoneLine(
        voice_url=card.voice,
        account_sid=card.account,
        auth_token=card.token,
        number=card.number,
        fallback_url=card.fallback,
        status_url=card.status,
        owned=frozenset({card.caller_id}),
    )


def _page(talk: Talk, case: Case, played: Played) -> str:
    told = "\n".join(line for turn in played.turns for line in _told(turn, case.language))
    left = "".join(f"- {one}\n" for one in played.left)
    return (
        f"# {talk.title}, in {_LANGUAGE_NAMES[case.language]}\n\n"
        f"{case.name} phones on a Wednesday morning, from a number that Tagor knows. `bridge record` plays\n"
        "this call against the stand-in Tagor and writes it down; a test fails when it is stale.\n"
        f"{told}\n" + (f"\n**What the call left on the file:**\n\n{left}" if left else "")
    )


def _told(turn: ProviderTurn, language: str) -> Iterator[str]:
    """What the caller did, and then what the line said."""
    did = _did(turn)
    yield from ("", f"**{did}**") if did else ()
    yield ""
    yield from (f"- {_caption(heard, language)}" for heard in turn.utterances)


def _did(turn: ProviderTurn) -> str:
    if turn.did.startswith("{"):
        return _DEEDS[turn.did.strip("{},").partition(" ")[0]]
    return f"The caller presses {turn.did}." if turn.did else "The line answers." if turn.number == 0 else ""


def _caption(heard: Utterance, language: str) -> str:
    spoken = heard.language[:2]
    return heard.text if spoken == language else f"*{_LANGUAGE_NAMES[spoken]}:* {heard.text}"
