"""The typed client for Tagor, the case-management system of the bailiff's office; Dutch names stop here."""

from bridge.tagor.client import Tagor
from bridge.tagor.credentials import ApiKey, ClientLogin, Credential, FilePin
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
from bridge.tagor.errors import TagorBroken, TagorError, TagorRefused, TagorSpared, TagorUnreachable
from bridge.tagor.http.circuit_breaker import Breaker, Breakers
from bridge.tagor.http.deadline import Clock, Deadline
from bridge.tagor.http.transport import Adapters
from bridge.tagor.manager import Manager, manager_of
from bridge.tagor.models import (
    AgreedPlan,
    CallerHint,
    Contact,
    FileFacts,
    FileName,
    Generation,
    Medium,
    Miss,
    OfficeFacts,
    Payment,
    Ping,
    PlanCriteria,
    ProvenFile,
    Reference,
    RunningPlan,
    SavedPlan,
    Term,
)

__all__ = [
    "Adapters",
    "AgreedPlan",
    "ApiKey",
    "Appointment",
    "Attachment",
    "Breaker",
    "Breakers",
    "CallerHint",
    "ClientLogin",
    "Clock",
    "Contact",
    "Credential",
    "Deadline",
    "Document",
    "FileFacts",
    "FileName",
    "FilePin",
    "Generation",
    "InfoLine",
    "Manager",
    "Medium",
    "Miss",
    "NewAppointment",
    "NewMessage",
    "OfficeFacts",
    "OfficeMessage",
    "Payment",
    "Ping",
    "PlanCriteria",
    "ProvenFile",
    "Reference",
    "RunningPlan",
    "SavedPlan",
    "Tagor",
    "TagorBroken",
    "TagorError",
    "TagorRefused",
    "TagorSpared",
    "TagorUnreachable",
    "Term",
    "User",
    "manager_of",
]
