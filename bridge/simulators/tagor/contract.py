"""Reads Tagor's contract (`contract.yaml`): each endpoint, who may ask it, its request and response fields.

The file is YAML of the plainest kind: indented names, quoted kinds, lists of one row. Reading that much takes
the lines below; a YAML library would be a dependency of the whole package for this one file.
"""

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

CONTEXT_ROW: dict[str, object] = {"ContextKey": "string", "ContextValue": "string"}
_CONTEXT: dict[str, object] = {"dsWebContext": {"ttWebContext": [CONTEXT_ROW]}}
_OFFERED = ("Tgr", "Hash", "Pin")  # `Orng`, the vendor's own scheme, is nobody else's to use


@dataclass(frozen=True)
class Endpoint:
    """One endpoint of the contract.

    `request` and `response` map each field to its kind, such as "string | null", or to its parts: a dict for
    an object, a list of one dict for a table's rows. `required` names request fields; a `form` is sent
    without the JSON envelope.
    """

    schemes: tuple[str, ...]
    request: dict[str, object]
    required: tuple[str, ...]
    response: dict[str, object]
    form: bool

    @cached_property
    def response_leaves(self) -> dict[str, str]:
        """The response fields that hold a single value, by name, each with its kind."""
        return dict(_leaves(self.response))


def read_contract(text: str) -> dict[str, Endpoint]:
    """Read a contract; raises ValueError for a line of another form."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {name: _endpoint(facts) for name, facts in _object(lines, 0).items() if isinstance(facts, dict)}


def _endpoint(facts: dict[str, object]) -> Endpoint:
    request, response = facts.get("request"), facts.get("response")
    stated: dict[str, object] = request if isinstance(request, dict) else {}
    return Endpoint(
        tuple(scheme for scheme in _OFFERED if scheme in str(facts["auth"])),
        {name.rstrip("*"): kind for name, kind in stated.items()},
        tuple(name[:-1] for name in stated if name.endswith("*")),
        response if isinstance(response, dict) else {},
        "request_content_type" in facts,
    )


def _object(lines: list[str], depth: int) -> dict[str, object]:
    """Take the lines of one object, which all begin `depth` blanks in, off the front of `lines`."""
    found: dict[str, object] = {}
    while lines and _depth(lines[0]) == depth:
        name, colon, value = lines.pop(0).strip().partition(":")
        if not colon:
            raise ValueError(f"The contract has a line without a colon: {name}")
        found[name] = _scalar(value.strip()) if value.strip() else _inner(lines, depth)
    return found


def _inner(lines: list[str], depth: int) -> object:
    deeper = _depth(lines[0]) if lines else 0
    if deeper <= depth:
        return {}
    if lines[0].strip() != "-":
        return _object(lines, deeper)
    lines.pop(0)
    return [_object(lines, _depth(lines[0]))]


def _scalar(value: str) -> object:
    return _CONTEXT if value == "CONTEXT" else value.strip('"')


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _leaves(kind: object, name: str = "") -> list[tuple[str, str]]:
    if isinstance(kind, list):
        return _leaves(kind[0], name)
    if isinstance(kind, dict):
        return [leaf for inner, part in kind.items() for leaf in _leaves(part, inner)]
    return [(name, str(kind))]


CONTRACT = read_contract((files("bridge.simulators.tagor") / "contract.yaml").read_text())
"""Every endpoint of the vendor's contract, by group and name."""
