"""The desk where payment plans are made: the office's rules, Tagor's criteria, and the decisions journal."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from bridge.conversation.decisions.commands import WriteCommand, WriteResult
from bridge.conversation.phone_numbers import belgian_mobile
from bridge.conversation.services.identification import ActionScope, OfficeServices
from bridge.flow.identity import IdentifiedFile
from bridge.office.hours import BRUSSELS
from bridge.tagor import AgreedPlan, PlanCriteria, TagorError

SAFE_PIN = 6
"""Digits of a PIN that is good enough to decide with, unless the office takes the risk itself."""

A_MONTH = timedelta(days=31)
"""From the first of any month into the next one."""


class NoPlanShown(TagorError):
    """Tagor says that a plan is running and shows none."""

    def __init__(self) -> None:
        super().__init__("Dossier/GetPaymentPlans", "a plan runs and none is shown: a person tells of it.")


@dataclass(frozen=True, slots=True, repr=False)
class Running:
    """A plan that is running, in euro, and the day of its next payment."""

    monthly: Decimal
    arrears: Decimal
    next_due: date


class PlanService(OfficeServices):
    """An office's desk where plans are requested and approved."""

    def __init__(self, seat: ActionScope) -> None:
        super().__init__(seat)
        self.may_replace = self._office.plans.replace
        self._branch = seat.branch

    def standing(self, file: IdentifiedFile) -> Literal["free", "unsettled", "person"]:
        """Whether this file may have a plan by phone: a strong proof, the office's rules, nothing open."""
        plans, identification = self._branch.office.plans, self._branch.office.identification
        safe = identification.pin_digits >= SAFE_PIN or plans.short_pin_accepted_by is not None
        if not (file.strong and file.party is not None and safe):
            return "person"
        if self._seat.decider.blocked(self._branch, file.id):
            return "unsettled"
        facts = self.facts(file)
        stopped = bool({facts.status, facts.stage} & plans.stop_statuses)
        return "person" if stopped or not self._self_service(file) else "free"

    def running(self, file: IdentifiedFile) -> Running:
        """The plan that is running, with its next payment: the same day of each month as its first.

        Raises:
            TagorError: or Tagor does not say when it began.
        """
        plan = self.plan(file)
        began = [agreed.first for agreed in self._plans(file, active_only=True) if agreed.first is not None]
        if plan is None or not began:
            raise NoPlanShown
        today = self._now.astimezone(BRUSSELS).date()
        return Running(plan.monthly, plan.arrears, max(began[-1], next_day(today, began[-1].day)))

    def criteria(self, file: IdentifiedFile) -> PlanCriteria:
        """What the office allows on this file."""
        return self._tagor.plan_criteria(file.id, file.party, deadline=self._deadline)

    def first_payment(self, day: int | None = None) -> date:
        """When a plan begins: so many days from now as the office says, or the next such day after that."""
        ahead = timedelta(days=self._branch.office.plans.begin_days)
        soonest = self._now.astimezone(BRUSSELS).date() + ahead
        return soonest if day is None else next_day(soonest, day)

    def request_plan(
        self, file: IdentifiedFile, *, months: int | None, monthly: Decimal, start: date
    ) -> WriteResult:
        """Ask Tagor for a plan, by months or else by amount, once: one confirmation is one decision.

        Raises:
            StillGoing: it is being made.
        """
        known = self._known()
        if known is not None:
            return known
        wish = WriteCommand(
            "plan",
            file.id,
            file.party,
            months=months,
            monthly=monthly if months is None else None,
            expected=monthly,
            start=start,
            phone=self._caller,
        )
        before = tuple(plan.id for plan in self._plans(file, active_only=False))
        return self._decide(wish.seeing(before))

    def approve_plan(self, file: IdentifiedFile, plan: str, language: str) -> WriteResult:
        """Approve the plan this call requested, once, and only while it is the last one on the file.

        Raises:
            StillGoing: it is being made.
        """
        known = self._known()
        if known is not None:
            return known
        wish = WriteCommand("approval", file.id, file.party, plan=plan, language=language)
        if self.criteria(file).plan != plan:
            return WriteResult("refused")
        wish = wish.confirmed_to(belgian_mobile(self.facts(file).mobile))
        return self._decide(wish)

    def _plans(self, file: IdentifiedFile, *, active_only: bool) -> tuple[AgreedPlan, ...]:
        return self._tagor.plans(file.id, active_only=active_only, deadline=self._deadline)

    def _self_service(self, file: IdentifiedFile) -> bool:
        config = self._branch.office.plans.self_service
        return not config or self._tagor.self_service_allowed(file.id, config, deadline=self._deadline)


def next_day(soonest: date, day: int) -> date:
    """The first such day of a month from `soonest` on; a short month has its last day instead.

    Raises:
        ValueError: no month has such a day.
    """
    wanted = _on(day, soonest)
    return wanted if wanted >= soonest else _on(day, soonest.replace(day=1) + A_MONTH)


def _on(day: int, month: date) -> date:
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))
