"""A recording is deleted at the provider: as often as it takes, and twice deleted is deleted."""

import pytest
from after_call_bench import RECORDING, Bench, Killed, killing

from bridge.store.job import Job, JobKind


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


@pytest.mark.parametrize("kind", ["delete_recording", "check_callback"])
def test_what_does_no_harm_is_never_looked_for(bench: Bench, kind: JobKind):
    """A mark that it was sent, as a later version might leave, does not hold it up."""
    delivery = bench.line.app.extensions["bridge"].outbox_worker._handlers[kind]
    job = Job("0" * 64, "demo", kind, b"{}", bench.now, 2, bench.now, "claim")
    assert delivery.is_done(job) is None


def test_it_is_tried_until_it_is_gone(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """A provider that refuses or is away is asked again later."""
    bench.record()
    bench.leave("delete_recording", recording=RECORDING)
    with monkeypatch.context() as patch:
        patch.setattr(bench.provider, "_token", "changed")
        bench.run_forever(4)
    assert (len(bench.provider.recordings.all), bench.counts()) == (1, (1, 0, 0))
    bench.run_forever()
    assert (bench.provider.recordings.all, bench.counts()) == ([], (0, 1, 0))


@pytest.mark.parametrize("kill", ["sent, and not ticked off", "ticked off"])
def test_killed_in_between_it_is_gone(bench: Bench, monkeypatch: pytest.MonkeyPatch, kill: str):
    """The next process deletes it again, without looking."""
    bench.record()
    bench.leave("delete_recording", recording=RECORDING)
    with monkeypatch.context() as patch:
        killing(patch, kill)
        with pytest.raises(Killed):
            bench.round()
    bench.line.start()
    bench.run_forever()
    assert (bench.provider.recordings.all, bench.counts()) == ([], (0, 1, 0))
