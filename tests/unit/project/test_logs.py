"""What developers may write into the log: a fixed name, and keys that the log knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bridge.operations.redaction import VOCABULARY

ROOT = Path(__file__).parents[3]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
PYTHONS_OWN = {"exc_info", "stack_info", "stacklevel"}


def log_calls(source: str) -> Iterator[ast.Call]:
    """Calls like log.info(...), where log is called log or logger, or was just fetched."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).lower()
            if node.func.attr in LEVELS | {"bind", "bind_contextvars"} and (
                "log" in owner or "contextvars" in owner
            ):
                yield node


def complaints(source: str) -> list[str]:
    """What is wrong with the log calls of a module."""
    found = []
    for call in log_calls(source):
        named = [keyword.arg for keyword in call.keywords]
        found += [f"line {call.lineno}: key {key}" for key in named if key not in VOCABULARY | PYTHONS_OWN]
        fixed = len(call.args) == 1 and isinstance(call.args[0], ast.Constant)
        if isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS and not fixed:
            found.append(f"line {call.lineno}: no fixed name")
    return found


def test_every_log_call_has_a_fixed_name_and_known_keys() -> None:
    """Anything else would come out as [removed], or not be findable."""
    wrong = {
        str(file.relative_to(ROOT)): found
        for room in ("bridge", "voice_flows")
        for file in (ROOT / room).rglob("*.py")
        if (found := complaints(file.read_text("utf-8")))
    }
    assert wrong == {}


def test_the_rule_sees_what_it_should() -> None:
    """A name made at run time, an unknown key, and facts in passing are each found; a good call is not."""
    assert complaints('log.info(f"turn {n}")\nlog.info("turn %s", n)') == [
        "line 1: no fixed name",
        "line 2: no fixed name",
    ]
    assert complaints('structlog.get_logger().warning("x", caller=1)') == ["line 1: key caller"]
    assert complaints("structlog.contextvars.bind_contextvars(digits=1)\nlog.info('x', **facts)") == [
        "line 1: key digits",
        "line 2: key None",
    ]
    assert complaints('log.exception("check_failed", check=name, exc_info=error)') == []
