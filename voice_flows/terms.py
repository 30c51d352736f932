"""The choice of a plan: one the office offers, or the caller's own amount or months within its limits."""

from decimal import Decimal
from typing import Literal

from bridge.flow import Flow, IdentifiedFile, ask, do, end, menu, run, say, tells
from voice_flows.answers import Criteria
from voice_flows.file import owed_on
from voice_flows.instalments import Instalments, by_amount, by_months
from voice_flows.services import ActionContext

MAX_PROPOSALS = 3
"""How many proposals outside the limits a caller may make before a person helps."""


def fitting(plan: Instalments, criteria: Criteria) -> Literal["fits", "low", "long"]:
    """Tell whether Tagor would take a plan: the payment is not too low and the months are not too many."""
    if plan.months > criteria.longest:
        return "long"
    # What is owed may be paid at once, also when it is less than the lowest monthly amount.
    return "low" if plan.months > 1 and plan.monthly < criteria.lowest else "fits"


def offered(owed: Decimal, criteria: Criteria) -> list[Instalments]:
    """Give the office's own terms as plans, as far as they keep to its own limits."""
    plans = [by_months(owed, term.months) for term in criteria.terms if term.months > 0]
    return [plan for plan in plans if fitting(plan, criteria) == "fits"]


@tells("two", months_1="months", monthly_1="money", months_2="months", monthly_2="money")
@tells("one", months_1="months", monthly_1="money")
def ask_terms(context: ActionContext, file: IdentifiedFile) -> Literal["two", "one", "own", "none"]:
    """Tell what the office offers: one or two terms, or only its limits."""
    criteria = context.plans.criteria(file)
    if criteria.longest < 1:
        return "none"
    plans = offered(owed_on(context, file), criteria)
    if not plans:
        return "own"
    context.tell(months_1=plans[0].months, monthly_1=plans[0].monthly)
    if len(plans) == 1 or plans[0] == plans[1]:
        return "one"
    context.tell(months_2=plans[1].months, monthly_2=plans[1].monthly)
    return "two"


def least_amount(owed: Decimal, criteria: Criteria) -> Decimal:
    """Give the lowest monthly amount in euro that keeps to both limits: the amount and the longest term."""
    # Tagor may offer no month at all by now, though it did when the caller was asked.
    by_term = by_months(owed, max(criteria.longest, 1)).monthly
    return min(owed, max(criteria.lowest, by_term))


def most_months(owed: Decimal, criteria: Criteria) -> int:
    """Give the highest number of months whose payments are not below the lowest amount."""
    terms = range(criteria.longest, 0, -1)
    return next((months for months in terms if fitting(by_months(owed, months), criteria) == "fits"), 1)


@tells(least="money", most="money", most_months="months")
def tell_limits(context: ActionContext, file: IdentifiedFile) -> Literal["told"]:
    """Tell the limits of an own proposal, by amount and by months, before anything is keyed in."""
    criteria, owed = context.plans.criteria(file), owed_on(context, file)
    context.tell(least=least_amount(owed, criteria), most=owed, most_months=most_months(owed, criteria))
    return "told"


def keep(context: ActionContext, plan: Instalments, *, by: Literal["months", "amount"]) -> None:
    """Tell the plan that was worked out, and note whether the caller chose its months or its amount."""
    context.tell(months=plan.months, monthly=plan.monthly, last=plan.last)
    context.notes["plan by"] = by


@tells("fits", months="months", monthly="money", last="money")
def take_term(context: ActionContext, file: IdentifiedFile, term: str) -> Literal["fits", "gone"]:
    """Take one of the office's terms."""
    plans = offered(owed_on(context, file), context.plans.criteria(file))
    if len(plans) < int(term):
        return "gone"
    keep(context, plans[int(term) - 1], by="months")
    return "fits"


@tells("fits", months="months", monthly="money", last="money")
@tells("low", least="money")
def take_amount(
    context: ActionContext, file: IdentifiedFile, own_amount: str
) -> Literal["fits", "low", "given_up"]:
    """Work out the caller's own monthly amount; one that is too low is answered with the lowest."""
    criteria, owed, amount = context.plans.criteria(file), owed_on(context, file), Decimal(own_amount)
    least = least_amount(owed, criteria)
    if amount >= least:
        keep(context, by_amount(owed, amount), by="amount")
        return "fits"
    context.tell(least=least)
    return "given_up" if context.count("own proposals") >= MAX_PROPOSALS else "low"


@tells("fits", months="months", monthly="money", last="money")
@tells("long", most_months="months")
def take_months(
    context: ActionContext, file: IdentifiedFile, own_months: str
) -> Literal["fits", "long", "given_up"]:
    """Work out the caller's own number of months; one that does not fit is answered with the highest."""
    criteria, owed, months = context.plans.criteria(file), owed_on(context, file), int(own_months)
    most = most_months(owed, criteria)
    if 1 <= months <= most:
        keep(context, by_months(owed, months), by="months")
        return "fits"
    context.tell(most_months=most)
    return "given_up" if context.count("own proposals") >= MAX_PROPOSALS else "long"


@tells(start="date")
def start_as_usual(context: ActionContext) -> Literal["set"]:
    """Begin when the office usually lets a plan begin."""
    context.tell(start=context.plans.first_payment())
    return "set"


@tells("set", start="date")
def start_on_day(context: ActionContext, day_of_month: str) -> Literal["set"]:
    """Begin on a day of the month that the caller chooses."""
    context.tell(start=context.plans.first_payment(int(day_of_month)))
    return "set"


class StartDate(Flow):
    """The caller chooses when the first payment is due."""

    usual   = do(start_as_usual, local=True, set="choose", down="offer")
    choose  = menu({"1": "set", "2": "ask_day"}, silent="offer", wrong="offer")
    ask_day = ask(into="day_of_month", digits=(1, 2), wants="day",
                  heard="on_day", silent="offer", wrong="offer")
    on_day  = do(start_on_day, local=True, set="set", down="offer")
    set     = end()
    offer   = end()


class OwnTerms(Flow):
    """The caller proposes an amount or a number of months; what does not fit is answered with the limit."""

    limits      = do(tell_limits, told="choose", down="offer")
    choose      = menu({"1": "amounts", "2": "months", "3": "hard"}, silent="offer", wrong="offer")
    amounts     = say(then="ask_amount")
    ask_amount  = ask(into="own_amount", digits=(1, 8), wants="amount",
                      heard="take_amount", silent="offer", wrong="offer")
    take_amount = do(take_amount, fits="fits", low="too_low", given_up="refer", down="offer")
    months      = say(then="ask_months")
    ask_months  = ask(into="own_months", digits=(1, 2), heard="take_months", silent="offer", wrong="offer")
    take_months = do(take_months, fits="fits", long="too_long", given_up="refer", down="offer")
    too_low     = say(then="choose")
    too_long    = say(then="choose")
    refer       = say(then="offer")
    fits        = end()
    hard        = end()
    offer       = end()


class Terms(Flow):
    """The caller takes what the office offers, proposes a plan, or says that all of it is too much."""

    look       = do(ask_terms, two="choose", one="choose_one", own="own", none="refer", down="refer")
    choose     = menu({"1": "take_term", "2": "take_term", "3": "own", "4": "hard"}, into="term",
                      spoken=False, silent="offer", wrong="offer")
    choose_one = menu({"1": "take_term", "2": "own", "3": "hard"}, into="term",
                      spoken=False, silent="offer", wrong="offer")
    take_term  = do(take_term, fits="start", gone="offer", down="offer")
    own        = run(OwnTerms, fits="start", hard="hard", offer="offer")
    start      = run(StartDate, set="chosen", offer="offer")
    chosen     = end()
    hard       = end()
    refer      = end()
    offer      = end()
