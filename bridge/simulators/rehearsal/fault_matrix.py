"""Lists the fault matrix: every fault at every place it can strike, as cells that are played one by one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from bridge.simulators.rehearsal.fault_tables import (
    ANSWERS,
    DATABASE,
    DIES_AT,
    DISK,
    DYING,
    HIDDEN_PAYMENT,
    HTTP,
    LOST_REPLY,
    ODD_ROUTES,
    OF_CORRESPONDENCE,
    OF_LETTERS,
    OF_LINE_NOTES,
    OF_LINES,
    OF_QUESTIONS,
    OF_REFERENCES,
    OF_SLIPS,
    OPERATIONS,
    OTHER_PLAN,
    PROVIDER,
    REPLAYED,
    SECOND_PLAN,
    TAGOR,
    TIMES,
    WHOLE,
    tagor_fault,
)
from bridge.simulators.rehearsal.play.fault_generator import FIELDS, RETENTIONS, UNREADABLE
from bridge.simulators.rehearsal.play.scenario import Fault
from bridge.simulators.rehearsal.play.scripted_caller import LANGUAGES, ROUTES, WAYS

DEEDS = 3
"""Every call has at least so many actions after the ringing; faults strike at one after the other."""
FORGETS_AT = 2
"""The action after the choice of the language: before that the call has no state that can be lost."""
MORNING = "2026-03-04T10:00:00+01:00"
SCRIPTED = tuple(product(ROUTES, LANGUAGES))
ON_PAPER = tuple(product(("plan", "own plan", "text", "contact"), LANGUAGES))
DECIDED_AT = {"text": "Post.text", "contact": "Contact.read_back"}
AT_TIMES = tuple(product(("hours", "person", "balance", "plan", "call back"), LANGUAGES))
LEFT = "hung up by the caller"
VAIN = "rang in vain"
LEAVING = ("status first", "hang-up meanwhile")
WELL = {"answer", "person", "voicemail", "call-back"}
CELLS, PLAN_CELLS = 7_042, 504
"""How many cells there are here, and how many `make rehearsal-plans` plays, in which a process dies."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault at one place in one call.

    `at` is the question at which it strikes, or the action's number; `pause` how long the caller hesitates
    there (seconds). The `early` faults strike at the ringing, and only lead to that question.
    """

    part: str
    fault: str
    route: str
    language: str
    place: str = ""
    at: int | str = 0
    office: str = "plain"
    start: str = MORNING
    pause: float = 1.0
    faults: tuple[Fault, ...] = field(default=(), hash=False, compare=False)
    early: tuple[Fault, ...] = field(default=(), hash=False, compare=False)

    @property
    def other_route(self) -> str:
        """Return the route of somebody else who phones in this cell: the same, or the other kind of plan."""
        return OTHER_PLAN.get(self.route, self.route)

    def broken_by(self, figures: Counter[str]) -> Iterator[str]:
        """Yield what the calls of this cell broke by how they ended, given the scenario's figures."""
        ends = {name.removeprefix("end ") for name in figures if name.startswith("end ")}
        if self.faults and not any(figures[f"fault {fault['kind']}"] for fault in self.faults):
            yield "INV5: the fault never struck"
        well = WELL | ({LEFT} if self.fault in LEAVING else set())
        if "dialling" in WAYS[self.route]:  # where no colleague picks up
            well |= {VAIN}
        if bad := ends - well:
            yield f"INV5: the call ended so: {', '.join(sorted(bad))}"

    def __str__(self) -> str:
        return " ".join(filter(None, (self.part, self.fault, self.place, self.route, self.language)))


def cells() -> Iterator[Cell]:
    """Yield all 7,042 cells that are played on virtual time."""
    yield from _http()
    yield from _scripted("Tagor", WHOLE, whole=True)
    yield from _scripted("database", DATABASE)
    yield from _on_disk()
    yield from _scripted("provider", PROVIDER)
    yield from _at_times()
    yield from _replayed()
    yield from _second_plans()
    yield from _odd_values()
    yield from _dying()
    yield from _letters()
    yield from _references()
    yield from _disputes()
    yield from _slips()
    yield from _questions()
    yield from _lines()


def _http() -> Iterator[Cell]:
    for (name, kinds), (operation, route) in product(HTTP.items(), OPERATIONS.items()):
        office = "login" if operation in ("Login/Token", "TagorService/SelfServiceAllowed") else "plain"
        for number, language in enumerate(LANGUAGES):
            fault = kinds[number % len(kinds)] | {"endpoint": operation}
            yield Cell("HTTP", name, route, language, place=operation, office=office, faults=(fault,))


def _scripted(part: str, faults: Mapping[str, tuple[Fault, ...]], *, whole: bool = False) -> Iterator[Cell]:
    """Yield the 64 calls with each fault: all of its kinds from the beginning, or one kind on the way."""
    for name, kinds in faults.items():
        for number, (route, language) in enumerate(SCRIPTED):
            if whole:
                office = "login" if "token" in name else "plain"
                yield Cell(part, name, route, language, office=office, faults=kinds)
            else:
                fault = kinds[number % len(kinds)]
                at = FORGETS_AT if fault.get("what") == "forgets" else 1 + number % DEEDS
                yield Cell(part, name, route, language, at=at, faults=(fault,))


def _on_disk() -> Iterator[Cell]:
    for (name, kinds), (route, language) in product(DISK.items(), ON_PAPER):
        at = DECIDED_AT.get(route, "Agreement.read_back")
        yield Cell("disk", name, route, language, at=at, faults=kinds)


def _at_times() -> Iterator[Cell]:
    for (name, (start, jump, pause)), (route, language) in product(TIMES.items(), AT_TIMES):
        faults: tuple[Fault, ...] = ({"kind": "clock", "seconds": jump},) if jump else ()
        yield Cell("time", name, route, language, at=3, start=start, pause=pause, faults=faults)


def _replayed() -> Iterator[Cell]:
    for after, route, language in product(RETENTIONS, REPLAYED, LANGUAGES):
        fault: Fault = {"kind": "replayed", "after": after}
        yield Cell("replay", f"after {after:.0f} s", route, language, at=3, faults=(fault,))


def _second_plans() -> Iterator[Cell]:
    for name, (at, faults, pause) in SECOND_PLAN.items():
        for route, (number, language) in product(OTHER_PLAN, enumerate(LANGUAGES)):
            # Each language thinks half a second longer: together the pauses miss no window.
            longer = pause + number * 0.5
            early = (LOST_REPLY,) if at == "Agreement.agree" else ()
            yield Cell("second plan", name, route, language, at=at, faults=faults, pause=longer, early=early)


def _odd_values() -> Iterator[Cell]:
    """Yield a call for each optional field and each odd value; routes and languages take turns."""
    for number, (name, value) in enumerate(product(FIELDS, UNREADABLE)):
        fault = tagor_fault("replace_fields", endpoint="*", names=[name], value=value)
        route, language = ODD_ROUTES[number % len(ODD_ROUTES)], [*LANGUAGES][number % len(LANGUAGES)]
        yield Cell("odd value", f"{name}={value}", route, language, faults=(fault,))


def _dying() -> Iterator[Cell]:
    """Yield a call for each step at which a worker dies, whatever becomes of the write."""
    for (kind, (at, write)), step, answer in product(DYING.items(), DIES_AT, ANSWERS):
        crash: Fault = {"kind": "crash", "at": f"{kind}: {step}"}
        told = ANSWERS[answer]
        office = "questions" if kind == "answers" else "plain"
        faults = (crash, {"kind": TAGOR, "endpoint": write, "times": 1, **told}) if told else (crash,)
        for language in LANGUAGES:
            name = f"{step}, {answer}"
            yield Cell("death", name, kind, language, write, at=at, office=office, faults=faults)


def _letters() -> Iterator[Cell]:
    """Yield an order and a message with each HTTP fault, and a worker that dies when a message was heard."""
    for (name, kinds), (operation, route) in product(HTTP.items(), OF_LETTERS.items()):
        for number, language in enumerate(LANGUAGES):
            fault = kinds[number % len(kinds)] | {"endpoint": operation}
            yield Cell("letters", name, route, language, operation, office="letters", faults=(fault,))
    for step, language in product(("turn: led", "turn: saved"), LANGUAGES):
        crash: Fault = {"kind": "crash", "at": step}
        route, at = "office message", "Messages.heard"
        yield Cell("letters", step, route, language, at=at, office="letters", faults=(crash,))


def _disputes() -> Iterator[Cell]:
    """Yield a dispute whose task Tagor takes badly, or whose store or worker fails when it is passed on."""
    at, write = "Dispute.ask", "Dossier/CreateInfoLine"
    for (name, kinds), (number, language) in product(HTTP.items(), enumerate(LANGUAGES)):
        fault = kinds[number % len(kinds)] | {"endpoint": write, "times": 1}
        yield Cell("dispute", name, "dispute", language, write, faults=(fault,))
    for (name, kinds), (number, language) in product(DATABASE.items(), enumerate(LANGUAGES)):
        yield Cell("dispute", name, "dispute", language, at=at, faults=(kinds[number % len(kinds)],))
    for step, language in product(("turn: led", "turn: saved"), LANGUAGES):
        crash: Fault = {"kind": "crash", "at": step}
        yield Cell("dispute", step, "dispute", language, at=at, faults=(crash,))


def _references() -> Iterator[Cell]:
    """Yield a caller by reference and PIN who has a text sent, with each HTTP fault on the way."""
    for (name, kinds), operation in product(HTTP.items(), OF_REFERENCES):
        for number, language in enumerate(LANGUAGES):
            fault = kinds[number % len(kinds)] | {"endpoint": operation}
            yield Cell(
                "reference", name, "reference", language, operation, office="reference", faults=(fault,)
            )


def _slips() -> Iterator[Cell]:
    """Yield a payment slip that is looked up, with each HTTP fault."""
    for (name, kinds), (operation, route) in product(HTTP.items(), OF_SLIPS.items()):
        for number, language in enumerate(LANGUAGES):
            fault = kinds[number % len(kinds)] | {"endpoint": operation}
            yield Cell("slip", name, route, language, operation, office="slips", faults=(fault,))


def _questions() -> Iterator[Cell]:
    """Yield a questionnaire with each HTTP fault, one that breaks off, a worker that dies at an answer."""
    for (name, kinds), operation in product(HTTP.items(), OF_QUESTIONS):
        for number, language in enumerate(LANGUAGES):
            fault = kinds[number % len(kinds)] | {"endpoint": operation}
            yield Cell("questions", name, "answers", language, operation, office="questions", faults=(fault,))
    for (name, kinds), (number, language) in product(HTTP.items(), enumerate(LANGUAGES)):
        fault = kinds[number % len(kinds)] | {"endpoint": OF_QUESTIONS[1], "times": 1}
        yield Cell("questions", name, "broken off", language, office="questions", faults=(fault,))
    for step, language in product(("turn: led", "turn: saved"), LANGUAGES):
        crash: Fault = {"kind": "crash", "at": step}
        at = "Question.yes_no"
        yield Cell("questions", step, "broken off", language, at=at, office="questions", faults=(crash,))


def _lines() -> Iterator[Cell]:
    """Yield a payment that is read from a file's lines, one that is noted there as missing, and a letter.

    Each meets every HTTP fault; whoever misses a payment meets a bad store and a dying worker as well.
    """
    for (name, kinds), (number, language) in product(HTTP.items(), enumerate(LANGUAGES)):
        kind = kinds[number % len(kinds)]
        for operation in OF_LINES:
            faults = (HIDDEN_PAYMENT, kind | {"endpoint": operation})
            yield Cell("lines", name, "balance", language, operation, office="lines", faults=faults)
        for operation, before in OF_LINE_NOTES.items():
            missed = (*before, kind | {"endpoint": operation, "times": 1})
            yield Cell("lines", name, "missing payment", language, operation, office="lines", faults=missed)
        told = kind | {"endpoint": OF_CORRESPONDENCE}
        yield Cell("lines", name, "sent letters", language, OF_CORRESPONDENCE, office="lines", faults=(told,))
    at, route = "Paid.choose", "missing payment"
    for (name, kinds), (number, language) in product(DATABASE.items(), enumerate(LANGUAGES)):
        fault = kinds[number % len(kinds)]
        yield Cell("lines", name, route, language, at=at, office="lines", faults=(fault,))
    for step, language in product(("turn: led", "turn: saved"), LANGUAGES):
        crash: Fault = {"kind": "crash", "at": step}
        yield Cell("lines", step, route, language, at=at, office="lines", faults=(crash,))
