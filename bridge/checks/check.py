"""Checks everything that can be wrong before a call comes in: flows, words, settings and office files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import voice_flows
from bridge.app.create import offices_in
from bridge.checks import unwise_settings
from bridge.flow.levels import too_deep
from bridge.flow_proof import note_problems, problems
from bridge.office.reading import OfficeError, Offices
from bridge.package_files import DEMO_OFFICE, package_file
from bridge.settings import Settings, SettingsError
from bridge.speech import Catalogue, CatalogueError, NoteBook

NO_SETTINGS = (
    "no BRIDGE_ setting is in the environment: the flows, the words and the demo's office file "
    f"({package_file(DEMO_OFFICE)}) were checked"
)


@dataclass(slots=True)
class Findings:
    """What a check found: `problems` must be mended, `warnings` are unwise, `notes` only inform."""

    problems: list[object] = field(default_factory=list)
    warnings: list[object] = field(default_factory=list)
    notes: list[object] = field(default_factory=list)


def examine(environ: Mapping[str, str]) -> Findings:
    """Check all there is, with the settings and office files that `environ` names.

    A mistake in one part hides none in another: office files are checked even where settings are missing.
    """
    found = Findings()
    try:
        found.problems += problems(voice_flows.CALL, Catalogue.load(voice_flows.PROMPTS))
        found.problems += note_problems(voice_flows.CALL, NoteBook.load(voice_flows.NOTES))
        found.problems += [problem for _, problem in too_deep(voice_flows.CALL)]
    except CatalogueError as error:
        found.problems += error.problems
    try:
        offices = _offices(environ, found)
        found.warnings += offices.warnings
        found.notes.append(f"checked: {len(voice_flows.CALL.flows)} flows, {len(list(offices))} offices")
    except OfficeError as error:
        found.problems += error.problems
    return found


def _offices(environ: Mapping[str, str], found: Findings) -> Offices:
    """Read the office files that the settings name, else the demo's; wrong settings are noted in `found`."""
    if not any(name.startswith("BRIDGE_") for name in environ):
        found.notes.append(NO_SETTINGS)
        # The demo's office names a variable for its Tagor's key, which only a running demo sets.
        with_key = {"TAGOR_KEY": "the demo makes its own", **environ}
        return offices_in(package_file(DEMO_OFFICE).parent, with_key, demo=True)
    try:
        settings = Settings.read(environ)
    except SettingsError as error:
        found.problems += error.sentences
        # Wrong settings name the folder all the same, so that its mistakes are told in the same run.
        folder = environ.get("BRIDGE_OFFICES", "").strip() or Settings.model_fields["offices"].default
        return offices_in(Path(folder), environ, demo=environ.get("BRIDGE_DEMO", "").strip() == "1")
    try:
        offices = offices_in(settings.offices, environ, demo=settings.demo, provider=settings.provider)
    except OfficeError:
        found.problems += unwise_settings.mistakes(settings)
        raise
    found.problems += unwise_settings.mistakes(settings, [office.key for office in offices])
    return offices
