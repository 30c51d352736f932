"""Defines the rehearsed offices: their files, their Tagor, and a creditor of its own for every file."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from bridge.package_files import DEMO_OFFICE as DEMO_PATH
from bridge.package_files import package_file
from bridge.settings import Settings
from bridge.simulators.provider.account import TWILIO_AS_SEEN
from bridge.simulators.provider.account import PhoneLine as Number
from bridge.simulators.provider.signature import Form, twilio, twilio_shared_key
from bridge.simulators.provider.unannounced import NUMBERS, OTHER_ADDRESSES, with_unclear_dials
from bridge.simulators.tagor import CASES, StandIn
from bridge.simulators.tagor.message_store import StoredMessage
from bridge.simulators.tagor.solvency import QUESTIONNAIRES

DEMO_FILE = package_file(DEMO_PATH).read_text(encoding="utf-8")
DEMO_OFFICE = tomllib.loads(DEMO_FILE)
"""The demo's office file, as it is written and as it is read."""
PUBLIC = "https://line.example.be"
SWITCHBOARD = "+3220000010"
ENVIRON = {
    "BRIDGE_DEMO": "1",
    "BRIDGE_PUBLIC_URL": PUBLIC,
    "BRIDGE_SECRET": "the secret of a line that is only ever simulated",
    "BRIDGE_ACCOUNT": "AC" + "0a1b2c3d" * 4,
    "BRIDGE_TOKENS": "3f1e5a7b9c2d4068",
    "BRIDGE_SIGNING_KEYS": "8604d2c9b7a5e1f3",
    "BRIDGE_LOG_LEVEL": "ERROR",
    "TAGOR_KEY": "stand-in-api-key",
    "TAGOR_CLIENT_ID": "bridge",
    "TAGOR_CLIENT_SECRET": "stand-in-login",
}
NUMBER = Number(
    voice_url=f"{PUBLIC}/voice",
    account_sid=ENVIRON["BRIDGE_ACCOUNT"],
    auth_token=ENVIRON["BRIDGE_TOKENS"],
    number="+3220000001",
    fallback_url=f"{PUBLIC}/voice/fallback",
    status_url=f"{PUBLIC}/voice/status",
    owned=frozenset({SWITCHBOARD}),
)


def _by_shared_key(_token: str, url: str, form: Form) -> dict[str, str]:
    return twilio_shared_key(ENVIRON["BRIDGE_SIGNING_KEYS"], url, form)


PROFILES = tuple(
    replace(TWILIO_AS_SEEN, sign=sign, results=with_unclear_dials, addresses=addresses)
    for sign in (twilio, _by_shared_key)
    for addresses in (*[NUMBERS] * len(OTHER_ADDRESSES), *OTHER_ADDRESSES)
)
"""The provider as calls meet it: random calls draw one, scripted ones have the first.

Half of them show plain numbers, and half sign with the account's token.
"""
_LETTERS = str.maketrans("0123456789", "abcdefghij")
CANARIES = {
    file: f"Kanarie {file.translate(_LETTERS)}"
    for case in CASES
    for file in (case.file, *(further.file for further in case.further))
}
"""A creditor of its own for each file: who hears the name hears about that file."""
MESSAGE = "Uw vraag", "Wij schreven aan {creditor}."
"""Subject and text of the message on each file of an office that has left some."""
WRITTEN = "2025-02-03T09:30:00.000"
"""When that was written: before every rehearsed call, and not in the year in which a stand-in begins."""
PLANNED = ("NAZICHT", "2031-03-05T09:00:00"), ("BEZOEK", "2031-03-06T10:00:00")
"""What such an office has planned on each file, by code and moment: only the visit is public."""


@dataclass(frozen=True)
class OfficeVariant:
    """Describes a kind of office: changes to the demo's file, generation and parameters of its Tagor.

    With `messages` it has left an unread message on every file, for the person of that file, and planned
    a visit.
    """

    office_file_changes: dict[str, str] = field(default_factory=dict)
    generation: str = "2.00"
    parameters: dict[int, str] = field(default_factory=dict)
    messages: bool = False


LANGUAGES = ("nl", "fr", "de", "en")
QUESTIONS = ", ".join(
    f'{language} = "{model}"' for language, model in zip(LANGUAGES, QUESTIONNAIRES, strict=True)
)
"""The questionnaires of an office that has one in each language, as its file names them."""
LOGIN = 'client_id_env = "TAGOR_CLIENT_ID"\nclient_secret_env = "TAGOR_CLIENT_SECRET"'
ACCEPTED = 'accepted_by = "mr. Voorbeeld"\naccepted_on = 2026-12-01 #'
"""Who accepted a risk; the rest of the line that it takes the place of is a remark."""
OFFICES = {
    "plain": OfficeVariant(),
    "login": OfficeVariant(
        {
            'key_env = "TAGOR_KEY"': LOGIN,
            '# self_service = "PLAN"': 'self_service = "PLAN"',
        }
    ),
    "guarded": OfficeVariant(
        {"replace = true": "replace = false", "# pin_scheme = true": "pin_scheme = true"},
        "1.08",
        {358: "true"},
    ),
    "letters": OfficeVariant(messages=True),
    "reference": OfficeVariant({'way = "pin"': 'way = "reference_pin"'}),
    "slips": OfficeVariant({"# pin_scheme = true": "pin_scheme = true", "# slips = true": "slips = true"}),
    "questions": OfficeVariant(
        {'# questions = { nl = "9000000000000000861" }': f"questions = {{ {QUESTIONS} }}"}
    ),
    "lines": OfficeVariant(
        {
            "# natures = [": "natures = [",
            "# note_kind = ": "note_kind = ",
            "# correspondence = true": "correspondence = true",
        },
        messages=True,
    ),
    "house": OfficeVariant({'way = "pin" ': f'way = "house_number"\n{ACCEPTED}'}),
    "number": OfficeVariant({'way = "pin" ': f'way = "caller_number"\n{ACCEPTED}'}),
    "open": OfficeVariant({"# open = true ": f"open = true\n{ACCEPTED}"}),
}
"""The demo's office; one that logs in; one that keeps running plans, asks with the PIN and accepts at once;
one that has left a message on every file; one that identifies by reference and PIN; one that reads payment
slips out; one that asks about the caller's situation; one that tells payments by a file's lines, writes notes
at them and tells correspondence; two that identify in a weak way, by reference and house number or by the
caller's number alone; one where a PIN opens all files of its party."""


def settings_in(folder: Path, kind: OfficeVariant) -> Settings:
    """Return the settings of a bridge for such an office; its file and database are in that new folder."""
    text = DEMO_FILE
    for old, new in kind.office_file_changes.items():
        if old not in text:
            raise ValueError(
                f"offices/demo.toml has no line {old!r} any more: mend "
                "bridge/simulators/rehearsal/world/offices.py"
            )
        text = text.replace(old, new, 1)
    (folder / "offices").mkdir(parents=True)
    (folder / "offices" / "demo.toml").write_text(text, encoding="utf-8")
    paths = {"BRIDGE_OFFICES": str(folder / "offices"), "DATABASE_URL": f"sqlite:///{folder}/bridge.db"}
    return Settings.read(ENVIRON | paths)


def office_tagor(kind: OfficeVariant, clock: Callable[[], datetime]) -> StandIn:
    """Return the Tagor of such an office, with its canaries."""
    tagor = StandIn(clock=clock, generation=kind.generation, api_key=ENVIRON["TAGOR_KEY"])
    for file, creditor in CANARIES.items():
        tagor.controls.change(file, creditor=creditor)
    for number, value in kind.parameters.items():
        tagor.controls.parameter(number, value)
    subject, text = MESSAGE
    for case in CASES if kind.messages else ():
        words = text.format(creditor=CANARIES[case.file])
        message = StoredMessage(
            *("", subject, words, WRITTEN, case.file_id), sender="an.verbeke", receiver_party=case.party_id
        )
        with tagor.tagor.database.transaction():
            tagor.tagor.messages.add(message)
        for task in PLANNED:
            tagor.controls.schedule(case.file_id, *task)
    return tagor
