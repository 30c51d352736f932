"""Call statistics: what an office wants to know of its line, counted from the journal of steps."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bridge.flow.actions import AS_CONFIRMED
from bridge.flow.engine import ONCE_MORE, TROUBLE
from bridge.flow.graph import FlowGraph
from bridge.flow.steps import Decide, Do, RecordStep, Step, Transfer
from bridge.office.hours import BRUSSELS
from bridge.store.callbacks import CallbackState, PromisedCallbacks
from bridge.store.repositories import Repositories
from bridge.store.step_journal import Span
from bridge.store.step_tally import Mark

DAYS = 7
_MOST = 0.95
_DONE = ("done", AS_CONFIRMED)
"""The exits of a decision that Tagor carried out, with its own terms or with those that the caller heard."""


@dataclass(frozen=True, slots=True)
class CallStatistics:
    """What happened on one office's line from the day `first` to the day `last`, in whole calls.

    Attributes:
        calls: by day, every day of the week.
        calls_that: how many calls were identified, were put through, found nobody, left a voicemail.
        decided: what callers confirmed and Tagor did, by the step that did it.
        callbacks: how many call-backs were promised, and kept or missed when it was time.
        languages: calls by the language in which they ended.
        endings: calls by their last exit.
        exits: how often each exit was taken.
        troubles: how often a turn broke, Tagor did not help, a question was asked again.
        failures: the exits that the first two of these are about, the most frequent first.
        wait: milliseconds for which a turn was waited for: half of them, and nineteen of twenty.
    """

    office: str
    first: date
    last: date
    calls: Mapping[date, int]
    calls_that: Mapping[str, int]
    decided: Mapping[str, int]
    callbacks: Mapping[str, int]
    languages: Mapping[str, int]
    endings: Mapping[Mark, int]
    exits: Mapping[Mark, int]
    troubles: Mapping[str, int]
    failures: Mapping[Mark, int]
    wait: tuple[int, int]

    @property
    def total(self) -> int:
        """How many calls there were."""
        return sum(self.calls.values())

    def rows(self) -> Iterator[tuple[str, int]]:
        """Yield every number with a name of its own, for a table of two columns."""
        yield "calls", self.total
        yield from ((f"calls on {day}", number) for day, number in self.calls.items())
        yield from ((f"calls that {what}", number) for what, number in self.calls_that.items())
        yield from ((f"done: {step}", number) for step, number in self.decided.items())
        yield from ((f"call-backs {what}", number) for what, number in self.callbacks.items())
        yield from ((f"calls in {language}", number) for language, number in self.languages.items())
        yield from self.troubles.items()
        yield "milliseconds to an answer (half of the turns)", self.wait[0]
        yield "milliseconds to an answer (19 of 20 turns)", self.wait[1]
        yield from ((f"ended at {step}: {way}", number) for (step, way), number in self.endings.items())
        yield from ((f"taken: {step} {way}", number) for (step, way), number in self.exits.items())


def statistics_of(
    store: Repositories, flows: FlowGraph, office: str, first: date, last: date
) -> CallStatistics:
    """Count what happened on an office's line from one day to another, both included."""
    span = span_of(office, first, last)
    tally = store.steps.tally(span, meanings(flows))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    broken = Counter({mark: n for mark, n in tally.exits.items() if mark[1] == TROUBLE})
    unhelped = +Counter({(step, "down"): tally.exits[step, "down"] for step in _questions(flows)})
    begun = Counter(moment.astimezone(BRUSSELS).date() for moment in tally.began)
    return CallStatistics(
        office=office,
        first=first,
        last=last,
        calls={day: begun[day] for day in days},
        calls_that=tally.calls_that,
        decided={
            place: sum(tally.exits[mark] for mark in marks) for place, marks in decisions(flows).items()
        },
        callbacks=_callbacks(store.callbacks, span),
        languages=dict(tally.languages.most_common()),
        endings=dict(tally.endings.most_common()),
        exits=dict(tally.exits.most_common()),
        troubles={
            "turns that broke": broken.total(),
            "times that Tagor did not help": unhelped.total(),
            "questions asked again": sum(n for (_, way), n in tally.exits.items() if way.endswith(ONCE_MORE)),
        },
        failures=dict((broken + unhelped).most_common()),
        wait=(tally.wait(0.5), tally.wait(_MOST)),
    )


def week_until(now: datetime) -> tuple[date, date]:
    """Return the first and the last of the seven days in Belgium that end with today."""
    last = now.astimezone(BRUSSELS).date()
    return last - timedelta(days=DAYS - 1), last


def span_of(office: str, first: date, last: date) -> Span:
    """Return what lies between the beginning of one day and the end of another, both in Belgium."""
    return Span(office, _midnight(first), _midnight(last + timedelta(days=1)))


def week(store: Repositories, flows: FlowGraph, now: datetime) -> list[CallStatistics]:
    """Count the seven days that end with today, for every office that was called in them."""
    first, last = week_until(now)
    return [
        statistics_of(store, flows, office, first, last)
        for office in store.steps.offices(_midnight(first), _midnight(last + timedelta(days=1)))
    ]


def as_csv(offices: Sequence[CallStatistics]) -> str:
    """Return the columns office, from, until, figure and value, with every figure of every office."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(("office", "from", "until", "figure", "value"))
    for one in offices:
        writer.writerows((one.office, one.first, one.last, name, value) for name, value in one.rows())
    return sheet.getvalue().rstrip("\n")


def as_json(offices: Sequence[CallStatistics]) -> str:
    """Return a list of offices, each with its days and all of its figures by name."""
    return json.dumps(
        [
            {
                "office": one.office,
                "from": f"{one.first}",
                "until": f"{one.last}",
                "figures": dict(one.rows()),
            }
            for one in offices
        ],
        indent=2,
    )


def meanings(flows: FlowGraph) -> dict[str, set[Mark]]:
    """Return the exits by which a call is known to have done something, from the tables themselves."""
    found: dict[str, set[Mark]] = {
        "proved who called": set(),
        "were put through": set(),
        "found nobody": set(),
        "left a voicemail": set(),
    }
    for place, step in _steps(flows):
        match step:
            case Do():
                found["proved who called"] |= {(place, way) for way in step.action.proof}
            case Transfer():
                found["were put through"].add((place, "answered"))
                found["found nobody"].add((place, "unanswered"))
            case RecordStep():
                found["left a voicemail"].add((place, "left"))
    return found


def decisions(flows: FlowGraph) -> dict[str, set[Mark]]:
    """Return the exits by which Tagor has done what a caller confirmed, by the step that did it."""
    steps = [place for place, step in _steps(flows) if isinstance(step, Decide)]
    return {place: {(place, way) for way in _DONE} for place in steps}


def _questions(flows: FlowGraph) -> list[str]:
    """Return the steps that wait for Tagor; one that goes on without an outcome says nothing by it."""
    return [
        place
        for place, step in _steps(flows)
        if isinstance(step, Decide) or (isinstance(step, Do) and not step.local and step.timeout is None)
    ]


def _steps(flows: FlowGraph) -> Iterator[tuple[str, Step]]:
    for flow in flows.flows.values():
        yield from ((f"{flow.name}.{name}", step) for name, step in flow.steps.items())


def _callbacks(promised: PromisedCallbacks, span: Span) -> dict[str, int]:
    """Count call-backs of a span: promised in it, and kept or missed when it was time."""
    # None is promised further ahead than a month.
    found = [one for one in promised.report(span.since - timedelta(days=31)) if one.office == span.office]
    settled = Counter(one.state for one in found if span.since <= one.ends < span.until)
    return {
        "promised": sum(span.since <= one.promised_at < span.until for one in found),
        "kept": settled[CallbackState.KEPT],
        "missed": settled[CallbackState.MISSED],
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=BRUSSELS)
