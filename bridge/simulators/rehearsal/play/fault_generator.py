"""Draws what goes wrong in a call, from one seed."""

from collections.abc import Callable, Sequence
from random import Random

from bridge.simulators.rehearsal.play.scenario import Fault
from bridge.simulators.rehearsal.world.faulty_database import DATABASE_FAULTS
from bridge.simulators.tagor.faults import DEFAULT_EFFECT
from bridge.simulators.tagor.odd_values import ODD_VALUES

FAULT_CHANCE = 0.2
"""How often a fault strikes at a turn."""
EVERYWHERE, SPOILED = 0.1, 0.3
"""The share of Tagor's faults that meet all operations, and the share that are unusable answers."""

READS = (
    *("ClipToFile", "PinToFile", "GetDosInfo", "GetSaldo", "KantoorOpen", "PaymentInfo"),
    "GetPaymentPlanCriteria",
)
SAVE_ANSWERS = "SolvencyReport/Save"
WRITES = ("SavePaymentPlan", "ApprovePaymentPlan")
ORDERS = ("Document/Generate", "Document/Get", "Config/GetRequestableDocuments")
MESSAGES = ("Message/GetListFilter", "Message/GetMessage", "Message/ToggleRead")
DATASETS = ("Dossier/GetPaymentPlans", "Dossier/CreateInfoLine", *ORDERS, *MESSAGES)
SLIPS = ("TagorService/ScanBarcode", "Dossier/GetLines")
COURTS = ("Dossier/GetAppearance", "Dossier/GetTitle")
DETAILS = ("Dossier/GetBalances", *COURTS, "Code/GetDescription", "User/Get", *SLIPS)
SERVICES = tuple(f"TagorService/{name}" for name in (*READS, *WRITES))
ENDPOINTS = (*SERVICES, *DATASETS, *DETAILS)
AT_DECISION = (
    *(f"TagorService/{name}" for name in WRITES * 3),
    "TagorService/GetPaymentPlanCriteria",
    *DATASETS[:2],
)
AT_CONTACT = (*["Party/AddContactDetail"] * 3, "Party/GetContactDetails", "Config/Version")
AT_ANSWERS = (*[SAVE_ANSWERS] * 3, "SolvencyReport/Get")
AT_ORDER = (*["Document/Generate"] * 3, *ORDERS)
AT_POST = ("Actions/SendSms", "Actions/SendMail")
"""Where faults strike while a plan is decided, a mobile registered, answers saved, or something sent."""
DECIDING = ("Agreement.", "Contact.", "Documents.", "Questionnaire.", "Post.text", "Post.mail")
"""How the questions begin at which callers decide."""

DECIDED_AT = {
    "Agreement": AT_DECISION, "Contact": AT_CONTACT, "Documents": AT_ORDER, "Questionnaire": AT_ANSWERS,
    "Post": AT_POST,
}  # fmt: skip

NOT_A_YES = (
    "success_false",
    "success_absent",
    "empty",
    "html",
    "truncated",
    "null_fields",
    "wrong_type",
    "nan",
)
SOUND = (
    *("delay", "drip_headers", "drip_body", "nan", "null_fields", "wrong_type"),
    *("gzip", "rows_unwrapped", "names_in_lower_case", "replace_fields"),
)
"""Faults after which a reply to a write may still be a yes."""

BOUNDARIES = (
    *("turn: led", "turn: saved"),
    *(
        f"{kind}: {step}"
        for kind in ("plan", "approval", "contact", "document", "answers", "text", "mail")
        for step in ("confirmed", "written", "to be marked", "marked as sent", "answered", "settled")
    ),
)
SLOW = (0.5, 1.5, 2.5, 2.9, 4.0, 5.9, 8.0, 20.0)
FIELDS = (
    *("Aanlegger", "BedragLtstBet", "DatumLtstBet", "EmailVerweerder", "TelefoonVerweerder"),
    *("Dossiernaam", "Maandbedrag", "Achterstand", "BedragMax", "TPAR_Id"),
)
"""Fields of Tagor's answers without which a call can go on."""
DETAIL_FIELDS = (
    *("StatusId", "Omschrijving", "TimeStampVerschijning", "TQRB_Id", "TQKAMER_Id", "Plaats"),
    *("TimeStampTitel", "line_id"),
)
"""Such fields of the answers that only who asks for more about a file hears of."""
UNREADABLE = (
    *("null", '""', '" "', "0", "-1", '"0001-01-01"', '"9999-12-30"', '"14/03/2025"', "true", "[]", "{}"),
    *('"1.234"', '"Jan <a@b.be>"', '"an@example.be;jan@example.be"', '"\\u0000"'),
)
"""Odd values, as JSON, of the matrix: a careful reader takes such a field for empty, the rest as it is."""
RETENTIONS = (0.0, 120.0, 3 * 3600.0, 25 * 3600.0, 31 * 86_400.0, 400 * 86_400.0)
"""Seconds after a call at which its webhooks come again: after each time that anything of it is kept."""
STATUSES = (400, 401, 403, 404, 422, 429, 500, 502, 503, 504)
WEIGHTS = {
    "tagor": 10, "tagor_down": 2, "tagor_slow": 2,
    "duplicate": 3, "concurrent": 3, "lost": 3, "late": 1, "old_webhook": 2, "altered_keys": 2,
    "restart": 2, "crash": 3, "database": 3, "clock": 2, "other_caller": 3,
    "meanwhile": 2, "employee_plan": 1, "replayed": 1,
}  # fmt: skip
"""How often each kind of fault strikes, compared with the others."""


def describe_fault(fault: Fault) -> str:
    """Describe a fault for an operator."""
    told = {name: value for name, value in fault.items() if name not in ("kind", "actions") and value != ""}
    return " ".join([fault["kind"].replace("_", " "), *(f"{name}={value}" for name, value in told.items())])


def draw_fault(rng: Random, question: str) -> Fault:
    """Draw one fault for the webhook that the action at this question causes."""
    [kind] = rng.choices([*WEIGHTS], [*WEIGHTS.values()])
    return {"kind": kind} | _OPTIONS.get(kind, _nothing)(rng, question)


def _nothing(_rng: Random, _question: str) -> Fault:
    return {}


def _tagor(rng: Random, question: str) -> Fault:
    usual = DECIDED_AT.get(question.partition(".")[0], ENDPOINTS)
    endpoint = "*" if rng.random() < EVERYWHERE else rng.choice(usual)
    fault = rng.choice(NOT_A_YES if rng.random() < SPOILED else [*DEFAULT_EFFECT])
    told = {"endpoint": endpoint, "fault": fault, "times": rng.choice((1, 1, 1, 2, 3))}
    return told | _effect(rng, endpoint, fault) | _manner(rng, fault)


def _effect(rng: Random, endpoint: str, fault: str) -> Fault:
    """Draw what becomes of the effect: what still sounds like a yes must be true, and so must a clear no.

    Only a no to a request for a plan, a contact or a document, or to answers, may be wrong: they can be seen.
    A Tagor that lies in any other way, no bridge can find out.
    """
    possible: tuple[str, ...] = ("", "done", "none", "later")
    if fault in SOUND or (fault == "success_absent" and endpoint not in SERVICES):
        possible = ("done",)
    if fault == "success_false":
        seen = endpoint.endswith(("SavePaymentPlan", "AddContactDetail", "Document/Generate", SAVE_ANSWERS))
        possible = ("done", "none") if seen else ("none",)
    return {"effect": rng.choice(possible), "later": rng.choice((3.0, 8.0, 20.0, 120.0))}


def _manner(rng: Random, fault: str) -> Fault:
    """Draw the options of single faults."""
    manners: dict[str, Callable[[], Fault]] = {
        **dict.fromkeys(("delay", "no_reply"), lambda: {"seconds": rng.choice(SLOW)}),
        **dict.fromkeys(("drip_headers", "drip_body"), lambda: {"seconds": rng.choice((0.001, 0.01, 0.1))}),
        **dict.fromkeys(("huge", "gzip_bomb"), lambda: {"megabytes": 2}),
        "status": lambda: {"status": rng.choice(STATUSES), "body": rng.choice(("json", "html"))},
        "redirect": lambda: {"location": "http://localhost:9/elsewhere"},
        "replace_fields": lambda: {
            "names": [rng.choice(FIELDS + DETAIL_FIELDS)],
            "value": rng.choice(ODD_VALUES),
        },
        "nan": lambda: {"value": rng.choice(("NaN", "Infinity", "1e400"))},
    }
    return manners[fault]() if fault in manners else {}


def _boundaries(question: str) -> Sequence[str]:
    """Give where a process may die at this question: on the way of its decision, or of any turn."""
    if not question.startswith(DECIDING):
        return BOUNDARIES[:2]
    kinds = {
        "Contact": ("contact",), "Documents": ("document",), "Questionnaire": ("answers",),
        "Post": ("text", "mail"),
    }.get(question.partition(".")[0], ("plan", "approval"))  # fmt: skip
    return [at for at in BOUNDARIES if at.startswith(kinds)]


_OPTIONS: dict[str, Callable[[Random, str], Fault]] = {
    "tagor": _tagor,
    "tagor_down": lambda rng, _: {"turns": rng.randint(1, 3)},
    "tagor_slow": lambda rng, _: {"turns": rng.randint(1, 2), "seconds": rng.choice((1.0, 2.0, 8.0))},
    "duplicate": lambda rng, _: {"times": rng.randint(1, 3), "after": rng.choice((0.0, 5.0, 16.0))},
    "concurrent": lambda rng, _: {
        "times": rng.randint(1, 2), "after": rng.choice((0.0, 0.01, 0.3, 1.0, 2.2)),
        "worker": rng.randint(0, 1),
    },
    "other_caller": lambda *_: {"caller": "+32460000099", "actions": []},
    "meanwhile": lambda rng, _: {
        "caller": "+32460000099", "after": rng.choice((0.0, 0.5, 3.0, 20.0)), "actions": [],
    },
    "replayed": lambda rng, _: {"after": rng.choice(RETENTIONS)},
    "lost": lambda rng, _: {"what": rng.choice(("request", "reply", "reply"))},
    "old_webhook": lambda rng, _: {"back": rng.randint(1, 3)},
    "altered_keys": lambda rng, _: {"digits": rng.choice("023456789*")},
    "restart": lambda rng, _: {"how": rng.choice(("kill", "move"))},
    "crash": lambda rng, question: {
        "at": rng.choice(_boundaries(question))
    },
    "database": lambda rng, _: {"what": rng.choice(DATABASE_FAULTS), "turns": rng.randint(1, 2)},
    "clock": lambda rng, _: {"seconds": rng.choice((-3600.0, -600.0, -20.0, 20.0, 600.0, 3600.0))},
}  # fmt: skip
