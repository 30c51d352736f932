"""Forty canaries, wherever a caller's data live; after thirty calls at DEBUG none has got out anywhere."""

import io
import logging
import re
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import pytest
import requests

from bridge.conversation import errands
from bridge.operations.logs import start_logging
from bridge.speech import SAYERS
from bridge.standin import CASES, CoDefendant, FurtherFile, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.calls.conftest import Calling
    from tests.conftest import Line

PIN, WRONG_PIN, OTHER_PIN = "739184", "628405", "517396"
FILE, WRONG_FILE, OTHER_FILE = "83746510", "61728394", "83746529"
PHONE, NEIGHBOUR = "+32477318642", "+32488642913"
CANARY = replace(
    CASES[0],
    name="Kanariënick Vogelzang",
    phone=PHONE,
    file=FILE,
    file_id="7418529630741852963",
    party_id="8529637418529637418",
    reference="5839201746",
    pin=PIN,
    house_number="98317",
    balance=Decimal("7319.46"),
    creditor="Crediteurpiet Geelvink",
    last_payment=date(2024, 9, 17),
    last_amount=Decimal("583.29"),
    plan=Plan(Decimal("417.63"), Decimal("692.85")),
    before=(CoDefendant("Medeschuldmies Roodborst", "9637418529637418529", "406285", "76153"),),
    further=(
        FurtherFile(OTHER_FILE, "1593574862159357486", "4928301765", OTHER_PIN, Decimal("861.37"), "Sijs"),
    ),
)


def spoken(amount: object) -> list[str]:
    return [SAYERS["money"](str(amount), language, date(2026, 3, 4)) for language in ("nl", "fr")]


def canaries(line: "Line") -> list[str]:
    """Everything that must not be found, each long enough to be no coincidence."""
    amounts = [
        CANARY.balance,
        CANARY.last_amount,
        CANARY.plan.monthly,
        CANARY.plan.arrears,
        Decimal("861.37"),
    ]
    proof = b64encode(f"{FILE}:{PIN}".encode()).decode()
    found = [
        *(CANARY.name, CANARY.name.split()[0], CANARY.creditor, CANARY.creditor.split()[0]),
        *(CANARY.before[0].name, CANARY.before[0].party_id, CANARY.before[0].pin),
        *(PHONE, PHONE.removeprefix("+32"), quote(PHONE), NEIGHBOUR, NEIGHBOUR.removeprefix("+32")),
        *(PIN, WRONG_PIN, OTHER_PIN, FILE, WRONG_FILE, OTHER_FILE),
        *(CANARY.file_id, CANARY.party_id, CANARY.reference, CANARY.further[0].file_id),
        *(str(amount) for amount in amounts),
        *spoken(CANARY.balance),
        SAYERS["money"](str(CANARY.last_amount), "nl", date(2026, 3, 4)),
        SAYERS["date"]("2024-09-17", "nl", date(2026, 3, 4)),
        SAYERS["digits"](FILE, "nl", date(2026, 3, 4)),
        *("2024-09-17", "ik ben het vogeltje"),
        *(proof, quote_plus(proof), b64encode(f"{WRONG_FILE}:{WRONG_PIN}".encode()).decode()),
        *(sha256(text.encode()).hexdigest() for text in (PHONE, FILE, PIN)),
        *(line.token, line.tagor.key, line.environ["BRIDGE_SECRET"]),
    ]
    assert len(found) >= 40
    assert min(map(len, found)) >= 6
    return found


@dataclass
class Sinks:
    """Every place where something might get out."""

    logs: io.StringIO = field(default_factory=io.StringIO)
    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def read_bridge(self, body: bytes) -> None:
        """Every address in a reply."""
        self.urls += re.findall(r'(?:action="|<Redirect[^>]*>)([^"<]+)', body.decode())


class Texts(logging.Handler):
    """What exceptions say, before anybody takes the words out."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._texts = texts

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info and record.exc_info[1]
        while error:
            self._texts.append(f"{error} {error!r} {error.args}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@pytest.fixture
def sinks(line: "Line", monkeypatch: pytest.MonkeyPatch) -> "Iterator[Sinks]":
    """Logs at DEBUG, addresses asked and given, what exceptions say, and the disk."""
    caught = Sinks()
    start_logging("DEBUG", caught.logs)
    logging.getLogger().addHandler(Texts(caught.errors))
    send, perform = requests.Session.send, errands._perform

    def sent(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> Any:  # noqa: ANN401
        caught.urls.append(request.url or "")
        return send(session, request, **options)

    def performed(*arguments: Any) -> Any:  # noqa: ANN401 - as the original
        try:
            return perform(*arguments)
        except Exception as error:
            caught.errors.append(f"{error} {error!r}")
            raise

    monkeypatch.setattr(requests.Session, "send", sent)
    monkeypatch.setattr(errands, "_perform", performed)
    line.tagor.add_case(CANARY)
    return caught


FAULTS: list[dict[str, object]] = [
    {},
    {"fault": "status", "status": 500, "body": "html"},
    {"fault": "truncated"},
    {"fault": "wrong_type"},
    {"fault": "success_false"},
    {"fault": "reset_after"},
]
ENDPOINTS = ["ClipToFile", "PinToFile", "GetDosInfo", "GetSaldo", "PaymentInfo"]
CALLS = list(product(ENDPOINTS, FAULTS))


def play(calling: "Calling", number: int, sinks: Sinks) -> None:
    """One call: sometimes wrong first, sometimes from elsewhere, always to the end."""
    caller = calling(NEIGHBOUR if number % 5 == 4 else PHONE)
    deeds = ["2", "3", "1", WRONG_PIN, f"{WRONG_FILE}#", PIN, f"{FILE}#", "2", OTHER_PIN, f"{OTHER_FILE}#"]
    for deed in deeds[2 if number % 2 else 0 :]:
        if caller.phone.state != "listening":
            break
        if number % 7 == 6:
            caller.says("ik ben het vogeltje")
        if caller.phone.state == "listening":
            caller.keys(deed)
    for turn in caller.phone.turns:
        sinks.read_bridge(turn.body)
    if caller.phone.state != "over":
        caller.hangs_up()


def test_no_canary_gets_out(line: "Line", calling: "Calling", sinks: Sinks, clock: Any):  # noqa: ANN401 - the fixture's
    """Each endpoint healthy and in five kinds of trouble: logs, URLs, errors and disk stay clean."""
    known = canaries(line)
    for number, (endpoint, fault) in enumerate(CALLS):
        line.tagor.clear_faults()
        if fault:
            line.tagor.fault(f"TagorService/{endpoint}", **fault)
        play(calling, number, sinks)
        clock.move(hours=25)
        # What was written in mid-call is still in the write-ahead log, also after it was wiped.
        if number % 2:
            assert escaped([canary.encode().decode("latin-1") for canary in known], on_disk(line)) == []
    log = sinks.logs.getvalue()
    assert log.count("\n") > 10 * len(CALLS)
    assert len(sinks.urls) > 20 * len(CALLS)
    assert len(sinks.errors) > len(CALLS) / 3
    assert escaped(known, log) == []
    assert escaped(known, "\n".join(sinks.urls)) == []
    assert escaped(known, "\n".join(sinks.errors)) == []


def test_the_canaries_are_really_there(line: "Line", calling: "Calling", sinks: Sinks):  # noqa: ARG001 - plants them
    """Otherwise the test above could not fail: the caller hears what nobody else may."""
    caller = calling(PHONE).keys("1").keys(WRONG_PIN).keys(f"{FILE}#").keys(PIN)
    caller.keys(f"{FILE}#") if caller.phone.listening["numDigits"] != "1" else None
    heard = " ".join(one.text for one in caller.phone.last)
    assert "7319 euro en 46 cent" in heard
    assert "Crediteurpiet" in heard


@pytest.mark.parametrize("breakage", [("pin_tries",), ("turns", "calls", "pin_tries")])
def test_a_broken_database_gives_nothing_away(
    line: "Line", calling: "Calling", sinks: Sinks, breakage: tuple[str, ...]
):
    """The engine's own complaints quote statements and values; ours do not."""
    caller = calling(PHONE).keys("1").keys(WRONG_PIN).hears("ByPin.ask_file")
    line.break_database(*breakage)
    caller.keys(f"{FILE}#")
    known = canaries(line)
    assert sinks.logs.getvalue().count("StoreDown") > 0
    assert escaped(known, sinks.logs.getvalue()) == []
    assert escaped(known, "\n".join(sinks.errors)) == []


def escaped(known: list[str], text: str) -> list[str]:
    return [canary for canary in known if canary in text]


def on_disk(line: "Line") -> str:
    """The database as it lies there, with its log."""
    return "".join(path.read_text("latin-1") for path in sorted(line.folder.glob("bridge.db*")))
