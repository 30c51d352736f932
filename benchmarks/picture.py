"""Draws the turns a second of each kind as bars in an SVG file, the signed sample being 1."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from benchmarks.report import Row

WIDTH, LABELS, ROW, TOP = 820, 270, 24, 60
COLOURS = {"sqlite": "#2f6db3", "postgresql": "#7a9e3c"}
PLAIN = "#8a8a8a"
NAMES = {
    "sqlite": "bridge on SQLite",
    "postgresql": "bridge on PostgreSQL",
    "sqlite_grown": "bridge, full store",
}
TITLE = "Turns a second on the same server; the signed sample is 1"


def draw(rows: Sequence[Row], file: Path) -> None:
    """Draw one bar for each row (see `report.rows`)."""
    size = {"width": str(WIDTH), "height": str(TOP + ROW * len(rows) + 10)}
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": "sans-serif", **size})
    SubElement(svg, "rect", {**size, "fill": "white"})
    _text(svg, 10, 30, TITLE, size="16")
    longest = max(float(row["turns_vs_signed_sample"]) for row in rows)
    scale = (WIDTH - LABELS - 70) / longest
    for at, row in enumerate(rows):
        _bar(svg, TOP + ROW * at, row, scale)
    sample = str(LABELS + scale)
    line = {"x1": sample, "x2": sample, "y1": str(TOP - 8), "y2": str(TOP + ROW * len(rows))}
    SubElement(svg, "line", {**line, "stroke": "#c0392b", "stroke-dasharray": "4 3"})
    indent(svg)
    file.parent.mkdir(exist_ok=True)
    ElementTree(svg).write(file, encoding="utf-8", xml_declaration=True)


def _bar(svg: Element, top: int, row: Row, scale: float) -> None:
    server, value = str(row["server"]), float(row["turns_vs_signed_sample"])
    label = f"{NAMES[server]}: {row['turn']}" if server in NAMES else server.replace("_", " ")
    _text(svg, 10, top + 15, label)
    place = {"x": str(LABELS), "y": str(top + 2), "width": f"{value * scale:.1f}", "height": str(ROW - 6)}
    SubElement(svg, "rect", {**place, "fill": COLOURS.get(server, PLAIN)})
    _text(svg, LABELS + value * scale + 6, top + 15, f"{value:.2f}")


def _text(svg: Element, x: float, y: float, words: str, size: str = "12") -> None:
    SubElement(svg, "text", {"x": f"{x:.1f}", "y": str(y), "font-size": size, "fill": "#222"}).text = words
