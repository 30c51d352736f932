"""Draws the report of a week, and writes it as a page that stands alone: to print, to keep, or to send."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from bridge.call_statistics import CallStatistics
from bridge.flow.engine import HUNG_UP
from bridge.flow.graph import FlowGraph
from bridge.web.charts import columns, rows
from bridge.web.flow_page import step_kind
from bridge.web.page_environment import teach
from bridge.web.page_words import NAMES, exit_words, page_words, step_words

_SHOWN = 8
_STYLE = Path(__file__).parent / "static" / "page.css"


def printed_report(
    offices: Sequence[CallStatistics],
    flows: FlowGraph,
    *,
    days: tuple[date, date],
    names: Mapping[str, Mapping[str, str]],
    language: str,
) -> str:
    """Write the console's report as one page that loads nothing: its charts and its style are in it.

    Args:
        offices: the figures of each office, in the page's order.
        flows: where steps have their kinds.
        days: the first and the last day.
        names: what each office (key) is called in its languages.
        language: the language of the page.
    """
    environment = Environment(loader=PackageLoader("bridge.web"), autoescape=True)
    teach(environment, flows)
    called = {key: by.get(language) or next(iter(by.values()), key) for key, by in names.items()}
    environment.globals["office_name"] = lambda key: called.get(key, key)
    return environment.get_template("console/report_alone.html").render(
        reports=[(one, charts_of(one, flows, language)) for one in offices],
        first=days[0],
        last=days[1],
        lang=language,
        w=page_words(language),
        names=NAMES,
        style=Markup(_STYLE.read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )


def charts_of(one: CallStatistics, flows: FlowGraph, language: str) -> dict[str, Markup | None]:
    """Draw what is counted, with its names in a language; nothing where nobody called."""
    if not one.total:
        return {}
    words = page_words(language)
    ended = list(one.endings.items())

    def name(step: str) -> str:
        return step_words(step, words, step_kind(flows, step))

    others = words["console"]["others"]
    left = _summed(((name(step), number) for (step, way), number in ended if way == HUNG_UP), others)
    return {
        "days": columns({f"{day:%d/%m}": number for day, number in one.calls.items()}),
        "calls_that": rows({words["console"][what]: number for what, number in one.calls_that.items()}),
        "endings": rows(
            _summed(
                ((f"{name(step)}, {exit_words(way, words) or way}", n) for (step, way), n in ended), others
            )
        ),
        "left": rows(left) if left else None,
    }


def _summed(named: Iterable[tuple[str, int]], others: str) -> dict[str, int]:
    """Keep the most frequent ones, and the sum of the `others`; what has the same name in words is one."""
    counted = Counter[str]()
    for name, number in named:
        counted[name] += number
    shown = dict(counted.most_common(_SHOWN))
    rest = counted.total() - sum(shown.values())
    return shown | ({others: rest} if rest else {})
