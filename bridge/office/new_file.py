"""Writes the first file of an office: every option with its comment, and what its people answered."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

_TEMPLATE = Path(__file__).parent / "new_file.toml"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = re.compile(r"\s*([a-z]+)(?:\s*-\s*([a-z]+))?\s+(\d.*)")
_COMMENTED = re.compile(r"([^#]\S.*?) {2,}(# .*)")
_COLUMN = 46
HOURS_FORM = "monday-friday 09:00-12:00, 13:30-17:00; saturday 09:00-12:00"
"""How hours are asked for and given on one line."""


def office_text(entries: Mapping[str, Any]) -> str:
    """Write an office file with these entries, as `tomllib` would read them from it.

    There must be `name`, `numbers`, `languages`, `default_language`, `account`, `switchboard`, `caller_id`,
    `address`, `tagor` with `url` and `key_env`, and `hours`; there may be `employees` and `staffed`.
    """
    tagor, switchboard = entries["tagor"], entries["switchboard"]
    staffed = entries.get("staffed")
    told = ("name", "numbers", "languages", "default_language", "account", "switchboard", "caller_id")
    text = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        {name: _toml(entries[name]) for name in told},
        employees=_toml(entries.get("employees", [])),
        staffed=f"staffed = {_toml(staffed)}" if staffed else f"# staffed = {_toml([switchboard])}",
        address=_table(entries["address"]),
        tagor_url=_toml(tagor["url"]),
        key_env=_toml(tagor["key_env"]),
        hours=_table(entries["hours"]),
    )
    return "\n".join(map(_aligned, text.splitlines())) + "\n"


def read_hours(text: str) -> dict[str, list[str]]:
    """Read hours that stand on one line, as in `HOURS_FORM`: by day, the periods of that day.

    Raises:
        ValueError: with a sentence about how they are written.
    """
    found: dict[str, list[str]] = {}
    for part in filter(str.strip, text.lower().split(";")):
        match = _HOURS.fullmatch(part)
        named = [day for day in match.groups()[:2] if day] if match else []
        if match is None or not set(named) <= set(_DAYS):
            raise ValueError(f"Write hours like {HOURS_FORM}.")
        first, last = _DAYS.index(named[0]), _DAYS.index(named[-1])
        periods = [period.strip() for period in match[3].split(",")]
        found |= dict.fromkeys(_DAYS[first : last + 1], periods)
    return found


def _aligned(line: str) -> str:
    """Put the comment behind an entry into the column of all comments."""
    found = _COMMENTED.fullmatch(line)
    return f"{found[1]:<{_COLUMN}}{found[2]}" if found else line


def _table(entries: Mapping[str, Any]) -> str:
    return "\n".join(f"{name} = {_toml(value)}" for name, value in entries.items())


def _toml(value: str | Sequence[str]) -> str:
    # A text, or a list of texts, looks the same in JSON and in TOML, but for one sign.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
