"""The stories that meet odd answers of Tagor: who calls, what they key in, and what is asked on the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.simulators.rehearsal.world.offices import CANARIES, MESSAGE
from bridge.simulators.tagor import Case
from bridge.simulators.tagor.solvency import MODEL

if TYPE_CHECKING:
    from tests.shared_line import Line

PIN, REFERENCE, HOUSE, BARCODE = "PIN", "REFERENCE", "HOUSE", "BARCODE"
"""Stand for what is on the caller's letter."""
READ_OUT = "read out"
"""The prompt of words that are Tagor's own."""
ACCEPTED = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
SLIPS = {"# pin_scheme = true": "pin_scheme = true", "# slips = true": "slips = true"}
QUESTIONS = {'# questions = { nl = "9000000000000000861" }': f'questions = {{ nl = "{MODEL}" }}'}
LOGIN = {
    'key_env = "TAGOR_KEY" ': 'client_id_env = "TAGOR_CLIENT_ID"\nclient_secret_env = "TAGOR_CLIENT_SECRET"\n'
}


def _nothing(_line: "Line", _case: Case) -> None:
    """Leave everything as it is."""


def _leave_message(line: "Line", case: Case) -> None:
    """Let the office write to the caller."""
    creditor = CANARIES["20230118"]
    line.tagor.controls.leave_message(
        case.file_id, case.party_id, MESSAGE[0], MESSAGE[1].format(creditor=creditor)
    )


def _lose_note(line: "Line", _case: Case) -> None:
    """Let the answer to the call's note be lost, so that the line looks for the note."""
    line.tagor.fault("Dossier/CreateInfoLine", "reset_after", times=1, effect="done")


@dataclass(frozen=True)
class Story:
    """What a caller keys in after the proof, what they hear in the end, and the operations asked on the way.

    `office` changes the office file, `before` happens before the call. The words of the fields `read_out` are
    nobody's but Tagor's. `noted` says whether the call leaves a note on the file.
    """

    keys: Sequence[str]
    goal: str
    asks: tuple[str, ...]
    proof: Sequence[str] = (PIN,)
    office: Mapping[str, str] = field(default_factory=dict)
    generation: str = "2.00"
    before: Callable[["Line", Case], None] = _nothing
    read_out: frozenset[str] = frozenset()
    noted: bool = True


OPENED = ("ClipToFile", "KantoorOpen", "GetDosInfo", "GetSaldo", "PaymentInfo")
IDENTIFIED = (*OPENED, "PinToFile", "Message/GetListFilter")
NOTED_BY = ("CreateInfoLine",)
"""What is asked after every call; the story of the balance meets its odd answers."""
ORDERED = (
    *(*IDENTIFIED, "Config/GetRequestableDocuments", "GetDescription"),
    *("Document/Get", "Document/Generate"),
)
STORIES = {
    "balance": Story("", "Balance.tell", (*IDENTIFIED, *NOTED_BY)),
    "plan": Story(
        "2111",
        "Confirmation.by_sms",
        (*IDENTIFIED, "GetPaymentPlanCriteria", "GetPaymentPlans", "SavePaymentPlan", "ApprovePaymentPlan"),
    ),
    "text": Story("1111", "Post.sent", (*IDENTIFIED, "Version", "SendSms")),
    "mail": Story("1121", "Post.sent", (*IDENTIFIED, "Version", "SendMail")),
    "person": Story("0", "Colleague.connect", (*IDENTIFIED, "User/Get", "SetUserDossier")),
    "running": Story("2", "RunningPlan.on_time", (*IDENTIFIED, "GetPaymentPlans")),
    "paid": Story("13", "Paid.days", IDENTIFIED),
    "details": Story(
        "31",
        "Details.manager",
        (
            *(*IDENTIFIED, "GetBalances", "GetDescription", "GetAppearance", "GetTitle", "User/Get"),
            *("Dossier/GetAgenda", "Code/GetList", "Document/GetMergefield"),
            "Config/GetRequestableDocuments",
        ),
    ),
    "copy": Story(
        "3241",
        "Post.sent",
        (
            *(*IDENTIFIED, "Document/Get", "Config/GetRequestableDocuments", "GetDescription"),
            *("SelfServiceAllowed", "Version", "SendMail"),
        ),
    ),
    "call back": Story("333211", "CallBack.told", (*IDENTIFIED, "GetAddresses", "Version", "CreateAgenda")),
    "mobile": Story(
        ("3", "3", "2", "0471234567#", "1"),
        "Contact.done",
        (*IDENTIFIED, "GetAddresses", "GetContactDetails", "Version", "AddContactDetail"),
    ),
    "slip": Story(("1", "4", BARCODE), "Slip.amount", (*IDENTIFIED, "ScanBarcode", "GetLines"), office=SLIPS),
    "message": Story(
        "12",
        "Messages.part_1",
        (*IDENTIFIED, "Message/GetMessage", "Message/ToggleRead"),
        before=_leave_message,
        read_out=frozenset({"TJOB_Onderwerp", "TJOB_bericht"}),
    ),
    "letter": Story("322132", "SentLetters.letter_3", ORDERED),
    "voice message": Story("3422", "Voicemail.thanks", (*IDENTIFIED, "Message/Add")),
    "recording": Story(
        "3422",
        "Voicemail.thanks",
        (*IDENTIFIED, "Dossier/AddAttachment"),
        office={'keep = "message" ': 'keep = "attachment" '},
    ),
    "lost note": Story("", "Balance.tell", (*IDENTIFIED, "Dossier/GetInfo"), before=_lose_note),
    "questions": Story(
        ("3", "3", "4", "1", "2", "1", "1850*50#", "1", "00#", "1", "3#", "1", "1"),
        "Questionnaire.saved",
        (*IDENTIFIED, "GetAddresses", "SolvencyReport/Get", "SolvencyReport/Save"),
        office=QUESTIONS,
        read_out=frozenset({"name", "description", "type", "id"}),
    ),
    "other files": Story("4", "OtherFiles.count", (*IDENTIFIED, "GetByDefendant", "GetSub")),
    "reference": Story(
        "",
        "Balance.tell",
        (
            *OPENED,
            "GetVoxtronReferentie",
            "GetVoxtronVerwByPin",
            "GetParties",
            "Code/GetList",
            "Message/GetListFilter",
        ),
        proof=(PIN, REFERENCE),
        office={'way = "pin"': 'way = "reference_pin"'},
    ),
    "house number": Story(
        "",
        "Balance.tell",
        (*OPENED, "GetVoxtronReferentie", "GetVoxtronVerwByHuisNr"),
        proof=(REFERENCE, HOUSE),
        office={'way = "pin"': f'way = "house_number"{ACCEPTED}'},
        noted=False,
    ),
    "login": Story("", "Balance.tell", (*IDENTIFIED, "Login/Token"), office=LOGIN),
    "text of 1.08": Story(
        "1111",
        "Post.sent",
        (*IDENTIFIED, "TagorService/SendSms"),
        office={'# through = "service" ': 'through = "service" '},
        generation="1.08",
    ),
    "mail of 1.08": Story(
        "1121",
        "Post.sent",
        (*IDENTIFIED, "TagorService/SendMail"),
        office={'# through = "service" ': 'through = "service" '},
        generation="1.08",
    ),
}
WHOLE = ("balance", "plan", "paid", "details")
"""The stories that meet odd answers also to what is asked of every caller who is identified by PIN."""
NEEDED = {
    "PinToFile": {"Success", "TDOS_Id", "Error"},
    "GetSaldo": {"Success", "Saldo", "Error"},
    "GetVoxtronReferentie": {"Success", "DosId", "AantalVerw", "Error", "ReturnCode"},
    "GetVoxtronVerwByPin": {"Success", "Error"},
    "GetVoxtronVerwByHuisNr": {"Success", "VolgNrVerw", "Error", "ReturnCode"},
    "Login/Token": {"token_type", "expires_in", "token", "error"},
}
"""The fields without which no balance can be told; every other one may cost itself only."""
EFFECTS = {
    "Agreement.agree": ("plan",),
    "Confirmation.by_sms": ("approval",),
    "Confirmation.by_mail": ("approval",),
    "Confirmation.by_none": ("approval",),
    "Post.sent": ("text", "mail"),
}
"""What Tagor must have done when these words are heard."""
NOTED = {
    "Saldo meegedeeld": {"Balance.tell", "Balance.settled", "Balance.credit"},
    "plan aangevraagd: ": {"Agreement.agree"},
    "plan goedgekeurd": {"Confirmation.by_sms", "Confirmation.by_mail", "Confirmation.by_none"},
    "met informatie verstuurd": {"Post.sent"},
    "Document besteld": {"Documents.ordered"},
    "beantwoord, en de antwoorden bewaard": {"Questionnaire.saved"},
    "voorgelezen": {"Messages.part_1", READ_OUT},
}
"""What a note may say, by the words one of which the caller must have heard."""
TOLD_FROM = {
    "Received.paid": {"DatumLtstBet", "BedragLtstBet"},
    "Received.expected": {"DatumLtstOnbvBet", "BedragLtstOnbvBet"},
    "Received.never": set(),
    "Payments.running": {"Datum1stePeriode"},
    "Payments.on_time": {"Maandbedrag", "Achterstand"},
    "Payments.behind": {"Maandbedrag", "Achterstand"},
    "RunningPlan.on_time": {"Maandbedrag", "Achterstand"},
    "RunningPlan.behind": {"Maandbedrag", "Achterstand"},
    "Details.parts": {"Bedrag"},
    "Details.charges": {"Bedrag"},
    "Details.status": {"StatusId", "Omschrijving"},
    "Details.reached": {"StadiumId", "StatusId", "Omschrijving"},
    "Court.hearing": {"TimeStampVerschijning", "Plaats", "TQRB_Id", "TQKAMER_Id", "Omschrijving"},
    "Court.day_only": {"TimeStampVerschijning", "Plaats", "TQRB_Id", "Omschrijving"},
    "Court.judgment": {"TimeStampTitel", "TQRB_Id", "TQKAMER_Id", "Omschrijving"},
    "Court.judged": {"TimeStampTitel", "TQRB_Id", "Omschrijving"},
    "Planned.timed": {"TimeStampScheduled", "Omschrijving"},
    "Planned.some_day": {"TimeStampScheduled", "Omschrijving"},
    "Details.manager": {"name"},
    "Slip.amount": {"Bedrag"},
    "Messages.part_1": {"TJOB_Onderwerp", "TJOB_bericht"},
    "Documents.ask": {"omschrijving", "Omschrijving", "Id", "TDOCM_Id"},
    # The first of several, which has the words of all three.
    "SentLetters.letter_3": {"Naam", "DatumDocument", "Omschrijving"},
    "OtherFiles.count": {"id", "file_name", "TDOS_Id_Sub", "Dossiernaam"},
}
"""What is told as it stands in Tagor, and the odd fields that may make it another sentence than usual."""
