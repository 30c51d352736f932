"""How much of the store's tests is played each time; `make rehearsal` plays the rest, on both engines."""

import pytest

on_every_engine = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
"""For a test of what engines do in ways of their own: locks, conflicts, transactions, types, migrations."""


def some_seeds(number: int) -> pytest.MarkDecorator:
    """The first of so many seeds each time, the others when all is rehearsed."""
    others = [pytest.param(seed, marks=pytest.mark.rehearsal) for seed in range(1, number)]
    return pytest.mark.parametrize("seed", [0, *others])
