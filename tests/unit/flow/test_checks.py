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

UNCONFIRMED = "only key 1 of a confirm() may decide"
ENDLESS = "can come back to itself without ever asking the caller anything: an endless loop"
SEVEN = "use 1 to 7 (0, *, 8 and 9 mean the same everywhere)"
YES = 'yes = confirm(yes="sign", no="bye", silent="bye", wrong="bye")\n'
SIGN = 'sign = decide(agree, done="desk", refused="bye", unclear="bye", down="bye")\n'
SAYS = "".join(f'say{number} = say(then="say{number + 1}")\n' for number in range(12))
LAST = 'say12 = say(then="desk")\n'
CHOICE = 'choose = menu({"1": "desk"}, %s, silent="bye", wrong="bye")'


def ways(**changed: str) -> str:
    """A confirmation whose other ways lead to goodbye, but for those changed."""
    told = {"no": "bye", "silent": "bye", "wrong": "bye"} | changed
    return f"yes = confirm(yes='sign', {', '.join(f'{way}={place!r}' for way, place in told.items())})\n"


# The steps of a table, and all the sentences that they earn.
REFUSED: dict[str, tuple[str, ...]] = {
    "all at once, in the order of the file": (
        'hello = say(then="choos")\nchoose = menu({"9": "desk"}, silent="bye")',
        "Call.hello: exit 'then' leads to 'choos', which is no step of this table; did you mean 'choose'?",
        "Call.hello: never comes to an end: no way leads from here to an end() or a hangup()",
        "Call.choose: has no exit 'wrong': name the step that follows",
        "Call.choose: is never reached: lead an exit to it or remove it",
        f"Call.choose: uses key '9' for a choice: {SEVEN}",
    ),
    "an unknown target without a likely name gets no hint": (
        'hello = menu({"1": "desk"}, silent="xyzzy", wrong="bye")',
        "Call.hello: exit 'silent' leads to 'xyzzy', which is no step of this table",
    ),
    "an exit too many, with the one that was meant": (
        'look = do(ask_office, open="desk", closed="bye", clossed="bye", down="bye")',
        "Call.look: exit 'clossed' can never be taken: remove it; did you mean 'closed'?",
    ),
    "nothing keyed at what is no question for keys": (
        'keyed = ask(into="x", heard="choose", empty="desk", silent="bye", wrong="bye")\n'
        + CHOICE % 'empty="desk"',
        "Call.choose: exit 'empty' can never be taken: remove it",
    ),
    "a step nobody reaches": (
        'hello = say(then="desk")\nsorry = say(then="desk")',
        "Call.sorry: is never reached: lead an exit to it or remove it",
    ),
    "a loop that never asks, at every step of it": (
        'look = do(ask_office, open="again_", closed="desk", down="desk")\nagain_ = say(then="look")',
        f"Call.look: {ENDLESS}",
        f"Call.again_: {ENDLESS}",
    ),
    "a table without an end": (
        (
            'hello = menu({"1": "round_", "2": "desk"}, silent="bye", wrong="bye")\n'
            'round_ = menu({"1": "round_"}, silent="round_", wrong="round_")'
        ),
        "Call.round_: never comes to an end: no way leads from here to an end() or a hangup()",
    ),
    "more than fifteen steps": (
        SAYS + LAST.replace("desk", "say13") + LAST.replace("12", "13"),
        "Call: has 16 steps, 15 at most: split it into two flows",
    ),
    "more than four choices": (
        'hello = menu(dict.fromkeys("12345", "desk"), silent="bye", wrong="bye")',
        "Call.hello: offers 5 choices, 4 at most: nobody remembers more",
    ),
    "a key for a language and a choice": (
        (
            'choose = menu({"1": "desk", "4": "desk"}, languages={"4": "nl"}, speak="choose", silent="bye",'
            ' wrong="bye")'
        ),
        "Call.choose: uses key '4' for a language and for a choice: give one of them another key",
    ),
    "a key that is taken away and not there": (
        CHOICE % 'unless={"2": "paid"}',
        "Call.choose: takes key '2' away, which it does not have",
    ),
    "a menu that may lose all of its keys": (
        CHOICE % 'unless={"1": "paid"}',
        "Call.choose: may lose all of its keys: keep one that always applies",
    ),
    "a reminder of a key without a meaning": (
        CHOICE % 'reminds="9#"',
        "Call.choose: reminds of key '#', which is none of 0, *, 8 and 9",
    ),
    "a decision first: whoever runs the flow has confirmed nothing": (
        SIGN,
        "Call.sign: decides without a confirmation: lead to it from a confirm() only",
    ),
    "words before a decision: having been told is not having agreed": (
        'terms = say(then="sign")\n' + SIGN,
        f"Call.sign: is reached from terms by 'then': {UNCONFIRMED}",
    ),
    "a choice that decides: a menu may be answered in words": (
        'choose = menu({"1": "sign"}, silent="bye", wrong="bye")\n' + SIGN,
        f"Call.sign: is reached from choose by '1': {UNCONFIRMED}",
    ),
    "a no that decides": (
        ways(no="sign") + SIGN,
        f"Call.sign: is reached from yes by '2': {UNCONFIRMED}",
    ),
    "silence that decides": (
        ways(silent="sign") + SIGN,
        f"Call.sign: is reached from yes by 'silent': {UNCONFIRMED}",
    ),
    "a slip of the finger that decides": (
        ways(wrong="sign") + SIGN,
        f"Call.sign: is reached from yes by 'wrong': {UNCONFIRMED}",
    ),
    **{
        f"a decision that cannot be {missing}": (
            YES
            + SIGN.replace(f'{missing}="{"desk" if missing == "done" else "bye"}"', "").replace(", ,", ","),
            f"Call.sign: has no exit '{missing}': name the step that follows",
        )
        for missing in ("done", "refused", "unclear", "down")
    },
    **{
        f"a choice by key {key!r}": (
            f'hello = menu({{"{key}": "desk"}}, silent="bye", wrong="bye")',
            f"Call.hello: uses key '{key}' for a choice: {SEVEN}",
        )
        for key in ("0", "*", "8", "9", "#", "12", "", "A")
    },
    **{
        f"a step called {name}": (
            f'{name} = say(then="desk")',
            f"Call.{name}: is a word of the flow language: give this step another name",
        )
        for name in ("name", "steps", "anytime", "given", "where", "first", "ends", "again", "slower")
    },
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_has_its_sentence(mistakes: Mistakes, mistake: str):
    """Who mends a flow is told all of them, and does not start the program once per mistake."""
    steps, *sentences = REFUSED[mistake]
    assert mistakes(steps) == sentences


@pytest.mark.parametrize(
    ("steps", "options", "sentence"),
    [
        (
            'hello = say(then="desk")',
            {"anytime": '{"0": "dsek", "9": "bye"}'},
            "Call: anytime key 0 leads to 'dsek', which is no step of this table; did you mean 'desk'?",
        ),
        *(
            (
                'hello = say(then="desk")',
                {"anytime": f'{{"0": "desk", "{key}": "bye"}}'},
                f"Call: anytime key '{key}' is none of 0, *, 8 and 9",
            )
            for key in ("1", "7", "#", "0*", "")
        ),
        (
            YES + SIGN,
            {"anytime": '{"0": "desk", "9": "sign"}'},
            "Call.sign: decides without a confirmation: lead to it from a confirm() only",
        ),
        (
            YES + SIGN.replace("agree", "write_off"),
            {"before": 'def write_off(context) -> Literal["done", "refused", "unclear"]: ...\n'},
            "Call.sign: action write_off decides about a file, so it must take an IdentifiedFile",
        ),
        (
            YES + SIGN.replace("agree", "hope"),
            {"before": 'def hope(context, file: IdentifiedFile) -> Literal["done", "failed"]: ...\n'},
            "Call.sign: action hope must end in 'done', 'refused' or 'unclear'",
        ),
    ],
)
def test_keys_that_work_anytime_and_decisions_are_judged_too(
    mistakes: Mistakes, steps: str, options: dict[str, str], sentence: str
):
    """A key that works everywhere is no choice and confirms nothing; an action can say that it is unclear."""
    assert mistakes(steps, **options) == [sentence]


def test_a_mistake_is_told_with_file_and_line(joined: Join, tmp_path: Path):
    """An author finds the step: file, line, table, step, what is wrong, what was meant."""
    with pytest.raises(FlowError) as refused:
        joined('hello = say(then="dsk")')
    line = (tmp_path / "flows.py").read_text().splitlines().index('    hello = say(then="dsk")') + 1
    assert str(refused.value).splitlines()[0] == (
        f"{tmp_path}/flows.py:{line}: Call.hello: exit 'then' leads to 'dsk', "
        "which is no step of this table; did you mean 'desk'?"
    )


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


def test_a_flow_without_steps_is_told(load: Callable[[str], object]):
    """Nothing to say is a mistake."""
    with pytest.raises(FlowError, match=r"flows\.py:\d+: Empty: has no steps$"):
        load("""
            class Empty(Flow):
                pass
        """)


ONE_YES = """
    terms = do(propose, terms="yes", down="bye")
    yes   = confirm(yes="order", no="bye", silent="bye", wrong="bye")
    order = decide(request, as_confirmed="sign", done="other", refused="bye", unclear="bye", down="bye")
    other = confirm(yes="sign", no="bye", silent="bye", wrong="bye")
    sign  = decide(agree, done="desk", refused="bye", unclear="bye", down="bye")
"""


@pytest.mark.parametrize(
    "steps",
    [
        'hello = say(then="desk")',
        'tell = say(then="choose")\nchoose = menu({"1": "tell"}, silent="bye", wrong="desk")',
        SAYS + LAST,
        (
            'choose = menu(dict.fromkeys("123", "desk"), languages={"4": "nl", "5": "fr", "6": "de"},'
            ' speak="choose", silent="bye", wrong="bye")'
        ),
        'hello = menu({"1": "hello"}, silent="bye", wrong="bye")',
        YES + SIGN,
        ONE_YES,
    ],
    ids=[
        *("one step", "a loop that asks", "fifteen steps", "languages are no choices to count"),
        *("a step that only an anytime key reaches", "a confirmed decision"),
        "terms that come back as confirmed take no second yes",
    ],
)
def test_a_sound_flow_is_not_refused(joined: Join, steps: str):
    """Nothing is said about a flow in which nothing is wrong."""
    assert list(joined(steps).flows) == ["Call"]


def test_a_decision_may_not_lead_to_itself(mistakes: Mistakes):
    """What is unclear is looked up, not sent again."""
    again = YES + SIGN.replace('unclear="bye"', 'unclear="sign"')
    assert f"Call.sign: is reached from sign by 'unclear': {UNCONFIRMED}" in mistakes(again)


@pytest.mark.parametrize("way", ["done", "refused", "unclear", "down"])
def test_no_other_outcome_of_a_decision_decides_further(mistakes: Mistakes, way: str):
    """Other terms, a no, a doubt or an outage are nothing that the caller agreed to."""
    rewired = re.sub(rf'(request, .*{way}=)"\w+"', r'\1"sign"', ONE_YES)
    assert f"Call.sign: is reached from order by '{way}': {UNCONFIRMED}" in mistakes(rewired)


def test_one_yes_carries_one_further_decision_only(mistakes: Mistakes):
    """Else a single key would order again and again; nor is an outcome of a question a confirmed decision."""
    chain = ONE_YES.replace('as_confirmed="sign"', 'as_confirmed="more"')
    ends = 'done="bye", refused="bye", unclear="bye", down="bye"'
    chain += f'    more  = decide(request, as_confirmed="sign", {ends})'
    assert mistakes(chain) == [f"Call.more: is reached from order by 'as_confirmed': {UNCONFIRMED}"]
    asked = ONE_YES.replace("decide(request", "do(request")
    assert mistakes(asked) == [f"Call.sign: is reached from order by 'as_confirmed': {UNCONFIRMED}"]


def test_a_hint_is_the_nearest_name_or_nothing():
    """Help that is far from what was written is no help."""
    assert did_you_mean("colleage", ("colleague", "goodbye")) == "; did you mean 'colleague'?"
    assert did_you_mean("x", ("colleague", "goodbye")) == ""


def test_a_flow_made_by_a_program_is_placed_too():
    """A table that no file holds is still told by its module."""
    from bridge.flow import Flow, say  # noqa: PLC0415 - the frames of this module must not be its author's

    with pytest.raises(FlowError, match=r"Made\.hello: "):
        type(Flow)("Made", (Flow,), {"hello": say(then="nowhere"), "__module__": "nowhere_at_all"})
