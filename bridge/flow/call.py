"""A call as it is remembered between two webhooks: where it is, what it knows, whom it is about."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from bridge.flow.facts import Fact, Note
from bridge.flow.identity import IdentifiedFile
from bridge.flow.keypad import stamp
from bridge.flow.turn_output import PromptRef

SECRET_LIFE = timedelta(minutes=2)
"""How long a secret is kept after the last key."""


@dataclass(slots=True)
class Frame:
    """One flow that is being walked, and the step it is at."""

    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class Secret:
    """Keys that nobody may see: what, when the last key came, which flow asked (they die with it)."""

    value: str = field(repr=False)
    at: str
    flow: str

    def fresh(self, now: datetime) -> bool:
        """Whether the caller has pressed a key within the last two minutes."""
        return now - datetime.fromisoformat(self.at) <= SECRET_LIFE


@dataclass(frozen=True, slots=True)
class CaseNote:
    """Something to be read on the file: `Flow.step.exit`, and the facts its words mention."""

    mark: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the office decided: menu keys that are switched off, and named lengths of input."""

    off: frozenset[str] = frozenset()
    lengths: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """The whole state of a call; `to_json` and `from_json` carry it between workers.

    `stack` is the chain of running flows, innermost last; `lines` are words that wait for an action to end,
    `said` those of the last turn (for `AGAIN`); `tries` counts silences and wrong keys at the question,
    `moves` how often the call went on to another step. `topic` is the flow that says what the caller is
    about; `diary` is what was noted, by file (id). `ahead` are the steps, by their count of moves, that were
    left before their action ended. `rules` are the office's and not stored.
    """

    caller: str
    dialled: str
    language: str
    stack: list[Frame] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict, repr=False)
    notes: dict[str, Note] = field(default_factory=dict, repr=False)
    tries: dict[str, int] = field(default_factory=dict)
    lines: list[PromptRef] = field(default_factory=list)
    said: list[PromptRef] = field(default_factory=list)
    file: IdentifiedFile | None = None
    slow: bool = False
    rescues: int = 0
    topic: str = ""
    moves: int = 0
    diary: dict[str, list[CaseNote]] = field(default_factory=dict)
    ahead: list[int] = field(default_factory=list)
    rules: Rules = field(default_factory=Rules)

    @property
    def place(self) -> str:
        """The current step as `Flow.step`."""
        return f"{self.stack[-1].flow}.{self.stack[-1].step}"

    @property
    def proven(self) -> IdentifiedFile | None:
        """The file whose defendant has proved who they are, well enough for decisions and notes."""
        return self.file if self.file is not None and self.file.strong else None

    @property
    def noted(self) -> dict[str, int]:
        """How many things were noted so far, by file (id)."""
        return {file: len(page) for file, page in self.diary.items()}

    def known(self, now: datetime) -> dict[str, str]:
        """Plain values an action may read: facts, and secrets that are not too old."""
        fresh = {name: secret.value for name, secret in self.secrets.items() if secret.fresh(now)}
        return {name: fact.value for name, fact in self.facts.items()} | fresh

    def touch(self, now: datetime) -> None:
        """A key was pressed: secrets begin to age anew, and those that are too old are gone."""
        self.secrets = {
            name: replace(secret, at=stamp(now)) for name, secret in self.secrets.items() if secret.fresh(now)
        }

    def forget_secrets(self, flow: str) -> None:
        """Drop the secrets a flow asked for, because it has ended."""
        self.secrets = {name: secret for name, secret in self.secrets.items() if secret.flow != flow}

    def prove(self, file: IdentifiedFile) -> None:
        """Go on as this file's defendant; what was told of another file is forgotten."""
        if self.file is None or self.file.id != file.id:
            self.facts = {name: fact for name, fact in self.facts.items() if not fact.private}
        self.file = file
        if file.strong:
            self.diary.setdefault(file.id, [])

    def jot(self, mark: str, names: Collection[str]) -> None:
        """Note that this happened on the file whose defendant has well proved who they are; once."""
        if self.proven is None:
            return
        entry = CaseNote(mark, {name: self.facts[name] for name in names if name in self.facts})
        page = self.diary[self.proven.id]
        if entry not in page:
            page.append(entry)

    def to_json(self) -> bytes:
        """Everything but the office's rules."""
        state = _fields(self)
        del state["rules"]
        return json.dumps(state, default=_fields, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, state: bytes) -> "Call":
        """The call that `to_json` wrote.

        Raises:
            ValueError, TypeError, KeyError: the bytes are no such call.
        """
        fields: dict[str, Any] = json.loads(state)
        return cls(
            **fields
            | {
                "stack": [Frame(**frame) for frame in fields["stack"]],
                "facts": _facts(fields["facts"]),
                "secrets": {name: Secret(**secret) for name, secret in fields["secrets"].items()},
                "lines": _lines(fields["lines"]),
                "said": _lines(fields["said"]),
                "file": IdentifiedFile(**fields["file"]) if fields["file"] else None,
                "diary": {file: _page(page) for file, page in fields.get("diary", {}).items()},
            }
        )


def _fields(part: Any) -> dict[str, Any]:  # noqa: ANN401 - a dataclass
    return {each.name: getattr(part, each.name) for each in fields(part)}


def _facts(stored: Mapping[str, Any]) -> dict[str, Fact]:
    return {name: Fact(**fact) for name, fact in stored.items()}


def _page(stored: list[dict[str, Any]]) -> list[CaseNote]:
    return [CaseNote(entry["mark"], _facts(entry["facts"])) for entry in stored]


def _lines(stored: list[dict[str, Any]]) -> list[PromptRef]:
    return [PromptRef(line["prompt"], line["part"], _facts(line["facts"])) for line in stored]
