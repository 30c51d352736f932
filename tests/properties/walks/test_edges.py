"""Every exit of every step of every flow, in four languages: no way ends without words or a person."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

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


def assert_told(turn: Turn) -> None:
    """Check that a turn has words, none of them empty, and the verbs that must follow them."""
    assert all(said.text.strip() for said in turn.answer.said)
    if turn.spoken.then in (Redirect("hold"), Redirect("chime")):
        assert turn.verbs == ("Play", "Redirect")
        return
    assert any(said.language == turn.language for said in turn.answer.said)
    gathered = isinstance(turn.spoken.then, Gather)
    spoken = () if gathered else ("Say",) * turn.verbs.count("Say")
    assert "Say" in turn.verbs or gathered
    assert turn.verbs == (*spoken, *ENDS[type(turn.spoken.then)])


def ended_well(walk: Walk) -> Walk:
    """Check that every turn told something, and that the last one took its leave."""
    for turn in walk.turns:
        assert_told(turn)
    assert walk.over
    return walk


@contextmanager
def told_as(name: str, language: str) -> Iterator[None]:
    """Say which way a failure belongs to."""
    try:
        yield
    except Exception as failure:
        failure.add_note(f"{name} in {language}")
        raise


def walks_in(language: str, walker: Walker) -> Iterator[Walk]:
    """Walk every way, break at every stop, and wait at every long step; each walk must end well."""
    for edge in EDGES:
        if walker.possible(edge):
            with told_as(way(edge), language):
                walk = ended_well(walker.along(edge, language))
                assert edge in walk.taken
            yield walk
    for place in STOPS:
        with told_as(f"trouble at {named(place)}", language):
            walk = ended_well(walker.rescued(place, language))
            assert any(
                line.prompt == "Anytime.trouble" for turn in walk.turns for line in turn.spoken.prompts
            )
        yield walk
    for place in LONG:
        with told_as(f"a wait at {named(place)}", language):
            yield ended_well(walker.delayed(place, language))


def test_every_way_ends_with_words_or_a_person_and_every_sentence_is_spoken(
    sample: Callable[..., Collection[str]], walker: Walker, catalogue: Catalogue
):
    """Each way leads where the graph says and ends, also after trouble and after waits.

    A sentence that no walk speaks would never be read by anybody who knows the language. One language of
    the four is drawn, and a rehearsal walks in all of them.
    """
    for language in sample(LANGUAGES, 1):
        every_way_is_walked_in(language, walker, catalogue)


def every_way_is_walked_in(language: str, walker: Walker, catalogue: Catalogue) -> None:
    prompts = catalogue.prompts(language)
    walks = list(walks_in(language, walker))
    taken = {way for walk in walks for way in walk.taken}
    assert [edge for edge in EDGES if walker.possible(edge) and edge not in taken] == []
    assert {edge.exit for edge in taken} >= {"key 0", "key *", "key 8", "key 9"}
    lines = {
        (line.prompt, line.part) for walk in walks for turn in walk.turns for line in turn.spoken.prompts
    }
    own = {(prompt, part) for prompt, part in lines if prompt in prompts and part in prompts[prompt].parts}
    others = {part for _, part in lines - own} - {"text"}
    spoken = own | {(f"Anytime.{part}", "text") for part in {*others, "moment"}}
    # who dialled a number of no office has no call to walk: tests/calls/test_fallback.py hears those words
    spoken |= {("Anytime.wrong_number", "text"), ("Anytime.nobody", "text")}
    # what a colleague hears and no caller is checked in the tests of phrasing
    spoken |= {(key, "text") for key in (*WHISPER_PROMPTS, *topics(CALL))}
    assert {(key, part) for key, prompt in prompts.items() for part in prompt.parts} - spoken == set()


def test_only_keys_that_are_answers_cannot_be_taken(walker: Walker):
    """The walks leave out 8 and 9 where one key is enough, and there they are keys like any other."""
    left_out = [edge for edge in EDGES if not walker.possible(edge)]
    assert {edge.exit for edge in left_out} <= {"key 8", "key 9"}
    assert len(left_out) < 0.05 * len(EDGES)
    for edge in left_out:
        with told_as(way(edge), "nl"):
            step, key = CALL.step(edge.start), edge.exit.removeprefix("key ")
            walk = walker.after(edge.start, Keys(key), "nl")
            assert isinstance(step, Ask)
            assert walk.call.facts[step.into].value == read(step, key, walk.call.rules.lengths)
            assert walk.place != edge.end
