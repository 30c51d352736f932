"""What every page of the console needs: the store, the flows, the offices, and the audit list."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from flask import abort
from flask_login import current_user
from werkzeug.exceptions import BadRequest

from bridge.call_statistics import decisions, meanings
from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.flow.graph import FlowGraph
from bridge.office.hours import BRUSSELS
from bridge.store.pin_attempts import PinLimits
from bridge.store.repositories import Repositories
from bridge.store.step_journal import SeenCall
from bridge.store.step_tally import Mark

if TYPE_CHECKING:
    from bridge.operations.line_metrics import OfficeTagor

TYPED_MOMENT = "%Y-%m-%dT%H:%M"
"""How a browser's field for a moment holds it."""


@dataclass(frozen=True, slots=True)
class ConsoleOffice:
    """An office as the console knows it.

    Attributes:
        key: its name in the store.
        languages: what its line speaks, the default language first.
        services: what its file lets it offer by phone, and so may be switched off.
        names: what it is called in each of its languages.
        pin_limits: how many wrong PINs its callers may key in altogether.
    """

    key: str
    languages: tuple[str, ...]
    services: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    pin_limits: PinLimits = field(default_factory=PinLimits)


class UnfitFilter(BadRequest):
    """An address asks for what no page can show; `takes` names the sentence that says what would do."""

    def __init__(self, takes: str) -> None:
        super().__init__()
        self.takes = takes


Sound = Callable[[bytes], bytes | None]
"""Gives the sound of a voicemail by the payload of its job, None when it cannot be had now."""

LockedNames = Callable[[str, str], Collection[str] | None]
"""Gives the names under which an office counts a file's wrong PINs, by its number; None if Tagor is away."""

TagorNow = Callable[[], "Mapping[str, OfficeTagor] | None"]
"""Tells by office how Tagor answers the line, None when the line cannot be asked."""


@dataclass(frozen=True)
class ConsoleContext:
    """What the pages show, and the list of what people do there.

    Without `sound` no voicemail is heard, and without `tagor` the line counts nothing of Tagor.
    `locked_names` matters where callers key in references.
    """

    store: Repositories
    flows: FlowGraph
    offices: Sequence[ConsoleOffice]
    clock: Clock = SYSTEM_CLOCK
    sound: Sound | None = None
    tagor: TagorNow | None = None
    locked_names: LockedNames = lambda _office, number: {number}

    def theirs(self) -> list[ConsoleOffice]:
        """Give the offices of whoever asks."""
        return [office for office in self.offices if current_user.sees(office.key)]

    def their_keys(self) -> list[str]:
        """Give the keys of those offices."""
        return [office.key for office in self.theirs()]

    def office(self, key: str) -> ConsoleOffice:
        """Give one of them; for whoever asks, another office's page is not there."""
        return next((office for office in self.theirs() if office.key == key), None) or abort(404)

    def name_of(self, key: str, language: str) -> str:
        """Give what an office is called in a language, or in its own."""
        names = next((office.names for office in self.offices if office.key == key), {})
        return names.get(language) or next(iter(names.values()), key)

    def live(self) -> list[SeenCall]:
        """List the calls that go on now at the offices of whoever asks, newest step first.

        The store knows that; a transfer takes no step for as long as two people talk.
        """
        return self.store.steps.of_calls(self.store.calls.under_way(self.their_keys(), self.clock.now()))

    def did(self, calls: Collection[SeenCall]) -> dict[int, list[str]]:
        """Give what each of the listed calls is known to have done, by the names of `CallStatistics`.

        The keys are the calls' positions.
        """
        return {
            position: [what for what, marks in self._meanings.items() if not taken.isdisjoint(marks)]
            for position, taken in self.store.steps.taken_by(calls).items()
        }

    @cached_property
    def _meanings(self) -> Mapping[str, Collection[Mark]]:
        return meanings(self.flows) | decisions(self.flows)

    def note(self, what: str, whom: str = "", *, who: str = "") -> None:
        """Write down what is done, before it is done: a change without its line must not be possible."""
        self.store.audit.add(self.clock.now(), who or current_user.name, what, whom)


def local(moment: datetime) -> str:
    """Write a moment as people in Belgium read it."""
    return f"{moment.astimezone(BRUSSELS):%d/%m %H:%M:%S}"
