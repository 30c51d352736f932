"""Draws charts as SVG inside a page: they have the page's own style, and nothing in them runs."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pygal
from markupsafe import Markup

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# pygal finds modules of maps by an old way of Python's, which warns at every module that is not there.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

_WIDTH, _HEIGHT, _ROW = 640, 240, 34
_LONGEST_LABEL = 46


def columns(values: Mapping[str, int]) -> Markup:
    """Draw a column for each value, with its number above its name."""
    return _drawn(pygal.Bar(height=_HEIGHT, **_OPTIONS), values)


def rows(values: Mapping[str, int]) -> Markup:
    """Draw a row for each value, from top to bottom; for long names."""
    height = 70 + _ROW * len(values)
    # Its first value is drawn at the bottom.
    upwards = dict(reversed(list(values.items())))
    return _drawn(pygal.HorizontalBar(height=height, **_OPTIONS), upwards)


_OPTIONS = {
    "width": _WIDTH,
    "js": (),
    "css": (),
    "classes": ("chart",),
    "show_legend": False,
    "print_values": True,
    "truncate_label": _LONGEST_LABEL,
    "formatter": lambda value: f"{value:.0f}",
    "disable_xml_declaration": True,
    "explicit_size": False,
}


def _drawn(chart: "pygal.graph.graph.Graph", values: Mapping[str, int]) -> Markup:
    chart.x_labels = list(values)
    chart.add("", list(values.values()))
    # At least up to 4, or the axis would count halves of calls.
    chart.range = (0, max(4, *values.values(), 0))
    chart.add_xml_filter(_without_style)
    return Markup(chart.render(is_unicode=True))  # noqa: S704 - pygal writes names as text


def _without_style(drawn: "Element") -> "Element":
    """Take out styles, scripts and what only scripts show: the policy of the pages refuses all of them."""
    for part in drawn.iter():
        for child in list(part):
            is_refused = str(child.tag).rpartition("}")[2] in {"style", "script"}
            if is_refused or "tooltip-overlay" in child.get("class", ""):
                part.remove(child)
    return drawn
