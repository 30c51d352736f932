"""Callers who want a person: who is rung, and what is said when nobody answers."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.conftest import Line

PEOPLE = {"nl": "+32470000001", "fr": "+32470000002", "de": "+32470000003", "en": "+32470000004"}


@pytest.mark.parametrize("language", PEOPLE)
@pytest.mark.parametrize("why", ["busy", "no-answer", "failed", "canceled"])
def test_a_transfer_in_vain_ends_with_hours(calling: "Calling", line: "Line", why: str, language: str):
    """However the transfer failed, the caller hears when there will be somebody, and a goodbye."""
    caller = calling(PEOPLE[language], language=language).keys("0")
    caller.hears("Colleague.connect").reaches(line.switchboard).finds_nobody(why)
    caller.hears("Colleague.nobody", "Defendant.goodbye").is_let_go()


@pytest.mark.parametrize("language", PEOPLE)
def test_after_the_talk_comes_goodbye(calling: "Calling", line: "Line", language: str):
    """When the colleague has hung up the line does not begin anew."""
    caller = calling(PEOPLE[language], language=language).keys("0").reaches(line.switchboard).talks()
    caller.hears("Defendant.goodbye").is_let_go()


def test_only_the_switchboard_is_ever_rung(calling: "Calling", line: "Line"):
    """The number comes from the office file, never from a caller or from Tagor."""
    caller = calling("+32470000017").keys("1").keys("369258").keys("0").reaches(line.switchboard)
    assert caller.phone.dialled == [line.switchboard]


def test_the_colleague_sees_the_offices_number(calling: "Calling", line: "Line"):
    """A Belgian network blocks a foreign line that shows a caller's own number."""
    caller = calling().keys("0")
    assert caller.phone.waiting.verb.get("callerId") == line.switchboard
    assert caller.phone.waiting.verb.get("timeLimit") == "3600"


def test_a_caller_who_hangs_up_while_it_rings_is_forgotten(calling: "Calling", line: "Line"):
    """The provider still tells how the ringing ended; nobody is there to hear the answer."""
    caller = calling().keys("0").reaches(line.switchboard)
    caller.hangs_up()
    assert caller.phone.callbacks[-1]["CallStatus"] == "completed"
    assert caller.phone.faults == []
