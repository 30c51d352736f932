"""Messages between the office's people and those who write to them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Refusal, Request, context, dataset
from bridge.simulators.tagor.message_store import OfficeMessage
from bridge.simulators.tagor.operations import document
from bridge.simulators.tagor.records import File
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.staff import User
from bridge.simulators.tagor.tagor import OWN_LOGIN, Tagor
from bridge.simulators.tagor.wire_format import PLAIN, Id

SENT = Id("9000000000000000601")
UNREAD, READ = Id("9000000000000000602"), Id("9000000000000000603")
INCOMING, OUTGOING = Id("9000000000000000604"), Id("9000000000000000605")
PARTIES = {"INBOX": "TPAR_id_Verzender", "OUTBOX": "TPAR_id_Ontvanger"}
OPERATORS: dict[str, Callable[[str, str], bool]] = {"=": str.__eq__, "begins": str.startswith}


@operation("Message/Add")
def add(tagor: Tagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Send one message, each time anew; the context must name its file, with an empty id if it has none."""
    if "tdos_id" not in request.context:
        raise Refusal("TDOS_Id ontbreekt in dsWebContext.")
    rows = request.rows("TBERICHTWeb")
    if len(rows) != 1:
        raise Refusal("Geef één bericht in dsTBERICHTWeb.")
    file = _file(tagor, request.context["tdos_id"], Request(rows[0]).text("TDOS_Id"))
    message = tagor.messages.add(_read(tagor, Request(rows[0]), file))
    attached = [
        document.keep(tagor, Request(row), file_id=message.file_id, message_id=message.id, job=message.job)
        for row in request.rows("AttachmentWeb")
    ]
    return _told(tagor, [message]) | dataset("AttachmentWeb", PLAIN.rows(attached), bare=tagor.bare)


def _file(tagor: Tagor, named: str, again: str) -> File | None:
    if again not in ("", named):
        raise Refusal("TDOS_Id verschilt van dat in dsWebContext.")
    return tagor.file(named) if named else None


def _read(tagor: Tagor, given: Request, file: File | None) -> OfficeMessage:
    subject, text = given.text("TJOB_Onderwerp"), given.text("TJOB_bericht")
    if not (subject or text):
        raise Refusal("Het bericht is leeg.")
    sender_party = given.text("TPAR_id_Verzender")
    return OfficeMessage(
        _receiver(tagor, given, file).login,
        *(subject, text, tagor.moment),
        file_id=file.id if file else "",
        sender=OWN_LOGIN,
        sender_party=tagor.party(sender_party).id if sender_party else "",
    )


def _receiver(tagor: Tagor, given: Request, file: File | None) -> User:
    """Whom it goes to, by login, name or party; a message on a file may leave that to the file's manager."""
    user_id = given.text("TPAR_id_Ontvanger") or (file.manager_id if file else "")
    found = tagor.staff.meant(given.text("Ontvanger"), user_id)
    if found is None:
        raise Refusal("Ontvanger niet gevonden.")
    return found


@operation("Message/GetListFilter")
def messages(tagor: Tagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the messages that fit, oldest first, and their attachments without contents.

    A message is incoming when it was sent on behalf of a party, else outgoing: nobody but the interface
    itself writes here.
    """
    fits = _by_context(request)
    chosen = [message for message in tagor.messages.all() if fits(message)]
    for wanted in (*map(Request, request.rows("Filter")), *_of_party(request)):
        chosen = [message for message in chosen if _by_field(_row(tagor, message), wanted)]
    attached = [
        document.told(each, "", message.job)
        for message in chosen
        for each in tagor.documents.of_message(message.id)
    ]
    return _told(tagor, chosen) | dataset("AttachmentWeb", PLAIN.rows(attached), bare=tagor.bare)


def _by_context(request: Request) -> Callable[[OfficeMessage], bool]:
    """Return whether a message fits the context: its days and box, and whether it was read."""
    asked = request.context
    first, last = _day(asked.get("from", "")) or date.min, _day(asked.get("until", "")) or date.max
    box, read = asked.get("box", "").upper(), asked.get("read", "").lower()

    def fits(message: OfficeMessage) -> bool:
        return (
            first <= message.day <= last
            and box in ("", "INBOX" if message.sender_party else "OUTBOX")
            and read in ("", str(message.read).lower())
        )

    return fits


def _day(written: str) -> date | None:
    try:
        return datetime.strptime(written, "%d/%m/%Y").date() if written else None  # noqa: DTZ007 - a day
    except ValueError:
        raise Refusal("Een datum is dd/mm/jjjj.") from None


def _of_party(request: Request) -> Iterator[Request]:
    """The line of `dsFilter` that a party in the context stands for: a box's own kind of party only."""
    field = PARTIES.get(request.context.get("box", "").upper(), "")
    if party := request.context.get(field.lower(), ""):
        yield Request(Veld=field, Operator="=", Waarde=party)


def _by_field(row: dict[str, object], wanted: Request) -> bool:
    """Whether a row's field, named with or without its table, compares as a line of `dsFilter` wants."""
    field, compare = wanted.text("Veld").rpartition(".")[2], OPERATORS.get(wanted.text("Operator"))
    if field not in row or compare is None:
        raise Refusal("Dit filter is niet gekend.")
    return compare(str(row[field]), wanted.text("Waarde"))


@operation("Message/ToggleRead")
def toggle(tagor: Tagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Make a message read, or unread if it was read."""
    found = tagor.messages.find(request.context.get("tbericht_id", ""))
    if found is None:
        raise Refusal("Bericht niet gevonden.")
    return _told(tagor, [tagor.messages.toggle(found, tagor.moment)])


def _told(tagor: Tagor, chosen: list[OfficeMessage]) -> dict[str, object]:
    rows = [_row(tagor, message) for message in chosen]
    return context({}, bare=tagor.bare) | dataset("TBERICHTWeb", rows, bare=tagor.bare)


def _row(tagor: Tagor, message: OfficeMessage) -> dict[str, object]:
    receiver = tagor.staff.find(message.receiver)
    file = tagor.file(message.file_id) if message.file_id else None
    return {
        "TBERICHT_Id": message.id,
        "Ontvanger": receiver.name if receiver else message.receiver,
        "TJOB_Id": message.job,
        "TJOB_Onderwerp": message.subject,
        "TJOB_TQSTATUS_Id": READ if message.read else UNREAD,
        "TQSTATUS_Id": SENT,
        "TimeStampBericht": message.at,
        "TimeStampStatusSinds": message.since,
        "TQRICHTING_Id": INCOMING if message.sender_party else OUTGOING,
        "Verzender": message.sender,
        "TJOB_bericht": message.text,
        "TPAR_id_Verzender": message.sender_party,
        "TPAR_id_Ontvanger": receiver.id if receiver else "",
        "TDOS_Id": message.file_id,
        "TQDOSSOORT_Id": file.type_id if file else "",
        "ttTagWeb": [],
    }
