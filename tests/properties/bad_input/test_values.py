"""Amounts, ids and days as no Tagor should send them: read as what they are, or refused."""

import io
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from bad_input_judge import ASKED, CONNECTED, identified, said, soon, verbs
from bad_input_spoiler import Spoiler, holding
from bad_input_tagor import (
    AMOUNTS,
    DATES,
    IDS,
    LANGUAGES,
    NUMBERS,
)

from bridge.simulators.tagor import CASES
from bridge.tagor import Tagor, TagorInvalidResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tests.shared_line import Line

    Sample = Callable[..., Collection[Any]]

FILE, NUMBER, PIN = "9000000000000000001", "20230118", "482193"
CALLERS = {case.language: case for case in reversed(CASES[:4])}


def heard_euros(sentence: str) -> Decimal:
    """The amount in a sentence that holds no other figures."""
    euros, cents = (
        re.search(r"([0-9]+) (?:d')?euro", sentence, re.IGNORECASE),
        re.search(r"([0-9]+) cent", sentence, re.IGNORECASE),
    )
    return Decimal(euros[1] if euros else 0) + Decimal(cents[1] if cents else 0) / 100


def test_160_amounts_are_heard_to_the_cent_or_not_at_all(
    told_line: "Line", spoiler: Spoiler, log: io.StringIO, sample: "Sample"
):
    """Of 40 values in four languages Tagor's amount is spoken, and what is none leads to a person (INV9)."""
    for token, amount, language in sample(AMOUNTS, 24):
        with spoiler.changing(GetSaldo=holding(Saldo=token)):
            talk = identified(told_line, CALLERS[language])
        if amount is None:
            assert verbs(talk.reply) == CONNECTED, (token, language)
            continue
        assert verbs(talk.reply) == ASKED, (token, language)
        assert heard_euros(said(talk.reply)[1]) == abs(amount), (token, language, said(talk.reply)[1])
    assert set(CALLERS) == set(LANGUAGES)
    assert "1234.56" not in log.getvalue()


def test_24_ids_stay_the_digits_they_are(client: Tagor, spoiler: Spoiler):
    """An id of Tagor's is kept sign by sign or refused, and a file number goes as it is (INV10)."""
    for token, told in IDS.items():
        with spoiler.changing(PinToFile=holding(TDOS_Id=token)):
            if told is None:
                with pytest.raises(TagorInvalidResponse):
                    client.callers.by_pin(NUMBER, PIN, deadline=soon())
            else:
                proven = client.callers.by_pin(NUMBER, PIN, deadline=soon())
                assert proven is not None
                assert proven.file == told
    for number, may_go in NUMBERS.items():
        if may_go:
            client.callers.by_pin(number, PIN, deadline=soon())
        else:
            with pytest.raises(ValueError, match="The file name cannot be sent"):
                client.callers.by_pin(number, PIN, deadline=soon())


def test_an_id_that_is_another_files_opens_nothing(told_line: "Line", spoiler: Spoiler, sample: "Sample"):
    """The PIN must open the very file that the number is known for; else the file's number is asked."""
    for token in sample(IDS, 4):
        with spoiler.changing(PinToFile=holding(TDOS_Id=token)):
            talk = identified(told_line)
        opened = IDS[token] == FILE
        assert verbs(talk.reply) == ASKED, token
        assert any("1234 euro" in sentence for sentence in said(talk.reply)) == opened, token


def test_20_days_are_heard_as_they_are_or_not_at_all(told_line: "Line", spoiler: Spoiler, sample: "Sample"):
    """Of a day that is none nothing is said; leap days and days of a clock change are days."""
    assert told_line.clock.now().date() == date(2026, 3, 4)
    for token, told in sample(DATES.items(), 8):
        with spoiler.changing(GetDosInfo=holding(DatumLtstBet=token)):
            talk = identified(told_line)
        heard = " ".join(said(talk.reply))
        assert verbs(talk.reply) in ({ASKED, CONNECTED} if told is None else {ASKED}), token
        assert told in heard if told else "laatste betaling" not in heard, (token, heard)
        assert ("nog geen betaling" in heard) == (told == ""), (token, heard)
