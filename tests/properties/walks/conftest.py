"""The demo's office as the app puts it together, and somebody who walks its calls; no Tagor is ever asked."""

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from walks_walker import Walker

from bridge.app.tagor import office_tagor
from bridge.conversation.office_context import ANNOUNCE, OfficeContext, services_of
from bridge.office.reading import read_offices
from bridge.office.services import Questions
from bridge.speech import LANGUAGES, Catalogue
from bridge.telephony.providers import TWILIO
from bridge.telephony.twiml import Renderer
from bridge.telephony.voices import choose
from voice_flows import CALL, PROMPTS

ROOT = Path(__file__).parents[3]
TWO_KEYS_AT_LEAST = {"file": (2, 12), "reference": (2, 12)}
"""So that keys 8 and 9 mean the same everywhere, as they do wherever one key is no answer."""


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load(PROMPTS)


@pytest.fixture(scope="session")
def branch() -> Iterator[OfficeContext]:
    environ = {"TAGOR_KEY": "never-asked"}
    offices = read_offices(ROOT / "offices", environ, demo=True, services=services_of(CALL))
    [office] = [office for office in offices if office.key == "demo"]
    # What the demo does not ask is walked too.
    asking = office.situation.model_copy(update={"questions": Questions(**dict.fromkeys(LANGUAGES, "861"))})
    office = office.model_copy(update={"situation": asking})
    sounds = {name: f"https://line.example.be/{name}.wav" for name in ("chime", "hold")}
    renderer = Renderer("https://line.example.be", TWILIO, choose(TWILIO.voices), sounds)
    with closing(office_tagor(office, demo=True, threads=1)) as tagor:
        branch = OfficeContext.of(office, tagor, renderer, CALL)
        # What an office announces at times is walked too.
        announcing = branch.rules.off - {f"{CALL.root.name}.{ANNOUNCE}"}
        rules = replace(branch.rules, off=announcing, lengths={**branch.rules.lengths, **TWO_KEYS_AT_LEAST})
        yield replace(branch, rules=rules)
        branch.executor.shutdown()


@pytest.fixture(scope="session")
def walker(branch: OfficeContext, catalogue: Catalogue) -> Walker:
    return Walker(CALL, branch, catalogue)
