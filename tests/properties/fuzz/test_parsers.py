"""Whatever comes in, six parsers give a typed result or refusal: a sample here, a million in rehearsal."""

from random import Random

import pytest
from fuzz_targets import TARGETS

SAMPLE = 2_000
FULL = {
    "webhook form": 220_000,
    "Tagor JSON": 220_000,
    "money": 220_000,
    "date": 220_000,
    "text": 160_000,
    "office file": 10_000,
}
"""Executions at full size: as many as a core does in two minutes, over a million in all."""


def taken_of(name: str, seed: str, size: int) -> int:
    """How many inputs of this seed a parser took; a find is raised with the number that makes it again."""
    taken = 0
    for number in range(size):
        try:
            taken += TARGETS[name](Random(f"{seed} {number}"))
        except Exception as find:
            find.add_note(f'found by TARGETS["{name}"](Random("{seed} {number}"))')
            raise
    return taken


@pytest.mark.parametrize("name", TARGETS)
def test_two_thousand_inputs_are_read_or_refused(name: str, rng: Random):
    """Other ones in every run; some are taken and some are not, so both ways are tried."""
    taken = taken_of(name, f"{rng.random()}", SAMPLE)
    assert SAMPLE // 100 < taken < SAMPLE - SAMPLE // 100


def test_a_find_is_told_with_what_makes_it_again(monkeypatch: pytest.MonkeyPatch):
    """The fuzzers can fail."""
    monkeypatch.setitem(TARGETS, "money", lambda rng: 1 / (rng.randrange(50) > 0))
    with pytest.raises(ZeroDivisionError) as caught:
        taken_of("money", "any", SAMPLE)
    assert caught.value.__notes__[0].startswith('found by TARGETS["money"](Random("any ')


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", FULL)
def test_a_million_inputs_are_read_or_refused(name: str, rng: Random):
    """At full size, all six together."""
    assert sum(FULL.values()) > 1_000_000
    assert taken_of(name, f"{rng.random()}", FULL[name]) > FULL[name] // 100
