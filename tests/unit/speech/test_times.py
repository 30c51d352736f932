"""Times: every minute of the day can be told from every other by ear."""

import re
from datetime import date, time

import pytest

from bridge.speech import LANGUAGES, SAYERS, Unspeakable
from bridge.speech.times import say_time

HOURS = (
    *("twelve", "one", "two", "three", "four", "five"),
    *("six", "seven", "eight", "nine", "ten", "eleven"),
)


def read_back(spoken: str, language: str) -> time:
    if language == "en":
        return read_english(spoken)
    words = {"nl": "uur", "fr": "heures?", "de": "Uhr"}
    found = re.fullmatch(rf"(\d+) {words[language]}(?: (\d+))?", spoken)
    assert found, spoken
    return time(int(found[1]), int(found[2] or 0))


def read_english(spoken: str) -> time:
    if spoken in ("midnight", "noon"):
        return time(0 if spoken == "midnight" else 12)
    clock, _, part = spoken.partition(" in the ")
    if found := re.fullmatch(r"(quarter|half) (past|to) ([a-z]+)", clock):
        hour, minute = HOURS.index(found[3]), 30 if found[1] == "half" else 15 if found[2] == "past" else 45
        hour = (hour - (found[2] == "to")) % 12
    else:
        found = re.fullmatch(r"(\d+) (o'clock|(?:oh )?\d+)", clock)
        assert found, spoken
        hour, minute = int(found[1]) % 12, 0 if found[2] == "o'clock" else int(found[2].removeprefix("oh "))
        assert found[2].startswith("oh ") == (0 < minute < 10)
    if part:
        hour += 12 * (part == "evening")
        assert not 7 <= hour < 19
    else:  # an hour at which an office is open
        hour += 12 * (hour < 7)
    return time(hour, minute)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_minute_of_the_day_is_heard_as_it_was_meant(language: str, today: date):
    """What the caller hears, read back, is that minute."""
    for minute in range(24 * 60):
        at = time(minute // 60, minute % 60)
        assert read_back(say_time(at, language), language) == at
        assert SAYERS["time"](at.isoformat("minutes"), language, today) == say_time(at, language)


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        ("09:30", ["9 uur 30", "9 heures 30", "9 Uhr 30", "half past nine"]),
        ("01:05", ["1 uur 5", "1 heure 5", "1 Uhr 5", "1 oh 5 in the morning"]),
        ("17:00", ["17 uur", "17 heures", "17 Uhr", "5 o'clock"]),
        ("12:00", ["12 uur", "12 heures", "12 Uhr", "noon"]),
        ("00:00", ["0 uur", "0 heure", "0 Uhr", "midnight"]),
        ("12:30", ["12 uur 30", "12 heures 30", "12 Uhr 30", "half past twelve"]),
        ("11:45", ["11 uur 45", "11 heures 45", "11 Uhr 45", "quarter to twelve"]),
        ("19:10", ["19 uur 10", "19 heures 10", "19 Uhr 10", "7 10 in the evening"]),
        ("00:20", ["0 uur 20", "0 heure 20", "0 Uhr 20", "12 20 in the morning"]),
        ("18:15", ["18 uur 15", "18 heures 15", "18 Uhr 15", "quarter past six"]),
    ],
)
def test_a_time_is_worded_as_people_say_it(value: str, spoken: list[str], today: date):
    """Hours and minutes are words in the order each language has them."""
    assert [SAYERS["time"](value, language, today) for language in LANGUAGES] == spoken


@pytest.mark.parametrize(
    "value", ["", "24:00", "9:30", "09:60", "09:30:00", "09.30", "0930", "٠٩:٣٠", "09:30\n"]
)
def test_what_is_no_time_is_never_spoken(value: str, today: date):
    """Any other notation is refused."""
    with pytest.raises(Unspeakable) as refused:
        SAYERS["time"](value, "nl", today)
    assert refused.value.kind == "time"
