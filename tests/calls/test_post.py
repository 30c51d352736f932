"""Callers who have something sent to the mobile or mail address on their file, once for each key 1."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import Case, CoDefendant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.simulators.provider.wire import Form, Reply
    from tests.calls.conftest import Caller, Calling, PlanLine

    Opening = Callable[..., PlanLine]

AN, COLETTE, COLETTE_PARTY = "20230118", "20240709", "9000000000000001020"
PEOPLE = ["An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson"]
THINGS = {"11": "SALDO", "12": "BETAALLINK", "313": "FAQ", "324": "KOPIE", "311": "AFREKENING"}
"""What may be sent: the keys in the file menu and in those behind it, and the office's template."""
PAY = ("Pay.account", "Pay.reference", "Pay.choose")
DETAILS = (
    "Details.parts",
    "Details.charges",
    "Details.status",
    "Details.reached",
    "Court.none",
    "DebtStatement.choose",
)
MENUS = {"1": PAY, "32": ("SentLetters.none", "Documents.choose"), "31": DETAILS}
"""What is heard before the last key."""
SENT = ("Post.sent", "Balance.choose")
TEXT, MAIL = "1", "2"
BY_MAIL_ONLY = {"313", "324", "311"}
"""The keys of what the demo's office sends by mail only: the caller is not asked which way."""
SHARED, SHARED_PARTY, SHARED_PIN = "79000001", "8800000000000099", "770999"


def at_confirmation(
    plans: "PlanLine", name: str = "An Peeters", thing: str = "11", way: str = TEXT
) -> "Caller":
    """Go on until the caller has heard what is sent and where to: key 1 sends it."""
    menus, key = thing[:-1], thing[-1]
    caller = plans.call(name)
    for menu in menus:
        caller.keys(menu)
    caller.hears(*MENUS[menus]).keys(key)
    return caller if thing in BY_MAIL_ONLY else caller.hears("Post.choose").keys(way)


def break_sending(plans: "PlanLine", fault: str, **more: str) -> None:
    """Let Tagor answer badly to both ways of sending."""
    for endpoint in ("Actions/SendSms", "Actions/SendMail"):
        plans.tagor.fault(endpoint, fault, **more)


@pytest.mark.parametrize(("name", "thing"), list(zip(PEOPLE, ("11", "12") * 2, strict=True)))
def test_a_text_goes_to_the_mobile_on_file(plans: "PlanLine", name: str, thing: str):
    """The caller hears the last two figures before; the office's template is sent once."""
    caller = at_confirmation(plans, name, thing).hears("Post.text")
    number = caller.phone.turns[0].form["From"]
    assert caller.told == {"mobile_end": " ".join(number[-2:])}
    caller.keys("1").hears(*SENT)
    [text] = plans.tagor.records.texts()
    assert (text.address, text.template, plans.effects(name)) == (number, THINGS[thing], {"text": 1})


@pytest.mark.parametrize(("name", "thing"), list(zip([*PEOPLE, "An Peeters"], THINGS, strict=True)))
def test_a_mail_goes_to_the_address_on_file(plans: "PlanLine", name: str, thing: str):
    """The address is not spoken, because whoever is on the line might note it down."""
    caller = at_confirmation(plans, name, thing, MAIL).hears("Post.mail").keys("1").hears(*SENT)
    [mail] = plans.tagor.records.mails()
    assert (mail.template, mail.address) == (THINGS[thing], f"p{mail.party_id[-4:]}@example.be")
    assert plans.effects(name) == {"mail": 1}
    assert not any("@" in heard.text for heard in caller.phone.heard)


@pytest.mark.parametrize(
    ("generation", "way", "through", "asked"),
    [
        ("1.08", TEXT, "", "TagorService/SendSms"),
        ("1.08", MAIL, "", "TagorService/SendMail"),
        ("2.00", TEXT, "", "Actions/SendSms"),
        ("2.00", TEXT, "service", "TagorService/SendSms"),
    ],
)
def test_each_generation_of_tagor_is_asked_in_its_own_way(
    plan_line: "Opening", way: str, through: str, asked: str
):
    """The older one has deprecated twins of these operations; an office may name the one that works."""
    plans = plan_line(office={'# through = "service"': 'through = "service"'} if through else None)
    at_confirmation(plans, way=way).keys("1").hears(*SENT)
    assert [one for one in (entry["operation"] for entry in plans.tagor.journal()) if "/Send" in one] == [
        asked
    ]
    assert len(plans.tagor.records.messages(AN)) == 1


# Where it may go


def test_a_caller_with_nothing_on_file_hears_so(plans: "PlanLine"):
    """Nothing is offered that could not arrive, nor a number among the contacts that is used no more."""
    plans.tagor.controls.contact(COLETTE_PARTY, "0478/12 34 56", used=False)
    caller = plans.call("Colette Martin").keys("1").keys("1")
    caller.hears("Post.none", "Balance.choose").keys("0").reaches(plans.line.switchboard)


def test_a_caller_without_a_mobile_is_sent_a_mail(plans: "PlanLine"):
    """There is one way only, so the caller is not asked which."""
    plans.tagor.controls.change(COLETTE, email="colette@example.be")
    plans.call("Colette Martin").keys("1").keys("1").hears("Post.mail").keys("1").hears(*SENT)
    assert [mail.address for mail in plans.tagor.records.mails(COLETTE)] == ["colette@example.be"]


def test_a_caller_without_a_mail_address_is_sent_a_text(plans: "PlanLine"):
    """What goes by mail only cannot be had then."""
    plans.tagor.controls.change(AN, email="")
    caller = plans.call().keys("1").keys("1").hears("Post.text").keys("2")
    caller.hears("Post.declined", "Balance.choose")
    caller.keys("3").keys("2").keys("4").hears("Post.none", "Balance.choose")


def test_a_mobile_among_the_contacts_is_found(plans: "PlanLine"):
    """The file's facts show no mobile, and the party's contact details do."""
    plans.tagor.controls.contact(COLETTE_PARTY, "0478/12 34 56")
    caller = plans.call("Colette Martin").keys("1").keys("1").hears("Post.text")
    assert caller.told == {"mobile_end": "5 6"}
    caller.keys("1").hears(*SENT)
    assert [text.address for text in plans.tagor.records.texts(COLETTE)] == ["+32478123456"]


def test_nobody_gets_what_is_another_defendants(plans: "PlanLine", calling_on: "Calling"):
    """Of five defendants on one file, each with a PIN, whoever asks is written to and nobody else."""
    others = [CoDefendant(f"Party {n}", f"88{n:014}", f"77000{n}", str(n)) for n in range(1, 5)]
    plans.tagor.controls.add_case(file_of(others))
    for who in [*others, CoDefendant("Last", SHARED_PARTY, SHARED_PIN, "9")]:
        caller = calling_on(plans.line, "+32478000099").keys("1").keys(who.pin)
        caller = caller.keys(f"{SHARED}#") if who.pin != SHARED_PIN else caller
        caller.keys("3").keys("2").keys("4").hears("Post.mail").keys("1").hears(*SENT).hangs_up()
        newest = plans.tagor.records.mails(SHARED)[-1]
        assert (newest.party_id, newest.address) == (who.party_id, f"p{who.party_id[-4:]}@example.be")
    assert len(plans.tagor.records.mails(SHARED)) == 5


def file_of(people: list[CoDefendant]) -> Case:
    """A file with these defendants before its own; only the last one's number is known."""
    return Case(
        note="several", name="Last", phone="+32478000099", file=SHARED, file_id="7900000000000000001",
        party_id=SHARED_PARTY, reference="7900001", pin=SHARED_PIN, house_number="9",
        balance=Decimal("100.00"),
        before=tuple(people),
    )  # fmt: skip


def test_a_copy_goes_out_only_where_tagor_allows_it(plans: "PlanLine"):
    """A judicial file's copy cannot be had by phone; the caller hears so and stays at the file."""
    plans.call("Hans Becker").keys("3").keys("2").keys("4").hears("Post.none", "Balance.choose")
    [asked] = [entry for entry in plans.tagor.journal() if entry["operation"].endswith("SelfServiceAllowed")]
    assert asked["fields"]["Config"] == "KOPIE"


def test_an_office_offers_what_it_sends(plan_line: "Opening", calling_on: "Calling"):
    """A line taken out of the office file takes its key away; how to pay is told all the same."""
    plans = plan_line(office={"\nlink = {": "\n# link = {"})
    caller = calling_on(plans.line, off=frozenset({"Pay.choose.2"})).keys("1").keys("482193").keys("1")
    caller.hears(*PAY).keys("2").hears("Anytime.wrong", "Pay.choose").hangs_up()
    gone = {f"\n{thing} = {{": f"\n# {thing} = {{" for thing in ("balance", "link", "faq", "copy")}
    off = frozenset({"Pay.choose.1", "Pay.choose.2", "Documents.choose.4"})
    caller = calling_on(plan_line(office=gone).line, off=off).keys("1").keys("482193").keys("1")
    caller.hears(*PAY).keys("4").hears("Balance.choose").keys("3").keys("2").hears(*MENUS["32"])
    caller.keys("4").hears("Anytime.wrong", "Documents.choose").silent(2).hears("Balance.choose")
    caller.no_longer_offered("DebtStatement.choose.3").keys("3").keys("1").hears(*DETAILS).keys("3")
    caller.hears("Anytime.wrong", "DebtStatement.choose")


# Once, or not at all


@pytest.mark.parametrize(("way", "key"), [(TEXT, "2"), (MAIL, "")])
def test_nothing_is_sent_before_key_1(plans: "PlanLine", way: str, key: str):
    """After no, and after silence, the caller hears that nothing was sent."""
    caller = at_confirmation(plans, way=way)
    caller = caller.keys(key) if key else caller.silent(2)
    caller.hears("Post.declined", "Balance.choose")
    assert plans.effects() == {}


def test_two_wishes_are_two_messages(plans: "PlanLine"):
    """A caller who asks and confirms twice is sent two texts."""
    caller = at_confirmation(plans).keys("1").hears(*SENT)
    caller.keys("1").keys("1").keys("1").keys("1").hears(*SENT)
    assert plans.effects() == {"text": 2}


@pytest.mark.parametrize("way", [TEXT, MAIL])
def test_a_refusal_of_tagor_is_told(plans: "PlanLine", way: str):
    """The caller hears a word of regret, and how to reach a person."""
    caller = at_confirmation(plans, way=way)
    break_sending(plans, "success_false")
    caller.keys("1").hears("Post.sorry", "Balance.choose")
    assert plans.effects() == {}


@pytest.mark.parametrize(
    ("way", "fault", "effect", "sent"),
    [
        (TEXT, "reset_after", "done", {"text": 1}),
        (TEXT, "truncated", "none", {}),
        (MAIL, "html", "done", {"mail": 1}),
        (MAIL, "reset_after", "none", {}),
    ],
)
def test_an_unclear_message_is_sent_once_and_given_to_an_employee(
    plans: "PlanLine", way: str, fault: str, effect: str, sent: dict[str, int]
):
    """It is noted and never sent again, whatever became of it, and a colleague looks after it."""
    caller = at_confirmation(plans, way=way)
    break_sending(plans, fault, effect=effect)
    caller.keys("1").hears("Post.noted", "Balance.choose").hangs_up()
    plans.line.clock.move(minutes=20)
    plans.settle()
    assert plans.effects() == {**sent, "info line": 1}
    [task] = plans.tagor.records.info_lines(AN)
    assert ("sms" if way == TEXT else "e-mail") in task.text


def test_a_tagor_that_went_away_sends_nothing(plans: "PlanLine"):
    """Between the confirmation and key 1 Tagor stops: a word of regret, and the file menu."""
    caller = at_confirmation(plans)
    plans.tagor.stop()
    caller.keys("1").hears("Post.sorry", "Balance.choose")
    plans.tagor.start()
    assert plans.effects() == {}


def test_a_reply_that_got_lost_sends_nothing_twice(plans: "PlanLine", calling_on: "Calling"):
    """The provider falls back after key 1: the caller hears that it was sent, and one text was."""
    lost = set[str]()

    def losing(url: str, form: "Form | None", headers: "Mapping[str, str]") -> "Reply":
        reply = plans.line.post(url, form, headers)
        return (502, {}, b"") if url in lost else reply

    caller = calling_on(plans.line, post=losing).keys("1").keys("482193").keys("1").keys("1").keys("1")
    lost.add(f"{plans.line.public}/voice/turn/{len(caller.phone.turns)}")
    caller.hears("Post.text").keys("1").hears(*SENT)
    assert plans.effects() == {"text": 1}
