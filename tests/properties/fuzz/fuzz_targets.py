"""Six parsers under fire: each makes an input from a seed, and judges what its parser makes of it.

A target gives True for a typed result and False for a typed refusal; whatever it raises is a find.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from fuzz_mutation import HOT, mutated

from bridge.flow.inbound import Dialled, Keys, Recorded, RedirectReturned, Ring, Silence, Words
from bridge.office.reading import OfficeError, read_offices
from bridge.speech.dates import say_date
from bridge.speech.languages import LANGUAGES
from bridge.speech.numbers import say_amount
from bridge.tagor import TagorError, login
from bridge.tagor import operations as tagor_operations
from bridge.tagor.schema.answer import Reply
from bridge.tagor.schema.fields import MAX_MONEY, MAX_SPOKEN, clean_text, read_date, read_moment, read_money
from bridge.tagor.schema.operation import Operation
from bridge.telephony import webhook_events
from bridge.telephony.document import clean
from bridge.telephony.providers import TWILIO
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.webhook_verifier import FormReader, parse_form

if TYPE_CHECKING:
    from bridge.office.model import Office
    from bridge.problem import Problem

Fuzz = Callable[[Random], bool]

ACCOUNT = "AC" + "0a" * 16
EVENTS = (Dialled, Keys, RedirectReturned, Recorded, Ring, Silence, Words)
QUOTELESS = 200
"""Characters of an error that has no room for what it is about."""
TODAY = date(2026, 3, 4)
UNSPEAKABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}

_FORM_READER = FormReader(ACCOUNT, TWILIO.call_id, TWILIO.recording_id)
_FORM = {
    "AccountSid": ACCOUNT,
    "ApiVersion": "2010-04-01",
    "CallSid": "CA" + "1b" * 16,
    "CallStatus": "in-progress",
    "Direction": "inbound",
    "From": "+32470000001",
    "To": "+3225550101",
}
_SOMETIMES = {
    "Digits": "482193",
    "FinishedOnKey": "#",
    "SpeechResult": "één vraag over mijn saldo",
    "Confidence": "0.91",
    "DialCallStatus": "no-answer",
    "DialBridged": "false",
    "RecordingSid": "RE" + "2c" * 16,
    "RecordingDuration": "12",
    "CallDuration": "61",
    "ErrorCode": "11200",
    "CalledCity": "BRUSSELS",
}


def fuzz_form(rng: Random) -> bool:
    """A webhook's body becomes an event of a call, or is refused."""
    body = urlencode(_FORM | dict(rng.sample(sorted(_SOMETIMES.items()), rng.randint(0, 5))))
    if rng.random() < 0.5:
        name = rng.choice(sorted(_FORM | _SOMETIMES))
        body += f"&{name}={quote(mutated(_SOMETIMES.get(name, '1'), rng), errors='surrogatepass')}"
    else:
        body = mutated(body, rng, [*_FORM, *_SOMETIMES])
    try:
        fields = _FORM_READER.read("/voice/turn/1", parse_form(_bytes(body)), needs_call=True)
    except WebhookRejected:
        return False
    fallback = webhook_events.fallback(fields, "https://bridge.example.be")
    assert re.fullmatch(r"[0-9]{0,6}", fallback.error_code)
    for heard in (fallback.ring, webhook_events.turn(fields, 1)):
        assert isinstance(heard.event, EVENTS)
        assert TWILIO.call_id.fullmatch(heard.call)
        keys = heard.event.keys if isinstance(heard.event, Keys) else ""
        assert re.fullmatch(r"[0-9*#A-D]{0,32}", keys)
    return True


_SUBJECTS = [
    import_module(f"{tagor_operations.__name__}.{subject.name}")
    for subject in iter_modules(tagor_operations.__path__)
]
_OPERATIONS: list[Operation[Any]] = [
    one for subject in (login, *_SUBJECTS) for one in vars(subject).values() if isinstance(one, Operation)
]
_VALUES: list[object] = [
    *(True, False, None, 0, 1, -1, 9000000000000000001, 12.5, "", "0", "true", "12,50", "2026-03-01"),
    *("V", "Dut", "SMS", "9000000000000000001", [], {}, [{}], [None], "x" * 300, "\u202e", "\x00", "3600"),
]
_NAMES = sorted(
    set(
        re.findall(
            r'"([A-Za-z][A-Za-z0-9_-]{2,40})"',
            "".join(Path(str(room.__file__)).read_text(encoding="utf-8") for room in _SUBJECTS),
        )
    )
)


def _value(rng: Random, depth: int = 0) -> object:
    kind = rng.random()
    if depth > 3 or kind < 0.7:
        return rng.choice(_VALUES)
    if kind < 0.85:
        return [_value(rng, depth + 1) for _ in range(rng.randrange(3))]
    return {rng.choice(_NAMES): _value(rng, depth + 1) for _ in range(rng.randrange(4))}


def fuzz_json(rng: Random) -> bool:
    """An answer of Tagor's becomes what its question asks for, or one of three errors that quote nothing."""
    operation = rng.choice(_OPERATIONS)
    content = {name: _value(rng) for name in rng.sample(_NAMES, rng.randint(0, 12))}
    content |= {} if rng.random() < 0.2 else {"Success": rng.choice((True, True, True, False, None, "true"))}
    body = json.dumps({rng.choice(("response", "response", "request", "x")): content})
    if rng.random() < 0.5:
        body = mutated(body, rng, _NAMES)
    refusal: TagorError | None = None
    try:
        operation.answer(Reply(operation.path, rng.choice((200, 200, 200, 401, 500)), _bytes(body)))
    except TagorError as error:
        refusal = error
    assert refusal is None or (len(str(refusal)) < QUOTELESS and refusal.operation == operation.path)
    assert refusal is None or refusal.__cause__ is None
    return refusal is None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _amount(rng: Random) -> object:
    number = f"{rng.choice(('', '', '-'))}{rng.randrange(10 ** rng.randint(1, 12))}"
    number += rng.choice(("", ".", ",")) + str(rng.randrange(10 ** rng.randint(1, 4)))
    text = mutated(number, rng) if rng.random() < 0.5 else number
    match rng.randrange(4):
        case 0:
            return rng.choice((*_VALUES, int(re.sub(r"[^0-9]", "", number))))
        case 1:
            with suppress(TagorError):
                body = _bytes(f'{{"response":{{"amount":{text}}}}}')
                return Reply("any", 200, body).content().get("amount")
    return text


def fuzz_money(rng: Random) -> bool:
    """An amount is whole cents within ten million euro, and can be said in four languages; or is none."""
    value = _amount(rng)
    try:
        amount = read_money(value)
    except ValueError:
        return False
    assert amount.as_tuple().exponent == -2
    assert abs(amount) <= MAX_MONEY
    assert not (amount == 0 and amount.is_signed())
    euros, cents = divmod(int(abs(amount) * 100), 100)
    meant = [euros] * bool(euros or not cents) + [cents] * bool(cents)
    for language in LANGUAGES:
        figures = re.findall(r"[0-9]+", say_amount(abs(amount), language))
        assert [int(figure) for figure in figures] == meant, (amount, language)
    return True


def moment_day(value: object) -> str:
    """The day of a moment by the office's clocks, "" for what is no moment."""
    with suppress(ValueError):
        moment = read_moment(value)
        return moment.date().isoformat() if moment else ""
    return ""


def fuzz_date(rng: Random) -> bool:
    """A day and a moment exist in the calendar, and can be said; or are none."""
    text = f"{rng.randrange(10_000):04d}-{rng.randrange(14):02d}-{rng.randrange(33):02d}"
    text += rng.choice(("", "T10:30:00", "T23:59:60", "T00:00:00.5", "T12:00:00+14:00", "T12:00:00Z"))
    value = mutated(text, rng) if rng.random() < 0.5 else text
    taken = False
    with suppress(ValueError):
        moment = read_moment(value)
        assert moment is None or moment.tzinfo is not None
        taken = True
    with suppress(ValueError):
        day = read_date(value)
        assert day is None or day.isoformat() in {str(value).strip()[:10], moment_day(value)}
        taken = True
        for language in LANGUAGES if day else ():
            assert say_date(day, language, TODAY)
    return taken


def fuzz_text(rng: Random) -> bool:
    """A text is cleaned once and for all, can be spoken, and stands in XML."""
    text = mutated("Bakkerij 't Hoekje & Co " * rng.randint(0, 12), rng, HOT)
    if rng.random() < 0.3:
        text = "".join(chr(rng.randrange(0x11_0000)) for _ in range(rng.randrange(40)))
    cleaned = clean_text(text)
    assert len(cleaned) <= MAX_SPOKEN
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not UNSPEAKABLE & {unicodedata.category(sign) for sign in cleaned}
    spoken = clean(text)
    assert ET.fromstring(f"<Say>{escape(spoken)}</Say>").text in (spoken, None)  # noqa: S314 - our own
    return bool(cleaned)


_DEMO = (Path(__file__).parents[3] / "offices" / "demo.toml").read_text(encoding="utf-8")
_LINES = [line for line in _DEMO.splitlines() if line and not line.startswith("#")]


def fuzz_office(rng: Random) -> bool:
    """An office file becomes an office that dials nobody dear, or sentences that begin with file and line."""
    lines = list(_LINES)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(lines))
        lines[at] = rng.choice((mutated(lines[at], rng), rng.choice(lines), ""))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "demo.toml"
        file.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
        problems: tuple[Problem, ...] = ()
        offices: Iterable[Office] = ()
        try:
            offices = read_offices(file.parent, {"TAGOR_KEY": "k"}, demo=True, services=("balance",))
        except OfficeError as error:
            problems = error.problems
    assert all(str(problem).startswith(folder) for problem in problems)
    for found in offices:
        assert all(re.fullmatch(r"\+[1-9][0-9]{6,14}", number) for number in found.may_dial)
        assert not any(number.startswith(("+3290", "+3270")) for number in found.may_dial)
    return not problems


TARGETS: dict[str, Fuzz] = {
    "webhook form": fuzz_form,
    "Tagor JSON": fuzz_json,
    "money": fuzz_money,
    "date": fuzz_date,
    "text": fuzz_text,
    "office file": fuzz_office,
}
