"""The walk-through in CONTRIBUTING leads from Tagor's contract to a sentence that callers hear."""

from pathlib import Path

import pytest
from shared_walk_through import blocks, copy_after, python, steps

PAGE = "CONTRIBUTING.md", "Adding a question to Tagor"
MAX_FILES = 8
PHONE = """
from bridge.checks import recorded_calls
from bridge.simulators.tagor import CASES

recorded_calls.CALL_PLANS = (recorded_calls.CallPlan("opened", "Since when", ("1", "PIN", "3", "1")),)
for case in CASES[:4]:
    [played] = recorded_calls.play_calls(case)
    print(*(heard.text for turn in played.turns for heard in turn.utterances), sep="\\n")
"""
HEARD = [
    "De stand van uw dossier is: Lopend. Het werd geopend op woensdag 18 januari 2023.",
    "L'état de votre dossier est : En cours. Il a été ouvert le dimanche 19 février 2023.",
    "Der Stand Ihrer Akte ist: Laufend. Sie wurde angelegt am Montag, den zwanzigsten März 2023.",
    "The status of your file is: Running. It was opened on Friday 21 April 2023.",
]


@pytest.mark.timeout(300)
def test_whoever_follows_the_steps_hears_the_answer(tmp_path: Path):
    """In four languages, from eight files; the check finds nothing, and the code keeps to the rules."""
    followed = steps(*PAGE)
    assert len(followed) == blocks(*PAGE), "every block of code names its file"
    written = sorted({step.path for step in followed})
    assert len(written) <= MAX_FILES
    copy = copy_after(followed, tmp_path)
    python(copy, "-m", "bridge", "check")
    heard = python(copy, "-c", PHONE).split("\n")
    assert [sentence for sentence in HEARD if sentence not in heard] == []
    python(copy, "-m", "ruff", "check", "--no-cache", *(path for path in written if path.endswith(".py")))
