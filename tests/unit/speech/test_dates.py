"""Dates: weekday, day and month as words, the year only when it is another one."""

from datetime import date, timedelta

import pytest

from bridge.speech import LANGUAGES, SAYERS, Unspeakable
from bridge.speech.dates import say_date

MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
WEEKDAYS = {
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
GERMAN_CARDINALS = [
    *("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    *("dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"),
]
GERMAN_DAYS = {word + "ten": day for day, word in enumerate(GERMAN_CARDINALS, start=1)}
GERMAN_DAYS |= {f"{word}undzwanzigsten": 20 + ones for ones, word in enumerate(GERMAN_CARDINALS[:9], start=1)}
GERMAN_DAYS |= {"ersten": 1, "dritten": 3, "siebten": 7, "achten": 8}
GERMAN_DAYS |= {"zwanzigsten": 20, "dreißigsten": 30, "einunddreißigsten": 31}


def read_back(spoken: str, language: str, today: date) -> date:
    words = spoken.replace(", den", "").split() if language == "de" else spoken.split()
    weekday, day_word, month_word, *rest = words
    assert len(rest) <= 1
    day = GERMAN_DAYS[day_word] if language == "de" else int(day_word.removesuffix("er"))
    assert ("1er" in words) == (language == "fr" and day == 1)
    year = int(rest[0]) if rest else today.year
    read = date(year, MONTHS[language].split().index(month_word) + 1, day)
    assert WEEKDAYS[language].split()[read.weekday()] == weekday
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_of_nine_years_is_heard_as_it_was_meant(language: str, today: date):
    """What the caller hears, read back, is that day and its true weekday; this year goes unsaid."""
    for ahead in range(-1500, 1800):
        day = today + timedelta(days=ahead)
        spoken = say_date(day, language, today)
        assert read_back(spoken, language, today) == day
        assert (str(day.year) in spoken) == (day.year != today.year)


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        (
            "2026-02-03",
            ["dinsdag 3 februari", "mardi 3 février", "Dienstag, den dritten Februar", "Tuesday 3 February"],
        ),
        ("2026-03-01", ["zondag 1 maart", "dimanche 1er mars", "Sonntag, den ersten März", "Sunday 1 March"]),
        (
            "2024-02-29",
            [
                "donderdag 29 februari 2024",
                "jeudi 29 février 2024",
                "Donnerstag, den neunundzwanzigsten Februar 2024",
                "Thursday 29 February 2024",
            ],
        ),
    ],
)
def test_a_date_is_worded_as_people_say_it(value: str, spoken: list[str], today: date):
    """Firsts, ordinals and the order of words are right in each language."""
    assert [SAYERS["date"](value, language, today) for language in LANGUAGES] == spoken


@pytest.mark.parametrize(
    ("ahead", "spoken"),
    [
        (0, ["vandaag", "aujourd'hui", "heute", "today"]),
        (1, ["morgen", "demain", "morgen", "tomorrow"]),
        (
            2,
            [
                "op zaterdag 3 januari",
                "le samedi 3 janvier",
                "am Samstag, den dritten Januar",
                "on Saturday 3 January",
            ],
        ),
        (-1, None),
    ],
)
def test_today_and_tomorrow_are_said_so(ahead: int, spoken: list[str] | None):
    """Nobody counts days to find out that an office opens again after lunch; other days have a date."""
    today = date(2026, 1, 1)
    day = (today + timedelta(days=ahead)).isoformat()
    said = [SAYERS["day"](day, language, today) for language in LANGUAGES]
    assert said == (
        spoken
        or [
            "op woensdag 31 december 2025",
            "le mercredi 31 décembre 2025",
            "am Mittwoch, den einunddreißigsten Dezember 2025",
            "on Wednesday 31 December 2025",
        ]
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "value",
    [
        *(
            *("", "2025-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "0000-00-00", "0001-01-01"),
            "9999-12-31",
        ),
        *(
            *("1899-12-31", "2100-01-01", "20260301", "2026-W09-7", "2026-3-1", "01/03/2026"),
            "2026-03-01T00:00:00",
        ),
        *("2026-03-01 ", "\u0662\u0660\u0662\u0666-03-01", "today", "null"),
    ],
)
def test_what_is_no_day_is_never_spoken(value: str, language: str, today: date):
    """Days that do not exist, filler dates and other notations are refused."""
    with pytest.raises(Unspeakable) as refused:
        SAYERS["date"](value, language, today)
    assert refused.value.kind == "date"
