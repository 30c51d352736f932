"""What the caller's number suggests: asked once in a call, kept as plain text, and shown to nobody."""

import pytest
from flows_services import answering

from bridge.flow.facts import Note
from voice_flows.answers import Hint, HintedFile
from voice_flows.identify import MAX_FILES, hinted

FILES = (HintedFile("91", "20230118"), HintedFile("92", "20230119"))


class Tagor:
    """An office whose Tagor knows a number, or does not, and that counts how often it is asked."""

    def __init__(self, hint: Hint | None) -> None:
        self.hint, self.asked = hint, list[str]()

    def by_caller_number(self, number: str) -> Hint | None:
        self.asked.append(number)
        return self.hint


def asks(tagor: Tagor, notes: dict[str, Note], caller: str = "+32470000001") -> Hint:
    """One action of a call; its notes stay for the later ones."""
    context = answering(identification=tagor, caller=caller, notes=notes)
    found = hinted(context)
    notes |= context.outcome("", private=False).notes
    return found


@pytest.mark.parametrize(
    ("hint", "kept"),
    [
        (Hint("fr", FILES), ["fr", "91", "20230118", "92", "20230119"]),
        (Hint(None, FILES), ["", "91", "20230118", "92", "20230119"]),
        (None, [""]),
    ],
)
def test_a_number_is_asked_about_once(hint: Hint | None, kept: list[str]):
    """However often a call needs it; the call keeps the answer as plain text, also that there is none."""
    tagor, notes = Tagor(hint), dict[str, Note]()
    for _ in range(2):
        assert asks(tagor, notes) == (hint or Hint(None, ()))
    assert (tagor.asked, notes) == (["+32470000001"], {"hint": kept})


def test_a_withheld_number_is_not_asked_about():
    """There is nothing to ask."""
    tagor = Tagor(Hint("fr", FILES))
    assert asks(tagor, {}, caller="").files == ()
    assert tagor.asked == []


def test_three_files_may_be_tried_and_none_shows_itself():
    """As `docs/security.md` counts them."""
    assert MAX_FILES == 3
    assert not any(told in repr(Hint("fr", FILES)) + repr(FILES) for told in ("20230118", "language=", "id="))
