"""What Tagor knows about an identified caller's file: balance, creditor, last payment, running plan."""

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from bridge.conversation.payment_lines import payment_lines
from bridge.conversation.prefetch import TagorQuestion
from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.codes import words_of
from bridge.flow.action_context import IdentifiedFile
from bridge.office.hours import day_and_time
from bridge.tagor import (
    ActivePlan,
    AgreedPlan,
    CourtDate,
    FileFacts,
    FilePin,
    Payment,
    Tagor,
    TagorError,
    TagorInvalidResponse,
    Title,
)
from voice_flows.answers import AmountParts, Hearing, Judgment, PaymentSlip
from voice_flows.services import Files

PlanAndPayments = tuple[ActivePlan | None, tuple[AgreedPlan, ...]]


@dataclass(frozen=True, slots=True, repr=False)
class FileService(Files):
    """Reads one file; every method raises `TagorError` when Tagor gives no usable answer in time."""

    scope: ActionScope

    def tagor_as_caller(self, file: IdentifiedFile) -> Tagor:
        """Give Tagor asked as the defendant, where the office lets Tagor itself guard who sees what."""
        if file.credential is None:
            return self.scope.tagor
        number, _, pin = file.credential.partition(":")
        return self.scope.tagor.acting_as(FilePin(number, pin))

    def balance(self, file: IdentifiedFile) -> Decimal:
        """Give what is owed on the file, in euro; below zero when too much was paid."""
        return self.tagor_as_caller(file).files.balance(file.id, deadline=self.scope.deadline)

    def facts(self, file: IdentifiedFile) -> FileFacts:
        """Give what Tagor tells about the file.

        Without a party Tagor gives the mail and mobile of the first defendant: nobody may use them then.
        """
        facts, _ = self._questions(file)
        return self.scope.office_context.prefetcher.answer(facts, self.scope.deadline)

    def plan_and_payments(self, file: IdentifiedFile) -> PlanAndPayments:
        """Give the plan that is running, and the plans with their payments that Tagor shows on the file.

        Without a running plan of known terms Tagor is not asked for the others, and there are none.
        """
        _, plan = self._questions(file)
        return self.scope.office_context.prefetcher.answer(plan, self.scope.deadline)

    def amount_parts(self, file: IdentifiedFile) -> AmountParts | None:
        """Give what makes up the balance, None if the office file or Tagor does not name each part once."""
        codes = self.scope.office.amount
        if codes is None:
            return None
        told = self.scope.tagor.amounts.balances(file.id, deadline=self.scope.deadline)

        def part(code: str) -> Decimal | None:
            found = [one.amount for one in told if one.code_id == code]
            return found[0] if len(found) == 1 else None

        principal, interest, costs, paid = map(
            part, (codes.principal, codes.interest, codes.costs, codes.paid)
        )
        if principal is None or interest is None or costs is None or paid is None:
            return None
        # Offices book payments above or below zero.
        return AmountParts(principal, interest, costs, abs(paid))

    def last_payment_line(self, file: IdentifiedFile) -> Payment | None:
        """Give the last line that the office calls a payment, None if there is none or it calls none so.

        A line counts only with a day that is not to come and an amount; payments may be below or above zero.
        """
        scope = self.scope
        paid = [
            Payment(line.day, abs(line.amount))
            for line in payment_lines(scope.tagor, scope.office.payments.natures, file.id, scope.deadline)
            if line.day and line.day <= scope.today and line.amount
        ]
        return paid[-1] if paid else None

    def reads_slips(self, file: IdentifiedFile) -> bool:
        """Tell whether this caller may hear of payment slips: Tagor wants a defendant's own PIN for it."""
        return self.scope.office.letters.slips and file.strong and file.credential is not None

    def slip(self, file: IdentifiedFile, barcode: str) -> PaymentSlip | None:
        """Give the payment slip with this number, None unless it is of a letter of this very file.

        Its amount is that of the one line that the number names; generation 1.08 names none.
        """
        if not self.reads_slips(file):
            return None
        deadline = self.scope.deadline
        scanned = self.tagor_as_caller(file).payments.scan(barcode, deadline=deadline)
        if scanned is None or scanned.file != file.id:
            return None
        amounts: list[Decimal | None] = []
        with suppress(TagorError):  # without its amount the caller still knows where to pay
            lines = self.scope.tagor.amounts.lines(file.id, deadline=deadline)
            amounts = [line.amount for line in lines if line.id == scanned.line]
        [amount] = amounts if len(amounts) == 1 else [None]
        # A line below zero is a payment or a credit: nobody has to pay it.
        return PaymentSlip(amount if amount is not None and amount > 0 else None)

    def status_words(self, code: str, language: str) -> str | None:
        """Give the words of Tagor's code table for a status or a stage, None if there are none."""
        return words_of(self.scope, "TQSTATUS", code, language) or None

    def hearing(self, file: IdentifiedFile, language: str) -> Hearing | None:
        """Give the first day in court that is still to come, None if there is none."""
        told = self.scope.tagor.courts.appearances(file.id, deadline=self.scope.deadline)
        coming = [(one.at, one) for one in told if one.at is not None and one.at > self.scope.now]
        if not coming and any(one.at is None for one in told):
            raise TagorInvalidResponse("Dossier/GetAppearance", "the moment of a hearing is not certain.")
        if not coming:
            return None
        at, first = min(coming, key=lambda moment_and_hearing: moment_and_hearing[0])
        return Hearing(*day_and_time(at), self._court_words(first, language) or first.place)

    def judgment(self, file: IdentifiedFile, language: str) -> Judgment | None:
        """Give the last title on the file that a court gave by today, None if there is none.

        One whose day or court Tagor does not say is left out, for a title need not be a judgment; a neighbour
        who knows the house number hears of none.
        """
        if not file.strong:
            return None
        told = self.scope.tagor.courts.titles(file.id, deadline=self.scope.deadline)
        today = self.scope.today
        given = [(one.day, one) for one in told if one.court_id and one.day is not None and one.day <= today]
        if not given:
            return None
        day, last = max(given, key=lambda day_and_title: day_and_title[0])
        return Judgment(day, self._court_words(last, language))

    def prefetch(self, file: IdentifiedFile) -> None:
        """Begin to ask for the facts and the running plan, which the caller hears after the balance."""
        for question in self._questions(file):
            self.scope.office_context.prefetcher.start(question)

    def _court_words(self, where: CourtDate | Title, language: str) -> str:
        """Give court and chamber in words, "" where the court has none."""
        court = words_of(self.scope, "TQRB", where.court_id, language)
        chamber = words_of(self.scope, "TQKAMER", where.chamber_id, language) if court else ""
        return ", ".join(part for part in (court, chamber) if part)

    def _questions(
        self, file: IdentifiedFile
    ) -> tuple[TagorQuestion[FileFacts], TagorQuestion[PlanAndPayments]]:
        """Give the two questions that are asked ahead."""
        # The call is part of a question's key: no call may be told what was asked with another call's proof.
        call, tagor = self.scope.call_id, self.tagor_as_caller(file)
        ask_facts = partial(tagor.files.facts, file.id, file.party, deadline=self.scope.deadline)
        return (
            TagorQuestion(("facts", call, file.id, file.party), ask_facts),
            TagorQuestion(("plan", call, file.id), partial(self._ask_plan, tagor, file)),
        )

    def _ask_plan(self, tagor: Tagor, file: IdentifiedFile) -> PlanAndPayments:
        # Both questions are one, so that the second one too is asked while the caller hears the amount.
        scope = self.scope
        plan = tagor.files.running_plan(file.id, deadline=scope.deadline)
        if plan is None or plan.monthly is None or plan.arrears is None:
            return plan, ()
        return plan, scope.tagor.plans.on_file(file.id, active_only=True, deadline=scope.deadline)
