"""The browser phone, played as a visitor plays it: by mouse, by keyboard alone, on a small screen."""

import re
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bridge.speech import Catalogue
    from tests.browser.conftest import PhonePage, Shown

PEOPLE = {
    "nl": ("+32470000001", "482193", "1234 euro en 56 cent"),
    "fr": ("+32470000002", "150937", "871 euros et 91 centimes"),
    "de": ("+32470000003", "660214", "2021 Euro und 1 Cent"),
    "en": ("+32470000004", "907351", "318 euros and 7 cents"),
}
AN, PIN, OWED = PEOPLE["nl"]
VOICE = {"nl": "nl-BE", "fr": "fr-BE", "de": "de-DE", "en": "en-GB"}


@pytest.fixture
def office(shown: "Shown") -> "Iterator[Callable[[str], None]]":
    """Open or close the demo's office, and let its clock decide again in the end."""
    root = shown.card.tagor.partition("/v1")[0]

    def hours(state: str) -> None:
        requests.post(f"{root}/_hours", json={"state": state}, timeout=5).raise_for_status()

    yield hours
    hours("clock")


@pytest.fixture
def tagor_works_again(shown: "Shown") -> "Iterator[None]":
    """Leave Tagor as it was found."""
    yield
    origin = shown.card.web.removesuffix("/phone")
    answer = requests.post(
        f"{origin}/phone/tagor", json={"name": "none"}, headers={"Origin": origin}, timeout=5
    )
    answer.raise_for_status()


def test_a_balance_is_heard_by_mouse(
    phone: "PhonePage", keys_to: "Callable[..., str]", accessible: "Callable[[], None]", shown: "Shown"
):
    """Call, choose, key the PIN, hear the amount; the page follows, and shows no digit."""
    phone.open().call(AN)
    accessible()
    phone.choose(keys_to("Balance"))
    phone.asked("ask_pin")
    phone.press(PIN)
    phone.hears(OWED)
    phone.asked("choose")
    accessible()
    expect(phone.page.locator("#flow [aria-current]")).to_have_attribute("data-place", "Balance.choose")
    expect(phone.page.locator("#asked")).to_contain_text("GetSaldo")
    assert PIN not in phone.page.locator("#captions").inner_text()
    phone.page.locator("#hang-up").click()
    phone.is_at("over")
    told = [str(turn) for turn in shown.turns]
    assert any(line.endswith("keys       Balance.choose") for line in told)
    assert not [line for line in told if PIN in line]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_balance_is_heard_by_keyboard_alone(
    phone: "PhonePage", keys_to: "Callable[..., str]", accessible: "Callable[[], None]", width: int
):
    """From the address bar to hanging up without a mouse; nothing is wider than a small screen."""
    phone.page.set_viewport_size({"width": width, "height": 740})
    keyboard = phone.open().page.keyboard
    phone.page.locator("#person").focus()
    keyboard.type("An Peeters")
    while phone.page.evaluate("document.activeElement.id") != "call":
        keyboard.press("Tab")
    keyboard.press("Enter")
    for key in keys_to("Balance"):
        phone.listens()
        keyboard.press(key)
    phone.asked("ask_pin")
    keyboard.type(PIN)
    phone.hears(OWED)
    phone.asked("choose")
    accessible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= width
    while phone.page.evaluate("document.activeElement.id") != "hang-up":
        keyboard.press("Tab")
    keyboard.press("Enter")
    phone.is_at("over")
    assert phone.page.evaluate("document.activeElement.id") == "call"


@pytest.mark.parametrize("language", PEOPLE)
def test_captions_and_voice_say_the_same_in_the_callers_language(
    phone: "PhonePage", keys_to: "Callable[..., str]", language: str
):
    """Each sentence goes to a voice of its language, in the order of the captions, at the voice's pace."""
    caller, pin, owed = PEOPLE[language]
    phone.open(language).call(caller)
    phone.choose(keys_to("Balance"))
    phone.asked("ask_pin")
    phone.press(pin)
    phone.hears(owed)
    phone.asked("choose")
    said = phone.page.locator("#captions .say")
    captions = [
        (one.get_attribute("lang"), " ".join((one.text_content() or "").split())) for one in said.all()
    ]
    spoken = [(one["lang"], one["text"]) for one in phone.spoken()]
    assert spoken == captions
    assert captions[-1][0] == VOICE[language]
    assert {one["rate"] for one in phone.spoken()} == {1}
    assert phone.page.locator("html").get_attribute("lang") == language


def test_silence_counts_once_the_ring_is_empty(phone: "PhonePage"):
    """After the words a ring counts; when it is empty, the line asks again."""
    phone.open().call(AN)
    phone.listens()
    first = phone.captions.count()
    expect(phone.page.locator("#seconds")).to_have_text(re.compile("[0-9]"))
    expect(phone.captions.nth(first)).to_be_visible()
    phone.page.locator("#hang-up").click()


def test_who_says_something_is_understood(
    phone: "PhonePage", words: "Catalogue", keys_to: "Callable[..., str]"
):
    """Words in the text box reach the line as words, where it takes any."""
    menu = next(key for key in ("Defendant.main",) if key in words.prompts("nl"))
    wish = words.hints(menu, "nl", keys_to("Balance")[:1])[0]
    phone.open().call(AN)
    phone.listens()
    phone.page.locator("#words-said").fill(wish)
    phone.page.locator("#say").click()
    phone.asked("ask_pin")
    phone.page.locator("#hang-up").click()


def test_a_colleague_hears_the_whisper(
    phone: "PhonePage",
    words: "Catalogue",
    office: "Callable[[str], None]",
    accessible: "Callable[[], None]",
):
    """Key 0 rings a colleague, who hears the language and the wish, and takes the call."""
    office("open")
    phone.open().call(AN)
    phone.choose("0")
    phone.is_at("dialling")
    accessible()
    phone.page.get_by_role("button", name="Pick up and press 1").click()
    phone.hears(words.prompts("nl")["Whisper.nl"].text)
    phone.is_at("over")


def test_a_voicemail_is_left(
    phone: "PhonePage",
    words: "Catalogue",
    office: "Callable[[str], None]",
    keys_to: "Callable[..., str]",
    accessible: "Callable[[], None]",
):
    """After closing time the caller speaks for a moment, ends with a key, and is thanked."""
    office("closed")
    phone.open().call(AN)
    phone.choose("0")
    phone.choose(keys_to("Voicemail", since="LeaveWord"))
    phone.is_at("recording")
    accessible()
    phone.page.get_by_role("button", name="Begin to speak").click()
    phone.page.get_by_role("button", name="Stop speaking").click()
    phone.press("#")
    phone.hears(words.prompts("nl")["Voicemail.thanks"].text)
    phone.page.locator("#captions audio").scroll_into_view_if_needed()
    phone.page.wait_for_function("() => document.querySelector('#captions audio').duration >= 1")
    accessible()


def test_the_microphone_that_fails_is_told(phone: "PhonePage"):
    """As where nobody allowed the page to listen; what is typed is understood all the same."""
    phone.page.add_init_script(
        "window.SpeechRecognition = class { start() { setTimeout(() => this.onerror({})); } };"
    )
    phone.open().call(AN)
    phone.listens()
    phone.page.get_by_role("button", name="Speak into the microphone").click()
    phone.hears("The browser understood nothing, or may not listen.")
    phone.page.locator("#words-said").fill("saldo")
    phone.page.locator("#say").click()
    phone.hears("saldo")
    phone.page.locator("#hang-up").click()


def test_each_key_sounds_its_two_tones(phone: "PhonePage"):
    """Those of a telephone, by mouse and by keyboard."""
    phone.page.add_init_script(
        """
        window.tones = [];
        window.AudioContext = class { currentTime = 0; };
        window.GainNode = class { connect() {} };
        window.OscillatorNode = class {
          constructor(_context, { frequency }) { window.tones.push(frequency); }
          connect() {} start() {} stop() {}
        };
        """
    )
    phone.open().call(AN)
    phone.listens()
    phone.press("5")
    phone.page.keyboard.press("#")
    assert phone.page.evaluate("() => window.tones") == [770, 1336, 941, 1477]
    phone.page.locator("#hang-up").click()


@pytest.mark.usefixtures("tagor_works_again")
def test_a_slow_tagor_is_never_a_silence(phone: "PhonePage", keys_to: "Callable[..., str]"):
    """While the balance is late, the caller hears words and then soft sounds; the page tells how late."""
    phone.open().call(AN)
    phone.choose(keys_to("Balance"))
    phone.asked("ask_pin")
    phone.page.get_by_label("slow (4 seconds)").check()
    sounds = phone.page.locator("#captions .sound")
    before = sounds.count()  # the chime that the line answered with
    phone.press(PIN)
    expect(sounds.nth(before)).to_be_visible()
    phone.hears(OWED)
    expect(phone.page.locator("#asked")).to_contain_text("delay")
    expect(
        phone.page.locator("#asked td:nth-child(2)").filter(has_text=re.compile("^4[.]")).first
    ).to_be_visible()
    phone.page.locator("#hang-up").click()


@pytest.mark.usefixtures("tagor_works_again")
@pytest.mark.parametrize("trouble", ["unreachable", "answer nonsense"])
def test_a_tagor_in_trouble_leads_to_words(
    phone: "PhonePage", words: "Catalogue", keys_to: "Callable[..., str]", trouble: str
):
    """Nobody can be recognised, and the caller hears that."""
    phone.open()
    phone.page.get_by_label(trouble).check()
    phone.call("+32470000004")
    phone.choose(keys_to("Balance"))
    phone.asked("ask_pin")
    phone.press("907351")
    phone.asked("ask_file")
    phone.press("20230421")
    phone.press("#")
    phone.hears(words.prompts("nl")["ByPin.down"].text)
    phone.page.locator("#hang-up").click()


def test_a_killed_worker_costs_the_caller_nothing(phone: "PhonePage", keys_to: "Callable[..., str]"):
    """One of the two processes dies in the middle of a call, which goes on."""
    phone.open().call(AN)
    phone.listens()
    phone.page.get_by_role("button", name="Kill a worker of the line").click()
    expect(phone.page.locator("#killed")).to_contain_text("A worker was killed")
    phone.choose(keys_to("Balance"))
    phone.asked("ask_pin")
    phone.press(PIN)
    phone.hears(OWED)
    phone.page.locator("#hang-up").click()


def test_a_stranger_types_a_number(phone: "PhonePage"):
    """Somebody else, or nobody's number at all, can call too."""
    phone.open()
    phone.page.locator("#person").select_option("")
    phone.page.locator("#number").fill("")
    phone.page.locator("#call").click()
    phone.listens()
    phone.page.locator("#hang-up").click()
    phone.is_at("over")


@pytest.mark.parametrize("language", PEOPLE)
def test_the_phone_page_is_fit_for_everybody(
    phone: "PhonePage", accessible: "Callable[[], None]", language: str
):
    """Before any call, in each of its languages."""
    phone.open(language)
    accessible()
