"""Payment plans: the office's rules, Tagor's criteria, and requests and approvals that are sent once."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.phone_numbers import belgian_mobile
from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.file import FileService
from bridge.flow.action_context import IdentifiedFile
from bridge.tagor import ActivePlan, PlanCriteria
from voice_flows.answers import PlanSchedule, WriteResult
from voice_flows.services import Permission, Plans

LONGEST_PLAN = timedelta(days=40 * 366)
"""After so long no plan ends; Tagor's greatest day, which stands for none, is later."""
A_MONTH = timedelta(days=31)
"""Enough days to lead from the first of any month into the next one."""


@dataclass(frozen=True, slots=True, repr=False)
class PlanService(Plans):
    """Reads, requests and approves payment plans.

    Every method raises `TagorError` when Tagor gives no usable answer in time.
    """

    scope: ActionScope
    files: FileService

    @property
    def may_replace(self) -> bool:
        """Whether the office lets a caller replace a plan that is running."""
        return self.scope.office.plans.replace

    def permission(self, file: IdentifiedFile) -> Permission:
        """Tell whether this file may have a plan by phone, or why not.

        It takes a strong proof that names the party, the office's rules, and no open decision on the file.
        """
        plans = self.scope.office.plans
        if not (file.names_party and self.scope.office.pin_decides):
            return "person"
        if self.scope.sender.is_blocked(self.scope.office_context, file.id):
            return "unsettled"
        facts = self.files.facts(file)
        states = [facts.status, facts.stage, facts.stop_status, facts.alarm_status]
        # Offices write these codes by hand, and Tagor does not look at the case of their letters.
        stopping = {state.casefold() for state in plans.stop_statuses}
        # A state that Tagor does not say may be one of them.
        stopped = stopping and any(state is None or state.casefold() in stopping for state in states)
        return "person" if stopped or not self._self_service(file) else "free"

    def current(self, file: IdentifiedFile) -> ActivePlan | None:
        """Give the plan that is running, None if there is none or it asks for no payment."""
        tagor, deadline = self.files.tagor_as_caller(file), self.scope.deadline
        return tagor.files.running_plan(file.id, deadline=deadline)

    def schedule(self, file: IdentifiedFile) -> PlanSchedule | None:
        """Give the plan that is running and its next payment: the same day of each month as the first one.

        None if no plan runs, or if Tagor does not show it or its payments. It is None as well while a
        decision on the file is open, because nobody knows yet which plan will run then.
        """
        (plan, shown), scope = self.files.plan_and_payments(file), self.scope
        if plan is None or plan.monthly is None or plan.arrears is None:
            return None
        if not shown or scope.sender.is_blocked(scope.office_context, file.id):
            return None
        first = shown[-1].first
        return PlanSchedule(
            plan.monthly,
            plan.arrears,
            next_due=first and max(first, next_day(scope.today, first.day)),
            confirmed=not scope.sender.is_unapproved(scope.office_context, shown[-1].id),
            begun=first is not None and first < scope.today,
            until=until_after(shown[-1].until, scope.today),
        )

    def criteria(self, file: IdentifiedFile) -> PlanCriteria:
        """Give the plans that the office allows on this file."""
        return self.scope.tagor.plans.criteria(file.id, file.party, deadline=self.scope.deadline)

    def first_payment(self, day: int | None = None) -> date:
        """Give the day on which a plan would begin.

        That is the office's number of days from now, or the next such `day` of a month after that.
        """
        soonest = self.scope.today + timedelta(days=self.scope.office.plans.begin_days)
        return soonest if day is None else next_day(soonest, day)

    def request(
        self, file: IdentifiedFile, *, months: int | None, monthly: Decimal, start: date
    ) -> WriteResult:
        """Ask Tagor once for a plan, by `months` or else by `monthly` (euro); raises as `write_once` does."""
        return self.scope.write_once(partial(self._request, file, months, monthly, start))

    def approve(self, file: IdentifiedFile, plan: str, language: str) -> WriteResult:
        """Approve once the plan (id) that this call requested, while it is the last one on the file."""
        return self.scope.write_once(partial(self._approval, file, plan, language))

    def _request(
        self, file: IdentifiedFile, months: int | None, monthly: Decimal, start: date
    ) -> WriteCommand:
        # Plans that ended count too: one of them might be taken for the new plan afterwards.
        tagor, deadline = self.scope.tagor, self.scope.deadline
        before = tuple(plan.id for plan in tagor.plans.on_file(file.id, active_only=False, deadline=deadline))
        return WriteCommand(
            "plan",
            file.id,
            file.party,
            months=months,
            monthly=monthly if months is None else None,
            expected=monthly,
            start=start,
            before=before,
            phone=self.scope.caller,
        )

    def _approval(self, file: IdentifiedFile, plan: str, language: str) -> WriteCommand | None:
        # Whether it is still the last plan is looked up when nobody else can change it: see `writes`.
        if not plan:
            return None
        mobile = belgian_mobile(self.files.facts(file).mobile)
        return WriteCommand("approval", file.id, file.party, plan=plan, language=language, phone=mobile)

    def _self_service(self, file: IdentifiedFile) -> bool:
        config, deadline = self.scope.office.plans.self_service, self.scope.deadline
        return not config or self.scope.tagor.files.self_service_allowed(file.id, config, deadline=deadline)


def until_after(until: date | None, today: date) -> date | None:
    """Give the day on which a plan ends, None if that is over or too far away to be one."""
    return until if until is not None and today <= until < today + LONGEST_PLAN else None


def next_day(soonest: date, day: int) -> date:
    """Give the first such day of a month from `soonest` on; a short month has its last day instead.

    Raises:
        ValueError: no month has such a day.
    """
    wanted = _on(day, soonest)
    return wanted if wanted >= soonest else _on(day, soonest.replace(day=1) + A_MONTH)


def _on(day: int, month: date) -> date:
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))
