"""Adds, lists and marks messages to the office's employees."""

from collections.abc import Callable
from datetime import date, datetime

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Refusal, Request, context, dataset
from bridge.simulators.tagor.filters import filters_of, passing
from bridge.simulators.tagor.message_store import StoredMessage
from bridge.simulators.tagor.operations import document
from bridge.simulators.tagor.records import File
from bridge.simulators.tagor.registry import operation, table
from bridge.simulators.tagor.staff import StaffMember
from bridge.simulators.tagor.tables import Rows
from bridge.simulators.tagor.tagor import OWN_LOGIN, SimulatedTagor
from bridge.simulators.tagor.wire_format import PLAIN, Id

SENT = Id("9000000000000000601")
UNREAD, READ = Id("9000000000000000602"), Id("9000000000000000603")
INCOMING, OUTGOING = Id("9000000000000000604"), Id("9000000000000000605")
PARTIES = {"INBOX": "TPAR_id_Verzender", "OUTBOX": "TPAR_id_Ontvanger"}


@operation("Message/Add")
def add(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
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


def _file(tagor: SimulatedTagor, named: str, again: str) -> File | None:
    if again not in ("", named):
        raise Refusal("TDOS_Id verschilt van dat in dsWebContext.")
    return tagor.file(named) if named else None


def _read(tagor: SimulatedTagor, given: Request, file: File | None) -> StoredMessage:
    subject, text = given.text("TJOB_Onderwerp"), given.text("TJOB_bericht")
    if not (subject or text):
        raise Refusal("Het bericht is leeg.")
    sender_party = given.text("TPAR_id_Verzender")
    receiver = given.text("TPAR_id_Ontvanger")
    to_party = tagor.database.one("SELECT 1 FROM parties WHERE id = ?", receiver) is not None
    return StoredMessage(
        "" if to_party else _receiver(tagor, given, file).login,
        *(subject, text, tagor.moment),
        file_id=file.id if file else "",
        sender=OWN_LOGIN,
        sender_party=tagor.party(sender_party).id if sender_party else "",
        receiver_party=receiver if to_party else "",
    )


def _receiver(tagor: SimulatedTagor, given: Request, file: File | None) -> StaffMember:
    """Return the receiver by login, name or party; without any, a message on a file goes to its manager."""
    user_id = given.text("TPAR_id_Ontvanger") or (file.manager_id if file else "")
    found = tagor.staff.meant(given.text("Ontvanger"), user_id)
    if found is None:
        raise Refusal("Ontvanger niet gevonden.")
    return found


@operation("Message/GetListFilter")
def messages(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the messages that fit, oldest first, and their attachments without contents.

    A message is incoming when it was sent on behalf of a party, else outgoing: nobody but the interface
    itself writes here.
    """
    fits = _by_context(request)
    chosen = [message for message in tagor.messages.all() if fits(message)]
    filters = filters_of(request)
    # A party in the context stands for one more filter, on the kind of party that the box has.
    field = PARTIES.get(request.context.get("box", "").upper(), "")
    if party := request.context.get(field.lower(), ""):
        filters.append(Request(Veld=field, Operator="=", Waarde=party))
    ids = {row["TBERICHT_Id"] for row in passing([_row(tagor, message) for message in chosen], filters)}
    chosen = [message for message in chosen if message.id in ids]
    return _with_attachments(tagor, chosen)


def _with_attachments(tagor: SimulatedTagor, chosen: list[StoredMessage]) -> dict[str, object]:
    attached = [
        document.told(each, "", message.job)
        for message in chosen
        for each in tagor.documents.of_message(message.id)
    ]
    return _told(tagor, chosen) | dataset("AttachmentWeb", PLAIN.rows(attached), bare=tagor.bare)


def _by_context(request: Request) -> Callable[[StoredMessage], bool]:
    """Return whether a message fits the context: its days, box and file, and whether it was read."""
    asked = request.context
    file_id, unread = asked.get("tdos_id", ""), Request(asked).flag("unread")
    first, last = _day(asked.get("from", "")) or date.min, _day(asked.get("until", "")) or date.max
    box, read = asked.get("box", "").upper(), asked.get("read", "").lower()

    def fits(message: StoredMessage) -> bool:
        return (
            first <= message.day <= last
            and box in ("", "INBOX" if message.sender_party else "OUTBOX")
            and read in ("", str(message.read).lower())
            and file_id in ("", message.file_id)
            and not (unread and message.read)
        )

    return fits


def _day(written: str) -> date | None:
    try:
        return datetime.strptime(written, "%d/%m/%Y").date() if written else None  # noqa: DTZ007 - a day
    except ValueError:
        raise Refusal("Een datum is dd/mm/jjjj.") from None


@table("Message/GetMessage")
def one(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return one message."""
    return Rows([_row(tagor, _found(tagor, request))])


@operation("Message/GetLog")
def log(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the messages about a file, or all of them, oldest first, and their attachments."""
    named = request.context.get("tdos_id", "")
    chosen = tagor.messages.on_file(tagor.file(named).id) if named else tagor.messages.all()
    return _with_attachments(tagor, chosen)


@table("Message/GetSenderReceiverList")
def correspondents(tagor: SimulatedTagor, request: Request, caller: Caller) -> Rows:
    """Return whom messages may go to on a file: everybody who may see it; without a file the user itself."""
    named = request.context.get("tdos_id", "")
    if request.context.get("type", "").lower() == "senders" and not request.context.get("tpar_id", ""):
        raise Refusal("TPAR_Id is niet ingevuld.")
    if named:
        users = tagor.staff.who_may_see({"TQDOSSOORT": tagor.file(named).type_id})
    else:
        users = [user for user in [tagor.staff.by_id(caller.user_id)] if user]
    return Rows({"TPAR_Id": user.id, "Naam": user.name, "Mail": user.email} for user in users)


@operation("Message/ToggleRead")
def toggle(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Make a message read, or unread if it was read."""
    return _told(tagor, [tagor.messages.toggle(_found(tagor, request), tagor.moment)])


def _found(tagor: SimulatedTagor, request: Request) -> StoredMessage:
    found = tagor.messages.find(request.context.get("tbericht_id", ""))
    if found is None:
        raise Refusal("Bericht niet gevonden.")
    return found


def _told(tagor: SimulatedTagor, chosen: list[StoredMessage]) -> dict[str, object]:
    rows = [_row(tagor, message) for message in chosen]
    return context({}, bare=tagor.bare) | dataset("TBERICHTWeb", rows, bare=tagor.bare)


def _row(tagor: SimulatedTagor, message: StoredMessage) -> dict[str, object]:
    to_party = message.receiver_party
    receiver = tagor.party(to_party) if to_party else tagor.staff.find(message.receiver)
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
