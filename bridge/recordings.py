"""Recorded conversations: calls played against the stand-in Tagor and written down as they were heard."""

import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bridge.app import Clocks, create_app
from bridge.carrier.account import Line
from bridge.carrier.phone import Phone
from bridge.carrier.turn import Turn, Utterance
from bridge.carrier.wire import wsgi
from bridge.demo import Card, card_of, environment
from bridge.settings import Settings
from bridge.standin import CASES, Case, StandIn
from bridge.store.migrate import migrate

MOMENT = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))
"""A Wednesday morning on which the demo's office is open; no time passes, so that nothing is ever late."""

CALLERS = ("An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson")
"""One for each language; each has one file, a debt, and a mobile of their own."""

_LANGUAGE_NAMES = {"nl": "Dutch", "fr": "French", "de": "German", "en": "English"}
_FIRST_LANGUAGE = re.compile(r'^default_language = ".."', re.MULTILINE)
_PORT = 8000
_BRIEFLY = 0.005


@dataclass(frozen=True, slots=True)
class Talk:
    """What a caller calls about: the page's `name` and `title`, and the `keys` pressed in turn."""

    name: str
    title: str
    keys: tuple[str, ...]


TALKS = (
    Talk("balance", "The balance of a file", ("1", "PIN", "9")),
    Talk("payment-plan", "A payment plan", ("1", "PIN", "2", "1", "1", "1", "1", "9")),
)
"""`PIN` stands for the six digits of the caller's letter."""


def recordings(root: Path) -> dict[Path, str]:
    """Every page of recorded calls and the text it should have, below the project's folder."""
    return {
        folder_of(root) / f"{talk.name}-{case.language}.md": _page(talk, case, turns)
        for case in (case for case in CASES if case.name in CALLERS)
        for talk, turns in zip(TALKS, _played(case), strict=True)
    }


def folder_of(root: Path) -> Path:
    """Where the recorded calls are."""
    return root / "docs" / "calls"


def _played(case: Case) -> Iterator[list[Turn]]:
    """Play every talk, one call after the other, to an office whose first language is the caller's."""
    with tempfile.TemporaryDirectory(prefix="bridge-record-") as folder, StandIn(clock=_now) as tagor:
        environ = environment(Path(folder), _PORT, tagor)
        _speak_first(case.language, Path(environ["BRIDGE_OFFICES"]) / "demo.toml")
        migrate(environ["DATABASE_URL"])
        clocks = Clocks(_now, ticks=lambda: 0.0, sleep=lambda _seconds: time.sleep(_BRIEFLY))
        post = wsgi(create_app(Settings.read(environ), clocks, environ))
        for talk in TALKS:
            phone = Phone(_line(card_of(environ, tagor)), case.phone or "", post=post, clock=MOMENT.timestamp)
            phone.ring()
            for keys in talk.keys:
                phone.press(case.pin if keys == "PIN" else keys)
            yield phone.turns


def _now() -> datetime:
    return MOMENT


def _speak_first(language: str, office: Path) -> None:
    first = f'default_language = "{language}"'
    office.write_text(_FIRST_LANGUAGE.sub(first, office.read_text("utf-8")), "utf-8")


def _line(card: Card) -> Line:
    return Line(
        voice_url=card.voice,
        account_sid=card.account,
        auth_token=card.token,
        number=card.number,
        fallback_url=card.fallback,
        status_url=card.status,
        owned=frozenset({card.caller_id}),
    )


def _page(talk: Talk, case: Case, turns: list[Turn]) -> str:
    told = "\n".join(line for turn in turns for line in _told(turn, case.language))
    return (
        f"# {talk.title}, in {_LANGUAGE_NAMES[case.language]}\n\n"
        f"{case.name} phones on a Wednesday morning, from a number that Tagor knows. `bridge record` plays\n"
        "this call against the stand-in Tagor and writes it down; a test fails when it is stale.\n"
        f"{told}\n"
    )


def _told(turn: Turn, language: str) -> Iterator[str]:
    """What the caller did, and then what the line said."""
    did = f"The caller presses {turn.did}." if turn.did else "The line answers." if turn.number == 0 else ""
    yield from ("", f"**{did}**") if did else ()
    yield ""
    yield from (f"- {_caption(heard, language)}" for heard in turn.utterances)


def _caption(heard: Utterance, language: str) -> str:
    spoken = heard.language[:2]
    return heard.text if spoken == language else f"*{_LANGUAGE_NAMES[spoken]}:* {heard.text}"
