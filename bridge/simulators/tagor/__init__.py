"""A runnable Tagor: the office's case-management system as the phone line sees it, with faults on demand."""

from bridge.simulators.tagor.agenda import AgendaEntry
from bridge.simulators.tagor.case import Case, CoDefendant, FurtherFile
from bridge.simulators.tagor.cases import CASES, cases
from bridge.simulators.tagor.documents import StoredDocument
from bridge.simulators.tagor.message_store import StoredMessage
from bridge.simulators.tagor.plans import Limits
from bridge.simulators.tagor.records import InfoRecord, Message, Plan
from bridge.simulators.tagor.server import PortBusy
from bridge.simulators.tagor.staff import Screen, StaffMember
from bridge.simulators.tagor.standin import StandIn, serve

__all__ = [
    "CASES",
    "AgendaEntry",
    "Case",
    "CoDefendant",
    "FurtherFile",
    "InfoRecord",
    "Limits",
    "Message",
    "Plan",
    "PortBusy",
    "Screen",
    "StaffMember",
    "StandIn",
    "StoredDocument",
    "StoredMessage",
    "cases",
    "serve",
]
