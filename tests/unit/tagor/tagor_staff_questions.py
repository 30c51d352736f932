"""What the client asks and changes for the office's employees, and what it sends to a defendant."""

from base64 import b64encode
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tagor_questions import FILE, LINE, NUMBER, PARTY, YES, Question, context, dataset

from bridge.tagor import (
    Appointment,
    Attachment,
    FileDocument,
    InfoLine,
    NewAppointment,
    NewMessage,
    OfficeMessage,
    PartyContact,
    User,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
USER, LOGIN = "9000000000000000901", "an.verbeke"
MAIL, MOBILE = "jan@example.be", "0470 00 00 01"
JOB, MESSAGE, DOCUMENT = "9000000000000006601", "9000000000000005501", "9000000000000007701"
KIND = "9000000000000000021"
AT = datetime(2026, 11, 23, 9, tzinfo=BRUSSELS)

WORDS = Attachment("call-7.wav", "wav", "Voicemail of 12 seconds.", b"RIFF\x00\xff\xfe four")
WORDS_ROW = {
    "ttFileName": "call-7.wav",
    "FileType": "wav",
    "ttComment": "Voicemail of 12 seconds.",
    "FileContent": b64encode(WORDS.content).decode(),
}
USER_ROW = {
    "id": USER,
    "party_id": "9000000000000000011",
    "username": LOGIN,
    "name": "An Verbeke",
    "password": "",
    "landline": 3292233446,
    "fax": "",
    "cellphone": None,
    "email_address": "an@dewilde.example",
    "requires_2fa": False,
}
TOGGLE = {"data": "true", "type_id": "9000000000000000911", "type_code": "MESSAGE"}
AN = User(USER, LOGIN, "An Verbeke", "3292233446", "")
MESSAGE_ROW = {
    "Ontvanger": "Telefoon",
    "TJOB_Onderwerp": "Voicemail K7",
    "TJOB_bericht": "Somebody left word.",
    "TPAR_id_Verzender": PARTY,
    "TDOS_Id": FILE,
}
LISTED_ROW = MESSAGE_ROW | {"TBERICHT_Id": MESSAGE, "TJOB_TQSTATUS_Id": 41, "TimeStampBericht": None}
ENTRY_ROW = {
    "Subject": "Call back K7",
    "Omschrijving": "Please call +32470000001.",
    "TimeStampScheduled": "2026-11-23T09:00:00.000",
    "UserName": LOGIN,
}
ENTRY = Appointment("Call back K7", "Please call +32470000001.", AT, "41", LOGIN, JOB)
APPOINTMENT = NewAppointment(FILE, "Call back K7", "Please call +32470000001.", AT, LOGIN)


def asked_for(box: str, read: str) -> dict[str, object]:
    return context(box=box, read=read, **{"from": "21/11/2026"})


STAFF_QUESTIONS = [
    Question(
        "user",
        "User/Get",
        lambda tagor, by: tagor.employees.user(USER, deadline=by),
        dataset("dsTUSERWeb", "ttTUSERWeb", USER_ROW),
        AN,
        request=context(TUSER_Id=USER),
    ),
    Question(
        "colleagues",
        "User/CanAccess",
        lambda tagor, by: tagor.employees.colleagues(kind=KIND, party=PARTY, deadline=by),
        dataset("dsTUSERWeb", "ttTUSERWeb", USER_ROW, {"id": 12}),
        (AN, User("12", "", "", "", "")),
        request=context(TQDOSSOORT_Id=KIND, TPAR_Id=PARTY),
    ),
    Question(
        "permissions",
        "User/GetPermissions",
        lambda tagor, by: tagor.employees.permissions(deadline=by),
        dataset("dsConfigWeb", "ttConfigWeb", TOGGLE, TOGGLE | {"type_code": "PAY", "data": "false"}),
        {"MESSAGE": True, "PAY": False},
        request=context(),
    ),
    Question(
        "kinds_within_reach",
        "User/GetPermissionsList",
        lambda tagor, by: tagor.employees.kinds_within_reach(deadline=by),
        dataset("dsCodeWeb", "ttCodeWeb", {"type": "TQDOSSOORT", "id": KIND, "code": "MIN"}),
        frozenset({KIND}),
        request=context(TYPE="TQDOSSOORT"),
    ),
    Question(
        "show_file",
        "TagorService/SetUserDossier",
        lambda tagor, by: tagor.employees.show_file(LOGIN, caller=NUMBER, file=FILE, deadline=by),
        YES,
        told=None,
        request={"UserLogin": LOGIN, "DosId": FILE, "TelNr": NUMBER, "Direction": "IN"},
        changes=True,
    ),
    Question(
        "send_text",
        "Actions/SendSms",
        lambda tagor, by: tagor.notifications.send_text(FILE, PARTY, "SALDO", mobile=MOBILE, deadline=by),
        YES,
        told=None,
        request={"TDOS_Id": FILE, "TPAR_Id": PARTY, "Gsmnr": MOBILE, "CodeSms": "SALDO"},
        changes=True,
    ),
    Question(
        "send_text, older way",
        "TagorService/SendSms",
        lambda tagor, by: tagor.notifications.send_text(
            FILE, PARTY, "SALDO", mobile=MOBILE, deprecated=True, deadline=by
        ),
        YES,
        told=None,
        request={"TDOS_Id": FILE, "TPAR_Id": PARTY, "TelNr": MOBILE, "CodeSms": "SALDO"},
        changes=True,
    ),
    Question(
        "send_mail",
        "Actions/SendMail",
        lambda tagor, by: tagor.notifications.send_mail(FILE, PARTY, "FAQ", address=MAIL, deadline=by),
        YES,
        told=None,
        request={"TDOS_Id": FILE, "TPAR_Id": PARTY, "Emailadres": MAIL, "CodeEmail": "FAQ"},
        changes=True,
    ),
    Question(
        "send_mail, older way",
        "TagorService/SendMail",
        lambda tagor, by: tagor.notifications.send_mail(
            FILE, PARTY, "FAQ", address=MAIL, deprecated=True, deadline=by
        ),
        YES,
        told=None,
        request={"TDOS_Id": FILE, "TPAR_Id": PARTY, "Emailadres": MAIL, "CodeEmail": "FAQ"},
        changes=True,
    ),
    Question(
        "contacts",
        "Party/GetContactDetails",
        lambda tagor, by: tagor.notifications.contacts(PARTY, deadline=by),
        dataset(
            "dsTCOMWeb",
            "ttTCOMWeb",
            {"id": 7, "content": MAIL, "owning_id": PARTY, "type_id": "31", "used": "false"},
            {"id": "8", "value": 32470000001, "owning_entity": "TPAR", "owning_id": PARTY, "type_id": 32},
        ),
        (
            PartyContact("7", MAIL, "31", used=False, party=PARTY),
            PartyContact("8", "32470000001", "32", used=True, party=PARTY),
        ),
        request=context(TPAR_Id=PARTY),
    ),
    Question(
        "info_lines",
        "Dossier/GetInfo",
        lambda tagor, by: tagor.notes.on_file(FILE, deadline=by),
        dataset("dsTDOSINFOWeb", "ttTDOSINFOWeb", LINE, {"TDOS_Id": FILE, "DatumInfo": ""}),
        (InfoLine("Ligne téléphonique : merci de vérifier.", date(2026, 11, 22)), InfoLine("", None)),
        request=context(TDOS_Id=FILE),
    ),
    Question(
        "correspondence",
        "Dossier/GetCorrespondence",
        lambda tagor, by: tagor.notes.correspondence(FILE, deadline=by),
        dataset(
            "dsTDOSINFOWeb",
            "ttTDOSCorrespondenceWeb",
            {"TDOS_Id": FILE, "Omschrijving": "Webbericht: Hi!", "DatumInfo": "2026-11-22"},
            inner="dsTDOSCorrespondenceWeb",
        ),
        (InfoLine("Webbericht: Hi!", date(2026, 11, 22)),),
        request=context(TDOS_Id=FILE),
    ),
    Question(
        "add_attachment",
        "Dossier/AddAttachment",
        lambda tagor, by: tagor.documents.add(FILE, WORDS, deadline=by),
        dataset("dsAttachmentWeb", "ttAttachmentWeb", WORDS_ROW | {"TDOC_Id": DOCUMENT, "TJOB_Id": None}),
        DOCUMENT,
        required=("dsAttachmentWeb",),
        request=context(TDOS_Id=FILE) | dataset("dsAttachmentWeb", "ttAttachmentWeb", WORDS_ROW),
        changes=True,
    ),
    Question(
        "documents",
        "Document/Get",
        lambda tagor, by: tagor.documents.on_file(FILE, deadline=by),
        dataset(
            "dsTDOCWeb",
            "ttTDOCWeb",
            {
                "DatumDocument": "2026-11-22",
                "DISFLMN_Extensie": "wav",
                "DISid": 0,
                "Naam": "call-7.wav",
                "TDOC_Id": int(DOCUMENT),
                "Inhoud": "",
            },
            {"TDOC_Id": "12", "DatumDocument": ""},
        ),
        (FileDocument(DOCUMENT, "call-7.wav", "wav", date(2026, 11, 22)), FileDocument("12", "", "", None)),
        request=context(TDOS_Id=FILE),
    ),
    Question(
        "add_message",
        "Message/Add",
        lambda tagor, by: tagor.messages.add(
            NewMessage("Voicemail K7", "Somebody left word.", "Telefoon", FILE, PARTY, WORDS), deadline=by
        ),
        dataset("dsTBERICHTWeb", "ttTBERICHTWeb", LISTED_ROW)
        | dataset("dsAttachmentWeb", "ttAttachmentWeb", WORDS_ROW),
        MESSAGE,
        required=("dsTBERICHTWeb",),
        request=context(TDOS_Id=FILE)
        | dataset("dsTBERICHTWeb", "ttTBERICHTWeb", MESSAGE_ROW)
        | dataset("dsAttachmentWeb", "ttAttachmentWeb", WORDS_ROW),
        changes=True,
    ),
    Question(
        "messages",
        "Message/GetListFilter",
        lambda tagor, by: tagor.messages.sent(since=date(2026, 11, 21), deadline=by),
        dataset("dsTBERICHTWeb", "ttTBERICHTWeb", LISTED_ROW),
        (OfficeMessage(MESSAGE, "Voicemail K7", FILE, read=True, status="41"),),
        request=asked_for("INBOX", "false"),
        further=(asked_for("OUTBOX", "false"), asked_for("INBOX", "true"), asked_for("OUTBOX", "true")),
    ),
    Question(
        "add_appointment",
        "Dossier/CreateAgenda",
        lambda tagor, by: tagor.agenda.add(APPOINTMENT, deadline=by),
        dataset("dsTAGENDAWeb", "ttTAGENDAWeb", ENTRY_ROW | {"TQSTATUS_Id": "41", "TJOB_Id": JOB}),
        ENTRY,
        required=("dsTAGENDAWeb",),
        request=context(TDOS_Id=FILE) | dataset("dsTAGENDAWeb", "ttTAGENDAWeb", ENTRY_ROW),
        changes=True,
    ),
    Question(
        "agenda",
        "Dossier/GetAgenda",
        lambda tagor, by: tagor.agenda.on_file(FILE, deadline=by),
        dataset(
            "dsTAGENDAWeb",
            "ttTAGENDAWeb",
            ENTRY_ROW | {"TQSTATUS_Id": "41", "TJOB_Id": int(JOB), "Manueel": True},
            ENTRY_ROW | {"TJOBM_Id": 9000000000000000711, "TJOBM_Omschr": "Bezoek", "IsGeblokkeerd": "true"},
            {"Omschrijving": "Payment received", "TimeStampScheduled": None, "UserName": "User 1"},
        ),
        (
            ENTRY,
            replace(ENTRY, status="", job="", kind="Bezoek", kind_id="9000000000000000711", blocked=True),
            Appointment("", "Payment received", None, "", "User 1", ""),
        ),
        request=context(TDOS_Id=FILE),
    ),
]
