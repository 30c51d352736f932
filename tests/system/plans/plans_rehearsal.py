"""One cell played from ring to verdict: a call that is cut off by a death, a redial, a quarter of an hour."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from plans_caller import AGREE, OWN_AMOUNT, READ_BACK, Call, Caller
from plans_cells import OPERATIONS, Cell
from plans_line import OFFICE, Line
from plans_provider import Provider
from plans_server import wait_for
from plans_verdict import Breach, Story, World, breaches

from bridge.conversation.decisions.task_texts import TASKS
from bridge.simulators.provider.phone import Phone
from bridge.store.decision import CHECK_SCHEDULE, SENT_LEFT, DecisionEntry

BALANCE = Decimal("1234.56")
TASK = TASKS["nl"].partition("{")[0]
"""How every task begins; the notes on calls begin otherwise."""

LISTENS = 6.0
"""Seconds in which a question is heard to its end."""

ASKED_AT = {"plan": READ_BACK, "approval": AGREE}

LOOKED_BY = SENT_LEFT + timedelta(seconds=2)
"""How long after its sending a decision has been looked after, whoever died."""

QUARTER = CHECK_SCHEDULE[-1] + timedelta(minutes=1)
SETTLED_BY = 45.0
"""Seconds in which everything that is due is settled, also after a lease that a dead worker held."""


@dataclass(frozen=True, slots=True)
class Played:
    """How a cell went: its story, unless it could not be played, and the promises it broke."""

    cell: Cell
    breaches: Sequence[Breach]
    story: Story | None = None


class Rehearsal:
    """Plays one cell on a line that plays no other meanwhile.

    `number` makes the file; `hurry` puts the line's clock forward in place of waiting for the first looks,
    and has the caller press at once.
    """

    def __init__(self, line: Line, cell: Cell, number: int, seed: int, *, hurry: bool = False) -> None:
        self._line, self._cell, self._seed, self._hurry = line, cell, seed, hurry
        self._case = line.open_file(number, BALANCE)
        self._by_amount = cell.by_amount(seed)
        self._provider = Provider(cell.copies, cell.delay)
        self._prepared = False

    def play(self) -> Played:
        """Play it.

        Raises:
            AssertionError: it was not what the cell says: no worker was killed, or whoever called again got
                no further than the door.
        """
        begun, kills = self._line.now(), self._line.server.kills
        caller = self._cut_off()
        with closing(self._provider):
            cut_off = caller.calls()
        redial = self._caller().calls()
        self._line.disarm()
        looked = self._looked(begun)
        entries = self._settled(begun)
        killed = self._line.server.kills - kills
        if killed != 1 or not redial.heard("Balance.choose"):
            heard = f"{' '.join(cut_off.prompts)}; {' '.join(redial.prompts)}"
            raise AssertionError(f"{killed} workers were killed, heard was: {heard}. {self._line.server.log}")
        replies = [turn.body for turn in caller.phone.turns]
        story = self._story([cut_off, redial], replies, looked, entries)
        return Played(self._cell, breaches(story), story)

    def _cut_off(self) -> Caller:
        """The caller whose call is cut off, and who listens to what follows while late copies come in."""
        return self._caller(
            self._provider,
            before=self._prepare,
            after=lambda _question: self._provider.settle(),
            broken=lambda: self._provider.broken,
            listens=0.0 if self._hurry else LISTENS,
        )

    def _caller(self, post: Provider | None = None, **more: Any) -> Caller:  # noqa: ANN401 - the caller's
        phone = Phone(self._line.number, self._case.phone or "", post=post)
        pin, file = self._case.pin, self._case.file
        return Caller(phone, pin, file, by_amount=self._by_amount, look=self._world, **more)

    def _prepare(self, question: str) -> None:
        """Before the confirmation this is about: plant Tagor's fault, arm the death, tell the provider."""
        if self._prepared or question != ASKED_AT[self._cell.kind]:
            return
        self._prepared = True
        operation = OPERATIONS[self._cell.kind]
        if trouble := self._cell.trouble(self._seed):
            self._line.tagor.fault(operation, times=1, **trouble)
        self._line.arm(self._cell.boundary, operation if self._cell.in_flight else "")
        self._provider.expect()

    def _looked(self, begun: datetime) -> tuple[Sequence[DecisionEntry], bool]:
        """The journal when the first looks are over, and whether it blocks the file."""
        if self._hurry:
            self._line.leap(LOOKED_BY)
        wait_for(lambda: all(map(self._is_looked_after, self._line.decisions(begun))), SETTLED_BY)
        return self._line.decisions(begun), self._line.journal.is_blocked(OFFICE, self._case.file_id)

    def _is_looked_after(self, entry: DecisionEntry) -> bool:
        over = entry.settled_at is not None or entry.sent_at is None
        return over or self._line.now() >= entry.sent_at + LOOKED_BY

    def _settled(self, begun: datetime) -> Sequence[DecisionEntry]:
        """The journal a quarter of an hour later."""
        self._line.leap(QUARTER)
        wait_for(lambda: all(entry.settled_at for entry in self._line.decisions(begun)), SETTLED_BY)
        return self._line.decisions(begun)

    def _world(self) -> World:
        tagor, file = self._line.tagor, self._case.file_id
        times = Counter[str]()
        for (kind, what), count in tagor.effects(file).items():
            times["task" if kind == "info line" and what.startswith(TASK) else kind] += count
        return World(
            at=self._line.now(),
            plans=tuple(tagor.plans(file)),
            approvals=times["approval"],
            media=tuple(message.medium for message in tagor.messages(file)),
            tasks=times["task"],
            saves=len(self._line.asked(OPERATIONS["plan"], file)),
            approves=len(self._line.asked(OPERATIONS["approval"], file)),
        )

    def _story(
        self,
        calls: Sequence[Call],
        replies: Sequence[bytes],
        looked: tuple[Sequence[DecisionEntry], bool],
        entries: Sequence[DecisionEntry],
    ) -> Story:
        approvals = self._line.asked(OPERATIONS["approval"], self._case.file_id)
        return Story(
            calls=calls,
            replies=replies,
            repeated=list(self._provider.answers.values()),
            last_words=self._line.last_words,
            wanted=f"monthly={Decimal(OWN_AMOUNT):.2f} " if self._by_amount else "months=6 ",
            looked=looked,
            entries=entries,
            end=self._world(),
            mobile=self._case.phone or "",
            phones=[entry["fields"].get("Telnr", "") for entry in approvals],
        )
