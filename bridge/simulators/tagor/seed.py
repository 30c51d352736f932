"""Fills the database with parties, files, plans and users."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal

from bridge.simulators.tagor.case import (
    AMICABLE,
    COLLEAGUE,
    ELSEWHERE,
    GONE,
    JUDICIAL,
    NO_PLANS,
    ONE_TERM,
    WITHOUT_NUMBER,
    Case,
    CoDefendant,
    FurtherFile,
)
from bridge.simulators.tagor.cases import CASES
from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.message_store import MessageStore, StoredMessage
from bridge.simulators.tagor.notifications import EMAIL, SMS, is_belgian_mobile
from bridge.simulators.tagor.plan_store import PlanStore
from bridge.simulators.tagor.plans import Limits
from bridge.simulators.tagor.records import national
from bridge.simulators.tagor.staff import Staff, StaffMember
from bridge.simulators.tagor.wire_format import Id

MANAGERS = dict.fromkeys((AMICABLE, NO_PLANS, ONE_TERM), COLLEAGUE) | {JUDICIAL: ELSEWHERE}
# What is configured for each kind of file: its payment plans, and whether a copy may be asked for.
FILE_TYPES = {
    AMICABLE: (Limits((6, 12), 24, Decimal("25.00")), True),
    JUDICIAL: (Limits((12, 24), 36, Decimal("50.00")), False),
    NO_PLANS: (Limits(), True),
    ONE_TERM: (Limits((10,), 10, Decimal("10.00")), True),
}
RECEPTION = "9000000000000000905"
USERS = (
    StaffMember(Id("9000000000000000900"), "bridge", "Telefoonlijn"),
    StaffMember(Id(COLLEAGUE), "an.verbeke", "An Verbeke", "+3220000011", email="an.verbeke@example.be"),
    StaffMember(Id(ELSEWHERE), "tom.hendrickx", "Tom Hendrickx", "+3292233447", "+32479000047"),
    StaffMember(Id(WITHOUT_NUMBER), "lien.maes", "Lien Maes"),
    StaffMember(Id(GONE), "jos.dewit", "Jos De Wit", "+3220000011", gone=True),
    StaffMember(Id(RECEPTION), "balie", "Balie", "+3220000010"),
    StaffMember(Id("9000000000000000906"), "telefoonberichten", "Telefoonberichten"),
)
# Texts and mails the office has written, by their codes; BEVAFBET confirms a payment plan.
TEMPLATES = (
    *((code, medium) for code in ("SALDO", "BETAALLINK", "FAQ", "BEVAFBET") for medium in (SMS, EMAIL)),
    *(("KOPIE", EMAIL), ("AFREKENING", EMAIL)),
)
_SUMMONED, _JUDGED = "9000000000000000012", "9000000000000000018"
# What the office wrote to a defendant, who has not read it yet.
MESSAGES = (
    StoredMessage(
        *("", "Uw vraag", "Wij hebben uw brief goed ontvangen en kijken hem na."),
        *("2025-02-03T09:30:00.000", "9000000000000000011"),
        sender="an.verbeke",
        receiver_party="9000000000000001011",
    ),
)
DATASET_ROWS: tuple[tuple[str, str, str], ...] = (
    # Rows of datasets without a table here: the dataset, the file (id), the contract's fields as JSON.
    (
        "TDOSVERSCHIJNINGWeb",
        _SUMMONED,
        (
            '{"TQRB_Id": "9000000000000000831", "TQKAMER_Id": "9000000000000000842", "Plaats": "Eupen",'
            ' "TimeStampVerschijning": "2031-03-04T09:00:00.000", "Omschrijving": "Inleiding"}'
        ),
    ),
    (
        "TDOSTITELWeb",
        _JUDGED,
        (
            '{"TQRB_Id": "9000000000000000832", "TQKAMER_Id": "9000000000000000841",'
            ' "TimeStampTitel": "2024-11-12T00:00:00.000", "Omschrijving": "Vonnis"}'
        ),
    ),
    (
        "TDOSDOSWeb",
        "9000000000000000005",
        '{"TDOS_Id_Sub": "9000000000000000051", "Dossiernaam": "20230523", "KlantRef1": "7700551"}',
    ),
)
DEFENDANT_TYPE = "9000000000000000003"  # the party type VERW, the same at every office
# Numbers Tagor knows that are no defendant's: a client of the office, and a lawyer.
OTHERS = (
    ("9000000000000001901", "Stad Gent", "K", "Dut", "+3292660001"),
    ("9000000000000001902", "Mr. Alain Petit", "A", "Frn", "+3225550002"),
)


def fill(database: OfficeDatabase, more: Iterable[Case] = ()) -> None:
    """Put the documented cases, and more, into a new database; one that holds files stays as it is."""
    with database.transaction():
        if database.one("SELECT 1 FROM files"):
            return
        for user in USERS:
            Staff(database).save(user)
        for code, medium in TEMPLATES:
            set_template(database, code, medium)
        for file_type, (limits, self_service) in FILE_TYPES.items():
            set_file_type(database, file_type, limits, self_service=self_service)
            Staff(database).permit(MANAGERS[file_type], "TQDOSSOORT", file_type)
        Staff(database).permit(RECEPTION, "TQDOSSOORT", ONE_TERM)
        for party_id, name, kind, language, phone in OTHERS:
            _party(database, party_id, name, kind, language, phone=phone)
        for case in (*CASES, *more):
            add_case(database, case)
        for message in MESSAGES:
            MessageStore(database).add(message)
        for dataset, file_id, row in DATASET_ROWS:
            add_row(database, dataset, file_id, row)


def add_case(database: OfficeDatabase, case: Case) -> None:
    """Add one more case, inside a transaction."""
    for other in case.before:
        _party(database, other.party_id, other.name, "V", other.language, house_number=other.house_number)
    _party(
        database,
        *(case.party_id, case.name, "V", case.tagor_language),
        phone=case.phone or "",
        house_number=case.house_number,
        email=case.email,
        wire_format=case.wire_format,
    )
    own = FurtherFile(case.file, case.file_id, case.reference, case.pin, case.balance, case.creditor)
    for file in (own, *case.further):
        _file(database, case, file, own=file is own)
    if case.plan:
        PlanStore(database).add(case.file_id, case.plan)


def add_file(database: OfficeDatabase, case: Case, file: FurtherFile) -> None:
    """Add one more file of a case's own defendant, inside a transaction."""
    _file(database, case, file, own=False)


def add_row(database: OfficeDatabase, dataset: str, file_id: str, row: str) -> None:
    """Put one more row of a dataset onto a file, inside a transaction."""
    database.write("row", "INSERT INTO dataset_rows VALUES (?, ?, ?)", dataset, file_id, row)


def _party(
    database: OfficeDatabase,
    party_id: str,
    name: str,
    kind: str,
    language: str,
    *,
    phone: str = "",
    house_number: str = "",
    email: str | None = None,
    wire_format: str = "plain",
) -> None:
    mail = f"p{party_id[-4:]}@example.be" if email is None else email
    mobile = phone if is_belgian_mobile(phone) else ""
    database.write(
        "party",
        "INSERT INTO parties VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(party_id, name, kind, language, house_number, mail, mobile, wire_format),
    )
    if phone:
        database.write("phone", "INSERT INTO phones VALUES (?, ?, ?)", party_id, national(phone), phone)


def _file(database: OfficeDatabase, case: Case, file: FurtherFile, *, own: bool) -> None:
    paid = case.last_payment.isoformat() if case.last_payment else None
    manager = case.manager or MANAGERS[case.file_type]
    database.write(
        "file",
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', NULL, NULL)",
        *(file.file_id, file.file, file.reference, case.file_type, manager, file.creditor),
        *(str(file.balance), case.summons, paid, str(case.last_amount), case.wire_format),
    )
    staff = Staff(database)
    staff.permit(manager, "TQDOSSOORT", case.file_type)
    staff.permit(manager, "TPAR", case.party_id)
    staff.permit(manager, "TPAR|TQPARSOORT", f"{case.party_id}|{DEFENDANT_TYPE}")
    before = case.before if own else ()
    itself = CoDefendant(case.name, case.party_id, file.pin, case.house_number)
    for position, who in enumerate((*before, itself), start=1):
        mark = hashlib.sha256(f"{file.file_id}:{who.party_id}".encode()).hexdigest()[:32]
        row = (file.file_id, position, who.party_id, who.pin, mark)
        database.write("defendant", "INSERT INTO defendants VALUES (?, ?, ?, ?, ?)", *row)


def set_file_type(database: OfficeDatabase, file_type: str, limits: Limits, *, self_service: bool) -> None:
    """Configure a kind of file, inside a transaction."""
    first, second = (*limits.terms, 0, 0)[:2]
    database.write(
        "file type",
        "INSERT OR REPLACE INTO file_types VALUES (?, ?, ?, ?, ?, ?)",
        *(file_type, first, second, limits.longest, str(limits.lowest), self_service),
    )


def set_template(database: OfficeDatabase, code: str, medium: str) -> None:
    """Have the office know a text or a mail by a code, inside a transaction."""
    database.write("template", "INSERT OR IGNORE INTO templates VALUES (?, ?)", code, medium)
