"""Six parsers give a typed result or a refusal, whatever comes in; a rehearsal tries a million inputs."""

from random import Random

import pytest
from fuzz_targets import TARGETS

SAMPLE = 500
FEW = {"office file": 100}
"""How many inputs a parser gets in an ordinary run; an office file costs more than the others."""
FULL = {
    "webhook form": 220_000,
    "Tagor JSON": 220_000,
    "money": 220_000,
    "date": 220_000,
    "text": 160_000,
    "office file": 10_000,
}
"""How many inputs a parser gets at full size: over a million in all, a few minutes of a core."""


def taken_of(name: str, seed: str, size: int) -> int:
    """Count the inputs of this seed that a parser took; a failure names the input that makes it again."""
    taken = 0
    for number in range(size):
        try:
            taken += TARGETS[name](Random(f"{seed} {number}"))
        except Exception as find:
            find.add_note(f'found by TARGETS["{name}"](Random("{seed} {number}"))')
            raise
    return taken


@pytest.mark.parametrize("name", TARGETS)
def test_some_hundred_inputs_are_read_or_refused(name: str, rng: Random):
    """The inputs differ in every run; some are taken and some are refused, so both ways are tried."""
    size = FEW.get(name, SAMPLE)
    taken = taken_of(name, f"{rng.random()}", size)
    assert 0 < taken < size


def test_a_find_is_told_with_what_makes_it_again(monkeypatch: pytest.MonkeyPatch):
    """A parser that raises is told with the target and the seed of the input."""
    monkeypatch.setitem(TARGETS, "money", lambda rng: 1 / (rng.randrange(50) > 0))
    with pytest.raises(ZeroDivisionError) as caught:
        taken_of("money", "any", SAMPLE)
    assert caught.value.__notes__[0].startswith('found by TARGETS["money"](Random("any ')


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", FULL)
def test_a_million_inputs_are_read_or_refused(name: str, rng: Random):
    """All six parsers together get more than a million inputs."""
    assert sum(FULL.values()) > 1_000_000
    assert taken_of(name, f"{rng.random()}", FULL[name]) > FULL[name] // 100
