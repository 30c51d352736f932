"""The part of the client that serves the office's employees: what they see, read, and have to do."""

from dataclasses import replace
from datetime import date

from bridge.tagor.employee_models import (
    Appointment,
    Attachment,
    Document,
    InfoLine,
    NewAppointment,
    NewMessage,
    OfficeMessage,
    User,
)
from bridge.tagor.errors import TagorInvalidResponse
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.manager import manager_of
from bridge.tagor.models import FileFacts
from bridge.tagor.operations import agenda, documents, messages, notes, users
from bridge.tagor.schema.fields import write_moment
from bridge.tagor.schema.request_validation import checked, checked_if_given
from bridge.tagor.session import TagorSession

_NO_ATTACHMENT = (None,) * len(documents.ATTACHED.fields)


class EmployeeClient(TagorSession):
    """What is asked and changed for the people of the office (deadlines and errors: `client.Tagor`)."""

    # Who they are, and what stands on their screens

    def user(self, user: str, *, deadline: Deadline) -> User | None:
        """Ask who a user (id) is; None if Tagor knows none."""
        found = self._ask(users.USER_GET, deadline, checked("the user id", user))
        if [one.id for one in found] in ([], [user]):
            return found[0] if found else None
        raise TagorInvalidResponse(users.USER_GET.path, "Tagor tells of another user: use the switchboard.")

    def colleagues(self, *, kind: str = "", party: str = "", deadline: Deadline) -> tuple[User, ...]:
        """Ask who may see the files of a kind (id), or those of a party (id), or of both."""
        if not kind and not party:
            raise ValueError("The colleagues cannot be asked of Tagor: give a kind of file or a party.")
        values = (
            checked_if_given("the kind of file", kind or None),
            checked_if_given("the party id", party or None),
        )
        return self._ask(users.USER_CAN_ACCESS, deadline, *values)

    def manager(self, facts: FileFacts, party: str | None, *, deadline: Deadline) -> User | None:
        """Ask who manages a file, by its facts and one of its defendants (id); None if nobody can be told.

        A manager who is named by login is looked for among those who may see files of its kind, or, where
        the office gave that kind a name of its own, those of the defendant.
        """
        named = manager_of(facts.manager, file=facts.name)
        if named is None:
            return None
        if named.id:
            return self.user(named.id, deadline=deadline)
        kind, whose = facts.kind_id, "" if facts.kind_id else party or ""
        if not kind and not whose:
            return None
        return named.among(self.colleagues(kind=kind, party=whose, deadline=deadline))

    def show_file(self, user: str, *, caller: str, file: str | None, deadline: Deadline) -> None:
        """Change Tagor: show on a user's screen (by login) who calls (E.164), and the file (id) if known."""
        values = (
            checked("the login", user),
            checked_if_given("the file id", file),
            checked("the phone number", caller),
        )
        self._ask(users.SET_USER_DOSSIER, deadline, *values, "IN")

    # What they read on a file

    def create_info_line(
        self, file: str, text: str, day: date, *, kind: str = "", definition: str = "", deadline: Deadline
    ) -> None:
        """Change Tagor: write a line onto a file (id), dated `day`.

        `kind` and `definition` are the office's own codes for it (ids), empty where it has set none.
        """
        values = (
            checked("the file id", file),
            checked("the code id", kind),
            checked("the code id", definition),
        )
        written = self._ask(
            notes.CREATE_INFO_LINE, deadline, *values, checked("the text", text), f"{day:%Y-%m-%d}"
        )
        if written != file:
            raise TagorInvalidResponse(
                notes.CREATE_INFO_LINE.path, "Tagor wrote on another file: a colleague takes over."
            )

    def info_lines(self, file: str, *, deadline: Deadline) -> tuple[InfoLine, ...]:
        """Ask for the lines on a file (id), the bridge's own among them."""
        return self._ask(notes.GET_INFO, deadline, checked("the file id", file))

    def correspondence(self, file: str, *, deadline: Deadline) -> tuple[InfoLine, ...]:
        """Ask which messages there are about a file (id), each by its first words."""
        return self._ask(notes.GET_CORRESPONDENCE, deadline, checked("the file id", file))

    def documents(self, file: str, *, deadline: Deadline) -> tuple[Document, ...]:
        """Ask which documents are on a file (id); by parameter 192 an office shows only those in PDF."""
        return self._ask(documents.DOCUMENT_GET, deadline, checked("the file id", file))

    def add_attachment(self, file: str, attachment: Attachment, *, deadline: Deadline) -> str:
        """Change Tagor: put a document on a file (id); returns the document's id."""
        values = checked("the file id", file), *documents.row_of(attachment)
        return self._ask(documents.ADD_ATTACHMENT, deadline, *values)

    # What they have to do

    def add_message(self, message: NewMessage, *, deadline: Deadline) -> str:
        """Change Tagor: leave a message with an employee or in a box; returns its id."""
        file = checked_if_given("the file id", message.file)
        values = (
            checked("the receiver", message.receiver),
            checked("the subject", message.subject),
            checked("the text", message.text),
            checked_if_given("the party id", message.party),
        )
        attached = documents.row_of(message.attachment) if message.attachment else _NO_ATTACHMENT
        # Tagor wants a file in the context, also one without an id.
        stored = self._ask(messages.ADD, deadline, file or "", *values, file, *attached)
        if stored.file not in (None, file):
            raise TagorInvalidResponse(
                messages.ADD.path, "Tagor wrote on another file: a colleague takes over."
            )
        return stored.id

    def messages(self, *, since: date, deadline: Deadline) -> tuple[OfficeMessage, ...]:
        """Ask for the messages sent on that day or later, each once, in both boxes."""
        found: dict[str, OfficeMessage] = {}
        # Those that are not read come first: one that is read meanwhile is told as read, and not lost.
        for read in (False, True):
            for box in messages.BOXES:
                values = box, "true" if read else "false", f"{since:%d/%m/%Y}"
                for message in self._ask(messages.GET_LIST_FILTER, deadline, *values):
                    found[message.id] = replace(message, read=read)
        return tuple(found.values())

    def add_appointment(self, new: NewAppointment, *, deadline: Deadline) -> Appointment:
        """Change Tagor: ask an employee to do something at a moment; generation 2.00 only."""
        values = (
            checked_if_given("the file id", new.file),
            checked("the subject", new.subject),
            checked("the text", new.text),
            write_moment(new.at),
            checked("the login", new.user),
        )
        return self._ask(agenda.CREATE_AGENDA, deadline, *values)

    def agenda(self, file: str, *, deadline: Deadline) -> tuple[Appointment, ...]:
        """Ask what is to be done on a file (id), and what was done."""
        return self._ask(agenda.GET_AGENDA, deadline, checked("the file id", file))
