"""Teaches templates what they call things: steps, exits and options by their names in the page's words."""

from jinja2 import Environment, StrictUndefined

from bridge.flow.graph import FlowGraph
from bridge.store.step_journal import short_name
from bridge.web.flow_page import step_action, step_kind, told_exit
from bridge.web.page_words import exit_words, service_words, step_words


def teach(environment: Environment, flows: FlowGraph) -> None:
    """Let templates name what belongs to these flows; a name that they do not know is an error."""
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters["short_name"] = short_name
    environment.globals |= {
        "exit_words": lambda way, words, place: exit_words(told_exit(flows, place, way), words),
        "step_does": lambda place, words: words["actions"].get(step_action(flows, place)),
        "step_name": lambda place, words: step_words(place, words, step_kind(flows, place)),
        "service_words": service_words,
    }
