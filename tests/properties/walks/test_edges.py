"""Every exit of every step of every flow, in four languages: no way ends without words or a person."""

import pytest
from walks_walker import Turn, Walk, Walker

from bridge.flow.graph import Edge, Place
from bridge.flow.inbound import Keys
from bridge.flow.keypad import read
from bridge.flow.steps import Ask, Decide, Do, Say
from bridge.flow.turn_output import Dial, Gather, HangUp, Record, Redirect
from bridge.flow.words import WHISPER_PROMPTS, may_speak, topics
from bridge.speech import LANGUAGES, Catalogue
from voice_flows import CALL

EDGES = [edge for edges in CALL.edges.values() for edge in edges]
LONG = [
    place for place in CALL.edges if isinstance(CALL.step(place), Do | Decide) and may_speak(CALL.step(place))
]
STOPS = [place for place in CALL.edges if not isinstance(CALL.step(place), Say)]
ENDS = {
    Gather: ("Gather", "Redirect"),
    Dial: ("Dial",),
    Record: ("Record", "Redirect"),
    Redirect: ("Redirect",),
    HangUp: ("Hangup",),
}
"""What a turn ends with, by what it waits for; a gather holds its own words."""


def named(place: Place) -> str:
    return ">".join(".".join(step) for step in place)


def way(edge: Edge) -> str:
    return f"{named(edge.start)}-{edge.exit}"


def assert_told(turn: Turn, language: str) -> None:
    """Words in every turn, none of them empty, and what must follow them."""
    assert all(said.text.strip() for said in turn.answer.said)
    assert any(said.language == language for said in turn.answer.said)
    gathered = isinstance(turn.spoken.then, Gather)
    spoken = () if gathered else ("Say",) * turn.verbs.count("Say")
    assert "Say" in turn.verbs or gathered
    assert turn.verbs == (*spoken, *ENDS[type(turn.spoken.then)])


def assert_ended_well(walk: Walk, language: str) -> None:
    """Every turn told something, and the last one took its leave."""
    for turn in walk.turns:
        assert_told(turn, language)
    assert walk.over


@pytest.mark.parametrize("edge", [pytest.param(edge, id=way(edge)) for edge in EDGES])
def test_every_way_ends_with_words_or_a_person(edge: Edge, walker: Walker):
    """Taken from the ring by keys and outcomes, then left alone: it leads where the graph says, and ends."""
    if not walker.possible(edge):
        assert_one_key_is_an_answer(edge, walker)
        return
    for language in LANGUAGES:
        walk = walker.along(edge, language)
        assert edge in walk.taken
        assert_ended_well(walk, language)


def assert_one_key_is_an_answer(edge: Edge, walker: Walker) -> None:
    """Where one key is enough, 8 and 9 are keys like any other."""
    step, key = CALL.step(edge.start), edge.exit.removeprefix("key ")
    walk = walker.after(edge.start, Keys(key), "nl")
    assert isinstance(step, Ask)
    assert walk.call.facts[step.into].value == read(step, key, walk.call.rules.lengths)
    assert walk.place != edge.end


@pytest.mark.parametrize("place", [pytest.param(place, id=named(place)) for place in STOPS])
def test_a_call_that_breaks_anywhere_ends_with_words_or_a_person(place: Place, walker: Walker):
    """One sentence of apology, then a colleague, or when there will be one."""
    for language in LANGUAGES:
        walk = walker.rescued(place, language)
        assert any(line.prompt == "Anytime.trouble" for turn in walk.turns for line in turn.spoken.prompts)
        assert_ended_well(walk, language)


@pytest.mark.parametrize("place", [pytest.param(place, id=named(place)) for place in LONG])
def test_whatever_takes_long_is_told(place: Place, walker: Walker):
    """A moment, please, and another one; then the same is asked after, and the call ends as any other."""
    for language in LANGUAGES:
        assert_ended_well(walker.delayed(place, language), language)


def test_the_walks_take_every_way_there_is(walker: Walker):
    """Nothing that can be taken is left out, the keys that work anytime included."""
    taken = {way for edge in EDGES if walker.possible(edge) for way in walker.along(edge, "nl").taken}
    assert [edge for edge in EDGES if walker.possible(edge) and edge not in taken] == []
    assert {edge.exit for edge in taken} >= {"key 0", "key *", "key 8", "key 9"}


def test_only_keys_that_are_answers_cannot_be_taken(walker: Walker):
    """What the walks leave out is 8 and 9 where one key is enough, and nothing else."""
    assert {edge.exit for edge in EDGES if not walker.possible(edge)} <= {"key 8", "key 9"}
    assert sum(map(walker.possible, EDGES)) > 0.95 * len(EDGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_catalogue_is_spoken_by_some_walk(
    language: str, walker: Walker, catalogue: Catalogue
):
    """Words that no call ever says would never be read by anybody who knows the language."""
    prompts = catalogue.prompts(language)
    walks = [walker.along(edge, language) for edge in EDGES if walker.possible(edge)]
    walks += [walker.rescued(place, language) for place in STOPS]
    walks += [walker.delayed(place, language) for place in LONG]
    lines = {
        (line.prompt, line.part) for walk in walks for turn in walk.turns for line in turn.spoken.prompts
    }
    own = {(prompt, part) for prompt, part in lines if prompt in prompts and part in prompts[prompt].parts}
    others = {part for _, part in lines - own} - {"text"}
    spoken = own | {(f"Anytime.{part}", "text") for part in {*others, "moment"}}
    # what an employee hears and no caller is whispered in test_conversation_phrasing
    spoken |= {(key, "text") for key in (*WHISPER_PROMPTS, *topics(CALL))}
    assert {(key, part) for key, prompt in prompts.items() for part in prompt.parts} - spoken == set()
