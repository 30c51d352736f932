"""What the office's employees have in Tagor: who they are, what they read, and what they are asked to do.

Objects with personal data print as their kind only. What the bridge writes is checked when it is sent.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, repr=False)
class User:
    """Somebody who works with Tagor; the numbers are as Tagor has them, what it leaves out is empty."""

    id: str
    login: str
    name: str
    landline: str
    cellphone: str


@dataclass(frozen=True, slots=True, repr=False)
class InfoLine:
    """A line that stands on a file: its words as clean text, and its day."""

    text: str
    day: date | None


@dataclass(frozen=True, slots=True, repr=False)
class Attachment:
    """A document to put on a file or into a message.

    `name` is a file name, `kind` its ending, as in `wav`; `content` is 1 to `attachments.MAX_BYTES` bytes.
    """

    name: str
    kind: str
    comment: str
    content: bytes


@dataclass(frozen=True, slots=True, repr=False)
class FileDocument:
    """A document that is on a file: its id, its name and kind, and its day."""

    id: str
    name: str
    kind: str
    day: date | None


@dataclass(frozen=True, slots=True, repr=False)
class NewMessage:
    """A message to an employee, or to a box that several of them read.

    `receiver` is who gets it by Tagor's name for them, `file` the id of the file it is about, `party` the id
    of the defendant it comes from; either is None when it is not known.
    """

    subject: str
    text: str
    receiver: str
    file: str | None = None
    party: str | None = None
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True, repr=False)
class OfficeMessage:
    """A message that lies in Tagor: whether somebody has read it, and Tagor's own id of that status."""

    id: str
    subject: str
    file: str | None
    read: bool
    status: str


@dataclass(frozen=True, slots=True, repr=False)
class NewAppointment:
    """Something to do for an employee (by login), `at` a moment with its time zone; `file` is an id."""

    file: str | None
    subject: str
    text: str
    at: datetime
    user: str


@dataclass(frozen=True, slots=True, repr=False)
class Appointment:
    """An entry of an agenda, `at` on the office's clocks.

    `status` is Tagor's id of it, `user` whose agenda it is in, as Tagor names them; `job` is the entry's id.
    `kind` is the office's name for what is to be done, `kind_id` the id of its code (table `TJOBM`), and
    `blocked` tells whether it must not be done for now. What Tagor leaves out is empty: generation 1.08 knows
    neither subject nor job, and of a kind only its name.
    """

    subject: str
    text: str
    at: datetime | None
    status: str
    user: str
    job: str
    kind: str = ""
    kind_id: str = ""
    blocked: bool | None = None
