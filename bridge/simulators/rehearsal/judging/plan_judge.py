"""Judges payment plans and their approvals: each is one caller's own, made once, and as it was told."""

from collections.abc import Iterable, Sequence

from bridge.simulators.rehearsal.judging.observations import ConfirmedTerms, ObservedCall
from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence
from bridge.simulators.rehearsal.judging.scenario_record import ScenarioRecord
from bridge.simulators.tagor.records import Plan

SAVE, APPROVE = "TagorService/SavePaymentPlan", "TagorService/ApprovePaymentPlan"
CONFIRMATION_MEDIA = {
    "Confirmation.by_sms": "SMS",
    "Confirmation.by_mail": "EMAIL",
    "Confirmation.by_none": "",
}
"""The prompts that confirm a plan, and by which medium Tagor then sent a confirmation."""


class PlanJudge:
    """Compares the plans and approvals at Tagor with what callers confirmed, agreed to and heard.

    `approval_overtaken`: an employee made a plan after an approval was sent and before Tagor carried it out.
    """

    def __init__(self, record: ScenarioRecord) -> None:
        self._record = record
        self.approval_overtaken = False

    def judge_claim(self, call: ObservedCall, sentence: HeardSentence) -> None:
        """Judge that a plan or an approval that the caller hears of is there."""
        match sentence.prompt:
            case "Agreement.agree":
                if sentence.text not in [
                    self._agreed_words(plan, sentence.language) for plan in self._made(call)
                ]:
                    self._record.violated("INV13", "heard that a plan is noted, and Tagor has none like it")
            case "NotApproved.open" | "NotApproved.replaced":
                call.agreed.discard(call.last_agreed)
                there = len(self._made(call))
                if there < (2 if sentence.prompt == "NotApproved.replaced" else 1):
                    self._record.violated(
                        "INV13", "heard that a request or another plan is there, and it is not"
                    )
            case prompt if prompt in CONFIRMATION_MEDIA:
                self._judge_confirmation(call, CONFIRMATION_MEDIA[prompt])

    def note_answer(self, call: ObservedCall, prompt: str) -> None:
        """Note what the caller takes for the answer to their last confirmation of a plan."""
        match prompt:
            case "Agreement.agree":
                call.agreed.discard(call.last_agreed)
                call.last_agreed = call.unanswered = ""
            case "Agreement.refused" | "Agreement.down":
                call.denied.add(call.last_confirmed)
                call.agreed.discard(call.last_agreed)
                call.unanswered = ""
            case "Agreement.declined":
                call.denied |= {call.unanswered} - {""}
                call.agreed.discard(call.unanswered)
            case prompt if prompt in CONFIRMATION_MEDIA or prompt.startswith("NotApproved."):
                call.unanswered = ""
            case "Unconfirmed.tell":
                call.noted, call.unanswered = "approval" if self._approval_was_sent(call) else "plan", ""

    def _judge_confirmation(self, call: ObservedCall, medium: str) -> None:
        made = {str(plan.id) for plan in self._made(call) if self._is_confirmed(plan, [call])}
        if not made & self._approved(call):
            self._record.violated("INV13", "heard that a plan is confirmed, and none is approved")
        messages = [
            message for file in call.files for message in self._record.deployment.tagor.records.messages(file)
        ]
        if medium and medium not in {message.medium for message in messages if message.plan_id in made}:
            self._record.violated("INV13", f"heard of a confirmation by {medium}, and Tagor sent none")

    def employee_makes_plan(self, approvals_sent: int) -> None:
        """Learn that an employee makes a plan now; an approval carried out later will be of this one."""
        records, files = (
            self._record.deployment.tagor.records,
            {case.file for case in self._record.deployment.cases},
        )
        effects = [kind for file in files for kind, _ in records.effects(file)]
        self.approval_overtaken |= approvals_sent > effects.count("approval")

    def judge_plans(self, file: str) -> None:
        """Compare the plans and approvals on a file with what its callers confirmed."""
        about = self._record.about(file)
        plans = [plan for plan in self._record.deployment.tagor.records.plans(file) if plan.asked]
        for plan in plans:
            made = [plan.asked == other.asked and plan.months == other.months for other in plans].count(True)
            denied = [
                turn in call.denied
                for call in about
                for turn, terms in call.confirmed.items()
                if self._fits(plan, terms)
            ]
            if made > len(denied):
                promise = "INV1" if denied else "INV2"
                self._record.violated(
                    promise, f"a plan was made {made} times, and confirmed {len(denied)} times"
                )
            elif made > denied.count(False):
                self._record.violated("INV13", "heard that a plan was not requested, and it was")
        self._judge_approvals(file, about)

    def _judge_approvals(self, file: str, about: Sequence[ObservedCall]) -> None:
        """Every approval is one caller's own: of a plan with the terms that they agreed to."""
        agreed = sum(len(call.agreed) for call in about)
        effects = self._record.deployment.tagor.records.effects(file)
        for (kind, _), times in effects.items():
            if kind in ("approval", "message") and times > 1:
                self._record.violated("INV1", f"one {kind} happened {times} times")
        approved = [kind for kind, _ in effects].count("approval")
        if approved > agreed:
            self._record.violated("INV2", f"{approved} plans were approved, and {agreed} agreed to")
        agreeing = [call for call in about if call.agreed]
        for plan in self._record.deployment.tagor.records.plans(file):
            foreign = ("approval", str(plan.id)) in effects and not self._is_confirmed(plan, agreeing)
            # Only an employee's plan, which nobody asked for by telephone, can come between.
            if foreign and (plan.asked or not self.approval_overtaken):
                self._record.violated("INV2", "a plan was approved with terms that nobody agreed to")

    def _is_confirmed(self, plan: Plan, calls: Iterable[ObservedCall]) -> bool:
        return any(self._fits(plan, terms) for call in calls for terms in call.confirmed.values())

    def has_effect(self, call: ObservedCall) -> bool:
        """Whether what was noted has happened by itself: a plan is there, or it is approved."""
        made = self._made(call)
        if call.noted == "approval":
            return bool({str(plan.id) for plan in made} & self._approved(call))
        return any(self._is_confirmed(plan, [call]) for plan in made)

    def left_waiting(self, call: ObservedCall) -> bool:
        """Whether a plan was made as the caller confirmed it, and nobody approved it or made another one."""
        made = [plan for plan in self._made(call) if self._is_confirmed(plan, [call])]
        return bool(made) and not {str(plan.id) for plan in made} & self._approved(call)

    def left_unapproved(self, call: ObservedCall) -> bool:
        """Whether a caller was asked to accept the plan that Tagor made, and none was approved for them."""
        made = {str(plan.id) for plan in self._made(call)}
        return "Agreement.agree" in call.prompts and not made & self._approved(call)

    def _approved(self, call: ObservedCall) -> set[str]:
        effects = [
            effect for file in call.files for effect in self._record.deployment.tagor.records.effects(file)
        ]
        return {what for kind, what in effects if kind == "approval"}

    def _made(self, call: ObservedCall) -> list[Plan]:
        """Return the plans that came onto the caller's files since the call began."""
        plans = [
            plan for file in sorted(call.files) for plan in self._record.deployment.tagor.records.plans(file)
        ]
        return [plan for plan in plans if plan.id not in call.before]

    def _approval_was_sent(self, call: ObservedCall) -> bool:
        """Whether Tagor was asked for an approval on the caller's files since they confirmed terms."""
        ids = {self._record.file_ids[file] for file in call.files}
        asked = [entry for entry in self._record.journal()[call.confirmed_at :] if entry.operation == APPROVE]
        # A request that was turned away unread has no fields: it may be about any file.
        return any("TDOS_Id" not in entry.fields or str(entry.fields["TDOS_Id"]) in ids for entry in asked)

    def _agreed_words(self, plan: Plan, language: str) -> str:
        values = {
            "agreed_months": plan.months,
            "agreed_monthly": plan.monthly,
            "agreed_start": plan.start,
        }
        return self._record.recognizer.say("Agreement.agree", language, self._record.today, **values)

    def _fits(self, plan: Plan, terms: ConfirmedTerms) -> bool:
        values = {"months": plan.months, "monthly": plan.monthly}
        chosen = self._record.recognizer.say("Agreement.chosen", terms.language, self._record.today, **values)
        start = self._record.recognizer.say(
            "Agreement.read_back", terms.language, self._record.today, start=plan.start
        )
        return (chosen, start) == (terms.plan, terms.start)
