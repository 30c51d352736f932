"""Callers who have something sent: to what is on their own file, told in part first, once for each key 1."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import Case, CoDefendant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.simulators.provider.wire import Form, Reply
    from tests.calls.conftest import Caller, Calling, PlanLine

    Opening = Callable[..., PlanLine]

AN, DIRK, COLETTE = "20230118", "20230728", "20240709"
PEOPLE = ["An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson"]
THINGS = {"1": "SALDO", "2": "BETAALLINK", "3": "FAQ", "4": "KOPIE"}
SENT = ("Post.sent", "Balance.choose")
ON_MAIL_ONLY = "34"
"""What the demo's office sends by mail only: the way is not asked then."""


def at_confirmation(
    plans: "PlanLine", name: str = "An Peeters", thing: str = "1", way: str = "1"
) -> "Caller":
    """What and where to has been told; key 1 sends it."""
    caller = plans.call(name).keys("1").hears("Post.what").keys(thing)
    return caller if thing in ON_MAIL_ONLY else caller.hears("Post.choose").keys(way)


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("thing", ["1", "2"])
def test_a_text_goes_to_the_mobile_on_file(plans: "PlanLine", name: str, thing: str):
    """Its last two figures are told before; the office's template is sent, once, and what it says is said."""
    caller = at_confirmation(plans, name, thing).hears("Post.text")
    number = caller.phone.turns[0].form["From"]
    assert caller.told == {"mobile_end": " ".join(number[-2:])}
    caller.keys("1").hears(*SENT)
    [text] = plans.tagor.texts()
    assert (text.address, text.template, plans.effects(name)) == (number, THINGS[thing], {"text": 1})


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("thing", THINGS)
def test_a_mail_goes_to_the_address_on_file(plans: "PlanLine", name: str, thing: str):
    """The address is not spoken: whoever is on the line might note it down."""
    caller = at_confirmation(plans, name, thing, "2").hears("Post.mail").keys("1").hears(*SENT)
    [mail] = plans.tagor.mails()
    assert mail.template == THINGS[thing]
    assert mail.address == f"p{mail.party_id[-4:]}@example.be"
    assert plans.effects(name) == {"mail": 1}
    assert not any("@" in heard.text for heard in caller.phone.heard)


@pytest.mark.parametrize("generation", ["1.08", "2.00"])
@pytest.mark.parametrize("way", ["1", "2"])
def test_each_generation_is_asked_in_its_own_way(plans: "PlanLine", generation: str, way: str):
    """The older one by the deprecated twins; never both."""
    at_confirmation(plans, way=way).keys("1").hears(*SENT)
    asked = [entry["operation"] for entry in plans.tagor.journal() if "/Send" in entry["operation"]]
    family = "TagorService" if generation == "1.08" else "Actions"
    assert asked == [f"{family}/{'SendSms' if way == '1' else 'SendMail'}"]
    assert len(plans.tagor.messages(AN)) == 1


def test_an_office_may_say_by_which_way_its_tagor_sends(plan_line: "Opening"):
    """Where Tagor offers just one of the two."""
    plans = plan_line(office={'# through = "service"': 'through = "service"'})
    at_confirmation(plans).keys("1").hears(*SENT)
    assert [op for op in (entry["operation"] for entry in plans.tagor.journal()) if "/Send" in op] == [
        "TagorService/SendSms"
    ]


# Where it may go


def test_who_has_nothing_on_file_gets_a_person(plans: "PlanLine"):
    """A landline and no mail address: nothing is offered that could not arrive."""
    caller = plans.call("Colette Martin").keys("1").keys("1")
    caller.hears("Post.none", "Colleague.connect").reaches(plans.line.switchboard)


def test_who_has_no_mobile_is_written_to(plans: "PlanLine"):
    """One way only: it is not asked which."""
    plans.tagor.change(COLETTE, email="colette@example.be")
    caller = plans.call("Colette Martin").keys("1").keys("1").hears("Post.mail").keys("1").hears(*SENT)
    assert [mail.address for mail in plans.tagor.mails(COLETTE)] == ["colette@example.be"]
    assert caller.phone.faults == []


def test_who_has_no_mail_address_is_texted(plans: "PlanLine"):
    """And cannot have what goes by mail only."""
    plans.tagor.change(AN, email="")
    caller = (
        plans.call().keys("1").keys("1").hears("Post.text").keys("2").hears("Post.declined", "Balance.choose")
    )
    caller.keys("1").keys("3").hears("Post.none", "Colleague.connect")


def test_a_number_among_the_contacts_is_found(plans: "PlanLine"):
    """The file's facts show none, the party's contact details do."""
    plans.tagor.contact("9000000000000001020", "0478/12 34 56")
    caller = plans.call("Colette Martin").keys("1").keys("1").hears("Post.text")
    assert caller.told == {"mobile_end": "5 6"}
    caller.keys("1").hears(*SENT)
    assert [text.address for text in plans.tagor.texts(COLETTE)] == ["+32478123456"]


def test_a_contact_that_is_used_no_more_gets_nothing(plans: "PlanLine"):
    """The number is somebody else's by now."""
    plans.tagor.contact("9000000000000001020", "0478/12 34 56", used=False)
    plans.call("Colette Martin").keys("1").keys("1").hears("Post.none", "Colleague.connect")


@pytest.mark.parametrize("others", [1, 2, 3, 4])
def test_nobody_gets_what_is_another_defendants(plans: "PlanLine", calling_on: "Calling", others: int):
    """Two to five on one file, each with a PIN: whoever asks is written to, and nobody else."""
    people = [CoDefendant(f"Party {n}", f"88{n:014}", f"77000{n}", str(n)) for n in range(1, others + 1)]
    plans.tagor.add_case(shared(people))
    for who in [*people, CoDefendant("Last", NO_OVERRIDES, OWN_PIN, "9")]:
        caller = calling_on(plans.line, "+32478000099").keys("1").keys(who.pin)
        caller = caller.keys(f"{SHARED}#") if who.pin != OWN_PIN else caller
        caller.keys("1").keys("3").hears("Post.mail").keys("1").hears(*SENT).hangs_up()
        assert plans.tagor.mails(SHARED)[-1].party_id == who.party_id
        assert plans.tagor.mails(SHARED)[-1].address == f"p{who.party_id[-4:]}@example.be"
    assert len(plans.tagor.mails(SHARED)) == others + 1


SHARED, NO_OVERRIDES, OWN_PIN = "79000001", "8800000000000099", "770999"


def shared(people: list[CoDefendant]) -> Case:
    """A file with these people before its own; only the last one's number is known."""
    return Case(
        note="several", name="Last", phone="+32478000099", file=SHARED, file_id="7900000000000000001",
        party_id=NO_OVERRIDES, reference="7900001", pin=OWN_PIN, house_number="9", balance=Decimal("100.00"),
        before=tuple(people),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("way", "keys"),
    [
        ("house_number", ["1", "7700011#", "12#"]),
        ("caller_number", ["1"]),
        ("reference_pin", ["1", "482193", "7700011#"]),
    ],
)
def test_only_a_strong_proof_of_one_defendant_has_anything_sent(
    plan_line: "Opening", calling_on: "Calling", way: str, keys: list[str]
):
    """Else the first defendant's address would be another's for all we know."""
    risk = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
    plans = plan_line(office={'way = "pin"': f'way = "{way}"' + ("" if way == "reference_pin" else risk)})
    caller = calling_on(plans.line)
    for one in keys:
        caller.keys(one)
    caller.keys("1").keys("1").hears("Post.none", "Colleague.connect")
    assert plans.tagor.messages(AN) == []


def test_a_copy_goes_out_only_where_tagor_allows_it(plans: "PlanLine"):
    """A judicial file is not to be asked for."""
    plans.call("Hans Becker").keys("1").keys("4").hears("Post.none", "Colleague.connect")
    [asked] = [entry for entry in plans.tagor.journal() if entry["operation"].endswith("SelfServiceAllowed")]
    assert asked["fields"]["Config"] == "KOPIE"


def test_what_an_office_does_not_send_is_not_offered(plan_line: "Opening", calling_on: "Calling"):
    """One line taken out of its file: one key less."""
    plans = plan_line(office={"\nlink = {": "\n# link = {"})
    caller = calling_on(plans.line, off=frozenset({"Post.what.2"})).keys("1").keys("482193").keys("1")
    caller.hears("Post.what").keys("2").hears("Anytime.wrong", "Post.what")


def test_an_office_that_sends_nothing_offers_nothing(plan_line: "Opening", calling_on: "Calling"):
    """The key itself is gone from the menu after the balance."""
    gone = {f"\n{thing} = {{": f"\n# {thing} = {{" for thing in ("balance", "link", "faq", "copy")}
    plans = plan_line(office=gone)
    caller = calling_on(plans.line, off=frozenset({"Balance.choose.1"})).keys("1").keys("482193")
    caller.hears("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")
    caller.keys("1").hears("Anytime.wrong", "Balance.choose")


# Once, or not at all


@pytest.mark.parametrize("way", ["1", "2"])
@pytest.mark.parametrize("key", ["2", ""])
def test_nothing_is_sent_before_key_1(plans: "PlanLine", way: str, key: str):
    """No, and silence: said in so many words."""
    caller = at_confirmation(plans, way=way)
    caller = caller.keys(key) if key else caller.silent(2)
    caller.hears("Post.declined", "Balance.choose")
    assert plans.effects() == {}


def test_two_wishes_are_two_messages(plans: "PlanLine"):
    """Asked for twice, confirmed twice: it was lost among others, perhaps."""
    caller = at_confirmation(plans).keys("1").hears(*SENT)
    caller.keys("1").keys("1").keys("1").keys("1").hears(*SENT)
    assert plans.effects() == {"text": 2}


@pytest.mark.parametrize("way", ["1", "2"])
def test_what_tagor_refuses_is_told(plans: "PlanLine", way: str):
    """A clear no is no reason to call it noted: a word of regret, and a person."""
    caller = at_confirmation(plans, way=way)
    for endpoint in ("Actions/SendSms", "Actions/SendMail"):
        plans.tagor.fault(endpoint, "success_false")
    caller.keys("1").hears("Post.sorry", "Colleague.connect")
    assert plans.effects() == {}


def test_a_template_that_tagor_does_not_know_is_told(plan_line: "Opening"):
    """A slip in the office file: Tagor refuses it."""
    plans = plan_line(office={'balance = { sms = "SALDO"': 'balance = { sms = "SALDOO"'})
    at_confirmation(plans).keys("1").hears("Post.sorry", "Colleague.connect")


@pytest.mark.parametrize("way", ["1", "2"])
@pytest.mark.parametrize("fault", ["reset_after", "truncated", "html"])
@pytest.mark.parametrize("effect", ["done", "none"])
def test_what_nobody_knows_is_sent_once_and_given_to_an_employee(
    plans: "PlanLine", way: str, fault: str, effect: str
):
    """Never again, whatever became of it; noted, and a colleague looks after it."""
    caller = at_confirmation(plans, way=way)
    for endpoint in ("Actions/SendSms", "Actions/SendMail"):
        plans.tagor.fault(endpoint, fault, effect=effect)
    caller.keys("1")
    while caller.phone.state == "listening" and "Post.noted" not in heard(caller):
        caller.silent()
    plans.line.clock.move(minutes=20)
    plans.settle()
    sent = plans.effects()
    assert sent.pop("info line") == 1
    assert sent == ({} if effect == "none" else {"text" if way == "1" else "mail": 1})
    [task] = plans.tagor.info_lines(AN)
    assert ("sms" if way == "1" else "e-mail") in task.text


def heard(caller: "Caller") -> str:
    """What was said last, if it was that the wish is noted."""
    return "Post.noted" if any("genoteerd" in said.text for said in caller.phone.last) else ""


def test_a_tagor_that_went_away_sends_nothing(plans: "PlanLine"):
    """Between the question and key 1."""
    caller = at_confirmation(plans)
    plans.tagor.stop()
    caller.keys("1").hears("Post.sorry", "Colleague.connect")
    plans.tagor.start()
    assert plans.effects() == {}


def test_a_reply_that_got_lost_sends_nothing_twice(plans: "PlanLine", calling_on: "Calling"):
    """The provider falls back after key 1: the caller hears what came of it, and one text was sent."""
    lost = set[str]()

    def losing(url: str, form: "Form | None", headers: "Mapping[str, str]") -> "Reply":
        reply = plans.line.post(url, form, headers)
        return (502, {}, b"") if url in lost else reply

    caller = calling_on(plans.line, post=losing).keys("1").keys("482193").keys("1").keys("1").keys("1")
    lost.add(f"{plans.line.public}/voice/turn/{len(caller.phone.turns)}")
    caller.hears("Post.text").keys("1").hears(*SENT)
    assert plans.effects() == {"text": 1}


def test_five_deliveries_at_once_are_one_message(plans: "PlanLine"):
    """However a carrier repeats the webhook: equal bytes, one text."""
    caller = at_confirmation(plans)
    replies = plans.at_once(caller, "1", times=5)
    assert (len(replies), len(set(replies)), plans.effects()) == (5, 1, {"text": 1})
