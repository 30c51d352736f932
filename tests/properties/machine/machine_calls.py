"""A call as the machine sees it: what was pressed where, and what may therefore have been heard and done."""

from dataclasses import dataclass, field

from machine_world import Person, World

import voice_flows
from bridge.simulators.provider.phone import Phone
from bridge.speech import LANGUAGES, Catalogue

_WORDS = Catalogue.load(voice_flows.PROMPTS)


def _sentences(*prompts: str) -> frozenset[str]:
    return frozenset(
        _WORDS.prompts(language)[prompt].keys["1"].text for language in LANGUAGES for prompt in prompts
    )


CONFIRMS = {
    "plan": _sentences("Agreement.read_back"),
    "approval": _sentences("Agreement.agree"),
    "text": _sentences("Post.text"),
    "mail": _sentences("Post.mail"),
}
"""By what is decided: the words, in all languages, that ask for key 1."""


def _texts(prompt: str) -> frozenset[str]:
    return frozenset(_WORDS.prompts(language)[prompt].text for language in LANGUAGES)


_PIN, _FILE = _texts("ByPin.ask_pin"), _texts("ByPin.ask_file")
_PLAN = frozenset(_WORDS.prompts(language)["Balance.choose"].keys["2"].text for language in LANGUAGES)


@dataclass
class Talk:
    """One caller's call; `confirmed` names the turns at which key 1 confirmed something, by what."""

    person: Person
    phone: Phone
    proven: bool = False
    right: int = 0
    confirmed: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in CONFIRMS})

    @property
    def live(self) -> bool:
        """Whether it goes on."""
        return self.phone.state != "over"

    def go_ahead(self, questions: int) -> None:
        """Go the way of somebody who comes to agree a plan, so many questions on."""
        for _ in range(questions):
            if self.phone.state != "listening":
                return
            asked = {one.text for one in self.phone.last}
            if asked & _PIN:
                self.press(self.person.case.pin)
            elif asked & _FILE:
                self.press(f"{self.person.case.file}#")
            else:
                self.press("2" if asked & _PLAN else "1")

    def press(self, keys: str) -> None:
        """Press keys, and note what that may mean."""
        asked = {one.text for one in self.phone.last}
        for kind, words in CONFIRMS.items():
            if keys.startswith("1") and asked & words:
                self.confirmed[kind].add(str((self.phone.listening or {}).get("action")))
        self.proven = self.proven or keys == self.person.case.pin
        self.right += keys == self.person.case.pin
        self.phone.press(keys)


def begin(world: World, person: Person, *, withheld: bool) -> Talk:
    """Somebody phones."""
    phone = world.line.phone("" if withheld else person.case.phone or "", post=world.post)
    talk = Talk(person, phone)
    phone.ring()
    return talk


def end_transfer(phone: Phone, outcome: str) -> None:
    """A colleague's phone rings: `answered`, taken by a `mailbox`, or busy."""
    if outcome == "answered":
        phone.answer_transfer()
    elif outcome == "mailbox":
        phone.decline_transfer("mailbox")
    else:
        phone.miss_transfer("busy")
