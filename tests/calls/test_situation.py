"""Callers who ask what is on file about themselves, have a mobile registered, or say what has changed."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, Calling, PlanLine
    from tests.shared_line import Line

    Opening = Callable[..., PlanLine]

AN, AN_PARTY, AN_PIN = "20230118", "9000000000000001001", "482193"
ANOTHERS = ["390475", "7700088#", "14#"]
"""Dirk's PIN and reference, with the house number of somebody else on his file."""
PEOPLE = ["An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson"]
ADDRESS = ("Situation.address", "Situation.choose")
OTHER, THIRD = "+32471234567", "0472/98 76 54"
MORE, SITUATION = "3", "3"
MOVED, CONTACT, HARD, BACK = "1", "2", "3", "4"
NOTED = "Contact.done"


def at_situation(plans: "PlanLine", calling_on: "Calling", number: str = OTHER) -> "Caller":
    """Ring from a number that Tagor does not know, prove the file, and go to one's own details."""
    caller = calling_on(plans.line, number).keys("1").keys(AN_PIN).keys(f"{AN}#")
    return caller.keys(MORE).keys(SITUATION).hears(*ADDRESS)


def contacts(plans: "PlanLine", party: str = AN_PARTY) -> list[str]:
    """What was registered for a party."""
    rows = plans.tagor.state()["contacts"]
    return [row["content"] for row in rows if row["party_id"] == party]


# The address


@pytest.mark.parametrize("name", PEOPLE)
def test_the_address_on_file_is_told_by_its_street_and_one_figure(opened: "Calling", name: str):
    """Enough for its owner, in each language; house number, town and box are told to nobody."""
    caller = opened(name).keys(MORE).keys(SITUATION).hears(*ADDRESS)
    assert len(caller.told["house_end"]) == 1
    caller.keys(BACK).hears("Balance.choose")


def test_a_new_address_becomes_an_employees_task(opened: "Calling", line: "Line"):
    """Nobody is dialled unasked, and whoever says it twice leaves one task."""
    caller = opened().keys(MORE).keys(SITUATION).keys(MOVED).hears("Moved.tell", "Moved.choose").keys("3")
    caller.hears("Balance.choose").keys(MORE).keys(SITUATION).keys(MOVED).hears(
        "Moved.tell", "Moved.choose"
    ).hangs_up()
    line.after()
    texts = [record.text for record in line.tagor.records.info_lines(AN)]
    assert sum("Taak van de telefoonlijn" in text and "nieuw adres" in text for text in texts) == 1
    assert any(text.startswith("Telefoonlijn:") and "nieuw adres" in text for text in texts)


def test_about_a_new_address_a_person_is_one_key_away(opened: "Calling", line: "Line"):
    """At once, or by a call-back; the colleague hears what it is about."""
    opened().keys(MORE).keys(SITUATION).keys(MOVED).keys("2").hears("CallBack.same").hangs_up()
    caller = opened().keys(MORE).keys(SITUATION).keys(MOVED).keys("1").reaches(line.switchboard).talks()
    caller.told_colleague("Whisper.nl", "Whisper.known", "Moved.topic", "Whisper.accept")


@pytest.mark.parametrize(
    "fault",
    [{"fault": "status", "status": 500}, {"fault": "replace_fields", "names": ["number"], "value": '"?"'}],
)
def test_an_address_that_cannot_be_told_costs_its_sentence(
    opened: "Calling", line: "Line", fault: dict[str, object]
):
    """What can be done about it is offered all the same."""
    line.tagor.fault("Party/GetAddresses", **fault)
    opened().keys(MORE).keys(SITUATION).hears("Situation.choose").keys(HARD).hears(
        "Hardship.heard", "Hardship.counsel", "Hardship.choose"
    )


# A mobile as a contact


def test_the_mobile_that_the_caller_phones_from_is_registered(plans: "PlanLine", calling_on: "Calling"):
    """It is read back digit by digit, and stands on file once, with the note of the call."""
    caller = at_situation(plans, calling_on).keys(CONTACT).hears("Contact.own")
    assert caller.told["own_mobile"] == "0 4 7 1, 2 3, 4 5, 6 7"
    assert contacts(plans) == []
    caller.keys("1").hears(NOTED, "Balance.choose").hangs_up()
    assert contacts(plans) == [OTHER]
    plans.line.after()
    assert OTHER in plans.tagor.records.info_lines(AN)[-1].text


def test_another_mobile_is_keyed_in_and_read_back(plans: "PlanLine", calling_on: "Calling"):
    """As Belgians write it; it is registered in the form that every office can call."""
    caller = at_situation(plans, calling_on).keys(CONTACT).keys("2").hears("Contact.ask_mobile")
    caller.keys("0472987654#").hears("Contact.read_back")
    assert caller.told["other_mobile"] == "0 4 7 2, 9 8, 7 6, 5 4"
    caller.keys("1").hears(NOTED, "Balance.choose")
    assert contacts(plans) == ["+32472987654"]


@pytest.mark.parametrize("name", PEOPLE)
def test_a_number_that_is_on_file_is_not_registered_again(plans: "PlanLine", name: str):
    """Neither the caller's own nor one that is keyed in, however it is written on file."""
    plans.tagor.controls.contact(AN_PARTY, THIRD)
    caller = plans.call(name).keys(MORE).keys(SITUATION).keys(CONTACT)
    caller.hears("Contact.known_own", "Contact.ask_mobile")
    if name == "An Peeters":
        caller.keys("0472987654#").hears("Contact.known", "Balance.choose")
        assert contacts(plans) == [THIRD]
    else:
        caller.keys("#").hears("Contact.nothing", "Balance.choose")


def test_a_number_that_is_used_no_more_may_be_registered_again(plans: "PlanLine", calling_on: "Calling"):
    """What is on file as unused reaches nobody."""
    plans.tagor.controls.contact(AN_PARTY, OTHER, used=False)
    at_situation(plans, calling_on).keys(CONTACT).hears("Contact.own").keys("1").hears(
        NOTED, "Balance.choose"
    )
    assert contacts(plans) == [OTHER, OTHER]


def test_only_a_belgian_mobile_can_be_registered(plans: "PlanLine", calling_on: "Calling"):
    """Landlines and foreign numbers get no texts; after three of them the call goes on."""
    caller = at_situation(plans, calling_on, "+3222000099").keys(CONTACT).hears("Contact.ask_mobile")
    for number in ("022000001#", "0031612345678#"):
        caller.keys(number).hears("Contact.unfit", "Contact.ask_mobile")
    caller.keys("090012345#").hears("Contact.nothing", "Balance.choose")
    assert contacts(plans) == []


def test_nothing_is_registered_before_key_1(plans: "PlanLine", calling_on: "Calling"):
    """After no, after silence and after a wrong key the caller hears that nothing was."""
    caller = at_situation(plans, calling_on).keys(CONTACT).keys("2").keys("0472987654#").keys("2")
    caller.hears("Contact.nothing", "Balance.choose").keys(MORE).keys(SITUATION).keys(CONTACT).silent(2)
    caller.hears("Contact.nothing", "Balance.choose").keys(MORE).keys(SITUATION).keys(CONTACT).keys("5").keys(
        "5"
    )
    caller.hears("Contact.nothing", "Balance.choose")
    assert contacts(plans) == []


@pytest.mark.parametrize("generation", ["1.08", "2.00"])
def test_each_generation_of_tagor_is_told_in_its_own_words(
    plans: "PlanLine", calling_on: "Calling", generation: str
):
    """The older one calls the content a value, and takes no comment."""
    at_situation(plans, calling_on).keys(CONTACT).keys("1").hears(NOTED, "Balance.choose")
    assert contacts(plans) == [OTHER]
    [asked] = [entry for entry in plans.tagor.journal() if entry["operation"] == "Party/AddContactDetail"]
    assert ("'value'" in str(asked["fields"])) is (generation == "1.08")


@pytest.mark.parametrize("effect", ["done", "none"])
@pytest.mark.parametrize("fault", ["reset_after", "truncated", "html"])
def test_an_unclear_registration_is_looked_up_and_never_sent_again(
    plans: "PlanLine", calling_on: "Calling", fault: str, effect: str
):
    """What Tagor shows is told as done; what it does not show is an employee's task in the end."""
    there = int(effect == "done")
    caller = at_situation(plans, calling_on).keys(CONTACT)
    plans.tagor.fault("Party/AddContactDetail", fault, effect=effect)
    caller.keys("1").hears(NOTED if there else "Contact.noted", "Balance.choose").hangs_up()
    plans.minutes_go_by(20)
    assert len(contacts(plans)) == there
    tasks = [line for line in plans.tagor.records.info_lines(AN) if "gsm-nummer als" in line.text]
    assert len(tasks) == 1 - there


def test_a_tagor_that_does_not_answer_registers_nothing(plans: "PlanLine", calling_on: "Calling"):
    """Before and after the question: a word of regret, and the file menu."""
    caller = at_situation(plans, calling_on)
    plans.tagor.fault("Party/GetContactDetails", "status", status=500)
    caller.keys(CONTACT).hears("Contact.sorry", "Balance.choose")
    plans.tagor.clear_faults()
    caller.keys(MORE).keys(SITUATION).keys(CONTACT).hears("Contact.own")
    plans.tagor.stop()
    caller.keys("1").hears("Contact.sorry", "Balance.choose")
    plans.tagor.start()
    assert contacts(plans) == []


# Who may


def test_an_office_switches_it_on(plan_line: "Opening", calling_on: "Calling"):
    """Without [situation] nobody hears an address or registers anything; whoever cannot pay is heard."""
    off = {"address = true  ": "address = false  ", "mobile = true  ": "mobile = false  "}
    plans = plan_line(office=off)
    caller = calling_on(plans.line, off=frozenset({"Situation.choose.1", "Situation.choose.2"}))
    caller.keys("1").keys(AN_PIN).keys(MORE).keys(SITUATION).hears("Situation.choose").keys(CONTACT)
    caller.hears("Anytime.wrong", "Situation.choose").keys(HARD)
    caller.hears("Hardship.heard", "Hardship.counsel", "Hardship.choose")
    plans.call("Emma Maes", off=frozenset({"Balance.choose.1", "Balance.choose.2"})).keys(MORE).keys(
        SITUATION
    ).hears("Situation.refer", "Balance.choose")


@pytest.mark.parametrize("way", ["house_number", "caller_number", "reference_pin"])
def test_a_proof_that_names_no_party_opens_nothing_of_it(
    plan_line: "Opening", calling_on: "Calling", way: str
):
    """Neighbours know a house number, any number can be shown, and a co-defendant is somebody else."""
    accepted = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01' if way != "reference_pin" else ""
    plans = plan_line(office={'way = "pin"': f'way = "{way}"{accepted}'})
    keys = {"house_number": ["7700011#", "12#"], "caller_number": [], "reference_pin": ANOTHERS}
    caller = calling_on(plans.line, off=frozenset({"Situation.choose.1", "Situation.choose.2"})).keys("1")
    for keyed in keys[way]:
        caller.keys(keyed)
    caller.keys(MORE).keys(SITUATION).hears("Situation.choose").keys(CONTACT).hears(
        "Anytime.wrong", "Situation.choose"
    )
    asked = {entry["operation"] for entry in plans.tagor.journal()}
    assert not {name for name in asked if name.startswith("Party/")}


def test_a_short_pin_registers_nothing(plan_line: "Opening", calling_on: "Calling"):
    """The address is heard with it, as the balance is; a decision takes six digits, or somebody's name."""
    plans = plan_line(office={"pin_digits = 6": "pin_digits = 5"})
    plans.tagor.controls.change(AN, pin="48219")
    caller = calling_on(plans.line, off=frozenset({"Situation.choose.2"})).keys("1").keys("48219")
    caller.keys(MORE).keys(SITUATION).hears(*ADDRESS).keys(CONTACT).hears("Anytime.wrong", *ADDRESS[1:])
    assert contacts(plans) == []
