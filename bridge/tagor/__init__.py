"""The typed client for Tagor, the case-management system of the bailiff's office; Dutch names stop here."""

from bridge.tagor.client import Tagor
from bridge.tagor.credentials import ApiKey, ClientLogin, Credential, FilePin
from bridge.tagor.deadline import Clock, Deadline
from bridge.tagor.errors import TagorBroken, TagorError, TagorRefused, TagorUnreachable
from bridge.tagor.models import (
    CallerHint,
    FileFacts,
    FileName,
    Generation,
    Miss,
    OfficeFacts,
    Payment,
    Ping,
    ProvenFile,
    Reference,
    RunningPlan,
)

__all__ = [
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
    "Miss",
    "OfficeFacts",
    "Payment",
    "Ping",
    "ProvenFile",
    "Reference",
    "RunningPlan",
    "Tagor",
    "TagorBroken",
    "TagorError",
    "TagorRefused",
    "TagorUnreachable",
]
