"""What the bridge shows and sends: of the right shape, and never repeated in an error or a printed object."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

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
from bridge.tagor.http.response import Reply
from bridge.tagor.schema.request_validation import checked

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
