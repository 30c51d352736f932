"""Opening hours, as a caller hears them."""

# ruff: noqa: E501 - sentences are compared whole

from datetime import time

import pytest

from bridge.speech import say_hours

MORNING = (time(9), time(12))
AFTERNOON = (time(13, 30), time(17))
CLOSED: tuple[tuple[time, time], ...] = ()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "van maandag tot woensdag van 9 uur tot 12 uur en van 13 uur 30 tot 17 uur, en op vrijdag van 9 uur tot 12 uur"),
        ("fr", "du lundi au mercredi de 9 heures à 12 heures et de 13 heures 30 à 17 heures, et le vendredi de 9 heures à 12 heures"),
        ("de", "von Montag bis Mittwoch von 9 Uhr bis 12 Uhr und von 13 Uhr 30 bis 17 Uhr, und am Freitag von 9 Uhr bis 12 Uhr"),
        (
            "en",
            "Monday to Wednesday from 9 to noon and from half past one to 5, and on Friday from 9 to noon",
        ),
    ],
)  # fmt: skip
def test_days_with_the_same_hours_are_said_together(language: str, said: str):
    """A caller hears ranges of days, not five times the same hours; closed days are left out."""
    week = [(MORNING, AFTERNOON)] * 3 + [CLOSED, (MORNING,), CLOSED, CLOSED]
    assert say_hours(week, language) == said


def test_two_days_are_named_both():
    """`van maandag tot dinsdag` would be an odd way to say two days."""
    assert (
        say_hours([(MORNING,), (MORNING,), *[CLOSED] * 5], "nl")
        == "op maandag en dinsdag van 9 uur tot 12 uur"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "op maandag, dinsdag en vrijdag van 9 uur tot 12 uur, en op donderdag van 18 uur tot middernacht"),
        ("fr", "le lundi, le mardi et le vendredi de 9 heures à 12 heures, et le jeudi de 18 heures à minuit"),
        ("de", "am Montag, Dienstag und Freitag von 9 Uhr bis 12 Uhr, und am Donnerstag von 18 Uhr bis Mitternacht"),
        ("en", "on Monday, Tuesday and Friday from 9 to noon, and on Thursday from 6 to midnight"),
    ],
)  # fmt: skip
def test_equal_days_are_said_together_though_another_lies_between(language: str, said: str):
    """The caller hears each set of hours once; an office that closes at 24:00 closes at midnight."""
    week = [(MORNING,), (MORNING,), CLOSED, ((time(18), time()),), (MORNING,), CLOSED, CLOSED]
    assert say_hours(week, language) == said


def test_a_week_without_openings_says_nothing():
    """An office that is never open has no hours to tell."""
    assert say_hours([CLOSED] * 7, "fr") == ""
