"""Sends what a caller confirmed to Tagor, once, and tells whether it may have had an effect."""

from collections.abc import Callable, Mapping
from typing import Literal

from bridge.clock import Clock
from bridge.conversation.decisions.commands import WriteCommand
from bridge.tagor import Deadline, Medium, Tagor, TagorError, TagorRefused
from voice_flows.answers import WriteResult

SEND_SECONDS = 6.0
_SPOKEN: Mapping[Medium, Literal["sms", "mail", "none"]] = {
    Medium.SMS: "sms",
    Medium.EMAIL: "mail",
    Medium.NONE: "none",
}


def write(tagor: Tagor, wish: WriteCommand, clock: Clock) -> WriteResult:
    """Send a wish to Tagor, once, in `SEND_SECONDS` on that clock.

    Raises:
        TagorError: no clear yes.
    """
    return _WRITERS[wish.kind](tagor, wish, clock)


def _approve(tagor: Tagor, wish: WriteCommand, clock: Clock) -> WriteResult:
    deadline = Deadline(clock, SEND_SECONDS)
    medium = tagor.plans.approve(wish.file, wish.language, phone=wish.phone or None, deadline=deadline)
    return WriteResult("done", medium=_SPOKEN[medium])


def _send_text(tagor: Tagor, wish: WriteCommand, clock: Clock) -> WriteResult:
    to, deadline = wish.address, Deadline(clock, SEND_SECONDS)
    tagor.notifications.send_text(
        wish.file, wish.party, wish.code, mobile=to, deprecated=wish.twin, deadline=deadline
    )
    return WriteResult("done")


def _send_mail(tagor: Tagor, wish: WriteCommand, clock: Clock) -> WriteResult:
    to, deadline = wish.address, Deadline(clock, SEND_SECONDS)
    tagor.notifications.send_mail(
        wish.file, wish.party, wish.code, address=to, deprecated=wish.twin, deadline=deadline
    )
    return WriteResult("done")


def _save(tagor: Tagor, wish: WriteCommand, clock: Clock) -> WriteResult:
    deadline = Deadline(clock, SEND_SECONDS)
    saved = tagor.plans.save(
        wish.file,
        wish.party,
        monthly=wish.monthly,
        months=wish.months,
        start=wish.start,
        phone=wish.phone or None,
        deadline=deadline,
    )
    return WriteResult("done", saved.months, saved.monthly, plan=_new_plan(tagor, wish, clock))


def _new_plan(tagor: Tagor, wish: WriteCommand, clock: Clock) -> str:
    """The id of the plan that was just made; empty when Tagor does not show it now."""
    try:
        plans = tagor.plans.on_file(wish.file, deadline=Deadline(clock, SEND_SECONDS))
    except TagorError:
        return ""
    new = [plan.id for plan in plans if plan.id not in wish.before]
    return new[0] if len(new) == 1 else ""


def had_no_effect(tagor: Tagor, wish: WriteCommand, trouble: Exception, clock: Clock) -> bool:
    """Whether a wish certainly had no effect: never sent, or refused and no new plan to be seen."""
    if isinstance(trouble, TagorRefused) and trouble.sent:
        return not seen(tagor, wish, clock)
    return isinstance(trouble, TagorError) and not trouble.sent


def seen(tagor: Tagor, wish: WriteCommand, clock: Clock) -> bool:
    """Whether Tagor shows what a wish asked for: a new plan. Nothing else leaves what can be seen."""
    if wish.kind != "plan":
        return False
    try:
        plans = tagor.plans.on_file(wish.file, deadline=Deadline(clock, SEND_SECONDS))
    except TagorError:
        return True  # nobody can say it is not there
    return any(plan.id not in wish.before for plan in plans)


_WRITERS: Mapping[str, Callable[[Tagor, WriteCommand, Clock], WriteResult]] = {
    "plan": _save,
    "approval": _approve,
    "text": _send_text,
    "mail": _send_mail,
}
