"""Tells when a file comes before a court, and which titles a court gave."""

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Request
from bridge.simulators.tagor.registry import table
from bridge.simulators.tagor.tables import Rows
from bridge.simulators.tagor.tagor import SimulatedTagor


@table("Dossier/GetAppearance")
def appearances(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return every appearance of a file, as they were put onto it."""
    file = tagor.file_in(request)
    return Rows(tagor.dataset_rows("TDOSVERSCHIJNINGWeb", file), wire_format=file.wire_format)


@table("Dossier/GetTitle")
def titles(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return every title on a file, as they were put onto it."""
    file = tagor.file_in(request)
    return Rows(tagor.dataset_rows("TDOSTITELWeb", file), wire_format=file.wire_format)
