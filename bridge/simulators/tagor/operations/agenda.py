"""Answers what is to be done on a file, by whom and when, and adds to it."""

from datetime import datetime

from bridge.simulators.tagor import codes
from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.agenda import AgendaEntry
from bridge.simulators.tagor.envelope import Refusal, Request, context, dataset
from bridge.simulators.tagor.hours import BELGIUM
from bridge.simulators.tagor.message_store import StoredMessage
from bridge.simulators.tagor.records import File
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.wire_format import Id

OPEN, DONE = Id("9000000000000000701"), Id("9000000000000000702")
# What the older generation's page shows of an appointment.
EARLIER = ("Omschrijving", "TimeStampScheduled", "TJOBM_Omschr", "TQSTATUS_Id", "UserName")


@operation("Dossier/CreateAgenda", methods={"POST": "2.00"})
def create(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Put appointments into somebody's agenda, each time anew, on a file if the context names one."""
    file_id = request.context.get("tdos_id", "")
    file = tagor.file(file_id) if file_id else None
    rows = request.rows("TAGENDAWeb")
    if not rows:
        raise Refusal("dsTAGENDAWeb is leeg.")
    written = [tagor.agenda.add(_read(tagor, Request(row), file)) for row in rows]
    return context({}, bare=tagor.bare) | dataset("TAGENDAWeb", [_row(tagor, one) for one in written])


def _read(tagor: SimulatedTagor, given: Request, file: File | None) -> AgendaEntry:
    subject, text = given.text("Subject"), given.text("Omschrijving")
    if not (subject or text):
        raise Refusal("Omschrijving is niet ingevuld.")
    return AgendaEntry(
        _login(tagor, given, file),
        _moment(given.text("TimeStampScheduled")),
        *(subject, text),
        file_id=file.id if file else "",
        kind=_kind(given),
        manual=given.flag("Manueel", otherwise=True),
        blocked=given.flag("IsGeblokkeerd"),
    )


def _login(tagor: SimulatedTagor, given: Request, file: File | None) -> str:
    """Return whose agenda is meant, by id, login or name; without any, a file's entry is its manager's."""
    user_id = given.text("TUSER_Id") or (file.manager_id if file else "")
    found = tagor.staff.meant(given.text("UserName"), user_id)
    if found is None:
        raise Refusal("Gebruiker niet gevonden.")
    return found.login


def _kind(given: Request) -> str:
    """Return the id of what is to be done, if one is given; raises Refusal for one that nobody knows."""
    named = given.text("TJOBM_Id")
    if named and codes.find("TJOBM", id_=named) is None:
        raise Refusal("TJOBM_Id is niet gekend.")
    return named


def _moment(written: str) -> str:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Refusal("TimeStampScheduled is geen tijdstip.") from None
    local = moment.astimezone(BELGIUM).replace(tzinfo=None) if moment.tzinfo else moment
    return local.isoformat(timespec="milliseconds")


@operation("Dossier/GetAgenda")
def agenda(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return what is and was to be done on a file: its appointments, and the messages about it."""
    file = tagor.file(request.context.get("tdos_id", ""))
    messages = map(_as_appointment, tagor.messages.on_file(file.id))
    rows = [_row(tagor, one) for one in tagor.agenda.on_file(file.id)]
    rows += [_row(tagor, one) | {"TJOBM_Omschr": "Webbericht"} for one in messages]
    if tagor.bare:
        rows = [{name: row[name] for name in EARLIER} for row in rows]
    return context({}, bare=tagor.bare) | dataset("TAGENDAWeb", file.wire_format.rows(rows), bare=tagor.bare)


def _as_appointment(message: StoredMessage) -> AgendaEntry:
    return AgendaEntry(
        *(message.receiver, message.at, message.subject, message.text, message.file_id),
        done=message.read,
        job=message.job,
    )


def _row(tagor: SimulatedTagor, appointment: AgendaEntry) -> dict[str, object]:
    user, kind = tagor.staff.find(appointment.login), codes.find("TJOBM", id_=appointment.kind)
    return {
        "Omschrijving": appointment.text,
        "TimeStampScheduled": appointment.at,
        "TJOBM_Omschr": kind.word("Dut") if kind else "",
        "TQSTATUS_Id": DONE if appointment.done else OPEN,
        "UserName": user.name if user else appointment.login,
        "Subject": appointment.subject,
        "TJOB_Id": appointment.job,
        "TJOBM_Id": Id(appointment.kind),
        "TUSER_Id": user.id if user else "",
        "Manueel": appointment.manual,
        "IsGeblokkeerd": appointment.blocked,
    }
