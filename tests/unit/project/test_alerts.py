"""The dashboard and the alert rules of the deployment kit: every figure and label in them exists."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bridge.operations.metrics import Metrics, StoreMetrics
from bridge.store.decision import DecisionState
from bridge.store.job import JobState

ROOT = Path(__file__).parents[3]
RULES = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "bridge.json").read_text("utf-8"))
NAME = re.compile(r"\b(?:bridge_[a-z_]+|up)\b")


def expressions() -> Iterator[tuple[str, str]]:
    """Every expression, with the title of its panel or the name of its alert."""
    for rule in RULES:
        yield rule["alert"], rule["expr"]
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def shown() -> dict[str, set[str]]:
    """Every figure that a bridge shows, with its labels."""
    metrics = Metrics()
    for event in ("turn", "refused", "call_shed", "tagor_down"):
        metrics.count({"event": event, "duration_ms": 1, "reason": "signature", "office": "demo"})
    of_tagor = metrics.of_tagor("demo")
    of_tagor.asked("Dossier/Get", "answered", 0.1)
    of_tagor.breaker("all", is_open=True)
    metrics.heard_nothing(0.1)
    store = StoreMetrics(dict.fromkeys(JobState, 1), dict.fromkeys(DecisionState, 1), None, ["demo"])
    page = metrics.page(lambda: store, lambda: datetime.now(UTC)).decode()
    found: dict[str, set[str]] = {"up": {"job"}}
    for line in page.splitlines():
        if match := re.match(r"([a-z_]+)(?:\{(.*)\})? ", line):
            found.setdefault(match[1], set()).update(re.findall(r"([a-z]+)=", match[2] or ""))
    return found


@pytest.mark.parametrize(("title", "expression"), list(expressions()))
def test_every_figure_and_label_exists(title: str, expression: str):
    """A misspelt name is no error for Prometheus: the rule would simply never fire."""
    figures = shown()
    names = NAME.findall(re.sub(r'"[^"]*"', "", re.sub(r"\{\{.*?\}\}", "", expression)))
    assert names, title
    assert [name for name in names if name not in figures] == []
    labels = set(re.findall(r"([a-z]+)\s*(?:=~|!=|=)\s*\"", expression))
    labels |= {one for by in re.findall(r"by \(([^)]*)\)", expression) for one in by.split(", ")}
    assert labels <= set().union(*(figures[name] for name in names)), title


def test_words_that_rules_look_for_are_words_that_are_counted():
    """The states of jobs and decisions, and the events, are written as the bridge writes them."""
    words = {
        word
        for _, expression in expressions()
        for found in re.findall(r'(?:state|event)=~?"([^"]+)"', expression)
        for word in found.split("|")
    }
    logged = "".join(file.read_text("utf-8") for file in (ROOT / "bridge").rglob("*.py"))
    states = {str(state) for state in (*JobState, *DecisionState)}
    assert [word for word in words if word not in states and f'"{word}"' not in logged] == []


def test_every_alert_has_a_page_of_what_to_do():
    """Whoever is woken by it finds its name in the operations page."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert [rule["alert"] for rule in RULES if f"### {rule['alert']}\n" not in text] == []
    assert {rule["labels"]["severity"] for rule in RULES} == {"page", "ticket"}
    assert all(rule["annotations"]["summary"] for rule in RULES)
