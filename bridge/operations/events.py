"""The events of the log that figures and spans tell too, by their names."""

TROUBLE = frozenset(
    {
        *("action_broke", "background_failed", "background_waits", "bulkhead_full", "call_unreadable"),
        *("check_failed", "decision_unclear", "deferred_result_lost", "job_delayed", "job_hopeless"),
        *("patience_over", "pin_budget_exhausted", "provider_fell_back", "tagor_down", "task_not_written"),
        *("transfer_on_error", "transfer_without_tagor", "unknown_number"),
    }
)
"""What went wrong."""

OUTCOMES = {"turn": "answered", "failed": "apologised", "refused": "refused", "call_shed": "shed"}
"""What became of a webhook of a call."""
