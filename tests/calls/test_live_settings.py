"""What an office changes while the line runs: callers hear the announcement, and no option that is off."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.store.errors import StoreDown
from bridge.store.live_settings import Announcement, LiveSettings

if TYPE_CHECKING:
    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import Line

WORDS = {
    "nl": "Ons kantoor is vandaag gesloten.",
    "fr": "Notre étude est fermée aujourd'hui.",
    "de": "Unsere Kanzlei ist heute geschlossen.",
    "en": "Our office is closed today.",
}
HEARD = ("Defendant.welcome", "Defendant.announce", "Defendant.main")


def announce(line: "Line", words: dict[str, str] = WORDS) -> None:
    until = line.clock.now() + timedelta(hours=1)
    line.live_settings().announce("demo", Announcement(words, until))
    line.take_over()


@pytest.mark.parametrize(("language", "number"), [("nl", "+32470000001"), ("fr", "+32470000002")])
def test_an_announcement_is_heard_after_the_greeting(
    line: "Line", calling: "Calling", language: str, number: str
):
    """In the caller's language, again in another one that they choose, and again when they ask for it."""
    announce(line)
    caller = calling(number, language=language).hears(*HEARD)
    assert caller.told["announcement"] == WORDS[language]
    caller.keys("*").hears(*HEARD).chooses("de").hears("Defendant.announce", "Defendant.main")
    assert caller.told["announcement"] == WORDS["de"]


def last_said(caller: "Caller") -> list[str]:
    return [utterance.text for utterance in caller.phone.last]


@pytest.mark.parametrize("keys", [[], ["3"], ["1"], ["1", "482193"], ["5", "1"]])
def test_a_call_under_way_hears_a_new_announcement_once(line: "Line", calling: "Calling", keys: list[str]):
    """At its next turn, before what else that turn says, wherever the call stands and whoever answers it."""
    told = calling(), calling()
    for pressed in keys:
        for caller in told:
            caller.keys(pressed)
    other, caller = told
    announce(line)
    other.silent()
    heard = last_said(other)
    assert heard[0] in WORDS.values()
    line.start()  # another process of the line
    line.take_over()
    caller.silent()
    assert last_said(caller) == heard
    caller.silent()
    assert heard[0] not in last_said(caller)


def test_a_call_hears_what_is_announced_anew(line: "Line", calling: "Calling"):
    """Other words are another announcement; what was taken down before its turn is not heard."""
    caller = calling().hears("Defendant.welcome", "Defendant.main")
    announce(line)
    line.live_settings().take_down("demo")
    line.take_over()
    caller.keys("*").hears("Defendant.welcome", "Defendant.main")
    announce(line)
    caller.keys("*").hears("Defendant.announce", "Defendant.welcome", "Defendant.main")
    caller.keys("*").hears("Defendant.welcome", "Defendant.main")
    announce(line, {language: f"{text} Bel morgen." for language, text in WORDS.items()})
    caller.keys("*").hears("Defendant.announce", "Defendant.welcome", "Defendant.main")
    assert caller.told["announcement"] == f"{WORDS['nl']} Bel morgen."


def test_an_announcement_ends(line: "Line", calling: "Calling"):
    """When it is taken down, or when its time is over; a call that heard it goes on."""
    announce(line)
    caller = calling().hears(*HEARD)
    line.live_settings().take_down("demo")
    line.take_over()
    caller.keys("*").hears("Defendant.welcome", "Defendant.main")
    calling().hears("Defendant.welcome", "Defendant.main")
    announce(line)
    line.clock.move(hours=1)
    line.take_over()
    calling().hears("Defendant.welcome", "Defendant.main")


def test_what_cannot_be_read_stays_as_it_was(
    line: "Line", calling: "Calling", monkeypatch: pytest.MonkeyPatch
):
    """The line goes on with what it knows, and an announcement still ends in its time."""
    announce(line)

    def away(_: object) -> None:
        raise StoreDown("away")

    monkeypatch.setattr(LiveSettings, "read", away)
    for passed, heard in ((0, HEARD), (1, ("Defendant.welcome", "Defendant.main"))):
        line.clock.move(hours=passed)
        with pytest.raises(StoreDown):
            line.take_over()
        calling().hears(*heard)


def test_an_option_that_is_off_is_not_offered(line: "Line", calling: "Calling"):
    """Neither told nor taken, until it is on again."""
    off = "Defendant.main.2"
    line.live_settings().switch("demo", "trust", on=False)
    line.take_over()
    caller = calling().no_longer_offered(off).hears("Defendant.welcome", "Defendant.main")
    caller.keys("2").hears("Anytime.wrong", "Defendant.main")
    line.live_settings().switch("demo", "trust", on=True)
    line.take_over()
    spoken = ("Trust.who", "Trust.account", "Trust.mention", "Trust.only", "Trust.choose")
    calling().hears("Defendant.welcome", "Defendant.main").keys("2").hears(*spoken)


def test_another_office_and_an_unknown_option_change_nothing(line: "Line", calling: "Calling"):
    """As after a deployment that renamed one."""
    line.live_settings().switch("demo", "no-such-service", on=False)
    line.live_settings().switch("aalst", "trust", on=False)
    line.take_over()
    calling().hears("Defendant.welcome", "Defendant.main")
