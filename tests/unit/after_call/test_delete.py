"""A recording is deleted at the provider: as often as it takes, and twice deleted is deleted."""

import pytest
from after_call_bench import RECORDING, Bench


def test_it_is_gone(bench: Bench):
    """That one, and no other."""
    bench.record()
    bench.record("RE" + "7" * 32)
    bench.leave("delete_recording", recording=RECORDING)
    bench.round()
    assert [one.id for one in bench.provider.recordings.all] == ["RE" + "7" * 32]
    assert bench.counts() == (0, 1, 0)


def test_one_that_is_gone_already_is_fine(bench: Bench):
    """Whoever deleted it."""
    bench.leave("delete_recording", recording=RECORDING)
    bench.round()
    assert (bench.provider.asked["DELETE recording"], bench.counts()) == (1, (0, 1, 0))


def test_it_is_tried_until_it_is_gone(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """A provider that refuses or is away is asked again later."""
    bench.record()
    bench.leave("delete_recording", recording=RECORDING)
    with monkeypatch.context() as patch:
        patch.setattr(bench.provider, "token", "changed")
        bench.run_forever(4)
    assert (len(bench.provider.recordings.all), bench.counts()) == (1, (1, 0, 0))
    bench.run_forever()
    assert (bench.provider.recordings.all, bench.counts()) == ([], (0, 1, 0))


@pytest.mark.parametrize("kill", ["sent, and not ticked off", "ticked off"])
def test_killed_in_between_it_is_gone(bench: Bench, kill: str):
    """The next process deletes it again, without looking."""
    bench.record()
    bench.leave("delete_recording", recording=RECORDING)
    bench.die(kill)
    bench.run_forever()
    assert (bench.provider.recordings.all, bench.counts()) == ([], (0, 1, 0))
