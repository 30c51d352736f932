"""Renders the table at the end of a rehearsal, for whoever decides whether the line may go live."""

from collections.abc import Iterator

from bridge.simulators.rehearsal.judging.promises import PROMISES, PROVED_ELSEWHERE
from bridge.simulators.rehearsal.judging.tally import RehearsalTally

ENDS = ("answer", "person", "voicemail", "call-back", "rang in vain", "hung up by the caller", "nothing")
SILENCE = (
    "Silence: the time without a word, from the words before or from what the caller did; "
    "ringing a colleague and what the provider itself delays do not count."
)


def table(tally: RehearsalTally) -> Iterator[str]:
    """Yield the lines of the table."""
    yield _row("calls", f"{tally['calls']:,}")
    if tally.seconds:
        yield _row("rate (calls a second)", f"{tally['calls'] / tally.seconds:.1f}")
        yield _row("CPU (ms a call)", f"{1000 * tally.cpu / max(1, tally['calls']):.0f}")
    yield _row("turns", f"{tally['turns']:,}")
    yield _row("faults", f"{sum(tally.of('fault').values()):,}")
    yield from (
        _row(f"  {kind.replace('_', ' ')}", f"{count:,}") for kind, count in tally.of("fault").items()
    )
    yield "how they ended"
    ends = tally.of("end")
    yield from (_row(f"  {end}", f"{ends[end]:,}") for end in ENDS if end in ends)
    yield _row("longest silence", f"{tally.silence:.2f} s")
    yield _row("slowest answer", f"{tally.slowest:.2f} s")
    yield "promises"
    for name, promise in PROMISES.items():
        times = tally.promises[name]
        yield f"  {name:<6} {f'BROKEN {times}x' if times else 'held':<12} {promise}"
    yield from (f"  {name:<6} {'not here':<12} {where}" for name, where in PROVED_ELSEWHERE.items())
    yield SILENCE
    if tally.interrupted:
        yield "Interrupted: the table tells what was played by then."
    yield from (f"BROKEN {broken}" for broken in tally.broken)


def _row(name: str, value: str) -> str:
    return f"{name:<26}{value:>12}"
