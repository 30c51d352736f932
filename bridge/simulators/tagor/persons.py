"""Works out what a party has beside its name: where it lives and when it was born, always the same."""

from datetime import date, timedelta

from bridge.simulators.tagor.codes import id_of
from bridge.simulators.tagor.records import Party
from bridge.simulators.tagor.tables import Row
from bridge.simulators.tagor.wire_format import Id

_STREETS = ("Kerkstraat", "Stationsstraat", "Rue de l'Église", "Molenweg", "Dorpsplein", "Hauptstraße")
_TOWNS = (("9000", "Gent"), ("2000", "Antwerpen"), ("5000", "Namur"), ("4700", "Eupen"), ("1000", "Brussel"))
_ADDRESSES = 9_000_000_000_900_000_000


def birth_date(party_id: str) -> date:
    """Return the day a party was born."""
    return date(1955, 3, 1) + timedelta(days=int(party_id) % 1_000_000 * 37 % 16_000)


def address(party: Party) -> Row:
    """Return a party's address as Tagor tells it."""
    number = int(party.id) % 1_000_000
    (postal_code, city), street = _TOWNS[number % len(_TOWNS)], _STREETS[number % len(_STREETS)]
    house, _, box = party.house_number.partition(" bus ")
    return {
        "id": Id(_ADDRESSES + number),
        "party_id": party.id,
        "type_id": id_of("TQADRES", "HOOFD"),
        "street": street,
        "number": house,
        "mailbox": box,
        "postal_code": postal_code,
        "city": city,
        "country": "België",
        "current_address": True,
    }


def party_row(party: Party, kind: str) -> Row:
    """Return a party of a file as Tagor tells it; `kind` is a code of TQPARSOORT."""
    lives = address(party)
    return {
        "TPAR_Id": party.id,
        "GSM": party.mobile,
        "Naam": party.name,
        "Plaats": lives["city"],
        "Postcode": lives["postal_code"],
        "Straat": lives["street"],
        "StraatBusNr": lives["mailbox"],
        "StraatNr": lives["number"],
        "TQPARSOORT_Id": id_of("TQPARSOORT", kind),
        "PartijVorm": "P",
        "Mail": party.email,
    }
