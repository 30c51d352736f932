"""What the office has planned on a file: of its agenda only the kinds that the office calls public."""

from dataclasses import dataclass

from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.codes import id_of, words_of
from bridge.flow.action_context import IdentifiedFile
from bridge.office.hours import day_and_time
from bridge.tagor import Appointment
from voice_flows.answers import PlannedTask
from voice_flows.services import PlannedTasks

_KINDS, _STATUSES = "TJOBM", "TQSTATUS"


@dataclass(frozen=True, slots=True, repr=False)
class PlannedService(PlannedTasks):
    """Reads a file's agenda; its own words, and whose agenda it is, are never told."""

    scope: ActionScope

    def next_task(self, file: IdentifiedFile, language: str) -> PlannedTask | None:
        """Give the first entry that is still to come and that the office lets callers know.

        Raises:
            TagorError: Tagor gives no usable answer in time.
        """
        rules, scope = self.scope.office.planned, self.scope
        # A neighbour who knows the house number must not learn when somebody is expected.
        if not rules.public or not file.strong:
            return None
        told = scope.tagor.agenda.on_file(file.id, deadline=scope.deadline)
        # A status that Tagor does not say may be one of them.
        over = {"", *(id_of(scope, _STATUSES, code) for code in rules.over)} if rules.over else set()
        coming = [
            (entry.at, entry)
            for entry in told
            if entry.at and entry.at > scope.now and not entry.blocked and entry.status not in over
        ]
        for at, entry in sorted(coming, key=lambda moment_and_entry: moment_and_entry[0]):
            if name := self._public_name(entry, language):
                return PlannedTask(*day_and_time(at), name)
        return None

    def _public_name(self, entry: Appointment, language: str) -> str:
        """Give in words what kind of entry it is, "" unless that kind is public."""
        for code in self.scope.office.planned.public:
            # Generation 1.08 tells no id of a kind, only its Dutch name.
            name = words_of(self.scope, _KINDS, code, "nl")
            same = entry.kind_id == id_of(self.scope, _KINDS, code) if entry.kind_id else entry.kind == name
            if name and same:
                return words_of(self.scope, _KINDS, code, language) or name
        return ""
