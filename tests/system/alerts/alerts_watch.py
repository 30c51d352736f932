"""Prometheus as this project's rules meet it: a scrape a minute, and its own promtool as the judge."""

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from shared_programs import needed

RULES_FILE = Path(__file__).parents[3] / "deploy" / "alerts.yaml"
RULES: dict[str, dict[str, Any]] = {
    rule["alert"]: rule for rule in yaml.safe_load(RULES_FILE.read_text("utf-8"))["groups"][0]["rules"]
}
TARGET = {"job": "bridge", "instance": "line"}
"""What Prometheus adds to every figure of the line."""
_LINE = re.compile(r"(?P<name>[a-z_]+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)")


def promtool() -> str:
    """Find Prometheus' own judge of rules, without which nothing is proved."""
    return needed("promtool", "prometheus")


class Watch:
    """Scrapes a page of figures once a minute, and asks promtool which alert fires over what it saw.

    `page` gives the text of /metrics, or raises OSError where nothing answers. `pass_minute` lets time pass.
    """

    def __init__(self, page: Callable[[], str], pass_minute: Callable[[], None]) -> None:
        self._page, self._pass_minute = page, pass_minute
        self._seen: list[dict[str, str]] = []

    @property
    def now(self) -> int:
        """The minute of the last scrape."""
        return len(self._seen) - 1

    def minutes(self, number: int, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Let so many minutes pass; in each of them happens what callers do, and then comes a scrape."""
        for _ in range(number):
            meanwhile()
            self._pass_minute()
            self._seen.append(self._scrape())

    def _scrape(self) -> dict[str, str]:
        try:
            lines = [line for line in self._page().splitlines() if not line.startswith("#")]
        except OSError:
            return {_named("up", ""): "0"}
        found = [_LINE.fullmatch(line) for line in lines]
        assert None not in found
        seen = {_named(one["name"], one["labels"] or ""): one["value"] for one in found if one}
        return seen | {_named("up", ""): "1"}

    def firing(self, folder: Path, alert: str, silent: int, labels: Mapping[str, str]) -> str:
        """Say what promtool has against this alert silent in that minute, and firing now like this."""
        told = {silent: [], self.now: [_told(RULES[alert], labels)]}
        cases = [
            {"eval_time": f"{minute}m", "alertname": alert, "exp_alerts": alerts}
            for minute, alerts in told.items()
        ]
        return self._judged(folder, {"alert_rule_test": cases})

    def reckoned(self, folder: Path, expressions: list[str]) -> str:
        """Say what promtool has against any of these expressions, whatever their value is."""
        nothing = [{"labels": "{}", "value": 0}]
        cases = [
            {"expr": f"count({one}) * 0 or vector(0)", "eval_time": f"{self.now}m", "exp_samples": nothing}
            for one in expressions
        ]
        return self._judged(folder, {"promql_expr_test": cases})

    def _judged(self, folder: Path, cases: Mapping[str, object]) -> str:
        names = sorted(set().union(*self._seen))
        series = [{"series": name, "values": self._values(name)} for name in names]
        test = {"interval": "1m", "input_series": series, **cases}
        file = folder / "seen.yaml"
        whole = {"rule_files": [str(RULES_FILE)], "evaluation_interval": "1m", "tests": [test]}
        file.write_text(yaml.safe_dump(whole, width=1_000_000), encoding="utf-8")
        command = [promtool(), "test", "rules", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - its own verdict
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def _values(self, name: str) -> str:
        """Write a series as promtool reads it: one that is no longer shown is stale, as for Prometheus."""
        values = [seen.get(name) for seen in self._seen]
        pairs = zip([None, *values], values, strict=False)
        return " ".join(value or ("stale" if before else "_") for before, value in pairs)


def _named(name: str, labels: str) -> str:
    of_target = ",".join(f'{key}="{value}"' for key, value in TARGET.items())
    return f"{name}{{{','.join(part for part in (labels, of_target) if part)}}}"


def _told(rule: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Give the alert as somebody is told of it, with the names of what is broken in its sentence."""
    summary = rule["annotations"]["summary"]
    for name, value in labels.items():
        summary = summary.replace(f"{{{{ $labels.{name} }}}}", value)
    assert "{{" not in summary
    return {"exp_labels": {**rule["labels"], **labels}, "exp_annotations": {"summary": summary}}
