"""Walking on: actions and what they bring back, secrets and how they die, people and tapes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flow_caller import Caller

from bridge.flow import IdentifiedFile
from bridge.flow.call import Call
from bridge.flow.errors import LostPlace
from bridge.flow.facts import Fact
from bridge.flow.inbound import Dialled, Event, Keys, Recorded, RedirectReturned, Silence
from bridge.flow.steps import Decide
from bridge.flow.turn_output import Dial, PromptRef, Record, Redirect, TurnOutput

Ring = Callable[..., Caller]


def proven(debtor: Caller, file: IdentifiedFile) -> Caller:
    owed = Fact("money", "12.50", private=True)
    return debtor.keys("482193").gets("right", file=file).gets("owed", told={"owed": owed})


def test_an_action_is_needed_before_the_call_goes_on(debtor: Caller):
    """The engine does nothing itself: it names the step, its place, and what to run."""
    need = debtor.keys("482193").needs
    assert (need.place, need.step.action.name) == ("Identify.try_", "try_pin")
    assert (need.step.timeout, need.step.constant_time) == (2, True)
    assert debtor.does(RedirectReturned()).last == need


def test_an_outcome_takes_its_exit_and_leaves_what_it_learned(debtor: Caller, file: IdentifiedFile):
    """Facts, notes, proof and language, all from the outcome."""
    debtor.keys("482193")
    debtor.gets("right", file=file, notes={"rounds": 1}, language="fr")
    assert debtor.needs.place == "Call.look"
    assert (debtor.call.file, debtor.call.notes, debtor.call.language) == (file, {"rounds": 1}, "fr")
    debtor.gets("owed", told={"owed": Fact("money", "12.50", private=True)})
    assert debtor.heard == ["Call.tell", "Call.yes", "Call.yes.1", "Call.yes.2"]
    assert debtor.lines[0].facts == {"owed": Fact("money", "12.50", private=True)}
    assert debtor.call.language == "fr"


def test_an_action_that_takes_long_is_told_in_its_own_words_and_then_with_sounds(debtor: Caller):
    """The caller stays at the step, is asked for nothing, and hears every eight seconds that it goes on."""
    need, heard = debtor.keys("482193").needs, list[object]()
    for _ in range(8):
        heard.append((debtor.lasts().heard, debtor.wait))
        assert debtor.does(RedirectReturned()).last == need
    sound = ([], Redirect("hold"))
    words = [([name], Redirect()) for name in ("Identify.try_", "Anytime.longer")]
    assert heard == [words[0], *[sound] * 5, words[1], sound]
    assert debtor.call.holds == 8


def test_words_that_waited_for_an_action_are_said_with_the_facts_of_their_time(caller: Ring):
    """What was said before the work is said before its result, though it is spoken in one turn."""
    one = caller("""
        hello = say(then="look")
        look  = do(ask_office, open="desk", closed="bye", down="desk")
    """)
    assert one.rings().needs.place == "Call.look"
    one.call = Call.from_json(one.call.to_json())
    one.gets("open", told={"closes": Fact("time", "17:00")})
    assert one.heard == ["Call.hello", "Call.desk"]
    assert [dict(line.facts) for line in one.lines] == [{}, {"closes": Fact("time", "17:00")}]
    assert one.call.lines == []


def test_what_is_known_is_told_while_the_next_answer_is_waited_for(caller: Ring):
    """It is not told twice, but who asks for it again hears all of it."""
    one = caller("""
        hello = say(then="look")
        look  = do(ask_office, open="desk", closed="next", down="desk")
        next  = menu({"1": "desk"}, silent="desk", wrong="desk")
    """)
    assert one.rings().lasts().heard == ["Call.hello", "Call.look"]
    assert (one.does(RedirectReturned()).lasts().heard, one.call.lines) == ([], [])
    assert one.gets("closed").heard == ["Call.next", "Call.next.1"]
    assert [line.prompt for line in one.call.said] == ["Call.hello", "Call.next", "Call.next"]


def test_terms_are_heard_as_one_whole(debtor: Caller, file: IdentifiedFile):
    """Whoever agrees has heard all that they agree to right before, however long its parts took."""
    one = debtor.keys("482193").gets("right", file=file)
    one.call.lines = [PromptRef("Call.hello", "text", {}, optional=True)]
    assert one.lasts().heard == ["Call.hello", "Call.look"]
    one.does(RedirectReturned()).gets("owed")
    assert one.heard[:2] == ["Call.hello", "Call.tell"]
    assert not any(line.optional for line in one.lines)


def test_an_action_that_is_down_takes_its_own_exit(debtor: Caller, file: IdentifiedFile):
    """No usable answer is an answer the table has an exit for."""
    debtor.keys("482193").gets("right", file=file).gets("down")
    assert debtor.heard == ["Call.sorry", "Call.desk"]


def test_a_decision_is_needed_only_after_key_1(debtor: Caller, file: IdentifiedFile):
    """And it is told apart from a question, because it must never run twice."""
    need = proven(debtor, file).keys("1").needs
    assert isinstance(need.step, Decide)
    assert (need.place, need.step.action.name) == ("Call.sign", "agree")


def test_what_a_caller_may_have_confirmed_is_known_by_its_count_of_moves(
    debtor: Caller, file: IdentifiedFile
):
    """Also before the key's own turn is saved, and never where nothing is confirmed, or no step is left."""
    engine = debtor.engine
    assert engine.confirmed_at(debtor.call) is None
    asked = engine.confirmed_at(proven(debtor, file).call)
    debtor.keys("1")
    assert asked == debtor.call.moves == engine.confirmed_at(debtor.call)
    debtor.call.stack[-1].step = "gone"
    assert engine.confirmed_at(debtor.call) is None


@pytest.mark.parametrize(
    ("way", "heard"),
    [
        ("done", ["Call.bye"]),
        ("refused", ["Call.desk"]),
        ("unclear", ["Call.noted", "Call.bye"]),
        ("down", ["Call.sorry", "Call.desk"]),
    ],
)
def test_a_decision_takes_one_of_its_four_exits(
    debtor: Caller, file: IdentifiedFile, way: str, heard: list[str]
):
    """Each has its own words."""
    assert proven(debtor, file).keys("1").gets(way).heard == heard


def test_an_outcome_for_a_step_that_needed_none_is_refused(debtor: Caller):
    """A late context must not move a call that has gone on."""
    with pytest.raises(LostPlace, match=r"^Identify.pin needed no action$"):
        debtor.gets("right")


def test_proving_another_file_forgets_the_first(debtor: Caller, file: IdentifiedFile):
    """The second time the caller proves to be somebody else's debtor."""
    other = IdentifiedFile("4711", "2026-99", None, "pin")
    proven(debtor, file).keys("2", "999999")
    debtor.gets("right", file=other)
    assert (debtor.call.file, debtor.call.facts) == (other, {})


# Secrets


def test_a_secret_is_kept_from_the_facts_and_from_all_words(debtor: Caller, now: datetime):
    """An action reads it; nothing that is spoken holds it."""
    debtor.keys("482193")
    assert debtor.call.known(now) == {"pin": "482193"}
    assert debtor.call.facts == {}
    assert "482193" not in repr(debtor.gets("wrong").last)


def test_a_secret_is_gone_when_its_flow_has_ended(debtor: Caller, now: datetime, file: IdentifiedFile):
    """Known or stranger: nobody needs the PIN any more."""
    debtor.keys("482193").gets("right", file=file)
    assert debtor.call.secrets == {}
    assert debtor.call.known(now) == {}


def test_a_secret_is_gone_when_a_key_leaves_its_flow(debtor: Caller):
    """Key 0 ends the flows in between."""
    debtor.keys("482193").gets("wrong")
    assert debtor.call.secrets.keys() == {"pin"}
    assert debtor.keys("0").heard == ["Call.desk"]
    assert debtor.call.secrets == {}


def test_a_secret_is_gone_after_two_minutes(debtor: Caller, now: datetime):
    """It is stamped when it was keyed in, not when the call began."""
    keyed = now + timedelta(minutes=5)
    debtor.does(Keys("482193"), now=keyed)
    assert debtor.call.known(keyed + timedelta(minutes=2)) == {"pin": "482193"}
    assert debtor.call.known(keyed + timedelta(minutes=2, seconds=1)) == {}


# People and tapes


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        (Dialled("answered"), "Call.bye"),
        (Dialled("busy"), "Call.tape"),
        (Dialled("unanswered"), "Call.tape"),
        (Dialled("failed"), "Call.tape"),
        (Silence(), "Call.tape"),
        (Keys("1"), "Call.tape"),
    ],
)
def test_a_transfer_was_answered_or_not(caller: Ring, event: Event, heard: str):
    """Whatever the provider says but "answered" means that nobody was there."""
    one = caller("""
        call = transfer(to="employee", answered="bye", unanswered="tape")
        tape = record(longest=90, left="bye", nothing="desk")
    """).rings()
    assert one.last == TurnOutput((PromptRef("Call.call", "text", {}),), Dial("employee"))
    assert one.does(event).heard == [heard]


@pytest.mark.parametrize(
    ("event", "heard"),
    [(Recorded("RE1", 7), "Call.bye"), (Silence(), "Call.desk"), (RedirectReturned(), "Call.desk")],
)
def test_a_voicemail_was_left_or_nothing_was(caller: Ring, event: Event, heard: str):
    """An empty tape posts nothing but the redirect behind it."""
    one = caller('tape = record(longest=90, left="bye", nothing="desk")').rings()
    assert one.last == TurnOutput((PromptRef("Call.tape", "text", {}),), Record(90))
    assert one.does(event).heard == [heard]


def test_a_sound_ends_the_turn_and_the_call_goes_on_behind_it(caller: Ring):
    """What was said before is spoken before it, the step itself has no words, and any webhook goes on."""
    one = caller("""
        hello = say(then="ding")
        ding  = play("chime", then="pick")
        pick  = menu({"1": "bye"}, silent="desk", wrong="desk")
    """).rings()
    assert (one.heard, one.wait, one.place) == (["Call.hello"], Redirect("chime"), "Call.ding")
    assert one.does(RedirectReturned()).heard == ["Call.pick", "Call.pick.1"]
    assert one.call.moves == 1


@pytest.mark.parametrize("event", [Keys("1"), Silence()])
def test_a_key_pressed_while_a_sound_plays_is_no_answer(caller: Ring, event: Event):
    """Nothing was asked yet, so nothing was wrong either."""
    one = caller("""
        ding = play("chime", then="pick")
        pick = menu({"1": "bye"}, silent="desk", wrong="desk")
    """).rings()
    assert one.does(event).heard == ["Call.pick", "Call.pick.1"]
