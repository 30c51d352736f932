"""The typed client for Tagor, the case-management system of the bailiff's office; Dutch names stop here."""

from bridge.tagor.client import Tagor
from bridge.tagor.credentials import ApiKey, ClientLogin, Credential, FilePin
from bridge.tagor.deadline import Clock, Deadline
from bridge.tagor.errors import TagorBroken, TagorError, TagorRefused, TagorUnreachable
from bridge.tagor.models import (
    AgreedPlan,
    CallerHint,
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
    "AgreedPlan",
    "ApiKey",
    "CallerHint",
    "ClientLogin",
    "Clock",
    "Credential",
    "Deadline",
    "FileFacts",
    "FileName",
    "FilePin",
    "Generation",
    "Medium",
    "Miss",
    "OfficeFacts",
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
    "TagorUnreachable",
    "Term",
]
