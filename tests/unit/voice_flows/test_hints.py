"""What the caller's number suggests: asked once in a call, kept as plain text, and shown to nobody."""

from bridge.conversation.services.identification import Hint
from bridge.conversation.services.identification import HintedFile as Known
from bridge.flow.action_context import ActionContext
from bridge.flow.facts import Note
from voice_flows.hints import MAX_FILES, Hinted, HintedFile, hinted

FILES = (Known("91", "20230118"), Known("92", "20230119"))


class Desk:
    """An office that knows a number, or does not, and counts how often it is asked."""

    def __init__(self, hint: Hint | None) -> None:
        self.hint, self.asked = hint, list[str]()

    def who_calls(self, number: str) -> Hint | None:
        self.asked.append(number)
        return self.hint


def asks(desk: Desk, notes: dict[str, Note], caller: str = "+32470000001") -> Hinted:
    """One errand of a call; its notes stay for the later ones."""
    context = ActionContext(desk, caller=caller, notes=notes, kinds={})
    found = hinted(context)
    notes |= context.outcome("", private=False).notes
    return found


def test_a_known_number_suggests_a_language_and_files():
    """Asked once, however often a call needs it; the call keeps it in words of its own."""
    desk, notes = Desk(Hint("fr", FILES)), dict[str, Note]()
    for _ in range(2):
        found = asks(desk, notes)
        assert (found.language, [(file.id, file.number) for file in found.files]) == (
            "fr",
            [("91", "20230118"), ("92", "20230119")],
        )
    assert desk.asked == ["+32470000001"]
    assert notes == {"hint": ["fr", "91", "20230118", "92", "20230119"]}
    assert not any(told in repr(found) + repr(found.files) for told in ("20230118", "language="))


def test_a_number_whose_language_tagor_does_not_know():
    """No language is none, now and when the call has kept it."""
    desk, notes = Desk(Hint(None, FILES)), dict[str, Note]()
    assert [asks(desk, notes).language for _ in range(2)] == [None, None]
    assert notes["hint"] == ["", "91", "20230118", "92", "20230119"]


def test_an_unknown_number_suggests_nothing():
    """It is not asked about again."""
    desk, notes = Desk(None), dict[str, Note]()
    found = [asks(desk, notes) for _ in range(2)]
    assert [(one.language, one.files) for one in found] == [(None, ())] * 2
    assert (len(desk.asked), notes) == (1, {"hint": [""]})


def test_a_withheld_number_is_not_asked_about():
    """There is nothing to ask."""
    desk = Desk(Hint("fr", FILES))
    assert asks(desk, {}, caller="").files == ()
    assert desk.asked == []


def test_three_files_may_be_tried_and_none_shows_itself():
    """As `safety.md` counts them."""
    assert MAX_FILES == 3
    assert not any(told in repr(HintedFile("17", "18")) for told in ("id=", "number="))
