"""Writes docs/reference from the program itself: commands, settings, office entries, prompts and metrics."""

import json
from collections.abc import Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click
from pydantic_core import PydanticUndefined

import voice_flows
from bridge.checks.markdown import page, table
from bridge.checks.prompt_reference import prompts_page
from bridge.conversation.office_context import services_of
from bridge.office.options import SCHEMA_FILE, Option, json_schema, options
from bridge.operations.metrics import Metrics
from bridge.settings import Settings
from bridge.speech import Catalogue

FOLDER = Path("docs") / "reference"
"""Where the pages are, below the project's folder."""

_FORMS = {"string": "text", "boolean": "`true` or `false`", "object": "text for each language"}


def reference(root: Path, commands: click.Group) -> dict[Path, str]:
    """Return every page of the reference below `root`, with the text it should have."""
    pages = {
        "commands.md": page("Commands", _commands(commands)),
        "settings.md": page("Settings", _settings()),
        "office.md": page("Office files", _office_options()),
        "prompts.md": prompts_page(voice_flows.CALL, Catalogue.load(voice_flows.PROMPTS)),
        "metrics.md": page("Metrics", _metrics()),
        SCHEMA_FILE: office_schema(),
    }
    return {root / FOLDER / name: text for name, text in pages.items()}


def office_schema() -> str:
    """Return the JSON Schema of office files, as new office files name it."""
    schema = json_schema(services_of(voice_flows.CALL))
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def every_command(commands: click.Group, above: str = "bridge") -> Iterator[tuple[str, click.Command]]:
    """Yield each command with its whole name, as `bridge --help` orders them; a group before its own."""
    context = click.Context(commands)
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        if command is None:  # a group names no command that it does not have
            continue
        yield f"{above} {name}", command
        if isinstance(command, click.Group):
            yield from every_command(command, f"{above} {name}")


def _commands(commands: click.Group) -> Iterator[str]:
    yield "Every command tells its errors in sentences; the status is 78 for wrong settings, else 1."
    for name, command in every_command(commands):
        yield f"## `{name}`"
        yield cleandoc(command.help or "")
        rows = [row for parameter in command.params if (row := _parameter(parameter))]
        if rows:
            yield table(("option", "meaning"), rows)


def _parameter(parameter: click.Parameter) -> tuple[str, str] | None:
    """Return how a parameter is written, and its help; None for an argument, told in the text."""
    if not isinstance(parameter, click.Option):
        return None
    context = click.Context(click.Command("bridge"))
    written, said = parameter.get_help_record(context) or ("", "")
    return f"`{written}`", said


def _settings() -> Iterator[str]:
    yield (
        "All settings are environment variables; `bridge check` names those that are missing, wrong or "
        "unknown. Secrets are shown nowhere. [deployment.md](../deployment.md) says how to choose them."
    )
    yield table(
        ("setting", "meaning", "default"),
        [
            (f"`{name}`", info.description or "", _setting(info.default))
            for name, info in Settings.fields_by_name().items()
        ],
    )


def _setting(default: object) -> str:
    """Write a setting's default; "" is none, and a required one says so."""
    if default is PydanticUndefined:
        return "must be set"
    plain = default.get_secret_value() if hasattr(default, "get_secret_value") else default
    if isinstance(plain, bool):
        return "`1`" if plain else "`0`"
    return f"`{plain}`" if plain not in {None, "", ()} else ""


def _office_options() -> Iterator[str]:
    yield (
        "The entries of `offices/<name>.toml`; `tagor.url` is `url` in the part `[tagor]`. The command "
        "`bridge office new` writes a first file with all of them; `bridge check` says what is wrong, with "
        f"file and line. Editors check forms by [{SCHEMA_FILE}]({SCHEMA_FILE})."
    )
    yield table(
        ("entry", "meaning", "form", "default"),
        [(f"`{one.path}`", one.description, _form(one.schema), _default(one)) for one in options()],
    )
    services = ", ".join(f"`{name}`" for name in sorted(services_of(voice_flows.CALL)))
    yield f"`switched_off` may hold {services}."


def _default(option: Option) -> str:
    if option.required:
        return "needed in `[amount]`" if option.path.startswith("amount.") else "must be written"
    return "" if option.default is None or option.default in ("", []) else f"`{json.dumps(option.default)}`"


def _form(schema: Mapping[str, Any]) -> str:
    """Say in words what the JSON Schema of an entry wants."""
    if "anyOf" in schema:
        return " or ".join(_form(one) for one in schema["anyOf"] if one != {"type": "null"})
    values = schema.get("enum", [schema["const"]] if "const" in schema else ())
    kind, example = schema.get("type"), schema.get("examples", [""])[0]
    if values:
        words = " or ".join(f'`"{value}"`' for value in values)
    elif kind == "array":
        words = f"list of {_form(schema['items'])}"
    elif kind == "integer":
        words = f"{schema['minimum']} to {schema['maximum']}"
    elif schema.get("format") == "date":
        words = "day"
    else:
        words = _FORMS[str(kind)] + (f' like `"{example}"`' if example else "")
    return words


def _metrics() -> Iterator[str]:
    yield (
        "What `/metrics` shows where `BRIDGE_METRICS` is set; [operations.md](../operations.md) says what to "
        "do about it. A histogram has `_bucket`, `_sum` and `_count`."
    )
    rows = [
        (f"`{one.name}`", one.kind, ", ".join(f"`{label}`" for label in one.labels), f"{one.meaning}.")
        for one in Metrics().figures()
    ]
    yield table(("metric", "kind", "labels", "meaning"), rows)
