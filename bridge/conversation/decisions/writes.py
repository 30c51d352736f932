"""Sends what a caller confirmed to Tagor, once, and tells whether it may have had an effect."""

from collections.abc import Callable, Mapping
from typing import Literal

from bridge.conversation.decisions.commands import Decided, Wish
from bridge.tagor import Clock, Deadline, Medium, Tagor, TagorError, TagorRefused

SEND_SECONDS = 6.0
_SPOKEN: Mapping[Medium, Literal["sms", "mail", "none"]] = {
    Medium.SMS: "sms",
    Medium.EMAIL: "mail",
    Medium.NONE: "none",
}


def write(tagor: Tagor, wish: Wish, clock: Clock) -> Decided:
    """Send a wish to Tagor, once, in `SEND_SECONDS` on that clock.

    Raises:
        TagorError: no clear yes.
    """
    return _WRITERS[wish.kind](tagor, wish, clock)


def _approve(tagor: Tagor, wish: Wish, clock: Clock) -> Decided:
    deadline = Deadline(clock, SEND_SECONDS)
    medium = tagor.approve_plan(wish.file, wish.language, phone=wish.phone or None, deadline=deadline)
    return Decided("done", medium=_SPOKEN[medium])


def _send_text(tagor: Tagor, wish: Wish, clock: Clock) -> Decided:
    to, deadline = wish.address, Deadline(clock, SEND_SECONDS)
    tagor.send_text(wish.file, wish.party, wish.code, mobile=to, twin=wish.twin, deadline=deadline)
    return Decided("done")


def _send_mail(tagor: Tagor, wish: Wish, clock: Clock) -> Decided:
    to, deadline = wish.address, Deadline(clock, SEND_SECONDS)
    tagor.send_mail(wish.file, wish.party, wish.code, address=to, twin=wish.twin, deadline=deadline)
    return Decided("done")


def _save(tagor: Tagor, wish: Wish, clock: Clock) -> Decided:
    deadline = Deadline(clock, SEND_SECONDS)
    saved = tagor.save_plan(
        wish.file,
        wish.party,
        monthly=wish.monthly,
        months=wish.months,
        start=wish.start,
        phone=wish.phone or None,
        deadline=deadline,
    )
    return Decided("done", saved.months, saved.monthly, plan=_new_plan(tagor, wish, clock))


def _new_plan(tagor: Tagor, wish: Wish, clock: Clock) -> str:
    """The id of the plan that was just made; empty when Tagor does not show it now."""
    try:
        plans = tagor.plans(wish.file, deadline=Deadline(clock, SEND_SECONDS))
    except TagorError:
        return ""
    new = [plan.id for plan in plans if plan.id not in wish.before]
    return new[0] if len(new) == 1 else ""


def clearly_not(tagor: Tagor, wish: Wish, trouble: Exception, clock: Clock) -> bool:
    """Whether a wish certainly had no effect: never sent, or refused and no new plan to be seen."""
    if isinstance(trouble, TagorRefused) and trouble.sent:
        return not seen(tagor, wish, clock)
    return isinstance(trouble, TagorError) and not trouble.sent


def seen(tagor: Tagor, wish: Wish, clock: Clock) -> bool:
    """Whether Tagor shows what a wish asked for: a new plan. Nothing else leaves what can be seen."""
    if wish.kind != "plan":
        return False
    try:
        plans = tagor.plans(wish.file, deadline=Deadline(clock, SEND_SECONDS))
    except TagorError:
        return True  # nobody can say it is not there
    return any(plan.id not in wish.before for plan in plans)


_WRITERS: Mapping[str, Callable[[Tagor, Wish, Clock], Decided]] = {
    "plan": _save,
    "approval": _approve,
    "text": _send_text,
    "mail": _send_mail,
}
