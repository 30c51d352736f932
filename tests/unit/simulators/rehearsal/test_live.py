"""The live rehearsal judges its figures: an answer that takes longer than a webhook may breaks a promise."""

from bridge.simulators.rehearsal.judging.promises import SECONDS
from bridge.simulators.rehearsal.live.caller import PlanCallResult
from bridge.simulators.rehearsal.live.live import late
from bridge.simulators.rehearsal.live.load import CallLoad
from bridge.simulators.tagor import CASES


def told(case: int, slowest: float) -> PlanCallResult:
    return PlanCallResult(CASES[case], "agreed", 9, slowest, 0.0, 0, 0, ())


def test_an_answer_that_takes_too_long_is_named_by_its_file():
    """Whoever was answered in time is not."""
    crowd = CallLoad([told(0, SECONDS), told(1, SECONDS + 0.5)], 2, 60.0, 1.0)
    assert late(crowd) == [f"file {CASES[1].file}: an answer took 4.50 s"]
