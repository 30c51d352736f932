"""The five areas where a mistake costs most: their modules, and the tests that must notice the mistake."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A module, and the files and folders under `tests` whose tests judge its mutants."""

    module: str
    tests: tuple[str, ...]


_FORMS = ("unit/telephony/test_form.py", "unit/telephony/test_resplit.py", "unit/telephony/test_providers.py")
_VERIFIER = (*_FORMS, "unit/telephony/test_webhook_verifier.py", "unit/telephony/test_webhook_events.py")
_ADDRESSES = ("unit/telephony/test_address.py", "unit/telephony/test_sounds.py")
_SIGNED = ("unit/telephony/test_signature.py", "unit/telephony/test_webhook_verifier.py")
_SIGNED += ("unit/telephony/test_providers.py", "unit/telephony/test_form.py")
_LOGS = ("unit/operations/test_logs.py", "unit/operations/test_redaction_bounds.py")
_LOGS += ("unit/operations/test_metrics.py",)
_SERVICES = ("unit/conversation/services",)
_SENDING = (
    "unit/conversation/at_most_once/test_sender.py",
    "unit/conversation/at_most_once/test_reconciler.py",
)
_COMMANDS = ("unit/conversation/at_most_once/test_commands.py", *_SERVICES)
_WAYS = (
    "unit/voice_flows",
    "calls/test_wrong_pin.py",
    "calls/test_strangers.py",
    "calls/test_office_ways.py",
)
_JOURNAL = ("unit/store/test_decisions.py", "unit/store/test_decision.py", "unit/store/test_keyring.py")
_JOURNAL += (
    "unit/store/test_decisions_due.py",
    "unit/store/test_decisions_report.py",
    "unit/store/test_privacy.py",
    "unit/store/test_retention.py",
)
_PLAN = ("calls/test_plan.py", "calls/test_plan_confirmed.py", "calls/test_plan_unclear.py")
_POST = ("calls/test_post.py",)
_TERMS = ("properties/plan_terms", "calls/test_plan.py")
_NUMBERS = ("unit/speech/test_money.py", "unit/speech/test_counts.py")
_NUMBERS += ("unit/speech/test_digits.py", "unit/speech/test_accounts.py")

_TAGOR_PLANS = (
    *("unit/tagor/test_plans.py", "unit/tagor/test_unreadable.py"),
    *("unit/tagor/test_contract.py", "unit/tagor/test_operations.py"),
)

AREAS: dict[str, tuple[Target, ...]] = {
    "identification": (
        Target(
            "bridge/store/pin_attempts.py",
            ("unit/store/test_pin_attempts.py", "unit/store/test_retention.py"),
        ),
        Target("bridge/conversation/services/identification.py", (*_SERVICES, *_WAYS)),
        Target(
            "bridge/flow/action_context.py",
            ("unit/flow/test_action_context.py", "unit/flow/test_actions.py", *_SERVICES),
        ),
        Target("voice_flows/identify.py", _WAYS),
    ),
    "decisions": (
        Target("bridge/store/decision.py", ("unit/conversation/at_most_once/test_commands.py", *_JOURNAL)),
        Target("bridge/store/decisions.py", _JOURNAL),
        Target("bridge/conversation/at_most_once/commands.py", _COMMANDS),
        Target("bridge/conversation/at_most_once/sender.py", (*_SENDING, *_SERVICES, *_PLAN, *_POST)),
        Target("bridge/conversation/at_most_once/reconciler.py", (*_SENDING, *_COMMANDS, *_PLAN)),
        Target("bridge/conversation/services/plans.py", (*_SERVICES, *_PLAN)),
    ),
    "money": (
        Target("bridge/speech/numbers.py", _NUMBERS),
        Target(
            "bridge/tagor/schema/fields.py", ("unit/tagor/test_fields.py", "unit/tagor/test_odd_values.py")
        ),
        Target("bridge/tagor/operations/plans.py", _TAGOR_PLANS),
        Target("voice_flows/instalments.py", _TERMS),
        Target("voice_flows/terms.py", _TERMS),
    ),
    "signatures": (
        Target("bridge/telephony/signature.py", _SIGNED),
        Target("bridge/telephony/webhook_verifier.py", _VERIFIER),
        Target("bridge/telephony/address.py", (*_ADDRESSES, *_SIGNED)),
        Target("bridge/telephony/parameters.py", _FORMS),
        Target("bridge/telephony/resplit.py", _FORMS),
    ),
    "redaction": (
        Target("bridge/operations/redaction.py", _LOGS),
        Target("bridge/operations/logs.py", _LOGS),
    ),
}
