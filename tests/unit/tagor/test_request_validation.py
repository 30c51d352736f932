"""What the bridge shows and sends: of the right shape, and never repeated in an error or a printed object."""

from collections.abc import Callable

import pytest
from tagor_questions import FILE, PARTY, PIN

from bridge.tagor import ApiKey, ClientLogin, Deadline, FilePin, Tagor, TagorInvalidResponse, TagorUnreachable
from bridge.tagor.http.auth import TokenResponse
from bridge.tagor.http.response import Reply


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


@pytest.mark.parametrize("key", ["", "with space", "line\r\nX-Evil: 1", "tab\t", "\u00e9", "x" * 4097])
def test_a_key_that_cannot_stand_in_a_header_is_refused(key: str):
    """It would be sent as something else, or as a second header."""
    with pytest.raises(ValueError, match=r"^The API key cannot be sent to Tagor"):
        ApiKey(key)


@pytest.mark.parametrize(("client_id", "secret"), [("", "s"), ("i", ""), ("i" * 201, "s"), ("a\nb", "s")])
def test_a_login_without_id_or_secret_is_refused(client_id: str, secret: str):
    """A setting that was forgotten shows at the start."""
    with pytest.raises(ValueError, match=r"^The client (id|secret) cannot be sent"):
        ClientLogin(client_id, secret)


@pytest.mark.parametrize(
    ("file", "pin"),
    [
        ("", "482193"),
        ("2023:0118", "482193"),
        ("2023|1", "482193"),
        ("20230118\r\n", "482193"),
        ("\u0662023", "482193"),
        ("x" * 41, "482193"),
        ("-1", "482193"),
        ("20230118", ""),
        ("20230118", "12"),
        ("20230118", "48:193"),
        ("20230118", "482193\n"),
        ("20230118", "\u0664\u0668\u0662"),
        ("20230118", "4" * 13),
    ],
)
def test_a_file_and_pin_tagor_would_read_otherwise_are_refused(file: str, pin: str):
    """A colon inside would move the border between file and PIN."""
    with pytest.raises(ValueError, match=r"^The (file name|PIN) cannot be sent to Tagor") as caught:
        FilePin(file, pin)
    assert not [value for value in (file, pin) if value and value in str(caught.value)]


ODD = ["", " ", "?", "1|2", "1:2", "1\r\n", "1.0", "-1", "\u0661", "9" * 41, 12, None]
"""No id, no number, no reference looks like this; some of it looks like two of them."""


@pytest.mark.parametrize(
    ("what", "ask"),
    [
        ("phone number", lambda tagor, odd, by: tagor.callers.by_number(odd, deadline=by)),
        ("file name", lambda tagor, odd, by: tagor.callers.by_pin(odd, PIN, deadline=by)),
        ("PIN", lambda tagor, odd, by: tagor.callers.by_pin("20230118", odd, deadline=by)),
        ("reference", lambda tagor, odd, by: tagor.callers.by_reference(odd, deadline=by)),
        ("file id", lambda tagor, odd, by: tagor.callers.by_house_number(odd, "12", deadline=by)),
        ("house number", lambda tagor, odd, by: tagor.callers.by_house_number(FILE, odd, deadline=by)),
        ("file id", lambda tagor, odd, by: tagor.callers.pin_opens(odd, PIN, deadline=by)),
        ("PIN", lambda tagor, odd, by: tagor.callers.pin_opens(FILE, odd, deadline=by)),
        ("file id", lambda tagor, odd, by: tagor.files.facts(odd, PARTY, deadline=by)),
        ("party id", lambda tagor, odd, by: tagor.files.facts(FILE, odd, deadline=by)),
        ("file id", lambda tagor, odd, by: tagor.files.balance(odd, deadline=by)),
        ("file id", lambda tagor, odd, by: tagor.files.running_plan(odd, deadline=by)),
    ],
)
def test_what_has_another_shape_is_never_sent(
    what: str, ask: Callable[[Tagor, object, Deadline], object], *, tagor: Tagor, by: Deadline
):
    """The error names the argument, and nothing of its value."""
    for odd in ODD:
        if (what, odd) in (("file name", "1.0"), ("reference", "1.0"), ("party id", None)):
            continue  # a name may have dots, and not every proof names a party
        with pytest.raises(ValueError, match="cannot be sent to Tagor") as caught:
            ask(tagor, odd, by)
        assert (
            str(caught.value) == f"The {what} cannot be sent to Tagor: check its length and its characters."
        )


@pytest.mark.parametrize(
    "number", ["0470000001", "+0470000001", "+32", "anonymous", "+266696687@x", "+3247000000111111"]
)
def test_only_an_international_number_is_looked_up(tagor: Tagor, by: Deadline, number: str):
    """A withheld number is nobody's."""
    with pytest.raises(ValueError, match="phone number"):
        tagor.callers.by_number(number, deadline=by)


def test_an_odd_file_is_not_asked_for_opening_hours(tagor: Tagor, by: Deadline):
    """No file is one thing, an odd one another."""
    for odd in ("", "1|2"):
        with pytest.raises(ValueError, match="file id"):
            tagor.office.is_open(odd, deadline=by)


def test_an_error_names_the_operation_and_what_to_do():
    """The text is a sentence an operator can act on, and can be logged as it is."""
    assert str(TagorInvalidResponse("Config/Ping", "check it.")) == "Config/Ping: check it."
    assert TagorUnreachable("Config/Ping", "ask again.").sent
    assert not TagorUnreachable("Config/Ping", "ask again.", sent=False).sent
