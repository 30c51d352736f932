"""Signed webhooks with any further field, and with odd values: callers hear what they hear without."""

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.provider.account import TWILIO, TWILIO_AS_SEEN, Profile
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.profiles import PROFILES, new_account
from bridge.simulators.provider.script import perform
from bridge.simulators.provider.unannounced import Pairs, everything_seen

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from tests.shared_line import Line

    Sample = Callable[..., Collection[Any]]

SIP = {"# sip = ": "sip = "}
# What a caller does: keys, words in quotes, silence as a comma, how a colleague's telephone ends.
SCRIPTS: "Sequence[tuple[str, ...]]" = (
    ("1", "482193", "3", "482193", "9"),
    ("1", "000000", "20230118#", "482193", "2", "1", "1", "2", "9"),
    ("0", "{busy}", "1", "1", "2"),
    ("0", "{no-answer}", "2", "{voicemail 7}"),
    ("1", "482193", "0", "{answered}"),
    ("0", "{rejected}", "3"),
    ('"saldo"', "482193", ",", ",", "!"),
    ("*", "8", "2", "2", "9"),
)
LETTERS = "abcXYZ019_-.[]()$ \u00e9\u4e2d"
KNOWN = {"digits", "speechresult", "callstatus", "callsid", "accountsid", "from", "to"}
SEEDS = range(400)


def anything(random: Random) -> Pairs:
    """Fields of any name and value besides those that were seen; some names twice, some values long."""
    drawn = list(everything_seen(random))
    for _ in range(random.choice((1, 3, 10, 30))):
        name = random.choice("xXZ_") + "".join(random.choices(LETTERS, k=random.choice((1, 5, 20, 90))))
        value = "".join(random.choices(LETTERS + "&=%+;\n\t", k=random.choice((0, 1, 8, 60, 200))))
        drawn += [(name, value)] * random.choice((1, 1, 2))
    assert not {name.lower() for name, _ in drawn} & KNOWN
    random.shuffle(drawn)
    return tuple(drawn)


def played(line: "Line", script: "Sequence[str]", profile: Profile, seed: int) -> Phone:
    """Play a call under this profile; the provider must have had nothing to complain about."""
    phone = line.phone(profile=profile, seed=seed).ring()
    for step in script:
        perform(phone, step)
    assert phone.faults == [], [(t.url, list(t.form.items())[:60]) for t in phone.turns if t.fault]
    return phone


@pytest.mark.parametrize("name", [name for name in PROFILES if name != "twilio"])
def test_another_provider_may_add_fields_too(open_line: "Callable[..., Line]", sample: "Sample", name: str):
    """As above: its signatures, its ids and its gaps, plain and with whatever it may add."""
    account, profile = new_account(name), PROFILES[name]
    line = open_line(environ=account.settings)
    number = replace(line.dialled(), account_sid=account.account, auth_token=account.signs_with)
    for seed in sample(range(len(SCRIPTS)), 2):
        told = []
        for first, given in ((0, profile), (len(SCRIPTS), replace(profile, unannounced=anything))):
            phone = Phone(
                number,
                "+32470000001",
                post=line.post,
                clock=lambda: line.clock.now().timestamp(),
                elapse=lambda seconds: line.clock.move(seconds=seconds),
                profile=given,
                seed=first + seed,
            ).ring()
            for step in SCRIPTS[seed]:
                perform(phone, step)
            assert phone.faults == []
            told.append([(one.text, one.language) for one in phone.heard])
        assert told[0] == told[1], SCRIPTS[seed]
        line.clock.move(days=7)


def test_no_further_field_changes_what_a_caller_hears(open_line: "Callable[..., Line]", sample: "Sample"):
    """Each call is played twice, plain and with whatever a provider may add: same words, same telephones.

    Every other one rings the office's own exchange over SIP, whose results carry fields of their own.
    """
    lines = [open_line(), open_line(office=SIP)]
    for seed in sample(SEEDS, 6):
        script, line = SCRIPTS[seed % len(SCRIPTS)], lines[seed // len(SCRIPTS) % 2]
        odd = replace(TWILIO_AS_SEEN, unannounced=anything)
        plain, seen = played(line, script, TWILIO, seed), played(line, script, odd, len(SEEDS) + seed)
        told = [[(one.text, one.language) for one in phone.heard] for phone in (plain, seen)]
        assert told[0] == told[1], (seed, script)
        assert plain.dialled == seen.dialled, (seed, script)
        assert (plain.state, plain.ended_by) == (seen.state, seen.ended_by), (seed, script)
        line.clock.move(days=7)
