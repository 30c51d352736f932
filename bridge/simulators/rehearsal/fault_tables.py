"""Lists the faults of the matrix, the operations and questions that they meet, and the routes there."""

from collections.abc import Mapping
from typing import Any

from bridge.simulators.rehearsal.play.scenario import Fault

TAGOR, WIRE = "tagor", "network"
NEVER = {"seconds": 30.0}
"""Longer than anybody waits for a reply."""


def tagor_fault(name: str, **options: Any) -> Fault:  # noqa: ANN401 - the fault's own
    """Give a fault of Tagor's by its name."""
    return {"kind": TAGOR, "fault": name, **options}


def _status(status: int, body: str = "json") -> tuple[Fault, ...]:
    return (tagor_fault("status", status=status, body=body),)


def _wire(what: str) -> tuple[Fault, ...]:
    return ({"kind": WIRE, "what": what},)


HTTP: Mapping[str, tuple[Fault, ...]] = {
    "refused": _wire("refused"),
    "connect time-out": _wire("silent"),
    "no such host": _wire("unknown"),
    "bad TLS": _wire("tls"),
    "reset before it is read": (tagor_fault("refuse"),),
    "reset, not done": (tagor_fault("reset_after", effect="none"),),
    "reset, done": (tagor_fault("reset_after", effect="done"),),
    "no reply, done": (tagor_fault("no_reply", effect="done", **NEVER),),
    "no reply, not done": (tagor_fault("no_reply", effect="none", **NEVER),),
    "done 20 s late": (tagor_fault("no_reply", effect="later", later=20.0, **NEVER),),
    "slow drip": (tagor_fault("drip_body", seconds=0.1), tagor_fault("drip_headers", seconds=0.1)),
    "redirect": tuple(
        tagor_fault("redirect", status=status, location="http://localhost:9/elsewhere")
        for status in (301, 302, 307)
    ),
    "400 JSON": _status(400),
    "400 HTML": _status(400, "html"),
    "401": _status(401),
    "403": _status(403),
    "404": _status(404),
    "422": _status(422),
    "429": (tagor_fault("status", status=429, retry_after=30),),
    "500": _status(500),
    "502 HTML": _status(502, "html"),
    "503": _status(503),
    "504": _status(504),
    "empty": (tagor_fault("empty"),),
    "HTML": (tagor_fault("html"),),
    "truncated": (tagor_fault("truncated"),),
    "wrong shape": (
        tagor_fault("wrong_type"),
        tagor_fault("null_fields"),
        tagor_fault("nan", value="NaN"),
        tagor_fault("nan", value="1e400"),
    ),
    "Success false or absent, 50 MB, gzip bomb": (
        tagor_fault("success_false"),
        tagor_fault("success_absent"),
        tagor_fault("huge", megabytes=50),
        tagor_fault("gzip_bomb", megabytes=50),
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

HIDDEN_PAYMENT: Fault = tagor_fault(
    "replace_fields", endpoint="TagorService/GetDosInfo", names=["DatumLtstBet"], value="null"
)
"""Tagor does not tell of the last payment, so that the lines of the file are read for it."""
OF_LINES = ("Code/GetList", "Dossier/GetLines")
"""Two more, by which the last payment is found among a file's lines."""
NOTE_AT_LINE, NOTES_AT_LINE = "Dossierlijn/CreateInfoLine", "Dossierlijn/GetInfo"
"""Two more, by which a missing payment is noted at a line, and looked for there before a second try."""
LOST_NOTE: Fault = tagor_fault("reset_after", endpoint=NOTE_AT_LINE, times=1, effect="done")
"""The note is written and the answer is lost: it is looked for, and must not be written again."""
OF_LINE_NOTES: Mapping[str, tuple[Fault, ...]] = {NOTE_AT_LINE: (), NOTES_AT_LINE: (LOST_NOTE,)}
"""Both, with what must go wrong before they are asked."""
OF_CORRESPONDENCE = "Dossier/GetCorrespondence"
"""One more, of what is told among the letters."""

HALF = tuple(OPERATIONS)[1::2]
WHOLE: Mapping[str, tuple[Fault, ...]] = {
    "all down": ({"kind": "tagor_down", "turns": 99},),
    "slow 8 s": ({"kind": "tagor_slow", "turns": 99, "seconds": 8.0},),
    "slow 20 s": ({"kind": "tagor_slow", "turns": 99, "seconds": 20.0},),
    "flapping": ({"kind": WIRE, "endpoint": "*", "what": "flaps"},),
    "token always rejected": (tagor_fault("status", endpoint="*", status=401),),
    "half of it down": tuple(tagor_fault("status", endpoint=name, status=503) for name in HALF),
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
SLOW_QUESTION: Fault = tagor_fault("delay", endpoint="TagorService/GetDosInfo", times=9, seconds=2.4)
"""Slows down what is asked between the last look at the plan and its approval."""
LOST_REPLY: Fault = tagor_fault(
    "reset_after", endpoint="TagorService/SavePaymentPlan", times=1, effect="done"
)
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
    "text": ("Post.text", "Actions/SendSms"),
    "mail": ("Post.mail", "Actions/SendMail"),
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
