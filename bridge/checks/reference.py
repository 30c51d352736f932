"""Writes docs/reference: what can be set, called and watched, from the program itself."""

import json
from pathlib import Path

import voice_flows
from bridge.conversation.office_context import services_of
from bridge.office.options import SCHEMA_FILE, json_schema

FOLDER = Path("docs") / "reference"
"""Where the pages are, below the project's folder."""


def reference(root: Path) -> dict[Path, str]:
    """Return every page of the reference below `root`, with the text it should have."""
    return {root / FOLDER / SCHEMA_FILE: office_schema()}


def office_schema() -> str:
    """Return the JSON Schema of office files, as new office files name it."""
    schema = json_schema(services_of(voice_flows.CALL))
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
