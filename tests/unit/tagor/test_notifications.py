"""Texts and mails: from the office's templates, to the defendant and nobody else."""

from typing import Any

import pytest
from tagor_questions import FILE, PARTY, dataset
from tagor_server import ScriptedTagor, says
from tagor_staff_questions import MAIL, MOBILE

from bridge.tagor import Deadline, Tagor, TagorInvalidResponse

CONTACTS = "Party/GetContactDetails"


@pytest.mark.parametrize("twin", [False, True])
def test_a_defendant_is_reached_where_tagor_knows(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, *, twin: bool
):
    """Without a number or an address nothing but the defendant is named."""
    tagor.notifications.send_text(FILE, PARTY, "SALDO", deprecated=twin, deadline=by)
    tagor.notifications.send_mail(FILE, PARTY, "FAQ", deprecated=twin, deadline=by)
    assert [asked.request for asked in server.asked] == [
        {"TDOS_Id": FILE, "TPAR_Id": PARTY, "CodeSms": "SALDO"},
        {"TDOS_Id": FILE, "TPAR_Id": PARTY, "CodeEmail": "FAQ"},
    ]


@pytest.mark.parametrize("twin", [False, True])
def test_an_address_alone_will_do(server: ScriptedTagor, tagor: Tagor, by: Deadline, *, twin: bool):
    """Some ways to identify tell no party; the file still has its number and its address."""
    tagor.notifications.send_text(FILE, None, "SALDO", mobile=MOBILE, deprecated=twin, deadline=by)
    tagor.notifications.send_mail(FILE, None, "FAQ", address=MAIL, deprecated=twin, deadline=by)
    number = "TelNr" if twin else "Gsmnr"
    assert [asked.request for asked in server.asked] == [
        {"TDOS_Id": FILE, number: MOBILE, "CodeSms": "SALDO"},
        {"TDOS_Id": FILE, "Emailadres": MAIL, "CodeEmail": "FAQ"},
    ]


def test_a_message_to_nobody_is_not_sent(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Neither a defendant nor an address."""
    with pytest.raises(ValueError, match="give the defendant, or where it goes"):
        tagor.notifications.send_text(FILE, None, "SALDO", deadline=by)
    with pytest.raises(ValueError, match="give the defendant, or where it goes"):
        tagor.notifications.send_mail(FILE, None, "FAQ", deadline=by)
    assert server.connections == 0


def contacts(*rows: dict[str, Any]) -> dict[str, Any]:
    return dataset("dsTCOMWeb", "ttTCOMWeb", *rows)


GOOD = {"id": "7", "content": MAIL, "owning_id": PARTY}


def test_a_contact_that_cannot_be_read_is_not_used(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Without an id, an owner or an address it is dropped; an odd word about its use means no."""
    odd = (
        {"content": MAIL, "owning_id": PARTY},
        {"id": "7", "owning_id": PARTY},
        {"id": "7", "content": MAIL},
    )
    server.plays(CONTACTS, says(contacts(*odd, GOOD, GOOD | {"used": "no"}, GOOD | {"used": None})))
    assert [one.used for one in tagor.notifications.contacts(PARTY, deadline=by)] == [True, False, False]


def test_contacts_of_another_party_are_no_answer(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """A text about a debt never goes to a stranger, not even by Tagor's mistake."""
    server.plays(CONTACTS, says(contacts(GOOD, GOOD | {"owning_id": "12"})))
    with pytest.raises(TagorInvalidResponse, match="another party"):
        tagor.notifications.contacts(PARTY, deadline=by)
