"""Stores the texts and mails to defendants; none is really sent."""

import re
from typing import TYPE_CHECKING

from bridge.simulators.tagor.records import Message, Party

if TYPE_CHECKING:
    from bridge.simulators.tagor.tagor import SimulatedTagor

SMS, EMAIL, NOWHERE = "SMS", "EMAIL", "GEEN"
# 045 to 049 are the mobile ranges of Belgium.
_BELGIAN_MOBILE = re.compile(r"(\+32|0032|32|0)4[5-9][0-9]{7}")


def is_belgian_mobile(number: str) -> bool:
    """Return whether a text can go there, with or without the punctuation of a written number."""
    return _BELGIAN_MOBILE.fullmatch(re.sub(r"[ ./()-]", "", number)) is not None


def medium(number: str, party: Party) -> tuple[str, str]:
    """Return how a message goes and where to: a text to a Belgian mobile, else a mail, else nowhere."""
    if is_belgian_mobile(number):
        return SMS, number
    return (EMAIL, party.email) if party.email else (NOWHERE, "")


def knows(tagor: "SimulatedTagor", code: str, by: str) -> bool:
    """Return whether the office has configured a text (SMS) or a mail (EMAIL) under that code."""
    query = "SELECT 1 FROM templates WHERE code = ? AND medium = ?"
    return tagor.database.one(query, code, by) is not None


def send(tagor: "SimulatedTagor", file_id: str, message: Message) -> None:
    """Store a message as sent, about a file if an id is given; a message that goes nowhere is not stored."""
    if message.medium == NOWHERE:
        return
    tagor.database.write(
        f"message {message.medium}",
        "INSERT INTO messages (file_id, party_id, plan_id, medium, address, language, template, day)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(file_id, message.party_id, message.plan_id, message.medium, message.address, message.language),
        *(message.template, tagor.today.isoformat()),
    )
