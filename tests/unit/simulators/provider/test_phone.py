"""The handset: what a caller can and cannot do, and what duplicates must not do."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.provider.errors import HandsetError

if TYPE_CHECKING:
    from tests.unit.simulators.provider.conftest import Office


@pytest.fixture
def asking(office: "Office") -> "Office":
    """An office that asks twice, and counts in its answers how often it was asked."""
    office.says("/voice", office.gather(office.say("Een"), numDigits=1), office.redirect())

    def count(_asked: object) -> str:
        words = office.say(f"Keer {len(office.asked)}")
        return (
            f"<Response>{office.gather(words, numDigits=1, action='/turn/2')}{office.redirect()}</Response>"
        )

    office.does("/turn/1", count)
    office.says("/turn/2", "<Hangup/>")
    return office


def test_a_call_from_ring_to_end(asking: "Office"):
    """State, turns, what was heard last and how it ended, all along."""
    phone = asking.phone()
    assert (phone.state, phone.ended_by, phone.last, phone.listening) == ("ringing", "", [], None)
    phone.ring()
    assert (phone.state, phone.last[0].text, phone.listening["numDigits"]) == ("listening", "Een", "1")
    phone.press("1")
    assert (phone.state, phone.last[0].text, len(phone.heard)) == ("listening", "Keer 2", 2)
    phone.press("2")
    assert (phone.state, phone.ended_by, phone.listening, phone.waiting) == ("over", "hangup", None, None)
    assert [(turn.number, turn.did, turn.then, turn.status) for turn in phone.turns] == [
        (0, "", "gather", 200),
        (1, "1", "gather", 200),
        (2, "2", "hangup", 200),
    ]
    assert phone.turns[1].form["Digits"] == "1"
    assert b"Keer 2" in phone.turns[1].body


def test_a_duplicate_is_byte_for_byte_the_same_and_does_not_move_the_call(asking: "Office"):
    """As a provider's retry: the office sees the same form, signature and token."""
    phone = asking.phone().ring().press("1")
    bodies = phone.resend(2)
    assert [b"Keer 3" in bodies[0], b"Keer 4" in bodies[1]] == [True, True]
    assert asking.asked[1] == asking.asked[2] == asking.asked[3]
    assert (len(phone.turns), phone.last[0].text) == (2, "Keer 2")


def test_an_older_turn_can_be_delivered_late(asking: "Office"):
    """Out of order, also after the call is over."""
    phone = asking.phone().ring().press("1").press("2")
    assert b"Een" in phone.resend_turn(0)
    assert b"Hangup" in phone.resend()[0]
    assert asking.asked[3] == asking.asked[0]
    assert phone.state == "over"


def test_what_was_typed_does_not_show_in_a_printed_turn(asking: "Office"):
    """A failing test prints turns; keys stay out of its output."""
    asking.says("/voice", asking.gather(asking.say("Pincode"), numDigits=7), asking.redirect())
    phone = asking.phone().ring().press("482193")
    assert "482193" not in repr(phone.waiting)
    assert "482193" not in repr(phone.press("9").turns[1].sent)


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        (lambda phone: phone.press("1"), "the call has not begun"),
        (lambda phone: phone.wait(), "the call has not begun"),
        (lambda phone: phone.hang_up(), "the call has not begun"),
        (lambda phone: phone.resend(), "nothing has been sent yet"),
        (lambda phone: phone.answer_transfer(), "nobody is being rung: the call is ringing"),
        (lambda phone: phone.ring().ring(), "this phone has rung already"),
        (lambda phone: phone.ring().press("12a"), "a keypad has 0-9"),
        (lambda phone: phone.ring().press(""), "a keypad has 0-9"),
        (lambda phone: phone.ring().press("٣"), "a keypad has 0-9"),
        (lambda phone: phone.ring().miss_transfer("busy"), "nobody is being rung: the call is listening"),
        (lambda phone: phone.ring().hang_up().press("1"), "the call is over"),
        (lambda phone: phone.ring().hang_up().hang_up(), "the call is over"),
    ],
)
def test_a_mistake_in_a_test_is_told_in_a_sentence(asking: "Office", deed: object, sentence: str):
    """What a handset cannot do is the test's fault, not the bridge's."""
    with pytest.raises(HandsetError, match=sentence):
        deed(asking.phone())
