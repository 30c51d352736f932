"""More about a file: what makes up the amount, where the file stands, hearing, judgment, who handles it."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling, PlanLine
    from tests.shared_line import Line

NAMES = ["An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson"]
PARTS = ("Details.parts", "Details.charges")
VISITS = dict(zip(NAMES, ("Bezoek ter plaatse", "Visite sur place", "Besuch vor Ort", "Visit"), strict=True))
STATEMENTS = dict(zip(NAMES, ("Afrekening", "Décompte", "Abrechnung", "Statement of the debt"), strict=True))
JUDGE_OF_PEACE = "9000000000000000831"
NAMED_BY = 259
"""The parameter by which an office decides how its files name their manager."""


@pytest.mark.parametrize("name", NAMES)
def test_the_amount_is_told_part_by_part_and_what_is_planned(opened: "Calling", name: str):
    """Then the caller is back at the menu of the file."""
    caller = opened(name).keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.reached", "Court.none", "DebtStatement.choose")


STAGES = dict(zip(NAMES, ("Aanmaning", "Mise en demeure", "Mahnung", "Demand for payment"), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_the_stage_is_told_after_the_status(opened: "Calling", line: "Line", name: str):
    """In the office's words; one that has none, or the words of the status, costs its sentence."""
    caller = opened(name).keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.reached", "Court.none", "DebtStatement.choose")
    assert caller.told["stage"] == STAGES[name]
    for stage in ('"LOPEND"', '"NIEUW"', "null"):
        line.tagor.fault("TagorService/GetDosInfo", "replace_fields", names=["StadiumId"], value=stage)
        opened(name).keys("3").keys("1").hears(*PARTS, "Details.status", "Court.none", "DebtStatement.choose")


def test_the_next_hearing_is_told_with_its_court(opened: "Calling"):
    """Day, time and court, in the caller's language."""
    caller = opened("Hans Becker").keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Court.hearing", "DebtStatement.choose")
    assert caller.told["hearing_on"] == "Dienstag, den vierten März 2031"
    assert caller.told["court"].startswith("Friedensgericht")


HEARINGS = {
    "An Peeters": ("dinsdag 6 mei 2031", "9 uur", "Vredegerecht, Tweede kamer"),
    "Marie Dubois": ("mardi 6 mai 2031", "9 heures", "Justice de paix, Deuxième chambre"),
    "Klaus Schmitz": ("Dienstag, den sechsten Mai 2031", "9 Uhr", "Friedensgericht, Zweite Kammer"),
    "Sarah Johnson": ("Tuesday 6 May 2031", "9 o'clock", "Justice of the peace, Second chamber"),
}


@pytest.mark.parametrize("name", NAMES)
def test_each_language_has_its_words_for_a_hearing(opened: "Calling", line: "Line", name: str):
    """Its day, its time, its court and the chamber there."""
    file = next(case.file_id for case in CASES if case.name == name)
    row = {
        "TimeStampVerschijning": "2031-05-06T09:00:00.000",
        "TQRB_Id": JUDGE_OF_PEACE,
        "TQKAMER_Id": "9000000000000000842",
    }
    line.tagor.controls.add_row("TDOSVERSCHIJNINGWeb", file, row)
    caller = opened(name).keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.reached", "Court.hearing", "DebtStatement.choose")
    assert tuple(caller.told[one] for one in ("hearing_on", "hearing_at", "court")) == HEARINGS[name]


def test_a_hearing_without_a_time_is_told_by_its_day(opened: "Calling", line: "Line"):
    """Where and when stands in the letter."""
    row = {"TimeStampVerschijning": "2031-05-06T00:00:00.000"}
    line.tagor.controls.add_row("TDOSVERSCHIJNINGWeb", "9000000000000000001", row)
    caller = opened().keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.reached", "Court.day_only", "DebtStatement.choose")


JUDGMENTS = {
    "An Peeters": ("dinsdag 12 november 2024", "Vredegerecht"),
    "Marie Dubois": ("mardi 12 novembre 2024", "Justice de paix"),
    "Klaus Schmitz": ("Dienstag, den zwölften November 2024", "Friedensgericht"),
    "Sarah Johnson": ("Tuesday 12 November 2024", "Justice of the peace"),
}


def judge(line: "Line", name: str, day: str, court: str = JUDGE_OF_PEACE) -> None:
    """Let a court have decided on the file of a caller."""
    file = next(case.file_id for case in CASES if case.name == name)
    line.tagor.controls.add_row("TDOSTITELWeb", file, {"TimeStampTitel": day, "TQRB_Id": court})


@pytest.mark.parametrize("name", NAMES)
def test_the_last_judgment_is_told_with_its_court(opened: "Calling", line: "Line", name: str):
    """Day and court in the caller's language; one that is dated later than today is none yet."""
    for day in ("2019-02-05", "2024-11-12", "2031-01-07"):
        judge(line, name, f"{day}T00:00:00.000")
    caller = opened(name).keys("3").keys("1")
    caller.hears(
        *PARTS, "Details.status", "Details.reached", "Court.none", "Court.judgment", "DebtStatement.choose"
    )
    assert (caller.told["judged_on"], caller.told["judged_by"]) == JUDGMENTS[name]


def test_a_judgment_of_an_unknown_court_is_told_by_its_day(opened: "Calling", line: "Line"):
    """A court without words costs its part of the sentence; what no court gave is no judgment."""
    judge(line, "An Peeters", "2024-12-13T00:00:00.000", court="")
    judge(line, "An Peeters", "2024-11-12T00:00:00.000", court="9000000000000000999")
    opened().keys("3").keys("1").hears(
        *PARTS, "Details.status", "Details.reached", "Court.none", "Court.judged", "DebtStatement.choose"
    )


def test_a_judgment_that_tagor_does_not_tell_costs_its_sentence(opened: "Calling", line: "Line"):
    """Nobody is told that there is none."""
    judge(line, "An Peeters", "2024-11-12T00:00:00.000")
    line.tagor.fault("Dossier/GetTitle", "replace_fields", names=["TimeStampTitel"], value='"12/11/2024"')
    caller = opened().keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.reached", "Court.none", "DebtStatement.choose")
    line.tagor.fault("Dossier/GetTitle", "status", status=500)
    caller.keys("4").keys("3").keys("1").hears(
        *PARTS, "Details.status", "Details.reached", "Court.none", "DebtStatement.choose"
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_the_office_has_planned_is_told_if_it_is_public(opened: "Calling", line: "Line", name: str):
    """By its name, day and time; whatever else the agenda holds is the office's."""
    file = next(case.file_id for case in CASES if case.name == name)
    for kind, at in (("NAZICHT", "2026-03-05T09:00:00"), ("BEZOEK", "2026-03-12T14:30:00")):
        line.tagor.controls.schedule(file, kind, at)
    caller = opened(name).keys("3").keys("1")
    caller.hears(
        *PARTS, "Details.status", "Details.reached", "Court.none", "Planned.timed", "DebtStatement.choose"
    )
    assert caller.told["planned"] == VISITS[name]
    line.tagor.fault(
        "Dossier/GetAgenda", "replace_fields", names=["TimeStampScheduled"], value='"2026-03-12T00:00:00"'
    )
    caller.keys("4").keys("3").keys("1").hears(
        *PARTS, "Details.status", "Details.reached", "Court.none", "Planned.some_day", "DebtStatement.choose"
    )


def test_an_agenda_that_is_away_costs_its_sentence(opened: "Calling", line: "Line"):
    """Nobody is told that nothing is planned."""
    line.tagor.fault("Dossier/GetAgenda", "status", status=500)
    opened().keys("3").keys("1").hears(
        *PARTS, "Details.status", "Details.reached", "Court.none", "DebtStatement.choose"
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_manager_is_named_where_tagor_names_one(opened: "Calling", line: "Line", name: str):
    """So that a caller knows whom to ask for, in each language."""
    line.tagor.controls.parameter(NAMED_BY, "id")
    caller = opened(name).keys("3").keys("1")
    caller.hears(
        *PARTS, "Details.status", "Details.reached", "Court.none", "Details.manager", "DebtStatement.choose"
    )
    assert caller.told["manager"] == "An Verbeke"


@pytest.mark.parametrize("value", ['"1.234"', '"99.00"', "null"])
def test_parts_that_do_not_make_up_the_amount_are_not_told(opened: "Calling", line: "Line", value: str):
    """The caller heard one amount; parts that make up another one would be untrue."""
    line.tagor.fault("Dossier/GetBalances", "replace_fields", names=["Bedrag"], value=value)
    opened().keys("3").keys("1").hears(
        "Details.status", "Details.reached", "Court.none", "DebtStatement.choose"
    )


def test_what_tagor_does_not_answer_costs_its_own_sentence(opened: "Calling", line: "Line"):
    """Everything else is told, and the call goes on."""
    caller = opened()
    line.tagor.fault("Dossier/GetBalances", "status", status=500)
    line.tagor.fault("Dossier/GetAppearance", "status", status=500)
    caller.keys("3").keys("1").hears(
        "Details.status", "Details.reached", "Court.unknown", "DebtStatement.choose"
    )
    line.tagor.fault("Code/GetDescription", "status", status=500)
    line.tagor.fault("User/Get", "status", status=500)
    caller.keys("4").keys("3").keys("1").hears(
        "Details.status", "Details.reached", "Court.unknown", "DebtStatement.choose"
    )


def test_a_file_is_asked_about_once_however_often_its_details_are_told(opened: "Calling", line: "Line"):
    """Creditor, payments, status and manager are one answer of Tagor's."""
    line.tagor.controls.parameter(NAMED_BY, "id")
    caller = opened().keys("3").keys("1").keys("4").keys("3").keys("1")
    caller.hears(
        *PARTS, "Details.status", "Details.reached", "Court.none", "Details.manager", "DebtStatement.choose"
    )
    assert len(line.asked("GetDosInfo")) == 1


# The statement of the debt; by mail it is one of the things of `test_post.py`


@pytest.mark.parametrize("name", NAMES)
def test_the_statement_goes_by_post_to_the_address_on_file(plans: "PlanLine", name: str):
    """In the words of the caller's language, read back and confirmed, and made once."""
    caller = plans.call(name).keys("3").keys("1").keys("2").hears("Documents.ask")
    assert caller.told["document"] == STATEMENTS[name]
    caller.keys("1").hears("Documents.ordered", "Balance.choose")
    file = next(case.file for case in CASES if case.name == name)
    assert [document.name for document in plans.tagor.records.attachments(file)] == ["Afrekening"]


def test_after_a_statement_every_document_can_be_ordered_as_before(plans: "PlanLine"):
    """What was wanted before does not follow the caller."""
    caller = (
        plans.call().keys("3").keys("1").keys("2").keys("2").hears("Documents.declined", "Balance.choose")
    )
    caller.keys("3").keys("2").hears("SentLetters.none", "Documents.choose")


def test_a_statement_that_tagor_does_not_have_is_not_offered_by_mail(plans: "PlanLine"):
    """The mail would have nothing in it; by post it can still be had, and key 4 leads back."""
    plans.tagor.fault("Document/GetMergefield", "replace_fields", names=["ContextValue"], value='""')
    caller = plans.call(off=frozenset({"DebtStatement.choose.1"})).keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.reached", "Court.none", "DebtStatement.choose").keys(
        "4"
    ).hears("Balance.choose")


@pytest.mark.parametrize(
    "changes",
    [
        {'statement = { mail = "AFREKENING" }': "", 'statement = "AFREK" ': ""},
        {'way = "pin"': 'way = "house_number"\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'},
    ],
)
def test_who_can_have_no_statement_hears_of_none(
    plan_line: "Callable[..., PlanLine]", changes: dict[str, str]
):
    """Of an office that sends none, or by a weak proof; Tagor is not asked."""
    plans = plan_line(office=changes | {'faq = { mail = "FAQ" }': ""})
    caller = plans.call() if len(changes) > 1 else plans.call(pin="7700011#").keys("12#")
    caller.keys("3").keys("1").hears(
        *PARTS, "Details.status", "Details.reached", "Court.none", "Balance.choose"
    )
    assert plans.line.asked("GetMergefield") + plans.line.asked("GetRequestableDocuments") == []


def test_answers_are_offered_where_there_is_no_statement(plan_line: "Callable[..., PlanLine]"):
    """They are sent all the same, and whoever wants none goes back."""
    plans = plan_line(office={'statement = { mail = "AFREKENING" }': "", 'statement = "AFREK" ': ""})
    caller = plans.call(off=frozenset({"DebtStatement.choose.1", "DebtStatement.choose.2"}))
    caller.keys("3").keys("1").hears(
        *PARTS, "Details.status", "Details.reached", "Court.none", "DebtStatement.choose"
    )
    caller.keys("3").hears("Post.mail").keys("2").hears("Post.declined", "Balance.choose")
    caller.keys("3").keys("1").keys("4").hears("Balance.choose")
