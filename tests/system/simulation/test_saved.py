"""Stories that once broke a promise, each shrunk to what it took; they are played for ever."""

from pathlib import Path

from bridge.simulators.rehearsal.play.scenario import Scenario
from bridge.simulators.rehearsal.rehearsal import Rehearsal

STORIES = sorted((Path(__file__).parent / "saved").glob("*.json"))


def test_no_story_breaks_again_the_promise_it_was_saved_for(rehearsal: Rehearsal):
    """Why each was saved stands in its file; a rehearsal that breaks a promise adds one."""
    assert {story.name: rehearsal.replay(Scenario.load(story)).broken for story in STORIES} == {
        story.name: [] for story in STORIES
    }
