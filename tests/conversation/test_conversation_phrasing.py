"""What a flow wants said and waited for, as sentences and things to do."""

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bridge.conversation.answer import Dial, Gather, GoOn, HangUp, Record, Said, Then
from bridge.conversation.phrasing import Phrasing
from bridge.flow.call import Call
from bridge.flow.facts import Fact
from bridge.flow.spoken import Connect, Line, Listen, Onward, Over, Spoken, Tape, Wait

if TYPE_CHECKING:
    from bridge.speech import Catalogue
    from tests.conversation.conftest import Inside

TODAY = date(2026, 3, 4)


@pytest.fixture
def phrasing(words: "Catalogue") -> Phrasing:
    return Phrasing(words)


def said(phrasing: Phrasing, inside: "Inside", line: Line, *, slow: bool = False) -> list[Said]:
    call = Call("", "+3220000001", "en", slow=slow)
    answer = phrasing.answer(Spoken((line,), Over()), call, inside.branch, turn=2, today=TODAY)
    assert answer.turn == 2
    return list(answer.said)


def test_facts_fill_their_places(phrasing: Phrasing, inside: "Inside"):
    """An amount is said as an amount."""
    line = Line("Balance.tell", "text", {"owed": Fact("money", "12.50")})
    assert said(phrasing, inside, line) == [Said("The amount still open is 12 euros and 50 cents.", "en")]


def test_the_office_gives_its_own_words(phrasing: Phrasing, inside: "Inside"):
    """Every prompt may mention the office, whatever else it knows."""
    [welcome] = said(phrasing, inside, Line("Defendant.welcome", "text", {}))
    assert inside.branch.office.name in welcome.text


@pytest.mark.parametrize(("prompt", "part"), [("Defendant.main", "silent"), ("Defendant.main", "wrong")])
def test_silence_and_wrong_keys_have_words_for_everybody(
    phrasing: Phrasing, inside: "Inside", prompt: str, part: str
):
    """Where a question has none of its own."""
    own = said(phrasing, inside, Line(prompt, part, {}))
    assert own == said(phrasing, inside, Line(f"Anytime.{part}", "text", {}))


def test_a_question_may_have_its_own_words_for_silence(phrasing: Phrasing, inside: "Inside"):
    """The caller may be looking for a letter."""
    [words] = said(phrasing, inside, Line("ByPin.ask_pin", "silent", {}))
    assert "letter" in words.text


def test_a_menu_may_do_without_words_before_its_keys(phrasing: Phrasing, inside: "Inside"):
    """Then nothing is said in their place."""
    assert said(phrasing, inside, Line("Defendant.language", "text", {})) == []


def test_a_slow_caller_is_spoken_to_slowly(phrasing: Phrasing, inside: "Inside"):
    """Every word from then on."""
    [goodbye] = said(phrasing, inside, Line("Defendant.goodbye", "text", {}), slow=True)
    assert goodbye.slow


@pytest.mark.parametrize(
    ("wait", "then"),
    [
        (Connect("switchboard"), Dial("+3220000010", "+3220000010")),
        (Tape(90), Record(90)),
        (Onward(), GoOn()),
        (Over(), HangUp()),
        (Listen("ByPin.ask_pin", (6, 6), 12), Gather((6, 6), 12, "en")),
        (
            Listen("Defendant.language", (1, 1), 6, ("3", "4")),
            Gather((1, 1), 6, "en", ("Deutsch", "German", "English")),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_waited_for(phrasing: Phrasing, inside: "Inside", wait: Wait, then: Then):
    """Keys with the words that may stand for them, a person, a voicemail, the next turn, or nothing."""
    call = Call("", "+3220000001", "en")
    answer = phrasing.answer(Spoken((), wait), call, inside.branch, turn=1, today=TODAY)
    assert answer.then == then
