"""One table: every way to write a flow wrong has its own sentence, on the line of the step."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.flow import FlowError
from bridge.flow.checks import did_you_mean
from bridge.flow.graph import FlowGraph

Mistakes = Callable[..., list[str]]
Join = Callable[..., FlowGraph]


def test_a_sound_flow_is_not_refused(joined: Join):
    """Nothing is said about a flow in which nothing is wrong."""
    assert list(joined('hello = say(then="desk")').flows) == ["Call"]


def test_a_mistake_is_told_with_file_and_line(joined: Join, tmp_path: Path):
    """An author finds the step: file, line, table, step, what is wrong, what was meant."""
    with pytest.raises(FlowError) as refused:
        joined('hello = say(then="dsk")')
    line = (tmp_path / "flows.py").read_text().splitlines().index('    hello = say(then="dsk")') + 1
    assert str(refused.value).splitlines()[0] == (
        f"{tmp_path}/flows.py:{line}: Call.hello: exit 'then' leads to 'dsk', "
        "which is no step of this table; did you mean 'desk'?"
    )


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(mistakes: Mistakes):
    """Who mends a flow does not start the program once per mistake."""
    assert mistakes("""
        hello = say(then="choos")
        choose = menu({"9": "desk"}, silent="bye")
    """) == [
        "Call.hello: exit 'then' leads to 'choos', which is no step of this table; did you mean 'choose'?",
        "Call.hello: never comes to an end: no way leads from here to an end() or a hangup()",
        "Call.choose: has no exit 'wrong': name the step that follows",
        "Call.choose: is never reached: lead an exit to it or remove it",
        "Call.choose: uses key '9' for a choice: use 1 to 7 (0, *, 8 and 9 mean the same everywhere)",
    ]


def test_an_unknown_target_without_a_likely_name_gets_no_hint(mistakes: Mistakes):
    """A guess that is no help is not made."""
    assert mistakes("""
        hello = menu({"1": "desk"}, silent="xyzzy", wrong="bye")
    """) == ["Call.hello: exit 'silent' leads to 'xyzzy', which is no step of this table"]


def test_an_unknown_target_of_an_anytime_key_is_told_at_the_table(mistakes: Mistakes):
    """Anytime keys belong to the whole table, so its first line is named."""
    assert mistakes('hello = say(then="desk")', anytime='{"0": "dsek", "9": "bye"}') == [
        "Call: anytime key 0 leads to 'dsek', which is no step of this table; did you mean 'desk'?"
    ]


@pytest.mark.parametrize(
    ("step", "missing"),
    [
        ('ask_ = ask(into="x", silent="desk", wrong="desk")', "heard"),
        ('ask_ = ask(into="x", heard="desk", wrong="desk")', "silent"),
        ('ask_ = ask(into="x", heard="desk", silent="desk")', "wrong"),
        ('menu_ = menu({"1": "desk"}, wrong="desk")', "silent"),
        ('menu_ = menu({"1": "desk"}, silent="desk")', "wrong"),
        ('yes = confirm(yes="desk", no="bye", silent="desk")', "wrong"),
        ('do_ = do(ask_office, open="desk", down="desk")', "closed"),
        ('do_ = do(ask_office, open="desk", closed="desk")', "down"),
        ('rec = record(left="desk")', "nothing"),
        ('rec = record(nothing="desk")', "left"),
        ('call = transfer(to="desk", answered="desk")', "unanswered"),
        ('call = transfer(to="desk", unanswered="desk")', "answered"),
        ('sub = run(Sub, one="desk")', "two"),
    ],
)
def test_a_missing_exit_is_told(mistakes: Mistakes, step: str, missing: str):
    """Every step names all its exits, the ugly ones too."""
    before = """
        class Sub(Flow):
            choose = menu({"1": "one"}, silent="two", wrong="two")
            one    = end()
            two    = end()
    """
    name = step.partition(" ")[0]
    assert f"Call.{name}: has no exit '{missing}': name the step that follows" in mistakes(
        step, before=before
    )


@pytest.mark.parametrize("missing", ["done", "refused", "unclear", "down"])
def test_a_decision_has_four_exits(mistakes: Mistakes, missing: str):
    """What must never happen twice may also be refused, stay unclear, or not be sent at all."""
    exits = ", ".join(f'{way}="bye"' for way in ("done", "refused", "unclear", "down") if way != missing)
    assert mistakes(f"""
        yes  = confirm(yes="sign", no="bye", silent="bye", wrong="bye")
        sign = decide(agree, {exits})
    """) == [f"Call.sign: has no exit '{missing}': name the step that follows"]


def test_an_exit_too_many_is_told_with_the_one_that_was_meant(mistakes: Mistakes):
    """An outcome the action does not have leads nowhere, however it is spelt."""
    assert mistakes("""
        look = do(ask_office, open="desk", closed="bye", clossed="bye", down="bye")
    """) == ["Call.look: exit 'clossed' can never be taken: remove it; did you mean 'closed'?"]


def test_only_a_question_for_keys_has_an_exit_for_nothing_keyed(mistakes: Mistakes):
    """`empty` is for the hash key alone, and a menu has none."""
    assert mistakes("""
        keyed  = ask(into="x", heard="choose", empty="desk", silent="bye", wrong="bye")
        choose = menu({"1": "desk"}, empty="desk", silent="bye", wrong="bye")
    """) == ["Call.choose: exit 'empty' can never be taken: remove it"]


def test_a_step_nobody_reaches_is_told(mistakes: Mistakes):
    """A forgotten step is a forgotten promise."""
    assert mistakes("""
        hello = say(then="desk")
        sorry = say(then="desk")
    """) == ["Call.sorry: is never reached: lead an exit to it or remove it"]


def test_a_step_that_only_an_anytime_key_reaches_is_reached(joined: Join):
    """A key that always means the same is a way like any other."""
    assert (
        joined("""
        hello = menu({"1": "hello"}, silent="bye", wrong="bye")
    """)
        .flows["Call"]
        .first
        == "hello"
    )


def test_a_flow_without_steps_is_told(load: Callable[[str], object]):
    """Nothing to say is a mistake."""
    with pytest.raises(FlowError, match=r"flows\.py:\d+: Empty: has no steps$"):
        load("""
            class Empty(Flow):
                pass
        """)


def test_a_loop_that_never_asks_is_told_at_every_step_of_it(mistakes: Mistakes):
    """A caller would hear the same for ever, without a word to stop it."""
    sentence = "can come back to itself without ever asking the caller anything: an endless loop"
    assert mistakes("""
        look  = do(ask_office, open="again_", closed="desk", down="desk")
        again_ = say(then="look")
    """) == [f"Call.look: {sentence}", f"Call.again_: {sentence}"]


def test_a_loop_that_asks_is_no_mistake(joined: Join):
    """Hearing the balance again is what a menu is for."""
    assert joined("""
        tell   = say(then="choose")
        choose = menu({"1": "tell"}, silent="bye", wrong="desk")
    """)


def test_a_table_without_an_end_is_told_at_every_step(mistakes: Mistakes):
    """A call that cannot end is never paid for by the right person."""
    assert mistakes("""
        hello = menu({"1": "round_", "2": "desk"}, silent="bye", wrong="bye")
        round_ = menu({"1": "round_"}, silent="round_", wrong="round_")
    """) == ["Call.round_: never comes to an end: no way leads from here to an end() or a hangup()"]


def test_more_than_fifteen_steps_are_told(mistakes: Mistakes):
    """A table fits on a screen."""
    says = [f'say{number} = say(then="say{number + 1}")' for number in range(13)]
    assert mistakes("\n".join([*says, 'say13 = say(then="desk")'])) == [
        "Call: has 16 steps, 15 at most: split it into two flows"
    ]


def test_fifteen_steps_are_allowed(joined: Join):
    """The limit itself is within it."""
    says = [f'say{number} = say(then="say{number + 1}")' for number in range(12)]
    assert len(joined("\n".join([*says, 'say12 = say(then="desk")'])).flows["Call"].steps) == 15


def test_more_than_four_choices_are_told(mistakes: Mistakes):
    """Nobody remembers five."""
    assert mistakes("""
        hello = menu(dict.fromkeys("12345", "desk"), silent="bye", wrong="bye")
    """) == ["Call.hello: offers 5 choices, 4 at most: nobody remembers more"]


def test_languages_are_no_choices_to_count(joined: Join):
    """Callers listen for their own language only."""
    joined("""
        choose = menu({"1": "desk", "2": "desk", "3": "desk"}, languages={"4": "nl", "5": "fr", "6": "de"},
                      speak="choose", silent="bye", wrong="bye")
    """)


def test_a_key_for_a_language_and_a_choice_is_told(mistakes: Mistakes):
    """It could do only one of the two."""
    assert mistakes("""
        choose = menu({"1": "desk", "4": "desk"}, languages={"4": "nl"}, speak="choose",
                      silent="bye", wrong="bye")
    """) == ["Call.choose: uses key '4' for a language and for a choice: give one of them another key"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ('unless={"2": "paid"}', "takes key '2' away, which it does not have"),
        ('unless={"1": "paid"}', "may lose all of its keys: keep one that always applies"),
        ('reminds="9#"', "reminds of key '#', which is none of 0, *, 8 and 9"),
    ],
)
def test_a_key_that_is_taken_away_or_told_in_vain_is_named(mistakes: Mistakes, options: str, sentence: str):
    """A menu has a key left whatever was noted."""
    told = mistakes(f'choose = menu({{"1": "desk"}}, {options}, silent="bye", wrong="bye")')
    assert told == [f"Call.choose: {sentence}"]


@pytest.mark.parametrize("key", ["0", "*", "8", "9", "#", "12", "", "A"])
def test_a_choice_by_any_other_key_is_told(mistakes: Mistakes, key: str):
    """1 to 7 choose; the rest mean the same everywhere, or nothing."""
    assert mistakes(f"""
        hello = menu({{"{key}": "desk"}}, silent="bye", wrong="bye")
    """) == [
        f"Call.hello: uses key '{key}' for a choice: use 1 to 7 (0, *, 8 and 9 mean the same everywhere)"
    ]


@pytest.mark.parametrize("key", ["1", "7", "#", "0*", ""])
def test_an_anytime_key_that_menus_need_is_told(mistakes: Mistakes, key: str):
    """A key that always means the same cannot be a choice somewhere."""
    assert mistakes('hello = say(then="desk")', anytime=f'{{"0": "desk", "{key}": "bye"}}') == [
        f"Call: anytime key '{key}' is none of 0, *, 8 and 9"
    ]


UNCONFIRMED = "only key 1 of a confirm() may decide"


def test_a_flow_may_not_begin_with_a_decision(mistakes: Mistakes):
    """Whoever runs the flow has confirmed nothing."""
    assert mistakes("""
        sign = decide(agree, done="desk", refused="bye", unclear="bye", down="bye")
    """) == ["Call.sign: decides without a confirmation: lead to it from a confirm() only"]


def test_an_anytime_key_may_not_decide(mistakes: Mistakes):
    """A key that works at every question confirms nothing."""
    assert mistakes(
        """
        yes  = confirm(yes="sign", no="bye", silent="bye", wrong="bye")
        sign = decide(agree, done="desk", refused="bye", unclear="bye", down="bye")
        """,
        anytime='{"0": "desk", "9": "sign"}',
    ) == ["Call.sign: decides without a confirmation: lead to it from a confirm() only"]


def test_words_may_not_lead_to_a_decision(mistakes: Mistakes):
    """Having been told is not having agreed."""
    assert mistakes("""
        terms = say(then="sign")
        sign  = decide(agree, done="desk", refused="bye", unclear="bye", down="bye")
    """) == [f"Call.sign: is reached from terms by 'then': {UNCONFIRMED}"]


def test_a_choice_of_a_menu_may_not_decide(mistakes: Mistakes):
    """A menu may be answered in words, and words may be misheard."""
    assert mistakes("""
        choose = menu({"1": "sign"}, silent="bye", wrong="bye")
        sign   = decide(agree, done="desk", refused="bye", unclear="bye", down="bye")
    """) == [f"Call.sign: is reached from choose by '1': {UNCONFIRMED}"]


@pytest.mark.parametrize("way", ["2", "silent", "wrong"])
def test_only_key_1_of_a_confirmation_decides(mistakes: Mistakes, way: str):
    """No, silence and a slip of the finger are not yes."""
    ways = dict.fromkeys(("2", "silent", "wrong"), "bye") | {way: "sign"}
    assert mistakes(f"""
        yes  = confirm(yes="sign", no="{ways["2"]}", silent="{ways["silent"]}", wrong="{ways["wrong"]}")
        sign = decide(agree, done="desk", refused="bye", unclear="bye", down="bye")
    """) == [f"Call.sign: is reached from yes by '{way}': {UNCONFIRMED}"]


def test_a_decision_may_not_lead_to_itself(mistakes: Mistakes):
    """What is unclear is looked up, not sent again."""
    assert f"Call.sign: is reached from sign by 'unclear': {UNCONFIRMED}" in mistakes("""
        yes  = confirm(yes="sign", no="bye", silent="bye", wrong="bye")
        sign = decide(agree, done="desk", refused="bye", unclear="sign", down="bye")
    """)


def test_a_decision_is_about_an_identified_file(mistakes: Mistakes):
    """A stranger can decide nothing."""
    assert mistakes(
        """
        yes  = confirm(yes="sign", no="bye", silent="bye", wrong="bye")
        sign = decide(write_off, done="desk", refused="bye", unclear="bye", down="bye")
        """,
        before="""
        def write_off(context) -> Literal["done", "refused", "unclear"]: ...
        """,
    ) == ["Call.sign: action write_off decides about a file, so it must take an IdentifiedFile"]


def test_a_decision_ends_done_refused_or_unclear(mistakes: Mistakes):
    """An action that cannot say "unclear" would have to lie."""
    assert mistakes(
        """
        yes  = confirm(yes="sign", no="bye", silent="bye", wrong="bye")
        sign = decide(hope, done="desk", refused="bye", unclear="bye", down="bye")
        """,
        before="""
        def hope(context, file: IdentifiedFile) -> Literal["done", "failed"]: ...
        """,
    ) == ["Call.sign: action hope must end in 'done', 'refused' or 'unclear'"]


def test_a_confirmed_decision_is_no_mistake(joined: Join):
    """Terms, key 1, decision: the one right way."""
    assert joined("""
        yes  = confirm(yes="sign", no="bye", silent="bye", wrong="bye")
        sign = decide(agree, done="desk", refused="bye", unclear="bye", down="bye")
    """)


ONE_YES = """
    terms = do(propose, terms="yes", down="bye")
    yes   = confirm(yes="order", no="bye", silent="bye", wrong="bye")
    order = decide(request, as_confirmed="sign", done="other", refused="bye", unclear="bye", down="bye")
    other = confirm(yes="sign", no="bye", silent="bye", wrong="bye")
    sign  = decide(agree, done="desk", refused="bye", unclear="bye", down="bye")
"""


def test_terms_that_come_back_as_confirmed_take_no_second_yes(joined: Join):
    """A further decision may follow the first one by that exit, and by no other one."""
    assert joined(ONE_YES)


@pytest.mark.parametrize("way", ["done", "refused", "unclear", "down"])
def test_no_other_outcome_of_a_decision_decides_further(mistakes: Mistakes, way: str):
    """Other terms, a no, a doubt or an outage are nothing that the caller agreed to."""
    rewired = re.sub(rf'(request, .*{way}=)"\w+"', r'\1"sign"', ONE_YES)
    assert f"Call.sign: is reached from order by '{way}': {UNCONFIRMED}" in mistakes(rewired)


def test_one_yes_carries_one_further_decision_only(mistakes: Mistakes):
    """Else a single key would order again and again."""
    chain = ONE_YES.replace('as_confirmed="sign"', 'as_confirmed="more"')
    ends = 'done="bye", refused="bye", unclear="bye", down="bye"'
    chain += f'    more  = decide(request, as_confirmed="sign", {ends})'
    assert mistakes(chain) == [f"Call.more: is reached from order by 'as_confirmed': {UNCONFIRMED}"]


def test_an_outcome_of_a_question_is_no_decision_that_was_confirmed(mistakes: Mistakes):
    """Whatever the exit is called: only a decision was confirmed before."""
    asked = ONE_YES.replace("decide(request", "do(request")
    assert mistakes(asked) == [f"Call.sign: is reached from order by 'as_confirmed': {UNCONFIRMED}"]


@pytest.mark.parametrize(
    "name", ["name", "steps", "anytime", "given", "where", "first", "ends", "again", "slower"]
)
def test_a_step_may_not_hide_the_language(mistakes: Mistakes, name: str):
    """A step called `first` would take the table's own `first` away."""
    assert mistakes(f'{name} = say(then="desk")') == [
        f"Call.{name}: is a word of the flow language: give this step another name"
    ]


def test_a_hint_is_the_nearest_name_or_nothing():
    """Help that is far from what was written is no help."""
    assert did_you_mean("colleage", ("colleague", "goodbye")) == "; did you mean 'colleague'?"
    assert did_you_mean("x", ("colleague", "goodbye")) == ""


def test_a_flow_made_by_a_program_is_placed_too():
    """A table that no file holds is still told by its module."""
    from bridge.flow import Flow, say  # noqa: PLC0415 - the frames of this module must not be its author's

    with pytest.raises(FlowError, match=r"Made\.hello: "):
        type(Flow)("Made", (Flow,), {"hello": say(then="nowhere"), "__module__": "nowhere_at_all"})
