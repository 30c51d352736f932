"""What the client asks about a caller and a file: how, a good answer, and what the bridge makes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bridge.tagor import (
    ActivePlan,
    AgreedPlan,
    CallerHint,
    Deadline,
    FileFacts,
    FileName,
    Generation,
    LookupMiss,
    Medium,
    OfficeFacts,
    Payment,
    Ping,
    PlanCriteria,
    ProvenFile,
    Reference,
    SavedPlan,
    Tagor,
    TagorRefused,
    Term,
)

FILE, PARTY, PIN = "9000000000000001706", "9000000000000004711", "482193"
NUMBER, NAME, REFERENCE = "+32470000001", "20230118", "2023/118"


@dataclass(frozen=True)
class Question:
    """One question of the client: how it is asked, a good answer, and what the bridge makes of it."""

    name: str
    path: str
    ask: Callable[[Tagor, Deadline], object]
    content: dict[str, Any]
    told: object
    no: object = TagorRefused
    required: tuple[str, ...] = ()
    request: dict[str, Any] = field(default_factory=dict)
    further: tuple[dict[str, Any], ...] = ()
    changes: bool = False
    as_defendant: bool = False

    @property
    def is_service(self) -> bool:
        return "Success" in self.content


def dataset(name: str, table: str, *rows: dict[str, Any], inner: str | None = None) -> dict[str, Any]:
    return {name: {inner or name: {table: list(rows)}}}


def context(**pairs: str) -> dict[str, Any]:
    rows = [{"ContextKey": key, "ContextValue": value} for key, value in pairs.items()]
    return dataset("dsWebContext", "ttWebContext", *rows)


NO_ARGUMENTS = context()
YES = {"Success": True, "Error": ""}
LINE = {
    "TDOS_Id": FILE,
    "TQINFO_Id": "9000000000000000077",
    "TQINFODEF_Id": "",
    "Omschrijving": "Ligne téléphonique : merci de vérifier.",
    "DatumInfo": "2026-11-22",
}

QUESTIONS = [
    Question(
        "ping",
        "Config/Ping",
        lambda tagor, by: tagor.office.ping(deadline=by),
        context(**{"102B": "true", "117": "true"}),
        Ping(api=True, tagor=True),
        request=NO_ARGUMENTS,
    ),
    Question(
        "generation",
        "Config/Version",
        lambda tagor, by: tagor.office.generation(deadline=by),
        context(APIVersion="1.08.4000B2"),
        Generation.V1_08,
        request=NO_ARGUMENTS,
    ),
    Question(
        "office",
        "Config/Info",
        lambda tagor, by: tagor.office.facts(deadline=by),
        context(AppId="", APIVersion="2.00.1")
        | dataset(
            "dsTDOSPARWeb",
            "ttTDOSPARWeb",
            {
                "TPAR_Id": "1706",
                "Naam": "Studie De Wilde & Co",
                "Plaats": "Antwerpen",
                "Postcode": "2610",
                "RekNr": "735030882966",
                "Straat": "Dynamicalaan",
                "StraatNr": "15",
                "Tel": 38206300,
                "SolvDtm_adres": None,
                "KBOnr": 441759675,
                "Mail": "info@dewilde.example",
            },
        ),
        OfficeFacts(
            "Studie De Wilde & Co",
            "Dynamicalaan",
            "15",
            "2610",
            "Antwerpen",
            "38206300",
            "info@dewilde.example",
            "735030882966",
        ),
        required=("dsTDOSPARWeb",),
        request=NO_ARGUMENTS,
    ),
    Question(
        "office_open",
        "TagorService/KantoorOpen",
        lambda tagor, by: tagor.office.is_open(FILE, deadline=by),
        YES | {"KantoorOpen": True},
        told=True,
        required=("KantoorOpen",),
        request={"TDOS_Id": FILE},
    ),
    Question(
        "caller",
        "TagorService/ClipToFile",
        lambda tagor, by: tagor.callers.by_number(NUMBER, deadline=by),
        YES
        | {"TPAR_Id": PARTY, "Taal": "Frn", "Partijtype": "V"}
        | dataset(
            "dsClipToFileDossiers",
            "ttClipToFileDossiers",
            {"TDOS_id": FILE, "Dossiernaam": "20230118", "TQDOSSOORT_Id": "9", "SaldoVerw": 1234.5},
        ),
        CallerHint(PARTY, "fr", (FileName(FILE, "20230118"),)),
        no=None,
        required=(),
        request={"Telnr": "+32470000001"},
    ),
    Question(
        "file_by_pin",
        "TagorService/PinToFile",
        lambda tagor, by: tagor.callers.by_pin(NAME, PIN, deadline=by),
        YES | {"TDOS_Id": FILE, "TPAR_Id": int(PARTY)},
        ProvenFile(FILE, PARTY),
        no=None,
        required=("TDOS_Id",),
        request={"Dossier": "20230118", "Pin": PIN},
    ),
    Question(
        "file_by_reference",
        "TagorService/GetVoxtronReferentie",
        lambda tagor, by: tagor.callers.by_reference(REFERENCE, 2, deadline=by),
        YES
        | {
            "DosSoortId": "DSO9000000000000000001",
            "DosBehId": "jdw",
            "DosStatus": "12",
            "AantalVerw": 3,
            "VolgNrVerw": 2,
            "DosId": FILE,
            "Dagvaarding": "true",
            "ReturnCode": "0",
        },
        Reference(FILE, 3, 2, summons=True, manager="jdw"),
        no=LookupMiss.NOT_FOUND,
        required=("ReturnCode", "DosId", "AantalVerw"),
        request={"Referentie": "2023/118|2"},
    ),
    Question(
        "defendant_by_house_number",
        "TagorService/GetVoxtronVerwByHuisNr",
        lambda tagor, by: tagor.callers.by_house_number(FILE, "12A", deadline=by),
        YES | {"VolgNrVerw": 2.0, "ReturnCode": 0},
        told=2,
        no=None,
        required=("VolgNrVerw", "ReturnCode"),
        request={"DosId": FILE, "HuisNr": "12A"},
    ),
    Question(
        "pin_opens",
        "TagorService/GetVoxtronVerwByPin",
        lambda tagor, by: tagor.callers.pin_opens(FILE, PIN, deadline=by),
        YES,
        told=True,
        no=False,
        request={"DosId": FILE, "Pin": PIN},
    ),
    Question(
        "file_facts",
        "TagorService/GetDosInfo",
        lambda tagor, by: tagor.files.facts(FILE, PARTY, deadline=by),
        YES
        | {
            "Dossiernaam": "20230118",
            "Aanlegger": "Water & Gas <nv>",
            "Verweerder": "Jan Janssens",
            "DossiersoortId": "DSO1",
            "StatusId": "S2",
            "StadiumId": "S3",
            "StadiumKlantId": "S4",
            "StopstatusId": "",
            "AlarmstatusId": None,
            "DosbehId": "DBH12",
            "EmailVerweerder": "jan@example.be",
            "GsmVerweerder": "+32470000001",
            "DatumLtstBet": "2026-03-02",
            "BedragLtstBet": 75.5,
            "DatumLtstOnbvBet": "",
            "BedragLtstOnbvBet": 0,
            "UrlFAQ": "https://faq.example.be/nl",
        },
        FileFacts(
            name="20230118",
            creditor="Water & Gas <nv>",
            defendant="Jan Janssens",
            kind="DSO1",
            status="S2",
            stage="S3",
            client_stage="S4",
            stop_status="",
            alarm_status="",
            manager="DBH12",
            mail="jan@example.be",
            mobile="+32470000001",
            last_payment=Payment(date(2026, 3, 2), Decimal("75.50")),
            unconfirmed_payment=None,
            never_paid=False,
            faq_url="https://faq.example.be/nl",
        ),
        request={"TDOS_Id": FILE, "TPAR_Id": PARTY},
    ),
    Question(
        "balance",
        "TagorService/GetSaldo",
        lambda tagor, by: tagor.files.balance(FILE, deadline=by),
        YES | {"Saldo": "1234,56"},
        Decimal("1234.56"),
        required=("Saldo",),
        request={"TDOS_Id": FILE},
    ),
    Question(
        "running_plan",
        "TagorService/PaymentInfo",
        lambda tagor, by: tagor.files.running_plan(FILE, deadline=by),
        YES | {"Betaalplan": True, "Maandbedrag": 50, "Achterstand": "100.00"},
        ActivePlan(Decimal(50), Decimal(100)),
        required=("Betaalplan",),
        request={"TDOS_Id": FILE},
    ),
    Question(
        "self_service_allowed",
        "TagorService/SelfServiceAllowed",
        lambda tagor, by: tagor.files.self_service_allowed(FILE, "PHONE", deadline=by),
        YES,
        told=True,
        no=False,
        request={"TDOS_Id": FILE, "Config": "PHONE"},
    ),
    Question(
        "plan_criteria",
        "TagorService/GetPaymentPlanCriteria",
        lambda tagor, by: tagor.plans.criteria(FILE, PARTY, deadline=by),
        YES
        | {
            "Termijn1": 6,
            "Bedrag1": "205,76",
            "Termijn2": "12",
            "Bedrag2": 102.88,
            "TermijnMax": 24,
            "BedragMax": 51.44,
            "PaymentPlanId": "9000000000000008801",
        },
        PlanCriteria(
            (Term(6, Decimal("205.76")), Term(12, Decimal("102.88"))),
            longest=24,
            lowest=Decimal("51.44"),
            plan="9000000000000008801",
        ),
        request={"TDOS_Id": FILE, "TPAR_Id": PARTY},
    ),
    Question(
        "plans",
        "Dossier/GetPaymentPlans",
        lambda tagor, by: tagor.plans.on_file(FILE, deadline=by),
        dataset(
            "dsTDOSAFBDETWeb",
            "ttTDOSAFBDETWeb",
            {
                "TDOSAFB_Id": "9000000000000008801",
                "Bedrag": "51.50",
                "DatumBetaal": "2026-12-15",
                "DatumTot": "",
                "TQPERIODE_Id": "9000000000000000301",
                "Sequence_Id": "1",
                "Bedrag1stePeriode": "51.50",
                "Datum1stePeriode": "2026-12-01",
            },
        ),
        (AgreedPlan("9000000000000008801", Decimal("51.50"), date(2026, 12, 1), None),),
        request=context(TDOS_Id=FILE, **{"active-only": "true"}),
    ),
    Question(
        "save_plan",
        "TagorService/SavePaymentPlan",
        lambda tagor, by: tagor.plans.save(
            FILE, PARTY, monthly=Decimal("51.50"), start=date(2026, 12, 1), phone=NUMBER, deadline=by
        ),
        YES | {"Periodes": 24, "Bedrag": "51,50"},
        SavedPlan(24, Decimal("51.50")),
        required=("Periodes", "Bedrag"),
        request={
            "TDOS_Id": FILE,
            "TPAR_Id": PARTY,
            "Bedrag": 51.5,
            "Startdatum": "2026-12-01",
            "Telnr": NUMBER,
        },
        changes=True,
    ),
    Question(
        "approve_plan",
        "TagorService/ApprovePaymentPlan",
        lambda tagor, by: tagor.plans.approve(FILE, "fr", phone=NUMBER, deadline=by),
        YES | {"Medium": "SMS"},
        Medium.SMS,
        request={"TDOS_Id": FILE, "Telnr": NUMBER, "Taal": "Frn"},
        changes=True,
    ),
    Question(
        "create_info_line",
        "Dossier/CreateInfoLine",
        lambda tagor, by: tagor.notes.create(
            FILE, LINE["Omschrijving"], date(2026, 11, 22), kind=LINE["TQINFO_Id"], deadline=by
        ),
        dataset("dsTDOSINFOWeb", "ttTDOSINFOWeb", LINE),
        told=None,
        required=("dsTDOSINFOWeb",),
        request=context() | dataset("dsTDOSINFOWeb", "ttTDOSINFOWeb", LINE),
        changes=True,
    ),
]
