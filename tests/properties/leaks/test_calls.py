"""Forty canaries in Tagor, on the line and in the settings: whatever goes wrong, none of them gets out."""

import sys
from collections.abc import Callable
from random import Random

import pytest
from leaks_canary import ELSEWHERE, FILE, PHONE, PIN, WRONG_PIN
from leaks_world import OFFICES, Tally, World

SAMPLE = 4
CHUNKS, CHUNK = 10, 250
"""At full size: so many lines of each kind of office, with so many calls each."""


def clean(world: World, calls: int) -> Tally:
    """Play, and find nothing anywhere: neither in clear while calls go on, nor sealed when all is over."""
    world.play(calls)
    assert world.found() == {}
    world.end()
    assert world.found() == {}
    assert world.opened() == []
    print(world.tally, file=sys.__stdout__)  # shown with -s: what was done to the line
    return world.tally


@pytest.mark.parametrize("kind", OFFICES)
def test_no_canary_gets_out(kind: str, open_world: Callable[..., World], rng: Random):
    """At DEBUG, with Tagor's faults and gossip, workers that die, and crashes, at each kind of office."""
    world = open_world(kind, rng)
    tally = clean(world, SAMPLE)
    assert tally.calls == SAMPLE
    assert tally.turns > 4 * SAMPLE
    assert 2 * world.sinks.stderr.getvalue().count("\n") > tally.turns
    assert len(world.sinks.urls) > 2 * tally.turns


@pytest.mark.rehearsal
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("kind", OFFICES)
def test_no_canary_gets_out_at_full_size(
    kind: str, chunk: int, open_world: Callable[..., World], rng: Random
):
    """Ten thousand calls; every kind of trouble strikes on each line."""
    tally = clean(open_world(kind, rng), CHUNK)
    assert tally.calls == CHUNK, chunk
    assert min(tally.identified, tally.faults, tally.gossip, tally.kills, tally.crashes, tally.voicemails)


def test_the_canaries_are_there(open_world: Callable[..., World], rng: Random):
    """Otherwise nothing could be found: who has proved who they are hears what nobody else may."""
    world = open_world("pin", rng)
    heard = " ".join(one.text for one in world.visit().heard)
    for name in ("file, read aloud", "creditor", "balance, said in nl"):
        assert world.known[name] in heard


@pytest.mark.parametrize(
    ("kind", "keys", "told"),
    [
        ("house number", ("1", "5839201746#", "98317#"), "creditor"),
        ("caller number", ("1",), "creditor"),
        ("pin, which opens all files", ("1", PIN, "4", "1"), "another file's creditor"),
    ],
)
def test_the_canaries_are_there_where_less_is_asked(
    kind: str, keys: tuple[str, ...], told: str, open_world: Callable[..., World], rng: Random
):
    """Also where an office accepts a weaker proof: what may leak there is told in these very calls."""
    world = open_world(kind, rng)
    phone = world.line.phone(PHONE, post=world.post).ring()
    for one in keys:
        phone.press(one)
    assert world.known[told] in " ".join(one.text for one in phone.heard)


def test_what_a_call_needs_is_sealed_while_it_lasts_and_gone_a_minute_later(
    open_world: Callable[..., World], rng: Random
):
    """Opened with the line's own secret, the disk tells of a running call, and of none that is over."""
    world = open_world("pin", rng)
    phone = world.visit()
    assert {"file", "caller", "balance, said in nl"} <= set(world.opened())
    assert world.found() == {}
    phone.hang_up()
    world.hours_go_by(0.02)
    assert {"balance, said in nl", "PIN"}.isdisjoint(world.opened())
    world.hours_go_by(0.5)
    assert world.opened() == []


def test_a_call_that_was_cut_off_is_wiped_too(open_world: Callable[..., World], rng: Random):
    """Nobody tells of its end; two hours without a sign of life are one."""
    world = open_world("pin", rng)
    world.visit()
    world.hours_go_by(2.1)
    assert world.opened() == []


def test_strangers_leave_nothing_either(open_world: Callable[..., World], rng: Random):
    """A wrong PIN and an unknown number are as personal as the right ones."""
    world = open_world("pin", rng)
    phone = world.line.phone(ELSEWHERE, post=world.post).ring().press("1").press(PIN)
    assert set(world.opened()) & {"PIN", "another caller"}
    phone.hang_up()
    world.hours_go_by(0.5)
    assert world.found() == {}
    assert world.opened() == []
    assert PHONE not in world.sinks.stderr.getvalue()


@pytest.mark.parametrize("broken", [("pin_attempts",), ("turns", "calls", "pin_attempts")])
def test_a_broken_database_gives_nothing_away(
    broken: tuple[str, ...], open_world: Callable[..., World], rng: Random
):
    """The engine's own complaints quote statements and values; ours do not."""
    world = open_world("pin", rng)
    phone = world.line.phone(PHONE, post=world.post).ring().press("1").press(WRONG_PIN)
    world.line.break_database(*broken)
    phone.press(f"{FILE}#")
    assert world.sinks.stderr.getvalue().count("StoreDown") > 0
    assert world.found() == {}
