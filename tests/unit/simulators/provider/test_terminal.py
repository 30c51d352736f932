"""The phone in the terminal: a real pseudo-terminal for live keys, plain streams for everything else."""

import io
import os
import pty
import select
import termios
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.provider.keyboard import Keyboard
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.terminal import talk

if TYPE_CHECKING:
    from tests.unit.simulators.provider.conftest import Office

DIAL = '<Dial action="/after" method="POST" callerId="+3225550100"><Number>+3225550199</Number></Dial>'
PATIENCE = 20


class Terminal:
    """A caller at a terminal: `call` runs in the background, keys are typed, the screen is read."""

    def __init__(self) -> None:
        self._hand, side = pty.openpty()
        self.keys = os.fdopen(side, "r", encoding="utf-8")
        self.out = os.fdopen(os.dup(side), "w", encoding="utf-8")
        self.screen = ""
        self.phones: list[Phone] = []

    def call(self, office: "Office", pace: float = 0.0) -> None:
        def run() -> None:
            self.phones.append(talk(office.line(), source=self.keys, out=self.out, pace=pace))

        self._thread = threading.Thread(target=run)
        self._thread.start()

    def reads(self, *texts: str) -> None:
        """Wait until each text stands on the screen, after the one before."""
        for text in texts:
            while text not in self.screen:
                ready, _, _ = select.select([self._hand], [], [], PATIENCE)
                assert ready, f"waited for {text!r}; the screen says:\n{self.screen}"
                self.screen += os.read(self._hand, 4096).decode()
            self.screen = self.screen.partition(text)[2]

    def types(self, keys: str) -> None:
        os.write(self._hand, keys.encode())

    def phone(self) -> Phone:
        """The phone after the call."""
        self._thread.join(PATIENCE)
        return self.phones[0]

    def modes(self) -> list[object]:
        return termios.tcgetattr(self.keys.fileno())

    def close(self) -> None:
        """Walk away: a call still going on hears it, and ends."""
        os.close(self._hand)
        self._thread.join(PATIENCE)
        for stream in (self.keys, self.out):
            with suppress(OSError):  # the last line could not be written to a closed window
                stream.close()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    there = Terminal()
    yield there
    there.close()


@pytest.fixture
def line(office: "Office") -> "Office":
    """A pincode, a menu that also hears words, a transfer."""
    office.says("/voice", office.gather(office.say("Uw pincode"), action="/menu"), office.redirect("/voice"))
    menu = {"input": "dtmf speech", "language": "nl-BE", "numDigits": 1, "timeout": 1, "action": "/do"}
    office.says("/menu", office.gather(office.say("Saldo of collega"), **menu), office.redirect("/menu"))
    office.says("/do", office.say("Ik verbind u door"), DIAL)
    office.says("/after", office.say("Tot ziens"), "<Hangup/>")
    return office


# --- a terminal ---


def test_a_call_typed_live(line: "Office", terminal: Terminal):
    """Captions with their language, what the call waits for, the keys as they are typed, and the end."""
    before = terminal.modes()
    terminal.call(line)
    terminal.reads("  nl-BE  Uw pincode\r\n", "         [keys, # ends, h hangs up]\r\n")
    terminal.types("4821")
    terminal.reads("  keys   4821")
    terminal.types("93#")
    terminal.reads("93#\r\n", "Saldo of collega", "[1 key, s to speak, h hangs up]")
    terminal.types("2")
    terminal.reads(
        "  keys   2\r\n",
        "Ik verbind u door",
        "[ringing +3225550199: a answers, b busy, n nobody, m a mailbox, d declines, h hangs up]",
    )
    terminal.types("b")
    terminal.reads("Tot ziens", "  end    hangup, after 4 turns\r\n")
    assert [form.get("Digits") for form in line.forms] == [None, "482193", "2", None]
    assert line.forms[3]["DialCallStatus"] == "busy"
    assert terminal.phone().ended_by == "hangup"
    assert terminal.modes() == before


def test_h_hangs_up(line: "Office", terminal: Terminal):
    """Anywhere."""
    terminal.call(line)
    terminal.reads("h hangs up]")
    terminal.types("h")
    terminal.reads("  end    caller, after 1 turns")
    assert terminal.phone().ended_by == "caller"


def test_s_lets_the_caller_speak(line: "Office", terminal: Terminal):
    """A line with echo, backspace and accents; then single keys again."""
    terminal.call(line)
    terminal.reads("h hangs up]")
    terminal.types("#")
    terminal.reads("s to speak")
    terminal.types("s")
    terminal.reads("  say    ")
    terminal.types("\x7féén cok\x7fllega\n")
    terminal.reads("één cok\b \bllega\r\n", "ringing")
    assert line.forms[2]["SpeechResult"] == "één collega"
    terminal.types("h")
    terminal.reads("  end    caller")


def test_silence_counts_in_real_time(line: "Office", terminal: Terminal):
    """After the Gather's time-out the office is told, without any key."""
    terminal.call(line)
    terminal.reads("h hangs up]")
    terminal.types("#")
    terminal.reads("s to speak", "Ik verbind u door", "ringing")
    assert (line.targets[2], line.forms[2]["Digits"]) == ("/do", "")
    terminal.types("h")
    terminal.reads("  end    caller")


def test_a_mailbox_hears_the_whisper_live(line: "Office", terminal: Terminal):
    """What the desk hears is captioned as the desk's; m and d pick up without taking the call."""
    number = '<Number url="/whisper" method="POST">+3225550199</Number>'
    line.says("/do", DIAL.replace("<Number>+3225550199</Number>", number))
    words = line.say("Een beller. Toets 1")
    line.says("/whisper", f'<Gather action="/accept" method="POST">{words}</Gather>', "<Hangup/>")
    terminal.call(line)
    terminal.reads("h hangs up]")
    terminal.types("1#")
    terminal.reads("1 key")
    terminal.types("1")
    terminal.reads("ringing +3225550199")
    terminal.types("m")
    terminal.reads("  desk   Een beller. Toets 1\r\n", "  nl-BE  Tot ziens\r\n", "  end    hangup")
    assert line.forms[-1]["DialBridged"] == "false"


def test_a_message_waits_for_a_key(office: "Office", terminal: Terminal):
    """A terminal hears nobody speak, so silence does not end the message."""
    office.says("/voice", '<Record action="/kept" method="POST"/>')
    office.says("/kept", "<Hangup/>")
    terminal.call(office)
    terminal.reads("[recording: s to speak, a key ends it, h hangs up]")
    terminal.types("shallo\r5")
    terminal.reads("  end    hangup")
    assert office.forms[1].items() >= {"Digits": "5", "RecordingDuration": "1"}.items()


def test_speech_nobody_can_interrupt_is_waited_for(office: "Office", terminal: Terminal):
    """Keys typed meanwhile are lost; `h` ends the call as soon as somebody listens again."""
    office.says("/voice", office.say("Een ogenblik geduld, wij zoeken uw dossier"), office.redirect("/next"))
    office.says("/next", office.gather(office.say("Pincode")), office.redirect())
    terminal.call(office, pace=300.0)
    terminal.reads("wij zoeken uw dossier")
    terminal.types("12h")
    terminal.reads("  end    caller, after 2 turns")
    assert office.targets == ["/voice", "/next"]


def test_a_terminal_that_goes_away_hangs_up(line: "Office"):
    """The window was closed: nothing waits for ever, and the line is free."""
    hand, side = pty.openpty()

    def close_the_window(_asked: object) -> str:
        os.close(hand)
        return f"<Response>{line.gather(line.say('Uw pincode'))}{line.redirect()}</Response>"

    line.does("/voice", close_the_window)
    with os.fdopen(side, "r", encoding="utf-8") as keys:
        phone = talk(line.line(), source=keys, out=io.StringIO())
    assert phone.ended_by == "caller"


def test_control_c_hangs_up_and_restores_the_terminal(line: "Office", monkeypatch: pytest.MonkeyPatch):
    """Whatever ends the call, the terminal is as it was."""
    hand, side = pty.openpty()
    out = io.StringIO()

    def interrupted(_self: Keyboard, _seconds: float | None) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(Keyboard, "key", interrupted)
    with os.fdopen(side, "r", encoding="utf-8") as keys:
        before = termios.tcgetattr(keys.fileno())
        phone = talk(line.line(), source=keys, out=out)
        assert termios.tcgetattr(keys.fileno()) == before
    os.close(hand)
    assert phone.ended_by == "caller"
    assert out.getvalue().endswith("  end    caller, after 1 turns\n")


# --- no terminal ---


def lines(office: "Office", text: str) -> tuple[Phone, str]:
    out = io.StringIO()
    return talk(office.line(), source=io.StringIO(text), out=out), out.getvalue()


def test_lines_are_pieces_of_a_script(line: "Office"):
    """One line for each thing the call waits for; keys left unfinished are ended by silence."""
    phone, screen = lines(line, '482193\n"een collega"\n{answered}\n')
    assert [form.get("Digits") for form in line.forms] == [None, "482193", None, None]
    assert line.forms[2]["SpeechResult"] == "een collega"
    assert phone.ended_by == "hangup"
    assert screen.splitlines() == [
        "  nl-BE  Uw pincode",
        "         [keys, # ends, h hangs up]",
        "  nl-BE  Saldo of collega",
        "         [1 key, s to speak, h hangs up]",
        "  nl-BE  Ik verbind u door",
        "         [ringing +3225550199: a answers, b busy, n nobody, m a mailbox, d declines, h hangs up]",
        "  nl-BE  Tot ziens",
        "  end    hangup, after 4 turns",
    ]


def test_an_empty_line_is_silence_and_the_end_of_input_hangs_up(line: "Office"):
    """Piped input never leaves a call open."""
    phone, _ = lines(line, "\n")
    assert (len(line.asked), line.forms[1]["Digits"], phone.ended_by) == (2, "", "caller")


def test_a_line_that_is_no_script_is_told_and_asked_again(line: "Office"):
    """The call goes on."""
    _, screen = lines(line, "saldo?\n1#\n")
    assert "  error  script, character 1: expected keys" in screen
    assert line.forms[1]["Digits"] == "1"


def test_trouble_is_shown_before_the_end(office: "Office"):
    """The operator sees what the provider holds against the bridge, not only the apology."""
    _, screen = lines(office, "")
    assert screen.splitlines() == [
        "  en-US  An application error has occurred. Goodbye.",
        "  error  11200: the webhook answered 404, 200 is expected",
        "  end    application error, after 1 turns",
    ]
