"""Everything that can be checked before a call comes in: flows, words, settings, office files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import voice_flows
from bridge.conversation.office_context import services_of
from bridge.flow_proof import note_problems, problems
from bridge.office.reading import OfficeError, Offices, read_offices
from bridge.settings import Settings, SettingsError
from bridge.speech import Catalogue, CatalogueError, NoteBook

ROOT = Path(__file__).parents[2]
UNSET = "no BRIDGE_ setting is in the environment: only flows, words and the demo's office were checked"


@dataclass(slots=True)
class Report:
    """What was found: `problems` must be mended, `warnings` be thought about, `notes` merely known."""

    problems: list[object] = field(default_factory=list)
    warnings: list[object] = field(default_factory=list)
    notes: list[object] = field(default_factory=list)


def examine(environ: Mapping[str, str]) -> Report:
    """Check all there is; settings and offices as this environment has them."""
    report = Report()
    try:
        report.problems += problems(voice_flows.CALL, Catalogue.load(voice_flows.PROMPTS))
        report.problems += note_problems(voice_flows.CALL, NoteBook.load(voice_flows.NOTES))
    except CatalogueError as error:
        report.problems += error.problems
    try:
        offices = _offices(environ, report)
        report.warnings += offices.warnings
        report.notes.append(f"checked: {len(voice_flows.CALL.flows)} flows, {len(list(offices))} offices")
    except SettingsError as error:
        report.problems += error.sentences
    except OfficeError as error:
        report.problems += error.problems
    return report


def _offices(environ: Mapping[str, str], report: Report) -> Offices:
    services = services_of(voice_flows.CALL)
    if not any(name.startswith("BRIDGE_") for name in environ):
        report.notes.append(UNSET)
        stand_in = {"TAGOR_KEY": "the demo makes its own"}
        return read_offices(ROOT / "offices", {**stand_in, **environ}, demo=True, services=services)
    settings = Settings.read(environ)
    return read_offices(settings.offices, environ, demo=settings.demo, services=services)
