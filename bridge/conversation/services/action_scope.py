"""What the services of one action share: the office, the call, the deadline and the caller's confirmation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.at_most_once.sender import DecisionSender
from bridge.conversation.office_context import OfficeContext
from bridge.conversation.turn import confirmation
from bridge.flow.action_context import IdentifiedFile
from bridge.office.hours import BRUSSELS
from bridge.office.model import Office
from bridge.store.pin_attempts import PinAttempts
from bridge.tagor import Deadline, Tagor, TagorUnreachable
from voice_flows.answers import WriteResult


@dataclass(frozen=True, slots=True, repr=False)
class ActionScope:
    """What one action run may use.

    Args:
        office_context: the office with its threads and rules.
        office: the office's own file.
        tagor: the office's Tagor, asked with the office's credential.
        pin_attempts: the PIN budgets.
        sender: what sends a confirmed write.
        call_id: the id of the call.
        moves: the call's count of moves.
        caller: the number that calls (E.164, "" when withheld), which proves nothing.
        file: the file whose defendant has proved who they are, if anybody has.
        now: the moment of the turn (aware).
        deadline: the end of all that this action asks of Tagor.
        patience: until when it waits for the result of a write.
    """

    office_context: OfficeContext
    office: Office
    tagor: Tagor
    pin_attempts: PinAttempts
    sender: DecisionSender
    call_id: str
    moves: int
    caller: str
    file: IdentifiedFile | None
    now: datetime
    deadline: Deadline
    patience: Deadline

    @property
    def confirmation(self) -> str:
        """The name of what the caller would confirm here, unique over all calls."""
        return confirmation(self.call_id, self.moves)

    @property
    def local_time(self) -> datetime:
        """The moment of the turn in Belgium."""
        return self.now.astimezone(BRUSSELS)

    @property
    def today(self) -> date:
        """The day of the turn in Belgium."""
        return self.local_time.date()

    def write_once(self, command: Callable[[], WriteCommand | None]) -> WriteResult:
        """Send what the caller confirmed here, at most once however often this is asked.

        `command` is asked only when nothing was confirmed here before; None refuses, and nothing is written.

        Raises:
            Pending: the write is being sent, or Tagor is asked whether it took effect.
            StoreDown: it could not be written into the journal, so nobody sends it.
            TagorUnreachable: preparing it took so long that nobody waits for it; nothing was written.
        """
        known = self.sender.result(self.office_context, self.confirmation, self.patience.left())
        if known is not None:
            return known
        # Only now: what `command` asks of Tagor would be asked again in every turn that waits for the result.
        wanted = command()
        if wanted is None:
            return WriteResult("refused")
        if not self.deadline.left():
            raise TagorUnreachable("Tagor", "a decision could not be prepared in time.")
        return self.sender.decide(self.office_context, self.confirmation, wanted, self.patience.left())
