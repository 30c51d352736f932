"""The leak proof: cut the outcomes that prove who is calling, and nothing about a file may be in reach."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bridge.flow.graph import FlowGraph
from bridge.flow.leaks import leaks
from bridge.flow.words import ANYTIME_PROMPTS, WHISPER_PROMPTS

Join = Callable[..., FlowGraph]

IDENTIFY = """
    class Identify(Flow):
        pin      = ask(into="pin", secret=True, heard="try_", silent="stranger", wrong="stranger")
        try_     = do(try_pin, right="{right}", wrong="{wrong}", down="stranger")
        known    = end()
        stranger = end()
"""
BALANCE = """
    identify = run(Identify, known="look", stranger="{stranger}")
    look     = do(ask_balance, owed="tell", settled="nil", down="desk")
    tell     = say(then="desk")
    nil      = say(then="desk")
"""


@dataclass(frozen=True)
class Words:
    placeholders: frozenset[str] = frozenset()
    private: bool = False
    public_because: str = ""
    parts: tuple[str, ...] = ("text",)
    file: str = "prompts/nl.toml"
    line: int = 7


PROMPTS = {
    "Identify.pin": Words(),
    "Call.tell": Words(frozenset({"owed"})),
    "Call.nil": Words(private=True),
    "Call.desk": Words(frozenset({"office"})),
    **dict.fromkeys((*ANYTIME_PROMPTS, *WHISPER_PROMPTS), Words()),
}


@pytest.fixture
def leaking(joined: Join) -> Callable[..., list[str]]:
    """Give the sentences about this identification and this balance, rewired as asked."""

    def leaking(
        stranger: str = "desk", right: str = "known", wrong: str = "stranger", **prompts: Words
    ) -> list[str]:
        call = joined(BALANCE.format(stranger=stranger), before=IDENTIFY.format(right=right, wrong=wrong))
        changed = {f"Call.{name}": prompt for name, prompt in prompts.items()}
        return [problem.sentence for problem in leaks(call, PROMPTS | changed)]

    return leaking


def test_a_sound_flow_leaks_nothing(leaking: Callable[..., list[str]]):
    """All that is private lies behind an outcome that proves."""
    assert leaking() == []


def test_an_action_about_a_file_within_a_strangers_reach_leaks(leaking: Callable[..., list[str]]):
    """Rewiring one exit is enough; what lies behind the action is told too."""
    assert leaking(stranger="look") == [
        "Call.look: a stranger can reach it, and ask_balance asks about a file",
        "Call.nil: a stranger can reach it, and its words are marked private",
        "Call.tell: a stranger can reach it, and its words tell owed from a file",
    ]


def test_words_with_a_value_from_a_file_leak(leaking: Callable[..., list[str]]):
    """No action is needed to leak what an earlier one told."""
    assert leaking(stranger="tell") == [
        "Call.tell: a stranger can reach it, and its words tell owed from a file"
    ]


def test_words_that_tell_by_themselves_leak(leaking: Callable[..., list[str]]):
    """That nothing is owed any more says as much as an amount."""
    assert leaking(stranger="nil") == ["Call.nil: a stranger can reach it, and its words are marked private"]


def test_the_outcome_of_an_action_about_a_file_leaks_by_itself(leaking: Callable[..., list[str]]):
    """Nobody has to mark such a sentence; whoever opens it to strangers says why."""
    assert leaking(stranger="nil", nil=Words()) == [
        "Call.nil: a stranger can reach it, and hearing it tells what an action found out about a file"
    ]
    assert leaking(stranger="nil", nil=Words(public_because="everybody owes nothing there")) == []


def test_what_follows_an_action_that_is_down_is_no_outcome(leaking: Callable[..., list[str]]):
    """That Tagor is away says nothing about any file: `Call.desk` is open to everybody."""
    assert leaking(stranger="desk", desk=Words()) == []


def test_private_words_with_private_values_leak_twice(leaking: Callable[..., list[str]]):
    """Every reason is told, not only the first."""
    assert leaking(stranger="tell", tell=Words(frozenset({"owed", "office"}), private=True)) == [
        "Call.tell: a stranger can reach it, and its words tell owed from a file",
        "Call.tell: a stranger can reach it, and its words are marked private",
    ]


def test_a_menu_that_depends_on_a_file_leaks(joined: Join):
    """A stranger would learn something from a key that is missing."""
    call = joined('choose = menu({"1": "desk", "2": "bye"}, unless={"2": "paid"}, silent="bye", wrong="bye")')
    assert [problem.sentence for problem in leaks(call, {})] == [
        "Call.choose: a stranger can reach it, and what it offers tells what an action found out"
    ]


def test_a_wrong_pin_that_is_taken_for_a_right_one_leaks(leaking: Callable[..., list[str]]):
    """Outcomes are cut, not the name of an end: `known` reached by a wrong PIN is no proof."""
    assert leaking(wrong="known") == [
        "Call.look: a stranger can reach it, and ask_balance asks about a file",
        "Call.nil: a stranger can reach it, and its words are marked private",
        "Call.tell: a stranger can reach it, and its words tell owed from a file",
    ]


def test_a_key_that_works_anytime_leaks_as_any_exit_does(joined: Join):
    """Key 9 at the question for the PIN must not lead past it."""
    call = joined(
        BALANCE.format(stranger="desk"),
        before=IDENTIFY.format(right="known", wrong="stranger"),
        anytime='{"0": "desk", "9": "tell"}',
    )
    assert [problem.sentence for problem in leaks(call, PROMPTS)] == [
        "Call.tell: a stranger can reach it, and its words tell owed from a file"
    ]


def test_the_way_of_a_rescue_leaks_as_any_way_does(joined: Join):
    """A call in which something broke may be anybody's."""
    call = joined(
        """
        identify = run(Identify, known="look", stranger="desk")
        look     = do(ask_balance, owed="tell", settled="nil", down="desk")
        tell     = say(then="desk")
        nil      = say(then="desk")
        """,
        before="""
        class Identify(Flow, anytime={"0": "stranger"}):
            pin      = ask(into="pin", secret=True, heard="try_", silent="stranger", wrong="stranger")
            try_     = do(try_pin, right="known", wrong="stranger", down="stranger")
            known    = end()
            stranger = end()
        """,
        anytime='{"0": "nil"}',
    )
    assert [problem.sentence for problem in leaks(call, PROMPTS)] == [
        "Call.nil: a stranger can reach it, and its words are marked private"
    ]


def test_words_of_no_step_may_not_be_private(joined: Join):
    """They are said to everybody; the sentence names their own line."""
    call = joined(BALANCE.format(stranger="desk"), before=IDENTIFY.format(right="known", wrong="stranger"))
    [problem] = leaks(call, PROMPTS | {"Anytime.trouble": Words(private=True)})
    assert str(problem) == (
        "prompts/nl.toml:7: Anytime.trouble: is said to strangers too and is marked private"
    )


def test_a_step_whose_words_are_missing_is_still_judged_by_its_action(joined: Join):
    """The words' own check tells of the gap; the proof goes on without them."""
    call = joined(BALANCE.format(stranger="look"), before=IDENTIFY.format(right="known", wrong="stranger"))
    assert [problem.sentence for problem in leaks(call, {})] == [
        "Call.look: a stranger can reach it, and ask_balance asks about a file"
    ]
