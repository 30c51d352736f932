"""A runnable Tagor: the office's case-management system as the phone line sees it, with faults on demand."""

from bridge.standin.agenda import Appointment
from bridge.standin.case import Case, CoDefendant, FurtherFile
from bridge.standin.cases import CASES, cases
from bridge.standin.documents import Attachment
from bridge.standin.messagebook import OfficeMessage
from bridge.standin.plans import Limits
from bridge.standin.records import InfoRecord, Message, Plan
from bridge.standin.server import PortBusy
from bridge.standin.staff import Screen, User
from bridge.standin.standin import StandIn, serve

__all__ = [
    "CASES",
    "Appointment",
    "Attachment",
    "Case",
    "CoDefendant",
    "FurtherFile",
    "InfoRecord",
    "Limits",
    "Message",
    "OfficeMessage",
    "Plan",
    "PortBusy",
    "Screen",
    "StandIn",
    "User",
    "cases",
    "serve",
]
