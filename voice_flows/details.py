"""More about a file: how its amount is made up, where it stands, what is planned, and who handles it."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, run, say, tells
from voice_flows.court import Court
from voice_flows.file import look_up, owed_on
from voice_flows.planned import Planned
from voice_flows.services import ActionContext
from voice_flows.statement import DebtStatement


@tells("parts", principal="money", interest="money", costs="money", paid_off="money")
def ask_parts(context: ActionContext, file: IdentifiedFile) -> Literal["parts", "unknown"]:
    """Tell what makes up the balance, unless the parts make up another amount than the caller was told."""
    parts = context.files.amount_parts(file)
    if parts is None or parts.owed != owed_on(context, file):
        return "unknown"
    context.tell(principal=parts.principal, interest=parts.interest, costs=parts.costs, paid_off=parts.paid)
    return "parts"


@tells("known", status="text")
def ask_status(context: ActionContext, file: IdentifiedFile) -> Literal["known", "unknown"]:
    """Tell where the file stands, if the office has words for it."""
    status = context.files.status_words(look_up(context, file).status, context.language)
    if status is None:
        return "unknown"
    context.tell(status=status)
    return "known"


@tells("known", stage="text")
def ask_stage(context: ActionContext, file: IdentifiedFile) -> Literal["known", "unknown"]:
    """Tell the stage that the file has reached, if the office has other words for it than for its status."""
    facts = look_up(context, file)
    stage = context.files.status_words(facts.stage, context.language)
    if stage is None or stage == context.files.status_words(facts.status, context.language):
        return "unknown"
    context.tell(stage=stage)
    return "known"


@tells("named", manager="text")
def ask_manager(context: ActionContext, file: IdentifiedFile) -> Literal["named", "nobody"]:
    """Tell the name of the employee who handles the file."""
    manager = context.transfer.manager_name(file, look_up(context, file))
    if manager is None:
        return "nobody"
    context.tell(manager=manager)
    return "named"


class Details(Flow, topic=True):
    """The caller hears how the amount is made up, where the file stands, what is planned, and its manager."""

    # What Tagor does not tell costs its own sentence only.
    amount   = do(ask_parts, parts="parts", unknown="stage", down="stage")
    parts    = say(then="charges")
    charges  = say(then="stage")
    stage    = do(ask_status, known="status", unknown="phase", down="phase")
    status   = say(then="phase")
    phase    = do(ask_stage, known="reached", unknown="court", down="court")
    reached  = say(then="court")
    court    = run(Court, back="agenda")
    agenda   = run(Planned, back="who")
    who      = do(ask_manager, named="manager", nobody="written", down="written")
    manager  = say(then="written")
    written  = run(DebtStatement, back="back")
    back     = end()
