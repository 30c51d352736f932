"""Records conversations: plays calls against the stand-in Tagor and writes down what is heard."""

import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from flask import Flask

from bridge.app.create import create_app
from bridge.app.overrides import Overrides
from bridge.checks.call_seconds import seconds_to_amount, whole_seconds
from bridge.clock import Clock
from bridge.settings import Settings
from bridge.simulators.demo import card_of, environment, line_of
from bridge.simulators.inline_executor import InlineExecutor
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.profiles import PROFILES, new_account
from bridge.simulators.provider.script import perform
from bridge.simulators.provider.turn import ProviderTurn, Utterance
from bridge.simulators.provider.wire import wsgi
from bridge.simulators.tagor import CASES, Case, FurtherFile, StandIn
from bridge.simulators.tagor.solvency import QUESTIONNAIRES
from bridge.store.migrate import migrate

FOLDER = Path("docs") / "calls"
"""Where the pages are, below the project's folder."""

MOMENT = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))
"""A Wednesday morning on which the demo's office is open; no time passes, so that nothing is ever late."""

CALLERS = ("An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson")
"""One caller for each language; each has one file, a debt, and a mobile of their own."""

_LANGUAGE_NAMES = {"nl": "Dutch", "fr": "French", "de": "German", "en": "English"}
_OUTCOMES = {
    "answered": "A colleague takes the call with key 1; in the end they hang up.",
    "no-answer": "The colleague's telephone rings in vain.",
    "busy": "The colleague is on the telephone.",
    "voicemail": "The caller speaks for 20 seconds.",
}
_MESSAGES = {
    "nl": ("Uw vraag", "Wij hebben uw brief goed ontvangen. U krijgt volgende week een antwoord."),
    "fr": (
        "Votre question",
        "Nous avons bien reçu votre lettre. Vous aurez une réponse la semaine prochaine.",
    ),
    "de": ("Ihre Frage", "Wir haben Ihren Brief erhalten. Sie bekommen nächste Woche eine Antwort."),
    "en": ("Your question", "We have received your letter. You will get an answer next week."),
}
"""Subject and text of the message that the office has left, by the caller's language."""
_TITLE = {"TQRB_Id": "9000000000000000831", "TimeStampTitel": "2024-11-12T00:00:00.000"}
"""The judgment on a file that has one: a justice of the peace gave it."""
_HEARING = {
    "TQRB_Id": "9000000000000000831",
    "TQKAMER_Id": "9000000000000000842",
    "Plaats": "Gent",
    "TimeStampVerschijning": "2026-05-12T09:30:00.000",
}
"""The next hearing on a file that has one: in the second chamber of a justice of the peace."""
_NAMED_BY = 259
"""The parameter by which an office decides how its files name their manager."""
_QUESTIONS = ", ".join(
    f'{language} = "{model}"' for language, model in zip(_LANGUAGE_NAMES, QUESTIONNAIRES, strict=True)
)
_CHANGES: Mapping[str, Mapping[str, str]] = {
    "usual": {},
    "reference": {'way = "pin"': 'way = "reference_pin"'},
    "slips": {"# pin_scheme = true": "pin_scheme = true", "# slips = true": "slips = true"},
    "questions": {'# questions = { nl = "9000000000000000861" }': f"questions = {{ {_QUESTIONS} }}"},
    "signed": {"# open = true  ": 'open = true\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01  '},
}
"""How the demo's office file is changed for each kind of office."""
_FIRST_LANGUAGE = re.compile(r'^default_language = ".."', re.MULTILINE)
_SOUND_NAME = re.compile(r"/sounds/(\w+)-")
_PORT = 8000
_SECRET = "the secret of a line that only ever plays recorded calls"  # noqa: S105 - guards nothing
# The line's own waiting takes no time on its clock, but other threads must get the processor meanwhile.
_REAL_SLEEP_SECONDS = 0.005
_AT_ONCE = Overrides(executor=lambda _threads, _name: InlineExecutor())
"""A page must not show whether a machine was slow for a moment."""


@dataclass(frozen=True, slots=True)
class CallPlan:
    """One recorded call: the page's `name` and `title`, and what the caller does in turn, as in a script.

    `PIN` stands for the six digits of the caller's letter, `FILE` for the number of the file, `REFERENCE` for
    the one that an office which identifies by `reference` asks for, `BARCODE` for the number under the
    barcode, where the office reads `slips` out. The caller's number may be `withheld`. With a `second` file
    the caller has that one too; `SECOND` stands for its PIN. With a `message` the office has left one for the
    caller; with `planned` it has planned a visit. With `judged` a court has given a judgment on the file;
    with `heard` a hearing is to come, and the office names its manager; with `paid` a payment is on its way.
    Later calls find all of it too.
    """

    name: str
    title: str
    actions: tuple[str, ...]
    withheld: bool = False
    second: bool = False
    message: bool = False
    office: Literal["usual", "reference", "slips", "questions", "signed"] = "usual"
    planned: bool = False
    judged: bool = False
    heard: bool = False
    paid: bool = False


SECOND = FurtherFile("20239911", "9000000000000000099", "7709911", "604173", Decimal("64.20"), "Parking Oost")
"""The file that a caller has besides, where a call is about it."""

CALL_PLANS = (
    CallPlan("balance", "The balance of a file", ("1", "PIN", "9")),
    CallPlan("unknown", "A caller whose number is hidden", ("1", "PIN", "FILE", "9"), withheld=True),
    CallPlan("person", "A person", ("1", "PIN", "0", "{answered}")),
    CallPlan("voicemail", "A voicemail", ("1", "PIN", "0", "{no-answer}", "2", "{voicemail 20}", ",")),
    CallPlan("call-back", "A call-back", ("1", "PIN", "0", "{busy}", "1", "1", "2")),
    CallPlan("pay", "How to pay, and a payment that was made", ("1", "PIN", "1", "3", "3", "9")),
    CallPlan("message", "A text message", ("1", "PIN", "1", "1", "1", "1", "9")),
    CallPlan("hardship", "Somebody who cannot pay", ("1", "PIN", "2", "4", "2", "1", "1", "9")),
    CallPlan("new-address", "The address on file, and a new one", ("1", "PIN", "3", "3", "1", "3", "9")),
    CallPlan(
        "mobile",
        "A mobile as a contact",
        ("1", "PIN", "FILE", "3", "3", "2", "0472987654#", "1", "9"),
        withheld=True,
    ),
    CallPlan("trust", "Is this letter really from you?", ("2", "2", "9")),
    CallPlan("letters", "A document by post", ("1", "PIN", "3", "2", "2", "1", "9")),
    CallPlan("office-message", "A message from the office", ("1", "PIN", "1", "2", "9"), message=True),
    CallPlan("payment-plan", "A payment plan", ("1", "PIN", "2", "1", "1", "1", "9")),
    CallPlan("other-file", "Another file", ("1", "PIN", "4", "1", "SECOND", "9"), second=True),
    CallPlan("dispute", "A claim that the caller does not agree with", ("1", "PIN", "3", "4", "2", "1", "9")),
    CallPlan(
        "reference",
        "A reference in place of the file number",
        ("1", "PIN", "REFERENCE", "1", "1", "1", "1", "9"),
        office="reference",
    ),
    CallPlan(
        "details",
        "More about a file, and its statement by mail",
        ("1", "PIN", "3", "1", "1", "1", "9"),
        planned=True,
        judged=True,
    ),
    CallPlan(
        "payment-slip",
        "The payment slip of a letter",
        ("1", "PIN", "1", "4", "BARCODE", "2", "9"),
        office="slips",
    ),
    CallPlan(
        "questions-broken-off",
        "The office's questions, of which two are answered",
        ("1", "PIN", "3", "3", "4", "1", "2", "1"),
        office="questions",
    ),
    CallPlan(
        "questions",
        "The office's questions, taken up again and saved",
        ("1", "PIN", "3", "3", "4", "1", "1850*50#", "1", "640#", "1", "3#", "1", "1", "9"),
        office="questions",
    ),
    CallPlan(
        "hearing", "The next hearing, and who handles the file", ("1", "PIN", "3", "1", "4", "9"), heard=True
    ),
    CallPlan("running-plan", "A plan that runs", ("1", "PIN", "2", "3", "9")),
    CallPlan(
        "own-terms",
        "A plan on the caller's own terms",
        ("1", "PIN", "2", "1", "3", "2", "4#", "2", "5#", "1", "9"),
    ),
    CallPlan("sent-letters", "The letters that were sent", ("1", "PIN", "3", "2", ",", ",", "9")),
    CallPlan("payment-on-its-way", "A payment that is on its way", ("1", "PIN", "9"), paid=True),
    CallPlan(
        "signed-file", "Another file, which the same PIN opens", ("1", "PIN", "4", "1", "9"), office="signed"
    ),
    CallPlan("answers", "Answers to frequent questions", ("1", "PIN", "3", "1", "3", "1", "9")),
    CallPlan(
        "spoken-message", "A voice message about a file", ("1", "PIN", "4", "4", "2", "{voicemail 20}", "9")
    ),
)


@dataclass(frozen=True, slots=True)
class PlayedCall:
    """A call as it went: its turns, and what it left on the caller's file in Tagor."""

    turns: list[ProviderTurn]
    left_on_file: list[str]


def recorded_calls(root: Path) -> dict[Path, str]:
    """Play every call in every language; return each page below `root` with the text it should have."""
    return {
        root / FOLDER / f"{plan.name}-{case.language}.md": _page(plan, case, played)
        for case in (case for case in CASES if case.name in CALLERS)
        for plan, played in zip(CALL_PLANS, play_calls(case), strict=True)
    }


def play_calls(case: Case, provider: str = "twilio") -> Iterator[PlayedCall]:
    """Play all calls of one caller in turn, on the line of an office whose first language is the caller's.

    `provider` is the one that is simulated.
    """
    profile, account = PROFILES[provider], new_account(provider)
    with tempfile.TemporaryDirectory(prefix="bridge-record-") as folder, StandIn(clock=_now) as tagor:
        environ = {**environment(Path(folder), _PORT, tagor, account), "BRIDGE_SECRET": _SECRET}
        office = Path(environ["BRIDGE_OFFICES"]) / "demo.toml"
        first = f'default_language = "{case.language}"'
        written = _FIRST_LANGUAGE.sub(first, office.read_text("utf-8"))
        migrate(environ["DATABASE_URL"])
        with RestApi(account.account, account.token, profile=profile) as api:
            environ["BRIDGE_PROVIDER_API"] = api.url
            clock = Clock(_now, monotonic=lambda: 0.0, sleep=lambda _seconds: time.sleep(_REAL_SLEEP_SECONDS))
            apps = {kind: _open(environ, office, written, clock, kind) for kind in _CHANGES}
            card = replace(card_of(environ, tagor), signs_with=account.signs_with)
            line = line_of(card, api.recordings.put)
            for number, plan in enumerate(CALL_PLANS):
                # A fixed seed and a clock that stands: a page may change only because the call has changed.
                app = apps[plan.office]
                phone = Phone(
                    line,
                    "" if plan.withheld else case.phone or "",
                    post=wsgi(app),
                    profile=profile,
                    clock=MOMENT.timestamp,
                    seed=number,
                )
                if plan.second:
                    tagor.controls.add_file(case, SECOND)
                if plan.message:
                    tagor.controls.leave_message(case.file_id, case.party_id, *_MESSAGES[case.language])
                if plan.planned:
                    tagor.controls.schedule(case.file_id, "BEZOEK", "2026-03-19T14:30:00")
                if plan.judged:
                    tagor.controls.add_row("TDOSTITELWeb", case.file_id, _TITLE)
                if plan.heard:
                    tagor.controls.add_row("TDOSVERSCHIJNINGWeb", case.file_id, _HEARING)
                    tagor.controls.parameter(_NAMED_BY, "id")
                if plan.paid:
                    tagor.controls.announce_payment(case.file_id, Decimal("125.00"))
                before = _left_on_file(tagor, case)
                phone.ring()
                typed = {"PIN": case.pin, "SECOND": SECOND.pin}
                typed |= {"FILE": f"{case.file}#", "REFERENCE": f"{case.reference}#"}
                typed |= {"BARCODE": f"{case.barcode}#"}
                for action in plan.actions:
                    perform(phone, typed.get(action, action))
                perform(phone, "!")
                # The page also tells what the call left on the file, which the outbox puts there.
                while app.extensions["bridge"].outbox_worker.round():
                    pass
                left = [entry for entry in _left_on_file(tagor, case) if entry not in before]
                yield PlayedCall(phone.turns, left)


def _open(environ: Mapping[str, str], office: Path, written: str, clock: Clock, kind: str) -> Flask:
    """Open the line with this text in the office's file, changed into the kind of office that is wanted."""
    for old, new in _CHANGES[kind].items():
        written = written.replace(old, new, 1)
    office.write_text(written, "utf-8")
    return create_app(Settings.read(environ), clock, environ, overrides=_AT_ONCE)


def _left_on_file(tagor: StandIn, case: Case) -> list[str]:
    """Return what the line has written onto the caller's file so far."""
    return [
        *(f"a note: {line.text}" for line in tagor.records.info_lines(case.file)),
        *(
            f"a message, with the recording: {one.subject}"
            for one in tagor.records.office_messages(case.file)
        ),
        *(f"a task in the agenda: {one.subject}. {one.text}" for one in tagor.records.agenda(case.file)),
    ]


def _now() -> datetime:
    return MOMENT


def _page(plan: CallPlan, case: Case, played: PlayedCall) -> str:
    told = "\n".join(line for turn in played.turns for line in _turn_lines(turn, case.language))
    left = "".join(f"- {entry}\n" for entry in played.left_on_file)
    number = "a hidden number" if plan.withheld else "a number that Tagor knows"
    return (
        f"# {plan.title}, in {_LANGUAGE_NAMES[case.language]}\n\n"
        f"{_seconds(played.turns, case.pin)}\n\n"
        f"{case.name} phones on a Wednesday morning, from {number}. `bridge record` plays\n"
        "this call against the stand-in Tagor and writes it down; a test fails when it is stale.\n"
        f"{told}\n" + (f"\n**What the call left on the file:**\n\n{left}" if left else "")
    )


def _seconds(turns: Sequence[ProviderTurn], pin: str) -> str:
    """Say how long the call takes, and how soon the amount is told."""
    whole = f"{round(whole_seconds(turns, pin))} seconds, listening to everything."
    patient, hurried = (seconds_to_amount(turns, pin, patient=patient) for patient in (True, False))
    if patient is None or hurried is None:
        return whole
    return f"{whole} The amount is told after {patient:.1f}; after {hurried:.1f} to whoever does not wait."


def _turn_lines(turn: ProviderTurn, language: str) -> Iterator[str]:
    """Yield what the caller did, and then what the line said."""
    if turn.did.startswith("{"):
        did = _OUTCOMES[turn.did.strip("{},").partition(" ")[0]]
    else:
        first = "The line answers." if turn.number == 0 else ""
        did = f"The caller presses {turn.did}." if turn.did else first
    yield from ("", f"**{did}**") if did else ()
    yield ""
    yield from (f"- {_caption(heard, language)}" for heard in turn.utterances)


def _caption(heard: Utterance, language: str) -> str:
    if heard.audio:
        return f"*A sound:* {_SOUND_NAME.findall(heard.audio)[0]}"
    spoken = heard.language[:2]
    return heard.text if spoken == language else f"*{_LANGUAGE_NAMES[spoken]}:* {heard.text}"
