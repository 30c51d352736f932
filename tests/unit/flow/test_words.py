"""Tables and words together: no gap, no orphan, no fact that nobody knows, nothing too long."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from bridge.flow.graph import FlowGraph
from bridge.flow.words import ANYTIME_PROMPTS, WHISPER_PROMPTS, check_words
from bridge.problem import Problem

Join = Callable[..., FlowGraph]

STEPS = """
    hello  = say(then="number")
    number = ask(into="number", heard="choose", silent="desk", wrong="desk")
    choose = menu({"1": "desk", "2": "number"}, silent="bye", wrong="bye")
"""


@dataclass(frozen=True)
class Words:
    """A prompt as plain as can be: one sentence per part."""

    sentences: Mapping[str, str]
    placeholders: frozenset[str] = frozenset()
    private: bool = False
    file: str = "prompts/nl.toml"
    line: int = 7

    @property
    def parts(self) -> list[str]:
        return list(self.sentences)


def words(*mentions: str, **sentences: str) -> Words:
    return Words({name.removeprefix("_"): text for name, text in sentences.items()}, frozenset(mentions))


GOOD = {
    **{key: words(text="...") for key in (*ANYTIME_PROMPTS, *WHISPER_PROMPTS)},
    "Call.hello": words(text="Hello."),
    "Call.number": words(text="Your number?", silent="Nothing.", wrong="No number."),
    "Call.choose": words(_1="One.", _2="Two.", text="Choose.", wrong="Again."),
    "Call.desk": words(text="A colleague."),
    "Call.bye": words(text="Goodbye."),
}


def quick(_language: str, _key: str, _part: str, _kinds: Mapping[str, str]) -> float:
    return 4.0


@pytest.fixture
def check(joined: Join) -> Callable[..., list[str]]:
    """Check these words, as changed; None takes a prompt away."""

    def check(changed: Mapping[str, Words | None] | None = None, **options: str) -> list[str]:
        prompts = {key: prompt for key, prompt in (GOOD | dict(changed or {})).items() if prompt}
        found = check_words(joined(options.pop("steps", STEPS), **options), "nl", prompts, quick)
        assert all(problem.line > 0 for problem in found)
        return [problem.sentence for problem in found]

    return check


WORKING = {"Call.yes": words(_1="Yes.", _2="No."), "Sub.hello": words(text="Hello.")}
WORK = {
    "steps": """
        hello  = say(then="number")
        number = ask(into="number", heard="choose", silent="desk", wrong="desk")
        choose = menu({"1": "look", "2": "yes"}, silent="bye", wrong="bye")
        look   = do(ask_office, open="ahead", closed="sub", down="sub")
        ahead  = do(ask_office, timeout=0, open="quick", closed="quick", down="quick")
        quick  = do(ask_office, local=True, open="sub", closed="sub", down="sub")
        sub    = run(Sub, over="desk")
        yes    = confirm(yes="sign", no="bye", silent="bye", wrong="bye")
        sign   = decide(agree, done="bye", refused="bye", unclear="bye", down="bye")
    """,
    "before": """
        class Sub(Flow):
            hello = say(then="over")
            over  = end()
    """,
}
REMINDING = STEPS.replace('{"1": "desk", "2": "number"}', '{"1": "desk", "2": "number"}, reminds="9"')
REMINDED = words(_1="One.", _2="Two.", _9="Nine.", text="Choose.", wrong="Again.")
SECRET = STEPS.replace('into="number"', 'into="number", secret=True')
SUB_WITH_TOPIC = """
    class Sub(Flow, topic=True):
        told = say(then="over")
        over = end()
"""
SUB = SUB_WITH_TOPIC.replace(", topic=True", "")
TOLD, TOPIC = {"Sub.told": words(text="Told.")}, {"Sub.topic": words(text="It is about that.")}
ONCE = STEPS.replace('"2": "number"', '"2": "sub"') + '\n    sub = run(Sub, over="bye")\n'
TWICE = """
    one = run(Sub, over="two")
    two = run(Sub, over="desk")
"""
NO_SUCH_STEPS = dict.fromkeys(("Call.hello", "Call.number", "Call.choose"))
NUMBER_TOLD = {"Call.choose": words("number", _1="{number}", _2="Two.")}


def missing(key: str, part: str) -> str:
    return f"{key}: has no words for '{part}': write them in prompts/nl.toml"


def orphan(key: str) -> str:
    return f"{key}: no step ever speaks these words"


def unknown(key: str, fact: str) -> str:
    return f"{key}: mentions {{{fact}}}, which is not known on every way to this step"


@pytest.mark.parametrize(
    ("changed", "options", "told"),
    [
        ({}, {}, []),
        ({"Call.choose": words(_1="One.", _2="Two.")}, {}, []),  # a menu needs no words before its keys
        ({"Call.hello": None}, {}, [missing("Call.hello", "text")]),
        ({"Call.choose": words(_1="One.")}, {}, [missing("Call.choose", "2")]),
        ({"Call.choose": None}, {}, [missing("Call.choose", "1"), missing("Call.choose", "2")]),
        # Words for the key it reminds of come after its choices.
        ({}, {"steps": REMINDING}, [missing("Call.choose", "9")]),
        ({"Call.choose": REMINDED}, {"steps": REMINDING}, []),
        # An employee who is rung hears what it is about; a flow that is no topic has no such words.
        (TOLD, {"steps": ONCE, "before": SUB_WITH_TOPIC}, ["Sub.topic: has no words in 'nl'"]),
        (TOLD | TOPIC, {"steps": ONCE, "before": SUB_WITH_TOPIC}, []),
        (TOLD | TOPIC, {"steps": ONCE, "before": SUB}, [orphan("Sub.topic")]),
        # Words that nobody hears are a step that somebody misspelt.
        ({"Call.helo": words(text="Hello.")}, {}, [orphan("Call.helo")]),
        # A fact that nobody knows, that is not known after silence, or that a PIN's step has heard.
        (
            {"Call.choose": words("owed", _1="One.", _2="Two.", text="{owed}")},
            {},
            [unknown("Call.choose", "owed")],
        ),
        ({"Call.desk": words("number", text="{number}")}, {}, [unknown("Call.desk", "number")]),
        (NUMBER_TOLD, {}, []),
        (NUMBER_TOLD, {"steps": SECRET}, [unknown("Call.choose", "number")]),
        # A step of a flow that runs twice is told once.
        (
            NO_SUCH_STEPS | {"Sub.told": words("owed", text="{owed}")},
            {"steps": TWICE, "before": SUB},
            [unknown("Sub.told", "owed")],
        ),
        # What the office gives may be mentioned everywhere; words of no step may mention nothing else.
        ({"Call.hello": words("office", text="{office}")}, {"given": '{"office": "text"}'}, []),
        ({"Anytime.trouble": words("office", text="{office}")}, {"given": '{"office": "text"}'}, []),
        ({"Anytime.silent": words("number", text="{number}")}, {}, [unknown("Anytime.silent", "number")]),
        # A key that the menu does not offer, or a retry where nothing is asked.
        *(
            (
                {key: Words({**GOOD[key].sentences, part: "Never heard."})},
                {},
                [f"{key}: has words for '{part}', which are never spoken"],
            )
            for key, part in [
                *(("Call.choose", "3"), ("Call.number", "1"), ("Call.hello", "silent")),
                *(("Call.desk", "wrong"), ("Anytime.wrong", "wrong")),
            ]
        ),
        # What nobody waits for, sub-flows and ends are silent.
        *(
            (WORKING | {step: words(text="Psst.")}, WORK, [orphan(step)])
            for step in ("Call.quick", "Call.ahead", "Call.sub", "Sub.over")
        ),
    ],
)
def test_what_words_and_steps_do_not_share_is_told(
    check: Callable[..., list[str]],
    changed: Mapping[str, Words | None],
    options: dict[str, str],
    told: list[str],
):
    """No step without words, no words without a step, no fact that is not known; and nothing else is told."""
    assert check(changed, **options) == told


def test_a_step_without_words_is_told_on_the_line_of_the_step(joined: Join):
    """There is no line in the prompts to point at, so the table's is."""
    call = joined(STEPS)
    [problem] = check_words(call, "nl", {key: GOOD[key] for key in GOOD if key != "Call.bye"}, quick)
    where = call.flows["Call"].steps["bye"].where
    assert (problem.file, problem.line) == (where.file, where.line)


@pytest.mark.parametrize("key", [*ANYTIME_PROMPTS, *WHISPER_PROMPTS])
def test_the_words_of_no_step_are_needed_too(joined: Join, key: str):
    """Silence, a wrong key, trouble and speaking slower may happen anywhere, and so may a transfer."""
    [problem] = check_words(joined(STEPS), "nl", {name: GOOD[name] for name in GOOD if name != key}, quick)
    assert problem == Problem("prompts/nl.toml", 1, f"{key}: has no words in 'nl'")


ORDER = """
    hello  = say(then="number")
    number = ask(into="number", heard="terms", silent="desk", wrong="desk")
    terms  = do(propose, terms="choose", down="bye")
    choose = menu({"1": "told", "2": "yes"}, silent="bye", wrong="bye")
    told   = say(then="yes")
    yes    = confirm(yes="order", no="terms", silent="bye", wrong="bye")
    order  = decide(request, as_confirmed="bye", done="bye", refused="bye", unclear="bye", down="bye")
"""


@pytest.mark.parametrize(
    ("told", "yes", "heard"),
    [("terms", "", False), ("", "", False), ("", "terms", True)],
)
def test_terms_that_are_not_heard_on_every_way_to_key_1_are_told(
    check: Callable[..., list[str]],
    told: str,
    yes: str,
    heard: bool,  # noqa: FBT001 - what is expected
):
    """Nobody agrees to what was not spoken; there is a way around `told`, and none around `yes`."""
    prompts = {
        "Call.told": words(*filter(None, [told]), text="So much."),
        "Call.yes": words(*filter(None, [yes]), text="So much?", _1="Yes.", _2="No."),
    }
    missing = "Call.order: its term {terms} is not spoken on every way to its confirmation"
    assert check(prompts, steps=ORDER) == ([] if heard else [missing])


def test_terms_that_change_after_they_were_spoken_are_told(check: Callable[..., list[str]]):
    """What was spoken were other terms."""
    prompts = {
        "Call.told": words("terms", text="So much."),
        "Call.choose": words(_1="One.", _2="Two.", text="Choose."),
        "Call.yes": words(text="Yes?", _1="Yes.", _2="No."),
    }
    changed = ORDER.replace(
        'told   = say(then="yes")',
        'told   = say(then="anew")\n    anew   = do(propose, terms="yes", down="bye")',
    )
    straight = changed.replace('"2": "yes"', '"2": "told"')
    assert check(prompts, steps=straight) == [
        "Call.order: its term {terms} is not spoken on every way to its confirmation"
    ]
    assert check(prompts, steps=ORDER.replace('"2": "yes"', '"2": "told"')) == []


@pytest.mark.parametrize("step", ["Call.look", "Call.sign"])
def test_steps_that_may_take_long_may_have_words(check: Callable[..., list[str]], step: str):
    """They are said to a caller who waits; who waits knows nothing yet that could be mentioned."""
    assert check(WORKING | {step: words(text="One moment.")}, **WORK) == []
    [fault] = check(WORKING | {step: words("number", text="One moment, {number}.")}, **WORK)
    assert "which is not known on every way to this step" in fault


def test_words_that_take_too_long_are_told(joined: Join):
    """Nobody listens to a sentence for longer than twelve seconds; the values' kinds are given to measure."""
    seen: list[Mapping[str, str]] = []

    def slow(_language: str, key: str, part: str, kinds: Mapping[str, str]) -> float:
        seen.append(kinds)
        return {("Call.choose", "2"): 12.6, ("Call.choose", "wrong"): 12.0}.get((key, part), 3.0)

    assert check_words(joined(STEPS), "nl", GOOD, slow) == [
        Problem("prompts/nl.toml", 7, "Call.choose: '2' takes about 13 seconds to say, 12 at most")
    ]
    assert seen[0] == {"number": "digits"}


def test_a_step_that_takes_too_long_with_all_its_keys_is_told(joined: Join):
    """Nobody remembers the first key after twenty seconds; what is said to a mistake does not count."""

    def seconds(_language: str, key: str, part: str, _kinds: Mapping[str, str]) -> float:
        return {"Call.choose": 6.9, "Call.number": 6.6}.get(key, 12.0) if part != "wrong" else 6.0

    assert check_words(joined(STEPS), "nl", GOOD, seconds) == [
        Problem("prompts/nl.toml", 7, "Call.choose: takes about 21 seconds with all its keys, 20 at most")
    ]
