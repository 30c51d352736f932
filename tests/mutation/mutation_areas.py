"""The five areas where a mistake costs most: their modules, and the tests that must notice it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A module, and the files and folders under `tests` whose tests judge its mutants."""

    module: str
    tests: tuple[str, ...]


_FORMS = ("telephony/test_telephony_form.py", "telephony/test_telephony_form_bounds.py")
_DOOR = (*_FORMS, "telephony/test_telephony_requests.py", "telephony/test_telephony_proof.py")
_DOOR += ("telephony/test_telephony_reports.py",)
_SIGNED = ("telephony/test_telephony_signature.py", "telephony/test_telephony_proof.py")
_LOGS = ("operations/test_operations_logs.py", "operations/test_operations_redaction_bounds.py")
_DESK = ("conversation/test_conversation_desk.py", "conversation/test_conversation_plan_desk.py")
_DECIDER = ("conversation/test_conversation_decider.py", "conversation/test_conversation_settler.py")
_WISHES = ("conversation/test_conversation_wishes.py", *_DESK)
_WAYS = (
    "identify",
    "calls/test_calls_wrong_pin.py",
    "calls/test_calls_strangers.py",
    "calls/test_calls_office_ways.py",
)
_JOURNAL = ("store/test_store_decisions.py", "store/test_store_decisions_bounds.py")
_JOURNAL += ("store/test_store_decisions_due.py", "store/test_store_decisions_report.py")
_PLAN = ("calls/test_calls_plan.py", "calls/test_calls_plan_confirmed.py", "calls/test_calls_plan_unclear.py")
_POST = ("calls/test_calls_post.py",)
_TERMS = ("plan_terms", "calls/test_calls_plan.py")
_NUMBERS = (
    "speech/test_speech_money.py",
    "speech/test_speech_money_bounds.py",
    "speech/test_speech_counts.py",
)

_TAGOR_PLANS = (
    "tagor/test_tagor_plans.py",
    "tagor/test_tagor_plans_bounds.py",
    "tagor/test_tagor_contract.py",
    "tagor/test_tagor_questions.py",
)

AREAS: dict[str, tuple[Target, ...]] = {
    "identification": (
        Target(
            "bridge/store/pin_tries.py",
            ("store/test_store_pin_tries.py", "store/test_store_pin_tries_bounds.py"),
        ),
        Target("bridge/conversation/desk.py", (*_DESK, *_WAYS)),
        Target("bridge/flow/identity.py", ("flow/test_flow_errand.py", *_DESK)),
        Target("voice_flows/identify.py", _WAYS),
        Target("voice_flows/hints.py", _WAYS),
    ),
    "decisions": (
        Target("bridge/store/decision.py", ("conversation/test_conversation_wishes.py", *_JOURNAL)),
        Target("bridge/store/decisions.py", _JOURNAL),
        Target("bridge/conversation/wishes.py", _WISHES),
        Target("bridge/conversation/decider.py", (*_DECIDER, *_DESK, *_PLAN, *_POST)),
        Target("bridge/conversation/settler.py", (*_DECIDER, *_WISHES, *_PLAN)),
        Target("bridge/conversation/plan_desk.py", (*_DESK, *_PLAN)),
    ),
    "money": (
        Target("bridge/speech/money.py", _NUMBERS),
        Target("bridge/speech/counts.py", _NUMBERS),
        Target("bridge/tagor/fields.py", ("tagor/test_tagor_fields.py", "tagor/test_tagor_fields_bounds.py")),
        Target("bridge/tagor/plans.py", _TAGOR_PLANS),
        Target("voice_flows/instalments.py", _TERMS),
        Target("voice_flows/terms.py", _TERMS),
    ),
    "signatures": (
        Target("bridge/telephony/signature.py", _SIGNED),
        Target("bridge/telephony/door.py", _DOOR),
        Target("bridge/telephony/address.py", ("telephony/test_telephony_address.py", *_SIGNED)),
        Target("bridge/telephony/form.py", _DOOR),
    ),
    "redaction": (
        Target("bridge/operations/redaction.py", _LOGS),
        Target("bridge/operations/logs.py", _LOGS),
    ),
}
