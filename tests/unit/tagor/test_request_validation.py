"""What the bridge shows and sends: of the right shape, and never repeated in an error or a printed object."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tagor_questions import FILE, NUMBER, PARTY, PIN
from tagor_server import ScriptedTagor
from tagor_staff_questions import APPOINTMENT, AT, WORDS

from bridge.tagor import (
    ApiKey,
    ClientLogin,
    Deadline,
    FilePin,
    NewMessage,
    Tagor,
    TagorInvalidResponse,
    TagorUnreachable,
)
from bridge.tagor.http.auth import TokenResponse
from bridge.tagor.schema.answer import Reply
from bridge.tagor.schema.operation import checked

DAY = date(2026, 11, 22)
MESSAGE = NewMessage("Voicemail K7", "Somebody left word.", "Telefoon", FILE, PARTY)


@pytest.mark.parametrize(
    "secret",
    [
        ApiKey("canary"),
        FilePin("20230118", "482193"),
        ClientLogin("canary", "482193"),
        TokenResponse("canary", 3600),
        Reply("Some/Operation", 200, b"canary 482193"),
    ],
)
def test_a_secret_does_not_print_itself(secret: object):
    """Neither key nor PIN, neither id nor token, nor an answer."""
    assert not [value for value in ("canary", "20230118", "482193") if value in f"{secret!r} {secret}"]


# What may be sent for each argument, and what must not: it is odd, or Tagor would read it otherwise.
SHAPES: dict[str, tuple[list[str], list[str]]] = {
    "the file id": (["1", "9" * 20], ["", " ", "?", "1|2", "1:2", "1\r\n", "1.0", "-1", "\u0661", "9" * 21]),
    "the code id": (["", "9" * 20], ["x", "1.0", "-1", "9" * 21]),
    "the file name": (
        ["20230118", "2023/1.a_b-c"],
        ["", "2023:1", "2023|1", "1\r\n", "\u0662023", "x" * 41, "-1"],
    ),
    "the reference": (["2023/118"], ["", "1|2", "1:2", "x" * 41]),
    "the PIN": (["482", "4" * 12], ["", "12", "48:193", "482193\n", "\u0664\u0668\u0662", "4" * 13]),
    "the house number": (["12", "12A", "12345 bus"], ["", "A", "1|2", "12345678901"]),
    "the phone number": (
        ["+32470000001"],
        ["", "0470000001", "+0470000001", "+32", "anonymous", "+266696687@x", "+3247000000111111"],
    ),
    "the mobile number": (
        ["+32470000001", "0032/470.00.00.01", "(0470) 00-00-01", "04700000"],
        [
            *("", "0", "+", "0900", "0470 00 00 01x", "tel:0470000001", "0470000001,0470000002"),
            *("0470000001;ext=1", "0470   000001", "+32 470 00 00 01 ", "0470000001\n", "1" * 16),
            "\u0660\u0664\u0667\u0660\u0660\u0660\u0660\u0661",
        ],
    ),
    "the mail address": (
        ["a@b", "jan+tagor@mail.example.be", "o'neil_1@x-y.example", "x" * 242 + "@x.example"],
        [
            *("jan", "jan@", "@example.be", "jan@example.be,tom@example.be", "jan@example.be;tom@example.be"),
            *(
                "Jan <jan@example.be>",
                "jan@example.be\nBcc: tom@example.be",
                "jan@@example.be",
                "jan@example.",
            ),
            *("jan jansen@example.be", "jan@example.be ", "jan@exam\u202eple.be", "j\u0430n@example.be"),
            *("jan@-example.be", "x" * 250 + "@x.be"),
        ],
    ),
    "the template code": (
        ["SALDO", "SALDO.MAIL-1"],
        ["", " ", "SAL DO", "SALDO\n", "../SALDO", "x" * 41, "S\u00c4"],
    ),
    "the login": (["jan", "AN.V@x.example"], ["", "jan jansen", ".jan", "jan.", "x" * 65]),
    "the text": (
        ["Please check.", "x" * 1000],
        ["", " ", "\u00a0", "one\ntwo", "nul\x00", "\ud800", "x" * 1001],
    ),
    "the subject": (["Voicemail K7"], ["", " ", "a\nb", "x" * 201]),
    "the receiver": (["Telefoon"], ["", "\u00a0", "x" * 101]),
    "the attachment's name": (
        ["call-7.wav"],
        ["", "../call.wav", "c:\\call.wav", ".wav", "call\n.wav", "x" * 101],
    ),
    "the attachment's kind": (["wav"], ["", "WAV", ".wav", "wav/x"]),
    "the attachment's comment": (["", "12 seconds"], ["a\nb", "x" * 201, "\ud800"]),
    "the self-service configuration": (["PHONE", "Kopie dossier"], ["", "a b\n", "|"]),
    **dict.fromkeys(
        ("the line id", "the message id", "the document kind", "the questionnaire id", "the question id"),
        (["1", "9" * 20], ["", "x", "1.0", "-1", "9" * 21]),
    ),
    "the answer": (["W1", "x" * 200], ["", " ", "a\nb", "\ud800", "x" * 201]),
    "the code table": (["TQRB", "WL_QRY_FIELD"], ["", "tqrb", "TQRB;", "X" * 41]),
    "the code": (["DAGV", "9" * 19], ["", " ", "a\n", "x" * 41]),
    "the comment": (["", "by phone"], ["a\nb", "x" * 201]),
    "the payment reference": (["K7"], ["", "K-7", "x" * 36]),
    "the return address": (
        ["https://example.be", "https://a.example.be:8443/paid?x=1&y=%20"],
        ["", "http://example.be", "https://", "https://a b", "https://a.be/\n", "https://a.be/<x>"],
    ),
    "the barcode": (["2000000010"], ["", "123", "12a4", "1" * 41]),
    "the VAT number": (["BE 0441.759.675"], ["", " BE", "x" * 21]),
    "the link": (["0123456789abcdef"], ["", "short", "a/b/c/d/e", "x" * 201]),
    "the API key": (["k" * 4096], ["", "with space", "line\r\nX-Evil: 1", "tab\t", "\u00e9", "x" * 4097]),
    "the client id": (["bridge&co"], ["", "i" * 201, "a\nb"]),
    "the client secret": (["s=cret"], [""]),
}


@pytest.mark.parametrize("what", SHAPES)
def test_an_argument_of_another_shape_is_not_sent(what: str):
    """Every good one goes as it is; the error names the argument, and nothing of its value."""
    good, odd = SHAPES[what]
    assert [checked(what, value) for value in good] == good
    for value in (*odd, 12, None):
        with pytest.raises(ValueError, match="cannot be sent") as caught:
            checked(what, value)  # type: ignore[arg-type]  # also what no type allows
        name = what[0].upper() + what[1:]
        assert str(caught.value) == f"{name} cannot be sent to Tagor: check its length and its characters."


ODD = "\n"  # no argument may be a line break


def start(tagor: Tagor, by: Deadline, **changes: Any) -> object:  # noqa: ANN401 - of each argument's type
    asked = {"file": FILE, "amount": Decimal(1), "reference": "K7", "return_url": "https://a.be"} | changes
    file, amount = asked.pop("file"), asked.pop("amount")
    return tagor.payments.start(file, amount, **asked, deadline=by)


def save(tagor: Tagor, by: Deadline, answers: dict[str, str]) -> None:
    tagor.questionnaires.save("1", FILE, PARTY, answers, deadline=by)


ARGUMENTS: list[tuple[str, Callable[[Tagor, Deadline], object]]] = [
    ("phone number", lambda tagor, by: tagor.callers.by_number(ODD, deadline=by)),
    ("file name", lambda tagor, by: tagor.callers.by_pin(ODD, PIN, deadline=by)),
    ("PIN", lambda tagor, by: tagor.callers.by_pin("20230118", ODD, deadline=by)),
    ("reference", lambda tagor, by: tagor.callers.by_reference(ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.callers.by_house_number(ODD, "12", deadline=by)),
    ("house number", lambda tagor, by: tagor.callers.by_house_number(FILE, ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.callers.pin_opens(ODD, PIN, deadline=by)),
    ("PIN", lambda tagor, by: tagor.callers.pin_opens(FILE, ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.files.facts(ODD, PARTY, deadline=by)),
    ("party id", lambda tagor, by: tagor.files.facts(FILE, ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.files.balance(ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.files.running_plan(ODD, deadline=by)),
    (
        "self-service configuration",
        lambda tagor, by: tagor.files.self_service_allowed(FILE, ODD, deadline=by),
    ),
    ("file id", lambda tagor, by: tagor.office.is_open(ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.plans.criteria(ODD, PARTY, deadline=by)),
    ("party id", lambda tagor, by: tagor.plans.criteria(FILE, ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.plans.on_file(ODD, deadline=by)),
    ("phone number", lambda tagor, by: tagor.plans.approve(FILE, "nl", phone=ODD, deadline=by)),
    (
        "mobile number",
        lambda tagor, by: tagor.notifications.send_text(FILE, PARTY, "S", mobile=ODD, deadline=by),
    ),
    (
        "mail address",
        lambda tagor, by: tagor.notifications.send_mail(FILE, PARTY, "S", address=ODD, deadline=by),
    ),
    ("template code", lambda tagor, by: tagor.notifications.send_text(FILE, PARTY, ODD, deadline=by)),
    ("party id", lambda tagor, by: tagor.notifications.contacts(ODD, deadline=by)),
    ("user id", lambda tagor, by: tagor.employees.user(ODD, deadline=by)),
    ("kind of file", lambda tagor, by: tagor.employees.colleagues(kind=ODD, deadline=by)),
    ("party id", lambda tagor, by: tagor.employees.colleagues(party=ODD, deadline=by)),
    ("login", lambda tagor, by: tagor.employees.show_file(ODD, caller=NUMBER, file=FILE, deadline=by)),
    ("phone number", lambda tagor, by: tagor.employees.show_file("jan", caller=ODD, file=FILE, deadline=by)),
    ("text", lambda tagor, by: tagor.notes.create(FILE, ODD, DAY, deadline=by)),
    ("code id", lambda tagor, by: tagor.notes.create(FILE, "x", DAY, kind=ODD, deadline=by)),
    ("code id", lambda tagor, by: tagor.notes.create(FILE, "x", DAY, definition=ODD, deadline=by)),
    ("attachment's name", lambda tagor, by: tagor.documents.add(FILE, replace(WORDS, name=ODD), deadline=by)),
    ("attachment's kind", lambda tagor, by: tagor.documents.add(FILE, replace(WORDS, kind=ODD), deadline=by)),
    (
        "attachment's comment",
        lambda tagor, by: tagor.documents.add(FILE, replace(WORDS, comment=ODD), deadline=by),
    ),
    ("subject", lambda tagor, by: tagor.messages.add(replace(MESSAGE, subject=ODD), deadline=by)),
    ("text", lambda tagor, by: tagor.messages.add(replace(MESSAGE, text=ODD), deadline=by)),
    ("receiver", lambda tagor, by: tagor.messages.add(replace(MESSAGE, receiver=ODD), deadline=by)),
    ("file id", lambda tagor, by: tagor.messages.add(replace(MESSAGE, file=ODD), deadline=by)),
    ("party id", lambda tagor, by: tagor.messages.add(replace(MESSAGE, party=ODD), deadline=by)),
    ("login", lambda tagor, by: tagor.agenda.add(replace(APPOINTMENT, user=ODD), deadline=by)),
    ("subject", lambda tagor, by: tagor.agenda.add(replace(APPOINTMENT, subject=ODD), deadline=by)),
    (
        "moment",
        lambda tagor, by: tagor.agenda.add(replace(APPOINTMENT, at=AT.replace(tzinfo=None)), deadline=by),
    ),
    ("code", lambda tagor, by: tagor.codes.words("TQRB", [ODD], "nl", deadline=by)),
    ("code table", lambda tagor, by: tagor.codes.words(ODD, ["1"], "nl", deadline=by)),
    ("language", lambda tagor, by: tagor.codes.words("TQRB", ["1"], ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.amounts.balances(ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.amounts.lines(ODD, deadline=by)),
    ("line id", lambda tagor, by: tagor.amounts.notes_on_line(ODD, deadline=by)),
    ("line id", lambda tagor, by: tagor.amounts.note_on_line(ODD, "x", DAY, deadline=by)),
    ("code id", lambda tagor, by: tagor.amounts.note_on_line("1", "x", DAY, kind=ODD, deadline=by)),
    ("text", lambda tagor, by: tagor.amounts.note_on_line("1", ODD, DAY, deadline=by)),
    ("file id", lambda tagor, by: tagor.courts.appearances(ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.courts.titles(ODD, deadline=by)),
    ("party id", lambda tagor, by: tagor.parties.files(ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.parties.files_below(ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.parties.on_file(ODD, deadline=by)),
    ("party id", lambda tagor, by: tagor.parties.addresses(ODD, deadline=by)),
    ("party id", lambda tagor, by: tagor.parties.add_contact(ODD, NUMBER, deadline=by)),
    ("mobile number", lambda tagor, by: tagor.parties.add_contact(PARTY, ODD, deadline=by)),
    ("mail address", lambda tagor, by: tagor.parties.add_contact(PARTY, f"a@b{ODD}", deadline=by)),
    ("code id", lambda tagor, by: tagor.parties.add_contact(PARTY, NUMBER, kind=ODD, deadline=by)),
    ("comment", lambda tagor, by: tagor.parties.add_contact(PARTY, NUMBER, comment=ODD, deadline=by)),
    ("file id", lambda tagor, by: start(tagor, by, file=ODD)),
    ("amount", lambda tagor, by: start(tagor, by, amount=Decimal("0.001"))),
    ("payment reference", lambda tagor, by: start(tagor, by, reference=ODD)),
    ("return address", lambda tagor, by: start(tagor, by, return_url=ODD)),
    ("file id", lambda tagor, by: tagor.payments.received(ODD, PARTY, Decimal(1), deadline=by)),
    ("party id", lambda tagor, by: tagor.payments.received(FILE, ODD, Decimal(1), deadline=by)),
    ("amount", lambda tagor, by: tagor.payments.received(FILE, PARTY, Decimal(0), deadline=by)),
    ("barcode", lambda tagor, by: tagor.payments.scan(ODD, deadline=by)),
    ("file name", lambda tagor, by: tagor.links.send(ODD, vat="BE1", mail_code="L", deadline=by)),
    ("VAT number", lambda tagor, by: tagor.links.send("2023", vat=ODD, mail_code="L", deadline=by)),
    ("template code", lambda tagor, by: tagor.links.send("2023", vat="BE1", mail_code=ODD, deadline=by)),
    ("template code", lambda tagor, by: tagor.links.send("2023", born=DAY, text_code=ODD, deadline=by)),
    ("link", lambda tagor, by: tagor.links.open(ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.documents.order(ODD, PARTY, "1", deadline=by)),
    ("party id", lambda tagor, by: tagor.documents.order(FILE, ODD, "1", deadline=by)),
    ("document kind", lambda tagor, by: tagor.documents.order(FILE, PARTY, ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.documents.debt(ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.messages.unread(ODD, PARTY, deadline=by)),
    ("party id", lambda tagor, by: tagor.messages.unread(FILE, ODD, deadline=by)),
    ("message id", lambda tagor, by: tagor.messages.message(ODD, deadline=by)),
    ("message id", lambda tagor, by: tagor.messages.mark_read(ODD, deadline=by)),
    ("file id", lambda tagor, by: tagor.plans.steps(ODD, deadline=by)),
    ("kind of file", lambda tagor, by: tagor.questionnaires.known(ODD, deadline=by)),
    ("questionnaire id", lambda tagor, by: tagor.questionnaires.questions(ODD, FILE, PARTY, deadline=by)),
    ("file id", lambda tagor, by: tagor.questionnaires.questions("1", ODD, PARTY, deadline=by)),
    ("party id", lambda tagor, by: tagor.questionnaires.questions("1", FILE, ODD, deadline=by)),
    ("question id", lambda tagor, by: save(tagor, by, {ODD: "W1"})),
    ("answer", lambda tagor, by: save(tagor, by, {"560": ODD})),
    ("link", lambda tagor, by: tagor.links.send("2023", text_code="L", deadline=by)),
    ("link", lambda tagor, by: tagor.links.send("2023", born=DAY, deadline=by)),
    ("file name", lambda *_: FilePin(ODD, PIN)),
    ("PIN", lambda *_: FilePin("20230118", ODD)),
    ("API key", lambda *_: ApiKey(ODD)),
    ("client id", lambda *_: ClientLogin(ODD, "s")),
    ("client secret", lambda *_: ClientLogin("i", "")),
]


def test_every_argument_of_every_question_is_checked(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Whatever a caller's keys or an earlier answer bring in, nothing odd leaves the bridge."""
    for what, ask in ARGUMENTS:
        with pytest.raises(ValueError, match=f"^The {what} cannot be sent to Tagor"):
            ask(tagor, by)
    assert server.connections == 0


def test_an_error_names_the_operation_and_what_to_do():
    """The text is a sentence an operator can act on, and can be logged as it is."""
    assert str(TagorInvalidResponse("Config/Ping", "check it.")) == "Config/Ping: check it."
    assert TagorUnreachable("Config/Ping", "ask again.").sent
    assert not TagorUnreachable("Config/Ping", "ask again.", sent=False).sent
