"""What the client asks and changes when a defendant wants to know more about a file, or tells something."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tagor_questions import FILE, NAME, PARTY, YES, Question, context, dataset

from bridge.tagor import (
    Address,
    AnswerKind,
    BalancePart,
    CourtDate,
    DefendantMessage,
    DocumentKind,
    FileLine,
    FileLink,
    FileName,
    ListedCode,
    ListedQuestionnaire,
    PartyFile,
    PartyOnFile,
    PaymentPage,
    PlanStep,
    ScannedLine,
    SolvencyQuestion,
    Title,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
LINE, COURT, CHAMBER = "9000000000000012001", "9000000000000000831", "9000000000000000841"
MESSAGE, CONTACT, MODEL = "9000000000000005502", "9000000000000006601", "9000000000000000861"
MOBILE, LINK = "+32470000002", "0123456789abcdef"
TO_PARTY = {
    "TBERICHT_Id": MESSAGE,
    "TJOB_Onderwerp": "Uw vraag",
    "TJOB_bericht": "Wij hebben uw betaling ontvangen.",
    "TimeStampBericht": "2026-11-20T09:30:00.000",
    "TDOS_Id": FILE,
    "TPAR_id_Ontvanger": PARTY,
}
TOLD = DefendantMessage(
    MESSAGE,
    "Uw vraag",
    "Wij hebben uw betaling ontvangen.",
    datetime(2026, 11, 20, 9, 30, tzinfo=BRUSSELS),
    FILE,
)
NOTED = {"financial_line_id": LINE, "type_id": "", "description": "Disputed.", "date": "2026-11-22"}
CONTACT_ROW = {"content": MOBILE, "owning_entity": "TPAR", "owning_id": PARTY, "type_id": "", "comment": ""}
ASKED = {"TCFGSOLVRAPMOD_Id": MODEL, "TDOS_Id": FILE, "TPAR_Id": PARTY}
CODE = {"Tabel": "TQRB", "Id": COURT, "Taal": "Ger"}
QUESTION = {"id": "560", "name": "Income?", "type": "combo", "val": "W1"}

FILE_QUESTIONS = [
    Question(
        "listed",
        "Code/GetList",
        lambda tagor, by: tagor.codes.listed("TQRB", deadline=by),
        dataset("dsCodetabelIDs", "ttCodetabelIDs", CODE | {"Code": "VRED"}, {"Code": "EERST"}),
        (ListedCode(COURT, "VRED"), ListedCode("", "EERST")),
        request=context(table="TQRB"),
    ),
    Question(
        "words",
        "Code/GetDescription",
        lambda tagor, by: tagor.codes.words("TQRB", [COURT], "de", deadline=by),
        dataset(
            "dsCodetabelIDs",
            "ttCodetabelIDs",
            CODE | {"Code": "VRED", "Omschrijving": "Friedensgericht"},
        ),
        {COURT: "Friedensgericht"},
        request=context() | dataset("dsCodetabelIDs", "ttCodetabelIDs", CODE),
    ),
    Question(
        "balances",
        "Dossier/GetBalances",
        lambda tagor, by: tagor.amounts.balances(FILE, deadline=by),
        dataset(
            "dsTDOSSALDOWeb",
            "ttTDOSSALDOWeb",
            {"TQSALDO_Id": "821", "Bedrag": "1.234"},
            {"TQSALDO_Id": 825, "Bedrag": " 1234,56 "},
        ),
        (BalancePart("821", None), BalancePart("825", Decimal("1234.56"))),
        request=context(TDOS_Id=FILE),
    ),
    Question(
        "lines",
        "Dossier/GetLines",
        lambda tagor, by: tagor.amounts.lines(FILE, evolution_only=True, deadline=by),
        dataset(
            "dsTDOSLIJNWeb",
            "ttTDOSLIJNWeb",
            {
                "TDOSLIJN_Id": LINE,
                "Omschrijving": "Hoofdsom",
                "DatumBoeking": "2026-03-02T00:00:00",
                "Bedrag": 1000.004,
                "TQAARD_Id": "801",
                "TQBOEKING_Id": "811",
                "State": "",
            },
            {"Omschrijving": "Betaling", "Bedrag": -75.5, "TQAARD_Id": 0, "Uitschot": 0},
        ),
        (
            FileLine(LINE, "Hoofdsom", date(2026, 3, 2), None, "801", "811", ""),
            FileLine(None, "Betaling", None, Decimal("-75.50"), "0", "", ""),
        ),
        request=context(TDOS_Id=FILE, **{"is-defendant": "true", "evolution-only": "true"}),
    ),
    Question(
        "notes_on_line",
        "Dossierlijn/GetInfo",
        lambda tagor, by: tagor.amounts.notes_on_line(LINE, deadline=by),
        dataset("dsTDOSLIJNINFOWeb", "ttTDOSLIJNINFOWeb", NOTED, {"financial_line_id": LINE}),
        ("Disputed.", ""),
        request=context(TDOSLIJN_Id=LINE),
    ),
    Question(
        "note_on_line",
        "Dossierlijn/CreateInfoLine",
        lambda tagor, by: tagor.amounts.note_on_line(LINE, "Disputed.", date(2026, 11, 22), deadline=by),
        dataset("dsTDOSLIJNINFOWeb", "ttTDOSLIJNINFOWeb", NOTED),
        told=None,
        required=("dsTDOSLIJNINFOWeb",),
        request=context() | dataset("dsTDOSLIJNINFOWeb", "ttTDOSLIJNINFOWeb", NOTED),
        changes=True,
    ),
    Question(
        "appearances",
        "Dossier/GetAppearance",
        lambda tagor, by: tagor.courts.appearances(FILE, deadline=by),
        dataset(
            "dsTDOSVERSCHIJNINGWeb",
            "ttTDOSVERSCHIJNINGWeb",
            {
                "TQRB_Id": COURT,
                "Plaats": "Eupen",
                "TQKAMER_Id": CHAMBER,
                "TimeStampVerschijning": "2026-12-04T09:00:00.000",
                "Omschrijving": "Inleiding",
            },
            {"TimeStampVerschijning": "4/12/2026"},
        ),
        (
            CourtDate(datetime(2026, 12, 4, 9, tzinfo=BRUSSELS), "Eupen", COURT, CHAMBER, "Inleiding"),
            CourtDate(None, "", "", "", ""),
        ),
        request=context(TDOS_Id=FILE),
    ),
    Question(
        "titles",
        "Dossier/GetTitle",
        lambda tagor, by: tagor.courts.titles(FILE, deadline=by),
        dataset(
            "dsTDOSTITELWeb",
            "ttTDOSTITELWeb",
            {
                "TQRB_Id": COURT,
                "TQKAMER_Id": CHAMBER,
                "TimeStampTitel": "2024-11-12T00:00:00.000",
                "Omschrijving": "Vonnis",
            },
        ),
        (Title(date(2024, 11, 12), COURT, CHAMBER, "Vonnis"),),
        request=context(TDOS_Id=FILE),
    ),
    Question(
        "files_of_party",
        "Dossier/GetByDefendant",
        lambda tagor, by: tagor.parties.files(PARTY, deadline=by),
        dataset(
            "dsTDOSWeb",
            "ttTDOSDefendantWeb",
            {
                "id": FILE,
                "status_id": "201",
                "creditor": "Stad Gent",
                "balance_defendant": 12.5,
                "file_name": NAME,
            },
            {"id": "x", "file_name": "20230119"},
            inner="dsTDOSDefendantWeb",
        ),
        (PartyFile(FILE, NAME, "Stad Gent", Decimal("12.50"), "201"),),
        request=context(TPAR_Id=PARTY),
    ),
    Question(
        "files_below",
        "Dossier/GetSub",
        lambda tagor, by: tagor.parties.files_below(FILE, deadline=by),
        dataset("dsTDOSDOSWeb", "ttTDOSDOSWeb", {"TDOS_Id_Sub": 51, "Dossiernaam": "20230523"}),
        (FileName("51", "20230523"),),
        request=context(TDOS_Id=FILE),
    ),
    Question(
        "parties_on_file",
        "Dossier/GetParties",
        lambda tagor, by: tagor.parties.on_file(FILE, deadline=by),
        dataset(
            "dsTDOSPARWeb",
            "ttTDOSPARWeb",
            {"TPAR_Id": PARTY, "Naam": "Jan Janssens", "TQPARSOORT_Id": "3"},
            {"TPAR_Id": "", "Naam": "Stad Gent", "TQPARSOORT_Id": 4},
        ),
        (PartyOnFile(PARTY, "Jan Janssens", "3"), PartyOnFile(None, "Stad Gent", "4")),
        request=context(TDOS_Id=FILE),
    ),
    Question(
        "addresses",
        "Party/GetAddresses",
        lambda tagor, by: tagor.parties.addresses(PARTY, deadline=by),
        dataset(
            "dsTPARADWeb",
            "ttTPARADWeb",
            {
                "street": "Kerkstraat",
                "number": 12,
                "mailbox": "A",
                "postal_code": "9000",
                "city": "Gent",
                "current_address": "TRUE",
            },
        ),
        (Address("Kerkstraat", "12", "A", "9000", "Gent", current=True),),
        request=context(TPAR_Id=PARTY),
    ),
    Question(
        "add_contact",
        "Party/AddContactDetail",
        lambda tagor, by: tagor.parties.add_contact(PARTY, MOBILE, deadline=by),
        dataset("dsTCOMWeb", "ttTCOMWeb", CONTACT_ROW | {"id": int(CONTACT)}),
        CONTACT,
        required=("dsTCOMWeb",),
        request=context() | dataset("dsTCOMWeb", "ttTCOMWeb", CONTACT_ROW),
        changes=True,
    ),
    Question(
        "start_payment",
        "Pay/Start",
        lambda tagor, by: tagor.payments.start(
            FILE, Decimal("51.5"), reference="K7", return_url="https://example.be/paid?x=1", deadline=by
        ),
        {
            "redirectionData": "abc|def=",
            "redirectionStatusCode": "00",
            "redirectionStatusMessage": "",
            "redirectionUrl": "https://pay.example.be/init",
            "redirectionVersion": "IR_WS_2.19",
            "seal": "0",
        },
        PaymentPage("https://pay.example.be/init", "abc|def=", "IR_WS_2.19"),
        required=("redirectionUrl",),
        request={
            "TDOS_Id": FILE,
            "Amount": "51.50",
            "Reference": "K7",
            "ReturnUrl": "https://example.be/paid?x=1",
        },
        changes=True,
    ),
    Question(
        "payment_received",
        "TagorService/OnlinePaymentReceived",
        lambda tagor, by: tagor.payments.received(FILE, PARTY, Decimal(20), deadline=by),
        YES,
        told=None,
        request={"TDOS_Id": FILE, "TPAR_Id": PARTY, "Bedrag": "20.00"},
        changes=True,
    ),
    Question(
        "payment_details",
        "TagorService/PaymentDetails",
        lambda tagor, by: tagor.payments.details(deadline=by),
        YES | {"Data": " \r\n19/03/2026 Bevel  60,00 EUR\r\n\r\n Totaal 74,11 EUR\u202e\r\n"},
        ("19/03/2026 Bevel 60,00 EUR", "Totaal 74,11 EUR"),
        as_defendant=True,
    ),
    Question(
        "scan",
        "TagorService/ScanBarcode",
        lambda tagor, by: tagor.payments.scan("002000000010", deadline=by),
        YES | {"file_id": int(FILE), "line_id": LINE, "fixed": "True"},
        ScannedLine(FILE, LINE),
        no=None,
        required=("file_id", "line_id"),
        request={"barcode": "002000000010"},
        as_defendant=True,
    ),
    Question(
        "send_link",
        "TagorService/FileToHash",
        lambda tagor, by: tagor.links.send(NAME, born=date(1980, 2, 29), text_code="LINK", deadline=by),
        YES,
        told=None,
        request={"Dossiernaam": NAME, "Geboortedatum": "1980-02-29", "CodeSms": "LINK"},
        changes=True,
    ),
    Question(
        "open_link",
        "TagorService/HashToFile",
        lambda tagor, by: tagor.links.open(LINK, deadline=by),
        YES | {"TDOS_Id": FILE, "TPAR_Id": PARTY, "Taal": "Frn", "GeldigTot": None},
        FileLink(FILE, PARTY, "fr", None),
        no=None,
        required=("TDOS_Id",),
        request={"Dossierhash": LINK},
    ),
    Question(
        "requestable",
        "Config/GetRequestableDocuments",
        lambda tagor, by: tagor.documents.requestable(deadline=by),
        dataset(
            "dsCodetabelIDs",
            "ttDocuments",
            {"TDOCM_Id": "851", "omschrijving": "Kopie", "Id": "KOPIE"},
            {"omschrijving": "No id"},
            inner="dsDocuments",
        ),
        (DocumentKind("851", "Kopie", "KOPIE"),),
        request=context(),
    ),
    Question(
        "order_document",
        "Document/Generate",
        lambda tagor, by: tagor.documents.order(FILE, PARTY, "851", deadline=by),
        context(success="true"),
        told=None,
        request=context(TDOS_Id=FILE, TPAR_Id=PARTY, TDOCM_Id="851"),
        changes=True,
    ),
    Question(
        "debt",
        "Document/GetMergefield",
        lambda tagor, by: tagor.documents.debt(FILE, deadline=by),
        {
            "dsWebContext": {
                "ttWebContext": [{"ContextKey": "Output", "ContextValue": "60,00\r\n 14,11 \r\n"}]
            }
        },
        ("60,00", "14,11"),
        request=context(TDOS_Id=FILE, Mergefield="M_1000"),
    ),
    Question(
        "unread_messages",
        "Message/GetListFilter",
        lambda tagor, by: tagor.messages.unread(FILE, PARTY, deadline=by),
        dataset(
            "dsTBERICHTWeb",
            "ttTBERICHTWeb",
            TO_PARTY,
            TO_PARTY | {"TBERICHT_Id": "2", "TDOS_Id": "12"},
            TO_PARTY | {"TBERICHT_Id": "3", "TPAR_id_Ontvanger": ""},
        ),
        (TOLD,),
        request=context(box="OUTBOX", TPAR_Id_Ontvanger=PARTY, TDOS_Id=FILE, read="false"),
    ),
    Question(
        "message",
        "Message/GetMessage",
        lambda tagor, by: tagor.messages.message(MESSAGE, deadline=by),
        dataset("dsTBERICHTWeb", "ttTBERICHTWeb", TO_PARTY),
        TOLD,
        request=context(TBERICHT_Id=MESSAGE),
    ),
    Question(
        "mark_read",
        "Message/ToggleRead",
        lambda tagor, by: tagor.messages.mark_read(MESSAGE, deadline=by),
        dataset("dsTBERICHTWeb", "ttTBERICHTWeb", TO_PARTY),
        told=None,
        request=context(TBERICHT_Id=MESSAGE),
        changes=True,
    ),
    Question(
        "plan_steps",
        "Dossier/GetPaymentPlans",
        lambda tagor, by: tagor.plans.steps(FILE, deadline=by),
        dataset(
            "dsTDOSAFBDETWeb",
            "ttTDOSAFBDETWeb",
            {"TDOSAFB_Id": "7", "Bedrag": "50", "Bedrag1stePeriode": "60", "TQPERIODE_Id": "301"},
            {"TDOSAFB_Id": 7, "Bedrag": 75, "DatumBetaal": "2027-01-01", "DatumTot": "2027-06-01"},
        ),
        (
            PlanStep("7", Decimal(50), Decimal(60), None, None, "301"),
            PlanStep("7", Decimal(75), None, date(2027, 1, 1), date(2027, 6, 1), ""),
        ),
        request=context(TDOS_Id=FILE, **{"active-only": "true"}),
    ),
    Question(
        "questionnaires",
        "SolvencyReport/GetList",
        lambda tagor, by: tagor.questionnaires.known("101", deadline=by),
        dataset("dsCodetabelIDs", "ttCodetabelIDs", {"Id": MODEL, "Omschrijving": "Uw situatie"}),
        (ListedQuestionnaire(MODEL, "Uw situatie"),),
        request=context(TQDOSSOORT_Id="101"),
    ),
    Question(
        "questions",
        "SolvencyReport/Get",
        lambda tagor, by: tagor.questionnaires.questions(MODEL, FILE, PARTY, deadline=by),
        dataset(
            "dsSolvencyReport",
            "ttSolvencyReport",
            QUESTION | {"description": "W1=Employee, W2 = None,oddly,=?"},
            {"id": "558", "name": "Children?", "type": "LOGICAL", "description": "a=b"},
            {"id": "556", "name": "Rent?", "type": "decimal", "val": 6.4},
            {"id": "554", "name": "Else?", "type": None, "val": "no"},
            {"id": "552", "name": "Pets?", "type": "integer", "val": True},
            {"id": "550", "name": "Cars?", "type": "integer", "val": [2]},
        ),
        (
            SolvencyQuestion("560", "Income?", AnswerKind.CHOICE, (("W1", "Employee"), ("W2", "None")), "W1"),
            SolvencyQuestion("558", "Children?", AnswerKind.YES_NO, (), ""),
            SolvencyQuestion("556", "Rent?", AnswerKind.AMOUNT, (), "6.4"),
            SolvencyQuestion("554", "Else?", AnswerKind.TEXT, (), "no"),
            SolvencyQuestion("552", "Pets?", AnswerKind.NUMBER, (), "true"),
            SolvencyQuestion("550", "Cars?", AnswerKind.NUMBER, (), "?"),
        ),
        request=context(**ASKED),
    ),
    Question(
        "save_answers",
        "SolvencyReport/Save",
        lambda tagor, by: tagor.questionnaires.save(
            MODEL, FILE, PARTY, {"560": "W1", "558": "true"}, deadline=by
        ),
        dataset("dsWebContext", "ttWebContext", {"ContextKey": "success", "ContextValue": True}),
        told=None,
        request=context(**ASKED)
        | dataset(
            "dsSolvencyReport", "ttSolvencyReport", {"id": "560", "val": "W1"}, {"id": "558", "val": "true"}
        ),
        changes=True,
    ),
]
