"""Takes over what people of an office change while the line runs, beside the turns and never in one."""

from collections.abc import Mapping
from dataclasses import replace

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.conversation.office_context import OfficeContext
from bridge.flow.graph import FlowGraph
from bridge.store.background import run_forever
from bridge.store.live_settings import NOTHING_CHANGED, LiveSettings, OfficeSettings


class LiveOffices:
    """The offices of this process as they are now.

    A thread of the process looks twice a second whether anything was changed, and then puts another context
    in the place of the former one. So a turn reads nothing for it and waits for nothing; while the store
    cannot be read, what was read last counts, and an announcement still ends in its time.

    Attributes:
        by_number: the offices by dialled number.
    """

    def __init__(
        self,
        settings: LiveSettings,
        offices: Mapping[str, OfficeContext],
        flows: FlowGraph,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._settings, self._offices, self._flows, self._clock = settings, offices, flows, clock
        self._read: Mapping[str, OfficeSettings] = {}
        self._taken_over: dict[str, OfficeSettings] = {}
        self.by_number: dict[str, OfficeContext] = dict(offices)

    def start(self) -> None:
        """Take changes over in the background for as long as the process lives."""
        run_forever("live offices", self.refresh)

    def refresh(self) -> int:
        """Take over what has changed; raises `StoreDown` when that could not be read.

        Gives 0, because a rest always follows.
        """
        try:
            self._read = self._settings.read()
        finally:
            for number, context in self._offices.items():
                self._take_over(number, context, self._now(context.office.key))
        return 0

    def _take_over(self, number: str, context: OfficeContext, settings: OfficeSettings) -> None:
        if settings != self._taken_over.get(number, NOTHING_CHANGED):
            self.by_number[number] = context.changed(settings, self._flows)
            self._taken_over[number] = settings

    def _now(self, office: str) -> OfficeSettings:
        """Give an office's changes without an announcement whose time is over."""
        settings = self._read.get(office, NOTHING_CHANGED)
        announcement = settings.announcement
        if announcement is None or self._clock.now() < announcement.until:
            return settings
        return replace(settings, announcement=None)
