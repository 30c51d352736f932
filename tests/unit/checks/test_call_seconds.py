"""How long callers wait for what they phone for, reckoned from the recorded calls."""

import re
from pathlib import Path

import pytest

from bridge.checks.call_seconds import seconds_to_amount, whole_seconds
from bridge.simulators.provider.turn import ProviderTurn, Utterance
from bridge.simulators.provider.webhook import SentRequest
from bridge.speech import LANGUAGES

CALLS = Path(__file__).parents[3] / "docs" / "calls"
PIN, FILE = "482193", "20230118#"
NOBODY_SENT_IT = SentRequest("", None, {})


def said(*sentences: str, did: str = "") -> ProviderTurn:
    """A turn after this deed, in which these sentences were said."""
    heard = [Utterance(sentence, "en-GB") for sentence in sentences]
    return ProviderTurn(0, "", did, NOBODY_SENT_IT, utterances=heard)


CALL = [
    said("Good day.", "For five more words of something, press 1.", "For more, press 2."),
    said("Enter your PIN. Without, press hash.", did="1"),
    said("Enter your file number.", did=PIN),
    said("You owe five euros.", "For more, press 1.", did=FILE),
]
"""Ten words until key 1 is named, three until the PIN is asked for, four until the file number is."""


def test_a_caller_in_a_hurry_acts_as_soon_as_they_know_how():
    """Words at 150 a minute, six seconds for a PIN and eight for a file number, one for each answer."""
    words = 2 + 8 + 3 + 4 + 4
    assert seconds_to_amount(CALL, PIN, patient=False) == pytest.approx(words / 2.5 + 6 + 8 + 3)


def test_a_patient_caller_listens_to_everything():
    """Until the amount, and not what is said after it."""
    words = 2 + 8 + 4 + 6 + 4 + 4
    assert seconds_to_amount(CALL, PIN, patient=True) == pytest.approx(words / 2.5 + 6 + 8 + 3)
    assert whole_seconds(CALL, PIN) == pytest.approx((words + 4) / 2.5 + 6 + 8 + 3)


def test_a_call_without_a_proof_tells_no_amount():
    """Nothing is reckoned then."""
    calls = [said("Good day."), said("Goodbye.", did="9")]
    assert seconds_to_amount(calls, PIN, patient=True) is None
    assert whole_seconds(calls, PIN) == pytest.approx(3 / 2.5 + 1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page", "patient", "hurried"), [("balance", 35, 27), ("unknown", 50, 42)])
def test_the_amount_is_told_soon(page: str, patient: int, hurried: int, language: str):
    """Whoever is recognised hears it after 27 seconds, whoever keys in a file number too after 42."""
    text = (CALLS / f"{page}-{language}.md").read_text("utf-8")
    told = re.search(r"told after ([0-9.]+); after ([0-9.]+) to whoever does not wait", text)
    assert told
    assert float(told[1]) <= patient
    assert float(told[2]) <= hurried
