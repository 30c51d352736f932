"""Texts and mails: from the office's templates, to the defendant and nobody else."""

from typing import Any

import pytest
from tagor_questions import FILE, PARTY, dataset
from tagor_server import ScriptedTagor, says
from tagor_staff_questions import MAIL, MOBILE

from bridge.tagor import Deadline, Tagor, TagorInvalidResponse

CONTACTS = "Party/GetContactDetails"
NO_MOBILE = [
    "",
    "0",
    "+",
    "0900",
    "0470 00 00 01x",
    "tel:0470000001",
    "0470000001,0470000002",
    "0470000001;ext=1",
    "0470   000001",
    "+32 470 00 00 01 ",
    "\u0660\u0664\u0667\u0660\u0660\u0660\u0660\u0661",
    "0470000001\n",
    "1" * 16,
]
NO_MAIL = [
    "jan",
    "jan@",
    "@example.be",
    "jan@example.be,tom@example.be",
    "jan@example.be;tom@example.be",
    "Jan <jan@example.be>",
    "jan@example.be\nBcc: tom@example.be",
    "jan@@example.be",
    "jan jansen@example.be",
    "jan@example.be ",
    "jan@exam\u202eple.be",
    "j\u0430n@example.be",
    "jan@-example.be",
    "jan@example.",
    "x" * 250 + "@x.be",
]


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


@pytest.mark.parametrize(
    "number", [MOBILE, "+32470000001", "0032/470.00.00.01", "(0470) 00-00-01", "04700000"]
)
def test_a_number_goes_as_tagor_has_it(number: str, server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """With its punctuation or without."""
    tagor.notifications.send_text(FILE, PARTY, "SALDO", mobile=number, deadline=by)
    assert server.asked[0].request["Gsmnr"] == number


@pytest.mark.parametrize(
    "address", ["a@b", "jan+tagor@mail.example.be", "o'neil_1@x-y.example", "x" * 242 + "@x.example"]
)
def test_an_address_goes_as_tagor_has_it(address: str, server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Every plain one."""
    tagor.notifications.send_mail(FILE, PARTY, "FAQ", address=address, deadline=by)
    assert server.asked[0].request["Emailadres"] == address


@pytest.mark.parametrize("number", NO_MOBILE[1:], ids=ascii)
def test_what_is_no_number_is_not_texted(number: str, server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """One number, and nothing that a gateway could read as two; the error does not quote it."""
    with pytest.raises(ValueError, match="The mobile number cannot be sent") as caught:
        tagor.notifications.send_text(FILE, PARTY, "SALDO", mobile=number, deadline=by)
    assert not any(digit in str(caught.value) for digit in "0123456789")
    assert server.connections == 0


@pytest.mark.parametrize("address", NO_MAIL, ids=lambda address: ascii(address)[:40])
def test_what_is_no_address_is_not_mailed(address: str, server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """One address, and nothing that a mail server could read as two; the error does not quote it."""
    with pytest.raises(ValueError, match="The mail address cannot be sent") as caught:
        tagor.notifications.send_mail(FILE, PARTY, "FAQ", address=address, deadline=by)
    assert "jan" not in str(caught.value)
    assert server.connections == 0


@pytest.mark.parametrize("code", ["", " ", "SAL DO", "SALDO\n", "../SALDO", "x" * 41, "S\u00c4LDO"])
def test_what_is_no_template_is_not_sent(code: str, server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """The office names its templates by plain codes."""
    with pytest.raises(ValueError, match="The template code cannot be sent"):
        tagor.notifications.send_text(FILE, PARTY, code, mobile=MOBILE, deadline=by)
    with pytest.raises(ValueError, match="The template code cannot be sent"):
        tagor.notifications.send_mail(FILE, PARTY, code, deadline=by)
    assert server.connections == 0


def contacts(*rows: dict[str, Any]) -> dict[str, Any]:
    return dataset("dsTCOMWeb", "ttTCOMWeb", *rows)


GOOD = {"id": "7", "content": MAIL, "owning_id": PARTY}


def test_a_party_nobody_can_reach_has_no_contacts(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """An empty table, or none at all inside."""
    server.plays(CONTACTS, says(contacts()), says({"dsTCOMWeb": {}}))
    assert (
        tagor.notifications.contacts(PARTY, deadline=by)
        == tagor.notifications.contacts(PARTY, deadline=by)
        == ()
    )


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"dsTCOMWeb": []},
        contacts() | {"dsTCOMWeb": {"dsTCOMWeb": {"ttTCOMWeb": "x"}}},
    ],
)
def test_contacts_that_cannot_be_read_are_not_taken_for_none(
    content: dict[str, Any], *, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """An answer without its table is no answer."""
    server.plays(CONTACTS, says(content))
    with pytest.raises(TagorInvalidResponse):
        tagor.notifications.contacts(PARTY, deadline=by)


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
