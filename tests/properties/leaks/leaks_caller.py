"""Callers who make the line handle every canary there is: they follow a way, and now and then stray."""

from random import Random
from typing import TYPE_CHECKING

from leaks_canary import BARCODE, CALL_BACK, FILE, OTHER_FILE, OTHER_PIN, PIN, WORDS, WRONG_FILE, WRONG_PIN

import voice_flows
from bridge.checks.recorded_calls import CALL_PLANS
from bridge.simulators.provider.script import perform
from bridge.speech import Catalogue

if TYPE_CHECKING:
    from bridge.simulators.provider.phone import Phone

MAX_DEEDS = 24
ASTRAY = 0.15
"""How often a caller does something else than the way has it."""

WAYS = (
    *(plan.actions for plan in CALL_PLANS),
    ("1", WRONG_PIN, f"{WRONG_FILE}#", "PIN", f"{FILE}#", "2", "1"),
    ("1", "PIN", "3", OTHER_PIN, f"{OTHER_FILE}#", "2"),
    ("1", "PIN", "4", "1", "2"),
    ("1", "PIN", "2", "2", f"{CALL_BACK}#", "1", "1"),
    ("1", "PIN", "0", "{busy}", "1", "2", f"{CALL_BACK}#", "1", "1"),
    ("1", f"{FILE}#", "PIN", "1", "2", "9"),
    ("1", "#", "2", "0", "{mailbox}", "2", "{voicemail 12}"),
    ("1", "PIN", "FILE", "1", "4", "BARCODE", "BARCODE", "9"),
)
TYPED = {
    "ask_pin": (PIN, PIN, PIN, WRONG_PIN, OTHER_PIN),
    "ask_file": (f"{FILE}#", f"{FILE}#", f"{WRONG_FILE}#", f"{OTHER_FILE}#"),
    "ask_reference": ("5839201746#", "5839201746#", "4928301765#"),
    "ask_house": ("98317#", "98317#", "76153#"),
    "ask_amount": ("417*63#", "583*29#", "7319*46#", "250#"),
    "ask_months": ("6#", "12#", "24#"),
    "ask_number": (f"{CALL_BACK}#", "0488642913#"),
    "ask_day": ("5#", "15#"),
    "ask_barcode": (f"{BARCODE}#",),
    "ask_mobile": ("0488642913#", f"{CALL_BACK}#"),
}
"""What is keyed in where a number is asked for, by the step's name."""

NUMBERS = frozenset(
    {
        *("PIN", "FILE", "REFERENCE", "SECOND", "BARCODE", "#"),
        *(number for numbers in TYPED.values() for number in numbers),
    }
)
STRAY = (",", ",", "0", "*", "8", "9", "3", "!", f'"{WORDS}"', f'"{WORDS}"', WRONG_PIN, f"{OTHER_FILE}#")
MENU = ("1", "1", "1", "1", "2", "2", "3", "4", f'"{WORDS}"')
RUNG = ("{answered}", "{busy}", "{no-answer}", "{failed}", "{mailbox}", "{declined}", "!")
_CATALOGUE = Catalogue.load(voice_flows.PROMPTS)
_ASKED = {
    prompt.parts["text"].pieces[0].strip(): place.partition(".")[2]
    for language in ("nl", "fr", "de", "en")
    for place, prompt in _CATALOGUE.prompts(language).items()
    if ".ask_" in place and "text" in prompt.parts
}


class Caller:
    """One caller with a way of their own; `rng` decides everything."""

    def __init__(self, phone: "Phone", rng: Random) -> None:
        self._phone, self._rng = phone, rng
        self._way = list(rng.choice(WAYS))

    def call(self) -> None:
        """Ring, go the way to its end and on from there, and hang up in the end."""
        self._phone.ring()
        for _ in range(MAX_DEEDS):
            if self._phone.state == "over":
                return
            perform(self._phone, self._deed())
        perform(self._phone, "!")

    def _deed(self) -> str:
        if self._phone.state == "recording":
            return self._rng.choice(("{voicemail 12}", "#", "!"))
        if self._phone.state == "dialling":
            return self._rung()
        asked = self._asked()
        if self._rng.random() < ASTRAY:
            return self._rng.choice(STRAY)
        if asked in TYPED and not (self._way and self._way[0] in NUMBERS):
            return self._rng.choice(TYPED[asked])
        deed = self._way.pop(0) if self._way else self._rng.choice(MENU)
        typed = {"PIN": PIN, "FILE": f"{FILE}#", "REFERENCE": TYPED["ask_reference"][0], "SECOND": OTHER_PIN}
        typed["BARCODE"] = f"{BARCODE}#"
        return typed.get(deed, deed)

    def _rung(self) -> str:
        if self._way and self._way[0].startswith("{"):
            return self._way.pop(0)
        return self._rng.choice(RUNG)

    def _asked(self) -> str:
        """The step that asks, by its words; empty for a menu."""
        last = self._phone.last[-1].text if self._phone.last else ""
        return next((step for words, step in _ASKED.items() if words and last.startswith(words)), "")
