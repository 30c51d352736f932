"""Walking: menus, questions for keys, and the keys that mean the same everywhere."""

from collections.abc import Callable

import pytest
from flow_caller import HOUSE, KEYS, SUB, Caller

from bridge.flow.call import OfficeRules
from bridge.flow.errors import LostPlace
from bridge.flow.facts import Fact
from bridge.flow.inbound import Event, Keys, RedirectReturned, Silence, Words
from bridge.flow.turn_output import Dial, Gather, HangUp, PromptRef

Ring = Callable[..., Caller]
SLOWER, PERSON = "Anytime.key_slower", "Anytime.key_person"
"""What is told at the first mistake, of a menu and of a question for keys."""


# Beginning and ending


def test_a_call_begins_with_the_first_step_and_speaks_until_it_must_ask(house: Caller):
    """Words first, then the question, in one turn."""
    assert house.heard == ["Call.hello", "Call.choose", "Call.choose.1", "Call.choose.2", "Call.choose.3"]
    assert house.wait == Gather("Call.choose", (1, 1), 6, ("1", "2", "3"))
    assert house.place == "Call.choose"


def test_a_call_ends_with_its_last_words(house: Caller):
    """Hanging up is spoken too, and whoever asks again hears the same."""
    assert house.keys("9").heard == ["Call.bye"]
    assert house.wait == HangUp()
    assert house.does(RedirectReturned()).wait == HangUp()


def test_a_call_that_has_not_begun_is_lost(house: Caller):
    """There is no step to go on from."""
    house.call.stack.clear()
    with pytest.raises(LostPlace, match=r"^the call has not begun$"):
        house.waits()


def test_what_a_call_takes_is_noted_for_the_turn(house: Caller):
    """An exit, a question asked again, a key that means the same everywhere, the end: each in its turn."""
    assert house.call.taken == []
    assert house.keys("1").call.taken == [("Call.choose", "1")]
    assert house.does(Silence()).call.taken == [("Sub.number", "silent, once more")]
    assert house.keys("9").call.taken == [("Sub.number", "key 9"), ("Call.bye", "goodbye")]


# Menus


def test_a_key_of_the_menu_takes_its_exit(house: Caller):
    """One key, one way."""
    assert house.keys("1").heard == ["Sub.told", "Sub.number"]
    assert house.wait == Gather("Sub.number", (2, 4), 12)


def test_a_menu_remembers_its_key_where_a_flow_wants_it(caller: Ring):
    """What was chosen is a fact, for actions and words."""
    one = caller('choose = menu({"4": "desk"}, into="choice", silent="bye", wrong="bye")').rings().keys("4")
    assert one.call.facts == {"choice": Fact("digits", "4")}
    assert one.lines[0].facts == {"choice": Fact("digits", "4")}


def test_a_menu_may_refuse_words(caller: Ring):
    """A confirmation is a key, never something a voice sounded like."""
    one = caller('yes = confirm(yes="desk", no="bye", silent="bye", wrong="bye")').rings()
    assert one.wait == Gather("Call.yes", (1, 1), 8)
    other = caller('choose = menu({"1": "desk"}, spoken=False, silent="bye", wrong="bye")').rings()
    assert other.wait == Gather("Call.choose", (1, 1), 6)


def test_a_key_that_the_office_switched_off_is_not_offered_and_not_taken(house: Caller):
    """Neither said, nor heard as words, nor accepted."""
    house.call.rules = OfficeRules(off=frozenset({"Call.choose.1", "Call.choose.3", "Sub.choose.2"}))
    assert house.keys("*").keys("1").heard == ["Call.choose.wrong", SLOWER, "Call.choose", "Call.choose.2"]
    assert house.wait == Gather("Call.choose", (1, 1), 6, ("2",))
    assert house.keys("2").heard == ["Call.hello", "Call.choose", "Call.choose.2"]


def test_a_sentence_that_the_office_switched_off_is_not_said(house: Caller):
    """The call goes on where it would have gone on after it."""
    house.call.rules = OfficeRules(off=frozenset({"Call.hello"}))
    assert house.rings().heard[0] == "Call.choose"


@pytest.mark.parametrize(("discreet", "told"), [("", "1"), (", discreet=True", "chosen")])
def test_a_discreet_menu_does_not_tell_the_journal_which_key_was_pressed(
    caller: Ring, discreet: str, told: str
):
    """Only that it was answered."""
    one = caller(f'choose = menu({{"1": "desk", "2": "bye"}}, silent="bye", wrong="bye"{discreet})').rings()
    assert one.keys("1").call.taken[0] == ("Call.choose", told)


LANGUAGES = """
    choose = menu({"1": "desk"}, languages={"4": "nl", "5": "fr"}, speak="hello", silent="bye", wrong="bye")
    hello  = say(then="choose")
"""


def test_a_menu_tells_the_other_languages_before_its_choices(caller: Ring):
    """Nobody needs to hear how to choose the language that is spoken."""
    one = caller(LANGUAGES).rings()
    assert one.heard == ["Call.choose", "Call.choose.5", "Call.choose.1"]
    assert one.wait == Gather("Call.choose", (1, 1), 6, ("4", "5", "1"))


def test_the_key_of_a_language_goes_on_in_it(caller: Ring):
    """Also the key that was not told, for the caller may have heard it a moment ago; it is no fact."""
    one = caller(LANGUAGES).rings().keys("5")
    assert (one.call.language, one.call.language_known, one.call.facts) == ("fr", True, {})
    assert one.heard == ["Call.hello", "Call.choose", "Call.choose.4", "Call.choose.1"]
    assert one.keys("5").call.language == "fr"
    assert one.keys("4").call.language == "nl"


def test_a_language_that_the_office_does_not_speak_is_a_wrong_key(caller: Ring):
    """Neither told nor taken."""
    one = caller(LANGUAGES)
    one.call.rules = OfficeRules(off=frozenset({"Call.choose.5"}))
    assert one.rings().heard == ["Call.choose", "Call.choose.1"]
    assert one.keys("5").heard[0] == "Call.choose.wrong"
    assert one.call.language == "nl"


SOMETIMES = 'choose = menu({"1": "desk", "2": "bye"}, unless={"1": "paid"}, silent="bye", wrong="bye")'


@pytest.mark.parametrize(("paid", "offered"), [(True, ("2",)), (False, ("1", "2")), (None, ("1", "2"))])
def test_a_key_that_does_not_apply_is_not_offered(caller: Ring, paid: bool | None, offered: tuple[str, ...]):  # noqa: FBT001 - a column of the table
    """An action has noted it; neither said, nor heard as words, nor accepted then."""
    one = caller(SOMETIMES)
    one.call.notes["paid"] = paid
    assert one.rings().heard == ["Call.choose", *(f"Call.choose.{key}" for key in offered)]
    assert one.wait == Gather("Call.choose", (1, 1), 6, offered)
    assert one.keys("1").heard[0] == ("Call.choose.wrong" if paid else "Call.desk")


def test_a_menu_reminds_of_keys_after_its_choices(caller: Ring):
    """They are told and mean what they mean everywhere."""
    one = caller('choose = menu({"1": "desk"}, reminds="*9", silent="bye", wrong="bye")', anytime=KEYS)
    one.rings()
    assert one.heard == ["Call.choose", "Call.choose.1", "Call.choose.*", "Call.choose.9"]
    assert one.wait == Gather("Call.choose", (1, 1), 6, ("1",))
    assert one.keys("9").heard == ["Call.bye"]


@pytest.mark.parametrize("event", [Keys("7"), Keys("12"), Keys("A"), Keys("1#")])
def test_what_is_no_choice_is_told_once_and_then_leaves_by_wrong(house: Caller, event: Event):
    """Two tries: the second wrong one leads on, as the table says."""
    choose = ["Call.choose", "Call.choose.1", "Call.choose.2", "Call.choose.3"]
    assert house.does(event).heard == ["Call.choose.wrong", SLOWER, *choose]
    assert house.does(event).heard == ["Call.desk"]


@pytest.mark.parametrize("noise", [Words("mumble"), Words("")])
def test_noise_is_told_once_and_then_counts_as_silence(house: Caller, noise: Event):
    """Who has a television behind them has not asked for a person."""
    told = [house.does(noise).heard[0] for _ in range(2)]
    assert told == ["Call.choose.wrong", "Call.choose.silent"]
    assert house.does(noise).heard == ["Call.bye"]
    assert house.does(Keys("1")).heard


def test_noise_between_keys_is_a_wrong_answer_each_time(house: Caller):
    """Only two noises in a row are silence."""
    assert house.does(Words("mumble")).keys("7").heard == ["Call.desk"]


@pytest.mark.parametrize("event", [Silence(), Keys(""), Keys("#"), RedirectReturned()])
def test_silence_is_told_once_and_then_leaves_by_silent(house: Caller, event: Event):
    """The hash key alone at a menu is no choice either; it says nothing."""
    assert house.does(event).heard[0] == "Call.choose.silent"
    assert house.does(event).heard == ["Call.bye"]


def test_silences_and_wrong_keys_are_counted_apart(house: Caller):
    """A silence is not a mistake."""
    assert house.waits().heard[0] == "Call.choose.silent"
    assert house.keys("7").heard[0] == "Call.choose.wrong"
    assert house.call.tries == {"silent": 1, "wrong": 1}


def test_a_key_that_helps_is_told_at_the_first_mistake_of_each_question(house: Caller):
    """Whichever it is: 8 at a menu; 0 where keys are asked for. Nobody who listens slowly is told of 8."""
    assert [house.waits().heard[1], house.keys("7").heard[1]] == [SLOWER, "Call.choose"]
    house.keys("1")
    assert [house.waits().heard[1], house.keys("7#").heard[1]] == [PERSON, "Sub.number"]
    assert house.keys("8").waits().heard[1] == "Sub.number"
    house.keys("0042")
    assert house.waits().heard[:2] == ["Call.choose.silent", "Call.choose"]


def test_a_key_without_a_meaning_is_not_told(caller: Ring):
    """Where no flow gives it one."""
    one = caller('choose = menu({"1": "desk"}, silent="bye", wrong="bye")').rings()
    assert one.waits().heard == ["Call.choose.silent", "Call.choose", "Call.choose.1"]


def test_a_new_question_begins_with_no_tries_behind_it(house: Caller):
    """Neither a key, nor coming back, carries old mistakes along."""
    house.keys("7", "2")
    assert house.call.tries == {}
    house.keys("7", "1")
    assert house.call.tries == {}
    assert house.waits(2).heard[0] == "Sub.number.silent"


def test_a_flow_is_told_what_it_is_run_about(caller: Ring):
    """The same flow is run about one thing and then about another; a flow of its own changes nothing."""
    one = caller(
        """
        choose = menu({"1": "copy", "2": "link", "3": "sub"}, silent="bye", wrong="bye")
        copy   = run(Sub, about="copy", over="choose", desk="desk")
        link   = run(Sub, about="link", over="choose", desk="desk")
        sub    = run(Sub, over="choose", desk="desk")
        """,
        before=SUB,
    ).rings()
    for key, about in (("1", "copy"), ("2", "link"), ("3", "link")):
        assert one.keys(key, "0042").call.notes == {"about": about}


# Questions for keys


def test_keys_become_a_fact(house: Caller):
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
def test_a_wrong_answer_is_told_until_the_tries_are_spent(house: Caller, keys: str):
    """Three tries, then the exit the table names."""
    house.keys("1")
    assert house.keys(keys).heard == ["Sub.number.wrong", PERSON, "Sub.number"]
    assert house.keys(keys).heard == ["Sub.number.wrong", "Sub.number"]
    assert house.keys(keys).heard == ["Call.desk"]


@pytest.mark.parametrize("event", [Silence(), Keys(""), RedirectReturned()])
def test_silence_at_a_question_is_told_until_the_tries_are_spent(house: Caller, event: Event):
    """As with wrong keys."""
    house.keys("1")
    assert [house.does(event).heard[0] for _ in range(3)] == [
        "Sub.number.silent",
        "Sub.number.silent",
        "Call.desk",
    ]


def test_words_at_a_question_for_keys_are_wrong(house: Caller):
    """Digits are keyed, never said."""
    assert house.keys("1").does(Words("twelve")).heard[0] == "Sub.number.wrong"


def test_the_hash_key_alone_says_that_there_is_nothing_to_key(house: Caller):
    """Where the table gives it a meaning."""
    assert house.keys("1", "#").heard == ["Sub.none", "Sub.number"]


def test_the_hash_key_alone_is_a_silence_where_it_means_nothing(caller: Ring):
    """Nothing came before it."""
    one = caller('keyed = ask(into="x", tries=2, heard="desk", silent="bye", wrong="desk")').rings()
    assert one.keys("#").heard == ["Call.keyed.silent", PERSON, "Call.keyed"]
    assert one.keys("#").heard == ["Call.bye"]


def test_how_many_keys_is_the_offices_to_say(caller: Ring):
    """A PIN may have four digits here and eight there."""
    one = caller('pin = ask(into="pin", digits="pin", heard="desk", silent="bye", wrong="bye")')
    one.call.rules = OfficeRules(lengths={"pin": (4, 8)})
    assert one.rings().wait == Gather("Call.pin", (4, 8), 12)
    assert one.keys("123").heard[0] == "Call.pin.wrong"
    assert one.keys("1234").heard == ["Call.desk"]


# Anytime keys


def test_key_0_leads_from_the_deepest_question_to_a_person(house: Caller):
    """The flows in between are left, and no question of theirs counts any more."""
    assert house.keys("1", "0").heard == ["Call.desk"]
    assert house.wait == Dial("switchboard")
    assert len(house.call.stack) == 1


def test_key_9_leads_from_the_deepest_question_to_the_goodbye(house: Caller):
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


def test_again_repeats_everything_that_the_last_turn_told(house: Caller):
    """Not only its question: who missed the balance wants the balance; as often as they like."""
    first = house.lines
    assert house.keys("*").lines == first
    assert house.keys("*").lines == first
    assert house.wait == Gather("Call.choose", (1, 1), 6, ("1", "2", "3"))


@pytest.mark.parametrize("mistake", [Keys("7"), Silence(), Keys("#"), Words("mumble")])
def test_again_repeats_all_that_was_told_also_after_a_mistake(house: Caller, mistake: Event):
    """What the caller asks for is what they did not catch; that something was wrong they have heard."""
    told = house.heard
    assert house.does(mistake).heard != told
    assert house.keys("*").heard == house.keys("*").heard == told


def test_again_does_not_count_as_a_try_and_does_not_forgive_one(house: Caller):
    """Listening again is no mistake."""
    house.keys("7", "*", "*")
    assert house.call.tries == {"wrong": 1}
    assert house.keys("7").heard == ["Call.desk"]


def test_slower_says_so_once_and_repeats_everything_slowly(house: Caller):
    """From then on the whole call is slow."""
    first = house.lines
    assert house.keys("8").lines == (PromptRef("Anytime.slower", "text", {}), *first)
    assert house.call.slow
    assert house.keys("8").lines == first
    assert house.keys("1").call.slow
