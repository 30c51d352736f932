"""Makes as many more cases as a test wants: the same ones for the same seed."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from bridge.simulators.tagor.case import AMICABLE, JUDICIAL, LANGUAGES, NO_PLANS, ONE_TERM, Case
from bridge.simulators.tagor.records import Plan
from bridge.simulators.tagor.wire_format import WIRE_FORMATS

_IDS = 9_000_000_000_001_000_000
_FIRST_NAMES = ("An", "Bart", "Chloé", "Daan", "Elke", "Farid", "Gitte", "Hugo", "Inès", "Jonas")
_LAST_NAMES = ("Aerts", "Bogaert", "Claessens", "Dupont", "Evrard", "Fischer", "Gérard", "Huber", "Ivanov")
_CREDITORS = ("Stad Gent", "Clinique Saint-Luc", "Energie Plus", "Gemeinde Eupen", "Parking Centrum")
_TYPES = (AMICABLE, JUDICIAL, NO_PLANS, ONE_TERM)
_TODAY = date(2025, 3, 1)


def generated(size: int, seed: int) -> Iterator[Case]:
    """Give `size` cases, each with one file, a telephone number and a PIN of its own.

    Their numbers are counted, so that none is given twice and a tester can work one out: file `2500000001`,
    telephone `+32471000001`, reference `78000001` for the first.
    """
    draw = Random(seed)
    for number in range(1, size + 1):
        paid = _TODAY - timedelta(days=draw.randrange(700)) if draw.random() < 0.7 else None  # noqa: PLR2004
        balance = Decimal(draw.randrange(1, 1_000_000)) / 100
        monthly = (balance / draw.randrange(2, 36)).quantize(Decimal("0.01"))
        yield Case(
            note="Made by number and seed.",
            name=f"{draw.choice(_FIRST_NAMES)} {draw.choice(_LAST_NAMES)}",
            phone=f"+32471{number:06d}",
            file=f"25{number:08d}",
            file_id=str(_IDS + number),
            party_id=str(_IDS + 500_000 + number),
            reference=f"78{number:06d}",
            pin=f"{draw.randrange(1_000_000):06d}",
            house_number=str(draw.randrange(1, 300)),
            balance=balance,
            tagor_language=draw.choice(tuple(LANGUAGES)),
            creditor=draw.choice(_CREDITORS),
            last_payment=paid,
            last_amount=Decimal(draw.randrange(500, 20_000)) / 100 if paid else Decimal(0),
            plan=Plan(max(monthly, Decimal("0.01")), months=36, start=_TODAY) if number % 5 == 0 else None,
            summons=number % 11 == 0,
            file_type=draw.choice(_TYPES),
            wire_format=draw.choice(tuple(WIRE_FORMATS)),
        )
