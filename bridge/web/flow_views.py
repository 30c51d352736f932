"""Serves the flow pages: a list of all flows, and each flow's table with its words."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from bridge.speech import LANGUAGES
from bridge.store.step_tally import Mark
from bridge.web.flow_page import FlowPages
from bridge.web.page_words import NAMES, visitors_language

Taken = Mapping[Mark, int] | None
"""How often each exit was taken; None when that cannot be read."""


def flows_blueprint(
    pages: FlowPages, taken: Callable[[], Taken] = dict, refuse: Callable[[], Response | None] | None = None
) -> Blueprint:
    """Make `/flows` and `/flows/<name>`; `?words=fr` chooses the language of the words.

    With `?part=1` a flow's page is its table alone, for another page to show. `taken` gives what whoever asks
    may know of how often exits were taken, nothing for most. `refuse` answers whoever may see no flow at all.
    """
    blueprint = Blueprint("flows", __name__)
    if refuse:
        blueprint.before_request(refuse)

    @blueprint.get("/flows")
    def every() -> str:
        shown = [(name, pages.purpose(name)) for name in pages.names]
        return render_template("flows.html", flows=shown)

    @blueprint.get("/flows/<name>")
    def one(name: str) -> str:
        if name not in pages.names:
            abort(404)
        asked = request.args.get("words", "")
        spoken = asked if asked in LANGUAGES else visitors_language()
        return render_template(
            "flow_part.html" if "part" in request.args else "flow.html",
            flow=pages.show(name, spoken),
            spoken=spoken,
            show=lambda sub: pages.show(sub, spoken),
            taken={} if "part" in request.args else taken(),
            first=pages.names[0],
            spoken_languages=[(language, NAMES[language]) for language in LANGUAGES],
        )

    return blueprint
