"""Walking: every kind of step, every key, every way back, and every way a call can be lost and found."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from bridge.flow import IdentifiedFile
from bridge.flow.call import Call, Frame, Rules
from bridge.flow.engine import MOST_STEPS_A_TURN, Engine, Need
from bridge.flow.errand import Outcome
from bridge.flow.errors import EndlessTurn, LostPlace
from bridge.flow.facts import Fact
from bridge.flow.graph import Joined
from bridge.flow.heard import Dialled, Event, Keys, Nudge, Recorded, Silence, Words
from bridge.flow.spoken import Connect, Line, Listen, Over, Spoken, Tape
from bridge.flow.steps import Decide, Step

Load = Callable[[str], ModuleType]
Ring = Callable[..., Any]

HOUSE = """
    hello  = say(then="choose")
    choose = menu({"1": "sub", "2": "hello", "3": "desk"}, silent="bye", wrong="desk")
    sub    = run(Sub, over="choose", desk="desk")
"""
SUB = """
    class Sub(Flow):
        told   = say(then="number")
        number = ask(into="number", digits=(2, 4), heard="thanks", empty="none", silent="desk", wrong="desk")
        thanks = say(then="over")
        none   = say(then="number")
        over   = end()
        desk   = end()
"""
KEYS = '{"0": "desk", "*": AGAIN, "8": SLOWER, "9": "bye"}'


@pytest.fixture
def house(caller: Ring) -> Any:  # noqa: ANN401 - a caller, from conftest
    """Give a caller who has just heard the menu of a small house."""
    return caller(HOUSE, before=SUB, anytime=KEYS).rings()


# Beginning and ending


def test_a_call_begins_with_the_first_step_and_speaks_until_it_must_ask(house: Any):
    """Words first, then the question, in one turn."""
    assert house.heard == ["Call.hello", "Call.choose", "Call.choose.1", "Call.choose.2", "Call.choose.3"]
    assert house.last.wait == Listen("Call.choose", (1, 1), 6, ("1", "2", "3"))
    assert house.place == "Call.choose"


def test_a_call_ends_with_its_last_words(house: Any):
    """Hanging up is spoken too, and whoever asks again hears the same."""
    assert house.keys("9").heard == ["Call.bye"]
    assert house.last.wait == Over()
    assert house.does(Nudge()).last.wait == Over()


def test_a_call_that_has_not_begun_is_lost():
    """There is no step to go on from."""
    from voice_flows import CALL  # noqa: PLC0415 - only this test needs a real graph

    with pytest.raises(LostPlace, match="^the call has not begun$"):
        Engine(CALL).hear(Call("", "", "nl"), Silence(), datetime.now().astimezone())


# Menus


def test_a_key_of_the_menu_takes_its_exit(house: Any):
    """One key, one way."""
    assert house.keys("1").heard == ["Sub.told", "Sub.number"]
    assert house.last.wait == Listen("Sub.number", (2, 4), 12)


def test_a_menu_remembers_its_key_where_a_flow_wants_it(caller: Ring):
    """What was chosen is a fact, for actions and words."""
    one = caller('choose = menu({"4": "desk"}, into="choice", silent="bye", wrong="bye")').rings().keys("4")
    assert one.call.facts == {"choice": Fact("digits", "4")}
    assert one.last.lines[0].facts == {"choice": Fact("digits", "4")}


def test_a_menu_may_refuse_words(caller: Ring):
    """A confirmation is a key, never something a voice sounded like."""
    one = caller('yes = confirm(yes="desk", no="bye", silent="bye", wrong="bye")').rings()
    assert one.last.wait == Listen("Call.yes", (1, 1), 8)
    other = caller('choose = menu({"1": "desk"}, spoken=False, silent="bye", wrong="bye")').rings()
    assert other.last.wait == Listen("Call.choose", (1, 1), 6)


def test_a_key_that_the_office_switched_off_is_not_offered_and_not_taken(house: Any):
    """Neither said, nor heard as words, nor accepted."""
    house.call.rules = Rules(off=frozenset({"Call.choose.1", "Call.choose.3", "Sub.choose.2"}))
    assert house.keys("*").keys("1").heard == ["Call.choose.wrong", "Call.choose", "Call.choose.2"]
    assert house.last.wait == Listen("Call.choose", (1, 1), 6, ("2",))
    assert house.keys("2").heard == ["Call.hello", "Call.choose", "Call.choose.2"]


@pytest.mark.parametrize("event", [Keys("7"), Keys("12"), Keys("A"), Keys("1#"), Words("mumble"), Words("")])
def test_what_is_no_choice_is_told_once_and_then_leaves_by_wrong(house: Any, event: Event):
    """Two tries: the second wrong one leads on, as the table says."""
    choose = ["Call.choose", "Call.choose.1", "Call.choose.2", "Call.choose.3"]
    assert house.does(event).heard == ["Call.choose.wrong", *choose]
    assert house.does(event).heard == ["Call.desk"]


@pytest.mark.parametrize("event", [Silence(), Keys(""), Keys("#"), Nudge()])
def test_silence_is_told_once_and_then_leaves_by_silent(house: Any, event: Event):
    """The hash key alone at a menu is no choice either; it says nothing."""
    assert house.does(event).heard[0] == "Call.choose.silent"
    assert house.does(event).heard == ["Call.bye"]


def test_silences_and_wrong_keys_are_counted_apart(house: Any):
    """A silence is not a mistake."""
    assert house.waits().heard[0] == "Call.choose.silent"
    assert house.keys("7").heard[0] == "Call.choose.wrong"
    assert house.call.tries == {"silent": 1, "wrong": 1}


def test_a_new_question_begins_with_no_tries_behind_it(house: Any):
    """Neither a key, nor coming back, carries old mistakes along."""
    house.keys("7", "2")
    assert house.call.tries == {}
    house.keys("7", "1")
    assert house.call.tries == {}
    assert house.waits(2).heard[0] == "Sub.number.silent"


# Questions for keys


def test_keys_become_a_fact(house: Any):
    """Leading zeros are kept, and the words that follow know it."""
    assert house.keys("1", "0042").heard == [
        "Sub.thanks", "Call.choose", "Call.choose.1", "Call.choose.2", "Call.choose.3"
    ]  # fmt: skip
    assert house.call.facts == {"number": Fact("digits", "0042")}


@pytest.mark.parametrize(
    ("wants", "keys", "fact"),
    [("amount", "12*50", Fact("money", "12.50")), ("day", "28", Fact("count", "28"))],
)
def test_keys_become_what_was_asked_for(caller: Ring, wants: str, keys: str, fact: Fact):
    """An amount is money, a day is a count."""
    one = caller(f'keyed = ask(into="x", wants="{wants}", heard="desk", silent="bye", wrong="bye")')
    assert one.rings().keys(keys).call.facts == {"x": fact}


@pytest.mark.parametrize("keys", ["1", "12345", "1*3", "AB"])
def test_a_wrong_answer_is_told_until_the_tries_are_spent(house: Any, keys: str):
    """Three tries, then the exit the table names."""
    house.keys("1")
    assert house.keys(keys).heard == ["Sub.number.wrong", "Sub.number"]
    assert house.keys(keys).heard == ["Sub.number.wrong", "Sub.number"]
    assert house.keys(keys).heard == ["Call.desk"]


@pytest.mark.parametrize("event", [Silence(), Keys(""), Nudge()])
def test_silence_at_a_question_is_told_until_the_tries_are_spent(house: Any, event: Event):
    """As with wrong keys."""
    house.keys("1")
    assert [house.does(event).heard[0] for _ in range(3)] == [
        "Sub.number.silent",
        "Sub.number.silent",
        "Call.desk",
    ]


def test_words_at_a_question_for_keys_are_wrong(house: Any):
    """Digits are keyed, never said."""
    assert house.keys("1").does(Words("twelve")).heard[0] == "Sub.number.wrong"


def test_the_hash_key_alone_says_that_there_is_nothing_to_key(house: Any):
    """Where the table gives it a meaning."""
    assert house.keys("1", "#").heard == ["Sub.none", "Sub.number"]


def test_the_hash_key_alone_is_a_silence_where_it_means_nothing(caller: Ring):
    """Nothing came before it."""
    one = caller('keyed = ask(into="x", tries=2, heard="desk", silent="bye", wrong="desk")').rings()
    assert one.keys("#").heard == ["Call.keyed.silent", "Call.keyed"]
    assert one.keys("#").heard == ["Call.bye"]


def test_how_many_keys_is_the_offices_to_say(caller: Ring):
    """A PIN may have four digits here and eight there."""
    one = caller('pin = ask(into="pin", digits="pin", heard="desk", silent="bye", wrong="bye")')
    one.call.rules = Rules(lengths={"pin": (4, 8)})
    assert one.rings().last.wait == Listen("Call.pin", (4, 8), 12)
    assert one.keys("123").heard[0] == "Call.pin.wrong"
    assert one.keys("1234").heard == ["Call.desk"]


# Anytime keys


def test_key_0_leads_from_the_deepest_question_to_a_person(house: Any):
    """The flows in between are left, and no question of theirs counts any more."""
    assert house.keys("1", "0").heard == ["Call.desk"]
    assert house.last.wait == Connect("switchboard")
    assert len(house.call.stack) == 1


def test_key_9_leads_from_the_deepest_question_to_the_goodbye(house: Any):
    """As key 0 to a person."""
    assert house.keys("1", "9").heard == ["Call.bye"]


def test_the_innermost_meaning_of_a_key_counts(caller: Ring):
    """A sub-flow may lead key 9 somewhere else; a key that it does not know is its caller's."""
    before = SUB.replace("(Flow)", '(Flow, anytime={"9": "over", "8": AGAIN})')
    one = caller(HOUSE, before=before, anytime=KEYS).rings()
    assert one.keys("1", "9").heard[0] == "Call.choose"
    one.keys("1", "8")
    assert not one.call.slow
    assert one.keys("0").heard == ["Call.desk"]


def test_a_key_that_no_flow_knows_is_wrong(caller: Ring):
    """At a menu and at a question for keys."""
    one = caller(HOUSE, before=SUB).rings()
    assert one.keys("9").heard[0] == "Call.choose.wrong"
    assert one.keys("1", "*").heard[0] == "Sub.number.wrong"


@pytest.mark.parametrize(
    ("digits", "key", "place"),
    [
        ("(1, 3)", "8", "Call.desk"),
        ("(1, 3)", "9", "Call.desk"),
        ("1", "9", "Call.desk"),
        ("(2, 3)", "9", "Call.bye"),
        ("(1, 3)", "0", "Call.person"),
        ("(1, 3)", "*", "Call.keyed"),
    ],
)
def test_one_key_may_be_an_answer_where_one_key_is_enough(caller: Ring, digits: str, key: str, place: str):
    """A house number may be 9; 0 and * mean the same even there."""
    one = caller(
        f"""
        keyed  = ask(into="x", digits={digits}, heard="desk", silent="bye", wrong="bye")
        person = transfer(to="switchboard", answered="bye", unanswered="bye")
        """,
        anytime='{"0": "person", "*": AGAIN, "8": SLOWER, "9": "bye"}',
    )
    assert one.rings().keys(key).place == place


def test_again_repeats_everything_that_the_last_turn_told(house: Any):
    """Not only its question: who missed the balance wants the balance; as often as they like."""
    first = house.last.lines
    assert house.keys("*").last.lines == first
    assert house.keys("*").last.lines == first
    assert house.last.wait == Listen("Call.choose", (1, 1), 6, ("1", "2", "3"))


def test_again_does_not_repeat_a_reproach(house: Any):
    """That something was wrong or silent has been said."""
    assert house.keys("7", "*").heard == ["Call.choose", "Call.choose.1", "Call.choose.2", "Call.choose.3"]


def test_again_does_not_count_as_a_try_and_does_not_forgive_one(house: Any):
    """Listening again is no mistake."""
    house.keys("7", "*", "*")
    assert house.call.tries == {"wrong": 1}
    assert house.keys("7").heard == ["Call.desk"]


def test_slower_says_so_once_and_repeats_everything_slowly(house: Any):
    """From then on the whole call is slow."""
    first = house.last.lines
    assert house.keys("8").last.lines == (Line("Anytime.slower", "text", {}), *first)
    assert house.call.slow
    assert house.keys("8").last.lines == first
    assert house.keys("1").call.slow


# Work


BALANCE = """
    identify = run(Identify, known="look", stranger="desk")
    look     = do(ask_balance, owed="tell", settled="bye", down="sorry")
    tell     = say(then="yes")
    yes      = confirm(yes="sign", no="identify", silent="bye", wrong="desk")
    sign     = decide(agree, done="bye", refused="desk", unclear="noted", down="sorry")
    noted    = say(then="bye")
    sorry    = say(then="desk")
"""
IDENTIFY = """
    class Identify(Flow):
        pin      = ask(into="pin", secret=True, digits=6, heard="try_", silent="stranger", wrong="stranger")
        try_     = do(try_pin, within=2, even=True, right="known", wrong="pin", down="stranger")
        known    = end()
        stranger = end()
"""


@pytest.fixture
def debtor(caller: Ring) -> Any:  # noqa: ANN401 - a caller, from conftest
    """Give a caller who is asked for the PIN."""
    return caller(BALANCE, before=IDENTIFY).rings()


def settle(one: Any, exit: str, **more: Any) -> Any:  # noqa: A002, ANN401 - as the engine's
    one.last = one.engine.settle(one.call, Outcome(exit, **more))
    return one


def proven(one: Any, file: IdentifiedFile) -> Any:  # noqa: ANN401 - as settle
    settle(one.keys("482193"), "right", file=file)
    return settle(one, "owed", told={"owed": Fact("money", "12.50", private=True)})


def test_an_action_is_needed_before_the_call_goes_on(debtor: Any):
    """The engine does nothing itself: it names the step, its place, and what to run."""
    need = debtor.keys("482193").last
    assert isinstance(need, Need)
    assert (need.place, need.action.name) == ("Identify.try_", "try_pin")
    assert (need.step.within, need.step.even) == (2, True)
    assert debtor.does(Nudge()).last == need


def test_an_outcome_takes_its_exit_and_leaves_what_it_learned(debtor: Any, file: IdentifiedFile):
    """Facts, notes, proof and language, all from the outcome."""
    debtor.keys("482193")
    settle(debtor, "right", file=file, notes={"rounds": 1}, language="fr")
    assert debtor.last.place == "Call.look"
    assert (debtor.call.file, debtor.call.notes, debtor.call.language) == (file, {"rounds": 1}, "fr")
    settle(debtor, "owed", told={"owed": Fact("money", "12.50", private=True)})
    assert debtor.heard == ["Call.tell", "Call.yes", "Call.yes.1", "Call.yes.2"]
    assert debtor.last.lines[0].facts == {"owed": Fact("money", "12.50", private=True)}
    assert debtor.call.language == "fr"


def test_words_that_waited_for_an_action_are_said_with_the_facts_of_their_time(caller: Ring):
    """What was said before the work is said before its result, though it is spoken in one turn."""
    one = caller("""
        hello = say(then="look")
        look  = do(ask_office, open="desk", closed="bye", down="desk")
    """)
    assert isinstance(one.rings().last, Need)
    one.call = Call.from_json(one.call.to_json())
    settle(one, "open", told={"closes": Fact("time", "17:00")})
    assert one.heard == ["Call.hello", "Call.desk"]
    assert [dict(line.facts) for line in one.last.lines] == [{}, {"closes": Fact("time", "17:00")}]
    assert one.call.lines == []


def test_an_action_that_is_down_takes_its_own_exit(debtor: Any, file: IdentifiedFile):
    """No usable answer is an answer the table has an exit for."""
    settle(settle(debtor.keys("482193"), "right", file=file), "down")
    assert debtor.heard == ["Call.sorry", "Call.desk"]


def test_a_decision_is_needed_only_after_key_1(debtor: Any, file: IdentifiedFile):
    """And it is told apart from a question, because it must never run twice."""
    need = proven(debtor, file).keys("1").last
    assert isinstance(need, Need)
    assert isinstance(need.step, Decide)
    assert (need.place, need.action.name) == ("Call.sign", "agree")


@pytest.mark.parametrize(
    ("way", "heard"),
    [
        ("done", ["Call.bye"]),
        ("refused", ["Call.desk"]),
        ("unclear", ["Call.noted", "Call.bye"]),
        ("down", ["Call.sorry", "Call.desk"]),
    ],
)
def test_a_decision_takes_one_of_its_four_exits(debtor: Any, file: IdentifiedFile, way: str, heard: list[str]):
    """Each has its own words."""
    assert settle(proven(debtor, file).keys("1"), way).heard == heard


def test_an_outcome_for_a_step_that_needed_none_is_refused(debtor: Any):
    """A late errand must not move a call that has gone on."""
    with pytest.raises(LostPlace, match="^Identify.pin needed no action$"):
        settle(debtor, "right")


def test_proving_another_file_forgets_the_first(debtor: Any, file: IdentifiedFile):
    """The second time the caller proves to be somebody else's debtor."""
    other = IdentifiedFile("4711", "2026-99", None, "pin")
    proven(debtor, file).keys("2", "999999")
    settle(debtor, "right", file=other)
    assert (debtor.call.file, debtor.call.facts) == (other, {})


# Secrets


def test_a_secret_is_kept_from_the_facts_and_from_all_words(debtor: Any, now: datetime):
    """An action reads it; nothing that is spoken holds it."""
    debtor.keys("482193")
    assert debtor.call.known(now) == {"pin": "482193"}
    assert debtor.call.facts == {}
    assert "482193" not in repr(settle(debtor, "wrong").last)


def test_a_secret_is_gone_when_its_flow_has_ended(debtor: Any, now: datetime, file: IdentifiedFile):
    """Known or stranger: nobody needs the PIN any more."""
    settle(debtor.keys("482193"), "right", file=file)
    assert debtor.call.secrets == {}
    assert debtor.call.known(now) == {}


def test_a_secret_is_gone_when_a_key_leaves_its_flow(debtor: Any):
    """Key 0 ends the flows in between."""
    settle(debtor.keys("482193"), "wrong")
    assert debtor.call.secrets.keys() == {"pin"}
    assert debtor.keys("0").heard == ["Call.desk"]
    assert debtor.call.secrets == {}


def test_a_secret_is_gone_after_two_minutes(debtor: Any, now: datetime):
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
    assert one.last == Spoken((Line("Call.call", "text", {}),), Connect("employee"))
    assert one.does(event).heard == [heard]


@pytest.mark.parametrize(
    ("event", "heard"), [(Recorded("RE1", 7), "Call.bye"), (Silence(), "Call.desk"), (Nudge(), "Call.desk")]
)
def test_a_voicemail_was_left_or_nothing_was(caller: Ring, event: Event, heard: str):
    """An empty tape posts nothing but the redirect behind it."""
    one = caller('tape = record(longest=90, left="bye", nothing="desk")').rings()
    assert one.last == Spoken((Line("Call.tape", "text", {}),), Tape(90))
    assert one.does(event).heard == [heard]


# Lost and rescued


def test_a_deployment_that_adds_a_step_loses_nobody(load: Load, caller: Ring):
    """A position is a name: a greeting more, and the call goes on where it was."""
    one = caller(HOUSE, before=SUB, anytime=KEYS).rings().keys("1")
    one.engine = caller(
        HOUSE.replace('then="choose"', 'then="more"') + '    more = say(then="choose")\n',
        before=SUB,
        anytime=KEYS,
    ).engine
    assert one.keys("42").heard[0] == "Sub.thanks"


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("number", "reference", "no step is called Sub.number"),
        ("Sub", "Question", "no step is called Sub.number"),
    ],
    ids=["step", "flow"],
)
def test_a_deployment_that_renames_a_place_leads_the_call_to_a_person(
    caller: Ring, old: str, new: str, lost: str
):
    """One sentence, then a colleague; secrets, tries and waiting words are gone."""
    one = caller(HOUSE, before=SUB, anytime=KEYS).rings().keys("1", "1")
    one.engine = caller(HOUSE.replace(old, new), before=SUB.replace(old, new), anytime=KEYS).engine
    with pytest.raises(LostPlace, match=f"^{lost}$"):
        one.keys("42")
    one.last = one.engine.rescue(one.call)
    assert one.heard == ["Anytime.trouble", "Call.desk"]
    assert one.last.wait == Connect("switchboard")
    assert (one.call.rescues, one.call.tries, one.call.secrets) == (1, {}, {})


def test_a_deployment_that_renames_an_outer_step_is_noticed_before_anything_is_done(caller: Ring):
    """The way back is part of the place, though the question itself is still there."""
    one = caller(HOUSE, before=SUB, anytime=KEYS).rings().keys("1")
    one.engine = caller(HOUSE.replace("sub ", "question ").replace('"sub"', '"question"'), before=SUB, anytime=KEYS).engine
    for event in (Keys("42"), Keys("0"), Silence()):
        with pytest.raises(LostPlace, match="^no step is called Call.sub$"):
            one.does(event)


def test_a_rescue_forgets_what_was_going_to_be_said(debtor: Any, file: IdentifiedFile):
    """Half a balance is not spoken; the proof stays, for the colleague."""
    settle(debtor.keys("482193"), "right", file=file)
    debtor.call.lines = [Line("Call.tell", "text", {})]
    debtor.last = debtor.engine.rescue(debtor.call)
    assert debtor.heard == ["Anytime.trouble", "Call.desk"]
    assert debtor.call.file == file


def test_a_rescue_may_need_an_action_first(caller: Ring):
    """Whether anybody is there, for example; the apology waits for it."""
    one = caller(
        'hello = menu({"1": "look"}, silent="bye", wrong="bye")\n'
        'look = do(ask_office, open="desk", closed="bye", down="desk")',
        anytime='{"0": "look"}',
    ).rings()
    one.last = one.engine.rescue(one.call)
    assert isinstance(one.last, Need)
    assert settle(one, "down").heard == ["Anytime.trouble", "Call.desk"]


def test_a_turn_of_more_than_fifty_steps_is_cut_short(load: Load):
    """Checks at import find every endless loop; this guard is for what they might miss."""
    tables = "".join(
        f"class Talk{part}(Flow):\n"
        + "".join(f'    say{n} = say(then="say{n + 1}")\n' for n in range(13))
        + '    say13 = say(then="over")\n    over = end()\n'
        for part in range(4)
    )
    runs = "".join(f'    talk{part} = run(Talk{part}, over="talk{part + 1}")\n' for part in range(4))
    flows = load(
        f"{tables}class Call(Flow, anytime={{'0': 'desk'}}):\n{runs}"
        '    talk4 = say(then="desk")\n'
        '    desk  = transfer(to="switchboard", answered="bye", unanswered="bye")\n'
        "    bye   = hangup()\n"
    )
    engine, call = Engine(Joined(flows.Call)), Call("", "", "nl")
    with pytest.raises(EndlessTurn, match=rf"^more than {MOST_STEPS_A_TURN} steps in one turn, now at Talk3\."):
        engine.ring(call)
    spoken = engine.rescue(call)
    assert isinstance(spoken, Spoken)
    assert [line.prompt for line in spoken.lines] == ["Anytime.trouble", "Call.desk"]


def test_a_kind_of_step_that_the_engine_does_not_know_is_no_place_to_wait(load: Load):
    """Who adds a kind of step and forgets the engine hears it at once, and the caller a person."""
    flows = load("""
        class Call(Flow, anytime={"0": "desk"}):
            hello = say(then="desk")
            desk  = transfer(to="switchboard", answered="bye", unanswered="bye")
            bye   = hangup()
    """)
    engine, call = Engine(Joined(flows.Call)), Call("", "", "nl", stack=[Frame("Call", "hello")])
    flows.Call.steps["desk"] = Step(exits={})
    with pytest.raises(LostPlace, match="^Call.desk is no step to wait at$"):
        engine.hear(call, Nudge(), datetime.now().astimezone())
