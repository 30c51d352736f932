"""A call's state: whatever it holds, any worker can take it over, and what must be forgotten is."""

import json
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.flow import IdentifiedFile
from bridge.flow.call import SECRET_LIFE, Call, CaseNote, Frame, OfficeRules, Secret, UnspokenNote
from bridge.flow.facts import SAMPLES, Fact
from bridge.flow.turn_output import PromptRef

text = st.text(max_size=12)
facts = st.dictionaries(
    text, st.builds(Fact, st.sampled_from(list(SAMPLES)), text, st.booleans()), max_size=4
)
lines = st.lists(st.builds(PromptRef, text, text, facts, st.booleans()), max_size=3)
notes = st.none() | st.booleans() | st.integers() | text | st.lists(text, max_size=3)
proofs = st.sampled_from(["pin", "reference_pin", "house_number", "caller_number"])
calls = st.builds(
    Call,
    caller=text,
    dialled=text,
    language=st.sampled_from(["nl", "fr", "de", "en"]),
    stack=st.lists(st.builds(Frame, text, text), max_size=4),
    facts=facts,
    secrets=st.dictionaries(
        text, st.builds(Secret, text, st.datetimes().map(datetime.isoformat), text), max_size=3
    ),
    notes=st.dictionaries(text, notes, max_size=4),
    tries=st.dictionaries(st.sampled_from(["silent", "wrong"]), st.integers(0, 9)),
    lines=lines,
    said=lines,
    file=st.none() | st.builds(IdentifiedFile, text, text, st.none() | text, proofs, st.none() | text),
    slow=st.booleans(),
    error_transfers=st.integers(0, 3),
    topic=text,
    moves=st.integers(0, 99),
    case_notes=st.dictionaries(text, st.lists(st.builds(CaseNote, text, facts), max_size=2), max_size=2),
)


@given(calls)
@settings(max_examples=25, deadline=None)
def test_any_call_survives_the_way_through_json(call: Call):
    """Every field, whatever it holds: the worker that goes on has the call that was left."""
    again = Call.from_json(call.to_json())
    assert again == call
    assert again.to_json() == call.to_json()


FACTS = {"owed": Fact("money", "1", private=True)}
FULL = Call(
    "+32470000001",
    "+3220000001",
    "nl",
    language_known=True,
    stack=[Frame("Balance", "look")],
    facts=FACTS,
    secrets={"pin": Secret("482193", "2026-03-02T09:30:00+00:00", "Identify")},
    notes={"opened": ["1"]},
    tries={"silent": 1},
    lines=[PromptRef("Balance.tell", "text", FACTS)],
    spoken_in_wait=[PromptRef("Received.paid", "text", FACTS, optional=True)],
    said=[PromptRef("Balance.tell", "text", {}, optional=True)],
    file=IdentifiedFile("1706", "17", "5", "pin", "17:482193"),
    slow=True,
    error_transfers=1,
    announced="12ab34cd56ef",
    topic="Balance",
    moves=3,
    holds=2,
    case_notes={"1706": [CaseNote("Balance.look.owed", FACTS)]},
    unspoken_notes=[UnspokenNote("1706", CaseNote("Balance.look.owed", {}), "Balance.tell")],
    prefetching=[2],
    rules=OfficeRules(frozenset({"Call.menu.1"})),
)


def test_every_field_but_the_rules_is_stored():
    """A field that is added later must be carried too; an office's rules are its own, and may change."""
    new = Call("", "", "")
    same = [each.name for each in fields(Call) if getattr(FULL, each.name) == getattr(new, each.name)]
    assert same == ["taken", "notes_changed"], "of one turn only"
    assert Call.from_json(FULL.to_json()) == replace(FULL, rules=OfficeRules())


def test_what_version_0_1_stored_is_still_read():
    """A deployment ends no call that is under way."""
    known = replace(FULL, rules=OfficeRules(), spoken_in_wait=[])
    stored = asdict(known)
    del stored["rules"], stored["notes_changed"], stored["spoken_in_wait"]
    for former in (stored, {**stored, "diary": stored["case_notes"], "ahead": stored["prefetching"]}):
        if "diary" in former:
            del former["case_notes"], former["prefetching"]
        assert Call.from_json(json.dumps(former).encode()) == known


def test_facts_that_change_later_change_no_sentence_that_waits():
    """A stored prompt that mentions the call's facts keeps them as they were."""
    call = Call(
        "", "", "nl", stack=[Frame("A", "b")], facts=dict(FACTS), said=[PromptRef("A.b", "text", FACTS)]
    )
    again = Call.from_json(call.to_json())
    again.facts["owed"] = Fact("money", "2")
    assert again.said == call.said


@pytest.mark.parametrize(
    "state", [b"", b"null", b"[]", b"5", b"{}", b'{"stack": []}', b'{"caller": "", "unknown": 1}', b"\xff"]
)
def test_what_is_no_call_is_refused(state: bytes):
    """A corrupt row must not become half a call."""
    with pytest.raises((ValueError, TypeError, KeyError)):
        Call.from_json(state)


def test_a_call_of_a_later_build_goes_on():
    """After a roll-back; what this build does not know it leaves out."""
    call = Call("", "", "nl", stack=[Frame("A", "b")])
    state = json.loads(call.to_json()) | {"tomorrow": 3}
    assert Call.from_json(json.dumps(state).encode()) == call


def test_a_call_of_a_later_form_is_refused():
    """A field that this build does not know is what makes it safe."""
    state = json.loads(Call("", "", "nl").to_json()) | {"form": 3}
    with pytest.raises(ValueError, match="a later version"):
        Call.from_json(json.dumps(state).encode())


def test_keys_and_notes_never_show():
    """A call may end up in an exception's text or a log; secrets, notes and credentials stay out of it."""
    secret = Secret("482193", "2026-03-02T09:30:00+00:00", "Identify")
    file = IdentifiedFile("1706", "17", None, "pin", "17:482193")
    call = Call("", "", "nl", secrets={"pin": secret}, notes={"opened": ["482193"]}, file=file)
    assert "482193" not in repr(call) + repr(secret)


def test_the_place_is_the_innermost_step():
    """As prompts know it."""
    call = Call("", "", "nl", stack=[Frame("Balance", "identify"), Frame("Identify", "pin")])
    assert call.place == "Identify.pin"


def with_pin(now: datetime) -> Call:
    return Call(
        "",
        "",
        "nl",
        secrets={"pin": Secret("482193", now.isoformat(), "Identify")},
        facts={"n": Fact("digits", "7")},
    )


@pytest.mark.parametrize(
    ("later", "there"),
    [
        (timedelta(0), True),
        (timedelta(minutes=2), True),
        (timedelta(minutes=2, microseconds=1), False),
        (timedelta(hours=1), False),
    ],
)
def test_a_secret_lives_for_two_minutes(now: datetime, later: timedelta, there: bool):  # noqa: FBT001 - expected
    """However long the call stays at its question; a fact stays."""
    assert timedelta(minutes=2) == SECRET_LIFE
    assert with_pin(now).secrets["pin"].fresh(now + later) is there
    assert with_pin(now).known(now + later) == {"n": "7"} | ({"pin": "482193"} if there else {})


def test_a_key_lets_a_secret_begin_to_age_anew(now: datetime):
    """Whoever presses wrong keys is still there; what is too old is not brought back."""
    call, later = with_pin(now), now + timedelta(minutes=2)
    call.refresh_secrets(later)
    assert "pin" in call.known(later + timedelta(minutes=2))
    assert call.secrets["pin"] == Secret("482193", later.isoformat(), "Identify")
    call.refresh_secrets(later + timedelta(minutes=3))
    assert call.secrets == {}


def test_a_secret_hides_a_fact_of_its_name(now: datetime):
    """What was keyed in last, secretly, is what the action reads."""
    call = with_pin(now)
    call.facts["pin"] = Fact("digits", "old")
    assert call.known(now)["pin"] == "482193"


def test_secrets_die_with_the_flow_that_asked(now: datetime):
    """Those of other flows stay."""
    call = with_pin(now)
    call.secrets["code"] = Secret("1", now.isoformat(), "Sign")
    call.stack = [Frame("Call", "balance"), Frame("Identify", "ask")]
    call.leave_flows(1)
    assert call.stack == [Frame("Call", "balance")]
    assert call.secrets.keys() == {"code"}


PRIVATE = Fact("money", "120.00", private=True)
PUBLIC = Fact("time", "17:30")


def test_proving_another_file_forgets_what_the_first_one_told(file: IdentifiedFile):
    """Two files may be two people's: nothing of one is ever said about the other."""
    call = Call("", "", "nl", facts={"owed": PRIVATE, "closes": PUBLIC}, file=replace(file, id="other"))
    call.prove(file)
    assert (call.file, call.facts) == (file, {"closes": PUBLIC})


def test_proving_the_same_file_again_forgets_nothing(file: IdentifiedFile):
    """It is still about the same file; the newer proof counts."""
    call = Call("", "", "nl", facts={"owed": PRIVATE}, file=file)
    stronger = replace(file, proof="reference_pin")
    call.prove(stronger)
    assert (call.file, call.facts) == (stronger, {"owed": PRIVATE})


def test_a_first_proof_forgets_what_was_private_before(file: IdentifiedFile):
    """There should be nothing; if there is, it is not this file's."""
    call = Call("", "", "nl", facts={"owed": PRIVATE})
    call.prove(file)
    assert call.facts == {}
