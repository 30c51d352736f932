"""One cell played from ring to verdict: a call that is cut off by a death, a redial, a quarter of an hour."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from plans_caller import AGREE, READ_BACK, Caller
from plans_cells import OPERATIONS, Cell
from plans_line import OFFICE, Line, wait_for
from plans_provider import Provider
from plans_verdict import APPROVE, SAVE, Breach, Story, World, breaches

from bridge.carrier.phone import Phone
from bridge.standin import Case
from bridge.store.decision import LOOKS, SENT_LEFT, Entry

BALANCE = Decimal("1234.56")
FIRST_LOOKS = 3
LOOKED_BY = SENT_LEFT + timedelta(seconds=4)
"""How long after its sending a decision has been looked after, whoever died."""

QUARTER = int(LOOKS[-1].total_seconds()) + 60
FINISHED_BY = 45.0


@dataclass(frozen=True, slots=True)
class Played:
    """How a cell went: promises broken, what was heard, and how often a repeat was led to a person."""

    cell: Cell
    breaches: list[Breach]
    heard: list[list[str]]
    to_a_person: int = 0


class Rehearsal:
    """Plays one cell on a line; `hurry` moves the line's clock where the rehearsal would really wait."""

    def __init__(self, line: Line, cell: Cell, number: int, seed: int, *, hurry: bool = False) -> None:
        self._line, self._cell, self._seed, self._hurry = line, cell, seed, hurry
        self._case: Case = line.open_file(number, BALANCE)
        self._by_amount = cell.by_amount(seed)
        self._provider = Provider(cell.copies, cell.delay)
        self._planted = False

    def play(self) -> Played:
        """Play it; raises AssertionError when the process never died."""
        begun = self._line.now()
        with closing(self._provider):
            cut_off = self._caller(
                self._provider, before=self._prepare, after=self._settle_copies, broken=self._broken
            )
            cut_off.calls()
            self._provider.settle()
        redial = self._caller(None)
        redial.calls()
        died = self._line.disarm()
        looked = self._looked(begun)
        entries = self._finished(begun)
        self._line.tagor.clear_faults()
        if not died:
            raise AssertionError(f"nobody passed the boundary; heard {cut_off.prompts}")
        story = self._story([cut_off, redial], looked, entries)
        self._line.tagor.clear_journal()
        last_words = [body == story.last_words for one in story.repeated for body in one.bodies]
        return Played(self._cell, breaches(story), [cut_off.prompts, redial.prompts], sum(last_words))

    def _caller(
        self,
        post: Provider | None,
        *,
        before: Callable[[str], None] = lambda _question: None,
        after: Callable[[str], None] = lambda _question: None,
        broken: Callable[[], int] = lambda: 0,
    ) -> Caller:
        case = self._case
        return Caller(
            Phone(self._line.number, case.phone or "", post=post),
            case.pin,
            case.file,
            by_amount=self._by_amount,
            look=self._world,
            before=before,
            after=after,
            broken=broken,
        )

    def _prepare(self, question: str) -> None:
        """Before the confirmation this is about: plant Tagor's fault, arm the death, tell the provider."""
        if self._planted or question != {"plan": READ_BACK, "approval": AGREE}[self._cell.kind]:
            return
        self._planted = True
        operation = OPERATIONS[self._cell.kind]
        if trouble := self._cell.trouble(self._seed):
            self._line.tagor.fault(operation, times=1, **trouble)
        self._line.arm(self._cell.boundary, operation if self._cell.in_flight else "")
        self._provider.expect()

    def _settle_copies(self, _question: str) -> None:
        """The caller still listens to what follows when late copies come in."""
        self._provider.settle()

    def _broken(self) -> int:
        return self._provider.broken

    def _looked(self, begun: datetime) -> tuple[list[Entry], bool]:
        """The journal when the first looks are over, and whether it blocks the file."""
        if self._hurry:
            self._line.leap(int(LOOKED_BY.total_seconds()))
        wait_for(lambda: all(map(self._is_looked_after, self._line.decisions(begun))), FINISHED_BY)
        return self._line.decisions(begun), self._line.journal.blocked(OFFICE, self._case.file_id)

    def _is_looked_after(self, entry: Entry) -> bool:
        if entry.settled_at is not None or entry.sent_at is None:
            return True
        return self._line.now() >= entry.sent_at + LOOKED_BY

    def _finished(self, begun: datetime) -> list[Entry]:
        """The journal a quarter of an hour later."""
        self._line.leap(QUARTER)
        wait_for(lambda: all(entry.settled_at for entry in self._line.decisions(begun)), FINISHED_BY)
        return self._line.decisions(begun)

    def _world(self) -> World:
        tagor, file = self._line.tagor, self._case.file_id
        effects = tagor.effects(file)
        return World(
            at=self._line.now(),
            plans=tuple(tagor.plans(file)),
            approvals=sum(times for (kind, _), times in effects.items() if kind == "approval"),
            media=tuple(message.medium for message in tagor.messages(file)),
            tasks=sum(times for (kind, _), times in effects.items() if kind == "info line"),
            saves=len(self._line.asked(SAVE, file)),
            approves=len(self._line.asked(APPROVE, file)),
        )

    def _story(
        self, calls: list[Caller], looked: tuple[list[Entry], bool], entries: list[Entry]
    ) -> Story:
        approvals = self._line.asked(APPROVE, self._case.file_id)
        return Story(
            calls=calls,
            repeated=self._provider.repeated,
            last_words=self._line.last_words,
            by_amount=self._by_amount,
            looked=looked,
            entries=entries,
            end=self._world(),
            mobile=self._case.phone or "",
            phones=[entry["fields"].get("Telnr", "") for entry in approvals],
        )
