"""The webhook interface under anything in any order: what the line promises holds after every step."""

from collections.abc import Callable
from io import StringIO
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from machine_rules import Webhooks
from machine_world import World

if TYPE_CHECKING:
    from tests.conftest import Line

ANY_PACE = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False)


@pytest.fixture
def machine(open_line: Callable[..., "Line"]) -> type[Webhooks]:
    """The machine, in a world of this test's own."""
    world = World(open_line(environ={"BRIDGE_LOG_LEVEL": "DEBUG"}), StringIO())
    return type("InAWorld", (Webhooks,), {"world": world})


def test_the_promises_hold_after_every_step(machine: type[Webhooks]):
    """The same stories in every run, each of up to 25 steps."""
    run_state_machine_as_test(
        machine,
        settings=settings(ANY_PACE, max_examples=5, stateful_step_count=25, derandomize=True),
    )


@pytest.mark.rehearsal
@pytest.mark.timeout(3600)
def test_the_promises_hold_in_a_thousand_stories(machine: type[Webhooks], rng: Random):
    """Other stories in every run, each of up to 60 steps."""
    number = rng.getrandbits(64)
    print(f"seed {number}")  # noqa: T201 - shown with a failure
    run_state_machine_as_test(
        seed(number)(machine),
        settings=settings(ANY_PACE, max_examples=1000, stateful_step_count=60),
    )


def test_a_broken_promise_is_found(machine: type[Webhooks], monkeypatch: pytest.MonkeyPatch):
    """The machine can fail: a caller who hears a creditor without a PIN is noticed."""
    monkeypatch.setattr("machine_calls.Talk.proven", property(lambda _: False, lambda *_: None))
    with pytest.raises(AssertionError, match="a stranger heard"):
        run_state_machine_as_test(
            machine,
            settings=settings(
                ANY_PACE, max_examples=100, stateful_step_count=25, derandomize=True, phases=[Phase.generate]
            ),
        )
