"""A call of a browser: its page is told what is heard, and decides when it was heard."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.browser_phone import call as browser_call
from bridge.simulators.browser_phone.call import BrowserCall
from bridge.simulators.browser_phone.calls import BrowserCalls, TooManyCalls
from bridge.simulators.tagor import cases

if TYPE_CHECKING:
    from tests.shared_line import Line

LIMIT = 10.0


class Browser:
    """Follows one call as the page does: hears everything at once, and does what a test says."""

    def __init__(self, call: BrowserCall, *, hears: bool = True) -> None:
        self.call, self.hears, self.events = call, hears, list[dict[str, Any]]()

    def until(self, found: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Follow the call to the next event of which this is true."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            for event in self.call.events(len(self.events), 0.5):
                self.events.append(event)
                if self.hears and event["kind"] in {"say", "sound", "whisper"}:
                    self.call.listened(event["seq"])
                if found(event):
                    return event
        raise AssertionError([event["kind"] for event in self.events])

    def at(self, kind: str) -> dict[str, Any]:
        return self.until(lambda event: event["kind"] == kind)

    def said(self) -> str:
        return " ".join(event.get("text", "") for event in self.events)


@pytest.fixture
def browse(line: "Line") -> Iterator[Callable[..., Browser]]:
    """Call the line from a browser; whoever is still on the line in the end hangs up."""
    calls: list[BrowserCall] = []

    def begin(caller: str = "+32470000001", *, hears: bool = True, **more: Any) -> Browser:  # noqa: ANN401
        calls.append(BrowserCall(line.dialled(), caller, post=line.post, **more))
        calls[-1].begin()
        return Browser(calls[-1], hears=hears)

    yield begin
    for call in calls:
        call.act("!")
        call._thread.join(LIMIT)


def test_a_call_is_told_in_events(browse: Callable[..., Browser]):
    """Words in their language first, then what the line waits for; numbered without a gap."""
    browser = browse()
    browser.at("listen")
    assert [event["seq"] for event in browser.events] == list(range(1, len(browser.events) + 1))
    said = [event for event in browser.events if event["kind"] == "say"]
    assert {"nl", "en"} <= {event["language"][:2] for event in said}  # the menu offers other languages
    assert all(event["interruptible"] and event["rate"] == 1 and event["seconds"] > 0 for event in said)
    assert browser.events[-1] == {
        "seq": len(browser.events),
        "kind": "listen",
        "seconds": 6,
        "speech": True,
        "typed": 0,
    }


def test_silence_counts_from_when_all_was_heard(
    browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
):
    """A page that has not played everything yet is waited for; then the question's seconds count."""
    monkeypatch.setattr(browser_call, "_allowed", lambda _waiting: 0.3)
    browser = browse(hears=False)
    asked = browser.at("listen")
    browser.call.speaking()
    assert browser.call.events(asked["seq"], 0.8) == []
    browser.call.listened(asked["seq"])
    browser.hears = True
    browser.at("say")


def test_somebody_who_speaks_is_not_silent(browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch):
    """As long as words are being typed, no silence is counted."""
    monkeypatch.setattr(browser_call, "_allowed", lambda _waiting: 0.5)
    browser = browse()
    asked = browser.at("listen")
    for _ in range(10):
        browser.call.speaking()
        assert browser.call.events(asked["seq"], 0.1) == []
    browser.at("say")


def test_slow_words_are_told_as_slow(browse: Callable[..., Browser]):
    """Key 8 asks for it; the voice of the browser is told, and the captions keep that pace."""
    browser = browse()
    browser.at("listen")
    browser.call.act("8")
    slow = browser.at("say")
    assert slow["rate"] == 0.8
    assert slow["seconds"] == pytest.approx(len(slow["text"]) / 12, abs=0.01)


@pytest.mark.parametrize("what", ["", "12", "x", '"a" "b"', "{maybe}"])
def test_nonsense_is_refused(browse: Callable[..., Browser], what: str):
    """What is not one thing of a script is a mistake of the page."""
    with pytest.raises(ValueError, match=r"one thing|expected"):
        browse().call.act(what)


def test_keys_during_words_that_nobody_can_interrupt_are_lost(browse: Callable[..., Browser]):
    """As on a real line: while the goodbye is spoken, only hanging up counts."""
    browser = browse(hears=False)
    browser.at("listen")
    browser.call.act("9")
    goodbye = browser.at("say")
    assert not goodbye["interruptible"]
    browser.call.act("1")
    browser.call.act("!")
    assert browser.at("over")["by"] in {"caller", "hangup"}


def test_a_page_that_was_closed_hangs_up(browse: Callable[..., Browser]):
    """Nobody asks for news any more, so that the thread of its call ends."""
    now = [0.0]
    browser = browse(clock=lambda: now[0])
    browser.at("listen")
    now[0] += browser_call.FORGOTTEN_SECONDS + 1
    browser.call._thread.join(LIMIT)
    assert browser.call.is_over


def test_a_voicemail_that_was_left_can_be_heard(browse: Callable[..., Browser], line: "Line"):
    """The very sound that the provider keeps, also once it was fetched and deleted there."""
    line.tagor.controls.hours("closed")
    browser = browse()
    for key in "02":
        browser.at("listen")
        browser.call.act(key)
    browser.at("record")
    browser.call.act("{voicemail 3}")
    browser.call.act("#")
    left = browser.at("voicemail")
    assert line.api
    [kept] = line.api.recordings.of_call(browser.call.call_id)
    line.api.recordings.remove(kept.id)
    assert left["seconds"] == kept.seconds == 3
    assert browser.call.message(left["seq"]) == kept.sound
    assert browser.call.message(1) is None


def test_a_turn_is_told_to_the_page_of_its_call_only(line: "Line"):
    """Where the line is comes from its log, by the call's id."""
    call = BrowserCall(line.dialled(), "", post=line.post)
    call.note_turn(place="Defendant.main", language="nl", heard="ring", milliseconds=3)
    [told] = call.events(0, 0)
    assert (told["kind"], told["place"]) == ("turn", "Defendant.main")


def test_visitors_choose_among_the_documented_people(line: "Line"):
    """Name, number, PIN and what is special about them; nothing else of their files."""
    people = BrowserCalls(line.dialled(), line.tagor, lambda: False).people()
    assert [one["name"] for one in people] == [case["name"] for case in cases()]
    assert set(people[0]) == {"name", "phone", "language", "pin", "file", "note"}


def test_trouble_is_made_and_taken_away(line: "Line"):
    """One trouble at a time, and a name that is none changes nothing."""
    calls = BrowserCalls(line.dialled(), line.tagor, lambda: False)
    calls.make_trouble("slow")
    calls.make_trouble("down")
    assert [fault["fault"] for fault in line.tagor.fault_book.planted()] == ["refuse"]
    with pytest.raises(KeyError):
        calls.make_trouble("flood")
    assert calls.trouble == "down"
    calls.make_trouble("none")
    assert line.tagor.fault_book.planted() == []


def test_what_tagor_was_asked_is_told_without_anybodys_data(line: "Line"):
    """Which question, how long it took, and how it was answered."""
    line.phone().ring().hang_up()
    [asked, *_] = BrowserCalls(line.dialled(), line.tagor, lambda: False).asked(0)
    assert set(asked) == {"seq", "operation", "seconds", "status", "fault"}


def test_browsers_have_so_many_calls_at_once(line: "Line", monkeypatch: pytest.MonkeyPatch):
    """A page that calls again and again cannot fill the machine with threads."""
    monkeypatch.setattr("bridge.simulators.browser_phone.calls.AT_A_TIME", 0)
    with pytest.raises(TooManyCalls):
        BrowserCalls(line.dialled(), line.tagor, lambda: False).call("")
