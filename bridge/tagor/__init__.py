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
from bridge.tagor.errors import (
    TagorCircuitOpen,
    TagorError,
    TagorInvalidResponse,
    TagorRefused,
    TagorUnreachable,
)
from bridge.tagor.http.circuit_breaker import CircuitBreaker, CircuitBreakers
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.http.transport import Adapters
from bridge.tagor.manager import Manager, manager_of
from bridge.tagor.models import (
    AgreedPlan,
    CallerHint,
    Contact,
    FileFacts,
    FileName,
    Generation,
    LookupMiss,
    Medium,
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
from bridge.tagor.schema.request_validation import NotSendable, is_sendable

__all__ = [
    "Adapters",
    "AgreedPlan",
    "ApiKey",
    "Appointment",
    "Attachment",
    "CallerHint",
    "CircuitBreaker",
    "CircuitBreakers",
    "ClientLogin",
    "Contact",
    "Credential",
    "Deadline",
    "Document",
    "FileFacts",
    "FileName",
    "FilePin",
    "Generation",
    "InfoLine",
    "LookupMiss",
    "Manager",
    "Medium",
    "NewAppointment",
    "NewMessage",
    "NotSendable",
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
    "TagorCircuitOpen",
    "TagorError",
    "TagorInvalidResponse",
    "TagorRefused",
    "TagorUnreachable",
    "Term",
    "User",
    "is_sendable",
    "manager_of",
]
