"""Lists the fault matrix: every fault at every place it can strike, as cells that are played one by one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from bridge.simulators.rehearsal.play.fault_generator import FIELDS, RETENTIONS, UNREADABLE
from bridge.simulators.rehearsal.play.scenario import Fault
from bridge.simulators.rehearsal.play.scripted_caller import LANGUAGES, ROUTES, WAYS

TAGOR, WIRE = "tagor", "network"
NEVER = {"seconds": 30.0}
"""Longer than anybody waits for a reply."""


def _tagor(name: str, **options: Any) -> Fault:  # noqa: ANN401 - the fault's own
    return {"kind": TAGOR, "fault": name, **options}


def _status(status: int, body: str = "json") -> tuple[Fault, ...]:
    return (_tagor("status", status=status, body=body),)


def _wire(what: str) -> tuple[Fault, ...]:
    return ({"kind": WIRE, "what": what},)


HTTP: Mapping[str, tuple[Fault, ...]] = {
    "refused": _wire("refused"),
    "connect time-out": _wire("silent"),
    "no such host": _wire("unknown"),
    "bad TLS": _wire("tls"),
    "reset before it is read": (_tagor("refuse"),),
    "reset, not done": (_tagor("reset_after", effect="none"),),
    "reset, done": (_tagor("reset_after", effect="done"),),
    "no reply, done": (_tagor("no_reply", effect="done", **NEVER),),
    "no reply, not done": (_tagor("no_reply", effect="none", **NEVER),),
    "done 20 s late": (_tagor("no_reply", effect="later", later=20.0, **NEVER),),
    "slow drip": (_tagor("drip_body", seconds=0.1), _tagor("drip_headers", seconds=0.1)),
    "redirect": tuple(
        _tagor("redirect", status=status, location="http://localhost:9/elsewhere")
        for status in (301, 302, 307)
    ),
    "400 JSON": _status(400),
    "400 HTML": _status(400, "html"),
    "401": _status(401),
    "403": _status(403),
    "404": _status(404),
    "422": _status(422),
    "429": (_tagor("status", status=429, retry_after=30),),
    "500": _status(500),
    "502 HTML": _status(502, "html"),
    "503": _status(503),
    "504": _status(504),
    "empty": (_tagor("empty"),),
    "HTML": (_tagor("html"),),
    "truncated": (_tagor("truncated"),),
    "wrong shape": (
        _tagor("wrong_type"),
        _tagor("null_fields"),
        _tagor("nan", value="NaN"),
        _tagor("nan", value="1e400"),
    ),
    "Success false or absent, 50 MB, gzip bomb": (
        _tagor("success_false"),
        _tagor("success_absent"),
        _tagor("huge", megabytes=50),
        _tagor("gzip_bomb", megabytes=50),
    ),
}
"""The 28 faults toward Tagor; where there are several of a kind, each language meets another one."""

OPERATIONS: Mapping[str, str] = {
    "Login/Token": "balance",
    "TagorService/ClipToFile": "balance",
    "TagorService/PinToFile": "balance",
    "TagorService/GetDosInfo": "balance",
    "TagorService/GetSaldo": "balance",
    "TagorService/KantoorOpen": "person",
    "TagorService/PaymentInfo": "balance",
    "TagorService/GetPaymentPlanCriteria": "plan",
    "TagorService/SavePaymentPlan": "plan",
    "TagorService/ApprovePaymentPlan": "plan",
    "TagorService/SelfServiceAllowed": "copy",
    "TagorService/SetUserDossier": "known person",
    "Actions/SendSms": "text",
    "Actions/SendMail": "mail",
    "Party/GetAddresses": "contact",
    "Party/GetContactDetails": "contact",
    "Party/AddContactDetail": "contact",
    "Dossier/GetByDefendant": "again",
    "Dossier/GetSub": "again",
}
"""The 19 operations, and the route that reaches each."""

OF_LETTERS: Mapping[str, str] = {
    "Config/GetRequestableDocuments": "document",
    "Document/Generate": "document",
    "Message/GetListFilter": "office message",
    "Message/GetMessage": "office message",
    "Dossier/GetAgenda": "statement",
    "Document/GetMergefield": "statement",
}
"""Six more, of documents, messages and what is planned."""

OF_REFERENCES = (
    "TagorService/GetVoxtronReferentie",
    "TagorService/GetVoxtronVerwByPin",
    "Dossier/GetParties",
)
"""Three more, by which a reference and a PIN lead to a file and its party."""

OF_SLIPS: Mapping[str, str] = {"TagorService/ScanBarcode": "slip", "Dossier/GetLines": "slip"}
"""Two more, of payment slips."""

OF_QUESTIONS = ("SolvencyReport/Get", "SolvencyReport/Save")
"""Two more, of the office's questionnaire."""

HALF = tuple(OPERATIONS)[1::2]
WHOLE: Mapping[str, tuple[Fault, ...]] = {
    "all down": ({"kind": "tagor_down", "turns": 99},),
    "slow 8 s": ({"kind": "tagor_slow", "turns": 99, "seconds": 8.0},),
    "slow 20 s": ({"kind": "tagor_slow", "turns": 99, "seconds": 20.0},),
    "flapping": ({"kind": WIRE, "endpoint": "*", "what": "flaps"},),
    "token always rejected": (_tagor("status", endpoint="*", status=401),),
    "half of it down": tuple(_tagor("status", endpoint=name, status=503) for name in HALF),
}
DATABASE: Mapping[str, tuple[Fault, ...]] = {
    "away or locked": (
        {"kind": "database", "what": "away", "turns": 2},
        {"kind": "database", "what": "locked", "turns": 2},
    ),
    "slow": ({"kind": "database", "what": "slow", "turns": 2},),
    "read only": ({"kind": "database", "what": "read_only", "turns": 2},),
    "row gone": ({"kind": "database_rows", "what": "gone"},),
    "corrupt value": ({"kind": "database_rows", "what": "corrupt"},),
    "disk full": ({"kind": "database", "what": "full", "turns": 2},),
    "last second lost": ({"kind": "database_rows", "what": "forgets"},),
    "clock skew": ({"kind": "clock", "seconds": 600.0}, {"kind": "clock", "seconds": -600.0}),
}
DISK: Mapping[str, tuple[Fault, ...]] = {
    "no space": ({"kind": "database", "what": "decisions_full", "turns": 1},),
    "EIO on fsync": ({"kind": "database", "what": "unsure", "turns": 1},),
    "read only": ({"kind": "database", "what": "read_only", "turns": 1},),
    "corrupt tail": ({"kind": "database_rows", "what": "corrupt_decisions"},),
}
PROVIDER: Mapping[str, tuple[Fault, ...]] = {
    **{
        f"duplicate x{times}": ({"kind": "duplicate", "times": times, "after": 0.0},)
        for times in (1, 2, 3, 5)
    },
    "reorder": ({"kind": "old_webhook", "back": 2},),
    "delay 16 s": ({"kind": "late"},),
    "lost turn": ({"kind": "lost", "what": "request"},),
    "fallback with ErrorCode": ({"kind": "lost", "what": "reply"},),
    "status first": ({"kind": "status_first"},),
    "hang-up meanwhile": ({"kind": "hangup", "after": 0.01},),
    "recording lost": ({"kind": "recording_report", "how": "lost"},),
    "two calls": ({"kind": "other_caller", "caller": "+32460000099", "actions": []},),
}
MEANWHILE: Fault = {"kind": "meanwhile", "caller": "+32460000099", "after": 0.0, "actions": []}
TIMES: Mapping[str, tuple[str, float, float]] = {
    "into summer time": ("2026-03-29T01:59:40+01:00", 0.0, 1.0),
    "out of summer time": ("2026-10-25T02:59:40+02:00", 0.0, 1.0),
    "29 February": ("2028-02-29T10:00:00+01:00", 0.0, 1.0),
    "31 December": ("2026-12-31T23:59:40+01:00", 0.0, 1.0),
    "an hour back": ("2026-03-04T10:00:00+01:00", -3600.0, 1.0),
    "an hour on": ("2026-03-04T10:00:00+01:00", 3600.0, 1.0),
    "more than an hour": ("2026-03-04T10:00:00+01:00", 0.0, 3700.0),
}
"""When the call begins, how the clock jumps in it (seconds), and how long the caller hesitates once."""

REPLAYED = ("balance", "plan", "voicemail", "text")
"""Routes of the calls whose webhooks come again when they are over."""
OTHER_PLAN = {"plan": "own plan", "own plan": "plan"}
SLOW_QUESTION: Fault = _tagor("delay", endpoint="TagorService/GetDosInfo", times=9, seconds=2.4)
"""Slows down what is asked between the last look at the plan and its approval."""
LOST_REPLY: Fault = _tagor("reset_after", endpoint="TagorService/SavePaymentPlan", times=1, effect="done")
"""Tagor makes the plan and its answer is lost: the plan is looked up, told, and takes a second yes."""
PAUSES = range(14, 34, 2)
"""Seconds that the first caller thinks about the plan, while a second one requests another plan."""
SECOND_PLAN: Mapping[str, tuple[str, tuple[Fault, ...], float]] = {
    **{
        f"another caller, approved after {at} s": ("Agreement.agree", (MEANWHILE, SLOW_QUESTION), float(at))
        for at in PAUSES
    },
    "another caller at the request": ("Agreement.read_back", (MEANWHILE,), 16.0),
    "an employee before the request": ("Agreement.read_back", ({"kind": "employee_plan"},), 1.0),
    "an employee before the approval": ("Agreement.agree", ({"kind": "employee_plan"},), 1.0),
}
"""Somebody else makes a plan: where the first caller is then, the faults, how long that caller thinks."""

DYING: Mapping[str, tuple[str, str]] = {
    "contact": ("Contact.read_back", "Party/AddContactDetail"),
    "document": ("Documents.ask", "Document/Generate"),
    "answers": ("Questionnaire.save", "SolvencyReport/Save"),
}
"""Decisions besides plans, by their kinds and routes: the question whose key 1 makes it, and its write."""
DIES_AT = ("confirmed", "written", "to be marked", "marked as sent", "answered", "settled")
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "answered": {},
    "done, reply lost": {"fault": "reset_after", "effect": "done"},
    "not done, reply lost": {"fault": "reset_after", "effect": "none"},
}
"""What becomes of the write while the process dies."""

ODD_ROUTES = ("balance", "plan", "text")
"""Routes on which Tagor answers one field oddly, whatever it is asked."""

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
CELLS, PLAN_CELLS = 6_298, 504
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
    """Yield all 6,298 cells that are played on virtual time."""
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
        fault = _tagor("replace_fields", endpoint="*", names=[name], value=value)
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
