"""Sends to Tagor what a caller confirmed, once, and finds out whether it may have had an effect."""

from typing import Final, assert_never

from bridge.clock import Clock
from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.phone_numbers import belgian_mobile
from bridge.tagor import (
    AgreedPlan,
    Deadline,
    FileDocument,
    Medium,
    NotSendable,
    Tagor,
    TagorError,
    TagorRefused,
)
from voice_flows.answers import WriteResult

CHECK_SECONDS: Final = 2.0
"""Seconds that the look at the last plan may take before an approval."""

SEND_SECONDS: Final = 6.0
"""Seconds that one sending, and one look at what came of it, may take."""


class PlanNotLast(TagorError):
    """The plan of an approval is not seen to be the last one on the file, so nothing was sent.

    `replaced` tells whether Tagor shows another plan in its place.
    """

    def __init__(self, *, replaced: bool) -> None:
        super().__init__(
            "TagorService/ApprovePaymentPlan", "another plan may be the last one: ask the caller.", sent=False
        )
        self.replaced = replaced


def write(tagor: Tagor, command: WriteCommand, clock: Clock) -> WriteResult:
    """Send a command to Tagor, once, and give what Tagor clearly said to it.

    Raises:
        TagorError: Tagor gave no clear yes; `had_no_effect` tells what that means.
    """
    deadline = Deadline(clock, SEND_SECONDS)
    match command.kind:
        case "plan":
            return _save_plan(tagor, command, clock)
        case "approval":
            _check_plan_is_last(tagor, command, clock)
            phone = command.phone or None
            medium = tagor.plans.approve(command.file, command.language, phone=phone, deadline=deadline)
            return _approved(medium)
        case "text":
            tagor.notifications.send_text(
                command.file,
                command.party,
                command.code,
                mobile=command.address,
                deprecated=command.twin,
                deadline=deadline,
            )
        case "mail":
            tagor.notifications.send_mail(
                command.file,
                command.party,
                command.code,
                address=command.address,
                deprecated=command.twin,
                deadline=deadline,
            )
        case "contact":
            tagor.parties.add_contact(
                command.party or "",
                command.address,
                kind=command.code,
                earlier=command.twin,
                deadline=deadline,
            )
        case "document":
            # Without a party nobody is written to: `CorrespondenceService` offers nothing then.
            tagor.documents.order(command.file, command.party or "", command.code, deadline=deadline)
        case "answers":
            tagor.questionnaires.save(
                command.code, command.file, command.party or "", dict(command.answers), deadline=deadline
            )
        case never:
            assert_never(never)
    return WriteResult("done")


def had_no_effect(tagor: Tagor, command: WriteCommand, trouble: Exception, clock: Clock) -> bool:
    """Tell whether a command that raised certainly had no effect.

    That is so when it was never sent, or when Tagor refused it and shows nothing new.
    """
    if isinstance(trouble, NotSendable):
        return True
    if isinstance(trouble, TagorRefused) and trouble.sent:
        return not is_visible(tagor, command, clock)
    return isinstance(trouble, TagorError) and not trouble.sent


def is_visible(tagor: Tagor, command: WriteCommand, clock: Clock) -> bool:
    """Tell whether Tagor shows what a command made, or cannot be asked; messages leave nothing to see."""
    deadline = Deadline(clock, SEND_SECONDS)
    try:
        match command.kind:
            case "plan":
                return bool(new_plans(tagor, command, deadline))
            case "contact":
                return has_new_contact(tagor, command, deadline)
            case "document":
                return bool(new_documents(tagor, command, deadline))
            case "answers":
                return any(answers_shown(tagor, command, deadline))
            case _:
                return False
    except TagorError:
        return True  # nobody can say that it is not there, so it may not be called refused


def new_plans(tagor: Tagor, command: WriteCommand, deadline: Deadline) -> list[AgreedPlan]:
    """Give the plans on the file that were not there when the command was written down.

    Raises:
        TagorError: Tagor gives no usable answer in time.
    """
    plans = tagor.plans.on_file(command.file, deadline=deadline)
    return [plan for plan in plans if plan.id not in command.before]


def has_new_contact(tagor: Tagor, command: WriteCommand, deadline: Deadline) -> bool:
    """Tell whether Tagor shows the command's mobile among the contacts that came since it was written down.

    Raises:
        TagorError: Tagor gives no usable answer in time.
    """
    contacts = tagor.notifications.contacts(command.party or "", deadline=deadline)
    return any(
        contact.id not in command.before and belgian_mobile(contact.content) == command.address
        for contact in contacts
    )


def new_documents(tagor: Tagor, command: WriteCommand, deadline: Deadline) -> list[FileDocument]:
    """Give the documents of the ordered name that were not on the file when the command was written down.

    Raises:
        TagorError: as `new_plans`.
    """
    found = tagor.documents.on_file(command.file, deadline=deadline)
    return [one for one in found if one.name == command.name and one.id not in command.before]


def answers_shown(tagor: Tagor, command: WriteCommand, deadline: Deadline) -> list[bool]:
    """Tell of each answer of the command whether Tagor shows it.

    Raises:
        TagorError: as `new_plans`.
    """
    asked = tagor.questionnaires.questions(command.code, command.file, command.party or "", deadline=deadline)
    known = {question.id: question for question in asked}
    return [question in known and known[question].shows(answer) for question, answer in command.answers]


def _check_plan_is_last(tagor: Tagor, command: WriteCommand, clock: Clock) -> None:
    """Make sure that Tagor would approve the very plan that the caller agreed to.

    Tagor approves the last plan on the file, whoever made it. This decision is open, so no other call can
    make one now; an employee can, so the look comes right before the sending.

    Raises:
        PlanNotLast: another plan is the last one, or Tagor does not say.
    """
    try:
        last = tagor.plans.criteria(command.file, command.party, deadline=Deadline(clock, CHECK_SECONDS)).plan
    except TagorError as trouble:
        raise PlanNotLast(replaced=False) from trouble
    if last != command.plan:
        raise PlanNotLast(replaced=last is not None)


def _save_plan(tagor: Tagor, command: WriteCommand, clock: Clock) -> WriteResult:
    saved = tagor.plans.save(
        command.file,
        command.party,
        monthly=command.monthly,
        months=command.months,
        start=command.start,
        phone=command.phone or None,
        deadline=Deadline(clock, SEND_SECONDS),
    )
    shown = _shown_plan(tagor, command, clock)
    plan, start = (shown.id, shown.first) if shown else ("", None)
    return WriteResult("done", saved.months, saved.monthly, plan=plan, start=start)


def _shown_plan(tagor: Tagor, command: WriteCommand, clock: Clock) -> AgreedPlan | None:
    """Give the plan that was just made, None when Tagor does not show exactly one new plan."""
    try:
        new = new_plans(tagor, command, Deadline(clock, SEND_SECONDS))
    except TagorError:
        return None
    # Of two new plans one is an employee's, and an approval must never name that one.
    return new[0] if len(new) == 1 else None


def _approved(medium: Medium | None) -> WriteResult:
    match medium:
        case Medium.SMS:
            return WriteResult("done", medium="sms")
        case Medium.EMAIL:
            return WriteResult("done", medium="mail")
        case Medium.NONE | None:
            return WriteResult("done", medium="none")
