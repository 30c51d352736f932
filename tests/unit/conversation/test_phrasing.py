"""What a flow wants said and waited for, as sentences and things to do."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from structlog.testing import CapturingLogger

from bridge.conversation.phrasing import Phrasing
from bridge.conversation.reply import DialTarget, LocalizedGather, ReplyEnd, Said, Whisper
from bridge.flow.action_context import IdentifiedFile
from bridge.flow.call import Call
from bridge.flow.facts import Fact
from bridge.flow.turn_output import Dial, Gather, HangUp, PromptRef, Record, Redirect, TurnEnd, TurnOutput
from bridge.flow.words import topics
from bridge.speech import Unspeakable
from voice_flows import CALL

if TYPE_CHECKING:
    from bridge.speech import Catalogue
    from tests.unit.conversation.conftest import Inside

TODAY = date(2026, 3, 4)
PIN_GATHER = Gather("ByPin.ask_pin", (6, 6), 12)
LANGUAGE_GATHER = Gather("Defendant.main", (1, 1), 6, ("6", "7"))
DESK = "+3220000010"
KNOWN = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")


@pytest.fixture
def phrasing(words: "Catalogue") -> Phrasing:
    return Phrasing(words)


def said(phrasing: Phrasing, inside: "Inside", line: PromptRef, *, slow: bool = False) -> list[Said]:
    call = Call("", "+3220000001", "en", slow=slow)
    answer = phrasing.phrase(TurnOutput((line,), HangUp()), call, inside.branch, turn=2, today=TODAY).answer
    assert answer.turn == 2
    return list(answer.said)


def test_facts_fill_their_places(phrasing: Phrasing, inside: "Inside"):
    """An amount is said as an amount."""
    line = PromptRef("Balance.tell", "text", {"owed": Fact("money", "12.50")})
    assert said(phrasing, inside, line) == [Said("You have 12 euros and 50 cents left to pay.", "en")]


def test_the_office_gives_its_own_words(phrasing: Phrasing, inside: "Inside"):
    """Every prompt may mention the office, whatever else it knows."""
    [welcome] = said(phrasing, inside, PromptRef("Defendant.welcome", "text", {}))
    assert inside.branch.office.name_in("en") in welcome.text


@pytest.mark.parametrize(("prompt", "part"), [("Defendant.main", "silent"), ("Defendant.main", "wrong")])
def test_silence_and_wrong_keys_have_words_for_everybody(
    phrasing: Phrasing, inside: "Inside", prompt: str, part: str
):
    """Where a question has none of its own."""
    own = said(phrasing, inside, PromptRef(prompt, part, {}))
    assert own == said(phrasing, inside, PromptRef(f"Anytime.{part}", "text", {}))


def test_a_question_may_have_its_own_words_for_silence(phrasing: Phrasing, inside: "Inside"):
    """The caller may be looking for a letter."""
    [words] = said(phrasing, inside, PromptRef("ByPin.ask_pin", "silent", {}))
    assert "letter" in words.text


def test_a_menu_may_do_without_words_before_its_keys(phrasing: Phrasing, inside: "Inside"):
    """Then nothing is said in their place."""
    assert said(phrasing, inside, PromptRef("Office.choose", "text", {})) == []


def test_a_slow_caller_is_spoken_to_slowly(phrasing: Phrasing, inside: "Inside"):
    """Every word from then on."""
    [goodbye] = said(phrasing, inside, PromptRef("Defendant.goodbye", "text", {}), slow=True)
    assert goodbye.slow


@pytest.mark.parametrize(
    ("end", "then"),
    [
        (Dial("colleague"), DialTarget(DESK, DESK, 25, Whisper("demo", "en", known=False))),
        (Record(90), Record(90)),
        (Redirect(), Redirect()),
        (HangUp(), HangUp()),
        (PIN_GATHER, LocalizedGather(PIN_GATHER, "en")),
        (
            LANGUAGE_GATHER,
            LocalizedGather(LANGUAGE_GATHER, "en", ("Deutsch", "German", "English")),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_waited_for(phrasing: Phrasing, inside: "Inside", end: TurnEnd, then: ReplyEnd):
    """Keys with the words that may stand for them, a person, a voicemail, the next turn, or nothing."""
    call = Call("", "+3220000001", "en")
    answer = phrasing.phrase(TurnOutput((), end), call, inside.branch, turn=1, today=TODAY).answer
    assert answer.then == then


def connected(phrasing: Phrasing, inside: "Inside", call: Call, **transfer: object) -> DialTarget:
    """Where a call goes from `Colleague.connect`, when the office has decided so in [transfer]."""
    office = inside.branch.office
    changed = office.model_copy(update={"transfer": office.transfer.model_copy(update=transfer)})
    branch = replace(inside.branch, office=changed)
    spoken = TurnOutput((), Dial("colleague"))
    then = phrasing.phrase(spoken, call, branch, turn=1, today=TODAY).answer.then
    assert isinstance(then, DialTarget)
    return then


def call_of(file: IdentifiedFile | None = None, colleague: str = "", topic: str = "") -> Call:
    return Call("", "+3220000001", "de", file=file, notes={"colleague": colleague}, topic=topic)


def test_whom_an_action_found_is_rung_if_the_office_has_the_number(phrasing: Phrasing, inside: "Inside"):
    """Whatever a call carries, only the office's own numbers are ever dialled."""
    assert connected(phrasing, inside, call_of(colleague="+3220000011")).number == "+3220000011"
    for stranger in ("+32470000001", "+32900123456", "sip:a@b.example", "", "+3220000011\n"):
        assert connected(phrasing, inside, call_of(colleague=stranger)).number == DESK


def test_who_has_proved_it_is_told_to_the_employee(phrasing: Phrasing, inside: "Inside"):
    """With what it is about; a weak proof counts for nothing."""
    whisper = connected(phrasing, inside, call_of(KNOWN, topic="PaymentPlan")).whisper
    assert whisper == Whisper("demo", "de", known=True, wish="paymentplan")
    weak = replace(KNOWN, proof="caller_number")
    assert connected(phrasing, inside, call_of(weak)).whisper == Whisper("demo", "de", known=False)


def test_an_office_may_do_without_whispers(phrasing: Phrasing, inside: "Inside"):
    """Then whoever picks up is connected at once, and it rings as long as the office says."""
    dial = connected(phrasing, inside, call_of(), whisper=False, timeout=40)
    assert (dial.whisper, dial.timeout) == (None, 40)


def test_an_exchange_is_rung_in_place_of_the_switchboard_only(phrasing: Phrasing, inside: "Inside"):
    """It gets the file's id if that was well proved, and never another colleague's calls."""
    sip = "sip:desk@pbx.example.be"
    dial = connected(phrasing, inside, call_of(KNOWN), sip=sip)
    assert (dial.sip, dial.file) == (sip, KNOWN.id)
    assert connected(phrasing, inside, call_of(colleague="+3220000011"), sip=sip).sip == ""
    assert connected(phrasing, inside, call_of(replace(KNOWN, proof="house_number")), sip=sip).file == ""


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
@pytest.mark.parametrize("wish", ["", *sorted(key.partition(".")[0].lower() for key in topics(CALL))])
def test_an_employee_hears_language_proof_and_wish(
    phrasing: Phrasing, inside: "Inside", words: "Catalogue", language: str, wish: str
):
    """In the office's own language, in this order, and nothing else; last of all the key to press."""
    office = inside.branch.office
    prompts = words.prompts(office.default_language)
    by_wish = {key.partition(".")[0].lower(): key for key in topics(CALL)}
    for known in (True, False):
        heard = phrasing.whisper(Whisper(office.key, language, known, wish), office)
        proof = "Whisper.known" if known else "Whisper.unknown"
        keys = [f"Whisper.{language}", proof, *([by_wish[wish]] if wish else []), "Whisper.accept"]
        assert heard == [Said(prompts[key].text, office.default_language) for key in keys]


def test_a_wish_that_no_flow_has_is_left_out(phrasing: Phrasing, inside: "Inside"):
    """An address that somebody made up makes nobody say anything."""
    heard = phrasing.whisper(Whisper("demo", "nl", known=False, wish="nothing_of_ours"), inside.branch.office)
    assert len(heard) == 3


UNSPEAKABLE = {"owed": Fact("money", "no amount", private=True)}


def test_a_sentence_that_cannot_be_spoken_is_left_out(
    phrasing: Phrasing, inside: "Inside", monkeypatch: pytest.MonkeyPatch
):
    """The rest of the turn goes on; the log has its name and never the value."""
    monkeypatch.setattr("bridge.conversation.phrasing.log", logged := CapturingLogger())
    prompts = (
        PromptRef("Balance.tell", "text", UNSPEAKABLE, optional=True),
        PromptRef("Received.never", "text", UNSPEAKABLE, optional=True),
    )
    call = Call("", "+3220000001", "en", file=KNOWN)
    phrased = phrasing.phrase(TurnOutput(prompts, HangUp()), call, inside.branch, turn=2, today=TODAY)
    assert (len(phrased.answer.said), phrased.spoken) == (1, {"Received.never"})
    [left_out] = logged.calls
    assert left_out.kwargs == {"place": "Balance.tell", "kind": "text"}


def test_a_sentence_that_the_caller_needs_breaks_the_turn(phrasing: Phrasing, inside: "Inside"):
    """Nobody agrees to terms of which a part was left out: a person takes over instead."""
    prompts = (PromptRef("Balance.tell", "text", UNSPEAKABLE),)
    call = Call("", "+3220000001", "en", file=KNOWN)
    with pytest.raises(Unspeakable):
        phrasing.phrase(TurnOutput(prompts, HangUp()), call, inside.branch, turn=2, today=TODAY)
